"""A path as people type it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.files.paths import typed_path


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/data/set", "/data/set"),
        ("  /data/set \n", "/data/set"),
        ('"/data/my set"', "/data/my set"),
        ("'/data/my set'", "/data/my set"),
        ('  " C:\\films\\x "  ', "C:\\films\\x"),
        ("“/data/set”", "/data/set"),
        ("„/data/set“", "/data/set"),
        ("«/data/set»", "/data/set"),
        ("\u202a/data/set\u202c", "/data/set"),
        ("\ufeff/data/set", "/data/set"),
        ("\u00a0/data/set\u00a0", "/data/set"),
        ("file:///data/my%20set", "/data/my set"),
        ("file://localhost/data/set", "/data/set"),
        ('"file:///data/set"', "/data/set"),
        ("FILE:///data/set", "/data/set"),
        ("~/set", str(Path.home() / "set")),
        ("~nobody-of-this-name/set", "~nobody-of-this-name/set"),
        ("it's here", "it's here"),
        ("'a' and 'b", "'a' and 'b"),
    ],
)
def test_what_is_meant(text, meant):
    assert typed_path(text) == Path(meant)
    if "localhost" not in text:
        assert typed_path(Path(text)) == Path(meant), "also where a library made a path of it first"


@pytest.mark.parametrize("text", ["", "  ", '""', "' '", "\ufeff"])
def test_no_path_is_said(text):
    with pytest.raises(InputError, match="There is no path in"):
        typed_path(text)


def test_a_null_character_is_said():
    with pytest.raises(InputError, match="null character"):
        typed_path("a\0b")


def test_a_file_that_is_really_called_so_is_taken_as_it_is(tmp_path):
    odd = tmp_path / "'odd' "
    odd.write_text("")
    assert typed_path(odd) == odd == typed_path(f' "{odd}"')


@given(
    st.from_regex(r"/nowhere/[\w.\-]([\w. '\-]*[\w.\-])?", fullmatch=True),
    st.lists(st.sampled_from(["  {}", "{}\n", '"{}"', "'{}'", "“{}”", "\t{} ", "\u200b{}"]), max_size=4),
)
def test_whatever_stands_around_a_path_it_is_found(path, wraps):
    text = path
    for wrap in wraps:
        text = wrap.format(text)
    assert typed_path(text) == Path(path)

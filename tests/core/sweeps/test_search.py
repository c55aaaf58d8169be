"""The journal of a sweep's search, as an earlier call or a stranger left it."""

import os

import pytest

from core.errors import InputError
from core.sweeps.cells import groups_of
from core.sweeps.search import JOURNAL, Search
from core.sweeps.spec import make_spec

pytest.importorskip("optuna")
SPEC = make_spec({"systems": ["lens_small"], "settings": {"zoom": {"low": 0.01, "high": 0.1}}, "trials": 3})


@pytest.fixture
def journal(tmp_path):
    """One in which one training was drawn."""
    assert Search(tmp_path, SPEC).draw(*groups_of(SPEC)).trial == 0
    return tmp_path / JOURNAL


def test_a_line_that_was_being_written_when_the_process_was_killed_is_taken_away(journal):
    whole = journal.read_bytes()
    for left in (b"{", b'{"op_code": 4, "worker', whole.splitlines()[-1][:-1]):
        journal.write_bytes(whole + left)
        Search(journal.parent, SPEC)
        assert journal.read_bytes() == whole
    assert Search(journal.parent, SPEC).draw(*groups_of(SPEC)).trial == 1
    assert Search(journal.parent, SPEC).draw(*groups_of(SPEC)).trial == 2, "what was written after it can be read"


BROKEN = [b"\xff\0\n", b"x\n", b"[]\n", b"null\n", b'{"op_code": 99}\n', b'{"op_code": 0}\n', b"[" * 100_000 + b"\n"]


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_journal_is_named(journal, content):
    journal.write_bytes(content)
    with pytest.raises(InputError, match=r"search\.journal in .* is broken; give the sweep another name"):
        Search(journal.parent, SPEC)


def test_a_pipe_in_its_place_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / JOURNAL)
    with pytest.raises(InputError, match="is broken"):
        Search(tmp_path, SPEC)

"""Name, note, baseline and archive are kept beside a run, whatever lies there already."""

from __future__ import annotations

import pytest

from core.errors import InputError
from core.runs.identity import About, read_about, write_about
from core.runs.identity.about import pin_baseline


def test_what_is_written_is_read_and_the_rest_kept(scored_run):
    run = scored_run()
    assert read_about(run) == About()
    write_about(run, name="First", note="one\ntwo")
    write_about(run, archived=True)
    assert read_about(run) == About("First", "one\ntwo", archived=True)
    assert read_about(run).name == "First" and write_about(run, name="").name == ""


@pytest.mark.parametrize("content", ["", "[]", "{", '{"name": 3, "archived": "yes"}', "\x00", '{"note": null}', "[" * 5000])
def test_what_cannot_be_read_is_nothing(scored_run, content):
    run = scored_run()
    (run.path / "about.json").write_text(content)
    assert read_about(run) == About()
    assert write_about(run, name="Again").name == "Again"


def test_limits(scored_run):
    run = scored_run()
    with pytest.raises(InputError, match="A name may have at most 80 characters; received 81"):
        write_about(run, name="n" * 81)
    with pytest.raises(InputError, match="A note may have at most 2,000 characters"):
        write_about(run, note="n" * 2001)
    assert write_about(run, name="a\u202eb\x07c").name == "a b c" and write_about(run, note="x\ny\x00").note == "x\ny"


def test_one_baseline(scored_run):
    runs = [scored_run() for _ in range(3)]
    pin_baseline(runs[0], runs)
    pin_baseline(runs[2], runs)
    assert [read_about(run).baseline for run in runs] == [False, False, True]
    pin_baseline(None, runs)
    assert not any(read_about(run).baseline for run in runs)

from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from core.audit.label_errors import as_csv, held_out, put_tag, read_tags, review_table, suspects, undo_tag
from core.audit.label_errors.tags import Tag, tag_of, tags_path
from core.errors import InputError


def test_a_tag_stays_and_is_taken_back():
    said = tag_of("wrong label", "looks  clear\n")
    assert (said.tag, said.note) == ("wrong label", "looks clear")
    assert put_tag("f", "a.png", said) is None and read_tags("f") == {"a.png": said}
    later = tag_of("right")
    assert put_tag("f", "a.png", later) == said
    assert undo_tag("f", "a.png", later, said) and read_tags("f") == {"a.png": said}
    assert undo_tag("f", "a.png", said, None) and read_tags("f") == {}
    assert read_tags("another") == {}


def test_undo_leaves_what_another_session_said_since():
    mine, theirs = tag_of("right"), tag_of("unusable", "cut off")
    put_tag("f", "a.png", mine)
    put_tag("f", "a.png", theirs)
    assert not undo_tag("f", "a.png", mine, None)
    assert read_tags("f") == {"a.png": theirs}


def test_sessions_that_write_at_once_lose_nothing():
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: put_tag("f", f"{number}.png", tag_of("right", str(number))), range(40)))
    assert {name: said.note for name, said in read_tags("f").items()} == {f"{number}.png": str(number) for number in range(40)}


@pytest.mark.parametrize("content", ["", "[]", '{"tags": []}', '{"tags": {"a": 1}}', '{"tags": {"a": {"tag": "right"}}}', "\x00" * 9])
def test_a_broken_review_is_named_and_never_written_over(content):
    tags_path("f").write_text(content)
    for act in (lambda: read_tags("f"), lambda: put_tag("f", "a.png", tag_of("right"))):
        with pytest.raises(InputError, match="move that file away"):
            act()
    assert tags_path("f").read_text() == content


def test_notes_are_one_line_of_bounded_length_and_tags_are_known():
    assert tag_of("", "a\x00b\u202ec\n" + "x" * 1000).note == ("a b c " + "x" * 1000)[:500]
    assert tag_of("", "  \n ") is None and tag_of("", "only a note").tag == ""
    with pytest.raises(InputError, match="right, wrong label, unusable"):
        tag_of("maybe")


def test_the_review_as_csv_holds_suspects_then_other_tags_and_no_formula(scored_run, labelled):
    run = scored_run(skill=3.5)
    ids = run.predictions["sample_id"].tolist()
    dataset = labelled(run, ids[:2])
    found = suspects(dataset, held_out(dataset, [run]))
    trusted = next(name for name in reversed(ids) if name not in set(found.table["sample_id"]))
    tags = {trusted: Tag("right", '=HYPERLINK("x")', "2026-01-01T00:00:00+00:00"), "gone.png": Tag("right", "", "")}
    table = review_table(dataset, found, tags)
    assert table["sample_id"].tolist() == [*found.table["sample_id"], trusted]
    assert table.iloc[-1][["tag", "note"]].tolist() == ["right", '=HYPERLINK("x")'] and pd.isna(table.iloc[-1]["votes"])
    text = as_csv(table)
    assert "'=HYPERLINK" in text and text.splitlines()[0].startswith("sample_id,split,label,suggested,votes")
    assert review_table(dataset, None, {}).empty


@pytest.mark.parametrize("cell", ["=1+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1"])
def test_every_beginning_of_a_formula_is_defused(cell):
    first = pd.read_csv(
        pd.io.common.StringIO(as_csv(pd.DataFrame({"note": [cell, "fine"], "n": [-1, 2]}))), keep_default_na=False, lineterminator="\n"
    )
    assert first["note"][0].startswith("'") and first["note"][1] == "fine" and first["n"].tolist() == [-1, 2]

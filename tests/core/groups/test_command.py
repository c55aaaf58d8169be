"""``python -m core groups``: the JSON of the interface, a readable table, and what is refused."""

from __future__ import annotations

import json
import sys

import pandas as pd
import pytest

from core.__main__ import main


@pytest.fixture
def call(monkeypatch, capsys):
    """Run the command in this process: exit code, standard output and standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["core", "groups", *map(str, arguments)])
        code = main()
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_the_json_is_that_of_the_interface(plain_phantoms, call):
    code, out, _ = call(plain_phantoms, "--json")
    answer = json.loads(out)
    assert code == 0 and {"groups", "cramers_v", "auc", "k", "seconds"} <= set(answer)
    assert len(answer["groups"]) == answer["k"] and 0 <= answer["cramers_v"] <= 1 and 0 <= answer["auc"] <= 1
    assert sum(group["n"] for group in answer["groups"]) == 120
    for group in answer["groups"]:
        assert {"id", "name", "n", "shares", "apart"} <= set(group) and group["apart"][0].endswith(".")
        assert set(group["shares"]) <= {"train", "test"}
        assert all(sum(share.values()) == pytest.approx(1) for share in group["shares"].values())
        assert sum(sum(counts.values()) for counts in group["counts"].values()) == group["n"]


def test_without_json_it_is_read_as_text(plain_phantoms, call, undefined_words):
    code, out, _ = call(plain_phantoms, "--by", "brightness", "--k", 3)
    assert code == 0 and "Brightness (mean grey level): 3 groups" in out and "% NORMAL of" in out and "Cramér's V" in out
    assert "AUC of the group alone for the class of unseen patients: " in out and "; below 0.5 is chance too" in out
    assert not undefined_words(out) and "{" not in out
    assert "train, validation included" in out and "will hold out for validation" in out


def test_of_few_images_their_number_stands_in_the_place_of_a_share(lay, call):
    root = lay(*(f"train/{name}/{i}.png" for i in range(6) for name in ("NORMAL", "PNEUMONIA")))
    code, out, _ = call(root, "--by", "size")
    assert code == 0 and "6 NORMAL of 12" not in out and "50.0 % NORMAL of 12" in out
    root = lay("test/NORMAL/a.png", "test/PNEUMONIA/b.png", "test/PNEUMONIA/c.png")
    assert "1 NORMAL of 3" in call(root, "--by", "size")[1]


def test_one_class_says_what_cannot_be_said(lay, call, undefined_words):
    root = lay(*(f"train/NORMAL/IM-{i:04d}-0001.png" for i in range(6)))
    code, out, _ = call(root, "--by", "series", "--json")
    answer = json.loads(out)
    assert code == 0 and answer["cramers_v"] is None and answer["auc"] is None
    assert answer["groups"][0]["apart"] == ["There is no other group to compare it with."] and answer["k"] == 1
    assert any("one class" in note for note in answer["notes"]) and not undefined_words(call(root, "--by", "series")[1])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--by", "hospital"], "nothing called 'hospital'"),
        (["--k", "1"], "ask for 2 to 20"),
        (["--by", "note"], "no two images share one"),
        (["--by", "empty"], "not known of any image"),
        ([], "neither pixels nor measured facts"),
    ],
)
def test_what_is_refused_is_one_line(tmp_path, call, arguments, words):
    rows = {"sample_id": [f"f{i}.png" for i in range(30)], "class_name": ["NORMAL", "PNEUMONIA"] * 15}
    table = tmp_path / "t.csv"
    pd.DataFrame(rows | {"note": [f"n{i}" for i in range(30)], "empty": [""] * 30}).to_csv(table, index=False)
    code, out, errors = call(table, *arguments)
    assert code == 2 and not out and errors.splitlines()[-1].startswith("error: ") and words in errors


def test_a_number_of_groups_that_cannot_be_is_not_passed_over(plain_phantoms, call):
    code, out, _ = call(plain_phantoms, "--by", "subtype", "--k", 7, "--json")
    notes = " ".join(json.loads(out)["notes"])
    assert code == 0 and "7 groups were asked for, but there are" in notes


def test_the_groups_of_one_class_are_in_no_order(lay, call):
    root = lay(*(f"train/NORMAL/{name}-{i:04d}-0001.png" for i in range(6) for name in ("IM", "NORMAL2-IM")))
    assert "File-name series: 2 groups." in call(root, "--by", "series")[1]

"""What a command prints: strict JSON, and for a reader no word that only a machine understands."""

from __future__ import annotations

import json
from pathlib import Path

import click
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from core.cli.output import reports
from core.cli.predict import _text as text_of_films
from core.cli.tables import WIDTH

NAN = float("nan")
ODD = {
    "n": np.int64(4),
    "value": np.float32(NAN),
    "share": np.float64(32.5),
    "cost": float("inf"),
    "nothing": None,
    "missing": pd.NA,
    "when": pd.NaT,
    "path": Path("a/b"),
    "pair": (1, np.float32(0.5)),
    "matrix": np.array([[1, 0], [0, 2]]),
    "scores": np.array([0.5, NAN]),
    "flag": np.bool_(True),
    "estimate": {"value": 1.0, "low": NAN, "high": None, "n_samples": 4},
    "metrics": {
        "roc_auc": {"value": NAN, "low": NAN, "high": NAN, "n_samples": 4},
        "f1": {"value": 0.5, "low": 0.1, "high": 0.9, "n_samples": 4},
    },
    "runs": [{"run": "a", "threshold": None, "metrics": {}}, {"run": "b", "threshold": None, "metrics": {"f1": NAN}}],
    "notes": ["Not defined: sensitivity."],
}


def printed(answer: dict, *arguments: str) -> str:
    """The standard output of a command that answers this."""

    @click.command()
    @reports
    def command() -> dict:
        return answer

    found = CliRunner().invoke(command, arguments)
    assert found.exit_code == 0, found.exception
    return found.output


def test_json_is_strict_whatever_stands_in_the_answer():
    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    found = json.loads(printed(ODD, "--json"), parse_constant=refuse)
    assert [found[key] for key in ("n", "value", "share", "cost", "missing", "when", "path")] == [4, None, 32.5, None, None, None, "a/b"]
    assert (found["pair"], found["matrix"], found["scores"], found["flag"]) == ([1, 0.5], [[1, 0], [0, 2]], [0.5, None], True)
    assert found["metrics"]["roc_auc"] == {"value": None, "low": None, "high": None, "n_samples": 4}


def test_a_reader_sees_dashes_and_sentences(undefined_words):
    text = printed(ODD)
    assert not undefined_words(text), text
    assert "estimate: 1.000 (–)" in text and "value: –" not in text, "a figure alone that is not known is left out"
    assert "matrix: 1, 0; 0, 2" in text and "share: 32.5" in text and "\nNot defined: sensitivity." in text


@pytest.mark.parametrize("value", [NAN, None, np.float32(NAN), pd.NA])
def test_a_column_without_a_figure_is_dashes(undefined_words, value):
    text = printed({"runs": [{"run": "a", "p_value": value}, {"run": "b", "p_value": value}]})
    assert not undefined_words(text) and text.count("–") == 2


def test_the_worst_group_of_a_metric_stands_beside_the_metric():
    metrics = {"sensitivity": {"value": 0.902, "low": 0.876, "high": 0.923, "n_samples": 390}}
    worst = {"sensitivity": {"group": 6, "value": 0.5, "low": 0.4, "high": 0.6, "n": 54, "n_groups": 4}}
    text = printed({"runs": [{"run": "a", "metrics": metrics, "worst_group": worst}]})
    assert "0.902 (0.876–0.923)" in text and "worst group, sensitivity" in text
    assert "0.500 (0.400–0.600), group 6, n = 54" in text


LONG = "With every weight random the map has a rank correlation of +0.02 with the real one: it falls apart, as it should."


def test_sentences_of_a_wide_table_stand_beneath_their_rows_and_fit_a_terminal():
    checks = [
        {"key": "stability", "value": 0.94, "passed": True, "sentence": LONG},
        {"key": "agreement", "passed": False, "sentence": "No."},
    ]
    text = printed({"method": "grad_cam", "belief": {"level": "weak", "sentence": LONG * 2, "checks": checks}, "rows": checks})
    assert "{" not in text and max(map(len, text.splitlines())) <= WIDTH
    assert " ".join(text.split()).count(LONG) == 4
    assert text.splitlines()[1:3] == ["belief:", "  level: weak"]


def test_a_wide_table_is_broken_into_several_and_says_what_stands_beneath_its_rows():
    figures = {f"metric_{n}": {"value": 0.5, "low": 0.4, "high": 0.6, "n_samples": 9} for n in range(9)}
    rows = [{"run": f"run-{n}", "seed": n, "name": f"Network {n}. {LONG}", "metrics": figures} for n in range(2)]
    text = printed({"runs": rows, "n": 2})
    first, *others = (block.split("\n") for block in text.strip().split("\n\n"))
    assert [line.split()[0] for line in first[:3]] == ["run", "run-0", "name:"] and first[1].split()[1] == "0"
    assert len(others) == 2 and all([line.split()[0] for line in block[:3]] == ["run", "run-0", "run-1"] for block in others)
    assert max(map(len, text.split("\n"))) <= WIDTH and text.count("0.500 (0.400–0.600)") == 18 and "name: Network 1. With" in text


def test_rows_that_begin_alike_are_numbered_in_a_table_that_is_broken():
    rows = [{"a": "run", **{f"figure number {n}": n / 8 for n in range(9)}} for _ in range(2)]
    blocks = [block.split("\n") for block in printed({"rows": rows}).strip().split("\n\n")]
    assert len(blocks) == 2 and all([line.split()[0] for line in block] == ["#", "1", "2"] for block in blocks)
    assert printed({"rows": [row | {"a": n} for n, row in enumerate(rows)]}).split()[0] == "a"


@pytest.mark.parametrize("line_break", ["\u2028", "\x85", "\x0b", "\x1c", "\n"])
def test_a_name_that_holds_a_line_break_stays_on_its_line(line_break):
    rows = [{"path": f"a{line_break}b.png", "reason": f"No{line_break}image. {LONG}", f"c{line_break}d": n} for n in range(2)]
    text = printed({"unreadable": rows, "counts": {f"t{line_break}u": {f"N{line_break}O": 1}}, f"na{line_break}me": f"e{line_break}f"})
    lines = text.splitlines()
    assert lines == text.rstrip("\n").split("\n")
    assert [line.split() for line in lines if "b.png" in line] == [["a", "b.png", n] for n in "01"]
    assert "    reason: No image. With every" in text and "na me: e f" in text and lines[0].split() == ["path", "c", "d"]


def test_films_are_a_table_with_each_reason_for_doubt_beneath():
    path = "/data/" + 20 * "deep/" + "film.png"
    film = {
        "path": path, "probabilities": {"NORMAL": 0.065, "PNEUMONIA": 0.935}, "threshold": 0.5, "label": "PNEUMONIA", "reliable": False,
        "refused": False, "verdict": "not reliable here",
        "calibrated": {"NORMAL": 0.04, "PNEUMONIA": 0.96}, "doubts": ["Unlike the training films."],
        "interval": {"NORMAL": [0.036, 0.071], "PNEUMONIA": [0.929, 0.964]},
    }  # fmt: skip
    sure = film | {"path": "b.png", "reliable": True, "verdict": "PNEUMONIA", "doubts": []}
    head, first, doubt, would, second, error, _ = text_of_films(
        {"images": [film, sure, {"path": "c.png", "error": "No image."}]}
    ).splitlines()
    assert head.split() == ["image", "verdict", "p(PNEUMONIA)", "range", "threshold", "calibrated"]
    assert first.split() == [f"…{path[-33:]}", "not", "reliable", "here", "0.935", "0.929–0.964", "0.500", "–"]
    assert (doubt.strip(), would.strip()) == ("Unlike the training films.", "Its answer would be PNEUMONIA.")
    assert second.split() == ["b.png", "PNEUMONIA", "0.935", "0.929–0.964", "0.500", "0.960"] and error == "c.png: No image."
    refused = film | {"path": "d.png", "refused": True, "doubts": ["Far outside."]}
    _, told, *why, _ = text_of_films({"images": [refused]}).splitlines()
    assert told.split() == ["d.png", "refused", "–", "–", "0.500", "–"] and "0.9" not in "".join(why)
    assert [line.strip() for line in why] == ["Far outside.", "No score is shown, as it would mean nothing; --json has it."]
    several = film | {
        "threshold": None,
        "probabilities": {"A": 0.2, "B": 0.5, "C": 0.3},
        "label": "B",
        "interval": None,
        "calibrated": None,
    }
    line = text_of_films({"images": [several]}).splitlines()[1]
    assert line.split()[1:] == ["not", "reliable", "here", "0.500", "–", "–", "–"]
    assert max(map(len, [head, first, second])) <= WIDTH

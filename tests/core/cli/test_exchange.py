"""import, report and compare on the command line: JSON keys, exit codes, one `error:` line."""

from __future__ import annotations

import json
import sys

import pandas as pd
import pytest

from core.__main__ import main

PAIR = {"a", "b", "metric", "difference", "low", "high", "p_value", "test"}


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Run a command in this process: exit code, parsed JSON (or None) and standard error."""
    monkeypatch.setenv("PNEUMOLENS_MODELS", str(tmp_path / "models"))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["core", *map(str, arguments)])
        code = main()
        captured = capsys.readouterr()
        return code, json.loads(captured.out) if captured.out.strip() else None, captured.err

    return run


def assert_refused(answer, *words):
    code, output, errors = answer
    lines = [line for line in errors.splitlines() if line.startswith("error:")]
    assert (code, output, len(lines)) == (2, None, 1), errors
    for word in words:
        assert word in lines[0]


@pytest.fixture
def written(scored_run, tmp_path):
    """A run, and its test predictions as somebody else would write them."""
    run = scored_run(n=30)
    table = run.predictions.query("split == 'test'")[["sample_id", "p_PNEUMONIA"]]
    table.to_csv(tmp_path / "theirs.csv", index=False)
    return run, tmp_path / "theirs.csv"


def test_import_then_compare_then_report(call, written, tmp_path):
    run, file = written
    code, answer, _ = call("import", file, "--like", run.path, "--title", "Theirs", "--threshold", "0.4", "--json")
    assert code == 0 and set(answer) == {"run", "title", "n_images", "positive", "metrics", "warnings"}
    assert (
        answer["title"] == "Theirs"
        and answer["n_images"] == 30
        and set(answer["metrics"]["roc_auc"]) == {"value", "low", "high", "n_samples"}
    )
    assert [row["run"] for row in call("runs", "--json")[1]["runs"]] == [answer["run"]]
    pairs = call("compare", run.path, answer["run"], "--threshold", "half", "--json")[1]["pairs"]
    assert all(row["difference"] == pytest.approx(0, abs=1e-6) for row in pairs)
    code, report, _ = call("report", run.path, answer["run"], "--threshold", "half", "--out", tmp_path / "out" / "report.html", "--json")
    assert code == 0 and set(report) == {"path", "runs", "bytes", "left_out"} and report["runs"] == [run.name, answer["run"]]
    assert "[B] Theirs" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_import_is_held_against_the_shipped_index_by_default(call, written):
    assert_refused(call("import", written[1], "--json"), "does not have", "IM-0000-0000.jpeg")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gone.csv"], ["gone.csv"]),
        (["gone.keras"], ["gone.keras"]),
        (["x.csv", "--like", "nobody"], ["nobody"]),
        (["x.csv", "--like", "a", "--data", "b"], ["not both"]),
        (["x.csv", "--threshold", "2"], ["a number from 0 to 1; received '2'"]),
        (["x.csv", "--scale", "9"], ["0-255"]),
    ],
)
def test_import_refuses(call, arguments, words):
    assert_refused(call("import", *arguments), *words)


def test_a_refused_import_leaves_no_run(call, written, tmp_path):
    run, file = written
    file.write_text(file.read_text().replace("IM-0000-0000", "IM-9999-0000"))
    assert_refused(call("import", file, "--like", run.path), "IM-9999-0000")
    assert not list((tmp_path / "models").glob("*"))


def test_a_table_of_other_names_and_signs(call, written):
    run, file = written
    table = (
        pd.read_csv(file).rename(columns={"sample_id": "filename", "p_PNEUMONIA": "prob"}).assign(filename=lambda t: t["filename"].str[5:])
    )
    table.assign(label="?").to_csv(file, sep=";", decimal=",", index=False, encoding="utf-16")
    assert_refused(call("import", file, "--like", run.path), "--column p_PNEUMONIA=prob")
    code, answer, errors = call("import", file, "--like", run.path, "--column", "p_PNEUMONIA=prob", "--threshold", "1.0000001", "--json")
    assert (code, answer["n_images"], answer["warnings"]) == (0, 30, []) and "warning:" not in errors
    assert_refused(call("import", file, "--column", "prob"), "--column takes two names")
    assert_refused(call("import", "gone.keras", "--column", "sample_id=x"), "--column and --class-name go with a table")


def test_odd_scores_are_warned_of(call, written):
    run, file = written
    pd.read_csv(file).assign(p_PNEUMONIA=0.6).to_csv(file, index=False)
    code, answer, errors = call("import", file, "--like", run.path, "--json")
    assert code == 0 and "same scores" in answer["warnings"][0] and f"warning: {answer['warnings'][0]}" in errors.splitlines()


def test_a_table_of_images_of_other_names(call, tmp_path):
    pd.DataFrame({"id": ["a", "b"], "sick": [0, 1]}).to_csv(tmp_path / "list.csv", index=False)
    assert_refused(call("index", tmp_path / "list.csv"), "has the columns id, sick")
    names = ("--column", "sample_id=id", "--column", "class_name=sick", "--class-name", "1=PNEUMONIA", "--class-name", "0=NORMAL")
    assert call("index", tmp_path / "list.csv", *names, "--json")[1]["counts"] == {"train": {"NORMAL": 1, "PNEUMONIA": 1}}
    assert call("audit", tmp_path / "list.csv", *names, "--json")[0] == 0
    assert_refused(call("index", tmp_path, *names), "leave --column and --class-name out")


def test_compare_says_it_in_words_and_corrects_for_several(call, scored_run):
    runs = [scored_run(skill, seed=i) for i, skill in enumerate((0.5, 1.5, 2.5))]
    code, answer, _ = call("compare", *(run.path for run in runs), "--json")
    assert code == 0 and len(answer["pairs"]) == 12 and all(set(row) > PAIR for row in answer["pairs"])
    assert all(row["p_adjusted"] >= row["p_value"] for row in answer["pairs"])
    assert [row["p_delong"] is not None for row in answer["pairs"]] == [row["metric"] == "roc_auc" for row in answer["pairs"]]
    assert [set(row) for row in answer["verdicts"]] == [{"a", "b", "sentence"}] * 3 and answer["notes"] == []
    first = answer["verdicts"][0]
    assert (first["a"], first["b"]) == (runs[0].name, runs[2].name), "the largest difference first"
    called = {row["run"]: row["name"] for row in answer["runs"]}
    assert first["sentence"].startswith(f"{called[runs[2].name]} finds") and first["sentence"].endswith("Corrected for 3 comparisons.")
    for row in answer["pairs"]:
        assert row["low_adjusted"] <= row["low"] <= row["difference"] <= row["high"] <= row["high_adjusted"] and row["n_compared"] == 3


def test_compare_at_the_same_sensitivity(call, scored_run):
    runs = [scored_run(skill, seed=i) for i, skill in enumerate((0.5, 2.0))]
    pairs = call("compare", *(run.path for run in runs), "--match-sensitivity", "0.9", "--json")[1]["pairs"]
    assert {row["metric"]: row["difference"] for row in pairs}["sensitivity"] == 0
    assert_refused(call("compare", *(run.path for run in runs), "--match-sensitivity", "1.5"), "at most 1")


def test_compare_collapses_three_classes_and_says_so(call, scored_run):
    answer = call("compare", scored_run().path, scored_run(seed=1, n_classes=3).path, "--json")[1]
    assert "added up" in answer["notes"][0] and {row["metric"] for row in answer["pairs"]} >= {"sensitivity", "roc_auc"}


def test_compare_refuses_other_images(call, scored_run):
    assert_refused(call("compare", scored_run().path, scored_run(n=60).path), "different test images")


def test_compare_leaves_out_what_does_not_fit_and_compares_the_rest(call, scored_run):
    runs, other = [scored_run(seed=i) for i in range(2)], scored_run(n=60)
    broken = scored_run(seed=3)
    (broken.path / "config.json").write_text("{")
    code, answer, errors = call("compare", runs[0].path, other.path, broken.path, runs[1].path, "--threshold", "half", "--json")
    assert code == 0 and {(row["a"], row["b"]) for row in answer["pairs"]} == {(runs[0].name, runs[1].name)}
    assert [row["run"] for row in answer["left_out"]] == [str(broken.path), other.name]
    assert "different test images" in answer["left_out"][1]["reason"] and f"left out {other.name}: " in errors
    assert [row["run"] for row in answer["runs"]] == [run.name for run in runs] and {row["threshold"] for row in answer["runs"]} == {0.5}
    assert_refused(call("compare", runs[0].path, runs[1].path, "nobody"), "nobody")


def test_three_classes_without_validation_stand_beside_two(call, scored_run):
    two, three = scored_run(3.0, seed=1, splits=("test",)), scored_run(3.0, seed=2, n_classes=3, splits=("test",))
    two.write_card({"thresholds": {"half": 0.5}, "recommended": {"value": 0.4}})
    cuts = {"half": (0.5, 0.5), "0.3": (0.3, 0.3), "recommended": (0.4, 0.5)}
    for threshold, expected in cuts.items():
        code, answer, _ = call("compare", two.path, three.path, "--threshold", threshold, "--json")
        assert code == 0 and tuple(row["threshold"] for row in answer["runs"]) == expected
    assert call("compare", two.path, three.path, "--threshold", "youden", "--json")[0] == 2
    three.write_card({"recommended": {"rule": "given", "value": 0.7}})
    assert call("compare", two.path, three.path, "--json")[1]["runs"][1]["threshold"] == 0.7


@pytest.mark.parametrize("kinds", [[0] * 6, [1, 2] * 3, [0], [1]], ids=["healthy", "ill", "one healthy", "one ill"])
def test_one_class_is_answered_in_strict_json_and_in_words(call, scored_run, kinds, monkeypatch, capsys, undefined_words):
    runs = [scored_run(seed=i, kinds=kinds, splits=("test",)).path for i in range(2)]
    code, answer, errors = call("evaluate", runs[0], "--threshold", "half", "--json")
    lost = "specificity" if kinds[0] else "sensitivity"
    assert code == 0 and answer["metrics"][lost]["value"] is None and answer["metrics"]["roc_auc"]["value"] is None
    assert len(answer["notes"]) == 1 and f"{lost}" in answer["notes"][0] and not errors
    pairs = call("compare", *runs, "--threshold", "half", "--json")[1]["pairs"]
    assert all(row["p_value"] is None for row in pairs if row["metric"] in (lost, "roc_auc"))
    for command in (["evaluate", runs[0]], ["compare", *runs]):
        monkeypatch.setattr(sys, "argv", ["core", *map(str, command), "--threshold", "half"])
        assert main() == 0
        printed = capsys.readouterr()
        assert not undefined_words(printed.out) and not printed.err


def test_results_leave_out_a_run_that_cannot_be_judged(call, scored_run, tmp_path):
    code, answer, errors = call("results", "--models", scored_run(splits=("val",)).path.parent, "--json")
    assert code == 0 and "no test images" in answer["left_out"][0]["reason"] and "left out cnn1" in errors


def test_two_ways_to_set_the_threshold_are_refused(call, scored_run):
    runs = [scored_run(seed=i).path for i in range(2)]
    assert_refused(call("compare", *runs, "--threshold", "half", "--match-sensitivity", "0.9"), "not both")
    assert_refused(call("compare", *runs, "--match-sensitivity", "nan"), "above 0 and at most 1; received no number")


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--miss-cost", "inf", "received infinity"),
        ("--miss-cost", "nan", "received no number"),
        ("--miss-cost", "0", "more than 0"),
        ("--prevalence", "0", "between 0 and 1"),
        ("--prevalence", "1", "between 0 and 1"),
        ("--prevalence", "nan", "received no number"),
        ("--threshold", "nan", "number from 0 to 1"),
    ],
)
@pytest.mark.parametrize("n_classes", [2, 3])
def test_numbers_that_no_report_can_use(call, scored_run, tmp_path, option, value, words, n_classes):
    run = scored_run(n=12, n_classes=n_classes)
    assert_refused(call("report", run.path, "--out", tmp_path / "r.html", option, value), words)
    assert not (tmp_path / "r.html").exists()


def test_report_refuses(call, scored_run, tmp_path):
    run = scored_run()
    assert_refused(call("report", run.path), "--out")
    assert_refused(call("report", "nobody", "--out", tmp_path / "r.html"), "nobody")
    assert_refused(call("report", run.path, "--out", tmp_path / "r.html", "--threshold", "7"), "received '7'")
    assert_refused(call("report", run.path, "--out", tmp_path / "r.html", "--prevalence", "2"), "between 0 and 1")
    assert_refused(call("report", run.path, "--out", tmp_path / "r.html", "--miss-cost", "-1"), "more than 0")
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize("command", ["import", "report"])
def test_help(call, capsys, monkeypatch, command):
    monkeypatch.setattr(sys, "argv", ["core", command, "--help"])
    assert main() == 0 and "--json" in capsys.readouterr().out

"""``python -m core review``: the JSON, the text, the CSV with tags, and what is said without runs."""

from __future__ import annotations

import json
import sys

import numpy as np
import pandas as pd
import pytest

from core.__main__ import main
from core.audit.label_errors import put_tag
from core.audit.label_errors.tags import tag_of
from core.datasets import open_dataset


@pytest.fixture
def call(monkeypatch, capsys):
    """Run the command in this process: exit code, standard output and standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["core", "review", *map(str, arguments)])
        code = main()
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def listed(scored_run, labelled, tmp_path):
    """A table of images, and a run whose scores contradict three of their labels."""
    run = scored_run(skill=4.0)
    scores = run.predictions.copy()
    wrong = scores["sample_id"].iloc[[3, 30, 200]].tolist()
    named = scores["sample_id"].isin(wrong)
    scores.loc[named, ["p_NORMAL", "p_PNEUMONIA"]] = np.where(scores.loc[named, ["y_true"]] == 0, [[0.001, 0.999]], [[0.999, 0.001]])
    run.write_predictions(scores)
    table = tmp_path / "images.csv"
    labelled(run).samples[["sample_id", "split", "class_name"]].to_csv(table, index=False)
    return table, run.path.parent, wrong


def test_the_json_lists_the_suspects_with_votes_and_tags(listed, call, tmp_path):
    table, models, wrong = listed
    put_tag(open_dataset(table).fingerprint, wrong[0], tag_of("wrong label", "-clear"))
    code, out, _ = call(table, "--models", models, "--csv", tmp_path / "out.csv", "--json")
    answer = json.loads(out)
    assert code == 0 and (answer["n_models"], answer["n_judged"], answer["n_images"]) == (1, 300, 300)
    first = {row["sample_id"]: row for row in answer["suspects"][:3]}
    assert set(first) == set(wrong) and first[wrong[0]]["tag"] == "wrong label" and first[wrong[1]]["votes"] == 1
    written = pd.read_csv(tmp_path / "out.csv").set_index("sample_id")
    assert written.loc[wrong[0], "note"] == "'-clear" and len(written) == len(answer["suspects"])


def test_the_text_says_how_many_and_what_counts(listed, call, undefined_words):
    table, models, wrong = listed
    code, out, _ = call(table, "--models", models)
    assert code == 0 and "1 of 1" in out and "held out of a model's training" in out and wrong[0] in out and not undefined_words(out)


def test_without_runs_it_says_what_to_do_and_bad_data_is_refused(listed, call, tmp_path):
    table, _, _ = listed
    (tmp_path / "empty").mkdir()
    code, out, _ = call(table, "--models", tmp_path / "empty")
    assert code == 0 and "train one first" in out
    code, _, err = call(tmp_path / "nowhere")
    assert code == 2 and err.startswith("error:")

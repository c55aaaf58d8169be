"""``python -m core reference``, and what ``predict`` then says."""

import json
import shutil

import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from core.cli.predict import predict, reference
from core.runs.run import Run


@pytest.fixture
def measured(run, model, film_folder, tmp_path):
    """The run with its model and scores, measured by the command."""
    copy = Run(shutil.copytree(run.path, tmp_path / run.name))
    model.save(copy.model_path)
    scores = {"p_NORMAL": [0.7, 0.4], "p_PNEUMONIA": [0.3, 0.6]}
    copy.write_predictions(pd.DataFrame({"sample_id": ["a", "b"], "split": "val", "y_true": [0, 1]} | scores))
    copy.write_card({"thresholds": {"youden": 0.5}, "recommended": {"rule": "youden", "value": 0.5}})
    answer = CliRunner().invoke(reference, [str(copy.path), "--data", str(film_folder), "--json"], catch_exceptions=False)
    return copy, json.loads(answer.stdout)


def test_it_measures_and_predict_screens(measured, film_folder, tmp_path):
    run, answer = measured
    (row,) = answer["references"]
    assert row["run"] == run.name
    assert row["n_train"] == (run.split["split"] == "train").sum()
    assert set(row["limits"]) == {"outlines", "layout", "texture", "features", "rotated", "tilted"}
    film = sorted(film_folder.glob("test/NORMAL/*"))[0]
    turned = tmp_path / "turned.png"
    Image.open(film).transpose(Image.Transpose.ROTATE_90).save(turned)
    said = CliRunner().invoke(predict, [str(run.path), str(film), str(turned), "--json"], catch_exceptions=False)
    upright, other = json.loads(said.stdout)["images"]
    assert upright["screened"] and not upright["refused"]
    assert len(upright["nearest"]) == 6
    assert other["refused"]
    assert any("turned 90° to the left" in text for text in other["warnings"])

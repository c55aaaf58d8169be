"""The mean map of a network trained on opacities lies in the lungs, that of one trained on a planted letter on the letter."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import core.inference.atlas
from benchmarks.phantom_cnn import SIZE, draw, train
from core.inference.atlas import build_atlas
from core.runs.store import create_run
from core.saliency.checks.similarity import coarse
from core.training.plan import plan

pytestmark = [pytest.mark.slow, pytest.mark.long]  # trains two small networks

LETTER = (slice(6, 16), slice(6, 16))


@pytest.fixture
def atlas_of(tmp_path, monkeypatch):
    """``atlas_of(model, films)``: of films that are all rightly called PNEUMONIA."""

    def build(model, films):
        run = create_run(plan("cnn1", 2, {}, 0).model_copy(update={"image_size": SIZE}), tmp_path, tmp_path)
        ids = [f"test/PNEUMONIA/person{number}_bacteria_1.jpeg" for number in range(len(films))]
        scores = {"sample_id": ids, "split": "test", "y_true": 1, "p_NORMAL": 0.1, "p_PNEUMONIA": 0.9}
        run.write_predictions(pd.DataFrame(scores))
        run.write_card({"thresholds": {"youden": 0.5}, "recommended": {"rule": "youden", "value": 0.5}})
        monkeypatch.setattr(core.inference.atlas, "pixel_store", lambda *_: films)
        return build_atlas(run, model, SimpleNamespace(samples=run.predictions[["sample_id"]]))["true_pneumonia"]

    return build


def test_opacities_are_looked_for_in_the_lungs(atlas_of, phantom_cnn):
    model, films, opacities = phantom_cnn
    part, lungs = atlas_of(model, films), coarse(opacities.mean(axis=0).astype(np.float32)) > 0.02
    inside = part.mean[lungs].sum() / part.mean.sum()
    print(f"n {part.n}: {inside:.2f} of the mean map in {lungs.mean():.2f} of the film, {part.corners[0]:.3f} in the corners")
    assert lungs.ravel()[part.mean.argmax()]
    assert inside > 1.5 * lungs.mean()
    assert part.corners[0] < 0.15 and part.outside_body[0] < 0.15


def test_a_planted_letter_is_looked_at(atlas_of):
    films, _, _ = draw(np.random.default_rng(5), 120)
    y_true = np.arange(len(films)) // 2 % 2  # of each finding, half have the letter
    films[y_true == 1, LETTER[0], LETTER[1]] = 255
    part = atlas_of(train(films, y_true, seed=1, epochs=4), films[y_true == 1][:30])
    row, column = np.unravel_index(part.mean.argmax(), part.mean.shape)
    print(f"n {part.n}: peak at {row}, {column} of 28, {part.corners[0]:.2f} in the corners")
    assert row < 9 and column < 9, "28 cells a side: the letter ends at 5, and a cell of the layer is 2.3"
    assert part.corners[0] > 0.5

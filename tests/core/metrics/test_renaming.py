"""Runs that call the same classes otherwise stand side by side, image by image; other illnesses do not."""

from __future__ import annotations

import numpy as np
import pytest

from core.metrics.alignment import line_up
from core.metrics.calibration import calibrate_panel
from core.metrics.evaluation import evaluate_panel, evaluate_run
from core.metrics.operating_point import thresholds_at
from core.metrics.renaming import same_classes

KNOWN = ("NORMAL", "PNEUMONIA")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (("Normal", "Pneumonia"), True),
        (("Uninfected", "Infected"), True),
        (("sano", "neumonia"), True),
        (("NORMAL", "COVID"), False),
        (("NORMAL", "viral pneumonia"), False),
        (("PNEUMONIA", "NORMAL"), False),
        (("cat", "dog"), False),
        (("NORMAL",), False),
    ],
)
def test_classes_that_mean_the_same(other, same):
    assert same_classes(KNOWN, other) is same and same_classes(other, KNOWN) is same
    assert same_classes(other, other)


def rename(run, names, folders):
    """The same run with other names of its classes, and if wanted of the folders in its sample ids."""
    table = run.predictions.rename(columns={f"p_{old}": f"p_{new}" for old, new in zip(run.config.class_names, names, strict=True)})
    if folders:
        for old, new in zip(KNOWN, names, strict=True):
            table["sample_id"] = table["sample_id"].str.replace(f"/{old}/", f"/{new}/")
    run.write_config(run.config.model_copy(update={"class_names": names}))
    run.write_predictions(table)
    return run


@pytest.mark.parametrize("folders", [False, True], ids=["ids as they are", "folders renamed"])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_runs_are_lined_up_image_by_image(scored_run, folders, n_classes):
    """Sorted, Infected comes before Uninfected and NORMAL before PNEUMONIA: every figure is still that of the run alone."""
    known, other = scored_run(1.0, seed=1, n_classes=n_classes), rename(scored_run(2.0, seed=2), ("Uninfected", "Infected"), folders)
    for runs in ([known, other], [other, known]):
        lineup = line_up(runs)
        assert lineup.panel.names == tuple(run.name for run in runs) and not lineup.refused
        assert any("calls its classes" in note for note in lineup.notes) or (n_classes, runs[0]) == (3, other)
        found = evaluate_panel(lineup.panel, thresholds_at(lineup.panel, runs))
        alone = evaluate_run(other)
        assert np.array_equal(found[other.name].confusion_matrix, alone.confusion_matrix)
        assert found[other.name].metrics["roc_auc"].value == pytest.approx(alone.metrics["roc_auc"].value)
        before, after, temperature = calibrate_panel(lineup.panel, runs)[other.name]
        assert before.brier == pytest.approx(alone.metrics["brier"].value) and after.brier < before.brier + 0.05 and temperature > 0
        scaled = calibrate_panel(line_up([other]).panel, [other])[other.name][1]
        assert after.brier == pytest.approx(scaled.brier)

"""A table of predictions becomes a finished run. No Keras."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from core.config import Recipe, RunConfig
from core.datasets.tables.columns import Naming
from core.datasets.tables.tabular import read_tabular
from core.errors import InputError
from core.external.known_images import Reference
from core.external.table import AS_GIVEN, check_table, require_test
from core.images import Resize
from core.inference.score_remarks import remarks
from core.metrics.rules_apart import GIVEN
from core.metrics.thresholds import choose_thresholds, recommendation
from core.runs.predictions_table import within_unit
from core.runs.run import Run
from core.runs.store import create_run

SYSTEM = "imported"
SPLIT_RULE = "brought from elsewhere: what it was trained on is not known here"
MEANS = "Given when it was brought in"
UNKNOWN_SIZE = 224  # a table of scores does not tell the size of the images behind it
INTENDED_USE = "Research and education only; not a medical device and not for any clinical decision."


def import_predictions(
    source: Path | bytes | pd.DataFrame,
    name: str,
    reference: Reference,
    title: str = "",
    threshold: float | None = None,
    models: str | Path | None = None,
    naming: Naming = AS_GIVEN,
) -> Run:
    """Check predictions of all test images and store them as a run.

    Parameters
    ----------
    source : Path, bytes or DataFrame
        Text with separators or Parquet: ``sample_id, p_<class>…`` and, if wanted, ``split``, ``y_true`` and ``patient_id``.
    name : str
        File name.
    reference : Reference
        The images that must be scored.
    title : str
        What the run is called on the pages; the file's name if empty.
    threshold : float
        Operating point of two classes; the recommended one, 0.5, if None.
    models : str or Path, optional
        Folder of runs.
    naming : Naming
        What the table's columns and classes are called, where their names do not tell.

    Returns
    -------
    Run
        Its card has ``warnings`` where the scores are valid and odd.

    Raises
    ------
    InputError
        If anything is wrong with the table; no run is made then.
    """
    require_test(reference)
    reference.require_positive()
    checked = check_table(read_tabular(source, name), name, reference, naming)
    title = title or Path(name.removesuffix(".gz")).stem
    if checked.patients is not None:
        reference = reference.with_patients(checked.table["sample_id"], checked.patients)
    return store(checked.table, checked.class_names, title, threshold, reference, models, came_from=name, notes=checked.notes)


def store(
    table: pd.DataFrame,
    class_names: tuple[str, ...],
    title: str,
    threshold: float | None,
    reference: Reference,
    models: str | Path | None,
    came_from: str,
    model: Path | None = None,
    facts: dict | None = None,
    image_size: int = UNKNOWN_SIZE,
    resize: Resize = "squash",
    notes: tuple[str, ...] = (),
) -> Run:
    """A finished run of checked predictions, and of the model that made them if there is one; its card says what is odd.

    Parameters
    ----------
    table : DataFrame
        ``sample_id, split, y_true, p_<class>…`` with scores in [0, 1].
    class_names : tuple of str
        In the order of their ids.
    title : str
    threshold : float or None
        In [0, 1]; the recommended one if None.
    reference : Reference
        The images that were scored.
    models : str, Path or None
        Folder of run directories; `core.runs.store.models_dir` says which if it is not given.
    came_from : str
        Name of the file that was brought.
    model : Path, optional
        The converted model, to be moved into the run.
    facts : dict, optional
        Of the model, for the card.
    image_size : int
        Side in pixels that the model takes.
    resize : {"squash", "pad"}
    notes : tuple of str
        Sentences for the card.

    Returns
    -------
    Run

    Raises
    ------
    InputError
    """
    threshold = None if threshold is None else within_unit(threshold)
    if threshold is not None and not 0 <= threshold <= 1:
        raise InputError(f"A threshold is a number from 0 to 1; received {threshold:g}.")
    config = RunConfig.checked(
        system=SYSTEM, title=title.strip()[:80], n_classes=len(class_names), class_names=class_names, image_size=image_size,
        recipe=Recipe(resize=resize), data_title=reference.title, fingerprint=reference.fingerprint, split_rule=SPLIT_RULE,
    )  # fmt: skip
    run = create_run(config, ".", models)
    try:
        if model:
            shutil.copyfile(model, run.model_path)
        run.write_predictions(table)
        run.write_split(table["sample_id"], table["split"], reference.facts)
        odd = [*notes, *remarks(table, class_names)]
        run.write_card(_card(table, class_names, threshold, came_from) | ({"warnings": odd} if odd else {}) | (facts or {}))
        run.drop_checkpoint()
        run.write_status("finished")
    except BaseException:
        shutil.rmtree(run.path, ignore_errors=True)
        raise
    return run


def _card(table: pd.DataFrame, class_names: tuple[str, ...], threshold: float | None, came_from: str) -> dict:
    counts = {split: int(n) for split, n in table["split"].value_counts().items()}
    card = {"came_from": came_from, "n_samples": counts, "intended_use": INTENDED_USE}
    given = {} if threshold is None else {"recommended": {"rule": GIVEN, "value": float(threshold), "means": MEANS}}
    return card | _thresholds(table[table["split"] == "val"], class_names) | given


def _thresholds(validation: pd.DataFrame, class_names: tuple[str, ...]) -> dict:
    if len(class_names) != 2:
        return {}
    found = {"half": 0.5}
    if validation["y_true"].nunique() == 2:
        found = choose_thresholds(validation["y_true"].to_numpy(), validation[f"p_{class_names[1]}"].to_numpy())
    return {"thresholds": found, "recommended": recommendation(found)}

"""Score images anew with a run's model: a check of the stored predictions, or an external test on other images."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from core.counted import counted
from core.datasets import Dataset
from core.datasets.kermany_names import KNOWN_CLASSES, SUBTYPES
from core.datasets.labels import classes_as
from core.datasets.split_images import SplitImages
from core.datasets.tables.columns import Naming
from core.errors import InputError
from core.inference.ensemble import by_members
from core.inference.predict import load_model
from core.inference.run_images import open_for
from core.inference.score_tables import score_samples
from core.metrics.panel import Panel, collapse, panel_of
from core.parallel import Progress
from core.runs.run import Run


def rescore(
    run: Run,
    data: str | None,
    split: str,
    progress: Callable[[str], Progress],
    positive: str | None = None,
    naming: Naming | None = None,
) -> tuple[Panel, list[str]]:
    """Scores of a run's model on the run's own images or on others.

    Parameters
    ----------
    run : Run
    data : str or None
        None: PNEUMOLENS_DATA.
    split : {"test", "val"}
        On the run's own images, the split that the run recorded; on others, the data set's own. Of others without a test split
        all images are scored, for the run was trained on none of them.
    progress : callable of str
    positive : str, optional
        Which of the data set's two classes is the ill one; else their names decide.
    naming : Naming, optional
        What a table of images calls its columns and classes; as the run remembers it if None.

    Returns
    -------
    panel : Panel
        Of this run alone; a run of three classes is collapsed where the images do not tell bacterial from viral pneumonia.
    notes : list of str
        Sentences that a reader must see.

    Raises
    ------
    InputError
        If there are no pixels, no images of the split, other classes, or images among them that the run was trained on.
    """
    dataset = open_for(run.config, data, progress("indexing"), positive, naming)
    if not dataset.has_pixels:
        raise InputError("Scoring anew needs images: give --data DATA or set PNEUMOLENS_DATA.")
    chosen, splits, notes = _own(run, dataset, split) if dataset.fingerprint == run.config.fingerprint else _others(run, dataset, split)
    told, collapsed = _with_kinds(run, chosen)

    def score(judge: Run) -> pd.DataFrame:
        return score_samples(load_model(judge), judge, SplitImages.of(judge.config, told, splits), (split,), progress("scoring"))

    table = by_members(run, score, ["sample_id", "split", "y_true"])
    panel = panel_of(table, run.config.class_names, run.name, dataset.facts)
    if not collapsed:
        return panel, notes
    kinds = "Not every name tells bacterial from viral pneumonia; both count as pneumonia here, with their probabilities added up."
    return collapse(panel), [*notes, kinds]


def _own(run: Run, dataset: Dataset, split: str) -> tuple[Dataset, pd.Series, list[str]]:
    """All images, so that the pixels decoded for the training serve again, with the splits that the run recorded."""
    splits = dataset.samples["sample_id"].map(run.split.set_index("sample_id")["split"])
    if not (splits == split).any():
        raise InputError(
            f"{dataset.title!r} holds the run's own images, and none of them is in the split {split!r}; those that it was trained on "
            "prove nothing, so give others with --data."
        )
    return dataset, splits, []


def _others(run: Run, dataset: Dataset, split: str) -> tuple[Dataset, pd.Series, list[str]]:
    """The images of the split alone, or all where there is no test split, with the run's names of the classes."""
    known = classes_as(KNOWN_CLASSES if run.config.class_names == SUBTYPES else run.config.class_names, dataset)
    samples, notes = dataset.samples.assign(class_name=dataset.samples["class_name"].map(known)), _renamed(known)
    if (samples["split"] == split).any():
        samples = samples[samples["split"] == split]
    elif split == "test":
        n = "its one image is" if len(samples) == 1 else f"all its {len(samples):,} images are"
        notes.append(f"The data set {dataset.title!r} has no test split: {n} scored.")
    else:
        found = ", ".join(sorted(samples["split"].dropna().unique()))
        raise InputError(f"{dataset.title!r} has no images in the split {split!r}; it has {found}. Leave --split out to score it whole.")
    _refuse_training_images(run, dataset, samples)
    return replace(dataset, samples=samples, positive=None), pd.Series(split, index=samples.index), notes


def _renamed(known: dict[str, str]) -> list[str]:
    others = [f"{theirs} as {ours}" for theirs, ours in known.items() if theirs != ours]
    return [f"Its classes count by what their names mean: {', '.join(others)}."] if others else []


def _refuse_training_images(run: Run, dataset: Dataset, samples: pd.DataFrame) -> None:
    known = samples[samples["content_hash"].isin(_trained_on(run))]
    if len(known):
        raise InputError(
            f"{len(known):,} of the {counted(len(samples), 'image')} of {dataset.title!r} {'is' if len(known) == 1 else 'are'}, byte for "
            f"byte, among those that the run {run.name!r} was trained on, such as {known['sample_id'].iloc[0]!r}; they prove "
            "nothing, so give images that it has not seen."
        )


def _trained_on(run: Run) -> set[str]:
    """Content hashes of the run's training and validation images, as far as they are on record or their data set is at hand."""
    try:
        seen = run.split[run.split["split"].isin(["train", "val"])]
    except InputError:
        return set()
    if "content_hash" in seen:
        return set(seen["content_hash"].dropna())
    home = os.environ.get("PNEUMOLENS_DATA")
    dataset = open_for(run.config, home) if home else None
    if dataset is None or dataset.fingerprint != run.config.fingerprint:
        return set()
    return set(dataset.samples.loc[dataset.samples["sample_id"].isin(seen["sample_id"]), "content_hash"].dropna())


def _with_kinds(run: Run, dataset: Dataset) -> tuple[Dataset, bool]:
    """The images for a run of three classes where some names do not tell the kind: any kind will do, for kinds are added up then."""
    if run.config.class_names != SUBTYPES:
        return dataset, False
    healthy = dataset.samples["class_name"] == KNOWN_CLASSES[0]
    kinds = dataset.samples["subtype"].mask(healthy, SUBTYPES[0])
    told = kinds.fillna(SUBTYPES[1])
    return replace(dataset, samples=dataset.samples.assign(subtype=told)), bool(kinds.isna().any())

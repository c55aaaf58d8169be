"""Films that come with the product, synthetic ones whose opacity is known, and the samples of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath

import pandas as pd

from core.counted import class_words
from core.datasets import Dataset
from core.datasets.kermany_names import parse
from core.datasets.sources import shipped
from core.images import read_content
from dashboard import state
from dashboard.components.inspect.film.picture import PHANTOM, SAMPLE, Picture, as_png
from dashboard.components.markdown import plain

EXAMPLE = "example"  # its key: the film that the page opens with
EXAMPLE_TITLE = "Example: synthetic film"
EXAMPLE_RUN = "lens-mobilenet-20261121-133259-21f5d5"  # whose map it was chosen by
PREFIX = "phantom/"  # of the keys of the others, as their names are like those of real films
SCREENED = (
    "The screening finds the outlines of every synthetic film unlike those of real chests, which is left out here because the film is "
    "known to be drawn, and warns of 28 to 41 of 60 for other reasons; the rest pass"
)
WHY = (
    "**Why this film**: it is synthetic, drawn by PneumoLens, and its true opacity is known (green outline). Of 2,000 drawn, all with an "
    "opacity, a shipped model ({model}) calls 55 PNEUMONIA, and its Grad-CAM peaks inside the opacity of 20 of these: neither is the rule. "
    f"This is the one on which its map meets the opacity best among those that it calls so in every flip and shift. {SCREENED}, as this "
    "one does with that model."
)
SYNTHETIC = f"A synthetic film, drawn by PneumoLens; the opacity, if it has one, is outlined in green. {SCREENED}."


def example_titles(dataset: Dataset | None, wanted: list[str]) -> dict[str, str]:
    """Keys and titles of what can be inspected without a file of one's own.

    Parameters
    ----------
    dataset : Dataset or None
        With pixels: then its test images follow the example; else the synthetic films do.
    wanted : list of str
        What a link asks for, be it a training image.

    Returns
    -------
    dict of str to str
    """
    first = {EXAMPLE: EXAMPLE_TITLE} if shipped.example()[0].is_file() else {}
    if dataset is None:
        return first | _phantom_titles(tuple(_phantoms()))
    samples = dataset.samples
    chosen = samples.loc[(samples["split"] == "test") | samples["sample_id"].isin(wanted), "sample_id"].tolist()
    return first | {sample_id: sample_id for sample_id in chosen or samples["sample_id"].tolist()}


def open_example(key: str, dataset: Dataset | None) -> Picture:
    """The picture of a key of `example_titles`.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    if key == EXAMPLE:
        film, mask = shipped.example()
        return Picture.of(film.read_bytes(), PHANTOM, truth="PNEUMONIA, bacterial", key=key, opacity=mask.read_bytes())
    if key.startswith(PREFIX) and dataset is None:
        path = _phantoms()[key.removeprefix(PREFIX)]
        mask = shipped.true_opacity(path)
        return Picture.of(
            path.read_bytes(), PHANTOM, truth=_truth(key.removeprefix(PREFIX)), key=key, opacity=mask.read_bytes() if mask else None
        )
    return Picture.of(_sample_bytes(dataset, key), SAMPLE, sample_id=key, truth=_truth(key), key=key)


def why(picture: Picture) -> str:
    """What a synthetic film is, and why it is shown; empty for others."""
    if picture.key == EXAMPLE:
        return WHY.format(model=plain(state.names().get(EXAMPLE_RUN, EXAMPLE_RUN)))
    return SYNTHETIC if picture.source == PHANTOM else ""


def _phantoms() -> dict[str, Path]:
    return {path.relative_to(shipped.PHANTOMS).as_posix(): path for path in shipped.phantom_samples()}


@lru_cache(maxsize=1)  # each time that the page is drawn
def _phantom_titles(names: tuple[str, ...]) -> dict[str, str]:
    told = zip(names, _truths(names), strict=True)
    return {f"{PREFIX}{name}": f"Synthetic film, {truth}: {PurePosixPath(name).stem}" for name, truth in told}


def _sample_bytes(dataset: Dataset, sample_id: str) -> bytes:
    """The sample's file as it is; samples of an array become a PNG."""
    path = Path(dataset.samples.set_index("sample_id").at[sample_id, "path"])
    return read_content(path) if path.is_file() else as_png(dataset.read(sample_id))


def _truth(sample_id: str) -> str:
    return _truths([sample_id])[0]


def _truths(sample_ids: Sequence[str]) -> list[str]:
    """``PNEUMONIA, viral`` of a sample's folder and name, for each."""
    names = parse(PurePosixPath(sample_id).as_posix() for sample_id in sample_ids)
    told = zip(names["class_name"], names["subtype"], strict=True)
    return [of if pd.isna(kind) or kind == of else f"{of}, {class_words(kind)}" for of, kind in told]

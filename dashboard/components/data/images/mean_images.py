"""What the chosen images look like together: mean pictures, grey levels, brightness and sizes, class by class."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.datasets import Dataset
from core.datasets.mean_images import MOST_IMAGES, Appearance, Pixels, decode_small
from core.errors import InputError
from dashboard.components.data.catalogue import coded
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.figures.mean_images import brightness, grey_levels, mean_difference, mean_picture, sizes
from dashboard.turns import giving_way, turn

STILL = {"displayModeBar": False}
MOST_LINES = 6
GRIDS, MOST_DOTS = (40, 20, 10), 2000  # a browser takes a second for 6,000 dots
MEASURES = {
    "mean_intensity": "Mean grey level of the image",
    "std_intensity": "Contrast: standard deviation of the grey levels",
    "rim_mean": "Mean grey level of the rim",
    "rim_black": "Black part of the rim (share)",
    "letters": "Letters in the corners (edge pixels per 1,000)",
}


def show_means(dataset: Dataset, n_classes: int, positions: np.ndarray) -> None:
    """The mean picture of two classes and their difference."""
    if not _has_pixels(dataset):
        return
    by_class = positions_by_class(dataset, n_classes, positions)
    if len(by_class) < 2:
        st.info("All chosen images are of one class; widen the filter to compare two.")
    names = list(by_class)
    places = st.columns(3, vertical_alignment="top")
    other = min(1, len(names) - 1)
    preset("data_first", names, names[0])
    preset("data_second", names, names[other])
    first = places[0].selectbox("Mean image of", names, key="data_first", bind="query-params")
    second = places[1].selectbox("against", names, other, key="data_second", bind="query-params")
    pixels = _pixels(dataset)
    if pixels is None:
        return
    shown = {
        name: _appearance(dataset.fingerprint, tuple(_stamp(by_class[name])), pixels, by_class[name])
        for name in dict.fromkeys((first, second))
    }
    for number, (name, seen) in enumerate(shown.items()):
        with places[number]:
            _mean(number, name, seen)
    if len(shown) == 2 and all(shown.values()):
        with places[2]:
            st.selectbox("Difference", [f"{first} − {second}"], disabled=True)
            _difference(*shown.items())


def show_grey_levels(dataset: Dataset, n_classes: int, positions: np.ndarray) -> None:
    """Histograms of all pixels, and of one number an image, by class."""
    by_class = largest(positions_by_class(dataset, n_classes, positions))
    left, right = st.columns(2)
    known = {title: name for name, title in MEASURES.items() if dataset.samples[name].notna().any()}
    with left:
        if known:
            preset("data_measure", known, next(iter(known)), MEASURES)
            title = st.selectbox("Images by", known, key="data_measure", bind="query-params")
            values = {name: dataset.samples[known[title]].iloc[rows].dropna().to_numpy(dtype=float) for name, rows in by_class.items()}
            values = {name: part for name, part in values.items() if len(part)}
            if values:
                st.plotly_chart(brightness(values, title), key="data_brightness", config=STILL, alt=f"{title} by class")
                st.caption(_counted({name: len(part) for name, part in values.items()}, "images"))
        else:
            st.info("No grey levels were measured for these data.")
    with right:
        st.markdown("**All pixels**")
        pixels = _pixels(dataset) if _has_pixels(dataset) else None
        if pixels is not None:
            seen = {name: _appearance(dataset.fingerprint, tuple(_stamp(rows)), pixels, rows) for name, rows in by_class.items()}
            seen = {name: one for name, one in seen.items() if one}
            figure = grey_levels({name: one.histogram for name, one in seen.items()})
            st.plotly_chart(figure, key="data_grey_levels", config=STILL, alt="Share of pixels by grey level and class")
            st.caption(_counted({name: one.n_samples for name, one in seen.items()}, "images, all pixels of copies of 128 × 128"))


def show_sizes(dataset: Dataset, n_classes: int, positions: np.ndarray) -> None:
    """Widths and heights of the files, and their aspect ratio, by class."""
    known, kept, only, figures = _sizes(dataset.digest, n_classes, tuple(_stamp(positions)), dataset, positions)
    unknown = len(positions) - known
    if not known:
        st.info("The sizes of these files are not known.")
        return
    if only:
        st.info(f"All {known:,} images are {only[0]} × {only[1]} pixels, so size gives nothing away here.")
        return
    for place, key, figure, alt in zip(
        st.columns(2),
        ("data_sizes", "data_aspects"),
        figures,
        ("Width and height of the images by class", "Aspect ratio by class"),
        strict=True,
    ):
        place.plotly_chart(figure, key=key, config=STILL, alt=alt)
    st.caption(_counted(kept, "images") + (f"; {unknown:,} of unknown size" if unknown else ""))


@st.cache_data(max_entries=60, show_spinner=False)
def _sizes(digest: str, n_classes: int, stamp: tuple, _dataset: Dataset, _positions: np.ndarray) -> tuple:
    """How many sizes are known, images by class drawn, the one size if all share it, and the two figures."""
    table = _labelled(_dataset, n_classes, _positions).dropna()
    if table.empty or len(table[["width", "height"]].drop_duplicates()) == 1:
        return len(table), {}, tuple(table.iloc[0][["width", "height"]]) if len(table) else (), ()
    kept = table[table["label"].isin(table["label"].value_counts().index[:MOST_LINES])]
    aspect = {str(name): (part["width"] / part["height"]).to_numpy(dtype=float) for name, part in kept.groupby("label", observed=True)}
    counts = {name: n for name, n in kept["label"].value_counts().items() if n}
    return len(table), counts, (), (sizes(cells(kept)), brightness(aspect, "Aspect ratio (width : height)"))


def cells(table: pd.DataFrame) -> pd.DataFrame:
    """Sizes counted on the finest grid that gives few dots, so that a figure of a million images is as small as one of a hundred."""
    longest = float(table[["width", "height"]].max().max())
    for lines in GRIDS:
        step = max(1, round(longest / lines))
        grid = {side: (table[side].astype(int) // step) * step + step // 2 for side in ("width", "height")}
        counts = table.assign(**grid).groupby(["label", "width", "height"], observed=True).size()
        if len(counts) <= MOST_DOTS:
            break
    return counts.rename("n").reset_index().astype({"label": "str"})


def positions_by_class(dataset: Dataset, n_classes: int, positions: np.ndarray) -> dict[str, np.ndarray]:
    """The chosen positions of each class that has any, in the order of the classes."""
    class_names, y = coded(dataset.digest, n_classes, dataset)
    chosen = y[positions]
    return {name: positions[chosen == class_id] for class_id, name in enumerate(class_names) if (chosen == class_id).any()}


def largest(by_class: dict[str, np.ndarray], most: int = MOST_LINES) -> dict[str, np.ndarray]:
    """The classes with most images, in their own order; more lines than that cannot be told apart."""
    kept = sorted(by_class, key=lambda name: -len(by_class[name]))[:most]
    return {name: rows for name, rows in by_class.items() if name in kept}


def _labelled(dataset: Dataset, n_classes: int, positions: np.ndarray) -> pd.DataFrame:
    class_names, y = coded(dataset.digest, n_classes, dataset)
    return dataset.samples[["width", "height"]].iloc[positions].assign(label=pd.Categorical.from_codes(y[positions], class_names))


def _has_pixels(dataset: Dataset) -> bool:
    if not dataset.has_pixels:
        st.info("There are no pictures here, only names and facts. To see images, choose some at the top of the page.")
    return dataset.has_pixels


def _pixels(dataset: Dataset) -> Pixels | None:
    """Every image small, with progress the first time; None, with the reason on the page, if one cannot be decoded any more."""
    try:
        pixels = _decode(dataset.fingerprint, dataset)
    except InputError as error:
        st.warning(f"A file changed since it was measured: {plain(str(error))} Reload the page.")
        return None
    if len(pixels.positions) < len(dataset.samples):
        st.caption(f"From a random sample of {MOST_IMAGES:,} of the {len(dataset.samples):,} images.")
    return pixels


@st.cache_resource(max_entries=2, show_spinner=False)
def _decode(fingerprint: str, _dataset: Dataset) -> Pixels:
    bar = st.progress(0.0, text="Decoding images …")

    def progress(done: int, total: int) -> None:
        bar.progress(done / total, text=f"Decoding images: {done:,} of {total:,}")

    try:
        with turn("mean images", bar):
            return decode_small(_dataset, giving_way(progress))
    finally:
        bar.empty()


@st.cache_data(max_entries=60, show_spinner=False)
def _appearance(fingerprint: str, stamp: tuple, _pixels: Pixels, _positions: np.ndarray) -> Appearance | None:
    return _pixels.appearance(_positions)


def _stamp(positions: np.ndarray) -> list[int]:
    """What tells one choice of samples from another; a choice always comes in the same order."""
    return [len(positions), hash(positions.tobytes())]


def _mean(number: int, name: str, seen: Appearance | None) -> None:
    if seen is None:
        st.info("None of these images is in the random sample that was decoded.")
        return
    st.plotly_chart(mean_picture(seen.mean, name), key=f"data_mean_{number}", config=STILL, alt=f"Mean image of {name}")
    st.caption(f"{plain(name)}, n = {seen.n_samples:,}")


def _difference(first: tuple[str, Appearance], second: tuple[str, Appearance]) -> None:
    figure = mean_difference(first[1].mean - second[1].mean, first[0], second[0])
    st.plotly_chart(figure, key="data_difference", config=STILL, alt=f"Mean image of {first[0]} less that of {second[0]}")
    st.caption(f"Red: {plain(first[0])} is brighter. Strong colour outside the lungs is a clue that a model can use instead of them.")


def _counted(counts: dict[str, int], unit: str) -> str:
    return ", ".join(f"{plain(str(name))} n = {n:,}" for name, n in counts.items()) + f" ({unit})"

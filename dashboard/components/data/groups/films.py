"""Films of each group side by side: those in its middle, with what sets the group apart; names where there are no pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import streamlit as st

from core.datasets import Dataset
from core.groups import Summary
from core.text import html as escape
from dashboard.components.data.images.gallery import smaller
from dashboard.components.images.image_dialog import elsewhere
from dashboard.components.links import inspect_address

STYLE = Path(__file__).with_suffix(".css").read_text("utf-8")
EACH, MOST_SAID = 4, 3  # films and sentences of a group
SIDE = 144  # pixels


def show_films(dataset: Dataset, summary: Summary, titles: Sequence[str], notes: Mapping[int, str], chosen: int | None) -> None:
    """Draw a card for each group, the worst first.

    Parameters
    ----------
    dataset : Dataset
    summary : Summary
    titles : sequence of str
        Of the groups, by position.
    notes : mapping of int to str
        A line for each group, such as what it holds.
    chosen : int, optional
        The group that the filter shows.
    """
    ids = [summary.medoids[group][:EACH] for group in range(len(titles))]
    pictures = _pictures(dataset, tuple(name for names in ids for name in names)) if dataset.has_pixels else {}
    data = elsewhere(dataset) if dataset.has_pixels and dataset.root else None
    cards = [
        _card(
            titles[group], notes.get(group, ""), summary.sentences(group)[:MOST_SAID], _films(ids[group], pictures, data), group == chosen
        )
        for group in summary.worst_first
    ]
    st.html(f'<style>{STYLE}</style><div class="group-cards">{"".join(cards)}</div>')
    middle = "The films nearest to the middle of each group, of different patients, from train where it has some."
    st.caption(middle + (" Click one to inspect it." if pictures else " There are no pictures here, so their names stand for them."))


def _pictures(dataset: Dataset, ids: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(ids, _small(dataset.fingerprint, ids, dataset), strict=True))


@st.cache_data(max_entries=32, show_spinner=False)
def _small(fingerprint: str, ids: tuple[str, ...], _dataset: Dataset) -> list[str]:
    """Each film as a small data URL; empty for one that cannot be read any more."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda sample_id: smaller(_dataset, sample_id, SIDE), ids))


def _card(title: str, note: str, sentences: Sequence[str], films: str, chosen: bool) -> str:
    said = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    mark = " group-chosen" if chosen else ""
    return (
        f'<section class="group-card{mark}"><b>{escape(title)}</b><div class="group-note">{escape(note)}</div>'
        f'<div class="group-films">{films}</div><ul>{said}</ul></section>'
    )


def _films(ids: Sequence[str], pictures: Mapping[str, str], data: str | None) -> str:
    return "".join(_film(sample_id, pictures.get(sample_id, ""), inspect_address(sample_id, [], data=data)) for sample_id in ids)


def _film(sample_id: str, picture: str, link: str) -> str:
    name = escape(PurePosixPath(sample_id).name)
    if not picture:
        return f'<div class="group-name" title="{escape(sample_id)}">{name}</div>'
    image = f'<img src="{picture}" alt="Chest X-ray {name}" loading="lazy">'
    return f'<a href="{escape(link)}" target="_self" title="Open {name} in Inspect">{image}</a>'

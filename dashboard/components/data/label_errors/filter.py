"""What was said of images, and what models say of their labels, as a filter of the page."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from core.audit.label_errors import TAGS, HeldOut, Suspects, held_out, read_tags, suspects
from core.datasets import Dataset
from core.errors import InputError
from core.runs.run import Run
from dashboard import state
from dashboard.components.markdown import plain

TAG = "data_tag"
ALL, SUSPECTED = "all", "suspected"


def choose_tagged(dataset: Dataset, choice: Callable[[str, str, list[str], int], str]) -> np.ndarray | None:
    """Draw the choice and give which images pass; None if all do.

    Parameters
    ----------
    dataset : Dataset
    choice : callable of (title, key, options, width)
        Draws a select box of the filter.

    Returns
    -------
    ndarray of shape (n_samples,), bool, or None
    """
    chosen = choice("Label reviewed as", TAG, [SUSPECTED, *TAGS], 170)
    if chosen == ALL:
        return None
    try:
        if chosen == SUSPECTED:
            names = found_suspects(dataset, int(st.session_state.get("data_labels") or 2))[1].by_most["sample_id"]
        else:
            names = [sample_id for sample_id, said in read_tags(dataset.fingerprint).items() if said.tag == chosen]
    except InputError as error:
        st.warning(plain(str(error)))
        return None
    return dataset.samples["sample_id"].isin(names).to_numpy()


def found_suspects(dataset: Dataset, n_classes: int) -> tuple[HeldOut, Suspects]:
    """Held-out scores of all finished runs on a data set, and what they contradict; once for each set of files."""
    runs = state.finished_runs()
    return _found(state.identities(runs), dataset.digest, n_classes, dataset, runs)


@st.cache_resource(max_entries=4, show_spinner="Reading the held-out scores of the runs …")
def _found(key: tuple, digest: str, n_classes: int, _dataset: Dataset, _runs: list[Run]) -> tuple[HeldOut, Suspects]:
    held = held_out(_dataset, _runs, n_classes)
    return held, suspects(_dataset, held)

"""Choose which curve to see, and for more than two classes which class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.errors import InputError
from core.runs import Run
from dashboard.components.address import preset


def pick_curve(key: str, curves: Sequence[str]) -> str:
    """One of several curves; only that one is computed."""
    preset(key, curves, curves[0])
    return st.segmented_control("Curve", curves, key=key, required=True, wrap=True, label_visibility="collapsed", bind="query-params")


def pick_class(key: str, class_names: tuple[str, ...]) -> int:
    """The class that a curve sets against the rest; of two classes always the second."""
    if len(class_names) == 2:
        return 1
    preset(key, class_names, class_names[-1])
    return class_names.index(st.segmented_control("Class", class_names, key=key, required=True, wrap=True, bind="query-params"))


def histories(runs: Mapping[str, Run]) -> dict[str, pd.DataFrame]:
    """Each run's history by label; a broken one is named and left out."""
    found = {}
    for label, run in runs.items():
        try:
            found[label] = run.history
        except InputError as error:
            st.warning(str(error))
    return found

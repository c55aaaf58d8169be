"""Links from one page to what another shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, quote, urlencode

import streamlit as st


def compare_link(names: Sequence[str], label: str = "Compare", enabled: bool | None = None) -> None:
    """A link to Compare with these runs chosen; greyed out without any, unless `enabled`."""
    st.page_link(
        "views/compare.py",
        label=label,
        icon=":material/compare_arrows:",
        query_params={"compare_runs": list(names)} if names else None,
        disabled=not (names or enabled),
    )


def inspect_link(label: str = "Inspect an image", runs: Sequence[str] = (), sample_id: str | None = None, data: str | None = None) -> None:
    """A link to Inspect, with runs and a sample chosen, of another data set than the dashboard was started with if `data` names one."""
    query = {"inspect_runs": list(runs)} if runs else {}
    query |= {key: [value] for key, value in (("inspect_sample", sample_id), ("inspect_data", data)) if value}
    st.page_link("views/inspect.py", label=label, icon=":material/search:", query_params=query or None)


def back_link(key: str) -> None:
    """A link back to the comparison from which a link led here, as it stood; nothing for a visitor who came another way.

    Parameters
    ----------
    key : str
        What this page's address calls the query string of the comparison.
    """
    came_from = parse_qs(st.query_params.get(key, ""))
    if came_from.get("compare_runs"):
        st.page_link("views/compare.py", label="Back to the comparison", icon=":material/arrow_back:", query_params=came_from)


def data_link(label: str = "Explore the data") -> None:
    """A link to Data."""
    st.page_link("views/data.py", label=label, icon=":material/stacked_bar_chart:")


def train_link(label: str = "Train a model", settings: Mapping[str, str] | None = None) -> None:
    """A link to Train, whose form starts with these settings of a recipe."""
    query = {"train_set": [",".join(f"{name}={value}" for name, value in settings.items())]} if settings else None
    st.page_link("views/train.py", label=label, icon=":material/model_training:", query_params=query)


def inspect_address(sample_id: str, runs: Sequence[str], back: str = "", data: str | None = None) -> str:
    """The address of Inspect with this sample and these runs; `back` is the query string that leads back to the comparison, `data` the
    path of images other than those that the dashboard was started with.
    """
    query = {"inspect_sample": sample_id, "inspect_runs": list(runs)} | ({"inspect_from": back} if back else {})
    query |= {"inspect_data": data} if data else {}
    return f"inspect?{urlencode(query, doseq=True, quote_via=quote)}"

"""The settings in which the chosen runs differ, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.reporting.differing_settings import MEANING, SETTING, differing_settings
from core.runs.run import Run
from dashboard.components.compare.tables.table_export import export_button


def show_settings(runs: Mapping[str, Run], key: str = "compare_settings") -> None:
    """A table that opens; nothing for one run.

    Parameters
    ----------
    runs : mapping of str to Run
        By what each is called here.
    key : str
    """
    if len(runs) < 2:
        return
    box = st.expander("Settings that differ", key=key, on_change="rerun", bind="query-params", icon=":material/tune:")
    if not box.open:
        return
    with box:
        table = differing_settings(runs)
        if table.empty:
            st.caption("These runs were trained with the same settings, as far as they are known.")
            return
        columns = {SETTING: st.column_config.TextColumn(pinned=True), MEANING: st.column_config.TextColumn(width="large")}
        st.dataframe(table, hide_index=True, column_config=columns, alt=f"Settings in which {', '.join(runs)} differ")
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption("The settings of a run that was trained elsewhere are not known (–); a mean of runs has theirs.", width="content")
            export_button(table, table.drop(columns=MEANING), "settings")

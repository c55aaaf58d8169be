"""The files that could not be read."""

from __future__ import annotations

import pandas as pd
import streamlit as st

MOST_LISTED = 1000


def show_unreadable(files: pd.DataFrame) -> None:
    """Reasons with their counts, the first thousand files, all as CSV; nothing if every file could be read."""
    if files.empty:
        return
    with st.expander(f"{len(files):,} files could not be read and are left out"):
        reasons = files["reason"].value_counts().rename_axis("Reason").rename("Files").reset_index()
        st.dataframe(reasons, hide_index=True, alt="Why files could not be read")
        st.dataframe(files.head(MOST_LISTED), hide_index=True, alt="Unreadable files with reasons")
        st.download_button("All of them (CSV)", files.to_csv(index=False), "unreadable.csv", "text/csv", icon=":material/download:")

"""What a data set's folder holds and the page does not count: files that cannot be read or used, and whole folders."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.datasets.folders.left_out import n_files, reason_alone
from core.text import as_csv
from dashboard.components.markdown import plain

MOST_LISTED = 1000


def show_unreadable(left_out: pd.DataFrame) -> None:
    """Reasons with their counts, the first thousand files and folders, all as CSV; nothing if every file is used."""
    if left_out.empty:
        return
    counts = n_files(left_out)
    with st.expander(f"{counts.sum():,} {'file is' if counts.sum() == 1 else 'files are'} left out, and why"):
        st.caption("Files that cannot be read, are not images, or lie where their split or class is unclear. A whole folder is one line.")
        reasons = counts.groupby(reason_alone(left_out)).sum().sort_values(ascending=False, kind="stable")
        table = reasons.rename_axis("Reason").rename("Files").reset_index()
        st.dataframe(table, hide_index=True, alt="Why files are left out")
        st.dataframe(left_out.head(MOST_LISTED), hide_index=True, alt="Files and folders that are left out, with reasons")
        st.download_button("Download the list (CSV)", as_csv(left_out), "left_out.csv", "text/csv", icon=":material/download:")


def show_notes(notes: tuple[str, ...]) -> None:
    """What a reader must know of how the data were read; nothing if there is nothing."""
    if notes:
        st.info("  \n".join(plain(note) for note in notes), icon=":material/info:")

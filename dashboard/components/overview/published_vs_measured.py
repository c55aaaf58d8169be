"""Published beside measured: what each write-up reports, and what its system reaches under one protocol."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.reporting.published_results import literature
from core.reporting.published_vs_measured import METRICS, figure_text, replication
from core.runs.run import Run
from core.text import as_csv
from dashboard import state

COMMAND = "python -m core reproduce --data DATA"
HELP = (
    "Mean over our seeds ± their standard deviation, and in brackets the 95 % interval that the 624 test images leave (mean ends of the "
    "runs' own intervals)."
)


def replication_section(runs: list[Run]) -> None:
    """Tables of two- and three-class systems, why each differs, other published results, and a download."""
    table = replication(runs, state.evaluation)
    for n_classes, part in table.groupby("n_classes"):
        st.markdown(f"**{'Two' if n_classes == 2 else 'Three'} classes**")
        st.dataframe(
            written(part),
            hide_index=True,
            column_config={
                "System": st.column_config.TextColumn(pinned=True),
                "Why it differs": st.column_config.TextColumn(width="large"),
                **{title: st.column_config.TextColumn(help=HELP) for title in METRICS.values()},
            },
            alt=f"Published and measured figures of {len(part)} systems with {n_classes} classes.",
        )
    if (table["n_runs"] == 0).any():
        st.caption(f"Systems without a run here: train them all with `{COMMAND}`; what is finished is kept.")
    with st.expander("Other published results on the same 624 images"):
        others = literature().rename(columns=METRICS | {"source": "Source", "n_classes": "Classes", "note": "Note"})
        st.dataframe(others, hide_index=True, placeholder="–", alt="Published results of others on the 624 test images.")
        st.caption("Figures of 98–99 % are left out: they come from random re-splits, which put images of one patient on both sides.")
    st.download_button("Download the table (CSV)", as_csv(table), "pneumolens-published-and-measured.csv", icon=":material/download:")


def written(table: pd.DataFrame) -> pd.DataFrame:
    """The table as a person reads it; metrics that nobody reports or measured are left out."""
    rows = []
    for row in table.to_dict("records"):
        cells = {"System": row["title"], "Seeds": len(row["seeds"])}
        for metric, title in METRICS.items():
            if table[f"published_{metric}"].notna().any():
                cells[f"{title}, published"] = f"{row[f'published_{metric}']:.3f}" if pd.notna(row[f"published_{metric}"]) else "–"
            if table[metric].notna().any():
                cells[title] = figure_text(row, metric)
        rows.append(cells | {"Why it differs": row["why"]})
    return pd.DataFrame(rows)

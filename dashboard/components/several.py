"""Several pictures at once: a table with every run's call, the reasons against them, and a file of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.errors import InputError
from core.prediction import Prediction
from core.run import Run
from dashboard.components.reading import predict
from dashboard.components.upload import Picture, decode


def show_several(pictures: Sequence[Picture], labelled: Mapping[str, Run]) -> Picture | None:
    """Score all pictures, list them, and return the one chosen in the table: by default the first that is usable.

    One bad file never stops the others: its row says why it is left out.
    """
    table = _table(pictures, labelled)
    st.markdown(tally(table))
    chosen = st.dataframe(
        table,
        hide_index=True,
        placeholder="–",
        key="inspect_files",
        on_select="rerun",
        selection_mode="single-row",
        column_config=_columns(table),
    )
    st.download_button("All results, CSV", table.to_csv(index=False).encode(), "predictions.csv", "text/csv", icon=":material/download:")
    usable = [row for row in range(len(pictures)) if not table["error"].iloc[row]]
    rows = [row for row in chosen["selection"]["rows"] if row in usable] or usable[:1]
    if rows:
        st.caption(f"Below: **{pictures[rows[0]].name}**. Choose another row to inspect it.")
    return pictures[rows[0]] if rows else None


def tally(table: pd.DataFrame) -> str:
    """``**50 files**, 45 scored, 2 refused with the reason, 3 left out with the reason``; refused is what every model refuses."""
    bad = table["error"] != ""
    calls = table[[name for name in table if name.endswith(": call")]]
    refused = ~bad & (calls.eq("refused") | calls.isna()).all(axis=1) & bool(calls.shape[1])
    usable = "scored" if calls.shape[1] else "readable"  # without a model there are no scores
    counts = {usable: ~bad & ~refused, "refused with the reason": refused, "left out with the reason": bad}
    parts = [f"{chosen.sum()} {what}" for what, chosen in counts.items() if chosen.any() or what == usable]
    return f"**{len(table)} files**, {', '.join(parts)}"


def _table(pictures: Sequence[Picture], labelled: Mapping[str, Run]) -> pd.DataFrame:
    bar, rows = st.progress(0.0, text="Scoring …"), []
    for done, picture in enumerate(pictures, start=1):
        rows.append(_row(picture, labelled))
        bar.progress(done / len(pictures), text=f"Scoring: {done} of {len(pictures)} files")
    bar.empty()
    columns = list(dict.fromkeys(column for row in rows for column in row if column not in ("checks", "error")))
    return pd.DataFrame(rows, columns=[*columns, "checks", "error"]).fillna({"checks": "", "error": ""})


def _row(picture: Picture, labelled: Mapping[str, Run]) -> dict:
    row: dict = {"file": picture.name}
    try:
        height, width = decode(picture)[0].shape
        row["size"] = f"{width}×{height}"
    except InputError as error:
        return row | {"error": str(error)}
    predictions, faults = _predictions(picture, labelled)
    if faults and not predictions:
        return row | {"error": " ".join(dict.fromkeys(faults.values()))}
    for label, prediction in predictions.items():
        healthy, *sick = prediction.probabilities
        row[f"{label}: call"] = "refused" if prediction.refused else prediction.label
        row[f"{label}: p({' or '.join(sick).lower()})"] = None if prediction.refused else 1 - prediction.probabilities[healthy]
    sentences = dict.fromkeys(text for prediction in predictions.values() for text in prediction.warnings)
    unscored = [f"{label}: {reason}" for label, reason in faults.items()]
    return row | {"checks": " ".join([*sentences, *unscored]), "error": ""}


def _predictions(picture: Picture, labelled: Mapping[str, Run]) -> tuple[dict[str, Prediction], dict[str, str]]:
    """What each run says of a picture, and why others say nothing: a run without a model stops no other."""
    found, faults = {}, {}
    for label, run in labelled.items():
        try:
            found[label] = predict(run, picture)
        except InputError as error:
            faults[label] = str(error)
    return found, faults


def _columns(table: pd.DataFrame) -> dict:
    scores = {name: st.column_config.NumberColumn(name, format="%.3f") for name in table if ": p(" in name}
    texts = {"checks": "What speaks against the score", "error": "Left out because"}
    return scores | {name: st.column_config.TextColumn(title, width="large") for name, title in texts.items()}

"""Several pictures at once: a table with every run's verdict and the reasons for doubt, and a file of it; a click shows a row's film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.errors import InputError
from core.inference.prediction import Prediction
from core.runs.run import Run
from core.text import as_csv
from dashboard.components.inspect.analysis import predict
from dashboard.components.inspect.film.chooser import show
from dashboard.components.inspect.film.picture import Picture, size_of
from dashboard.components.inspect.map_checks import verdicts_of
from dashboard.components.inspect.remarks import NONE, notes_of_session
from dashboard.components.markdown import plain

TABLE = "inspect_files"
ROWS_SEEN, ROW, HEAD = 4, 35, 38  # the rest is scrolled to, so that the film below stays in sight; heights in pixels
TEXTS = {"reasons_for_doubt": "Reasons for doubt", "map_checks": "Checks of the map", "error": "Left out because"}
MEASURED = "measured"  # a column of the file alone: the distances behind the reasons


def show_several(pictures: Sequence[Picture], shown: Picture, labelled: Mapping[str, Run]) -> None:
    """Score all pictures and list them, the one shown marked; a click anywhere in a row shows that one.

    One bad file never stops the others: its row says why it is left out.
    """
    table = _table(pictures, labelled)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"{tally(table)}. Below: **{plain(shown.name)}**; click a row for another.", width="content")
        csv = partial(_csv, table, pictures, notes_of_session())
        st.download_button("All results, CSV", csv, "predictions.csv", "text/csv", icon=":material/download:", on_click="ignore")
    marks = ["▶" if picture.key == shown.key else "" for picture in pictures]
    st.dataframe(
        table.assign(shown=marks),
        hide_index=True,
        height=HEAD + ROW * min(len(table), ROWS_SEEN),
        placeholder="–",
        key=TABLE,
        on_select=lambda: _follow(pictures),
        selection_mode="single-cell",
        column_order=["shown", *(name for name in table if name != MEASURED and (name not in TEXTS or table[name].any()))],
        column_config=_columns(table),
        alt="Your images with each model's verdict and the reasons for doubt",
    )


def tally(table: pd.DataFrame) -> str:
    """``**50 files**, 45 scored, 2 refused with the reason, 3 left out with the reason``; refused is what every model refuses."""
    bad = table["error"] != ""
    calls = table[[name for name in table if name.endswith(": verdict")]]
    refused = ~bad & (calls.eq("refused") | calls.isna()).all(axis=1) & bool(calls.shape[1])
    usable = "scored" if calls.shape[1] else "readable"  # without a model there are no scores
    counts = {usable: ~bad & ~refused, "refused with the reason": refused, "left out with the reason": bad}
    parts = [f"{chosen.sum()} {what}" for what, chosen in counts.items() if chosen.any() or what == usable]
    files = "1 file" if len(table) == 1 else f"{len(table)} files"
    return f"**{files}**, {', '.join(parts)}"


def _follow(pictures: Sequence[Picture]) -> None:
    """Show the picture in whose row a cell was clicked."""
    cells = st.session_state[TABLE]["selection"]["cells"]
    if cells and cells[0][0] < len(pictures):
        show(pictures[cells[0][0]].key)


def _table(pictures: Sequence[Picture], labelled: Mapping[str, Run]) -> pd.DataFrame:
    bar, rows = st.progress(0.0, text="Scoring …"), []
    for done, picture in enumerate(pictures, start=1):
        rows.append(_row(picture, labelled))
        bar.progress(done / len(pictures), text=f"Scoring: {done} of {len(pictures)} files")
    bar.empty()
    columns = list(dict.fromkeys(column for row in rows for column in row if column not in (*TEXTS, MEASURED)))
    texts = (*TEXTS, MEASURED)
    return pd.DataFrame(rows, columns=[*columns, *texts]).fillna(dict.fromkeys(texts, ""))


def _csv(table: pd.DataFrame, pictures: Sequence[Picture], notes: Mapping[str, tuple[str, str]]) -> bytes:
    """The table with the tag and the note of each film, as they are when the file is asked for."""
    tags, texts = zip(*(notes.get(picture.digest, NONE) for picture in pictures), strict=True)
    return as_csv(table.assign(tag=tags, note=texts)).encode()


def _row(picture: Picture, labelled: Mapping[str, Run]) -> dict:
    row: dict = {"file": picture.name}
    try:
        height, width = size_of(picture)
        row["size"] = f"{width}×{height}"
    except InputError as error:
        return row | {"error": str(error)}
    predictions, faults = _predictions(picture, labelled)
    if faults and not predictions:
        return row | {"error": " ".join(dict.fromkeys(faults.values()))}
    for label, prediction in predictions.items():
        healthy, *sick = prediction.probabilities
        row[f"{label}: verdict"] = "refused" if prediction.refused else prediction.verdict
        row[f"{label}: p({' or '.join(sick).lower()})"] = None if prediction.refused else 1 - prediction.probabilities[healthy]
    maps = [f"{label}, {sentence}" for label in predictions for sentence in verdicts_of(picture, labelled[label])]
    doubts, measured = (" ".join(_by_models(predictions, kind)) for kind in ("doubts", "warnings"))
    left = [f"{label}: {reason}" for label, reason in faults.items()]
    texts = {"reasons_for_doubt": " ".join([doubts, *left]).strip(), MEASURED: "" if measured == doubts else measured}
    return row | texts | {"map_checks": " ".join(maps), "error": ""}


def _by_models(predictions: Mapping[str, Prediction], kind: str) -> list[str]:
    """Each sentence of the predictions' attribute `kind` once, whose it is where not all models give it."""
    found: dict[str, list[str]] = {}
    for label, prediction in predictions.items():
        for sentence in getattr(prediction, kind):
            found.setdefault(sentence, []).append(label)
    return [text if len(labels) == len(predictions) else f"{' and '.join(labels)}: {text}" for text, labels in found.items()]


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
    texts = {name: st.column_config.TextColumn(title, width="large") for name, title in TEXTS.items()}
    marked = {"shown": st.column_config.TextColumn("", width=30, help="The film shown below"), "file": "File", "size": "Pixels"}
    return marked | scores | texts

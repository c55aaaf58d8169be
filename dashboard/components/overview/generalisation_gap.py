"""From validation to test: the gap of every run, and whether removing the clues would have foretold it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.counted import counted
from core.errors import InputError
from core.images.corruptions import VARIANTS
from core.metrics.generalisation import FEWEST, RULE_TITLES, SERIES, WORST, by_rule, rates_text
from core.reporting.published_vs_measured import METRICS
from core.runs.identity import group_runs
from core.runs.identity.settings import twins
from core.runs.run import Run
from core.text import as_csv
from dashboard import state
from dashboard.components.after_paint import painted
from dashboard.components.query_params import preset
from dashboard.figures.generalisation import MARKS, generalisation_figure

METRIC = "overview_gap_metric"
BY_TITLE = {title: metric for metric, title in METRICS.items()}


@st.fragment
def generalisation_section(runs: list[Run]) -> None:
    """A chart and a table for a metric; a download of everything.

    Parameters
    ----------
    runs : list of Run
        Finished ones, those that left a series of films out among them.
    """
    tables = gaps(runs)
    if tables.empty:
        st.info("No run has predictions on validation and test yet.")
        return
    st.markdown(
        "Validation images come from the training folder and share its clues, so scores on them are too high. **Altered** validation "
        f"images are the same with one clue removed at a time ({', '.join(VARIANTS)}); nothing is "
        "chosen on test. **Worst group**: the films that look alike in which the figure is lowest, of the appearance groups with at least "
        f"{FEWEST['val']} films that it counts on validation, {FEWEST['test']} on test. **Series held out**: films of another series of "
        "file names, which a training of the same recipe left out. Each mark is one run."
    )
    metric = _choose_metric([title for title, name in BY_TITLE.items() if name in tables])
    shown = tables[tables[BY_TITLE[metric]].notna()]
    systems = _by_group(shown[shown["images"].isin(MARKS)], BY_TITLE[metric])
    n_runs = sum(map(len, systems.values()))
    if painted("the chart"):
        st.plotly_chart(
            generalisation_figure(systems, metric), alt=f"{metric} of {n_runs} runs on validation, altered validation and test images."
        )
    with st.expander(f"{metric} of each run on each set of images"):
        st.dataframe(_wide(shown, BY_TITLE[metric]), hide_index=True, placeholder="–", alt=f"{metric} by run and images.")
    rules_box = st.expander("What each rule for the threshold gives on test", key="overview_rules", on_change="rerun", bind="query-params")
    if rules_box.open:
        with rules_box:
            _show_rules([run for run in runs if not run.config.recipe.left_out], dict(zip(tables["run"], tables["name"], strict=True)))
    st.download_button("Download all figures (CSV)", as_csv(tables), "pneumolens-validation-to-test.csv", icon=":material/download:")
    if not (tables["images"] == SERIES).any():
        st.caption(
            "No run here left a series of films out of its training; "
            "`python -m core crossfit SYSTEM --left-out series=IM --data DATA --models DIR` makes some."
        )
    told = shown[shown["images"] != SERIES]
    if without := told["run"].nunique() - told.query("images == 'battery mean'")["run"].nunique():
        st.caption(
            f"Not yet scored on altered validation images: {counted(without, 'run')}; `python -m core battery RUN --data DATA` does it "
            "without touching test."
        )


def _choose_metric(titles: list[str]) -> str:
    preset(METRIC, titles, "AUC" if "AUC" in titles else titles[0], {BY_TITLE[title]: title for title in titles})
    return st.segmented_control("Metric", titles, key=METRIC, required=True, wrap=True, bind="query-params")


def _by_group(table: pd.DataFrame, metric: str) -> dict[str, dict[str, dict[str, float]]]:
    """Group to run to set of images to value, the group with the best run on test first."""
    best = table[metric].where(table["images"] == "test").groupby(table["group"]).max().sort_values(ascending=False)
    return {
        group: {
            name: dict(zip(row["images"], row[metric], strict=True))
            for name, row in table[table["group"] == group].groupby("name", sort=False)
        }
        for group in best.index
    }


def _show_rules(runs: list[Run], names: dict[str, str]) -> None:
    """A line for each run of two classes, a column for each rule."""
    table = rules(runs, names)
    if table.empty:
        st.caption("Only runs of two classes have a threshold.")
        return
    columns = {"Run": st.column_config.TextColumn(pinned=True)}
    st.dataframe(table, hide_index=True, placeholder="–", column_config=columns, alt="Test metrics of each run at each of its thresholds.")
    st.caption(
        "Accuracy (sensitivity / specificity) on the test images. Each threshold is 0.5 or was chosen on validation images, plain or "
        "altered, without a look at test; to recommend the one that does best here would be to choose on test."
    )


def rules(runs: list[Run], names: dict[str, str]) -> pd.DataFrame:
    """Each two-class run on test at each of its thresholds, the seeds of a system together."""
    rows = []
    for run in runs:
        found = by_rule(run) if run.name in names else pd.DataFrame()
        if len(found):
            figures = {title: rates_text(found.loc[rule]) for rule, title in RULE_TITLES.items() if rule in found.index}
            rows.append({"Run": names[run.name]} | figures | {"Test images": int(found["n_samples"].iloc[0])})
    return pd.DataFrame(rows).sort_values("Run", ignore_index=True) if rows else pd.DataFrame()


def gaps(runs: list[Run]) -> pd.DataFrame:
    """Every run on every set of images; runs that cannot be read are left out.

    Returns
    -------
    DataFrame
        ``run, group, name, images, n_samples, <metric>…``
    """
    parts, names = [], state.names()
    groups = {run.name: group.name for group in group_runs(runs) for run in group.runs}
    for run in runs:
        try:
            found = state.generalisation(run)
        except InputError:
            continue
        name, group = names.get(run.name, run.name), groups[run.name]
        if run.config.recipe.left_out:
            group = next((groups[other.name] for other in runs if not other.config.recipe.left_out and twins(other, run)), group)
            found = found.loc[found.index == SERIES]
        parts.append(found.rename_axis("images").reset_index().assign(run=run.name, group=group, name=name))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _wide(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    wide = table.pivot_table(index="name", columns="images", values=metric, sort=False).round(3)
    order = ["validation", WORST["val"], *VARIANTS, "battery mean", "battery worst", SERIES, "test", WORST["test"]]
    shown = wide[[name for name in order if name in wide]].rename(columns=lambda name: name.replace("battery", "altered,"))
    return shown.rename_axis("Run").reset_index()

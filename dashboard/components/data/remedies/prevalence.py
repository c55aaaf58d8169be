"""What sensitivity and specificity mean for a patient, by how many patients are ill."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.datasets import Dataset
from core.datasets.imbalance import predictive_values
from core.errors import InputError
from core.metrics import decision_curve as utility
from core.metrics.evaluation import Evaluation
from core.metrics.statistics.intervals import in_figures, with_interval
from core.runs.run import Run
from dashboard import state
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.components.runs.run_picker import best_recipe_first, usable_runs
from dashboard.components.stacked_table import show_stacked
from dashboard.figures.remedies import predictive_curves

OWN = "your own numbers"
SCREENING = 5


def prevalence_panel(shares: dict[str, float], dataset: Dataset) -> None:
    """The slider and what follows from it.

    Parameters
    ----------
    shares : dict of str to float
        Share of ill patients by what it is called, such as train and test.
    dataset : Dataset
        Which these are of.
    """
    runs = best_recipe_first([run for run in usable_runs()[0] if _measured(run)])
    controls, results = st.columns([2, 3])
    with controls:
        names = state.names()
        titles = {run.name: names.get(run.name, run.name) for run in runs}
        options = [*titles.values(), OWN]
        preset("data_operating", options, options[0], titles)
        title = st.selectbox("Sensitivity and specificity of", options, key="data_operating", bind="query-params")
        run = next((run for run in runs if titles[run.name] == title), None)
        evaluation = _evaluation(run)
        sensitivity, specificity = _rates(evaluation, of_other_data(run, dataset) if run else "")
        usual = min(99, max(1, round(100 * shares.get("test", 0.62))))
        percent = st.slider("Patients who are ill (%)", 1, 99, usual, key="data_prevalence", bind="query-params")
        _thousand(sensitivity, specificity, percent / 100)
    with results:
        places = {f"among the {split} images": share for split, share in shares.items()}
        places |= {"in screening": SCREENING / 100, "at your setting": percent / 100}
        table = values_table(places, sensitivity, specificity, evaluation)
        show_stacked(table.assign(Ill=table["Ill"].map("{:.1f} %".format)), "Predictive values by share of ill patients")
        st.caption(
            "PPV: share of positive results that are ill. NPV: share of negative results that are healthy. In brackets: 95 % interval."
        )
        with st.expander("PPV and NPV at every prevalence", key="data_curves", on_change="rerun", bind="query-params") as curves:
            if curves.open:
                _curves(sensitivity, specificity, percent / 100)


def values_table(places: dict[str, float], sensitivity: float, specificity: float, evaluation: Evaluation | None) -> pd.DataFrame:
    """PPV and NPV where that share of the patients is ill; with 95 % intervals where a run measured the rates."""
    rows = []
    for title, share in places.items():
        row = {"Where": title, "Ill": 100 * share}
        if evaluation and 0 < share < 1:
            found = utility.predictive_values(evaluation, share)
            rows.append(row | {"PPV": with_interval(found["ppv"]), "NPV": with_interval(found["npv"])})
        else:
            ppv, npv = predictive_values(sensitivity, specificity, share)
            rows.append(row | {"PPV": in_figures(ppv), "NPV": in_figures(npv)})
    return pd.DataFrame(rows)


def thousand(sensitivity: float, specificity: float, prevalence: float) -> tuple[int, int, int, int]:
    """Of 1,000 patients: ill ones found and missed, healthy ones called and cleared, rounded so that they add up."""
    ill = round(1000 * prevalence)
    found, called = round(sensitivity * ill), round((1 - specificity) * (1000 - ill))
    return found, ill - found, called, 1000 - ill - called


def _thousand(sensitivity: float, specificity: float, prevalence: float) -> None:
    found, missed, called, cleared = thousand(sensitivity, specificity, prevalence)
    st.markdown(
        f"Of 1,000 patients **{found + missed:,}** are ill: **{found:,}** are found, **{missed:,}** missed. "
        f"Of the {called + cleared:,} healthy, **{called:,}** get a false alarm."
    )


def _evaluation(run) -> Evaluation | None:
    if run is None:
        return None
    try:
        return state.evaluation(run)
    except InputError as error:
        st.warning(plain(error))
        return None


def of_other_data(run: Run, dataset: Dataset) -> str:
    """`` of chest_xray. Those are not the images of this page …``; empty where a run was scored on the images of this page."""
    if run.config.fingerprint == dataset.fingerprint:
        return ""
    title = plain(run.config.data_title) or "a data set without a name"
    return f" of {title}. Those are not the images of this page, on which this model may find and clear other shares"


def _rates(evaluation: Evaluation | None, of: str) -> tuple[float, float]:
    """Those of a run, or of two sliders."""
    if evaluation is None:
        left, right = st.columns(2)
        sensitivity = left.number_input("Sensitivity (%)", 0.0, 100.0, 95.0, 1.0, key="data_sensitivity", bind="query-params")
        specificity = right.number_input("Specificity (%)", 0.0, 100.0, 80.0, 1.0, key="data_specificity", bind="query-params")
        return sensitivity / 100, specificity / 100
    rates = evaluation.metrics["sensitivity"], evaluation.metrics["specificity"]
    n = "1 test image" if evaluation.n_samples == 1 else f"{evaluation.n_samples:,} test images"
    st.caption(f"Sensitivity {with_interval(rates[0])}, specificity {with_interval(rates[1])} on {n}{of}.")
    return rates[0].value, rates[1].value


def _measured(run: Run) -> bool:
    """Whether a run of two classes has both rates; a test set of one class leaves one of them undefined."""
    return run.config.n_classes == 2 and run.predictions.query("split == 'test'")["y_true"].nunique() == 2


def _curves(sensitivity: float, specificity: float, prevalence: float) -> None:
    grid = np.linspace(0.005, 0.995, 199)
    ppv, npv = np.array([predictive_values(sensitivity, specificity, share) for share in grid]).T
    figure = predictive_curves(grid, ppv, npv, {"your setting": prevalence})
    st.plotly_chart(figure, key="data_predictive", config={"displayModeBar": False}, alt="PPV and NPV over the prevalence")

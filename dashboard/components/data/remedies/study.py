"""What remedies for imbalance changed in runs that differ in nothing else: the paired difference to none, and a sentence on what helped."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256

import pandas as pd
import streamlit as st

from core.architectures import get_system
from core.counted import counted
from core.datasets import Dataset
from core.groups import groups_at_hand
from core.metrics.kept import kept
from core.metrics.statistics.intervals import Estimate
from core.metrics.subgroups.worst import FEWEST as FEWEST_ELSEWHERE
from core.studies.remedies import NONE, THRESHOLD
from core.studies.remedy_effects import BALANCED, FEWEST, WORST, Effect, effects, in_points, what_helped
from core.studies.remedy_runs import Study, find_study
from dashboard import state
from dashboard.components.data.remedies.measured import NAMES
from dashboard.components.stacked_table import show_stacked
from dashboard.figures.remedy_effects import effects_figure

SPLITS = {"val": "Validation", "test": "Test"}
WORST_IS = (
    f"Worst group: lowest share called right of a class in a group of similar-looking films with at least {FEWEST} of the class, on "
    f"validation and on test; the leaderboards ask for {FEWEST_ELSEWHERE} on test."
)
STILL = {"displayModeBar": False}
Found = dict[str, list[Effect]]


def study_of(dataset: Dataset, n_classes: int) -> tuple[Study, Found] | None:
    """The runs on a data set that differ in remedies alone, archived ones among them, and what each remedy changed; None without any."""
    runs, _ = state.all_runs()
    study = find_study(runs, dataset.fingerprint, n_classes)
    if study is None:
        return None
    grouping = groups_at_hand(dataset)
    groups = grouping and dict(zip(dataset.samples["sample_id"], grouping.codes.tolist(), strict=True))
    return study, _measured((state.identities(study.all_runs), grouping and (grouping.k, dataset.digest)), study, groups)


def show_difference(study: Study, found: Found, remedy: str) -> None:
    """A table of what one remedy changed; for none, of what the runs without a remedy reach."""
    key = THRESHOLD if remedy == NONE else remedy
    if not found.get(key):
        return
    table = pd.DataFrame([_row(effect, remedy) for effect in found[key]])
    show_stacked(table, "What the remedy changed")
    worst = f" {WORST_IS}" if any(effect.metric == WORST for effect in found[key]) else ""
    if remedy == NONE:
        st.caption(f"Runs without a remedy.{worst}")
        return
    seeds = "; ".join(f"{one:+.1f}".replace("-", "−") for one in (100 * value for value in _balanced_on_test(found[key])))
    st.caption(f"Differences in percentage points with 95 % intervals. Balanced accuracy on test, seed by seed: {seeds}.{worst}")


def show_all(study: Study, found: Found, titles: dict[str, str]) -> None:
    """Every remedy at a glance, and in a sentence what helped."""
    named = {key: found[key] for key in titles if found.get(key)}
    if not named:
        st.info("The seeds of these runs held out different patients, so their differences cannot be averaged: set `validation_seed`.")
        return
    st.markdown(f"**What helped.** Test, points of balanced accuracy: {what_helped(named, NAMES)} {_worst_group(named)}")
    places = {
        where: {titles[key]: _ends(effect) for key, part in named.items() for effect in part if (effect.split, effect.metric) == what}
        for where, what in (("Validation", ("val", BALANCED)), ("Worst group of validation", ("val", WORST)), ("Test", ("test", BALANCED)))
    }
    order = [titles[key] for key in named]
    alt = "Difference to no remedy in balanced accuracy on validation and test, and in the worst group, for each remedy"
    st.plotly_chart(effects_figure(order, {w: rows for w, rows in places.items() if rows}), key="data_effects", config=STILL, alt=alt)
    st.caption(how_measured(study))


def how_measured(study: Study) -> str:
    """What the runs are, and how the intervals were made."""
    counts = sorted({len(study.seeds(key)) for key in study.remedies})
    n_seeds = counted(counts[0], "seed") if len(counts) == 1 else f"{counts[0]} to {counts[-1]} seeds"
    title, epochs = get_system(study.system).title, study.runs[NONE][study.seeds(THRESHOLD)[0]].config.recipe.epochs
    return (
        f"{title}, {counted(epochs, 'epoch')}, {n_seeds} of each remedy and of none, alike in all else. Calls at 0.5; "
        "threshold moving uses the threshold that validation images chose for each run, so its gain there flatters. Balanced "
        f"accuracy: mean share of each class called right. {WORST_IS} 95 % intervals: bootstrap by patient, corrected for "
        f"{len(study.remedies)} remedies compared."
    )


@st.cache_data(max_entries=20, show_spinner="Comparing runs …")
def _measured(key: tuple, _study: Study, _groups: dict[str, int] | None) -> Found:
    what = f"remedies {sha256(repr(key).encode()).hexdigest()}"
    stored = kept(_study.all_runs[0], what, lambda: {key: [asdict(one) for one in part] for key, part in effects(_study, _groups).items()})
    return {remedy: [_as_effect(one) for one in part] for remedy, part in stored.items()}


def _as_effect(fields: dict) -> Effect:
    return Effect(**fields | {"difference": Estimate(**fields["difference"]), "by_seed": tuple(fields["by_seed"])})


def _row(effect: Effect, remedy: str) -> dict[str, str]:
    row = {"Images": f"{SPLITS[effect.split]}, {effect.metric}", "None": f"{100 * effect.without:.1f} %"}
    if remedy != NONE:
        row |= {"With": f"{100 * effect.with_:.1f} %", "Difference": in_points(effect.difference)}
    return row | {"n": f"{effect.difference.n_samples:,}" + (" in all groups" if effect.metric == WORST else "")}


def _ends(effect: Effect) -> tuple[float, float, float]:
    one = effect.difference
    return one.value, one.low, one.high


def _balanced_on_test(found: list[Effect]) -> tuple[float, ...]:
    return next((part.by_seed for part in found if (part.split, part.metric) == ("test", BALANCED)), ())


def _worst_group(found: Found) -> str:
    said = what_helped(found, NAMES, "val", WORST)
    return f"Worst group of validation, points of its share called right: {said}" if said else ""

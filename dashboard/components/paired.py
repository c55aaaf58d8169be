"""Differences between two runs, in words that need no statistics to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.metrics.comparison import Difference, compare_runs
from core.runs import CARD, PREDICTIONS, Run

SIGNIFICANT = 0.05


def differences(a: Run, b: Run, threshold: str | float) -> list[Difference]:
    """Paired differences on the test images, computed once for each pair, operating point and set of predictions."""
    return _differences(_identity(a), _identity(b), threshold, a, b)


def show_differences(runs: Mapping[str, Run], threshold: str | float) -> None:
    """Each run against the first, in a sentence each."""
    (first, base), *others = runs.items()
    for label, run in others:
        st.markdown(sentence(differences(base, run, threshold), first, label))
    several = " Each p-value is for one difference on its own, not corrected for several." if len(others) > 1 else ""
    st.caption(
        f"On the same {_n_samples(differences(base, others[0][1], threshold)):,} images. In brackets: 95 % interval of the difference. "
        f"Counts are tested by McNemar's exact test, ROC AUC by a bootstrap over patients.{several}"
    )


def sentence(found: Sequence[Difference], a: str, b: str) -> str:
    """Differences of run `b` from run `a` as Markdown; counts instead of shares where both are possible."""
    by_metric = {difference.metric: difference for difference in found}
    if "sensitivity" in by_metric:
        counts = f"finds {_count(by_metric['sensitivity'], 'pneumonias')} and {_false_alarms(by_metric['specificity'])}"
    else:
        recalls = [d for name, d in by_metric.items() if name.startswith("recall_")]
        counts = "recognises " + "; ".join(_count(d, f"{d.metric.removeprefix('recall_').lower()} images") for d in recalls)
    rest = " and ".join(f"{title} {_shift(by_metric[name])}" for name, title in (("accuracy", "accuracy"), ("roc_auc", "ROC AUC")))
    return f"Against **{a}**, **{b}** {counts}. Its {rest}."


def p_text(p_value: float) -> str:
    """``p = 0.31, within chance`` or ``p < 0.001, more than chance``."""
    number = "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}" if p_value < 0.1 else f"p = {p_value:.2f}"
    return f"{number}, {'more than chance' if p_value < SIGNIFICANT else 'within chance'}"


def _n_samples(found: Sequence[Difference]) -> int:
    return max(difference.n_samples for difference in found)


def _count(difference: Difference, noun: str) -> str:
    n = round(difference.difference * difference.n_samples)
    return f"{_amount(n)} of the {difference.n_samples} {noun}{_chance(n, difference)}"


def _false_alarms(difference: Difference) -> str:
    n = -round(difference.difference * difference.n_samples)
    noun = "false alarm" if abs(n) == 1 else "false alarms"
    return f"raises {_amount(n)} {noun} on the {difference.n_samples} normal images{_chance(n, difference)}"


def _amount(n: int) -> str:
    return f"{abs(n)} {'more' if n > 0 else 'fewer'}" if n else "as many"


def _chance(n: int, difference: Difference) -> str:
    return f" ({p_text(difference.p_value)})" if n else ""


def _shift(difference: Difference) -> str:
    interval = f"{difference.low:+.3f} to {difference.high:+.3f}".replace("-", "−")
    if abs(difference.difference) < 0.0005:
        return f"is the same ({interval})"
    direction = "higher" if difference.difference > 0 else "lower"
    return f"is {abs(difference.difference):.3f} {direction} ({interval}; {p_text(difference.p_value)})"


@st.cache_data(max_entries=500, show_spinner=False)
def _differences(a: tuple, b: tuple, threshold: str | float, _a: Run, _b: Run) -> list[Difference]:
    return compare_runs(_a, _b, "test", threshold)


def _identity(run: Run) -> tuple:
    """What changes when a run's predictions or thresholds do."""
    files = (run.path / PREDICTIONS, run.path / CARD)
    return (str(run.path), *(file.stat().st_mtime_ns if file.exists() else 0 for file in files))

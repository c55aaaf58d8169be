"""What a paired comparison found, in a sentence that needs no statistics to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan

from core.counted import class_words
from core.metrics.comparison import Difference, pairs_of
from core.metrics.statistics.intervals import UNDEFINED, in_figures

SIGNIFICANT = 0.05


def verdict(found: Sequence[Difference], a: str, b: str, say_correction: bool = True) -> str:
    """One pair of runs in plain words: counts first, then whether chance explains them, then the areas under the curve.

    Parameters
    ----------
    found : sequence of Difference
        Of one pair, as `core.metrics.comparison.compare_panel` gives them.
    a, b : str
        What the runs are called.
    say_correction : bool
        Whether the sentence says for how many comparisons it is corrected; a list of sentences says it once.

    Returns
    -------
    str
        Such as "B finds 12 more pneumonias and raises 9 more false alarms than A; with 624 images that is within chance." Signs are those
        of `b` minus `a`; intervals and p-values are corrected alike where there are several pairs, and that is said.
    """
    by_metric = {difference.metric: difference for difference in found}
    n_samples = by_metric["accuracy"].n_samples
    rates = [by_metric[name] for name in ("sensitivity", "specificity") if name in by_metric and by_metric[name].n_samples]
    if rates:
        said = " and ".join(_PHRASES[rate.metric](counts(rate)) for rate in rates)
    else:
        rates = [difference for name, difference in by_metric.items() if name.startswith("recall_") and difference.n_samples]
        said = "recognises " + _listed([f"{_amount(counts(rate))} {_class_name(rate)} images" for rate in rates])
    n_different = by_metric["accuracy"].n_different
    area = by_metric["roc_auc"]
    corrected = _correction([*rates, area]) if say_correction else ""
    said = f"{b} {said} {_than(rates)} {a}; {_chance(rates, n_samples, n_different)}."
    return " ".join(filter(None, (said, _area(area), corrected)))


def by_size(found: Iterable[Difference]) -> dict[tuple[str, str], list[Difference]]:
    """Differences by pair of run names, the pair whose areas under the ROC curve differ most first; those without areas by accuracy.

    Parameters
    ----------
    found : iterable of Difference

    Returns
    -------
    dict of tuple of (str, str) to list of Difference
    """
    pairs = pairs_of(found)
    return dict(sorted(pairs.items(), key=lambda item: _size(item[1]), reverse=True))


def _size(of_pair: Sequence[Difference]) -> tuple[float, float]:
    by_metric = {difference.metric: abs(difference.difference) for difference in of_pair}
    area, accuracy = by_metric["roc_auc"], by_metric["accuracy"]
    return (-1.0 if isnan(area) else area), accuracy


def counts(rate: Difference) -> int:
    """How many more images of a rate's class run `b` gets right than run `a`."""
    return round(rate.difference * rate.n_samples)


def p_text(p_value: float) -> str:
    """``p = 0.31`` or ``p < 0.001``; an en dash where there is no test.

    Parameters
    ----------
    p_value : float

    Returns
    -------
    str
    """
    if isnan(p_value):
        return UNDEFINED
    if p_value < 0.001:
        return "p < 0.001"
    if p_value < SIGNIFICANT <= round(p_value, 3):
        return f"p = {p_value:.4f}"  # which would read as 0.05, and is less
    return f"p = {p_value:.2g}" if p_value < 0.1 else f"p = {p_value:.2f}"


def _found(n: int) -> str:
    return f"finds {_amount(n)} {_plural(n, 'pneumonia')}"


def _false_alarms(n: int) -> str:
    return f"raises {_amount(-n)} {_plural(n, 'false alarm')}"


_PHRASES = {"sensitivity": _found, "specificity": _false_alarms}
_TITLES = {"sensitivity": "the pneumonias", "specificity": "the false alarms"}


def _chance(rates: Sequence[Difference], n_samples: int, n_different: int | None) -> str:
    """Holm's p-values where there are several pairs; rates that do not differ need no test, but like totals are not like answers."""
    changed = [rate for rate in rates if counts(rate) or rate.p_value < 1]
    beyond = [rate for rate in changed if rate.p_adjusted < SIGNIFICANT]
    size = f"with {n_samples:,} {_plural(n_samples, 'image')}"
    if not changed and n_different:
        differ = f"they call {n_different:,} of {_these(n_samples)} differently"
        return f"the totals are the same, but {differ}, which is within chance ({_p_texts(rates)})"
    if not changed:
        return f"they give the same answer on {_each(n_samples)}"
    if not beyond:
        return f"{size} that is within chance ({_p_texts(changed)})"
    if len(beyond) == len(changed):
        return f"{size} that is more than chance ({_p_texts(changed)})"
    rest = [rate for rate in changed if rate not in beyond]
    return f"{size} {_named(beyond)} are more than chance ({_p_texts(beyond)}), {_named(rest)} within it ({_p_texts(rest)})"


def _named(rates: Sequence[Difference]) -> str:
    return _listed([_TITLES.get(rate.metric, f"the {_class_name(rate)} images") for rate in rates])


def _p_texts(rates: Sequence[Difference]) -> str:
    return _listed(list(dict.fromkeys(p_text(rate.p_adjusted) for rate in rates)))


def _area(area: Difference) -> str:
    if isnan(area.difference):
        return ""
    if isnan(area.p_adjusted):
        return f"Their ROC AUC differs by {_signed(area.difference)}: too few images to tell whether that is chance."
    if area.difference == 0 and area.p_adjusted == 1:
        return "Their ROC AUC is the same."
    chance = "more than chance" if area.p_adjusted < SIGNIFICANT else "within chance"
    interval = f"95 % interval {corrected_interval(area)}"
    return f"Difference in ROC AUC: {_signed(area.difference)} ({interval}, {p_text(area.p_adjusted)}), {chance}."


def corrected_interval(found: Difference) -> str:
    """``−0.011 to +0.003``, corrected like the p-value; an en dash where it is not defined.

    Parameters
    ----------
    found : Difference

    Returns
    -------
    str
    """
    return UNDEFINED if isnan(found.low_adjusted) else f"{_signed(found.low_adjusted)} to {_signed(found.high_adjusted)}"


def _correction(found: Sequence[Difference]) -> str:
    n_compared = max(difference.n_compared for difference in found)
    return f"Corrected for {n_compared} comparisons." if n_compared > 1 else ""


def _signed(difference: float) -> str:
    """With as many digits as it takes not to read as nothing; 0 itself without a sign."""
    if difference == 0:
        return "0"
    return in_figures(difference, "+.3f" if abs(difference) >= 0.0005 else "+.4f" if abs(difference) >= 0.00005 else "+.0e")


def _each(n_samples: int) -> str:
    return "this one image" if n_samples == 1 else f"each of these {n_samples:,} images"


def _these(n_samples: int) -> str:
    return "this one image" if n_samples == 1 else f"these {n_samples:,} images"


def _amount(n: int) -> str:
    return f"{abs(n):,} {'more' if n > 0 else 'fewer'}" if n else "as many"


def _than(rates: Sequence[Difference]) -> str:
    """What follows the last amount: "more … than", "as many … as"."""
    return "than" if counts(rates[-1]) else "as"


def _plural(n: int, noun: str) -> str:
    return noun if abs(n) == 1 else f"{noun}s"


def _class_name(rate: Difference) -> str:
    return class_words(rate.metric.removeprefix("recall_"))


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"

"""The operating point of runs that are compared: from a rule, a number or a wished sensitivity to each run's threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from core.errors import InputError
from core.metrics.panel import Panel, collapse, solo
from core.metrics.rules_apart import is_apart
from core.metrics.run_threshold import named_or_number, stored_threshold, threshold_of
from core.metrics.thresholds import RULES, choose_thresholds, threshold_for_sensitivity

if TYPE_CHECKING:
    from core.runs.run import Run


@dataclass(frozen=True)
class Match:
    """An operating point that gives every run the same sensitivity on the images compared, so that false alarms alone differ.

    It looks at the answers of these images, so it shows what the scores could do, not what would have been chosen beforehand.

    Attributes
    ----------
    sensitivity : float
        In (0, 1]; each run gets its highest threshold with at least this.
    """

    sensitivity: float

    def __post_init__(self) -> None:
        if not 0 < self.sensitivity <= 1:
            received = "no number" if isnan(self.sensitivity) else f"{self.sensitivity:g}"
            raise InputError(f"A sensitivity to match is above 0 and at most 1; received {received}.")


Point = str | float | Match
UNUSED = "With {} classes the largest probability decides, so the threshold asked for is not used."


@dataclass(frozen=True)
class Operating:
    """The runs of a panel at an operating point.

    Attributes
    ----------
    thresholds : dict of str to float or None
        By run name; None for more than two classes, where the largest probability decides.
    notes : tuple of str
        Sentences that a reader must see: which run lacks what the point asks for, and what it uses instead.
    """

    thresholds: dict[str, float | None]
    notes: tuple[str, ...] = ()


def operate(panel: Panel, runs: Sequence[Run], point: Point = "recommended", names: Mapping[str, str] | None = None) -> Operating:
    """Each run's threshold at an operating point; a run that lacks what the point asks for uses its own, and that is said.

    Parameters
    ----------
    panel : Panel
    runs : sequence of Run
        Of at least the names in the panel.
    point : {"recommended", "half", "youden", "sensitivity_95", "battery"}, float or Match
    names : mapping of str to str, optional
        By id, what the sentences call a run; its id where nothing is given.

    Returns
    -------
    Operating

    Raises
    ------
    InputError
        If the point is not known, or none of the runs has what it asks for.
    """
    point = checked(point)
    if len(panel.class_names) != 2:
        unused = () if point == "recommended" else (UNUSED.format(len(panel.class_names)),)
        return Operating(dict.fromkeys(panel.names), unused)
    if isinstance(point, Match):
        cuts = [threshold_for_sensitivity(panel.y_true, scores[:, 1], point.sensitivity) for scores in panel.scores]
        return Operating(dict(zip(panel.names, cuts, strict=True)))
    by_name = {run.name: run for run in runs}
    return _all_or_own(panel, by_name, point, names or {})


def thresholds_at(panel: Panel, runs: Sequence[Run], point: Point = "recommended") -> dict[str, float | None]:
    """The thresholds of `operate`, by run name.

    Parameters
    ----------
    panel : Panel
    runs : sequence of Run
    point : str, float or Match
        ``recommended``, a rule of `RULES`, a number from 0 to 1, or a sensitivity to match.

    Returns
    -------
    dict of str to float or None
    """
    return operate(panel, runs, point).thresholds


def checked(point: Point) -> Point:
    """An operating point as it is meant: a number for what reads as one.

    Parameters
    ----------
    point : str, float or Match
        ``recommended``, a rule of `RULES`, a number from 0 to 1, or a sensitivity to match.

    Returns
    -------
    str, float or Match

    Raises
    ------
    InputError
        If it is none.
    """
    return point if isinstance(point, Match) else named_or_number(point)


def available_points(panel: Panel, runs: Sequence[Run]) -> tuple[str, ...]:
    """The rules that some run of the panel has; one brought from elsewhere may lack those that need validation scores.

    Parameters
    ----------
    panel : Panel
    runs : sequence of Run

    Returns
    -------
    tuple of str
    """
    by_name = {run.name: run for run in runs}
    return "recommended", *(rule for rule in RULES if any(_has(panel, by_name[name], rule) for name in panel.names))


def _has(panel: Panel, run: Run, rule: str) -> bool:
    try:
        _own(panel, run, rule)
    except InputError:
        return False
    return True


def _all_or_own(panel: Panel, by_name: dict[str, Run], point: str | float, names: Mapping[str, str]) -> Operating:
    thresholds, lacking = {}, {}
    for name in panel.names:
        try:
            thresholds[name] = _own(panel, by_name[name], point)
        except InputError as error:
            lacking[name] = error
    if point != "recommended" and len(lacking) == len(panel.names):
        raise next(iter(lacking.values()))
    own = {name: _own_or_half(panel, by_name[name]) for name in lacking}
    chosen = f"threshold {point!r}, which is chosen on validation images of both classes"
    none = f"has no {'operating point of its own' if point == 'recommended' else chosen}"
    notes = tuple(
        f"{lacking[name]} Until then {used}." if "broken" in str(lacking[name]) else f"{names.get(name, name)} {none}; {used}."
        for name, (_, used) in own.items()
    )
    if point == "recommended":
        apart = [name for name in thresholds if is_apart(by_name[name])]
        notes += tuple(_of_another_rule(by_name[name], thresholds[name], names.get(name, name)) for name in apart)
    found = thresholds | {name: cut for name, (cut, _) in own.items()}
    return Operating({name: found[name] for name in panel.names}, notes)


def _of_another_rule(run: Run, cut: float, name: str) -> str:
    means = run.card.recommended.means or run.card.recommended.rule or ""
    return f"{name} is at {cut:.3f}, as its card records: {means[:1].lower()}{means[1:]}. Choose 0.5 to compare all at one threshold."


def _own_or_half(panel: Panel, run: Run) -> tuple[float, str]:
    """A run's own threshold, else 0.5; and in words which it is."""
    try:
        cut = _own(panel, run, "recommended")
    except InputError:
        return 0.5, "0.5 is used for it"
    return cut, f"its own, {cut:.3f}, is used"


def _own(panel: Panel, run: Run, point: str | float) -> float:
    """A run's threshold in a panel of two classes; raises InputError if it lacks what the point asks for."""
    if run.name in panel.collapsed and isinstance(point, str) and point != "half":
        return _collapsed_threshold(run, point)
    return threshold_of(run, named_or_number(point))


def _collapsed_threshold(run: Run, rule: str) -> float:
    """A three-class run has what it was given, else 0.5; other rules choose by the scores of either pneumonia on its validation images."""
    if rule == "recommended":
        return 0.5 if run.card.recommended.value is None else stored_threshold(run, rule)
    validation = collapse(solo(run, "val"))
    found = choose_thresholds(validation.y_true, validation.scores[0, :, 1])
    if rule not in found:
        raise InputError(f"The run {run.name!r} has no threshold {rule!r} for two classes; give half or a number from 0 to 1.")
    return found[rule]

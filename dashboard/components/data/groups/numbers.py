"""How far groups and classes are tied, and how the mix of groups moves to test, as a row of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from core.groups import Summary
from core.metrics.statistics.intervals import UNDEFINED, Estimate, in_figures, interval_text
from dashboard.components.data.key_figures import show_facts

INTERVAL = "95 % interval"


def show_tie(summary: Summary, class_names: Sequence[str]) -> None:
    """Cramér's V, the AUC of the group alone, the same tie on test, and the shift of the mix."""
    show_facts(tie_facts(summary, class_names))


def tie_facts(summary: Summary, class_names: Sequence[str]) -> list[tuple[str, str, str]]:
    """Name, value and meaning of each number; an en dash where it is not defined."""
    classes = f"{len(class_names)} classes" if len(class_names) > 2 else " and ".join(name[:30] for name in class_names)
    shift, judged = summary.shift, _judged(set(summary.counts["split"]))
    moved = UNDEFINED if not isfinite(shift.distance) else f"{100 * shift.distance:.1f} %"
    chance = UNDEFINED if not isfinite(shift.by_chance) else f"{100 * shift.by_chance:.1f} %"
    return [
        (
            "Tie of group and class",
            in_figures(summary.cramers_v.value, ".2f"),
            f"Cramér's V, bias-corrected: 0 none, 1 full. {_certainty(summary.cramers_v)} {judged}, {classes}",
        ),
        (
            "Group alone for class",
            in_figures(summary.auc.value, ".2f"),
            f"AUC on unseen patients, five folds: 0.5 is chance, and so is less. {_certainty(summary.auc)} {judged}",
        ),
        (
            "The same tie on test",
            in_figures(summary.cramers_v_test.value, ".2f"),
            f"{_certainty(summary.cramers_v_test)}; shown, never chosen by",
        ),
        (
            "Mix moved on test",
            moved,
            f"of test images would have to be of another group for the mix of train; chance alone gives up to {chance}. No label is "
            f"looked at. n\u00a0=\u00a0{shift.n_samples:,}",
        ),
    ]


def _judged(splits: set[str]) -> str:
    """Which images the tie is measured on."""
    if splits == {"test"}:
        return "of test, as there are no others"
    return "of train and validation" if "train" in splits else "of validation"


def _certainty(one: Estimate) -> str:
    return f"{INTERVAL} {interval_text(one.low, one.high, '.2f')}, n\u00a0=\u00a0{one.n_samples:,} images"

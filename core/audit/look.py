"""Whether groups of images that look alike give the class away."""

from __future__ import annotations

import numpy as np

from core.audit.check import Check, Facts
from core.audit.finding import Finding, Severity
from core.audit.measured.look import FEWEST, QUICK, look_and_class, state
from core.groups.by_appearance.at_hand import SENTENCES
from core.groups.statistics.tie import TIED
from core.metrics.statistics.intervals import Estimate, in_figures, with_interval

MEDIUM, HIGH = TIED, 0.6  # Cramér's V
EFFECT = (
    "A model that has learnt the look of a group, its machine, marker or exposure, needs no lungs: it scores well here and fails on images "
    "of a class that is rare in their group. A disease that changes the whole picture ties them too, so look at the films of each group."
)
ACTION = (
    "Look at the groups and their films, report every metric by group, worst first, and break the tie in training: balance by group and "
    "class, paint out borders and letters."
)
QUICKLY = (
    "The groups here rest on brightness, contrast, border and letters alone; python -m core groups DATA looks at the whole picture, and "
    "this finding then rests on that."
)
ASK = "python -m core groups DATA makes them where the images are at hand."


def _tell(facts: Facts) -> Finding:
    """How far groups of images that look alike are tied to the class: bias-corrected Cramér's V, and AUC of the group alone.

    It fires where the lower end of the 95 % interval of V is at least 0.4 (*mind this*) or 0.6 (*serious*).
    """
    n_train = facts["n_train"]
    if not facts["from"]:
        return _unknown("Nothing is known of the look of these images.", n_train, ASK)
    if "v" not in facts:
        return _unknown(f"Fewer than {FEWEST} images are too few to judge by.", n_train)
    v, auc = Estimate(*facts["v"]), Estimate(*facts["auc"])
    if not np.isfinite([v.value, v.low]).all():
        return _unknown("There are fewer than two groups, two classes or five patients.", v.n_samples)
    severity = _severity(v)
    tied = f"groups and classes are tied with Cramér's V {in_figures(v.value, '.2f')}"
    title = f"The look {'does not give' if severity == 'ok' else 'gives'} the class away: {tied}"
    how = QUICKLY if facts["from"] == QUICK else SENTENCES[facts["from"]]
    evidence = (
        f"V {with_interval(v, 2)}, 0 is no tie and 1 a full one, n = {v.n_samples:,} images not of test; the group alone tells the class "
        f"of unseen patients with AUC {with_interval(auc, 2)}. {_extremes(facts)} {how}"
    )
    return Finding("look_gives_class", severity, title, v.value, v.n_samples, EFFECT, ACTION if severity != "ok" else "", evidence)


def _unknown(why: str, n_samples: int, action: str = "") -> Finding:
    return Finding("look_gives_class", "unknown", "Cannot tell whether the look gives the class away", None, n_samples, why, action)


def _severity(v: Estimate) -> Severity:
    return "high" if v.low >= HIGH else "medium" if v.low >= MEDIUM else "ok"


def _extremes(facts: Facts) -> str:
    """``Of 8 groups, one is 2.0 % NORMAL (n = 840) and another 83.4 % (n = 806).``"""
    (low, n_low), (high, n_high) = facts["ends"]
    return (
        f"Of {facts['n_groups']} groups, one is {100 * low:.1f} % {facts['class_name']} (n = {n_low:,}) "
        f"and another {100 * high:.1f} % (n = {n_high:,})."
    )


look_gives_class = Check("look_gives_class", look_and_class, _tell, state)

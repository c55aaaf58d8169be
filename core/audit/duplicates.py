"""The same picture twice: byte for byte, or almost."""

from __future__ import annotations

from core.audit.check import Check, Facts
from core.audit.finding import Finding
from core.audit.measured.duplicates import NEAR_BITS, exact_groups, near_groups
from core.counted import counted


def _exact(facts: Facts) -> Finding:
    if not facts["n_samples"]:
        why = "The files of these images are not here, so copies cannot be found."
        return Finding("exact_duplicates", "unknown", "Copies not searched", None, 0, why)
    n_groups = _n_groups(facts)
    return Finding(
        "exact_duplicates",
        "high" if facts["n_across"] or facts["n_conflicting"] else "low" if n_groups else "ok",
        f"{counted(n_groups, 'group')} of byte-identical images",
        n_groups,
        facts["n_samples"],
        "Copies across splits let a model score from memory, copies with two labels teach it a contradiction, and copies within train "
        "count one child twice.",
        "Delete all but one of each group, and look up the true label where two are given; validation here keeps copies on one side.",
        _weighed(facts),
        _noted(facts),
    )


def _near(facts: Facts) -> Finding:
    if not facts["n_samples"]:
        why = "There are no perceptual hashes here, so almost identical images cannot be found."
        return Finding("near_duplicates", "unknown", "Near duplicates not searched", None, 0, why)
    n_groups = _n_groups(facts)
    return Finding(
        "near_duplicates",
        "medium" if facts["n_across"] or facts["n_conflicting"] else "low" if n_groups else "ok",
        f"{counted(n_groups, 'group')} of almost identical images",
        n_groups,
        facts["n_samples"],
        "Retakes and edited copies of one child count twice in training and, across splits, make the test look better than it is.",
        "Look at each group and keep one image of it, or put the whole group on one side of the split.",
        f"{_weighed(facts)} Images count as almost identical when at most {NEAR_BITS} of the 256 bits of their difference hashes differ.",
        _noted(facts),
    )


def _n_groups(facts: Facts) -> int:
    return len({number for _, number in facts["groups"]})


def _weighed(facts: Facts) -> str:
    found = f"{counted(len(facts['groups']), 'image')} in {counted(_n_groups(facts), 'group')}"
    return f"{found}: {counted(facts['n_across'], 'group')} across splits, {facts['n_conflicting']} with two labels."


def _noted(facts: Facts) -> tuple[tuple[str, str], ...]:
    return tuple((sample_id, f"group {number + 1}") for sample_id, number in facts["groups"])


exact_duplicates = Check("exact_duplicates", exact_groups, _exact)
near_duplicates = Check("near_duplicates", near_groups, _near)

"""What is wrong with a data set. A check is a function of a `Dataset` that returns a `Finding`, named in `CHECKS`."""

from __future__ import annotations

from core.audit.balance import class_imbalance, patients_across_splits, split_shift, unreadable
from core.audit.duplicates import exact_duplicates, near_duplicates
from core.audit.finding import SEVERITIES, Finding
from core.audit.shortcuts import encoding_shortcut, size_shortcut
from core.datasets.dataset import Dataset

CHECKS = (
    encoding_shortcut, size_shortcut, class_imbalance, split_shift, exact_duplicates, near_duplicates, patients_across_splits, unreadable,
)  # fmt: skip

__all__ = ["CHECKS", "SEVERITIES", "Finding", "audit_dataset"]


def audit_dataset(dataset: Dataset) -> list[Finding]:
    """Run every check.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    list of Finding
        Worst first.
    """
    return sorted((check(dataset) for check in CHECKS), key=lambda finding: SEVERITIES.index(finding.severity))

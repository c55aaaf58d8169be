"""What is wrong with a data set. A `Check` of a `Dataset` gives a `Finding`; they are named in `CHECKS`."""

from __future__ import annotations

import pandas as pd

from core.audit.balance import class_imbalance
from core.audit.check import Check
from core.audit.duplicates import exact_duplicates, near_duplicates
from core.audit.facts_cache import kept
from core.audit.files import odd_files, unreadable
from core.audit.finding import SEVERITIES, Finding
from core.audit.look import look_gives_class
from core.audit.patients import READINGS, Reading, patients_across_splits
from core.audit.shift import pixel_shift, split_shift
from core.audit.shortcuts import encoding_shortcut, picture_shortcut, size_shortcut
from core.datasets.dataset import Dataset

CHECKS: tuple[Check, ...] = (
    encoding_shortcut, size_shortcut, picture_shortcut, look_gives_class, class_imbalance, split_shift, pixel_shift, exact_duplicates,
    near_duplicates, patients_across_splits, unreadable, odd_files,
)  # fmt: skip

__all__ = ["CHECKS", "READINGS", "SEVERITIES", "Check", "Finding", "Reading", "audit_dataset", "images_concerned", "kept", "worst_first"]


def audit_dataset(dataset: Dataset) -> list[Finding]:
    """Run every check, or tell what it measured in the same data before.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    list of Finding
        Worst first.
    """
    return worst_first([kept(check, dataset) for check in CHECKS])


def worst_first(findings: list[Finding]) -> list[Finding]:
    """Findings by severity; in the order of `CHECKS` where that is equal.

    Parameters
    ----------
    findings : list of Finding

    Returns
    -------
    list of Finding
    """
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def images_concerned(findings: list[Finding]) -> pd.DataFrame:
    """Every image that a finding names, as ``finding, sample_id, note``.

    Parameters
    ----------
    findings : list of Finding

    Returns
    -------
    DataFrame
    """
    tables = [finding.table.assign(finding=finding.id) for finding in findings if finding.images]
    return pd.concat([*tables, pd.DataFrame(columns=["sample_id", "note", "finding"])])[["finding", "sample_id", "note"]]

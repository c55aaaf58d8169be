"""Counts: unusable files, lopsided classes, patients on both sides, and test unlike train."""

from __future__ import annotations

from core.audit.finding import Finding
from core.datasets.dataset import Dataset


def unreadable(dataset: Dataset) -> Finding:
    """Files that were left out."""
    n_bad, n_good = len(dataset.unreadable), len(dataset.samples)
    first = f" The first: {dataset.unreadable['path'].iloc[0].rpartition('/')[2]}: {dataset.unreadable['reason'].iloc[0]}" if n_bad else ""
    return Finding(
        "unreadable",
        "medium" if n_bad else "ok",
        f"{n_bad} files cannot be used",
        n_bad,
        n_bad + n_good,
        f"They are left out; {n_good:,} good images are used.{first}",
    )


def class_imbalance(dataset: Dataset) -> Finding:
    """Images of the largest training class for one of the smallest."""
    counts = dataset.samples.loc[dataset.samples["split"] != "test", "class_name"].value_counts()
    if len(counts) < 2:
        return Finding("class_imbalance", "high", "Only one class to train on", None, int(counts.sum()), "Add images of a second class.")
    ratio = counts.max() / counts.min()
    return Finding(
        "class_imbalance",
        "high" if ratio >= 10 else "medium" if ratio >= 1.5 else "ok",
        f"{counts.idxmax()} has {ratio:.2f} times the training images of {counts.idxmin()}",
        float(ratio),
        int(counts.sum()),
        f"Always answering {counts.idxmax()} is already {counts.max() / counts.sum():.0%} accurate on such data. Judge by sensitivity and "
        "specificity, weight the classes in the loss, or choose the threshold on validation.",
    )


def patients_across_splits(dataset: Dataset) -> Finding:
    """Patient numbers that appear both in train and in test."""
    samples = dataset.samples
    number = samples["patient_id"].str.replace("^[^/]*/", "", regex=True)
    number = number.mask(number.str.contains("/", na=True))  # a name that follows no pattern tells no patient
    if number.isna().all():
        why = "The file names here tell no patients: each image counts as a patient of its own, and leaks cannot be seen."
        return Finding("patients_across_splits", "unknown", "Cannot tell the patients", None, len(samples), why)
    test = samples["split"] == "test"
    shared = sorted(set(number[test].dropna()) & set(number[~test].dropna()))
    concerned = samples.loc[number.isin(shared), "sample_id"]
    return Finding(
        "patients_across_splits",
        "low" if shared else "ok",
        f"{len(shared)} patient numbers stand in both train and test",
        len(shared),
        len(samples),
        "In the published set the numbers restart in each folder, so an equal number does not prove the same child, and a different one "
        "does not prove another. Validation here is carved by patient within train; test is left as published.",
        tuple(concerned),
    )


def split_shift(dataset: Dataset) -> Finding:
    """How much commoner the commonest training class is in train than in test, in percentage points."""
    samples = dataset.samples
    shares = samples.groupby(samples["split"].replace("val", "train"))["class_name"].value_counts(normalize=True).unstack(fill_value=0.0)
    if not {"train", "test"} <= set(shares.index):
        return Finding("split_shift", "unknown", "No train and test to compare", None, len(samples), "Add a train and a test folder.")
    largest = shares.loc["train"].idxmax()
    shift = 100 * float(shares.loc["train", largest] - shares.loc["test", largest])
    return Finding(
        "split_shift",
        "medium" if abs(shift) >= 5 else "ok",
        f"{largest} is {shares.loc['train', largest]:.1%} of train and {shares.loc['test', largest]:.1%} of test",
        shift,
        len(samples),
        "A model that learns the training share expects too many of that class in test, so its errors become one-sided and accuracy at "
        "0.5 says little. Look at both error rates and at calibration.",
    )

"""Clues that give the class away without any lung: how a file was encoded, and how large the picture is."""

from __future__ import annotations

import pandas as pd
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from core.audit.finding import Finding, Severity
from core.datasets.dataset import Dataset

MIN_SAMPLES = 40
FOLDS = 5


def encoding_shortcut(dataset: Dataset) -> Finding:
    """How well JPEG quantisation and bytes per pixel alone tell the classes apart, cross-validated by patient."""
    samples = dataset.samples
    clues = pd.DataFrame(
        {"quantisation": samples["quantisation_sum"], "bytes_per_pixel": samples["n_bytes"] / (samples["width"] * samples["height"])}
    )
    return _shortcut(
        "encoding_shortcut",
        "the way files were encoded",
        dataset,
        clues,
        "These files were all encoded the same way, so their published headers are lost and this copy cannot tell; the originals can.",
        "A model can learn which scanner or export made a file instead of looking at lungs. Re-encode all images alike, train with "
        "blur and noise, and distrust scores that fall when images are re-encoded.",
        constant=["quantisation"],
    )


def size_shortcut(dataset: Dataset) -> Finding:
    """How well width, height and aspect ratio alone tell the classes apart, cross-validated by patient."""
    samples = dataset.samples
    clues = pd.DataFrame({"width": samples["width"], "height": samples["height"], "aspect": samples["width"] / samples["height"]})
    return _shortcut(
        "size_shortcut",
        "image size",
        dataset,
        clues,
        "All images have one size here, so the published sizes are lost and this copy cannot tell; the originals can.",
        "Padding keeps the aspect ratio as a clue that a model can learn; squash to one square, crop at random, and check "
        "that scores do not follow the size.",
        constant=["width", "height"],
    )


def _shortcut(id_: str, what: str, dataset: Dataset, clues: pd.DataFrame, lost: str, advice: str, constant: list[str]) -> Finding:
    samples = dataset.samples
    train = (samples["split"] != "test") & clues.notna().all(axis=1)
    y, patients = samples.loc[train, "class_name"], samples["patient_id"].fillna(samples["sample_id"])[train]
    if train.sum() < MIN_SAMPLES or y.nunique() != 2 or patients.groupby(y).nunique().min() < FOLDS:
        why = "Too few images or patients with known headers, or not two classes: the clue cannot be judged here."
        return Finding(id_, "unknown", f"Cannot tell what {what} gives away", None, int(train.sum()), why)
    if (clues.loc[train, constant].nunique() == 1).all():
        return Finding(id_, "unknown", f"Cannot tell what {what} gives away", None, int(train.sum()), lost)
    auc = shortcut_auc(clues[train].astype(float), y, patients)
    return Finding(
        id_, _severity(auc), f"{what[0].upper()}{what[1:]} alone tells the classes with AUC {auc:.3f}", auc, int(train.sum()), advice
    )


def shortcut_auc(clues: pd.DataFrame, y: pd.Series, patients: pd.Series) -> float:
    """Cross-validated AUC of a small decision tree on clues, no patient in two folds.

    Parameters
    ----------
    clues : DataFrame of shape (n_samples, n_clues)
    y : Series of shape (n_samples,)
        Two class names.
    patients : Series of shape (n_samples,)

    Returns
    -------
    float
        0.5: the clues tell nothing; 1: they tell the class.
    """
    tree = DecisionTreeClassifier(max_depth=4, min_samples_leaf=5, random_state=0)
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    positive = y == sorted(y.unique())[1]
    scores = cross_val_predict(tree, clues, positive, groups=patients, cv=folds, method="predict_proba")[:, 1]
    return float(roc_auc_score(positive, scores))


def _severity(auc: float) -> Severity:
    return "high" if auc >= 0.8 else "medium" if auc >= 0.65 else "low" if auc >= 0.55 else "ok"

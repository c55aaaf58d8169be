"""The threshold rules that are weighed, and how each chooses. Each with each view is a candidate."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from core.images.views import VIEWS
from core.metrics.calibration import fit_temperature
from core.metrics.thresholds import threshold_for_sensitivity, youden

BATTERY = "battery"
WITH_BATTERY = ("whole", "mirror")  # ten crops of seven variants would take seventy times as long as the plain images
POOLED = ("oof_youden", "oof_95", "oof_975")
RULES = ("half", "youden", BATTERY, "sensitivity_95", "sensitivity_975", *POOLED, *(f"{rule}_t" for rule in POOLED))
SENSITIVITIES = {"95": 0.95, "975": 0.975}


@dataclass(frozen=True)
class Candidate:
    """A rule with a view.

    Attributes
    ----------
    rule : str
        One of `RULES`.
    view : str
        A key of `core.images.views.VIEWS`.
    """

    rule: str
    view: str

    @property
    def n_looks(self) -> int:
        """How often a picture is shown to the model."""
        return len(VIEWS[self.view])

    @property
    def pooled(self) -> bool:
        """Whether one threshold is chosen on the scores of all folds together."""
        return self.rule.startswith("oof")

    @property
    def scaled(self) -> bool:
        """Whether each fold's log-odds are divided by its own temperature first."""
        return self.rule.endswith("_t")


PRESENT = Candidate(BATTERY, "whole")
CANDIDATES = tuple(Candidate(rule, view) for view, rule in product(VIEWS, RULES) if rule != BATTERY or view in WITH_BATTERY)


def threshold(rule: str, y: np.ndarray, p: np.ndarray, cells: np.ndarray) -> float:
    """What a rule chooses.

    Parameters
    ----------
    rule : str
        One of `RULES`; the battery's is Youden's, on scores of the battery.
    y : ndarray of shape (n,), int
        0 or 1.
    p : ndarray of shape (n,), float
        Probability of class 1.
    cells : ndarray of shape (n,), int
        Group × class of each image.

    Returns
    -------
    float
    """
    name = rule.removeprefix("oof_").removesuffix("_t")
    if name == "half":
        return 0.5
    if name in ("youden", BATTERY):
        return youden(y, p, _alike(cells) if rule.startswith("oof") else None)
    return threshold_for_sensitivity(y, p, SENSITIVITIES[name.removeprefix("sensitivity_")])


def scaled(y: np.ndarray, p: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Probabilities with the log-odds over the temperature that fits some of them best: ndarray of shape (n,), float64.

    Parameters
    ----------
    y : ndarray of shape (n,), int
    p : ndarray of shape (n,), float
    chosen : ndarray of shape (n,), bool
        Which the temperature is fitted on.
    """
    temperature = fit_temperature(y[chosen], np.column_stack([1 - p[chosen], p[chosen]]))
    p = np.clip(p.astype(np.float64), 1e-12, 1 - 1e-12)
    return 1 / (1 + np.exp(-(np.log(p) - np.log1p(-p)) / temperature))


def _alike(cells: np.ndarray) -> np.ndarray:
    """Weights by which each cell counts alike."""
    _, code, counts = np.unique(cells, return_inverse=True, return_counts=True)
    return 1.0 / counts[code]

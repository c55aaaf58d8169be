"""What a remedy for imbalance changed: with it minus without it, on the same images, mean over seeds, bootstrap by patient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.metrics.alignment import line_up
from core.metrics.panel import Panel
from core.metrics.run_threshold import predict_labels, resolve_threshold
from core.metrics.statistics.bootstrap import cluster_weights
from core.metrics.statistics.holm import interval
from core.metrics.statistics.intervals import Estimate
from core.metrics.statistics.statistic import ratio
from core.runs.run import Run
from core.studies.remedies import THRESHOLD, moved_rule
from core.studies.remedy_runs import Study

SPLITS = ("val", "test")
FEWEST = 10  # images of a class in a group, of fewer no rate is said
BALANCED, WORST, AUC = "balanced accuracy", "worst group", "AUC"


@dataclass(frozen=True)
class Effect:
    """One metric on one split, without and with a remedy.

    Attributes
    ----------
    split : {"val", "test"}
    metric : str
        ``balanced accuracy`` (the mean of the shares of each class called right), ``worst group`` (the lowest share called right of
        the images of a class in a hidden group), ``<class> called right``, or ``AUC``.
    without, with_ : float
        Mean over seeds.
    difference : Estimate
        With minus without; its interval is corrected for the number of remedies compared.
    by_seed : tuple of float
        The difference of each seed.
    """

    split: str
    metric: str
    without: float
    with_: float
    difference: Estimate
    by_seed: tuple[float, ...]


def effects(study: Study, groups: dict[str, int] | None = None) -> dict[str, list[Effect]]:
    """What each remedy changed on the validation and the test images.

    Calls are at 0.5, or at the largest probability with more than two classes; moving the threshold compares the threshold that each
    run without a remedy chose on validation with 0.5.

    Parameters
    ----------
    study : Study
    groups : dict of str to int, optional
        Hidden group of each image by sample id.

    Returns
    -------
    dict of str to list of Effect
        By remedy. No effects on a split on which the runs were not scored on the same images: seeds that each hold out other patients
        cannot be averaged.
    """
    found: dict[str, list[Effect]] = {remedy: [] for remedy in study.remedies}
    for split in SPLITS:
        lineup = line_up(study.all_runs, split)
        if lineup.panel is None or lineup.refused:
            continue
        for remedy in study.remedies:
            found[remedy] += _of_remedy(study, remedy, split, lineup.panel, groups)
    return found


def _of_remedy(study: Study, remedy: str, split: str, panel: Panel, groups: dict[str, int] | None) -> list[Effect]:
    without, with_ = zip(*study.pairs(remedy), strict=True)
    panel = panel.take(run.name for run in (*without, *with_))
    n_seeds, factor = len(without), len(study.remedies)
    right = (_labels(panel, without, with_, remedy) == panel.y_true).reshape(2, n_seeds, panel.n_samples)
    classes = {f"{name} called right": panel.y_true == number for number, name in enumerate(panel.class_names)}
    found = [_of_cells(panel, split, BALANCED, right, list(classes.values()), np.mean, factor)]
    if cells := _cells(panel, groups):
        found.append(_of_cells(panel, split, WORST, right, cells, np.min, factor))
    found += [_of_cells(panel, split, name, right, [members], np.mean, factor) for name, members in classes.items()]
    return found if remedy == THRESHOLD else [*found, _of_areas(panel, split, n_seeds, factor)]


def _labels(panel: Panel, without: Sequence[Run], with_: Sequence[Run], remedy: str) -> np.ndarray:
    """Calls of the runs without the remedy and then of those with it: (2 * n_seeds, n_samples), int."""
    half = 0.5 if len(panel.class_names) == 2 else None
    if remedy != THRESHOLD:
        return np.stack([predict_labels(scores, half) for scores in panel.scores])
    cuts = [half] * len(without) + [resolve_threshold(run, moved_rule(run)) for run in with_]
    return np.stack([predict_labels(scores, cut) for scores, cut in zip(panel.scores, cuts, strict=True)])


def _cells(panel: Panel, groups: dict[str, int] | None) -> list[np.ndarray]:
    """The images of each class in each hidden group that holds enough of them."""
    if groups is None:
        return []
    codes = panel.sample_ids.map(groups).fillna(-1).to_numpy()
    cells = [(codes == group) & (panel.y_true == number) for group in np.unique(codes[codes >= 0]) for number in np.unique(panel.y_true)]
    return [cell for cell in cells if cell.sum() >= FEWEST]


def _of_cells(
    panel: Panel, split: str, metric: str, right: np.ndarray, cells: list[np.ndarray], over: Callable[..., np.ndarray], factor: int
) -> Effect:
    """A metric of the shares called right in some cells of the images, from draws of patients."""
    members = np.stack(cells, axis=1).astype(float)  # (n_samples, n_cells)

    def values(weights: np.ndarray, called_right: np.ndarray) -> np.ndarray:
        """Weights (n_draws, n_samples) to values (n_draws,)."""
        return over(ratio(weights @ (members * called_right[:, None]), weights @ members), axis=1)

    ones, mean = np.ones((1, panel.n_samples)), right.mean(axis=1)
    drawn = np.concatenate([values(weights, mean[1]) - values(weights, mean[0]) for weights in cluster_weights(panel.patients)])
    without, with_ = (float(values(ones, part)[0]) for part in mean)
    seeds = tuple(float((values(ones, after) - values(ones, before))[0]) for before, after in zip(*right, strict=True))
    n_samples = int(members.any(axis=1).sum())
    return Effect(split, metric, without, with_, _estimate(with_ - without, np.nanstd(drawn), factor, n_samples), seeds)


def _of_areas(panel: Panel, split: str, n_seeds: int, factor: int) -> Effect:
    """Areas under the ROC curve, from the influence of each patient."""
    sampled = panel.sampled("roc_auc", draw=False)
    before, after = sampled.values[:n_seeds], sampled.values[n_seeds:]
    influence = sampled.replicates[n_seeds:].mean(axis=0) - sampled.replicates[:n_seeds].mean(axis=0)
    difference = _estimate(float((after - before).mean()), np.sqrt((influence**2).sum()), factor, panel.n_samples)
    return Effect(split, AUC, float(before.mean()), float(after.mean()), difference, tuple((after - before).tolist()))


def _estimate(difference: float, error: float, factor: int, n_samples: int) -> Estimate:
    return Estimate(difference, *interval(difference, float(error), factor), n_samples)


def what_helped(found: dict[str, list[Effect]], names: dict[str, str], split: str = "test", metric: str = BALANCED) -> str:
    """A sentence: which remedies raised a metric by more than chance, which lowered it, and that the others did neither.

    Parameters
    ----------
    found : dict of str to list of Effect
        By remedy.
    names : dict of str to str
        What each remedy is called within a sentence.
    split, metric : str
        Of the effects to speak of.

    Returns
    -------
    str
        Empty where nothing was measured.
    """
    of_metric = {key: part.difference for key, effects in found.items() for part in effects if (part.split, part.metric) == (split, metric)}
    if not of_metric:
        return ""
    helped = [f"{names[key]} ({in_points(one)})" for key, one in of_metric.items() if one.low > 0]
    harmed = [f"{names[key]} ({in_points(one)})" for key, one in of_metric.items() if one.high < 0]
    said = [f"{_listed(part)} {verb}" for part, verb in ((helped, "helped"), (harmed, "made it worse")) if part]
    n_others = len(of_metric) - len(helped) - len(harmed)
    if n_others:
        said.append("the others made no difference beyond chance" if said else "no remedy made a difference beyond chance")
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def in_points(difference: Estimate) -> str:
    """``+3.3, +0.8 to +5.9``: a difference and its interval in percentage points; without the interval where there is none.

    Parameters
    ----------
    difference : Estimate

    Returns
    -------
    str
    """
    ends = f", {100 * difference.low:+.1f} to {100 * difference.high:+.1f}" if np.isfinite(difference.low) else ""
    return f"{100 * difference.value:+.1f}{ends}".replace("-", "−")


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"

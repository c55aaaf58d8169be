"""Finished runs that differ in one remedy for imbalance alone, beside those without any: what a remedy changed can be read off them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.config import RunConfig
from core.runs.run import PREDICTIONS, Run
from core.studies.remedies import NONE, SETTINGS, THRESHOLD, remedies_of, without_remedies


@dataclass(frozen=True, eq=False)
class Study:
    """Runs of one system, one recipe and one data set, by remedy and seed.

    Attributes
    ----------
    system : str
    runs : dict of str to dict of int to Run
        Remedy, a key of `core.studies.remedies.SETTINGS`, to seed to run; ``none`` is there.
    """

    system: str
    runs: dict[str, dict[int, Run]]

    @property
    def remedies(self) -> list[str]:
        """Those that have a seed in common with none, and moving the threshold of the runs without one."""
        return [*(key for key in SETTINGS if key != NONE and self.seeds(key)), THRESHOLD]

    @property
    def all_runs(self) -> list[Run]:
        """Every run of a seed that was trained without and with some remedy."""
        found = {run.name: run for remedy in self.remedies for pair in self.pairs(remedy) for run in pair}
        return list(found.values())

    def seeds(self, remedy: str) -> list[int]:
        """Seeds trained both without a remedy and with this one."""
        return sorted(self.runs[NONE].keys() & (self.runs[NONE] if remedy == THRESHOLD else self.runs.get(remedy, {})).keys())

    def pairs(self, remedy: str) -> list[tuple[Run, Run]]:
        """For each such seed the run without a remedy and the one with it."""
        with_ = self.runs[NONE] if remedy == THRESHOLD else self.runs[remedy]
        return [(self.runs[NONE][seed], with_[seed]) for seed in self.seeds(remedy)]


def find_study(runs: Iterable[Run], fingerprint: str, n_classes: int) -> Study | None:
    """The largest set of runs on some images that differ in remedies alone; None if no remedy was trained beside none.

    Parameters
    ----------
    runs : iterable of Run
        Of one recipe, seed and remedy the first counts.
    fingerprint : str
        Of the images.
    n_classes : int

    Returns
    -------
    Study or None
    """
    families: dict[tuple, dict[str, dict[int, Run]]] = {}
    for run in runs:
        config = run.config
        used = remedies_of(config.recipe)
        if (config.fingerprint, config.n_classes) == (fingerprint, n_classes) and len(used) == 1 and _is_scored(run):
            families.setdefault(_alike(config), {}).setdefault(used[0], {}).setdefault(config.seed, run)
    studies = [Study(key[0], found) for key, found in families.items() if NONE in found]
    best = max(studies, key=lambda study: sum(len(study.seeds(key)) for key in study.remedies[:-1]), default=None)
    return best if best and len(best.remedies) > 1 else None


def _alike(config: RunConfig) -> tuple:
    """What must be the same for two runs to differ in their remedies alone."""
    return config.system, without_remedies(config.recipe).model_dump_json(), config.limit, config.base_run


def _is_scored(run: Run) -> bool:
    return run.state == "finished" and (run.path / PREDICTIONS).exists()

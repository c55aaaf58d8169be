"""Which settings a sweep draws, and which of its trainings have fallen behind: Optuna decides both. The one module that knows of it.

Each system, number of classes and seed is a search of its own, as only trainings that hold out the same patients can be compared. It is
kept in Optuna's journal, a file that may lie on a network's disk, where its databases may not.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from core.config import Recipe
from core.errors import InputError
from core.files.regular import tail_of
from core.sweeps.cells import Cell, Group, setting
from core.sweeps.metric import METRICS
from core.sweeps.spec import Span, Spec

JOURNAL = "search.journal"
MOST_LINE = 2**20  # bytes
REDUCTION = 3  # of trainings that have come as far, a third goes on: what successive halving is mostly run with


class Search:
    """The searches of a sweep.

    Parameters
    ----------
    folder : Path
        Of the sweep.
    spec : Spec

    Raises
    ------
    InputError
        If Optuna is not installed, or the journal of an earlier call is broken.
    """

    def __init__(self, folder: Path, spec: Spec) -> None:
        self._optuna = _optuna()
        self._spec = spec
        self._storage = self._opened(folder / JOURNAL)
        self._studies: dict[Group, Any] = {}

    def draw(self, group: Group) -> Cell:
        """A further training of a group, with settings of the search's choice."""
        trial = self._study(group).ask(self._distributions())
        drawn = {key: setting(value) for key, value in trial.params.items()}
        return Cell(system=group.system, n_classes=group.n_classes, seed=group.seed, settings=drawn, trial=trial.number)

    def enter(self, cell: Cell) -> None:
        """Let a training whose settings are given take part, to be compared."""
        trial = self._study(cell.group).ask()
        trial.set_user_attr("settings", cell.settings)
        cell.trial = trial.number

    def has_fallen_behind(self, cell: Cell, values: Iterable[float]) -> bool:
        """Whether a training should end early.

        Parameters
        ----------
        cell : Cell
        values : iterable of float
            The metric after each of its epochs so far.

        Returns
        -------
        bool
        """
        if cell.trial is None or not self._spec.stop_early:
            return False
        found = next(trial for trial in self._study(cell.group).get_trials(deepcopy=False) if trial.number == cell.trial)
        if found.state.is_finished():  # it failed before, and is gone on with
            return False
        trial = self._optuna.trial.Trial(self._study(cell.group), found._trial_id)  # one of an earlier process has no other way back
        told = max(found.intermediate_values, default=0)
        for epoch, value in enumerate(values, 1):
            if epoch > told:
                trial.report(value, epoch)
                if trial.should_prune():
                    return True
        return False

    def tell(self, cell: Cell) -> None:
        """How a training ended; one that can be gone on with stays open."""
        if cell.trial is None:
            return
        states = self._optuna.trial.TrialState
        ended = {"finished": states.COMPLETE, "found": states.COMPLETE, "ended early": states.PRUNED, "failed": states.FAIL}
        if state := ended.get(cell.state):
            value = cell.value if state == states.COMPLETE else None
            state = states.FAIL if state == states.COMPLETE and value is None else state
            self._study(cell.group).tell(cell.trial, value, state=state, skip_if_finished=True)

    def _opened(self, journal: Path) -> Any:  # noqa: ANN401
        storages = self._optuna.storages
        try:
            _end_with_a_line(journal)
            return storages.JournalStorage(storages.journal.JournalFileBackend(str(journal)))
        except Exception:  # Optuna raises many kinds on a broken one
            raise InputError(
                f"{journal.name} in {str(journal.parent)!r} is broken; give the sweep another name: finished trainings are not repeated."
            ) from None

    def _study(self, group: Group) -> Any:  # noqa: ANN401  Optuna's, which is loaded late
        if group not in self._studies:
            name = f"{group.system} {group.n_classes} {group.seed}"
            pruner = self._optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=REDUCTION)
            study = self._optuna.create_study(
                storage=self._storage, study_name=name, direction=METRICS[self._spec.metric], load_if_exists=True,
                pruner=pruner if self._spec.stop_early else self._optuna.pruners.NopPruner(),
            )  # fmt: skip
            study.sampler = self._sampler(len(study.trials))
            self._studies[group] = study
        return self._studies[group]

    def _sampler(self, n_drawn: int) -> Any:  # noqa: ANN401
        """Drawn anew after an interruption, it must not draw the same again."""
        samplers = self._optuna.samplers
        return samplers.RandomSampler(seed=n_drawn) if self._spec.sampler == "random" else samplers.TPESampler(seed=n_drawn)

    def _distributions(self) -> dict[str, Any]:
        return {key: self._distribution(key, values) for key, values in self._spec.settings.items()}

    def _distribution(self, key: str, values: tuple | Span) -> Any:  # noqa: ANN401
        made = self._optuna.distributions
        if not isinstance(values, Span):
            return made.CategoricalDistribution([setting(value) for value in values])
        if _is_whole(key):
            return made.IntDistribution(round(values.low), round(values.last), log=values.log, step=round(values.step or 1))
        return made.FloatDistribution(values.low, values.last, log=values.log, step=values.step)


def check_ranges(spec: Spec) -> None:
    """Refuse a range for a setting that is no number; raises InputError."""
    for key, values in spec.settings.items():
        if isinstance(values, Span):
            allowed = str(Recipe.model_fields[key].annotation) if key in Recipe.model_fields else "str"
            if ("int" not in allowed and "float" not in allowed) or "Literal" in allowed:
                raise InputError(f"The setting {key} is no number and has no range; list its values instead.")
            if _is_whole(key) and any(end % 1 for end in (values.low, values.high, values.step or 1)):
                raise InputError(f"The setting {key} is a whole number, and so are both ends of its range and its step.")


def _end_with_a_line(journal: Path) -> None:
    """Take away the last line if an earlier process was killed while it wrote it: what is written next would be joined to it.

    Raises ValueError if the last whole line is no JSON, which Optuna takes for one that is still being written.
    """
    if not journal.exists():
        return
    lines, newline, rest = tail_of(journal, MOST_LINE).rpartition(b"\n")
    if rest:
        os.truncate(journal, journal.stat().st_size - len(rest))
    if newline:
        json.loads(lines.rpartition(b"\n")[2])


def _is_whole(key: str) -> bool:
    return "int" in str(Recipe.model_fields[key].annotation)


def _optuna() -> ModuleType:
    try:
        import optuna
    except ModuleNotFoundError as error:
        if error.name != "optuna":
            raise
        raise InputError("A search needs the package optuna, which is not installed; install it with: make cluster") from None
    optuna.logging.set_verbosity(logging.WARNING)
    return optuna

"""The chosen runs side by side, as every section of the Compare page takes them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from core.metrics.evaluation import Evaluation, evaluate_panel
from core.metrics.operating_point import Match, Point, operate
from core.metrics.panel import Panel
from core.metrics.undefined import scatter_note, undefined_note
from core.runs.identity.letters import letter_of
from core.runs.run import Run
from dashboard import state
from dashboard.components.chips import colours_of, lettered
from dashboard.components.compare.threshold.operating_point import slider_value


@dataclass(frozen=True, eq=False)
class Comparison:
    """Runs on the same images at one operating point.

    Attributes
    ----------
    key : tuple
        Differs whenever the runs, their files or the label scheme do: what cached figures of `panel` hang on.
    panel : Panel
    runs : dict of str to Run
        By label, such as ``[A] CNN_1``, in the order of the panel.
    colours : dict of str to str
        By label.
    thresholds : dict of str to float or None
        By the run's name.
    evaluations : dict of str to Evaluation
        By label.
    point : str, float or Match
    notes : tuple of str
        Sentences that a reader must see: which run lacks what the point asks for, and what the images leave undefined.
    """

    key: tuple
    panel: Panel
    runs: dict[str, Run]
    colours: dict[str, str]
    thresholds: dict[str, float | None]
    evaluations: dict[str, Evaluation]
    point: Point
    notes: tuple[str, ...] = ()

    @property
    def letters(self) -> list[str]:
        """``A``, ``B`` and so on."""
        return [letter_of(label) for label in self.runs]

    @property
    def binary(self) -> bool:
        """Whether there are two classes, and so a threshold."""
        return len(self.panel.class_names) == 2

    @property
    def position(self) -> float | None:
        """What the slider of the operating point stands at; None where it has none, or where there is no threshold."""
        return slider_value(self.point) if self.binary else None

    @property
    def sweep_key(self) -> str:
        """Names these runs with that slider."""
        kind = "matched" if isinstance(self.point, Match) else "custom"
        return hashlib.blake2b(repr((self.key, kind)).encode(), digest_size=8).hexdigest()

    @property
    def followed(self) -> str:
        """Attributes of an HTML element whose cells follow the slider: which one, and where it stood."""
        return "" if self.position is None else f'data-sweep="{self.sweep_key}" data-position="{self.position:g}"'

    def label(self, name: str) -> str:
        """What the run of this name is called here."""
        return list(self.runs)[self.panel.names.index(name)]


def compare_at(key: tuple, panel: Panel, runs: Sequence[Run], point: Point) -> Comparison:
    """Runs of a panel at an operating point; raises InputError if none has what the point's rule needs."""
    by_name = {run.name: run for run in runs}
    labelled = lettered([by_name[name] for name in panel.names])
    colours = colours_of(labelled)
    operating = operate(panel, runs, point, state.names())
    evaluations = dict(zip(labelled, evaluate_panel(panel, operating.thresholds).values(), strict=True))
    notes = tuple(note for note in (*operating.notes, undefined_note(evaluations.values()), scatter_note(panel)) if note)
    return Comparison((*key, panel.class_names), panel, labelled, colours, operating.thresholds, evaluations, point, notes)

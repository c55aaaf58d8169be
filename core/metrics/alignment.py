"""Runs side by side: the same images, in the same order, with the same classes. What does not fit is named and left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError
from core.metrics.panel import Panel, collapse, solo
from core.metrics.renaming import renamed, same_classes

if TYPE_CHECKING:
    from core.runs.run import Run


@dataclass(frozen=True, eq=False)
class Lineup:
    """What came of putting runs side by side.

    Attributes
    ----------
    panel : Panel or None
        None if no run can be used.
    refused : dict of str to str
        Run name to the reason why it is left out.
    notes : tuple of str
        Sentences that a reader of the panel must see.
    """

    panel: Panel | None
    refused: dict[str, str]
    notes: tuple[str, ...]

    @property
    def whole(self) -> Panel:
        """The panel of all the runs; raises InputError, saying why, where one is left out or none was given."""
        for reason in self.refused.values():
            raise InputError(reason)
        if self.panel is None:
            raise InputError("There is no run to look at.")
        return self.panel


def line_up(runs: Sequence[Run], split: str = "test", two_classes: bool = False, names: Mapping[str, str] | None = None) -> Lineup:
    """Put runs side by side on the images that most of them share, the first usable one's where no others are shared by more.

    Runs of three classes next to runs of two are collapsed: pneumonia is bacterial or viral.

    Parameters
    ----------
    runs : sequence of Run
    split : {"test", "val"}
    two_classes : bool
        Whether runs of three classes are collapsed even when they are among themselves.
    names : mapping of str to str, optional
        By id, what the sentences call a run; its id where nothing is given.

    Returns
    -------
    Lineup
    """
    called = dict(names or {})
    called = {run.name: called.get(run.name, run.name) for run in runs}
    scored, refused = _scored(runs, split)
    kept, unlike = _largest_group(scored, split, called)
    refused |= unlike
    if not kept:
        return Lineup(None, refused, ())
    panel = _join([collapse(scored) for scored in kept.values()] if two_classes else list(kept.values()))
    shown = [run for run in runs if run.name in kept]
    return Lineup(panel, refused, (*_collapse_notes(panel, called), *_name_notes(panel, shown, called), *_file_notes(shown, called)))


def _scored(runs: Sequence[Run], split: str) -> tuple[list[tuple[Run, Panel]], dict[str, str]]:
    """The runs with their panels, and the reasons of those that have none."""
    scored, refused = [], {}
    for run in runs:
        try:
            scored.append((run, solo(run, split)))
        except InputError as error:
            refused[run.name] = str(error)
    return scored, refused


def _largest_group(scored: list[tuple[Run, Panel]], split: str, called: Mapping[str, str]) -> tuple[dict[str, Panel], dict[str, str]]:
    """The panels of the runs that fit the one that most runs fit, and the reasons of the others."""
    best: tuple[dict[str, Panel], dict[str, str]] = {}, {}
    for first, reference in scored:
        kept, refused = {}, {}
        for run, panel in scored:
            try:
                kept[run.name] = _like(first, reference, run, panel, split, called)
            except InputError as error:
                refused[run.name] = str(error)
        if len(kept) > len(best[0]):
            best = kept, refused
        if not refused:
            break
    return best


def _like(first: Run, reference: Panel, run: Run, scored: Panel, split: str, called: Mapping[str, str]) -> Panel:
    """The run's panel if it fits the reference; raises InputError, naming both, if not."""
    if scored is reference:
        return scored
    pair = f"{called[first.name]!r} and {called[run.name]!r}"
    if not same_classes(collapse(scored).class_names, collapse(reference).class_names):
        raise InputError(
            f"{pair} have different classes ({', '.join(reference.class_names)} and "
            f"{', '.join(scored.class_names)}); compare runs with the same labels."
        )
    if scored.class_names != reference.class_names:
        scored = renamed(collapse(scored), collapse(reference))
    if not scored.sample_ids.equals(reference.sample_ids):
        raise InputError(f"{pair} were scored on different {split} images; compare runs of one data set.")
    if scored.class_names != reference.class_names:
        reference = collapse(reference)
    if not np.array_equal(scored.y_true, reference.y_true):
        raise InputError(f"{pair} disagree on the true labels of the {split} images; score both on one data set.")
    return scored


def _join(panels: list[Panel]) -> Panel:
    if len({panel.class_names for panel in panels}) > 1:
        panels = [collapse(panel) for panel in panels]
    first, names = panels[0], tuple(name for panel in panels for name in panel.names)
    collapsed = tuple(name for panel in panels for name in panel.collapsed)
    scores = np.concatenate([panel.scores for panel in panels]) if len(panels) > 1 else first.scores
    patients = min(
        (panel.patients for panel in panels), key=lambda known: (not known.stated, known.n_patients)
    )  # in whatever order they come
    return Panel(names, first.class_names, first.sample_ids, patients, first.y_true, scores, collapsed)


def _collapse_notes(panel: Panel, called: Mapping[str, str]) -> list[str]:
    if not panel.collapsed:
        return []
    verb = "tells" if len(panel.collapsed) == 1 else "tell"
    told = " and ".join(called[name] for name in panel.collapsed)
    return [
        f"{told} {verb} bacterial from viral pneumonia; here both count as pneumonia, with their probabilities "
        "added up, so that runs with two classes can stand beside."
    ]


def _name_notes(panel: Panel, runs: Sequence[Run], called: Mapping[str, str]) -> list[str]:
    others = [run for run in runs if run.name not in panel.collapsed and run.config.class_names != panel.class_names]
    classes = " and ".join(panel.class_names)
    return [f"{called[run.name]} calls its classes {' and '.join(run.config.class_names)}; here they are {classes}." for run in others]


def _file_notes(runs: Sequence[Run], called: Mapping[str, str]) -> list[str]:
    other = [called[run.name] for run in runs if run.config.fingerprint != runs[0].config.fingerprint]
    if not other:
        return []
    verb = "was" if len(other) == 1 else "were"
    return [f"{' and '.join(other)} {verb} scored on images of the same names, but in other files than {called[runs[0].name]}."]

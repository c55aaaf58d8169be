"""What pages share: cached loaders. Nothing here imports Keras until a model is asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from core.datasets import Dataset
from core.datasets.tables.columns import UnclearColumns
from core.errors import InputError
from core.files import changed_ns
from core.files.paths import typed_path
from core.groups.by_appearance.shipped import shipped_digest
from core.groups.scored import known_groups
from core.metrics.alignment import Lineup, line_up
from core.metrics.evaluation import Evaluation, evaluate
from core.metrics.generalisation import generalisation as measure_generalisation
from core.metrics.kept import FILES, kept
from core.metrics.run_threshold import resolve_threshold
from core.metrics.scored_split import scored_split
from core.reporting import leaderboard
from core.runs.identity import names_of, own_name, read_about
from core.runs.identity.about import ABOUT
from core.runs.reading import broken
from core.runs.run import BATTERY, CARD, CONFIG, PREDICTIONS, SPLIT, STATUS, Run
from core.runs.store import list_runs, models_dir
from dashboard import shared_mode
from dashboard.chosen import SHIPPED, chosen, note_images
from dashboard.once import once_a_run
from dashboard.opening import open_kept

if TYPE_CHECKING:
    import keras

POSITIVE = "positive_classes"  # of this session: by the names of the classes, which of them is the ill one
RESULT_FILES = (CONFIG, PREDICTIONS, CARD, SPLIT)


@once_a_run
def all_runs() -> tuple[list[Run], dict[str, str]]:
    """Every run, newest first, and the reasons why others cannot be read.

    Runs are kept in memory until one of their files changes.
    """
    folder = models_dir()
    stamps = {path.name: _stamp(path, (*RESULT_FILES, STATUS)) for path in _folders(folder)}
    return _list_runs(str(folder), tuple(sorted(stamps.items())))


@once_a_run
def finished_runs() -> list[Run]:
    """The runs that have stored predictions and are not archived, newest first."""
    return [run for run in all_runs()[0] if run.state == "finished" and (run.path / PREDICTIONS).exists() and not read_about(run).archived]


@once_a_run
def archived_runs() -> list[Run]:
    """The runs that their owner put away, newest first."""
    return [run for run in all_runs()[0] if read_about(run).archived]


@once_a_run
def names() -> dict[str, str]:
    """What each run is called, by its id; no two alike."""
    runs, _ = all_runs()
    key = tuple((str(run.path), *_stamp(run.path, (CONFIG, ABOUT))) for run in runs)
    return _names(key, runs)


@once_a_run
def baselines() -> list[str]:
    """The ids of the runs pinned as the baseline; one at most, unless folders were copied together."""
    return [run.name for run in all_runs()[0] if read_about(run).baseline]


def named(text: str) -> str:
    """A sentence of an error, with what runs are called in the place of the ids that it quotes; ids in commands stay."""
    for run, name in names().items():
        text = text.replace(repr(run), repr(name)) if run in text else text
    return text


def name_of(run: Run) -> str:
    """What a run is called on every page."""
    return names().get(run.name) or own_name(run)


def evaluation(run: Run, split: str = "test", threshold: str | float = "recommended") -> Evaluation:
    """A run's metrics at an operating point, with intervals; computed once for each set of predictions and threshold."""
    value = resolve_threshold(run, threshold)
    return _evaluate(str(run.path), _stamp(run.path, RESULT_FILES), split, value, run)


def identities(runs: Sequence[Run]) -> tuple:
    """What differs when other runs are meant or one of their files of results changed: a key for what is computed from them."""
    return tuple((str(run.path), *_stamp(run.path, RESULT_FILES)) for run in runs)


def lineup(runs: Sequence[Run], two_classes: bool = False) -> Lineup:
    """The stored test scores of runs side by side, kept until one of their files changes.

    Parameters
    ----------
    runs : sequence of Run
    two_classes : bool
        Whether runs that tell bacterial from viral pneumonia are shown as runs of two classes.

    Returns
    -------
    Lineup
    """
    called = names()
    return _lineup((identities(runs), tuple(called.get(run.name) for run in runs)), two_classes, list(runs), called)


def board(runs: Sequence[Run]) -> pd.DataFrame:
    """One row of results for each run, at its own operating point; a run that cannot be judged has none."""
    rows, called = [], names()
    for run in runs:
        with suppress(InputError):
            row = board_row(run)
            rows.append(row | {"title": called.get(run.name, row["title"])})
    return pd.DataFrame(rows)


def board_row(run: Run) -> dict:
    """A run's facts and metrics on test, as `core.reporting.leaderboard.board_row` gives them; raises InputError if it cannot be judged."""
    return _board_row(identities([run]), run, evaluation(run))


def generalisation(run: Run) -> pd.DataFrame:
    """A run's metrics on validation, on the battery, on test and in the worst group of images; computed once for each set of files."""
    return _generalisation(str(run.path), _stamp(run.path, (*RESULT_FILES, BATTERY)), run)


def dataset(data: str | None = None, wait: bool = True) -> Dataset:
    """A data set by path (None: the one in use, as `dashboard.chosen` says), with a progress bar while it is measured.

    Without `wait`, `dashboard.opening.StillToMeasure` is raised where measuring would take long. Which of its classes is the ill one is as
    `say_positive` was told in this session.
    """
    data = data or chosen().path
    shared_mode.require_data(data)
    data = data if data == SHIPPED else str(typed_path(data))
    try:
        opened = open_kept(data, wait)
    except UnclearColumns as error:  # which a page can ask about
        raise type(error)(f"The columns of {Path(data).name!r} do not say what they hold: choose them on the Data page.") from None
    note_images(data, len(opened.samples))
    said = st.session_state.get(POSITIVE, {}).get(tuple(sorted(opened.class_names)))
    return with_positive(opened, said)


def with_positive(opened: Dataset, positive: str | None) -> Dataset:
    """The same data set with one of two classes said to be the ill one; the same object each time, for what is computed from it is kept."""
    return _with_positive(str(opened.root), opened.digest, positive, opened) if positive else opened


def say_positive(opened: Dataset, positive: str | None) -> None:
    """Remember for this session which of two classes is the ill one."""
    st.session_state.setdefault(POSITIVE, {})[tuple(sorted(opened.class_names))] = positive


def model(run: Run) -> keras.Model:
    """A run's model, shared by all sessions: never change it."""
    return _load_model(str(run.path), changed_ns(run.model_path.stat()) if run.model_path.exists() else 0, run)


@st.cache_resource(max_entries=4, show_spinner=False)
def _list_runs(folder: str, stamps: tuple) -> tuple[list[Run], dict[str, str]]:
    return list_runs(folder)


@st.cache_data(max_entries=4, show_spinner=False)
def _names(key: tuple, _runs: list[Run]) -> dict[str, str]:
    return names_of(_runs)


@st.cache_data(max_entries=2000, show_spinner=False)
def _evaluate(path: str, stamp: tuple, split: str, threshold: float | None, _run: Run) -> Evaluation:
    def measure() -> dict:
        return evaluate(scored_split(_run, split), _run.config.class_names, threshold, _run.facts).to_json()

    return Evaluation.from_json(kept(_run, f"evaluation of {split} at {threshold!r}", measure))


@st.cache_resource(max_entries=40, show_spinner=False)
def _lineup(key: tuple, two_classes: bool, _runs: list[Run], _names: dict[str, str]) -> Lineup:
    return line_up(_runs, two_classes=two_classes, names=_names)


@st.cache_data(max_entries=2000, show_spinner=False)
def _board_row(key: tuple, _run: Run, _evaluation: Evaluation) -> dict:
    return kept(_run, "row of the leaderboard", lambda: leaderboard.board_row(_run, evaluation=_evaluation))


@st.cache_data(max_entries=500, show_spinner=False)
def _generalisation(path: str, stamp: tuple, _run: Run) -> pd.DataFrame:
    def measure() -> dict:
        return measure_generalisation(_run, known_groups(_run)).to_dict("split")

    try:
        found = kept(_run, f"way to test, groups {shipped_digest()}", measure, (*FILES, BATTERY))
    except InputError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError):  # a column that is not there, or holds something else
        raise broken(_run.path, BATTERY) from None
    return pd.DataFrame(**found)


@st.cache_resource(max_entries=4, show_spinner=False)
def _with_positive(root: str, digest: str, positive: str, _dataset: Dataset) -> Dataset:
    return _dataset.with_positive(positive)


@st.cache_resource(max_entries=6, show_spinner="Loading the model …")
def _load_model(path: str, modified: int, _run: Run) -> keras.Model:
    from core.inference.predict import load_model
    from core.machine import devices

    devices.prepare()  # a process apart may need some of a GPU's memory
    loaded = load_model(_run)
    _keep_keras_state()
    return loaded


def _keep_keras_state() -> None:
    """Stop Streamlit from clearing Keras after every run of a page.

    Streamlit calls `keras.backend.clear_session`, which collects garbage for about half a second and resets graphs under
    other sessions that may be tracing one. Models here are shared and bounded by the cache, so there is nothing to clear.
    """
    import keras

    keras.backend.clear_session = lambda *args, **kwargs: None


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")] if folder.is_dir() else []


def _stamp(path: Path, names: tuple[str, ...]) -> tuple[int, ...]:
    """Modification times and sizes of a run's files, 0 where there is none."""
    return tuple(number for name in names for number in _facts(f"{path}/{name}"))


@once_a_run
def _facts(file: str) -> tuple[int, int]:
    try:
        found = os.stat(file)  # noqa: PTH116 - a Path for each of thousands takes longer than the call
    except (FileNotFoundError, NotADirectoryError):
        return 0, 0
    return changed_ns(found), found.st_size

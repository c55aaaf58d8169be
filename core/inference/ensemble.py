"""An ensemble: a run whose scores are the mean of those of several finished runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from core.config import RunConfig
from core.errors import InputError
from core.metrics.thresholds import operating_points
from core.runs.card import INTENDED_USE
from core.runs.origin import IMPORTED, how_again
from core.runs.run import Run
from core.runs.store import create_run, open_run

if TYPE_CHECKING:
    import keras

SYSTEM = "ensemble"
NO_MAP = "An ensemble has no single map: each member looks on its own, and a mean of maps could show a place that none of them used."
NO_NEIGHBOURS = "an ensemble has no nearest training images, as each member sees features of its own; choose a member to see its own."


def create_ensemble(members: list[Run], title: str = "", models: str | None = None) -> Run:
    """A finished run that averages the probabilities of others on validation, battery and test images.

    Every member must have held out the same validation images; else some member would have been trained on images from which the
    ensemble's threshold is chosen.

    Parameters
    ----------
    members : list of Run
        Two or more finished runs.
    title : str
        What the pages call it.
    models : str, optional
        Folder of runs.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If the runs cannot be averaged; it names the run and the reason.
    """
    _check(members)
    first = members[0].config
    config = RunConfig(
        system=SYSTEM, title=title, members=tuple(run.name for run in members), n_classes=first.n_classes,
        class_names=first.class_names, image_size=max(run.config.image_size for run in members), recipe=first.recipe, seed=first.seed,
        data_title=first.data_title, fingerprint=first.fingerprint, split_rule=first.split_rule,
    )  # fmt: skip
    run = create_run(config, first.data_title, models)
    run.write_split(members[0].split["sample_id"], members[0].split["split"], _facts(members))
    run.write_predictions(mean_scores([member.predictions for member in members], ["sample_id", "split", "y_true"]))
    if all(member.battery is not None for member in members):
        run.write_battery(mean_scores([member.battery for member in members], ["sample_id", "variant", "y_true"]))
    run.write_card(_card(members) | operating_points(run))
    run.drop_checkpoint()
    run.write_status("finished")
    return run


def open_members(run: Run) -> list[Run]:
    """The runs that an ensemble averages; none for another run.

    Parameters
    ----------
    run : Run

    Returns
    -------
    list of Run

    Raises
    ------
    InputError
        If one of them is gone; it is named.
    """
    return [_open_member(run, name) for name in run.config.members]


def load_ensemble(run: Run, load: Callable[[Run], keras.Model]) -> keras.Model:
    """One model that averages the members' probabilities.

    Parameters
    ----------
    run : Run
    load : callable of Run
        Returns a member's model.

    Returns
    -------
    keras.Model

    Raises
    ------
    InputError
        If the members take images of different sizes, or one of them is gone.
    """
    import keras

    members = open_members(run)
    if len({member.config.image_size for member in members}) > 1:
        raise InputError(f"The members of {run.name!r} take images of different sizes; score the image with each of them instead.")
    inputs = keras.Input((run.config.image_size, run.config.image_size, 3), name="image")
    outputs = []
    for number, member in enumerate(members):
        model = load(member)
        model.name = f"member{number}"
        outputs.append(model(inputs))
    return keras.Model(inputs, keras.layers.Average(dtype="float32", name="probabilities")(outputs), name=SYSTEM)


def _open_member(run: Run, name: str) -> Run:
    try:
        member = open_run(Path(name).name, run.path.parent)
    except InputError as error:
        raise InputError(f"The member {name!r} of the ensemble {run.name!r} cannot be used: {error}") from None
    if member.config.members:
        raise InputError(f"The member {name!r} of the ensemble {run.name!r} is an ensemble itself; average the members of both in one.")
    if not member.model_path.exists():
        raise InputError(
            f"The member {name!r} of the ensemble {run.name!r} has no model file, so it scores no new image; {how_again(member.config)}"
        )
    return member


def _facts(members: list[Run]) -> pd.DataFrame | None:
    """What the member that knows most of its images' patients states, whichever comes first."""
    stated = [run.facts for run in members if run.facts is not None]
    return min(stated, key=lambda facts: facts["patient_id"].fillna(facts["sample_id"]).nunique(), default=None)


def _check(members: list[Run]) -> None:
    if len({run.name for run in members}) < 2:
        raise InputError("An ensemble needs two different finished runs or more; list them with: python -m core runs")
    first = members[0]
    for run in members:
        if run.state != "finished":
            raise InputError(f"The run {run.name!r} is {run.state}; only finished runs can be averaged.")
        if run.config.members:
            raise InputError(f"The run {run.name!r} is an ensemble itself; name its members instead: {', '.join(run.config.members)}.")
        if run.config.class_names != first.config.class_names:
            raise InputError(f"The run {run.name!r} has other classes than {first.name!r}; average runs of one kind.")
        if _held_out(run) != _held_out(first):
            raise InputError(
                f"The run {run.name!r} has scores of other validation or test images than {first.name!r}, so no threshold could be chosen "
                f"fairly; {_same_images(run, first)}."
            )


def _same_images(*runs: Run) -> str:
    """What to do about runs whose scores are of different images."""
    if any(run.config.system == IMPORTED for run in runs):
        return "bring scores of the same images, those of val among them, with: python -m core import FILE --like RUN"
    return "train the members with --set validation_seed=0"


def _held_out(run: Run) -> set[tuple]:
    return set(run.predictions[["sample_id", "split", "y_true"]].itertuples(index=False, name=None))


def by_members(run: Run, score: Callable[[Run], pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    """A table of scores of a run; of an ensemble the mean of its members', which may take images of different sizes.

    Parameters
    ----------
    run : Run
    score : callable of Run
        Gives the table of one run that has a model.
    keys : list of str
        The columns that are no scores.

    Returns
    -------
    DataFrame
    """
    return mean_scores([score(member) for member in open_members(run) or [run]], keys)


def mean_scores(tables: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    """The mean scores of tables that hold the same images, in the order of the first; one table as it is."""
    if len(tables) == 1:
        return tables[0]
    indexed = [table.set_index(keys) for table in tables]
    total = reduce(lambda a, b: a + b.reindex(a.index), indexed)
    return (total.astype("float64") / len(tables)).reset_index()


def _card(members: list[Run]) -> dict:
    def total(key: str) -> float:
        return round(sum(getattr(run.card, key) or 0 for run in members), 2)

    summed = ("params_total", "params_trainable", "model_bytes", "seconds", "milliseconds_per_image")
    return {key: total(key) for key in summed} | {"n_samples": members[0].card.n_samples, "intended_use": INTENDED_USE}

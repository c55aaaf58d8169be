"""The command that trains many: sweep."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.options import CPUS, DATA, GPUS, LIMIT, MODELS, ON, needed_data, refuse_options
from core.cli.output import Interrupted, progress_bar, reports, say_notes
from core.cli.paths import FILE
from core.counted import counted
from core.errors import InputError

if TYPE_CHECKING:
    from core.sweeps.board import Record
    from core.sweeps.cells import Cell
    from core.sweeps.spec import Spec

WORKERS = click.option("--workers", type=click.IntRange(1), help="How many trainings at once (default: as many as there is room for).")


@click.command()
@click.argument("path", metavar="[SPEC]", type=FILE, required=False)
@click.option("--system", "systems", multiple=True, help="A system to train; repeat for more.")
@click.option("--seed", "seeds", multiple=True, type=click.IntRange(0, 2**31 - 1), help="A seed; repeat for more (default: 0).")
@click.option("--labels", multiple=True, type=click.Choice(["2", "3"]), help="A number of classes; repeat for both.")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE,VALUE", help="Values of a setting, or a range: KEY=LOW..HIGH, KEY=LOW..HIGH:log."
)
@click.option("--trials", type=click.IntRange(1, 10_000), help="How often to draw from ranges, for each system, classes and seed.")
@click.option("--sampler", type=click.Choice(["random", "tpe"]), help="How to draw: each alone, or near those that did well.")
@click.option("--stop-early", is_flag=True, default=None, help="End trainings that fall behind (successive halving).")
@click.option("--metric", type=click.Choice(["val_loss", "val_accuracy"]), help="What ranks them, of validation (default: val_loss).")
@click.option("--name", help="What the sweep is called (default: the file's name, or sweep); the same name goes on with it.")
@DATA
@LIMIT
@ON
@WORKERS
@CPUS
@GPUS
@MODELS
@reports
def sweep(
    path: Path | None, data: str | None, on: str, workers: int | None, cpus: int | None, gpus: int, models: str | None, **given: object
) -> dict:
    """Train many: systems, seeds and settings, all combinations of them or some that are drawn, and rank them by validation.

    SPEC is a YAML file with systems, seeds, labels, settings, trials, sampler, stop_early, metric, name and limit; the options say the
    same without one. What has finished is not trained again and what was stopped goes on, so the command can be repeated.
    """
    from core.datasets import open_dataset
    from core.runs.store import models_dir
    from core.sweeps.board import board_of
    from core.sweeps.drive import Share
    from core.sweeps.drive import sweep as train_all

    spec = _spec(path, given)
    data = needed_data(data, "A sweep")
    dataset = open_dataset(data, progress_bar("indexing"))
    done = progress_bar(f"sweep {spec.name}", "training")
    try:
        record = train_all(spec, dataset, data, models, on, Share(workers, cpus, gpus), done, say)
    except KeyboardInterrupt as stop:
        board = board_of(models_dir(models), spec.name)
        if not board.exists:
            raise
        raise Interrupted(_told(board.read()), stop) from None
    return _told(record)


def _told(record: Record) -> dict:
    """The answer; a sweep that is not done is said to be gone on with."""
    if record.n_settled < record.total:
        say_notes([f"Done so far: {record.n_settled} of {counted(record.total, 'training')}; the same command goes on from there."])
    return answer(record)


def answer(record: Record) -> dict:
    """What the command says of a sweep."""
    from core.sweeps.cells import best_cell

    best = best_cell(record.cells, record.spec.metric)
    return {
        "runs": [{"run": cell.run, "status": cell.state, **_facts(cell)} for cell in record.cells],
        "best": best.run if best else None,
        "metric": record.spec.metric,
        "value": best.value if best else None,
    }


def _facts(cell: Cell) -> dict:
    facts = cell.model_dump(include={"system", "n_classes", "seed", "settings", "epochs", "value", "attempts"})
    return facts | ({"reason": cell.reason} if cell.reason else {})


def _spec(path: Path | None, given: dict) -> Spec:
    from core.sweeps.spec import make_spec
    from core.sweeps.spec.file import read_spec
    from core.sweeps.spec.options import parse_settings

    if path:
        own = "what a file says is said there alone; leave it out, or leave out SPEC."
        refuse_options(own, "systems", "seeds", "labels", "settings", "trials", "sampler", "stop_early", "metric", "name", "limit")
        return read_spec(path)
    if not given["systems"]:
        raise InputError("A sweep needs a file, or at least one --system; list them with: python -m core systems")
    fields = {name: value for name, value in given.items() if value not in (None, ())}
    fields["labels"] = tuple(map(int, fields.get("labels", ())))
    return make_spec(fields | {"settings": parse_settings(fields.get("settings", ()))})


def say(cell: Cell) -> None:
    """A line on standard error about a training that has ended."""
    value = "" if cell.value is None else f", {cell.value:.4f}"
    settings = "".join(f", {key}={value}" for key, value in cell.settings.items())
    click.echo(f"{cell.system} ({cell.n_classes} classes), seed {cell.seed}{settings}: {cell.state}{value} {cell.reason}".strip(), err=True)

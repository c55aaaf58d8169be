"""Options that several commands share."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable

import click
from click.core import ParameterSource

from core.cli.paths import ANY
from core.errors import InputError
from core.workers import LOCAL, checked_place

MODELS = click.option("--models", type=ANY, help="Folder of run directories (default: PNEUMOLENS_MODELS or models/).")
THRESHOLD = click.option(
    "--threshold",
    default="recommended",
    show_default=True,
    help="recommended, half, youden, sensitivity_95, battery or a number from 0 to 1.",
)
DATA = click.option("--data", type=ANY, help="A Kaggle-layout folder or a PneumoniaMNIST .npz (default: PNEUMOLENS_DATA).")
SETTINGS = click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Replace a setting of the recipe; repeat for more.")
LIMIT = click.option("--limit", type=click.IntRange(1), help="At most this many images of train, those held out for validation among them.")
SPLIT = click.option("--split", type=click.Choice(["test", "val"]), default="test", show_default=True)
POSITIVE = click.option("--positive", metavar="CLASS", help="Which of two classes is the ill one (default: as their names tell).")
COLUMN = click.option(
    "--column", "column", metavar="OURS=THEIRS", multiple=True, help="What a table calls a column, such as sample_id=filename; repeatable."
)
ON = click.option(
    "--on",
    default=LOCAL,
    show_default=True,
    callback=lambda context, option, on: checked_place(on),  # before hours of indexing
    metavar="local|ray|ray://HOST:PORT",
    help="Where the work is done; see docs/cluster.md.",
)
CPUS = click.option("--cpus", type=click.IntRange(1), help="Processors for each training (default: all with local, one with Ray).")
GPUS = click.option("--gpus", type=click.IntRange(0), default=0, show_default=True, help="Whole GPUs for each training.")
CLASS_NAME = click.option(
    "--class-name", "class_name", metavar="THEIRS=OURS", multiple=True, help="What a table calls a class, such as 1=PNEUMONIA; repeatable."
)


def needed_data(data: str | None, work: str) -> str:
    """The images that `work` needs, of ``--data`` or else of PNEUMOLENS_DATA; raises InputError where neither names any."""
    if data := data or os.environ.get("PNEUMOLENS_DATA"):
        return data
    raise InputError(f"{work} needs the images: give --data DATA or set PNEUMOLENS_DATA; get them with: python -m core fetch kaggle DEST")


def refuse_options(reason: str, *names: str) -> None:
    """Raise InputError if one of some options stands on the command line, where it would change nothing.

    Parameters
    ----------
    reason : str
        Why it would not.
    *names : str
        Of parameters of the command that runs.
    """
    context = click.get_current_context()
    given = [name for name in names if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    for parameter in context.command.params:
        if given and parameter.name == given[0]:
            called = parameter.opts[0] if isinstance(parameter, click.Option) else parameter.name.upper()
            raise InputError(f"{called} would change nothing: {reason}")


class Share(click.FloatRange):
    """A number from 0 to 1, or outside by rounding alone."""

    name = "share"

    def __init__(self) -> None:
        super().__init__(0, 1)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; fails, in words, where it is none or too far outside."""
        from core.runs.predictions_table import within_unit

        try:
            number = within_unit(float(str(value)))
        except (TypeError, ValueError):
            number = float("nan")
        if not 0 <= number <= 1:
            self.fail(f"it takes a number from 0 to 1; received {str(value)!r}.", param, ctx)
        return number


def names_columns(function: Callable[..., dict]) -> Callable[..., dict]:
    """Give a command ``--column`` and ``--class-name``, and hand it the `Naming` that they make as ``naming``."""

    @COLUMN
    @CLASS_NAME
    @functools.wraps(function)
    def wrapper(*args: object, column: tuple[str, ...], class_name: tuple[str, ...], **kwargs: object) -> dict:
        from core.datasets.tables.columns import Naming

        return function(*args, naming=Naming.from_options(column, class_name), **kwargs)

    return wrapper

"""The command visualize: what a class or a filter answers to most strongly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.maps import class_id_of
from core.cli.options import MODELS, refuse_options
from core.cli.output import progress_bar, reports, say_notes
from core.cli.paths import FILE
from core.errors import InputError

if TYPE_CHECKING:
    from core.saliency.features.activation_maximisation import Maximised

PNG = (".png", "")  # endings of a file that holds one


@click.command()
@click.argument("run")
@click.option("--class", "class_name", help="The class to make a picture for.")
@click.option("--layer", help="A spatial layer, and its filter, to make a picture for instead of a class.")
@click.option("--filter", "channel", type=click.IntRange(0), help="Number of the filter, from 0.")
@click.option("--steps", type=click.IntRange(1), default=128, show_default=True, help="Of the ascent; at most 1,024.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the noise that it begins with.")
@click.option("--out", type=FILE, required=True, help="Write the picture as PNG, at the model's input size.")
@MODELS
@reports
def visualize(
    run: str, class_name: str | None, layer: str | None, channel: int | None, steps: int, seed: int, out: Path, models: str | None
) -> dict:
    """Make the picture that a class or a filter of RUN answers to most strongly (activation maximisation)."""
    from core.inference.predict import load_model
    from core.runs.store import open_run
    from core.saliency.features.activation_maximisation import PROVES_NOT, maximise

    if class_name:
        refuse_options("a class is made of no single layer; leave it out, or leave out --class.", "layer", "channel")
    if out.suffix.lower() not in PNG:
        raise InputError(f"The picture is written as PNG: name a file that ends in .png, not {out.name!r}.")
    opened = open_run(run, models)
    class_id = class_id_of(class_name, opened.config.class_names)
    made = maximise(load_model(opened), class_id, layer, channel, steps, seed, progress_bar("ascent", "step"))
    _save(made, out)
    say_notes([PROVES_NOT])
    scores = {"before": made.before, "after": made.after, "steps": steps, "seed": seed}
    return {"run": opened.name, "class": class_name, "layer": layer, "filter": channel} | scores


def _save(made: Maximised, path: Path) -> None:
    from PIL import Image

    from core.files import replacing

    with replacing(path) as temporary:
        Image.fromarray(made.pixels).save(temporary, format="PNG")

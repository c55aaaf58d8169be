"""The command atlas: where a run looks on average."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from core.cli.output import progress_bar, reports, say_notes
from core.cli.paths import ANY

if TYPE_CHECKING:
    from core.inference.atlas import Part

ALIGNED = "Films are aligned by the model's own input alone, not by their anatomy. Shares are of each map; intervals are over films."


@click.command()
@click.argument("run")
@click.option("--data", type=ANY, help="The images of the run's scores (default: PNEUMOLENS_DATA).")
@click.option("--split", type=click.Choice(["val", "test"]), default="test", show_default=True)
@click.option("--method", default="grad_cam", show_default=True, help="One of: python -m core methods")
@click.option("--models", type=ANY, help="Folder of run directories (default: PNEUMOLENS_MODELS or models/).")
@reports
def atlas(run: str, data: str | None, split: str, method: str, models: str | None) -> dict:
    """Mean map of RUN by outcome and group, and its share outside the body; kept in the run."""
    from core.groups.scored import group_numbers
    from core.inference.atlas import build_atlas, refuse_ensemble, save_atlas
    from core.inference.atlas_file import group_number
    from core.inference.predict import load_model
    from core.inference.run_images import open_for
    from core.runs.store import open_run
    from core.saliency import get_method

    get_method(method)
    opened = open_run(run, models)
    refuse_ensemble(opened)
    dataset = open_for(opened.config, data, progress_bar("indexing"))
    began = time.monotonic()
    bars = progress_bar("atlas", "film"), group_numbers(dataset), progress_bar("decoding")
    made = build_atlas(opened, load_model(opened), dataset, split, method, *bars)
    save_atlas(opened, made, split, method)
    say_notes([ALIGNED])
    outcomes = {name: _row(part) for name, part in made.items() if not group_number(name)}
    groups = {str(group_number(name)): _row(part) for name, part in made.items() if group_number(name)}
    told = {"run": opened.name, "split": split, "method": method, "outcomes": outcomes, "groups": groups}
    return told | {"seconds": round(time.monotonic() - began, 1)}


def _row(part: Part) -> dict:
    shares = {"outside_body": part.outside_body[0], "low": part.outside_body[1], "high": part.outside_body[2]}
    corners = dict(zip(("corners", "corners_low", "corners_high"), part.corners, strict=True))
    return {"n": part.n, "n_empty": part.n_empty} | shares | corners

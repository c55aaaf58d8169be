"""Commands about single images: predict; and reference, which tells them from out-of-distribution ones."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from core.cli.options import MODELS
from core.cli.output import progress_bar, reports, say_notes
from core.cli.paths import ANY
from core.cli.tables import wrapped
from core.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from core.images.gate import Film
    from core.inference.prediction import Prediction
    from core.runs.run import Run

NAME, CLASS = 34, 20  # characters of a file's and of a class's name in the table
REFUSED = "refused"
NO_SCORE = "No score is shown, as it would mean nothing; --json has it."
MORE = "Add --json for the distances behind a warning and the nearest training films."


def _text(result: dict) -> str:
    """A line for each film and, beneath it, why to doubt it; a film that could not be read with its reason.

    ``range`` is over flips and shifts.
    """
    import pandas as pd

    rows = result["images"]
    table = pd.DataFrame([_cells(row) for row in rows if "error" not in row])
    head, *lines = (line.rstrip() for line in table.to_string(index=False, justify="left").split("\n"))
    said, read = [head], iter(lines)
    for row in rows:
        said += wrapped(f"{row['path']}: {row['error']}", hanging="    ") if "error" in row else [next(read), *_beneath(row)]
    return "\n".join([*said, *([MORE] if any(row.get("doubts") for row in rows) else [])])


def _cells(row: dict) -> dict[str, str]:
    """The columns of a film that could be read: of two classes the probability of the positive one, else that of the class called.

    A film that is refused has no score here, as on the page.
    """
    from core.inference.prediction import NOT_RELIABLE
    from core.metrics.statistics.intervals import UNDEFINED
    from core.text import one_line

    name = row["label"] if row["threshold"] is None else list(row["probabilities"])[1]
    path = one_line(row["path"], 1000)
    refused, ends, calibrated = row["refused"], row["interval"], row["calibrated"] if row["reliable"] else None
    return {
        "image": (path if len(path) <= NAME else f"…{path[1 - NAME :]}").ljust(NAME),
        "verdict": (REFUSED if refused else one_line(row["verdict"], CLASS)).ljust(len(NOT_RELIABLE)),
        "p" if row["threshold"] is None else f"p({one_line(name, CLASS)})": UNDEFINED if refused else f"{row['probabilities'][name]:.3f}",
        "range": "{:.3f}–{:.3f}".format(*ends[name]) if ends and not refused else UNDEFINED,
        "threshold": UNDEFINED if row["threshold"] is None else f"{row['threshold']:.3f}",
        "calibrated": f"{calibrated[name]:.3f}" if calibrated else UNDEFINED,
    }


def _beneath(row: dict) -> list[str]:
    would = [NO_SCORE] if row["refused"] else [] if row["reliable"] else [f"Its answer would be {row['label']}."]
    return [line for sentence in (*row["doubts"], *would) for line in wrapped(sentence, "    ")]


@click.command()
@click.argument("run")
@click.argument("images", metavar="IMAGE...", nargs=-1, required=True, type=ANY)
@MODELS
@partial(reports, readable=_text)
def predict(run: str, images: tuple[str, ...], models: str | None) -> dict:
    """Probabilities of RUN for each IMAGE (JPEG, PNG, TIFF or DICOM)."""
    from core.images import ImageError
    from core.images.gate import Film
    from core.inference.decide import average
    from core.inference.ensemble import open_members
    from core.inference.predict import load_model
    from core.inference.single_image import predict_image
    from core.input_checks import open_reference
    from core.input_checks.doubts import of_run
    from core.input_checks.population import of_whom, population
    from core.runs.store import open_run

    opened = open_run(run, models)
    _require_a_file(images)
    members = open_members(opened)
    judges = [(judge, load_model(judge), open_reference(judge)) for judge in members or [opened]]
    known, rows, progress = samples_at_hand(), [], progress_bar("predicting")
    for done, path in enumerate(images, start=1):
        try:
            film = Film.of(path)
            said = [doubted(predict_image(judge, model, film, reference), judge, film, known) for judge, model, reference in judges]
            rows.append({"path": path} | (average(opened, said).with_findings(of_run(opened)) if members else said[0]).to_json())
        except ImageError as error:
            rows.append({"path": path, "error": str(error)})
        progress(done, len(images))
    _require_one(rows)
    say_notes([of_whom("This model", population(opened).sentence)])
    return {"images": rows, "doubts": [f"{row['path']}: {sentence}" for row in rows for sentence in row.get("doubts", ())]}


@click.command()
@click.argument("runs", metavar="RUN...", nargs=-1, required=True)
@click.option("--data", type=ANY, help="The data set that each RUN was trained on (default: PNEUMOLENS_DATA).")
@MODELS
@reports
def reference(runs: tuple[str, ...], data: str | None, models: str | None) -> dict:
    """Measure the training images of each RUN, so that predict and the Inspect page can warn of out-of-distribution films.

    How unlike them each test film is, is kept too: Compare can hand the strangest films to a reader. New runs do this when they finish;
    this is for runs that were made before.
    """
    from core.inference.predict import load_model
    from core.inference.run_images import open_for
    from core.input_checks import build_reference, save_reference
    from core.input_checks.unlikeness import save_unlikeness
    from core.runs.store import open_run

    rows = []
    for opened in [open_run(run, models) for run in runs]:
        dataset = open_for(opened.config, data, progress_bar("indexing"))
        model = load_model(opened)
        made = build_reference(opened, model, dataset, progress_bar(opened.name))
        save_reference(opened, made)
        n_test = save_unlikeness(opened, model, made, dataset, progress=progress_bar(f"{opened.name}: test"))
        limits = {kind: limit for kind, (limit, _) in made.limits.items()}
        rows.append({"run": opened.name, "n_train": len(made.sample_ids), "n_val": made.n_val, "n_test": n_test, "limits": limits})
    return {"references": rows}


def samples_at_hand() -> pd.DataFrame | None:
    """The sample table of PNEUMOLENS_DATA, to know training images by; None without it, or where it cannot be used."""
    import os

    from core.datasets import open_dataset

    try:
        return open_dataset(None, progress_bar("indexing")).samples if os.environ.get("PNEUMOLENS_DATA") else None
    except InputError as error:
        click.echo(f"Training images are not looked for: {error}", err=True)
        return None


def doubted(said: Prediction, run: Run, image: Film, known: pd.DataFrame | None) -> Prediction:
    """A prediction with the reasons for doubt that its pixels do not show."""
    from core.input_checks.doubts import doubts, training_copy

    return said.with_findings(doubts(run, image, training_copy(run, image, known)))


def _require_a_file(images: tuple[str, ...]) -> None:
    """Raise InputError, with the reasons, if none can even be read: asked before anything that takes a while."""
    from core.images import ImageError, read_content

    rows = []
    for path in images:
        try:
            read_content(path)
            return
        except ImageError as error:
            rows.append({"path": path, "error": str(error)})
    _require_one(rows)


def _require_one(rows: list[dict]) -> None:
    """Raise InputError, with the reasons, if no image at all could be used."""
    if all("error" in row for row in rows):
        first = "; ".join(f"{row['path']}: {row['error']}" for row in rows[:3])
        more = f"; and {len(rows) - 3} more" if len(rows) > 3 else ""
        raise InputError(f"No image could be used. {first}{more}")

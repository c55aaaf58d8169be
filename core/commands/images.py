"""Commands about single images: predict, explain, methods; and reference, which tells them from out-of-distribution ones."""

from __future__ import annotations

from pathlib import Path

import click

from core.commands.options import refuse_options
from core.commands.output import progress_bar, reports, say_notes
from core.commands.paths import ANY, FILE
from core.errors import InputError

MODELS = click.option("--models", type=ANY, help="Folder of run directories (default: PNEUMOLENS_MODELS or models/).")


@click.command()
@click.argument("run")
@click.argument("images", metavar="IMAGE...", nargs=-1, required=True, type=ANY)
@MODELS
@reports
def predict(run: str, images: tuple[str, ...], models: str | None) -> dict:
    """Probabilities of RUN for each IMAGE (JPEG, PNG, TIFF or DICOM)."""
    from core.doubts import of_run
    from core.ensemble import open_members
    from core.images import ImageError
    from core.inference import load_model
    from core.population import population
    from core.runs import open_run
    from core.screening import open_reference
    from core.single import average, predict_image

    opened = open_run(run, models)
    members = open_members(opened)
    judges = [(judge, load_model(judge), open_reference(judge)) for judge in members or [opened]]
    known, rows, progress = _samples_at_hand(), [], progress_bar("predicting")
    for done, path in enumerate(images, start=1):
        try:
            said = [_doubted(predict_image(judge, model, path, reference), judge, path, known) for judge, model, reference in judges]
            rows.append({"path": path} | (average(opened, said).with_findings(of_run(opened)) if members else said[0]).to_json())
        except ImageError as error:
            rows.append({"path": path, "error": str(error)})
        progress(done, len(images))
    _require_one(rows)
    for row in rows:
        for sentence in row.get("warnings", ()):
            click.echo(f"warning: {row['path']}: {sentence}", err=True)
    say_notes([population(opened).sentence])
    return {"images": rows}


@click.command()
@click.argument("run")
@click.argument("image", type=ANY)
@click.option("--method", required=True, help="One of: python -m core methods")
@click.option("--class", "class_name", help="The class to explain (default: the run's own verdict at its threshold).")
@click.option("--layer", help="A spatial layer (default: the last one).")
@click.option("--out", type=FILE, help="Write the overlay as PNG, at the image's own size.")
@click.option("--npy", type=FILE, help="Write the map as float32 in [0, 1], at the model's input size.")
@click.option("--raw", type=FILE, help="Write the map's own magnitude as float32, at the model's input size.")
@click.option("--believe", is_flag=True, help="Check how far the map can be trusted.")
@MODELS
@reports
def explain(run, image, method, class_name, layer, out, npy, raw, believe, models) -> dict:
    """What in IMAGE speaks for a class, as RUN sees it."""
    from core.ensemble import NO_MAP
    from core.images import gate
    from core.inference import load_model
    from core.runs import open_run
    from core.saliency import get_method, weakness
    from core.saliency.looks import explain_view
    from core.screening import open_reference
    from core.single import first_look

    if not get_method(method).needs_layer:
        refuse_options(f"a map by {method} is made of no layer; leave it out, or choose a method such as grad_cam.", "layer")
    opened = open_run(run, models)
    if opened.config.members:
        raise InputError(f"{NO_MAP} Explain one of them: {', '.join(opened.config.members)}")
    class_id = _class_id(class_name, opened.config.class_names)
    grey = gate.read_grey(image)
    pixels = gate.read_grey(image, opened.config.image_size, opened.config.recipe.resize)
    model = load_model(opened)
    said = _doubted(first_look(opened, model, image, open_reference(opened)), opened, image, _samples_at_hand())
    if class_id is None:
        class_id = opened.config.class_names.index(said.label)
    view = opened.config.recipe.view
    explanation = explain_view(model, pixels, view, method, class_id, layer, progress_bar(method, "pass"))
    if npy:
        _save_npy(npy, explanation.heatmap)
    if raw:
        _save_npy(raw, explanation.magnitude)
    if out:
        _save_overlay(out, grey, explanation.heatmap, opened.config.recipe.resize)
    answer = {
        "method": method,
        "class": opened.config.class_names[explanation.class_id],
        "layer": explanation.layer,
        "milliseconds": round(explanation.milliseconds, 1),
        "shape": list(explanation.heatmap.shape),
        "maximum": explanation.raw_max,
        "warnings": [*([weak] if (weak := weakness(explanation)) else []), *said.warnings],
    }
    if explanation.note:
        click.echo(explanation.note, err=True)
    return answer | ({"belief": _belief(model, pixels, explanation)} if believe else {})


@click.command()
@click.argument("runs", metavar="RUN...", nargs=-1, required=True)
@click.option("--data", type=ANY, help="The data set that each RUN was trained on (default: PNEUMOLENS_DATA).")
@MODELS
@reports
def reference(runs: tuple[str, ...], data: str | None, models: str | None) -> dict:
    """Measure the training images of each RUN, so that predict and the Inspect page can warn of out-of-distribution films.

    New runs do this when they finish; this is for runs that were made before.
    """
    from core.inference import load_model
    from core.own_data import open_for
    from core.runs import open_run
    from core.screening import build_reference, save_reference

    rows = []
    for opened in [open_run(run, models) for run in runs]:
        dataset = open_for(opened.config, data, progress_bar("indexing"))
        made = build_reference(opened, load_model(opened), dataset, progress_bar(opened.name))
        save_reference(opened, made)
        limits = {kind: limit for kind, (limit, _) in made.limits.items()}
        rows.append({"run": opened.name, "n_train": len(made.sample_ids), "n_val": made.n_val, "limits": limits})
    return {"references": rows}


@click.command()
@reports
def methods() -> dict:
    """List the saliency methods."""
    from core.saliency import METHODS

    return {"methods": [{"key": m.key, "title": m.title, "reference": m.reference} for m in METHODS]}


def _samples_at_hand():
    """The sample table of PNEUMOLENS_DATA, to know training images by; None without it, or where it cannot be used."""
    import os

    from core.datasets import open_dataset

    try:
        return open_dataset(None, progress_bar("indexing")).samples if os.environ.get("PNEUMOLENS_DATA") else None
    except InputError as error:
        click.echo(f"Training images are not looked for: {error}", err=True)
        return None


def _doubted(said, run, image, known):
    """A prediction with the reasons for doubt that its pixels do not show."""
    from core.doubts import doubts, training_copy

    return said.with_findings(doubts(run, image, training_copy(run, image, known)))


def _require_one(rows: list[dict]) -> None:
    """Raise InputError, with the reasons, if no image at all could be used."""
    if all("error" in row for row in rows):
        first = "; ".join(f"{row['path']}: {row['error']}" for row in rows[:3])
        more = f"; and {len(rows) - 3} more" if len(rows) > 3 else ""
        raise InputError(f"No image could be used. {first}{more}")


def _belief(model, pixels, explanation) -> dict:
    from core.saliency.checks import believe

    belief = believe(model, pixels, explanation, progress=progress_bar("checking", "%"))
    told = ("key", "value", "unit", "passed", "sentence")
    checks = [{name: getattr(check, name) for name in told} for check in belief.checks]
    return {"level": belief.level, "sentence": belief.sentence, "checks": checks}


def _class_id(name: str | None, class_names: tuple[str, ...]) -> int | None:
    if name is None:
        return None
    matches = [class_id for class_id, known in enumerate(class_names) if known.lower() == name.lower()]
    if not matches:
        raise InputError(f"The run has no class {name!r}; choose from {', '.join(class_names)}.")
    return matches[0]


def _save_npy(path: Path, heatmap) -> None:
    import numpy as np

    from core.files import replacing

    with replacing(path) as temporary, temporary.open("wb") as file:
        np.save(file, heatmap)


def _save_overlay(path: Path, grey, heatmap, resize: str) -> None:
    from PIL import Image

    from core.files import replacing
    from core.saliency.heatmap import on_picture
    from core.saliency.overlay import overlay

    with replacing(path) as temporary:
        Image.fromarray(overlay(grey, on_picture(heatmap, resize, *grey.shape))).save(temporary, format="PNG")

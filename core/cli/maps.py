"""Commands about saliency maps: explain, methods."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from core.cli.options import refuse_options
from core.cli.output import progress_bar, reports
from core.cli.paths import ANY, FILE
from core.cli.predict import MODELS, doubted, samples_at_hand
from core.errors import InputError

if TYPE_CHECKING:
    import keras

    from core.inference.prediction import Prediction
    from core.saliency.explanation import Explanation

UNLIKE = "The film is unlike those that the model knows, so its answer is not reliable here, whatever the map passes."


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
def explain(
    run: str,
    image: Path,
    method: str,
    class_name: str | None,
    layer: str | None,
    out: Path | None,
    npy: Path | None,
    raw: Path | None,
    believe: bool,
    models: str | None,
) -> dict:
    """What in IMAGE speaks for a class, as RUN sees it."""
    from core.images import gate
    from core.inference.ensemble import NO_MAP
    from core.inference.predict import load_model
    from core.inference.single_image import first_look
    from core.input_checks import open_reference
    from core.runs.store import open_run
    from core.saliency import get_method
    from core.saliency.looks import explain_view

    if not get_method(method).needs_layer:
        refuse_options(f"a map by {method} is made of no layer; leave it out, or choose a method such as grad_cam.", "layer")
    opened = open_run(run, models)
    if opened.config.members:
        raise InputError(f"{NO_MAP} Explain one of them: {', '.join(opened.config.members)}")
    class_id = class_id_of(class_name, opened.config.class_names)
    film = gate.Film.of(image)
    grey = gate.read_grey(film)
    pixels = gate.read_grey(film, opened.config.image_size, opened.config.recipe.resize)
    model = load_model(opened)
    said = doubted(first_look(opened, model, film, open_reference(opened)), opened, film, samples_at_hand())
    if class_id is None:
        class_id = opened.config.class_names.index(said.label)
    view = opened.config.recipe.view
    explanation = explain_view(model, pixels, view, method, class_id, layer, progress_bar(method, "pass"))
    _save(explanation, grey, opened.config.recipe.resize, out, npy, raw)
    if explanation.note:
        click.echo(explanation.note, err=True)
    answer = {"method": method, "class": opened.config.class_names[explanation.class_id]} | _facts(explanation, said)
    return answer | ({"belief": _belief(model, pixels, explanation, said.reliable)} if believe else {})


@click.command()
@reports
def methods() -> dict:
    """List the saliency methods."""
    from core.saliency import METHODS

    return {"methods": [{"key": m.key, "title": m.title, "reference": m.reference} for m in METHODS]}


def class_id_of(name: str | None, class_names: tuple[str, ...]) -> int | None:
    """The class that a name means, however it is written; None for none, InputError for one that the run does not know."""
    if name is None:
        return None
    matches = [class_id for class_id, known in enumerate(class_names) if known.lower() == name.lower()]
    if not matches:
        raise InputError(f"The run has no class {name!r}; choose from {', '.join(class_names)}.")
    return matches[0]


def _facts(explanation: Explanation, said: Prediction) -> dict:
    from core.saliency import weakness

    weak = [sentence] if (sentence := weakness(explanation)) else []
    return {
        "layer": explanation.layer,
        "milliseconds": round(explanation.milliseconds, 1),
        "shape": list(explanation.heatmap.shape),
        "maximum": explanation.raw_max,
        "warnings": [*weak, *said.warnings],
        "doubts": [*weak, *said.doubts],
    }


def _belief(model: keras.Model, pixels: np.ndarray, explanation: Explanation, reliable: bool) -> dict:
    from core.saliency.checks import believe

    belief = believe(model, pixels, explanation, progress=progress_bar("checking", "%"))
    told = ("key", "value", "unit", "passed", "sentence")
    checks = [{name: getattr(check, name) for name in told} for check in belief.checks]
    sentence = belief.sentence if reliable else f"{UNLIKE} {belief.sentence}"
    return {"level": belief.level, "sentence": sentence, "checks": checks}


def _save(explanation: Explanation, grey: np.ndarray, resize: str, out: Path | None, npy: Path | None, raw: Path | None) -> None:
    """Write what was asked for of a map."""
    if npy:
        _save_npy(npy, explanation.heatmap)
    if raw:
        _save_npy(raw, explanation.magnitude)
    if out:
        _save_overlay(out, grey, explanation.heatmap, resize)


def _save_npy(path: Path, heatmap: np.ndarray) -> None:
    import numpy as np

    from core.files import replacing

    with replacing(path) as temporary, temporary.open("wb") as file:
        np.save(file, heatmap)


def _save_overlay(path: Path, grey: np.ndarray, heatmap: np.ndarray, resize: str) -> None:
    from PIL import Image

    from core.files import replacing
    from core.saliency.heatmap import on_picture
    from core.saliency.overlay import overlay

    with replacing(path) as temporary:
        Image.fromarray(overlay(grey, on_picture(heatmap, resize, *grey.shape))).save(temporary, format="PNG")

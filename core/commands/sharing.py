"""Commands about results from and for elsewhere: import, report."""

from __future__ import annotations

from pathlib import Path

import click

from core.commands.output import progress_bar, reports
from core.commands.several import open_several, say_left_out
from core.errors import InputError

MODELS = click.option("--models", default=None, help="Folder of run directories (default: PNEUMOLENS_MODELS or models/).")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--data", help="The images that were scored (default: PNEUMOLENS_DATA, else the shipped index of names and labels).")
@click.option("--like", metavar="RUN", help="Hold the predictions against the images of this run instead.")
@click.option("--title", default="", help="What to call the run (default: the file's name).")
@click.option("--threshold", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Operating point without validation scores.")
@click.option("--scale", type=click.Choice(["0-255", "0-1", "-1-1"]), default="0-255", show_default=True, help="Intensities a model takes.")
@click.option("--classes", metavar="A,B,...", help="Classes in the order of a model's outputs (default: normal first).")
@MODELS
@reports
def import_(file: Path, data, like, title, threshold, scale, classes, models) -> dict:
    """Make a run of FILE: a .keras model, or a CSV or Parquet file of predictions for the test images.

    A table has the columns sample_id and p_<class>, and if wanted split (test, val) and y_true.
    """
    from core.metrics.evaluation import evaluate_run

    if file.suffix == ".keras":
        run = _import_model(file, data, title, threshold, scale, classes, models)
    else:
        from core.imports import import_predictions

        run = import_predictions(file, file.name, _reference(data, like, models), title, threshold, models)
    evaluation = evaluate_run(run)
    return {"run": run.name, "title": run.config.title, "n_images": evaluation.n_samples, "metrics": evaluation.to_json()["metrics"]}


def _import_model(file, data, title, threshold, scale, classes, models):
    from core.datasets import open_dataset
    from core.imports import import_model

    dataset = open_dataset(data, progress_bar("indexing"))
    names = classes.split(",") if classes else None
    return import_model(file, dataset, title, threshold, scale, classes=names, models=models, progress=progress_bar("scoring"))


def _reference(data: str | None, like: str | None, models: str | None):
    from core.datasets import open_dataset
    from core.imports import Reference
    from core.runs import open_run

    if data and like:
        raise InputError("Give --data or --like, not both: one set of images to hold the predictions against.")
    return Reference.of_run(open_run(like, models)) if like else Reference.of_dataset(open_dataset(data, progress_bar("indexing")))


@click.command()
@click.argument("names", metavar="RUN...", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Write this HTML file.")
@click.option("--threshold", default="recommended", show_default=True, help="recommended, half, youden, sensitivity_95 or a number.")
@click.option("--prevalence", type=float, help="Share of pneumonia where the model would be used (default: that of the test images).")
@click.option("--miss-cost", type=float, default=10.0, show_default=True, help="How many false alarms a missed pneumonia is worth.")
@MODELS
@reports
def report(names: tuple[str, ...], out: Path, threshold: str, prevalence: float | None, miss_cost: float, models: str | None) -> dict:
    """Write one HTML file about RUNs that works offline: results, figures, failures and the items of a model card."""
    from core.files import replacing
    from core.metrics.lineup import line_up
    from core.report import build_report

    runs, broken = open_several(names, models)
    text = build_report(runs, threshold, miss_cost, prevalence)
    refused = broken | line_up(runs).refused
    with replacing(out) as temporary:
        temporary.write_text(text, encoding="utf-8")
    shown = [run.name for run in runs if run.name not in refused]
    return {"path": str(out), "runs": shown, "bytes": out.stat().st_size, "left_out": say_left_out(refused)}

"""Train Lens-Small without and with each remedy, three seeds each, and keep the scores: ``python -m benchmarks.remedies``.

Remedies are those for imbalance and for hidden groups. What is finished is not trained again, so an interrupted study goes on where it
stood; a run that turns out badly is kept like any other. All choices are made in the training folder: the same held-out patients in every
run, the last epoch, no setting tuned. Test images are scored once a run, when it ends.
"""

from __future__ import annotations

import click

from core.architectures import get_system
from core.cli.output import progress_bar
from core.datasets import open_dataset
from core.runs.identity.about import write_about
from core.runs.run import BATTERY, MODEL, PREDICTIONS, REFERENCE, SPLIT, Run
from core.runs.store import models_dir
from core.studies.remedies import SETTINGS
from core.training.reproduce import attempt

SYSTEM, N_CLASSES = "lens_small", 2
NOTE = "Of the study that sets each remedy for imbalance against none: the same small network, epochs and held-out patients."


@click.command()
@click.option("--data", required=True, help="A Kaggle-layout folder.")
@click.option("--seeds", default=3, show_default=True, type=click.IntRange(1, 100))
@click.option("--models", help="Folder of runs (default: PNEUMOLENS_MODELS or models/).")
def main(data: str, seeds: int, models: str | None) -> None:
    """Train what is missing, a seed of every remedy before the next seed."""
    system, dataset = get_system(SYSTEM), open_dataset(data, progress_bar("indexing"))
    for seed in range(seeds):
        for remedy, settings in SETTINGS.items():
            found = attempt(system, system.variant(N_CLASSES), seed, data, dataset.fingerprint, models, settings, None)
            click.echo(f"{remedy}, seed {seed}: {found.status} {found.run or ''} {found.reason}")
            if found.status == "trained":
                keep_scores(Run(models_dir(models) / found.run))


def keep_scores(run: Run) -> None:
    """Leave scores, settings and history of a finished run, small enough to ship, and fold it away from leaderboards."""
    write_about(run, note=NOTE, archived=True)
    for name in (MODEL, REFERENCE, BATTERY):
        (run.path / name).unlink(missing_ok=True)
    for name, table in ((SPLIT, run.split[["sample_id", "split"]]), (PREDICTIONS, run.predictions)):
        table.to_parquet(run.path / name, index=False, compression="zstd", compression_level=12)


if __name__ == "__main__":
    main()

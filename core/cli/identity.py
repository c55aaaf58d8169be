"""Commands about runs as their owner sees them: list them, say what one is called."""

from __future__ import annotations

from dataclasses import asdict

import click

from core.cli.options import MODELS
from core.cli.output import reports
from core.errors import InputError


@click.command()
@MODELS
@reports
def runs(models: str | None) -> dict:
    """List all runs, newest first, with test metrics, and those of the worst appearance group, at each run's own operating point."""
    from core.metrics.evaluation import evaluate_run
    from core.metrics.rules_apart import rules_note
    from core.metrics.run_threshold import resolve_threshold
    from core.reporting.leaderboard import worst_in
    from core.runs.identity import group_runs, names_of, read_about
    from core.runs.store import has_model, list_runs

    found, broken = list_runs(models)
    names, groups = names_of(found), {name: group.name for group in group_runs(found) for name in group.ids}
    for name, reason in broken.items():
        click.echo(f"left out {name}: {reason}", err=True)
    rows = []
    for run in found:
        row = {
            "run": run.name, "name": names[run.name], "group": groups[run.name], "seed": run.config.seed, "system": run.config.system,
            "status": run.state, "has_model": has_model(run), "metrics": {}, "worst_group": {},
            "warnings": [],
        } | {key: value for key, value in asdict(read_about(run)).items() if key != "name"}  # fmt: skip
        if run.state == "finished":
            try:
                row["warnings"] = warnings = run.card.warnings
                for sentence in warnings:
                    click.echo(f"{run.name}: {sentence}", err=True)
                row["metrics"] = evaluate_run(run).to_json()["metrics"]
                worst = worst_in(run, resolve_threshold(run, "recommended"))
                row["worst_group"] = {rate: found.to_json() for rate, found in worst.items()}
            except InputError as error:
                click.echo(f"no metrics for {run.name}: {error}", err=True)
        rows.append(row)
    note = rules_note(run for run in found if run.state == "finished")
    return {"runs": rows, "notes": [note] if note else []}


@click.command()
@click.argument("name", metavar="RUN")
@click.option("--name", "given", help="What every page, table and report calls it; empty to go by its settings again.")
@click.option("--note", help="A note of at most 2,000 characters.")
@click.option("--baseline/--no-baseline", default=None, help="Set the others against it; one run of a folder at most.")
@click.option("--archive/--no-archive", "archived", default=None, help="Leave it out of leaderboards and choices.")
@MODELS
@reports
def describe(name: str, given: str | None, note: str | None, baseline: bool | None, archived: bool | None, models: str | None) -> dict:
    """Say what a run is called and write a note beside it; no result changes. Without options: what is written."""
    from core.runs.identity import names_of, read_about, write_about
    from core.runs.identity.about import pin_baseline
    from core.runs.store import list_runs, open_run

    run = open_run(name, models)
    fields = {"name": given, "note": note, "archived": archived}
    if changed := {key: value for key, value in fields.items() if value is not None}:
        write_about(run, **changed)
    runs = list_runs(models or run.path.parent)[0]
    if baseline is not None:
        pin_baseline(run if baseline else None, runs if baseline else [run])
    return {"run": run.name} | asdict(read_about(run)) | {"name": names_of(runs).get(run.name, run.name)}

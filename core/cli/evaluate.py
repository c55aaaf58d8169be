"""Commands about scored runs: evaluate, compare."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from core.cli.options import MODELS, POSITIVE, SPLIT, THRESHOLD, names_columns, refuse_options
from core.cli.output import progress_bar, reports
from core.cli.paths import ANY
from core.cli.several import accuracies, lined_up, point_of, say_left_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.datasets.tables.columns import Naming
    from core.runs.run import Run


@click.command()
@click.argument("run")
@SPLIT
@THRESHOLD
@click.option("--recompute", is_flag=True, help="Score the images with the model instead of reading stored predictions.")
@click.option("--data", type=ANY, help="The images for --recompute; other images than the run's make it an external test.")
@POSITIVE
@MODELS
@reports
@names_columns
def evaluate(
    run: str, split: str, threshold: str, recompute: bool, data: str | None, positive: str | None, models: str | None, naming: Naming
) -> dict:
    """Metrics of RUN with 95 % intervals, and each rate in the group of films that look alike in which it is lowest.

    Such a group holds at least 20 films of the class; the groups come with the index of the Kermany set, so other images have none.
    """
    from core.metrics.evaluation import evaluate_panel
    from core.metrics.operating_point import operate
    from core.metrics.panel import solo
    from core.metrics.undefined import panel_note
    from core.runs.store import open_run

    opened, restored = open_run(run, models), ""
    if recompute:
        from core.inference.rescore import rescore
        from core.inference.restore_card import restore_card

        restored = restore_card(opened)
        panel, notes = rescore(opened, data, split, progress_bar, positive, naming)
    else:
        refuse_options("stored predictions need no images; it goes with --recompute.", "data", "positive", "column", "class_name")
        panel, notes = solo(opened, split), []
    operating = operate(panel, [opened], threshold)
    notes += [restored, *operating.notes, panel_note(panel, operating.thresholds)]
    found = evaluate_panel(panel, operating.thresholds)[opened.name].to_json()
    return found | _worst(opened, operating.thresholds, split, recompute) | {"notes": [note for note in notes if note]}


def _worst(run: Run, thresholds: Mapping[str, float | None], split: str, recompute: bool) -> dict:
    """The worst appearance group of each rate, where stored scores are looked at and the groups come with the index."""
    from core.reporting.leaderboard import worst_in

    found = {} if recompute else worst_in(run, thresholds[run.name], split)
    return {"worst_group": {name: worst.to_json() for name, worst in found.items()}} if found else {}


@click.command()
@click.argument("names", metavar="RUN RUN...", nargs=-1)
@SPLIT
@THRESHOLD
@click.option("--match-sensitivity", type=float, help="Instead of a threshold: the highest one of each run with this sensitivity.")
@MODELS
@reports
def compare(names: tuple[str, ...], split: str, threshold: str, match_sensitivity: float | None, models: str | None) -> dict:
    """Paired differences between runs on the same images, each against each: b minus a.

    p_value, low and high are of the pair alone; p_adjusted, low_adjusted and high_adjusted are corrected for all pairs (Holm 1979).
    A run that cannot be set beside the others is left out, with the reason, as long as two remain.
    """
    from core.metrics.comparison import compare_panel
    from core.metrics.comparison_text import by_size, verdict
    from core.metrics.operating_point import operate
    from core.metrics.undefined import panel_note
    from core.runs.identity import names_of

    point = point_of(threshold, match_sensitivity)
    lineup, panel, opened = lined_up(names, split, models)
    called = names_of(opened)
    operating = operate(panel, opened, point, called)
    found = compare_panel(panel, operating.thresholds)
    verdicts = [{"a": a, "b": b, "sentence": verdict(of_pair, called[a], called[b])} for (a, b), of_pair in by_size(found).items()]
    notes = (*lineup.notes, *operating.notes, panel_note(panel, operating.thresholds))
    return {
        "pairs": [asdict(difference) for difference in found],
        "verdicts": verdicts,
        "notes": [note for note in notes if note],
        "left_out": say_left_out(lineup.refused),
        "runs": [{"run": row["run"], "name": called[row["run"]]} | row for row in accuracies(panel, operating.thresholds)],
    }

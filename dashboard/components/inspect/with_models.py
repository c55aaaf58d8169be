"""The runs that can read a new film; the others have scores only, and are left out with the command that makes them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.runs.origin import how_again
from core.runs.run import Run
from core.runs.store import has_model

SCORES_ONLY = "Scores only"


def with_models(usable: Sequence[Run], left_out: Mapping[str, str]) -> tuple[list[Run], dict[str, str]]:
    """Those of some runs whose model files are here, and why the others are left out.

    Parameters
    ----------
    usable : sequence of Run
        Runs that can be judged on test.
    left_out : mapping of str to str
        By a run's id, why others are left out already.

    Returns
    -------
    runs : list of Run
    left_out : dict of str to str
    """
    bare = {run.name: _why(run) for run in usable if not has_model(run)}
    return [run for run in usable if run.name not in bare], {**left_out, **bare}


def _why(run: Run) -> str:
    what = "a member's model file is not here" if run.config.members else "its model file is not here"
    return f"{SCORES_ONLY}: {what}, so it reads no new film. To {how_again(run.config)}"

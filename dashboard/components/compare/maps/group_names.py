"""The names that a user gave on the Data page to the groups by appearance."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import InputError
from core.groups import groups_at_hand, names_of
from core.runs.run import Run
from dashboard import state


def group_names(runs: Sequence[Run]) -> dict[int, str]:
    """What a user calls the groups that the films of runs are in.

    Parameters
    ----------
    runs : sequence of Run

    Returns
    -------
    dict of int to str
        By number from 1, only of groups that have a name; empty where the data set in use does not hold the films of all of these runs.
    """
    try:
        dataset = state.dataset()
        known = set(dataset.samples["sample_id"])
        here = all(known.issuperset(run.predictions["sample_id"]) for run in runs)
        grouping = groups_at_hand(dataset) if here else None
    except InputError:
        return {}
    return {} if grouping is None else {place + 1: name for place, name in names_of(dataset, grouping).items()}

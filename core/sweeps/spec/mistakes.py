"""What is wrong with a sweep, in words: which key, what was given, what may stand there."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from core.sweeps.metric import METRICS
from core.sweeps.spec.limits import LARGEST_SEED, LONGEST, LONGEST_NAME, MOST_SEEDS, MOST_SETTINGS, MOST_SYSTEMS, MOST_TRIALS

if TYPE_CHECKING:
    from pydantic import ValidationError

TAKES = {
    "name": f"a name of at most {LONGEST_NAME} letters, digits, - and _, the first a letter or a digit",
    "systems": f"a list of 1 to {MOST_SYSTEMS} systems, as  python -m core systems  names them",
    "seeds": f"a list of 1 to {MOST_SEEDS} whole numbers from 0 to {LARGEST_SEED}",
    "labels": "a list of 2, of 3 or of both",
    "settings": f"up to {MOST_SETTINGS} settings, each with its values",
    "metric": " or ".join(METRICS),
    "trials": f"a whole number from 1 to {MOST_TRIALS}",
    "sampler": "random or tpe",
    "stop_early": "true or false",
    "limit": "a whole number of images, at least 1",
}
VALUES = f"a value of at most {LONGEST} characters, a list of such values, or a range: low, high, and log or step"
RANGE = ("low", "high", "log", "step")


def mistake(error: ValidationError) -> str:
    """A sentence about what does not fit, of several mistakes the one that says most.

    Parameters
    ----------
    error : ValidationError
        Of a `core.sweeps.spec.Spec`.

    Returns
    -------
    str
    """
    problem = max(error.errors(), key=lambda one: (one["type"] == "value_error", len(one["loc"])))  # the alternative that was meant
    key, *rest = [*problem["loc"], ""]
    setting = str(rest[0]) if key == "settings" else ""
    if problem["type"] == "value_error":
        where = ".".join(filter(None, (str(key), setting)))
        return f"The sweep{f' ({where})' if where else ''} does not fit together: {problem['ctx']['error']}."
    if problem["type"] in ("missing", "extra_forbidden"):
        return _of_keys(str(problem["loc"][-1]), problem["type"] == "missing", setting)
    return f"In the sweep, {setting or key} takes {VALUES if setting else TAKES[str(key)]}; received {problem['input']!r:.60}."


def _of_keys(key: str, is_missing: bool, setting: str) -> str:
    """A key too few or too many, of the sweep or of a range."""
    what, keys = (f"The range of {setting}", RANGE) if setting else ("A sweep", tuple(TAKES))
    if is_missing:
        return f"{what} needs {key}{'' if setting else f': {TAKES[key]}'}."
    meant = get_close_matches(key, keys, 1)
    return f"{what} has no {key!r:.60}; {f'was {meant[0]} meant?' if meant else f'it takes {_list(keys)}.'}"


def _list(keys: tuple[str, ...]) -> str:
    return f"{', '.join(keys[:-1])} and {keys[-1]}"

"""The mean maps kept in a run, read without Keras: ``atlas-test-grad_cam.npz``, a few kilobytes."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from core.errors import InputError
from core.files import replacing
from core.files.archives import load_arrays
from core.files.regular import open_regular
from core.metrics.run_threshold import resolve_threshold
from core.runs.run import Run

METHOD = "grad_cam"  # of the mean maps that a training makes and the pages show
CORNER = 4  # letters stand in corners of this part of the side, as the audit looks for them
EVEN_CORNERS = 4 / CORNER**2  # what a map spread evenly has in them
SIDE = 28
MOST_BYTES = 2**22  # of all arrays, unpacked
GROUP = re.compile(r"group_([1-9]\d?)")
DIVISION_BYTES = 8
DIVISION = re.compile(f"[0-9a-f]{{{2 * DIVISION_BYTES}}}|")


@dataclass(frozen=True, eq=False)
class Part:
    """The films of one outcome, or of one group.

    Attributes
    ----------
    n : int
        Films with a map that is not empty.
    n_empty : int
        Films whose map is empty: nothing in them speaks for the class called.
    mean : ndarray of shape (28, 28), float32
        Mean of the maps, each with a maximum of 1; zero where there is no film.
    outside_body, corners : tuple of float
        Mean share of a map outside the body, and in the four corners, with its 95 % interval over films; NaN without films.
    film : ndarray of shape (28, 28), uint8, or None
        Mean of all films of the part as the model takes them, so that one sees what a place of the map is. None of fewer than ten, as it
        would be nearly one patient's picture, and of older atlases.
    division : str
        Of a group, the digest of the division of all images that it comes from; empty of an outcome, and of older atlases.
    """

    n: int
    n_empty: int
    mean: np.ndarray
    outside_body: tuple[float, float, float]
    corners: tuple[float, float, float]
    film: np.ndarray | None = None
    division: str = ""


def atlas_path(run: Run, split: str, method: str = METHOD) -> Path:
    """Where a run keeps its mean maps.

    Parameters
    ----------
    run : Run
    split, method : str

    Returns
    -------
    Path
    """
    return run.path / f"atlas-{split}-{method}.npz"


def save_atlas(run: Run, atlas: dict[str, Part], split: str, method: str) -> None:
    """Keep an atlas in its run.

    Parameters
    ----------
    run : Run
    atlas : dict of str to Part
        By outcome and group, as `build_atlas` returns it; means are kept to three digits.
    split : {"val", "test"}
    method : str
        Key of a saliency method.
    """
    arrays: dict[str, np.ndarray] = {f"{outcome}.mean": part.mean.astype(np.float16) for outcome, part in atlas.items()}
    arrays |= {f"{outcome}.n": np.array([part.n, part.n_empty]) for outcome, part in atlas.items()}
    arrays |= {f"{outcome}.shares": np.array([part.outside_body, part.corners]) for outcome, part in atlas.items()}
    arrays |= {f"{outcome}.film": part.film for outcome, part in atlas.items() if part.film is not None}
    arrays["threshold"] = np.array(_threshold(run))
    arrays["division"] = np.array(max((part.division for part in atlas.values()), default=""))  # that of all groups
    with replacing(atlas_path(run, split, method)) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def open_atlas(run: Run, split: str, method: str = METHOD) -> dict[str, Part] | None:
    """The atlas kept in a run, by outcome in the order of `outcomes`, then by group; None if it has none.

    Parameters
    ----------
    run : Run
    split, method : str

    Returns
    -------
    dict of str to Part or None

    Raises
    ------
    InputError
        If the file is broken, or what the run calls a film has changed since, for its threshold has.
    """
    path = atlas_path(run, split, method)
    if not path.exists():
        return None
    again = f"make it again: python -m core atlas {run.name} --split {split} --method {method} --data DATA"
    try:
        with open_regular(path) as file:
            stored = load_arrays(file, MOST_BYTES)
        groups = sorted({name for name, _, _ in (key.rpartition(".") for key in stored) if GROUP.fullmatch(name)}, key=group_number)
        found = {part: _part(stored, part) for part in [*outcomes(run.config.class_names), *groups]}
        made_at = float(stored.get("threshold", _threshold(run)))
    except Exception:  # zip and NumPy have many errors for a broken file
        raise InputError(f"The run {run.name!r} has a broken {path.name}; {again}") from None
    if not np.isclose(made_at, now := _threshold(run), equal_nan=True):
        raise InputError(f"The mean maps of {run.name!r} were made at the threshold {made_at:.3f}, and it is {now:.3f} now; {again}")
    return found


def outcomes(class_names: tuple[str, ...]) -> dict[str, str]:
    """Keys of the parts, and what they are: whether the call is right, and the class called.

    Parameters
    ----------
    class_names : tuple of str

    Returns
    -------
    dict of str to str
    """
    return {
        f"{'true' if right else 'false'}_{name.lower()}": f"{'Right' if right else 'Wrong'}: called {name}"
        for name in class_names
        for right in (True, False)
    }


def group_part(number: int) -> str:
    """The key of the part of a hidden group, by its number from 1."""
    return f"group_{number}"


def group_number(part: str) -> int:
    """The number of the group of a part; 0 for an outcome.

    Parameters
    ----------
    part : str
        A key of an atlas.

    Returns
    -------
    int
    """
    found = GROUP.fullmatch(part)
    return int(found[1]) if found else 0


def division_of(groups: pd.Series) -> str:
    """A digest of 16 digits of which image is in which group, given by sample id in any order (BLAKE2b)."""
    pairs = sorted((str(sample_id), int(number)) for sample_id, number in groups.items())
    return hashlib.blake2b(json.dumps(pairs).encode(), digest_size=DIVISION_BYTES).hexdigest()


def _threshold(run: Run) -> float:
    """At which the run calls a film; NaN where it has more than two classes."""
    value = resolve_threshold(run, "recommended")
    return np.nan if value is None else value


def _part(stored: dict[str, np.ndarray], outcome: str) -> Part:
    mean = np.asarray(stored[f"{outcome}.mean"], dtype=np.float32)
    n, n_empty = (int(count) for count in stored[f"{outcome}.n"])
    outside, corners = np.asarray(stored[f"{outcome}.shares"], dtype=float)
    if mean.shape != (SIDE, SIDE) or not np.isfinite(mean).all() or min(n, n_empty) < 0 or outside.shape != (3,):
        raise ValueError("the arrays do not fit")
    film = stored.get(f"{outcome}.film")
    if film is not None and (film.shape != (SIDE, SIDE) or film.dtype != np.uint8):
        raise ValueError("the mean film does not fit")
    division = str(stored.get("division", "")) if group_number(outcome) else ""
    if not DIVISION.fullmatch(division):
        raise ValueError("the division is none")
    (share, low, high), (corner, least, most) = outside.tolist(), corners.tolist()
    return Part(n, n_empty, mean, (share, low, high), (corner, least, most), film, division)

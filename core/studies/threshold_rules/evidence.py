"""The scores that the choice of a rule and a view rests on: of training images, each by a model that did not see it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from core.config import Recipe
from core.errors import InputError
from core.files import replacing
from core.runs.run import Run
from core.runs.store import list_runs

VIEW_SCORES = "views.parquet"  # of a run that `core.studies.cross_fitting` made
PLAIN = "none"  # of the battery takes nothing away
COLUMNS = ["system", "part", "sample_id", "split", "view", "variant", "y_true", "p"]
FOLD = "fold "


def gather(models: str | Path) -> pd.DataFrame:
    """The evidence of a folder of runs that ``crossfit`` made.

    Parameters
    ----------
    models : str or Path

    Returns
    -------
    DataFrame
        ``system, part, sample_id, split, view, variant, y_true, p``: `part` is ``fold 0`` or what was left out, such as ``series=IM``;
        `split` is ``test`` for what was left out, else ``val``; `variant` is ``none`` or what the battery took away; `p` is the probability
        of class 1.

    Raises
    ------
    InputError
        If there is none.
    """
    tables = [_of(run) for run in reversed(list_runs(models)[0]) if (run.path / VIEW_SCORES).exists()]
    if not tables:
        raise InputError(
            f"No run in {str(models)!r} has scores under every view; make some: python -m core crossfit SYSTEM --models FOLDER"
        )
    return pd.concat(tables, ignore_index=True)[COLUMNS]


def write_evidence(table: pd.DataFrame, file: Path) -> None:
    """Write evidence as Parquet, its words as categories.

    Parameters
    ----------
    table : DataFrame
    file : Path
    """
    words = {name: table[name].astype("category") for name in COLUMNS[:6]}
    with replacing(file) as temporary:
        table.assign(**words, p=table["p"].astype(np.float32)).to_parquet(temporary, index=False, compression="zstd")


def read_evidence(where: str | Path) -> pd.DataFrame:
    """The evidence of a folder of runs, or of a file that `write_evidence` made.

    Parameters
    ----------
    where : str or Path

    Returns
    -------
    DataFrame

    Raises
    ------
    InputError
        If it is neither.
    """
    if Path(where).is_dir():
        return gather(where)
    try:
        table = pd.read_parquet(where, columns=COLUMNS)
    except (OSError, ValueError):
        raise InputError(f"{str(where)!r} is neither a folder of runs nor a file of evidence.") from None
    return table.astype(dict.fromkeys(COLUMNS[:6], "str"))


def _of(run: Run) -> pd.DataFrame:
    words = dict.fromkeys(("sample_id", "split", "view", "variant"), "str")
    return pd.read_parquet(run.path / VIEW_SCORES).astype(words).assign(system=run.config.system, part=_part(run.config.recipe))


def _part(recipe: Recipe) -> str:
    return recipe.left_out or f"{FOLD}{recipe.validation_fold}"

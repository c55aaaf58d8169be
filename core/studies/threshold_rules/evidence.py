"""The scores that the choice of a rule and a view rests on: of training images, each by a model that did not see it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from core.config import Recipe
from core.errors import InputError
from core.files import replacing
from core.files.parquet import read_table, written_out
from core.images.views import VIEWS
from core.runs.reading import table_of
from core.runs.run import Run
from core.runs.store import list_runs
from core.studies.threshold_rules.candidates import WITH_BATTERY

VIEW_SCORES = "views.parquet"  # of a run that `core.studies.cross_fitting` made
PLAIN = "none"  # of the battery takes nothing away
COLUMNS = ["system", "part", "sample_id", "split", "view", "variant", "y_true", "p"]
FOLD = "fold "
PART = ["system", "part"]


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
    return _checked(_of_runs(models))


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


def read_evidence(*places: str | Path) -> pd.DataFrame:
    """The evidence of folders of runs and of files that `write_evidence` made, taken together.

    Parameters
    ----------
    *places : str or Path

    Returns
    -------
    DataFrame
        As of `gather`.

    Raises
    ------
    InputError
        If one is neither, or two hold the same scores.
    """
    return _checked(pd.concat([_of_place(Path(place)) for place in places], ignore_index=True))


def _of_place(place: Path) -> pd.DataFrame:
    if place.is_dir():
        return _of_runs(place)
    try:
        return written_out(read_table(place)).to_pandas()[COLUMNS].astype(dict.fromkeys(COLUMNS[:6], "str"))
    except Exception:  # pyarrow raises many kinds on a broken file
        raise InputError(f"{str(place)!r} is neither a folder of runs nor a file of evidence.") from None


def _of_runs(models: str | Path) -> pd.DataFrame:
    tables = [_of(run) for run in reversed(list_runs(models)[0]) if (run.path / VIEW_SCORES).exists()]
    if not tables:
        raise InputError(
            f"No run in {str(models)!r} has scores under every view; make some: python -m core crossfit SYSTEM --models FOLDER"
        )
    return pd.concat(tables, ignore_index=True)[COLUMNS]


def _checked(table: pd.DataFrame) -> pd.DataFrame:
    """The same, once it holds what each rule asks for: probabilities, two classes, and every view of each image."""
    p, y = pd.to_numeric(table["p"], errors="coerce"), pd.to_numeric(table["y_true"], errors="coerce")
    if not (p.between(0, 1) & y.isin((0, 1))).all():
        raise InputError("The evidence has a probability that is none, or a class other than 0 and 1; make it again.")
    table = table.assign(p=p.astype(float), y_true=y.astype(int))
    plain = table["variant"] == PLAIN
    if not _is_whole(table[plain], VIEWS) or not set(WITH_BATTERY) <= set(table.loc[~plain, "view"]):
        raise InputError("The evidence lacks a view of some images, or has one twice, or a part of it has one class alone; make it again.")
    if not table["part"].str.startswith(FOLD).groupby(table["system"]).any().all():
        raise InputError("The evidence lacks the folds of a system; make them: python -m core crossfit SYSTEM --models FOLDER")
    return table


def _is_whole(plain: pd.DataFrame, views: Collection[str]) -> bool:
    """Whether each part has both classes, and each image once under each view."""
    if plain.empty:
        return False
    images = plain.groupby([*PART, "view"])["sample_id"].agg(["size", "nunique"]).unstack("view")
    same = images.nunique(axis=1, dropna=False).eq(1).all()
    return bool(set(views) <= set(images["size"].columns) and same and plain.groupby(PART)["y_true"].nunique().eq(2).all())


def _of(run: Run) -> pd.DataFrame:
    table = table_of(run.path, VIEW_SCORES, ("sample_id", "split", "view", "variant", "y_true", "p"))
    words = dict.fromkeys(("sample_id", "split", "view", "variant"), "str")
    return table.astype(words).assign(system=run.config.system, part=_part(run.config.recipe))


def _part(recipe: Recipe) -> str:
    return recipe.left_out or f"{FOLD}{recipe.validation_fold}"

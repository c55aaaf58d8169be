"""A review as a table to take away."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from core import text
from core.audit.label_errors.suspects import COLUMNS, Suspects
from core.audit.label_errors.tags import Tag
from core.datasets.dataset import Dataset


def review_table(dataset: Dataset, found: Suspects | None, tags: Mapping[str, Tag]) -> pd.DataFrame:
    """Every image that is tagged or whose label a model contradicts: the suspects in their order, then the others by name.

    Parameters
    ----------
    dataset : Dataset
    found : Suspects or None
    tags : mapping of str to Tag
        Of `core.audit.label_errors.tags.read_tags`; of images that are not in the data set any more, none is shown.

    Returns
    -------
    DataFrame
        ``sample_id, split, label, suggested, votes, n_models, p_label, margin, tag, note, tagged_at``.
    """
    ranked = found.table if found else pd.DataFrame(columns=list(COLUMNS))
    samples = dataset.samples
    rest = samples[samples["sample_id"].isin(set(tags).difference(ranked["sample_id"]))]
    others = pd.DataFrame({"sample_id": rest["sample_id"], "split": rest["split"], "label": rest["class_name"]})
    table = pd.concat([part for part in (ranked, others) if len(part)] or [ranked], ignore_index=True).reindex(columns=list(COLUMNS))
    said = [tags.get(sample_id) for sample_id in table["sample_id"]]
    facts = {"tag": "tag", "note": "note", "tagged_at": "at"}
    table = table.assign(**{column: [getattr(one, name) if one else "" for one in said] for column, name in facts.items()})
    return table.astype({"votes": "Int64", "n_models": "Int64"})


def as_csv(table: pd.DataFrame) -> str:
    """CSV that a spreadsheet does not compute, its numbers to four decimals.

    Parameters
    ----------
    table : DataFrame

    Returns
    -------
    str
    """
    return text.as_csv(table.round(4))

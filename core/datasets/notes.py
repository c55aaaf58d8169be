"""What a reader must know of any data set, however it was brought: sentences on splits, validation, patients and what was left out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.counted import counted

NO_PATIENT = (
    "No patient is known: each image counts as a patient of its own, so one patient may lie in train and in test unseen, and intervals are "
    "too narrow where several images are of one. Name the patients in folders (patient12/), in file names (patient12_1.png) or in a "
    "table's column patient_id."
)


def patients_note(samples: pd.DataFrame) -> str:
    """A sentence where no name tells a patient; empty where some do.

    Parameters
    ----------
    samples : DataFrame
        ``sample_id, patient_id`` as `core.datasets.kermany_names.parse` gives it: one that stands for an image alone holds the
        image's class.
    """
    unknown = (samples["patient_id"].isna() | (samples["patient_id"].str.count("/") > 1)).all()
    return NO_PATIENT if unknown else ""


def splits_note(samples: pd.DataFrame, how: str) -> str:
    """A sentence where there is no train or no test split.

    Parameters
    ----------
    samples : DataFrame
        ``split``.
    how : str
        How to mark images as test, such as ``lay some class folders into test/``.
    """
    found = set(samples["split"])
    if "train" not in found:
        return "No image lies in a train split, so nothing can be trained on this set; it can be audited and tested on."
    if "test" not in found:
        return f"No image lies in a test split, so no result can be measured on images kept apart; {how}."
    return ""


def rows_note(n_rows: int, lost: pd.DataFrame) -> str:
    """What a table's rows that cannot be used are, with the commonest reason; empty if all can.

    Parameters
    ----------
    n_rows : int
        Of the table.
    lost : DataFrame
        ``path, reason``, one row each.
    """
    if not len(lost):
        return ""
    reasons = lost["reason"].value_counts()
    why = reasons.index[0] if len(reasons) == 1 else f"{counted(int(reasons.iloc[0]), 'row')}: {reasons.index[0]}"
    return f"{len(lost):,} of {counted(n_rows, 'row')} of the table {'is' if len(lost) == 1 else 'are'} left out. {why}"


def without_files_note(files: Sequence[str]) -> str:
    """That none of the files that a table names is there, and how to go on.

    Parameters
    ----------
    files : sequence of str
        At least one.
    """
    none = f"None of the {counted(len(files), 'file')} that the table names is there, the first being {files[0]!r}"
    if len(files) == 1:
        none = f"The file that the table names is not there: {files[0]!r}"
    return (
        f"{none}. What is said of these images rests on the table alone. To see them, have them measured or train on them, put the files "
        "there or mend the column of paths, which are relative to the table."
    )

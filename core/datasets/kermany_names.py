"""What file names say, above all those of the Kermany set: class, sub-type and patient."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

KNOWN_CLASSES = ("NORMAL", "PNEUMONIA")
SUBTYPES = ("NORMAL", "BACTERIAL", "VIRAL")
# Kermany's names, those of NIH ChestX-ray14 (patient_study), and a patient who is called one
PATIENT = r"(?i)^(?P<patient>person\d+|(?:normal2-)?im-\d+|\d{8}(?=_\d{3}\.)|(?:patient|subject|pat)[-_ ]?\d+)"
INFECTION = r"(?i)_(?P<infection>bacteria|virus)_"


def canonical_class(folder_name: str) -> str:
    """``NORMAL`` and ``PNEUMONIA`` whatever their case; any other folder name as it is."""
    return folder_name.upper() if folder_name.upper() in KNOWN_CLASSES else folder_name


def parse(sample_ids: Iterable[str]) -> pd.DataFrame:
    """Read class, sub-type and patient from sample ids alone.

    Parameters
    ----------
    sample_ids : iterable of str
        ``folder/CLASS/file name``, such as ``train/PNEUMONIA/person12_bacteria_46.jpeg``.

    Returns
    -------
    DataFrame of shape (n_samples, 4)
        ``split_folder, class_name, subtype, patient_id``. `subtype` is missing where the name does not tell.
        `patient_id` starts with the split, because patient numbers restart between train and test; a name that
        follows no pattern is a patient of its own.
    """
    ids = pd.Series(list(sample_ids), dtype="str")
    parts = ids.str.split("/", n=2, expand=True).reindex(columns=range(3)).astype("str")
    parsed = pd.DataFrame({"split_folder": parts[0], "class_name": parts[1]})
    infection = parts[2].str.extract(INFECTION)["infection"].str.lower()
    parsed["subtype"] = infection.map({"bacteria": "BACTERIAL", "virus": "VIRAL"}).where(parts[1] == "PNEUMONIA")
    parsed["subtype"] = parsed["subtype"].mask(parts[1] == "NORMAL", "NORMAL")
    stem = parts[2].str.replace(r"\.[^.]+$", "", regex=True)
    patient = parts[2].str.extract(PATIENT)["patient"].str.lower().fillna(parts[1] + "/" + stem)
    scope = parts[0].replace("val", "train")  # Kaggle's val folder continues the numbers of train
    parsed["patient_id"] = (scope + "/" + patient).fillna(ids)
    return parsed

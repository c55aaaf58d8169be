"""Folders that stand for a patient each: called so, as the sets of hospitals lay them, or by a number alone."""

from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd

CALLED = re.compile(r"(?i)(?:patient|pat|person|subject|subj|sub|case|pid)[-_ ]*\d+")
OF_MIMIC, STUDY = re.compile(r"(?i)p\d+"), re.compile(r"(?i)s\d+|stud(?:y|ies)[-_ ]*\d+")
NUMBER = re.compile(r"(?i)p?\d+")
A_REAL_ID = 6  # digits: shorter numbers may start anew in each class
FEWEST = 20  # folders called by a number alone; fewer may be batches or years
MOST_IMAGES = 20  # of one patient, on average; more are a batch


def patient_folders(files: pd.Series) -> dict[tuple, str]:
    """Which patient the folders of each image name.

    Parameters
    ----------
    files : Series of shape (n_images,), tuple of (str, tuple of str)
        Class, and the folders below it.

    Returns
    -------
    dict of tuple to str
        By class and folders; those that name none are left out. A short number names its class as well.
    """
    counts = files.value_counts()
    named = {place: name for place in counts.index if (name := _called(place[1]))}
    numbers = {place: name for place in counts.index if place not in named and (name := _number(place))}
    n_patients, n_images = len(set(numbers.values())), sum(int(counts[place]) for place in numbers)
    return named | (numbers if n_patients >= FEWEST and n_images <= MOST_IMAGES * n_patients else {})


def _called(folders: tuple[str, ...]) -> str | None:
    """A folder called patient, or one of MIMIC's: ``p10000032`` with studies ``s50414267`` in it."""
    studied = next((above for above, below in pairwise(folders) if OF_MIMIC.fullmatch(above) and STUDY.fullmatch(below)), None)
    return studied or next((name for name in folders if CALLED.fullmatch(name)), None)


def _number(place: tuple[str, tuple[str, ...]]) -> str | None:
    """The deepest folder called by a number alone."""
    class_name, folders = place
    number = next((name for name in reversed(folders) if NUMBER.fullmatch(name)), None)
    return number if number is None or len(number) >= A_REAL_ID else f"{class_name} {number}"

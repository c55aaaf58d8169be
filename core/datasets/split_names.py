"""What folders of a split are called: train, val and test, and the words that people use for them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import pandas as pd

SPLIT_WORDS = {
    "train": "train training trn learn learning entrainement apprentissage entrenamiento treino treinamento addestramento",
    "val": "val valid validation validate validating dev devel tune tuning validacion validacao validierung validazione",
    "test": "test tests testing tst holdout heldout eval evaluation prueba pruebas teste testes",
}
BESIDE = (
    "set sets data dataset datasets split splits subset folder dir image images img imgs picture pictures file files sample samples "
    "x xray xrays ray rays chest cxr png jpg jpeg dicom dcm new final all"
)
NUMBER = r"\d{3,4}(?:x\d{3,4})?"  # a size or a year; smaller numbers are those of folds, which must not be thrown together


BESIDES = f"(?:{'|'.join(BESIDE.split())})"
PATTERNS = {
    split: re.compile(rf"(?:\d\d?)?{BESIDES}*(?:{'|'.join(words.split())}){BESIDES}*(?:{NUMBER})?") for split, words in SPLIT_WORDS.items()
}


@lru_cache(maxsize=4096)
def split_of(folder_name: str) -> str | None:
    """The split that a folder is called after.

    Parameters
    ----------
    folder_name : str
        Such as ``train``, ``Training``, ``TRAIN_images``, ``test_set``, ``hold-out`` or ``2_valid``.

    Returns
    -------
    {"train", "val", "test"} or None
        None for any other name, such as ``fold1``, ``train2`` or ``external_validation``.
    """
    letters = _letters(folder_name)
    return next((split for split, pattern in PATTERNS.items() if pattern.fullmatch(letters)), None)


def splits(names: pd.Series) -> pd.Series:
    """``train``, ``val`` or ``test`` for each of the words in use for them; missing for others."""
    return names.map({name: split_of(name) for name in names.dropna().unique()}).astype("str")


def says_nothing(folder_name: str) -> bool:
    """Whether a folder is only called images, data or the like, perhaps with a number, and so can be no class."""
    letters = _letters(folder_name)
    return len(letters) > 2 and re.fullmatch(rf"{BESIDES}+\d*", letters) is not None


def _letters(folder_name: str) -> str:
    """Small letters and digits alone, without accents."""
    plain = unicodedata.normalize("NFKD", folder_name).casefold()
    return re.sub(r"[\s_.()\[\]-]+", "", "".join(letter for letter in plain if not unicodedata.combining(letter)))

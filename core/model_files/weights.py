"""How many weights a described model has, counted before any of them is made."""

from __future__ import annotations

import math
from pathlib import Path

import keras

from core.errors import InputError
from core.model_files.contents import Contents
from core.model_files.declared import n_declared
from core.model_files.kinds import HDF5, KERAS
from core.model_files.obsolete import readers
from core.model_files.sizes import SPARE, too_few


def check_weights(path: Path, kind: str, contents: Contents, n_stored: int) -> None:
    """Raise InputError if a model describes more weights than the `n_stored` numbers of its file.

    Parameters
    ----------
    path : Path
    kind : str
        As `core.model_files.kinds` names it.
    contents : Contents
    n_stored : int

    Raises
    ------
    InputError
    """
    known = n_declared(contents.config) if kind == KERAS else None
    n_weights = _n_described(contents, kind) if known is None else known
    if n_weights > n_stored + SPARE:
        raise InputError(too_few(path.name, n_weights, n_stored))


def _n_described(contents: Contents, kind: str) -> int:
    """The weights of a model whose layers are built while their variables are only described; 0 where it cannot be built."""
    try:
        with keras.StatelessScope(initialize_variables=False):
            return sum(math.prod(variable.shape) for variable in _built(contents, kind).variables)
    except Exception:  # the loader says what keeps it from being built
        return 0


def _built(contents: Contents, kind: str) -> keras.Model:
    if kind != HDF5:
        return keras.saving.deserialize_keras_object(contents.config, safe_mode=True)
    from keras.src.legacy.saving.saving_utils import model_from_config

    return model_from_config(contents.config, custom_objects=readers())

"""A model file to a Keras model, without running code that it may carry."""

from __future__ import annotations

import re
import shutil
import tempfile
import warnings
from pathlib import Path

import keras

from core.errors import InputError
from core.model_files.contents import Contents
from core.model_files.kinds import HDF5, INSTEAD, readable_kind
from core.model_files.obsolete import readers
from core.model_files.outside import load_outside, look_outside
from core.model_files.weights import check_weights

SUFFIXES = {"keras": ".keras", HDF5: ".h5"}


def load_foreign(path: Path) -> tuple[keras.Model, Contents]:
    """Load a model that somebody else saved: a ``.keras`` file or folder, or an HDF5 file of Keras 2 or 3.

    Parameters
    ----------
    path : Path
        Its content tells the kind, whatever it is called.

    Returns
    -------
    model : keras.Model
        With one input and one output.
    contents : Contents

    Raises
    ------
    InputError
        If it cannot be loaded without code of its own, or is no such model; the message says what to do.
    """
    kind = readable_kind(path)
    contents, n_stored = look_outside(path, kind)
    load_outside(path, kind, contents, n_stored)
    model = _load(path, kind, contents)
    if not isinstance(model, keras.Model):
        raise InputError(f"{path.name!r} holds a {type(model).__name__}, no model; save the whole model with model.save('name.keras').")
    try:
        n_inputs, n_outputs = len(keras.tree.flatten(model.inputs)), len(keras.tree.flatten(model.outputs))
    except (AttributeError, ValueError, TypeError):
        n_inputs = n_outputs = 0
    if not n_inputs:
        raise InputError(f"{path.name!r} was saved before it had seen a picture, so it has no weights; train it, then save it.")
    if (n_inputs, n_outputs) != (1, 1):
        raise InputError(f"{path.name!r} has {n_inputs} inputs and {n_outputs} outputs; it must have one input and one output, {INSTEAD}.")
    return model, contents


def try_to_load(path: Path, kind: str, contents: Contents, n_stored: int) -> None:
    """Load a model and let go of it, in a process that may be ended; its weights are counted before any of them is made.

    Raises
    ------
    InputError
        If it cannot be loaded, or describes more weights than the `n_stored` numbers of its file.
    """
    check_weights(path, kind, contents, n_stored)
    _load(path, kind, contents)


def _load(path: Path, kind: str, contents: Contents) -> keras.Model:
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an optimiser that is not restored, which nobody here needs
        try:
            file, old = _with_suffix(path, SUFFIXES[kind], Path(folder)), readers() if kind == HDF5 else None
            return keras.models.load_model(file, custom_objects=old, compile=False, safe_mode=True)
        except Exception as error:  # zip, HDF5 and deserialisation errors of many kinds
            raise InputError(_reason(path.name, kind, contents.version, error)) from None


def _with_suffix(path: Path, suffix: str, folder: Path) -> Path:
    """The file under a name that Keras takes for what it is."""
    if path.is_dir() or path.suffix == suffix:
        return path
    return Path(shutil.copyfile(path, folder / f"model{suffix}"))


def _reason(name: str, kind: str, version: str, error: Exception) -> str:
    """Why a file cannot be loaded, in words of ours around the first of Keras."""
    again = f"save it again with model.save('name.keras'), {INSTEAD}."
    if "ambda" in str(error) and "arbitrary code" in str(error):
        return f"{name!r} carries a Lambda, and code inside a model is not run here; build it with layers and {again}"
    if unknown := re.search(r"(?:Unknown layer:|Could not locate class|Could not deserialize) '(?:[\w.]*\.)?(\w+)'", str(error)):
        lacks = "which this Keras, or this kind of file, does not have"
        return f"{name!r} needs the class {unknown[1]!r}, {lacks}; build it with layers and {again}"
    words = " ".join(str(error).split())[:140] or type(error).__name__
    if kind == HDF5:
        return f"{name!r} cannot be loaded: the old HDF5 format does not hold every layer whole ({words}); {again}"
    newer = f"it was saved by Keras {version}, and this is {keras.__version__}"
    return f"{name!r} cannot be loaded; perhaps {newer if version not in ('', keras.__version__) else 'it is broken'} ({words}); {again}"

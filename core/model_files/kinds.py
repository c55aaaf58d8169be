"""What kind of file was brought, told by its content: a model that can be read, one that must be converted first, or no model. No Keras."""

from __future__ import annotations

import shlex
import zipfile
from pathlib import Path
from typing import BinaryIO

from core.errors import InputError
from core.files.archives import open_zip
from core.files.regular import open_regular

KERAS, HDF5, NO_MODEL = "keras", "hdf5", ""
MODEL_SUFFIXES = (".keras", ".h5", ".hdf5")
OTHER_SUFFIXES = (".pt", ".pth", ".ckpt", ".safetensors", ".onnx", ".tflite", ".pb", ".pkl", ".pickle", ".joblib")  # named, never opened
HDF5_START, ZIP_START, PICKLE_START = b"\x89HDF\r\n\x1a\n", b"PK\x03\x04", (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
INSTEAD = "or score the test images where the model runs and bring the table: one row an image, with sample_id and p_<class>"


def is_model(path: Path) -> bool:
    """Whether a file or folder is a model of any kind, rather than a table.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    return bool(_kind(path)) or path.suffix.lower() in (*MODEL_SUFFIXES, *OTHER_SUFFIXES)


def is_model_content(file: BinaryIO, name: str) -> bool:
    """The same of a file that is open, such as an upload; it is left at its start.

    Parameters
    ----------
    file : BinaryIO
    name : str
        Of the file.

    Returns
    -------
    bool
    """
    suffix = Path(name).suffix.lower()
    found = bool(_kind_of_content(file, suffix)) or suffix in (*MODEL_SUFFIXES, *OTHER_SUFFIXES)
    file.seek(0)
    return found


def readable_kind(path: Path) -> str:
    """The kind of a model file that Keras can read.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        `KERAS` (a zip archive, or the same as a folder) or `HDF5`.

    Raises
    ------
    InputError
        If it is of another kind; the message names it and the lines that convert it.
    """
    kind = _kind(path)
    if kind in (KERAS, HDF5):
        return kind
    if not path.exists():
        raise InputError(f"There is no file {str(path)!r}; give a .keras or .h5 model.")
    raise InputError(_advice(path, kind or _by_suffix(path)))


def python_line(lines: str) -> str:
    """Lines of Python as one command of a shell, in the quotes that read best."""
    return f"python -c {shlex.quote(lines)}" if set(lines) & set('"$`\\!') else f'python -c "{lines}"'


def _kind(path: Path) -> str:
    """One of the keys of `_advice`, or empty."""
    try:
        if path.is_dir():
            return _kind_of_folder({child.name for child in path.iterdir()})
        with open_regular(path) as file:
            return _kind_of_content(file, path.suffix.lower())
    except FileNotFoundError:
        return NO_MODEL
    except OSError as error:
        raise InputError(f"{path.name!r} cannot be read ({error.strerror}); check its permissions.") from None


def _kind_of_content(file: BinaryIO, suffix: str) -> str:
    start = file.read(64)
    if start.startswith(HDF5_START):
        return HDF5
    if start.startswith(ZIP_START):
        return _kind_of_archive(file, suffix)
    if start[4:8] == b"TFL3":
        return "tflite"
    if start.startswith(PICKLE_START):
        return "pickle"
    if start.startswith(b"version https://git-lfs"):
        return "pointer" if suffix in (*MODEL_SUFFIXES, *OTHER_SUFFIXES) else NO_MODEL
    return NO_MODEL


def _kind_of_folder(names: set[str]) -> str:
    if "config.json" in names and "metadata.json" in names:
        return KERAS
    if "saved_model.pb" in names:
        return "savedmodel" if "keras_metadata.pb" in names else "exported"
    return NO_MODEL


def _kind_of_archive(file: BinaryIO, suffix: str) -> str:
    try:
        names = open_zip(file).namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return "broken" if suffix in MODEL_SUFFIXES else NO_MODEL
    if {"config.json", "metadata.json"} <= set(names):
        return KERAS
    if any(name.endswith("data.pkl") for name in names):
        return "pytorch"
    if any(name.endswith("saved_model.pb") for name in names):
        return "zipped"
    return "zipped" if any(name.endswith(MODEL_SUFFIXES) for name in names) else NO_MODEL


def _by_suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    kinds = {".pt": "pytorch", ".pth": "pytorch", ".onnx": "onnx", ".tflite": "tflite", ".pb": "frozen", ".safetensors": "safetensors"}
    return kinds.get(suffix) or ("pickle" if suffix in (".pkl", ".pickle", ".joblib") else "checkpoint" if suffix == ".ckpt" else "broken")


def _advice(path: Path, kind: str) -> str:
    """A sentence that names the kind and the way out, with the exact lines where there are some."""
    name, stem = path.name, path.stem
    if kind == "savedmodel":
        lines = f"import tf_keras; tf_keras.models.load_model('{name}', compile=False).save('{stem}.h5')"
        return (
            f"{name!r} is a SavedModel folder of Keras 2, which Keras 3 does not take apart. Convert it: pip install tf_keras; "
            f"{python_line(lines)}; then import {stem}.h5; {INSTEAD}."
        )
    sentences = {
        "exported": "is a SavedModel folder without the layers of its model; save the model itself: model.save('name.keras')",
        "frozen": "is a frozen TensorFlow graph (.pb) without its layers; save the model itself: model.save('name.keras')",
        "checkpoint": "is a checkpoint: weights without the model; build the model, then: "
        f"model.load_weights('{name}'); model.save('name.keras')",
        "pytorch": "is a PyTorch model, and this reads Keras models",
        "onnx": "is an ONNX model, and this reads Keras models",
        "tflite": "is a TensorFlow Lite model, whose layers are merged; save the Keras model that it was made of: model.save('name.keras')",
        "safetensors": "holds weights without their model; build the model in Keras with these weights, then: model.save('name.keras')",
        "pickle": "is a pickle, which can run any code when it is opened and so is never opened here; "
        "open it where you trust it, then: model.save('name.keras')",
        "zipped": "is an archive with a model inside; unpack it and give that",
        "pointer": "is a Git LFS pointer, not the model itself; fetch it with: git lfs pull",
        "broken": "is no Keras model, or was cut short; copy it again, or save the model with model.save('name.keras')",
    }
    if path.is_dir() and kind == "broken":
        return f"{name!r} is a folder without a model; give the .keras or .h5 file."
    return f"{name!r} {sentences[kind]}; {INSTEAD}."

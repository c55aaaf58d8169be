"""How much a model file holds, and how much it asks for: known from its lists of contents before anything is built. No Keras."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from core.errors import InputError
from core.files.archives import open_zip
from core.files.regular import open_regular
from core.model_files.contents import Contents
from core.model_files.kinds import KERAS

if TYPE_CHECKING:
    import h5py

WEIGHTS = "model.weights.h5"
MOST_BYTES = 2 * 2**30  # unpacked: the largest known backbones have a third of it
FREE, RATIO = 64 * 2**20, 8  # bytes, and times the file's own, that it may unpack to: weights hardly pack at all
MOST_OBJECTS = 100_000  # of an HDF5 file
SPARE = 10_000  # numbers that random layers keep and some versions do not store
MOST_LAYERS = 20_000
SIDES = ("units", "filters", "output_dim", "input_dim", "key_dim", "value_dim")  # a layer has more weights than each of these
WITH_WEIGHTS = ("Dense", "EinsumDense", "Embedding", "MultiHeadAttention", "LSTM", "GRU", "SimpleRNN")


def check_sizes(path: Path, kind: str, contents: Contents) -> int:
    """Hold a model's layers against its weights.

    Parameters
    ----------
    path : Path
    kind : {KERAS, HDF5}
    contents : Contents

    Returns
    -------
    int
        How many numbers the file holds, at most: no model of it has more weights.

    Raises
    ------
    InputError
        If it unpacks to too much, keeps weights outside of itself, or names a layer that it has no weights for.
    """
    n_stored = _stored(path, kind)
    layers = list(_layers(contents.config))
    if len(layers) > MOST_LAYERS:
        raise InputError(f"{path.name!r} has {len(layers):,} layers; at most {MOST_LAYERS:,} can be read.")
    for layer in layers:
        largest = max((value for value in map(layer["config"].get, SIDES) if isinstance(value, int | float)), default=0)
        if largest > n_stored + SPARE and (layer["class_name"] in WITH_WEIGHTS or "Conv" in layer["class_name"]):
            raise InputError(too_few(path.name, int(min(largest, 10**15)), n_stored))
    return n_stored


def too_few(name: str, n_asked: int, n_stored: int) -> str:
    """The sentence on a model that asks for more weights than its file has."""
    return (
        f"{name!r} describes a model of at least {n_asked:,} weights and holds {n_stored:,} numbers; it is broken: save it again with "
        "model.save('name.keras')."
    )


def _stored(path: Path, kind: str) -> int:
    if kind != KERAS:
        return _numbers_of(path, path.name, path.stat().st_size)
    if path.is_dir():
        return _numbers_of(path / WEIGHTS, path.name, (path / WEIGHTS).stat().st_size)
    with open_regular(path) as file, open_zip(file) as archive:
        _check_unpacked(path.name, sum(entry.file_size for entry in archive.infolist()), path.stat().st_size)
        entry = archive.getinfo(WEIGHTS) if WEIGHTS in archive.namelist() else None
        if entry is None or entry.compress_type != zipfile.ZIP_STORED:
            return entry.file_size if entry else 0
        return _numbers_of(io.BufferedReader(_Stored(file, entry)), path.name, entry.file_size)


class _Stored(io.RawIOBase):
    """An entry of a zip archive that is not packed, as a file of its own: `zipfile` reads all that lies before a place to get there."""

    def __init__(self, file: BinaryIO, entry: zipfile.ZipInfo) -> None:
        super().__init__()
        file.seek(entry.header_offset + 26)
        n_name, n_extra = struct.unpack("<HH", file.read(4))
        self._file, self._size, self._at = file, entry.file_size, 0
        self._start = entry.header_offset + 30 + n_name + n_extra

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place of the entry."""
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # any buffer has a name from 3.12 on
        """Fill a buffer from here, up to the end of the entry."""
        place = memoryview(buffer).cast("B")
        self._file.seek(self._start + self._at)
        found = self._file.read(max(0, min(len(place), self._size - self._at)))
        place[: len(found)] = found
        self._at += len(found)
        return len(found)


def _check_unpacked(name: str, n_bytes: int, n_own: int) -> None:
    if n_bytes > min(MOST_BYTES, FREE + RATIO * n_own):
        raise InputError(f"{name!r} has {n_own / 2**20:,.1f} MB and unpacks to {n_bytes / 2**20:,.0f} MB, as no model does; save it again.")


def _numbers_of(file: Path | io.BufferedReader, name: str, n_own: int) -> int:
    """Of the weights in an HDF5 file, by what it says of its parts; none of them is read."""
    import h5py

    total = n_bytes = 0
    with h5py.File(file, "r") as opened:
        for part in _datasets(opened, name):
            total, n_bytes = total + part.size, n_bytes + part.size * part.dtype.itemsize
    _check_unpacked(name, n_bytes, n_own)
    return total


def _datasets(opened: h5py.File, name: str) -> Iterator[h5py.Dataset]:
    import h5py

    waiting, n = [opened], 0
    while waiting:
        group = waiting.pop()
        for key in group:
            n += 1
            if n > MOST_OBJECTS:  # or a group that holds itself
                raise InputError(f"{name!r} has more than {MOST_OBJECTS:,} parts; save the model again.")
            part = group[key] if isinstance(group.get(key, getlink=True), h5py.HardLink) else None
            if part is None or (isinstance(part, h5py.Dataset) and (part.external or part.is_virtual)):
                raise InputError(f"{name!r} keeps weights in another file, which is not opened; save the model again in one file.")
            if isinstance(part, h5py.Dataset):
                yield part
            elif isinstance(part, h5py.Group):
                waiting.append(part)


def _layers(config: object) -> Iterator[dict]:
    """Every described layer, however deep."""
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("class_name"), str) and isinstance(value.get("config"), dict) and "name" in value["config"]:
                yield value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value

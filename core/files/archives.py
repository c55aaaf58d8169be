"""Zip archives that may come from a stranger: how much is in them is asked before anything of it is read."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Iterable
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

END, END_64 = b"PK\5\6", b"PK\6\7"  # records at the end of an archive
END_SIZE, LONGEST_NOTE = 22, 2**16
MOST_DIRECTORY = 2**20  # bytes of the list of entries: some ten thousand of them


class TooLarge(ValueError):
    """Arrays that are not read; the message is how much they take."""


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Open an archive whose list of entries is of a reasonable length.

    Parameters
    ----------
    file : BinaryIO

    Returns
    -------
    ZipFile

    Raises
    ------
    zipfile.BadZipFile
        For any other.
    """
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - END_SIZE - LONGEST_NOTE))
    tail = file.read(END_SIZE + LONGEST_NOTE)
    place = tail.rfind(END)
    if place < 0 or len(tail) - place < END_SIZE or END_64 in tail[max(0, place - 20) : place]:
        raise zipfile.BadZipFile("no end of an archive is found")
    if struct.unpack_from("<I", tail, place + 12)[0] > MOST_DIRECTORY:
        raise zipfile.BadZipFile("the archive has too many entries")
    file.seek(0)
    return zipfile.ZipFile(file)


def load_arrays(file: BinaryIO | bytes, most_bytes: int, names: Iterable[str] | None = None) -> dict[str, np.ndarray]:
    """The arrays of an ``.npz`` archive, whose shapes are added up before any is read. Objects are refused.

    Parameters
    ----------
    file : file or bytes
    most_bytes : int
        Of all arrays that are read, unpacked.
    names : iterable of str, optional
        Which to read; all if None.

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile
        If it is too large, broken, or lacks an array.
    """
    with open_zip(io.BytesIO(file) if isinstance(file, bytes) else file) as archive:
        entries = [f"{name}.npy" for name in names] if names is not None else [name for name in archive.namelist() if name.endswith(".npy")]
        if sum(_n_bytes(archive, entry) for entry in entries) > most_bytes:
            raise TooLarge(f"more than {most_bytes / 2**20:,.0f} MB")
        return {entry.removesuffix(".npy"): _read(archive, entry) for entry in entries}


def _n_bytes(archive: zipfile.ZipFile, entry: str) -> int:
    with archive.open(entry) as file:
        major = npy.read_magic(file)[0]
        shape, _, dtype = (npy.read_array_header_1_0 if major == 1 else npy.read_array_header_2_0)(file)
    if dtype.hasobject or min(shape, default=0) < 0:
        raise ValueError("an array is of objects")
    return int(np.prod(shape, dtype=object)) * dtype.itemsize + dtype.itemsize


def _read(archive: zipfile.ZipFile, entry: str) -> np.ndarray:
    with archive.open(entry) as file:
        return npy.read_array(file, allow_pickle=False)

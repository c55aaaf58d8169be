"""What a file is by its first bytes, whatever it is called: so that what is no table can be named and the way to one be told."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from core.files.archives import open_zip
from core.files.regular import open_regular

HEAD = 4096  # bytes that tell the kind
PARQUET, GZIP = b"PAR1", b"\x1f\x8b"
AS_CSV = "save it as CSV"
UNPACK = "unpack it and give the file inside"
NUMPY = "save it with pandas: DataFrame.to_csv('scores.csv', index=False)"
MAGICS = (  # first bytes, what the file is, what to do
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)", "save it in Excel as CSV UTF-8"),
    (b"\x93NUMPY", "a NumPy array (.npy)", NUMPY),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", "give a Keras model as .keras, a table as CSV or Parquet"),
    (b"ARROW1", "an Arrow file (Feather)", "save it as Parquet or CSV"),
    (b"BZh", "compressed with bzip2", UNPACK),
    (b"\xfd7zXZ\x00", "compressed with xz", UNPACK),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (b"SQLite format 3\x00", "an SQLite database", "export the table as CSV"),
    (b"%PDF", "a PDF", "give the table itself as CSV"),
    (b"version https://git-lfs", "a pointer of Git LFS and not the file itself", "fetch it with: git lfs pull"),
    (b"$FL2", "an SPSS file", AS_CSV),
    (b"<stata_dta>", "a Stata file", AS_CSV),
    (b"MATLAB 5.0", "a MATLAB file", AS_CSV),
    (b"GIF8", "a picture", "give a table, a folder of class folders or a .npz file"),
    (b"\x89PNG", "a picture", "give a table, a folder of class folders or a .npz file"),
    (b"\xff\xd8\xff", "a picture", "give a table, a folder of class folders or a .npz file"),
)
MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<table", b"<div")


def what_it_is(file: Path | bytes) -> tuple[str, str] | None:
    """The kind of a file that is no table of text, Parquet or gzip.

    Parameters
    ----------
    file : Path or bytes

    Returns
    -------
    (str, str) or None
        What it is, such as ``an Excel workbook (.xlsx)``, and what to do; None for what may be a table.
    """
    head = head_of(file)
    if head.startswith(b"PK\x03\x04"):
        return _of_zip(file)
    for magic, what, advice in MAGICS:
        if head.startswith(magic):
            return what, advice
    if head[:1] == b"\x80" and head[1:2] in b"\x02\x03\x04\x05":
        return "a Python pickle", f"it could run code, so it is not opened; {NUMPY}"
    if head[128:132] == b"DICM":
        return "a DICOM image", "give a table, a folder of class folders or a .npz file"
    return _of_text(head.removeprefix(b"\xef\xbb\xbf").lstrip().lower())


def head_of(file: Path | bytes) -> bytes:
    """The first bytes; none where the file cannot be opened."""
    if isinstance(file, bytes):
        return file[:HEAD]
    try:
        with open_regular(file) as opened:
            return opened.read(HEAD)
    except (OSError, ValueError):
        return b""


def _of_zip(file: Path | bytes) -> tuple[str, str]:
    members = _members(file)
    if any(name.startswith("xl/") for name in members):
        return "an Excel workbook (.xlsx)", "save it in Excel as CSV UTF-8 (File, Save as)"
    if _is_keras(members):
        return "a Keras model (.keras)", "give it to import as a model, where a table is not meant"
    if any(name.endswith("data.pkl") for name in members):
        return "a PyTorch file", "bring the model's predictions as CSV"
    if members and all(name.endswith(".npy") for name in members):
        return "a NumPy archive (.npz)", NUMPY
    if "content.xml" in members:
        return "an OpenDocument file (.ods)", "save it as CSV (File, Save as, Text CSV)"
    return "a zip archive", UNPACK


def _of_text(start: bytes) -> tuple[str, str] | None:
    if start.startswith(MARKUP):
        return "a web page (HTML or XML)", "download the table itself and save it as CSV"
    if start.startswith((b"{", b"[")):
        return "JSON", "save it as CSV, in Python with pandas.read_json('scores.json').to_csv('scores.csv', index=False)"
    return None


def _members(file: Path | bytes) -> set[str]:
    try:
        with io.BytesIO(file) if isinstance(file, bytes) else open_regular(file) as opened, open_zip(opened) as archive:
            return set(archive.namelist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return set()


def _is_keras(members: set[str]) -> bool:
    return "config.json" in members and ("metadata.json" in members or any(name.endswith(".weights.h5") for name in members))

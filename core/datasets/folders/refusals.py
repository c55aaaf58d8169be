"""Why a file is no image that can be used, and why a folder is not looked into."""

from __future__ import annotations

import os
from pathlib import Path

from core.images import SUFFIXES, kind_of
from core.images.formats.signatures import HEAD

MAX_DEPTH = 12  # folders below the one given
TRUSTED = (*SUFFIXES, ".jfif", ".jpe", ".jif", ".dicom", ".dic", ".ima", ".dib")  # not opened: listing stays fast, and decoding tells
JUNK = {".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}  # what desktops leave in every folder
ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar", ".zst")
FOREIGN = (
    ".gif", ".heic", ".heif", ".avif", ".jp2", ".j2k", ".jpx", ".jxl", ".svg", ".pdf", ".psd", ".mha", ".mhd", ".nii", ".nrrd", ".npy",
    ".npz", ".mat", ".h5", ".hdf5", ".tfrecord", ".tfrecords", ".raw", ".dng",
)  # fmt: skip
SYSTEM = {"/proc", "/sys", "/dev"}

NOT_TEXT = "Its name is not valid UTF-8 text; rename it."
NO_TARGET = "It is a link that leads nowhere; copy the file itself."
NO_FILE = "It is a pipe, a socket or a device and no file; it is not opened."
EMPTY = "The file is empty; copy or export it again."
ARCHIVE = "It is an archive; unpack it here to use what is in it."
OTHER_FORMAT = "Its format is not read here; export the radiograph as JPEG, PNG, TIFF, BMP, WebP or DICOM."
NO_IMAGE = "It is no image."
MASKS = "Masks are no radiographs."
MADE_BY_A_MAC = "A Mac made this folder when it packed the archive; it holds no images."
OF_THE_SYSTEM = "The folder belongs to the operating system."
HIDDEN = "Its name begins with a dot, which hides it; rename it to use it."
TOO_DEEP = f"It lies more than {MAX_DEPTH} folders deep; give a folder further down."


def as_text(path: str | os.PathLike) -> str:
    """A path that can be stored and shown, whatever bytes the file system holds."""
    return os.fsencode(path).decode("utf-8", errors="replace")


def closed(entry: os.DirEntry, depth: int) -> str | None:
    """Why a folder is not looked into; None if it is.

    Parameters
    ----------
    entry : os.DirEntry
    depth : int
        How many folders deep it lies below the one given.

    Returns
    -------
    str or None
    """
    name = entry.name.lower()
    if entry.path != as_text(entry.path):
        return NOT_TEXT
    if name == "__macosx":
        return MADE_BY_A_MAC
    if name.replace("_", " ").replace("-", " ").split()[-1:] in (["mask"], ["masks"]):
        return MASKS
    if entry.path in SYSTEM:
        return OF_THE_SYSTEM
    return TOO_DEEP if depth > MAX_DEPTH else None


def refusal(entry: os.DirEntry) -> str | None:
    """Why a file is no image that can be used; None if it is one by its suffix or else by its content.

    Parameters
    ----------
    entry : os.DirEntry

    Returns
    -------
    str or None
    """
    if entry.path != as_text(entry.path):
        return NOT_TEXT
    try:
        if not entry.is_file():
            return NO_FILE if Path(entry.path).exists() else NO_TARGET
        name = entry.name.lower()
        if name.endswith(TRUSTED):
            return None
        return _content_refusal(entry, name)
    except OSError as error:
        return f"The file cannot be read ({error.strerror}); check its permissions."


def _content_refusal(entry: os.DirEntry, name: str) -> str | None:
    if not entry.stat().st_size:
        return NO_IMAGE if "." in name else EMPTY
    with Path(entry.path).open("rb", buffering=0) as file:
        if kind_of(file.read(HEAD)):
            return None
    if name.endswith(ARCHIVES):
        return ARCHIVE
    return OTHER_FORMAT if name.endswith(FOREIGN) else NO_IMAGE

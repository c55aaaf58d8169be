"""Download the published data sets: Kaggle's archive through kagglehub, PneumoniaMNIST through pooch.

Both show their progress on standard error and continue an interrupted download when they are called again.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from types import ModuleType
from zipfile import BadZipFile

from core.datasets.downloads.resume import ResumingDownloader, explained, reason
from core.errors import InputError
from core.files import reason_of
from core.files.paths import typed_path
from core.machine.free_space import require_disk

KAGGLE_HANDLE = "paultimothymooney/chest-xray-pneumonia"
KAGGLE_PAGE = f"https://www.kaggle.com/datasets/{KAGGLE_HANDLE}"
KAGGLE_DISK = 4.8e9  # bytes: the archive lies beside its content until that is complete
ZENODO_FILES = "https://zenodo.org/records/10519652/files"
PNEUMONIAMNIST_MD5 = {  # of MedMNIST v2, https://doi.org/10.5281/zenodo.10519652
    28: "28209eda62fecd6e6a2d98b1501bb15f",
    64: "8f4eceb4ccffa70c672198ea285246c6",
    128: "05b46931834c231683c68f40c47b2971",
    224: "d6a3c71de1b945ea11211b03746c1fe1",
}


def fetch_kaggle(dest: str | Path) -> Path:
    """Download "Chest X-Ray Images (Pneumonia)" (2.3 GB) from Kaggle, without an account, and unpack it.

    Parameters
    ----------
    dest : str or Path
        The folder to hold the archive's content (``chest_xray/{train,val,test}``). Nothing is downloaded if it does.

    Returns
    -------
    Path
        `dest`, which `open_dataset` reads.

    Raises
    ------
    InputError
        If Kaggle cannot be reached, sends something broken, or `dest` cannot be written.
    """
    dest = _folder(dest)
    if any((dest / parent / "train").is_dir() for parent in (".", "chest_xray")):
        return dest
    # kagglehub refuses to continue in its `output_dir`, but does in its cache: so the cache is placed inside dest.
    cache = dest / ".kagglehub"
    require_disk(dest, KAGGLE_DISK, "The archive and what is unpacked from it", "free disk space or name another folder")
    by_hand = f"or download the archive by hand from {KAGGLE_PAGE} and unzip it in {dest}"
    with _kagglehub(cache) as kagglehub, explained(KAGGLE_PAGE, by_hand):
        try:
            unpacked = Path(kagglehub.dataset_download(KAGGLE_HANDLE))
        except (kagglehub.exceptions.DataCorruptionError, BadZipFile, ValueError) as error:
            if isinstance(error, OSError):  # requests has errors that are both
                raise
            shutil.rmtree(cache, ignore_errors=True)
            raise InputError(
                f"What {KAGGLE_PAGE} sent is not the whole archive ({reason(error)}) and was removed; start it again, {by_hand}."
            ) from None
        for item in unpacked.iterdir():
            item.replace(dest / item.name)
    shutil.rmtree(cache)
    return dest


def fetch_pneumoniamnist(dest: str | Path, size: int = 28) -> Path:
    """Download PneumoniaMNIST from Zenodo and check its MD5.

    Parameters
    ----------
    dest : str or Path
        The folder to hold the file. Nothing is downloaded if it already does.
    size : {28, 64, 128, 224}
        Side of the images in pixels.

    Returns
    -------
    Path
        ``dest/pneumoniamnist[_<size>].npz``, which `open_dataset` reads.

    Raises
    ------
    InputError
        If there is no such size, Zenodo cannot be reached, the MD5 is wrong, or `dest` cannot be written.
    """
    import pooch

    if size not in PNEUMONIAMNIST_MD5:
        raise InputError(f"PneumoniaMNIST has no size {size}; choose one of {', '.join(map(str, PNEUMONIAMNIST_MD5))}.")
    name = "pneumoniamnist.npz" if size == 28 else f"pneumoniamnist_{size}.npz"
    url, md5, dest = f"{ZENODO_FILES}/{name}", PNEUMONIAMNIST_MD5[size], _folder(dest)
    downloader = ResumingDownloader(dest / f"{name}.part")
    pooch.get_logger().setLevel(logging.WARNING)  # the progress bar says the rest
    with explained(url, f"or download it by hand and place it at {dest / name}"):
        try:
            return Path(pooch.retrieve(url, f"md5:{md5}", fname=name, path=dest, downloader=downloader))
        except ValueError as error:
            if isinstance(error, OSError):
                raise
            raise InputError(
                f"What {url} sent does not have the published MD5 {md5}; the partial file was removed, so start it again."
            ) from None


def _folder(dest: str | Path) -> Path:
    dest = typed_path(dest).absolute()
    try:
        dest.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {str(dest)!r} cannot be made ({reason_of(error)}); name another one.") from None
    if not os.access(dest, os.W_OK | os.X_OK):
        raise InputError(f"The folder {str(dest)!r} cannot be written to (permission denied); name another one.")
    return dest


@contextmanager
def _kagglehub(cache: Path) -> Iterator[ModuleType]:
    """The kagglehub module, downloading over HTTP into `cache`, and not writing to standard output, where results go."""
    settings = {"KAGGLEHUB_CACHE": str(cache), "DISABLE_KAGGLE_CACHE": "true", "DISABLE_COLAB_CACHE": "true"}
    before = {name: os.environ.pop(name, None) for name in settings}
    os.environ.update(settings)
    try:
        with redirect_stdout(sys.stderr):
            import kagglehub
            import kagglehub.exceptions

            for handler in logging.getLogger("kagglehub").handlers:
                if type(handler) is logging.StreamHandler:
                    handler.stream = sys.stderr  # not setStream, which flushes a stream that may be closed
            yield kagglehub
    finally:
        for name, value in before.items():
            del os.environ[name]
            if value is not None:
                os.environ[name] = value

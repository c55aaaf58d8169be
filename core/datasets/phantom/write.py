"""Synthetic frontal chest radiographs whose opacities are known to the pixel, one by one or as a Kaggle-layout folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from threadpoolctl import threadpool_limits

from core.datasets.phantom.anatomy import draw_anatomy
from core.datasets.phantom.exposure import MIN_SIZE, Phantom, expose
from core.datasets.phantom.opacity import FINDINGS, Finding, draw_opacity
from core.errors import InputError
from core.files import replacing, writing
from core.machine.free_space import require_disk

MIN_IMAGES = 12  # below this a finding would be missing from train or test
SHARES = {"normal": 0.4, "bacterial": 0.4, "viral": 0.2}
TEST_SHARE = 0.2
TWO_FILMS = 0.2  # share of patients with a second film
BYTES_A_PIXEL, BYTES_A_FILE = 0.2, 8192  # about, of a film and its mask together
JPEG_QUALITY = 90  # the same for every class, so that the encoding tells nothing


@dataclass(frozen=True)
class Film:
    """One film to write: where it goes and whom it shows."""

    split: str
    finding: Finding
    patient: int
    number: int

    @property
    def path(self) -> str:
        """Path below the data set without its suffix, named as Kaggle names its files."""
        if self.finding == "normal":
            return f"{self.split}/NORMAL/IM-{self.patient:04d}-{self.number:04d}"
        germ = {"bacterial": "bacteria", "viral": "virus"}[self.finding]
        return f"{self.split}/PNEUMONIA/person{self.patient}_{germ}_{self.number}"


def radiograph(rng: np.random.Generator, finding: Finding, size: int = 224) -> Phantom:
    """Draw a patient and expose one film.

    Parameters
    ----------
    rng : numpy.random.Generator
        The only source of randomness: the same state gives the same phantom.
    finding : {"normal", "bacterial", "viral"}
        Clear lungs, one lobar consolidation, or many patches over both lungs.
    size : int
        Side of the film in pixels, at least `MIN_SIZE`.

    Returns
    -------
    Phantom

    Raises
    ------
    InputError
        If the finding is unknown or the size too small.
    """
    chest = draw_anatomy(rng)
    return expose(rng, chest, draw_opacity(rng, chest, finding), size)


def write_phantoms(dest: Path, n: int = 200, seed: int = 0, size: int = 224, progress: Callable[[int, int], None] | None = None) -> int:
    """Write a Kaggle-layout data set of phantoms with the true opacity of each.

    Writes ``{train,test}/{NORMAL,PNEUMONIA}/*.jpeg`` and ``masks/{train,test}/PNEUMONIA/*.png`` (0 or 255). No patient
    is in both splits; a patient's second film shows the same anatomy and opacity. The folder appears when complete.

    Parameters
    ----------
    dest : Path
        A folder that does not exist yet or is empty.
    n : int
        Number of images, at least `MIN_IMAGES`: 40 % normal, 40 % bacterial, 20 % viral; a fifth of each in test.
    seed : int
        The same seed, number and size give the same bytes.
    size : int
        Side of the images in pixels.
    progress : callable of (int, int), optional
        Called with the number of images done and of all images.

    Returns
    -------
    int
        Number of images written.

    Raises
    ------
    InputError
        If `n`, `size` or `seed` is too small, or `dest` is a file or a folder with content.
    """
    dest = Path(dest)
    _check(dest, n, seed, size)
    require_disk(
        dest.absolute(), n * (size**2 * BYTES_A_PIXEL + BYTES_A_FILE), f"A set of {n:,} phantoms of {size} pixels", "ask for fewer"
    )
    films = list(_plan(np.random.default_rng(seed), n))
    # One thread: the matrices are so small that waiting for a second one doubles the time on a busy machine.
    with replacing(dest) as folder, threadpool_limits(1):
        for done, film in enumerate(films, start=1):
            _write_film(folder, film, seed, size)
            if progress:
                progress(done, n)
    return n


def _check(dest: Path, n: int, seed: int, size: int) -> None:
    if n < MIN_IMAGES:
        raise InputError(f"{n} phantoms are too few for every finding to be in train and test; ask for at least {MIN_IMAGES}.")
    if size < MIN_SIZE or seed < 0:
        raise InputError(f"A seed of {seed} and a size of {size} do not work; use a seed from 0 and a size from {MIN_SIZE} pixels.")
    with writing(dest):
        taken = dest.exists() and (not dest.is_dir() or any(dest.iterdir()))
    if taken:
        raise InputError(f"{str(dest)!r} exists and is not an empty folder; name a new folder for the phantoms.")


def _plan(rng: np.random.Generator, n: int) -> Iterator[Film]:
    """The films of the data set: patients are numbered through, so that no number is in both splits."""
    counts = {finding: round(SHARES[finding] * n) for finding in FINDINGS[:2]}
    counts["viral"] = n - sum(counts.values())
    patient, number = 0, 0
    for finding, count in counts.items():
        n_test = max(1, round(TEST_SHARE * count))
        for split, left in (("train", count - n_test), ("test", n_test)):
            while left:
                patient += 1
                films = 2 if left > 1 and rng.random() < TWO_FILMS else 1
                for k in range(1, films + 1):
                    number += 1
                    yield Film(split, finding, patient, k if finding == "normal" else number)
                left -= films


def _write_film(folder: Path, film: Film, seed: int, size: int) -> None:
    patient = np.random.default_rng([seed, film.patient])
    chest = draw_anatomy(patient)
    opacity = draw_opacity(patient, chest, film.finding)
    phantom = expose(np.random.default_rng([seed, film.patient, film.number]), chest, opacity, size)
    image = folder / f"{film.path}.jpeg"
    image.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(phantom.image).save(image, quality=JPEG_QUALITY)
    if film.finding != "normal":
        mask = folder / "masks" / f"{film.path}.png"
        mask.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(phantom.mask.astype(np.uint8) * 255).save(mask)

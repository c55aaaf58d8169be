"""What the benchmarks read: the real images where they are, else phantoms, and it says which."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sources:
    """Folders and what to call them."""

    data: Path
    data_title: str
    originals: Path
    originals_title: str


def find_sources(data: Path | None, originals: Path | None, scratch: Path) -> Sources:
    """The folders given, else PNEUMOLENS_DATA, else phantoms drawn into `scratch`."""
    from core.datasets.phantom.write import write_phantoms

    if data is None and os.environ.get("PNEUMOLENS_DATA"):
        data = Path(os.environ["PNEUMOLENS_DATA"])
    data_title = data.name if data else "600 phantoms"
    originals_title = originals.name if originals else "40 phantoms of 1,400 pixels"
    if data is None:
        data = scratch / "phantoms"
        write_phantoms(data, n=600, seed=0)
    if originals is None:
        originals = scratch / "large"
        write_phantoms(originals, n=40, seed=1, size=1400)
    return Sources(data, data_title, originals, originals_title)

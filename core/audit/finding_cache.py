"""Findings kept on disk, so that data which did not change are not judged anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import numpy as np

from core.audit.finding import Finding
from core.datasets.dataset import Dataset
from core.files import cache_dir, keep


def kept(check: Callable[[Dataset], Finding], dataset: Dataset) -> Finding:
    """What a check finds in a data set: from the cache if the same table was judged before.

    Parameters
    ----------
    check : callable of a Dataset
        One that looks at more than the data set says what of in ``check.state(dataset)``, a name for a file.
    dataset : Dataset

    Returns
    -------
    Finding
    """
    state = state_of(check, dataset)
    path = cache_dir("findings") / f"{dataset.digest}-{check.__name__}{state and '-' + state}-{_edition()}.json"
    return _read(path) or _written(path, check(dataset))


@lru_cache(maxsize=1)
def _edition() -> str:
    """Names the checks as they are written: when one measures another thing, or says it in other words, no older finding is told."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return blake2b(b"".join(source.read_bytes() for source in sources), digest_size=4).hexdigest()


def _read(path: Path) -> Finding | None:
    try:
        known = json.loads(path.read_text("utf-8"))
        return Finding(**known | {"images": tuple(map(tuple, known["images"]))})
    except (OSError, ValueError, TypeError, KeyError):  # none yet, or a broken one
        return None


def _written(path: Path, finding: Finding) -> Finding:
    text = json.dumps(asdict(finding), ensure_ascii=False, default=_plain)
    keep(path, lambda place: place.write_text(text, encoding="utf-8"), "What was found is not kept, and looked for anew next time.")
    return finding


def _plain(number: np.generic) -> float:
    return number.item()


def state_of(check: Callable[[Dataset], Finding], dataset: Dataset) -> str:
    """What a check looks at besides the data set, as a name for a file; empty for most.

    Parameters
    ----------
    check : callable of Dataset
    dataset : Dataset

    Returns
    -------
    str
    """
    return check.state(dataset) if hasattr(check, "state") else ""

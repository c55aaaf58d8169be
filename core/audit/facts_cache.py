"""What checks measured, kept on disk as numbers, so that data which did not change are not measured anew."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import numpy as np

from core.audit.check import Check, Facts
from core.audit.finding import Finding
from core.datasets.dataset import Dataset
from core.files import cache_dir, keep


def kept(check: Check, dataset: Dataset, *how: str) -> Finding:
    """What a check finds in a data set, of what it measured in the same table before if it did.

    Parameters
    ----------
    check : Check
    dataset : Dataset
    *how : str
        For the check's `tell`.

    Returns
    -------
    Finding
        In the words of today, also where the numbers are older.
    """
    state = check.state(dataset)
    path = cache_dir("findings") / f"{dataset.digest}-{check.id}{state and '-' + state}-{_edition()}.json"
    known = _read(path)
    if known is not None:
        try:
            return check.tell(known, *how)
        except (KeyError, TypeError, ValueError, IndexError):  # a file that somebody changed
            pass
    return check.tell(_written(path, check.measure(dataset)), *how)


@lru_cache(maxsize=1)
def _edition() -> str:
    """Names the measuring as it is written: when a check measures another thing, nothing older is told."""
    sources = sorted((Path(__file__).parent / "measured").glob("*.py"))
    return blake2b(b"".join(source.read_bytes() for source in sources), digest_size=4).hexdigest()


def _read(path: Path) -> Facts | None:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):  # none yet, or a broken one
        return None


def _written(path: Path, facts: Facts) -> Facts:
    text = json.dumps(facts, ensure_ascii=False, default=_plain)
    keep(path, lambda place: place.write_text(text, encoding="utf-8"), "What was measured is not kept, and measured anew next time.")
    return json.loads(text)


def _plain(number: np.generic) -> float:
    return number.item()

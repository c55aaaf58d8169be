"""Files damaged in seeded ways: bits, bytes, lengths, and, where a file holds values, values of another kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy

import numpy as np

STRANGE = (
    None, True, -1, 0, 1e400, -1e308, float("nan"), 10**30, "", "text", "9" * 5000, "\0", [], [[]], {}, {"a": {"b": []}},
    [1, "x", None], ["x"] * 2000, 0.5, 2, "2020-01-01",
)  # fmt: skip


def mutations(content: bytes, n: int, seed: int = 0) -> Iterator[bytes]:
    """Damaged copies of some bytes: cut, with bytes changed, removed, repeated or put elsewhere."""
    rng = np.random.default_rng(seed)
    for _ in range(n):
        yield _damaged(bytearray(content), rng)


def _damaged(content: bytearray, rng: np.random.Generator) -> bytes:
    for _ in range(int(rng.integers(1, 5))):
        if not content:
            break
        at = int(rng.integers(min(len(content), 600)) if rng.random() < 0.5 else rng.integers(len(content)))  # headers tell most
        length = int(rng.integers(1, 9))
        match int(rng.integers(7)):
            case 0:
                content[at] ^= 1 << int(rng.integers(8))
            case 1:
                content[at : at + length] = rng.bytes(length)
            case 2:
                content[at : at + length] = b"\xff" * length if rng.random() < 0.5 else bytes(length)
            case 3:
                del content[at:]
            case 4:
                del content[at : at + length]
            case 5:
                content[at:at] = content[at : at + 64 * length]
            case 6:
                other = int(rng.integers(len(content)))
                content[at : at + length] = content[other : other + length]
    return bytes(content)


def strange_json(content: dict, n: int, seed: int = 0) -> Iterator[bytes]:
    """Copies of an object in which a field, at any depth, is gone or of another kind, or which are damaged as text."""
    rng = np.random.default_rng(seed)
    text = json.dumps(content).encode()
    damaged = mutations(text, n, seed)
    for _ in range(n):
        if rng.random() < 0.3:
            yield next(damaged)
            continue
        copy = deepcopy(content)
        for _ in range(int(rng.integers(1, 4))):
            place, key = _place(copy, rng)
            if place is None:
                break
            if rng.random() < 0.2:
                del place[key]
            else:
                place[key] = deepcopy(STRANGE[int(rng.integers(len(STRANGE)))])
        yield json.dumps(copy).encode()


def _place(value, rng: np.random.Generator):
    """A container somewhere inside, and one of its keys."""
    if not isinstance(value, dict | list) or not value:
        return None, None
    keys = list(value) if isinstance(value, dict) else range(len(value))
    key = keys[int(rng.integers(len(keys)))]
    inner = _place(value[key], rng) if rng.random() < 0.5 else (None, None)
    return inner if inner[0] is not None else (value, key)

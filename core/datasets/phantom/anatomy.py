"""The patients of the phantoms: proportions, and the outlines of rib cage, heart and lungs.

Patient coordinates: x runs from -1 (left edge of the film, the patient's right) to 1, y from -1 (top) to 1 (bottom).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from scipy.special import expit

N_VESSELS = 240


def _within(low: float, high: float) -> float:
    return field(metadata={"range": (low, high)})


@dataclass(frozen=True)
class Anatomy:
    """One patient's proportions in film half-widths (radians for `humerus_angle`), drawn uniformly from their ranges."""

    chest_width: float = _within(0.62, 0.74)
    chest_wall: float = _within(0.07, 0.14)
    apex: float = _within(-0.72, -0.60)
    base: float = _within(0.42, 0.60)
    right_dome_height: float = _within(0.02, 0.08)
    dome_depth: float = _within(0.16, 0.28)
    mediastinum: float = _within(0.11, 0.15)
    heart_x: float = _within(0.10, 0.16)
    heart_width: float = _within(0.26, 0.34)
    heart_height: float = _within(0.34, 0.42)
    rib_spacing: float = _within(0.14, 0.175)
    rib_phase: float = _within(0.0, 1.0)
    rib_slope: float = _within(0.16, 0.30)
    rib_contrast: float = _within(0.18, 0.28)
    spine_contrast: float = _within(0.12, 0.24)
    clavicle_slope: float = _within(0.05, 0.22)
    shoulder_y: float = _within(-0.62, -0.50)
    humerus_angle: float = _within(0.35, 0.95)
    stomach_gas: float = _within(-0.3, 0.3)
    vessel_contrast: float = _within(0.10, 0.20)
    vessels: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))


def draw_anatomy(rng: np.random.Generator) -> Anatomy:
    """A random patient: proportions, and `N_VESSELS` lung vessels as rows (x, y, radius, weight) crowding the hila."""
    ranges = {item.name: item.metadata["range"] for item in fields(Anatomy) if "range" in item.metadata}
    side = rng.choice([-1.0, 1.0], N_VESSELS)
    distance = 0.42 * rng.random(N_VESSELS)
    angle = rng.uniform(-np.pi / 2, np.pi / 2, N_VESSELS)
    x = side * (0.17 + distance * np.cos(angle))
    y = -0.02 + 1.1 * distance * np.sin(angle)
    radius = rng.uniform(0.008, 0.026, N_VESSELS)
    weight = (1 - distance / 0.5) * rng.choice([-0.5, 1.0], N_VESSELS)
    return Anatomy(
        **{name: rng.uniform(low, high) for name, (low, high) in ranges.items()}, vessels=np.stack([x, y, radius, weight], axis=1)
    )


def grid(size: int, shift: tuple[float, float] = (0.0, 0.0), zoom: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Patient coordinates of the film's columns (1, size) and rows (size, 1), float32, for a patient moved and magnified."""
    line = (2 * np.arange(size) + 1) / size - 1
    x, y = (line[None, :] - shift[0]) / zoom, (line[:, None] - shift[1]) / zoom
    return x.astype(np.float32), y.astype(np.float32)


def spots(x: np.ndarray, y: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Sum of round Gaussians, rows of (x, y, radius, weight), on the grid: float32 (size, size).

    A round Gaussian is a product of its two profiles, so that the sum is one matrix product.
    """
    rows = rows.astype(np.float32)[:, :, None]
    across = np.exp(-0.5 * ((x - rows[:, 0]) / rows[:, 2]) ** 2)
    down = np.exp(-0.5 * ((y.T - rows[:, 1]) / rows[:, 2]) ** 2) * rows[:, 3]
    return down.T @ across


def cage_width(chest: Anatomy, y: np.ndarray) -> np.ndarray:
    """Inner half-width of the rib cage at height y: a quarter ellipse from the apex down to the widest level."""
    below_apex = np.clip((y - chest.apex) / (0.95 * chest.base - chest.apex), 0, 1)
    return 0.06 + (chest.chest_width - 0.06) * (1 - (1 - below_apex) ** 2.3) ** 0.5


def lungs(chest: Anatomy, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Aerated lung in the beam, from 0 outside to 1 inside, little of it behind the heart: float32 (size, size)."""
    distance = np.abs(x)
    across = np.clip((distance - 0.4 * chest.chest_width) / (0.6 * chest.chest_width), -1, 1)
    dome = chest.base + chest.dome_depth * across**2 - np.where(x < 0, np.float32(chest.right_dome_height), np.float32(0))
    outer = expit((cage_width(chest, y) - distance) / 0.012) * (y > chest.apex)
    inner = expit((distance - chest.mediastinum - 0.05 * np.cos(4 * y)) / 0.018)
    return outer * inner * expit((dome - y) / 0.012) * (1 - 0.8 * heart(chest, x, y))


def heart(chest: Anatomy, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The heart lies to the patient's left, the right of the film; its axis leans down to that side."""
    down = (y - (chest.base - 0.75 * chest.heart_height)) / chest.heart_height
    across = (x - chest.heart_x - 0.10 * down) / chest.heart_width
    return expit((1 - across**2 - down**2) / 0.09)

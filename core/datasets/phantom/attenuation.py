"""What a chest adds to the beam, structure by structure: soft tissue, heart, lung, spine, ribs, clavicles, arms.

Attenuation has no unit: about -0.1 in the air around the patient, 0.2 in the lungs, 1 where spine and heart overlap.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import expit

from core.datasets.phantom.anatomy import Anatomy, cage_width, heart, spots


def attenuation(chest: Anatomy, x: np.ndarray, y: np.ndarray, air: np.ndarray) -> np.ndarray:
    """Total attenuation of the normal chest on the grid, given `lungs`: float32 (size, size), about 0 (air) to 1.3."""
    distance = np.abs(x)
    cage = cage_width(chest, y)
    film = _soft_tissue(chest, x, y, distance) + 0.14 * heart(chest, x, y) + _spine(chest, x, y)
    film += air * (chest.vessel_contrast * spots(x, y, chest.vessels) - 0.5)
    film += chest.rib_contrast * _ribs(chest, y, distance, cage)
    film += _clavicles(chest, y, distance) + _humerus(chest, y, distance)
    return film


def _soft_tissue(chest: Anatomy, x: np.ndarray, y: np.ndarray, distance: np.ndarray) -> np.ndarray:
    shoulders = expit((y - chest.shoulder_y + 0.16) / 0.06)
    torso = 0.26 + (chest.chest_width + chest.chest_wall - 0.26 + 0.05 * y) * shoulders
    trunk = np.sqrt(np.clip(1 - (distance / torso) ** 2, 0, 1))
    thickness = 0.17 - np.abs(_across_arm(chest, y, distance))
    arm = np.sqrt(np.clip(thickness / 0.17, 0, 1)) * expit((distance - 0.62) / 0.04)
    gas = spots(x, y, np.array([[0.38, chest.base + 0.25, 0.1, max(0.0, chest.stomach_gas)]]))
    return np.maximum(0.3 * np.minimum(1, 4 * trunk) + 0.48 * trunk, 0.55 * arm) - gas - 0.12


def _across_arm(chest: Anatomy, y: np.ndarray, distance: np.ndarray) -> np.ndarray:
    along, down = math.cos(chest.humerus_angle), math.sin(chest.humerus_angle)
    return (y - chest.shoulder_y - 0.05) * along - (distance - 0.72) * down


def _humerus(chest: Anatomy, y: np.ndarray, distance: np.ndarray) -> np.ndarray:
    across = (_across_arm(chest, y, distance) / 0.055) ** 2
    outside = expit((distance - chest.chest_width - chest.chest_wall - 0.02) / 0.02)
    return 0.26 * outside * _bone(across)


def _spine(chest: Anatomy, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    column = expit((0.1 - np.abs(x)) / 0.012)
    bodies = 0.85 + 0.15 * np.tanh(3 * np.cos(2 * np.pi * (y - chest.rib_phase) / chest.rib_spacing))
    trachea = expit((0.035 - np.abs(x)) / 0.008) * expit((-0.18 - y) / 0.03)
    return chest.spine_contrast * column * bodies - 0.14 * trachea


def _ribs(chest: Anatomy, y: np.ndarray, distance: np.ndarray, cage: np.ndarray) -> np.ndarray:
    """Posterior ribs fall towards the side, anterior ribs rise towards it; both brighten where the beam runs along them."""
    lateral = np.clip(distance / cage, 0, 1)
    inside = expit((cage + 0.02 - distance) / 0.012) * expit((y - chest.apex - 0.02) / 0.03)
    posterior = _bands((y - chest.rib_slope * lateral**2) / chest.rib_spacing + chest.rib_phase)
    anterior = _bands((y + 1.4 * chest.rib_slope * lateral) / (1.15 * chest.rib_spacing) - chest.rib_phase)
    edge = np.exp(-0.5 * ((distance - cage) / 0.022) ** 2)
    front = 0.45 * anterior * expit((lateral - 0.45) / 0.08)
    return inside * (posterior * (0.45 + 0.4 * lateral**3) + front) + 0.9 * edge * inside * (0.35 + posterior)


def _bands(phase: np.ndarray) -> np.ndarray:
    wave = np.cos(2 * np.pi * phase)
    return expit((wave - 0.1) / 0.12) * (1.15 - 0.35 * wave)


def _clavicles(chest: Anatomy, y: np.ndarray, distance: np.ndarray) -> np.ndarray:
    centre = chest.apex + 0.16 - chest.clavicle_slope * (distance - 0.1) - 0.05 * np.sin(8 * distance)
    extent = expit((distance - 0.1) / 0.012) * expit((0.66 - distance) / 0.02)
    return 0.24 * extent * _bone(((y - centre) / 0.032) ** 2)


def _bone(squared: np.ndarray) -> np.ndarray:
    """Profile across a long bone by squared distance in half-widths: its cortex is brighter than its marrow."""
    return np.exp(-(squared**2)) * (0.7 + 0.3 * squared)

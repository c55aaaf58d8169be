"""What the training images look like to a run, measured once and kept beside it: what the out-of-distribution checks compare with.

Four distances are measured: of the outlines (directions of edges), of the layout (a thumbnail), of the texture (a spectrum) and of the
model's own penultimate features. Their limits come from the run's validation images; none was fitted to out-of-distribution pictures.
The outlines warn beyond the limit that 97 % of those images stay below, the others by themselves only beyond the farthest of them, so
that all together warn of 4 to 5 % of films like the training films. Without outlines, as in references of earlier versions, the others
warn beyond 99 % each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.input_checks.feature_distance import Embedding
from core.input_checks.finding import MEASURED, Finding
from core.input_checks.layout_distance import Layout, thumbnails
from core.input_checks.outlines import Outlines, outlines
from core.input_checks.texture_distance import Texture, spectra

PERCENTILE = 99.0
OUTLINES_PERCENTILE = 97.0
FAR = 1.15  # times the farthest validation image: a score means nothing
TURNS = ("", "90° to the right", "upside down", "90° to the left")  # what was done to it, by the turns that undo it


@dataclass(frozen=True, eq=False)
class Reference:
    """Training images summarised, and the limits that validation images set.

    Attributes
    ----------
    layout : Layout
    texture : Texture
    embedding : Embedding
    sample_ids : ndarray of shape (n_train,), str
        In the order of ``embedding.points``.
    y_true : ndarray of shape (n_train,), int
        Class ids of the run.
    limits : dict of str to (float, float)
        For ``layout, texture, features, rotated, tilted``: the 99th percentile and the largest value of the validation images; for
        ``outlines`` the 97th. References of earlier versions lack ``tilted``; a tilt then goes unseen.
    n_val : int
    outlines : Outlines or None
        None in references of earlier versions.
    """

    layout: Layout
    texture: Texture
    embedding: Embedding
    sample_ids: np.ndarray
    y_true: np.ndarray
    limits: dict[str, tuple[float, float]]
    n_val: int
    outlines: Outlines | None = None

    def measure(self, pixels: np.ndarray, values: np.ndarray) -> dict[str, np.ndarray]:
        """Distances of pictures of shape (n, side, side), as the model takes them, with features of shape (n, n_features)."""
        thumbs = thumbnails(pixels)
        of_outlines = {"outlines": self.outlines.distance(outlines(pixels))} if self.outlines else {}
        return of_outlines | {
            "layout": self.layout.distance(thumbs),
            "texture": self.texture.distance(spectra(pixels)),
            "features": self.embedding.distance(values),
        }

    def unlikeness(self, pixels: np.ndarray, values: np.ndarray) -> np.ndarray:
        """How unlike the training images pictures are: the largest of their distances, each over the limit beyond which it warns.

        Parameters
        ----------
        pixels : ndarray of shape (n, side, side), uint8
        values : ndarray of shape (n, n_features)
            Their penultimate features.

        Returns
        -------
        ndarray of shape (n,), float
            1 at the limit of a warning.
        """
        measured = self.measure(pixels, values)
        return np.max([distance / max(self._warns_beyond(kind), 1e-12) for kind, distance in measured.items()], axis=0)

    def _warns_beyond(self, kind: str) -> float:
        """The limit of a distance by itself: beside the outlines the others warn only beyond the farthest validation image."""
        usual, farthest = self.limits[kind]
        return farthest if self.outlines and kind != "outlines" else usual

    def check(self, pixels: np.ndarray, values: np.ndarray) -> list[Finding]:
        """Why one picture is unlike the training images; empty if it is like them.

        Parameters
        ----------
        pixels : ndarray of shape (side, side), uint8
        values : ndarray of shape (n_features,)
            Its penultimate features.

        Returns
        -------
        list of Finding
            ``refuse`` if it is turned or a negative, far beyond a limit, or beyond that of the layout and another.
        """
        measured = {kind: float(value[0]) for kind, value in self.measure(pixels[np.newaxis], values[np.newaxis]).items()}
        misplaced = self._misplaced(pixels)
        if misplaced:
            return [misplaced]
        beyond, refused = self._beyond(measured)
        level: Literal["warn", "refuse"] = "refuse" if refused else "warn"
        return [*self._tilted(pixels), *(Finding(kind, level, self._sentence(kind, measured[kind])) for kind in beyond)]

    def _beyond(self, measured: dict[str, float]) -> tuple[list[str], bool]:
        """The kinds in which a picture is unlike the training images, and whether so much that a score means nothing."""
        beyond = [kind for kind, value in measured.items() if value > self.limits[kind][0]]
        far = any(measured[kind] > FAR * self.limits[kind][1] for kind in beyond)
        refused = far or ("layout" in beyond and len(set(beyond) - {"outlines"}) > 1)
        if self.outlines and "outlines" not in beyond and not refused:
            beyond = [kind for kind in beyond if measured[kind] > self.limits[kind][1]]
        return beyond, refused

    def _misplaced(self, pixels: np.ndarray) -> Finding | None:
        """A radiograph that is turned or a negative: put right, it looks like a training image."""
        (turns,), (gain,) = self.layout.turns(thumbnails(pixels[np.newaxis]))
        if turns and gain > max(self.limits["rotated"][0], 0.0) and self._looks_right(np.rot90(pixels, turns)):
            return Finding("rotated", "refuse", f"The film seems to be turned {TURNS[turns]}: set it upright first.", int(turns))
        if not self._well_laid(pixels) and self._looks_right(255 - pixels):
            return Finding("inverted", "refuse", "This looks like a negative, with air bright and bone dark: invert it first.")
        return None

    def _tilted(self, pixels: np.ndarray) -> list[Finding]:
        """A tilted radiograph: a warning, as real ones often are."""
        (angle,), (gain,) = self.layout.tilt(thumbnails(pixels[np.newaxis]))
        if "tilted" not in self.limits or gain <= self.limits["tilted"][0]:
            return []
        side = "left" if angle > 0 else "right"
        seems = f"The film seems tilted by about {abs(angle)}° to the {side}"
        sentence = (
            f"{seems}, more than 99 % of the validation films: straighten it. "
            "Real films are often a little tilted, so this is a warning only."
        )
        return [Finding("tilted", "warn", sentence, brief=f"{seems}: straighten it.")]

    def _looks_right(self, pixels: np.ndarray) -> bool:
        return self._well_laid(pixels) and float(self.texture.distance(spectra(pixels[np.newaxis]))[0]) <= self.limits["texture"][0]

    def _well_laid(self, pixels: np.ndarray) -> bool:
        return float(self.layout.distance(thumbnails(pixels[np.newaxis]))[0]) <= FAR * self.limits["layout"][1]

    def _sentence(self, kind: str, value: float) -> str:
        percentile = OUTLINES_PERCENTILE if kind == "outlines" else PERCENTILE
        usual = f"{percentile:.0f} % of {self.n_val:,} validation films lie below {self.limits[kind][0]:.2f}"
        return f"{MEASURED[kind].sentence} (distance {value:.2f}; {usual})."

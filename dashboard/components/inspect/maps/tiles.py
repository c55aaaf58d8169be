"""What the grid shows: a reading with its run and title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.inference.prediction import Prediction
from core.runs.run import Run
from core.saliency import get_method, weakness
from core.saliency.heatmap import on_picture, resize_map
from core.saliency.localisation import overlap, pointing_game
from dashboard.components.chips import colour_of
from dashboard.components.inspect.analysis import Reading
from dashboard.components.inspect.maps.viewer import Tile

if TYPE_CHECKING:
    from core.saliency.checks import Belief

FAINT = "It hardly moves the score, so it is painted faintly."


@dataclass(frozen=True)
class Said:
    """What a run says of the picture, under the run's letter and system."""

    label: str
    run: Run
    prediction: Prediction


@dataclass(frozen=True, eq=False)
class Shown:
    """A reading of the grid.

    Attributes
    ----------
    label, title : str
        The run's letter and system; `title` adds the method where there are several.
    run : Run
    reading : Reading
    opacity : ndarray of shape (h, w), bool, or None
        The true opacity, where it is known.
    belief : Belief or None
        The verdict of the checks of the map, once they were asked for.
    """

    label: str
    title: str
    run: Run
    reading: Reading
    opacity: np.ndarray | None = None
    belief: Belief | None = None

    def settled(self, prediction: Prediction) -> Shown:
        """The same with a prediction that has its views."""
        return replace(self, reading=replace(self.reading, prediction=prediction))

    def checked(self, belief: Belief | None) -> Shown:
        """The same with the verdict of its checks."""
        return replace(self, belief=belief)

    @property
    def explained(self) -> str:
        """The class that the map speaks of."""
        return self.run.config.class_names[self.reading.explanation.class_id]

    def on_picture(self, height: int, width: int) -> np.ndarray:
        """The part of the map that lies on a picture of this size: float32 in [0, 1]."""
        return on_picture(self.reading.explanation.heatmap, self.run.config.recipe.resize, height, width)

    def tile(self, height: int, width: int, colours: Mapping[str, str]) -> Tile:
        """The reading as a tile of the grid; `colours` of the runs, by label."""
        explanation = self.reading.explanation
        method = get_method(explanation.method)
        alt = f"{method.title} of {self.label} for {self.explained}, laid over the picture"
        heatmap = self.on_picture(height, width)
        full = explanation.raw_max / (explanation.strength or 1.0)
        colour = colour_of(self.title, colours)
        return Tile(self.title, self.caption, alt, colour, heatmap, explanation.raw_max, method.unit, explanation.method, full)

    @property
    def caption(self) -> str:
        """How the map was made, and what it hides."""
        explanation = self.reading.explanation
        method = get_method(explanation.method)
        layer = f", layer {explanation.layer}" if explanation.layer else ""
        if explanation.is_empty:
            return f"{method.title}{layer}: the map is empty, nothing in the film speaks for {self.explained}. Try another class or method."
        how_strong = weakness(explanation) or f"maximum {explanation.raw_max:.2g} {method.unit}"
        start = f"{method.title} for {self.explained}{layer}; {how_strong}."
        return " ".join(part for part in (start, FAINT if explanation.is_weak else "", self._hit(), explanation.note) if part)

    def _hit(self) -> str:
        """How well the map meets the true opacity; empty where that is not known, or the map speaks of the healthy class."""
        explanation = self.reading.explanation
        if self.opacity is None or not explanation.class_id or explanation.is_empty or self.run.config.recipe.resize != "squash":
            return ""
        heat = resize_map(explanation.heatmap, *self.opacity.shape)
        lies = "lies inside" if pointing_game(heat, self.opacity) else "misses"
        return f"Its peak {lies} the true opacity (overlap {overlap(heat, self.opacity):.2f}; 1 is perfect)."


def factor(item: Shown, shown: Sequence[Shown], scale: str) -> float:
    """What a map is multiplied with before it is painted.

    By itself 1, less for a very weak map, which would look firm otherwise; else its maximum relative to the largest of its method's maps.
    """
    if scale != "shared":
        return item.reading.explanation.strength
    method, own = item.reading.explanation.method, item.reading.explanation.raw_max
    largest = max(_full(other) for other in shown if other.reading.explanation.method == method)
    return own / largest if largest > 0 else 1.0


def _full(item: Shown) -> float:
    """The magnitude that is painted in the strongest colour."""
    return item.reading.explanation.raw_max / (item.reading.explanation.strength or 1.0)

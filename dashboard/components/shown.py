"""What the grid shows: a reading with its run and title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.prediction import Prediction
from core.run import Run
from core.saliency import get_method
from core.saliency.heatmap import on_picture
from dashboard.components.map_viewer import Tile
from dashboard.components.reading import Reading


@dataclass(frozen=True)
class Said:
    """What a run says of the picture, under the run's letter and system."""

    label: str
    run: Run
    prediction: Prediction


@dataclass(frozen=True, eq=False)
class Shown:
    """A reading of the grid: `label` is the run's letter and system, `title` adds the method where there are several."""

    label: str
    title: str
    run: Run
    reading: Reading

    def settled(self, prediction: Prediction) -> Shown:
        """The same with a prediction that has its views."""
        return replace(self, reading=replace(self.reading, prediction=prediction))

    @property
    def explained(self) -> str:
        """The class that the map speaks of."""
        return self.run.config.class_names[self.reading.explanation.class_id]

    def on_picture(self, height: int, width: int) -> np.ndarray:
        """The part of the map that lies on a picture of this size: float32 in [0, 1]."""
        return on_picture(self.reading.explanation.heatmap, self.run.config.recipe.resize, height, width)

    def tile(self, height: int, width: int) -> Tile:
        """The reading as a tile of the grid."""
        explanation = self.reading.explanation
        method = get_method(explanation.method)
        alt = f"{method.title} of {self.label} for {self.explained}, laid over the picture"
        heatmap = self.on_picture(height, width)
        return Tile(self.title, self.caption, alt, heatmap, explanation.raw_max, method.unit, explanation.method)

    @property
    def caption(self) -> str:
        """How the map was made, and what it hides."""
        explanation = self.reading.explanation
        method = get_method(explanation.method)
        layer = f", layer {explanation.layer}" if explanation.layer else ""
        if explanation.is_empty:
            empty = f"the map is empty, nothing in the picture speaks for {self.explained}"
            return f"{method.title}{layer}: {empty}. Try another class or method."
        strongest = f"strongest {explanation.raw_max:.2g} {method.unit}"
        return f"{method.title} for {self.explained}{layer}; {strongest}; {explanation.milliseconds:,.0f} ms. {explanation.note}".strip()


def factor(item: Shown, shown: Sequence[Shown], scale: str) -> float:
    """A map's maximum relative to the largest of its method's maps; 1 where each map has its own scale."""
    if scale != "shared":
        return 1.0
    method, own = item.reading.explanation.method, item.reading.explanation.raw_max
    largest = max(other.reading.explanation.raw_max for other in shown if other.reading.explanation.method == method)
    return own / largest if largest > 0 else 1.0

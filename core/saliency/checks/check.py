"""What a check of a map is given, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from core.saliency.compiled_model import Probe
from core.saliency.explanation import as_heatmap
from core.saliency.method import Method

if TYPE_CHECKING:
    from core.parallel import Progress


Answer: TypeAlias = tuple[float | None, bool | None, str, pd.DataFrame]  # value, passed, sentence, curve


@dataclass(frozen=True, eq=False)
class Subject:
    """The map under test and all that is needed to compute it again.

    Attributes
    ----------
    probe : Probe
    image : ndarray of shape (height, width, 3), float32, in [0, 255]
    method : Method
    class_id : int
    layer : str or None
    heatmap : ndarray of shape (height, width), float32, in [0, 1]
    """

    probe: Probe
    image: np.ndarray
    method: Method
    class_id: int
    layer: str | None
    heatmap: np.ndarray

    def again(self, image: np.ndarray | None = None, probe: Probe | None = None, method: Method | None = None) -> np.ndarray:
        """The heatmap of another image, of other weights or by another method."""
        image, probe, method = (self.image if image is None else image), probe or self.probe, method or self.method
        layer = (self.layer or probe.layers[0]) if method.needs_layer else None
        return as_heatmap(method.raw_map(probe, image, self.class_id, layer, None).values, image)


@dataclass(frozen=True, eq=False)
class Check:
    """One check's answer.

    Attributes
    ----------
    key, title, reference : str
    value : float or None
        The check's number; None if it cannot be taken.
    unit : str
    passed : bool or None
        None if the map cannot be judged by it; the sentence says why.
    sentence : str
        The number in plain words.
    curve : DataFrame
        ``series`` (str), ``x`` and ``y`` (float): what to draw.
    kind : {"line", "bar"}
        A line for each series, or a bar for each with its ``y``.
    x_label, y_label : str
    """

    key: str
    title: str
    reference: str
    value: float | None
    unit: str
    passed: bool | None
    sentence: str
    curve: pd.DataFrame
    kind: str
    x_label: str
    y_label: str


@dataclass(frozen=True)
class Trial:
    """A check as registered.

    Attributes
    ----------
    key, title : str
    explanation : str
        One sentence: what is done to find out.
    reference : str
        The paper it comes from, or "PneumoLens".
    unit, kind, x_label, y_label : str
        As in `Check`.
    run : callable
        ``run(subject, progress) -> (value, passed, sentence, curve)``; ``progress(done, total)`` is never None.
    """

    key: str
    title: str
    explanation: str
    reference: str
    unit: str
    kind: str
    x_label: str
    y_label: str
    run: Callable[[Subject, Progress], Answer]

    def __call__(self, subject: Subject, progress: Progress) -> Check:
        """Run it on one map."""
        value, passed, sentence, curve = self.run(subject, progress)
        told = {name: getattr(self, name) for name in ("key", "title", "reference", "unit", "kind", "x_label", "y_label")}
        return Check(**told, value=value, passed=passed, sentence=sentence, curve=curve)


def table(**series: tuple[Sequence[float] | np.ndarray, Sequence[float] | np.ndarray] | float) -> pd.DataFrame:
    """The curve of a check: ``table(name=(x values, y values))``, or ``name=y`` for a bar."""
    parts = []
    for name, points in series.items():
        x, y = points if isinstance(points, tuple) else ([0.0], [points])
        parts.append(pd.DataFrame({"series": name, "x": np.asarray(x, float), "y": np.asarray(y, float)}))
    return pd.concat(parts, ignore_index=True)

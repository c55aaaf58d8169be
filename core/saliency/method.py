"""What a saliency method is: an entry of the registry and the arithmetic behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class RawMap(NamedTuple):
    """A map at its method's own resolution and magnitude.

    Attributes
    ----------
    values : ndarray of shape (h, w), float32
        Negative values speak against the class; most methods have none.
    note : str
        One sentence where the method took a shortcut; empty where it did not.
    """

    values: np.ndarray
    note: str = ""


@dataclass(frozen=True)
class Method:
    """One saliency method.

    Attributes
    ----------
    key : str
        Name on the command line and in links.
    title : str
        Name as people read it.
    reference : str
        The paper it implements.
    family : {"cam", "gradient", "perturbation"}
        What the map is made of: a layer's channels, the gradient at the input, or the scores of altered images.
    unit : str
        What one unit of the raw map is.
    raw_map : callable
        ``raw_map(probe, image, class_id, layer, progress)`` takes a `core.saliency.compiled_model.Probe`, a float32 image of shape
        (height, width, 3) in [0, 255], a class index, a layer name (None unless ``needs_layer``) and None or a callable
        of (done, total); it returns a `RawMap`.
    needs_layer : bool
        Whether the map is made of one layer's channels.
    asks : tuple of str
        The probe's functions that the map calls, so that they can be compiled ahead.
    adds_up : bool
        Whether cells add up, so that a map moves the score by no more than its maximum times its cells; else by its maximum.
    weak : float
        Below this the whole map is very weak, in the unit of one cell: rounding noise scaled to its own maximum would look firm.
    """

    key: str
    title: str
    reference: str
    family: str
    unit: str
    raw_map: Callable[..., RawMap]
    needs_layer: bool = False
    asks: tuple[str, ...] = ()
    adds_up: bool = True
    weak: float = 0.25  # of a logit, which moves a probability by 6 points at most

    def strength(self, raw: np.ndarray) -> float:
        """How strong a raw map is against `weak`: in [0, 1], and 1 from that limit on.

        Parameters
        ----------
        raw : ndarray of shape (h, w), float
        """
        most = max(float(raw.max()), 0.0) * (raw.size if self.adds_up else 1)
        return min(1.0, most / self.weak)

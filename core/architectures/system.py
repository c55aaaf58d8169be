"""What a registered system is: an architecture with its metadata and its recipe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from core.config import Recipe
from core.errors import InputError

if TYPE_CHECKING:
    import keras


CONTINUED = "cnn1"  # what some systems start from


@dataclass(frozen=True)
class Variant:
    """A system for a number of classes.

    Attributes
    ----------
    n_classes : int
    params_total, params_trainable : int or None
        Exact; a test builds the model and counts. None for a backbone that is not registered.
    recipe : Recipe
    published : dict
        Figures that the write-up reports on the official test images, as fractions, and ``note``.
    why : str
        In a line, why our figures differ from the published ones.
    """

    n_classes: int
    params_total: int | None
    params_trainable: int | None
    recipe: Recipe
    published: dict = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class System:
    """One published system, or one of ours.

    Attributes
    ----------
    key, title, source : str
        `source` names the write-up.
    image_size : int
        Side of the input in pixels.
    body : callable
        ``body(x) -> features``: Keras tensor of shape (batch, side, side, 3) in [0, 255] to the input of ``logits``.
    variants : tuple of Variant
    activation : {"softmax", "sigmoid"}
    start : {"scratch", "cnn1", "vgg16", "inception_v3", "mobilenet_v2"} or str
        What the weights start from: chance, a trained CNN_1, or an ImageNet backbone, also any name in `keras.applications`.
    is_study : bool
        Whether it serves experiments alone, so that tables of results leave it out.
    """

    key: str
    title: str
    source: str
    image_size: int
    body: Callable
    variants: tuple[Variant, ...]
    activation: Literal["softmax", "sigmoid"] = "softmax"
    start: str = "scratch"
    is_study: bool = False

    @property
    def continues(self) -> bool:
        """Whether it starts from a trained CNN_1."""
        return self.start == CONTINUED

    @property
    def pretrained(self) -> bool:
        """Whether it starts from ImageNet weights."""
        return self.start not in ("scratch", CONTINUED)

    def variant(self, n_classes: int | None = None) -> Variant:
        """The variant for a number of classes; the first one if None.

        Raises
        ------
        InputError
            If the write-up has no such variant.
        """
        for variant in self.variants:
            if n_classes in (None, variant.n_classes):
                return variant
        known = " or ".join(str(v.n_classes) for v in self.variants)
        raise InputError(f"The system {self.key!r} is defined for {known} classes; received {n_classes}.")

    def build(self, n_classes: int | None = None) -> keras.Model:
        """Build the untrained model: flat, from intensities in [0, 255] to ``logits`` and float32 ``probabilities``.

        Parameters
        ----------
        n_classes : int, optional

        Returns
        -------
        keras.Model
            Input (side, side, 3); output (n_classes,) for softmax, (1,) for sigmoid: the probability of class 1.
        """
        import keras  # kept out of module scope: pages list systems without loading TensorFlow

        n_classes = self.variant(n_classes).n_classes
        inputs = keras.Input((self.image_size, self.image_size, 3), name="image")
        features = self.body(inputs)
        units = 1 if self.activation == "sigmoid" else n_classes
        logits = keras.layers.Dense(units, name="logits")(features)
        outputs = keras.layers.Activation(self.activation, dtype="float32", name="probabilities")(logits)
        return keras.Model(inputs, outputs, name=self.key)

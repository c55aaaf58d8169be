"""A model from elsewhere made like those here: square RGB pictures in [0, 255] in, ``logits`` and ``probabilities`` at the end, flat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np

from core.errors import InputError
from core.external.agreement import check_same, looks_like_probabilities, original_scores, trial_arrays
from core.external.head import Ending, find_ending, with_head
from core.external.inputs import Picture, fed
from core.external.order import Order, order_of
from core.model_files.bounds import must_be_probabilities
from core.model_files.flattening import Names, inline

BEFORE = ("image", "intensities", "blue_first", "fitted", "grey")  # names of layers added before the model's own
AFTER = ("class_order", "logits", "probabilities", "two_logits", "reference_pooling", "reference_features")  # and after them
SCALING = ("Rescaling", "Normalization", "Divide", "TrueDivide")
OUTPUTS = ("auto", "probabilities", "logits")


@dataclass(frozen=True, eq=False)
class Converted:
    """A model from elsewhere, taken apart.

    Attributes
    ----------
    core : keras.Model
        Flat; takes what the original takes, on the scale that it was trained on; ends as all models here do.
    picture : Picture
        What the original takes.
    order : Order
        The class names of the run, and which output each is.
    notes : tuple of str
        What had to be assumed or changed, a sentence each.
    params_total, params_trainable : int
        Of the original, in which one layer may be called in several places.
    """

    core: keras.Model
    picture: Picture
    order: Order
    notes: tuple[str, ...]
    params_total: int
    params_trainable: int

    def on_scale(self, scale: str) -> keras.Model:
        """The model that is stored: from square pictures in [0, 255], which it scales and fits itself."""
        if scale == "0-255" and self.picture.is_plain:
            return self.core
        image = keras.Input((self.picture.side, self.picture.side, 3), name="image")
        names = Names(BEFORE)
        return keras.Model(image, inline(self.core, fed(image, scale, self.picture), names), name=self.core.name)


def converted(
    model: keras.Model,
    schemes: Sequence[tuple[str, ...]],
    classes: Sequence[str] | None = None,
    side: int | None = None,
    outputs: str = "auto",
    from_logits: bool = False,
) -> Converted:
    """Take a model apart and put it together as the rest of the project expects one, with the same weights.

    Parameters
    ----------
    model : keras.Model
    schemes : sequence of tuple of str
        The class names that a run may have.
    classes : sequence of str, optional
        In the order of the model's outputs; of one output, its 0 and its 1. The scheme's own order if None.
    side : int, optional
        Of the pictures, for a model that takes any size.
    outputs : {"auto", "probabilities", "logits"}
        What the model gives; ``auto`` goes by its last layer and by the loss that it was trained with.
    from_logits : bool
        Whether that loss says that the model gives logits.

    Returns
    -------
    Converted

    Raises
    ------
    InputError
        If its input or its outputs are of another kind, or the copy does not give the same scores.
    """
    if outputs not in OUTPUTS:
        raise InputError(f"Outputs are one of {', '.join(OUTPUTS)}; received {outputs!r}.")
    picture = Picture.of(model, side)
    inputs = keras.Input(picture.shape, name="image")
    ending = find_ending(_inlined(model, inputs, picture))
    arrays = trial_arrays(picture.shape)
    expected = original_scores(model, arrays)
    order = order_of(ending.n_scores, schemes, classes)
    activation = _activation(ending, outputs, from_logits, expected)
    core = keras.Model(inputs, with_head(ending, activation, order.outputs, order.negated), name=model.name)
    check_same(core, arrays, expected, order, activation if _gives_logits(ending, activation) else "", model)
    notes = [
        *picture.notes,
        *_note_of_scaling(core),
        *_note_of_outputs(ending, activation, outputs),
        *_note_of_range(ending, activation),
        *_note_of_precision(model),
        order.note,
    ]
    trainable = int(sum(np.prod(weight.shape) for weight in model.trainable_weights))
    return Converted(core, picture, order, tuple(notes), model.count_params(), trainable)


def _inlined(model: keras.Model, inputs: keras.KerasTensor, picture: Picture) -> keras.KerasTensor:
    try:
        answer = inline(model, inputs, Names((*BEFORE, *AFTER)))
    except ValueError as error:  # such as a picture too small for its layers
        raise InputError(f"The model cannot take pictures of {picture}: {' '.join(str(error).split())[:160]}") from None
    (output,) = keras.tree.flatten(answer)
    return output


def _activation(ending: Ending, outputs: str, from_logits: bool, expected: np.ndarray) -> str:
    """What makes an ending's scores probabilities; raises InputError where nothing does."""
    n, whole = ending.n_scores, "softmax" if ending.n_scores > 1 else "sigmoid"
    if ending.activation:
        _check_activation(ending.activation, n, outputs)
        return ending.activation
    if outputs == "logits" or (outputs == "auto" and from_logits):
        return whole
    fitting = looks_like_probabilities(expected)
    if fitting and (outputs == "probabilities" or must_be_probabilities(ending.scores)):
        return "given"
    raise InputError(_no_probabilities(ending, expected, whole, fitting))


def _no_probabilities(ending: Ending, expected: np.ndarray, whole: str, fitting: bool) -> str:
    """Why scores are not taken for probabilities; those that lie from 0 to 1 on a few pictures may leave it on the next."""
    least, most, name = expected.min(), expected.max(), _name_of(ending)
    found = f"it gives scores from {least:.3g} to {most:.3g}" + (" for trial pictures, and may give any other" if fitting else "")
    on_page = "; “Its scores are” on the page"
    ways = [f"If these are logits (from_logits=True in its loss), say so (--outputs logits{on_page})"] * (name == "linear")
    ways += [f"if they were trained as probabilities, say so (--outputs probabilities{on_page})"] * fitting
    ways.append(f"{'else ' if ways else ''}end it in a {whole}")
    advice = "; ".join(ways)
    return f"The model ends in {ending.n_scores} × {name}, no probabilities: {found}. {advice[0].upper()}{advice[1:]}."


def _check_activation(activation: str, n: int, outputs: str) -> None:
    if outputs == "logits":
        raise InputError(f"The model ends in a {activation}, so it gives no logits; say probabilities instead (no --outputs logits).")
    if activation == "softmax" and n == 1:
        raise InputError("The model ends in a softmax over one output, which is always 1; end it in one sigmoid, or in a softmax over two.")
    if activation == "sigmoid" and n > 1:
        raise InputError(
            f"The model ends in {n} × sigmoid, which need not add up to 1: it judges each class by itself. End it in a softmax or in one "
            "sigmoid, or divide its scores by their sum: "
            "p = model.outputs[0]; keras.Model(model.inputs, p / keras.ops.sum(p, -1, keepdims=True)).save('name.keras')"
        )


def _gives_logits(ending: Ending, activation: str) -> bool:
    return not ending.activation and activation != "given"


def _name_of(ending: Ending) -> str:
    """How an ending without softmax or sigmoid is called: by its activation, or by its kind of layer."""
    operation = ending.scores._keras_history.operation
    return getattr(getattr(operation, "activation", None), "__name__", "") or type(operation).__name__


def _note_of_outputs(ending: Ending, activation: str, outputs: str) -> list[str]:
    if not _gives_logits(ending, activation):
        return []
    why = "as was said" if outputs == "logits" else "as the loss says that it was trained with"
    return [f"The model gives logits, {why}; the stored copy ends in a {activation}."]


def _note_of_range(ending: Ending, activation: str) -> list[str]:
    if activation != "given" or must_be_probabilities(ending.scores):
        return []
    return [
        f"Its scores are taken for probabilities, as was said, though its end ({_name_of(ending)}) may leave 0 to 1: those are cut off."
    ]


def _note_of_scaling(core: keras.Model) -> list[str]:
    for operation in core.operations:
        if getattr(operation, "weights", ()) and not isinstance(operation, keras.layers.Normalization):
            break
        if type(operation).__name__ in SCALING:
            return [f"The model scales intensities itself, in its layer {operation.name!r}; pictures as stored, 0 to 255, are then right."]
    return []


def _note_of_precision(model: keras.Model) -> list[str]:
    policies = sorted({layer.dtype_policy.name for layer in model.layers if layer.weights} - {"float32"})
    return [f"The model was saved in {' and '.join(policies)}; the stored copy computes in float32."] if policies else []

"""A model whose parts are models, as one graph of layers with a name each: what maps, features and checks need to reach inside."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import count
from typing import TypeAlias

import keras

from core.errors import InputError

Nest: TypeAlias = keras.KerasTensor | list | tuple | dict  # one tensor, or a nest of them


class Names:
    """Gives each layer a name of its own, the one it has where that is free.

    Parameters
    ----------
    taken : iterable of str
        Names that no layer may have.
    first : iterable of keras.Operation
        Keep their names whatever comes before them.
    """

    def __init__(self, taken: Iterable[str] = (), first: Iterable[keras.Operation] = ()) -> None:
        self._first = {id(operation): operation.name for operation in first}
        self._taken = {*taken, *self._first.values()}

    def __call__(self, operation: keras.Operation) -> str:
        """A layer's name, or that with a number behind it where it is taken."""
        if kept := self._first.pop(id(operation), None):
            return kept
        name = operation.name.replace("/", "_")
        free = next(candidate for n in count(1) if (candidate := name if n == 1 else f"{name}_{n}") not in self._taken)
        self._taken.add(free)
        return free


def is_nested(model: keras.Model) -> bool:
    """Whether some layer of a model is itself a model.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    bool
    """
    return any(isinstance(layer, keras.Model) for layer in model.layers)


def flattened(model: keras.Model) -> keras.Model:
    """The same model as one flat graph of new layers that compute in float32.

    Parameters
    ----------
    model : keras.Model
        Functional or Sequential, with one input of a known shape.

    Returns
    -------
    keras.Model
        Functional. The model's own layers keep their names, those inside others where these are free; a layer that is called in
        several places becomes several.
    """
    inputs = keras.Input(model.inputs[0].shape[1:], name=model.inputs[0].name)
    return keras.Model(inputs, inline(model, inputs, Names([inputs.name], model.layers)), name=model.name)


def inline(model: keras.Model, tensors: Nest, names: Names) -> Nest:
    """Call copies of a model's layers on symbolic tensors, and of those of the models among them.

    Parameters
    ----------
    model : keras.Model
    tensors : KerasTensor or nest of them
        What the model receives.
    names : Names

    Returns
    -------
    KerasTensor or nest of them

    Raises
    ------
    InputError
        If a layer cannot be copied.
    """
    if isinstance(model, keras.Sequential):
        for layer in model.layers:
            tensors = _call(layer, names, tensors)
        return tensors
    answer = model._run_through_graph(tensors, operation_fn=lambda operation: partial(_call, operation, names))
    return answer[0] if isinstance(answer, list | tuple) and len(answer) == 1 else answer


def _call(operation: keras.Operation, names: Names, *args: Nest, **kwargs: object) -> Nest:
    kwargs.pop("training", None)  # whoever calls the whole says it, and never asks for training
    if isinstance(operation, keras.Model):
        return inline(operation, args[0] if args else kwargs, names)
    try:
        return call_copy(operation, names(operation), *args, **kwargs)
    except InputError:
        raise
    except Exception as error:  # a layer of its own kind may fail in its own way
        kind, reason = type(operation).__name__, " ".join(str(error).split())[:160]
        raise InputError(f"The model's layer {operation.name!r} ({kind}) cannot be taken out of the model: {reason}") from None


def call_copy(operation: keras.Operation, name: str, *args: Nest, **changed: object) -> Nest:
    """Call a copy of a layer with the same weights under another name.

    Parameters
    ----------
    operation : keras.Operation
    name : str
    *args
        What it is called on.
    **changed
        Further arguments of the call.
    """
    copy = copy_of(operation, name)
    answer = copy(*args, **changed)
    put_weights(copy, operation.get_weights() if isinstance(operation, keras.Layer) else [])
    return answer


def copy_of(operation: keras.Operation, name: str, **changed: object) -> keras.Operation:
    """A new layer of the same configuration, but for its name, its arithmetic and what `changed` says; without weights yet.

    Parameters
    ----------
    operation : keras.Operation
    name : str
        Of the new layer.
    **changed

    Returns
    -------
    keras.Operation
    """
    config = operation.get_config()
    if isinstance(operation, keras.Layer):
        return type(operation).from_config(config | {"name": name, "dtype": "float32"} | changed)
    copy = type(operation).from_config(config)
    copy.name = name  # few operations take a name when they are made
    return copy


def put_weights(layer: keras.Layer, weights: list) -> None:
    """Give a layer that has been called its weights.

    Parameters
    ----------
    layer : keras.Layer
    weights : list
    """
    if weights:
        layer.set_weights(weights)
    for part in layer._flatten_layers() if isinstance(layer, keras.Layer) else ():
        if isinstance(part, keras.layers.Normalization):
            part.finalize_state()  # it computes with what it derives from its weights

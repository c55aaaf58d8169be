"""Layers of HDF5 files that Keras 2 wrote: arguments that Keras 3 refuses are left out where they say nothing."""

from __future__ import annotations

import keras

from core.errors import InputError

# by layer: what Keras 2 wrote into every file, and the value that changes nothing; any value will do where it is ...
SAID_NOTHING: dict[str, dict[str, object]] = {
    "DepthwiseConv2D": {"groups": 1},
    "SeparableConv2D": {"groups": 1, "kernel_initializer": ..., "kernel_regularizer": None, "kernel_constraint": None},
    "Conv2DTranspose": {"groups": 1},
    "LSTM": {"time_major": False, "implementation": ...},
    "GRU": {"time_major": False, "implementation": ...},
}


class _Reader:
    """What the old loader takes for a layer class: it makes the layer of Keras 3."""

    def __init__(self, name: str) -> None:
        self.name = name

    def from_config(self, config: dict) -> keras.Layer:
        """The layer, without the arguments that say nothing; raises InputError where one of them says something."""
        config, kind = dict(config), getattr(keras.layers, self.name)
        for argument, value in SAID_NOTHING[self.name].items():
            found = config.pop(argument, value)
            if value is not ... and found != value:
                raise InputError(f"the layer {config.get('name')!r} has {argument}={found!r}, which Keras 3 does not know")
        return kind.from_config(config)


def readers() -> dict[str, _Reader]:
    """Stand-ins for the layers that need it, by name, as `keras.models.load_model` takes ``custom_objects`` for an HDF5 file."""
    return {name: _Reader(name) for name in SAID_NOTHING}

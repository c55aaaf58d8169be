"""Tiny networks in the shapes that people bring: nested, one-channel, oblong, of any size, without a Dense layer at the end."""

from __future__ import annotations

import keras

SIDE = 24


def backbone(shape=(SIDE, SIDE, 3), name="backbone"):
    """Two convolutions, the inner names as common as can be."""
    inputs = keras.Input(shape, name="image")
    x = keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="conv1")(inputs)
    x = keras.layers.BatchNormalization(name="logits")(x)
    x = keras.layers.MaxPooling2D(name="pool1")(x)
    return keras.Model(inputs, keras.layers.Conv2D(6, 3, padding="same", activation="relu", name="conv2")(x), name=name)


def head(units=2, activation="softmax", flatten=False):
    """Pooling or Flatten, and one Dense layer."""
    first = keras.layers.Flatten() if flatten else keras.layers.GlobalAveragePooling2D()
    return [first, keras.layers.Dropout(0.3), keras.layers.Dense(units, activation, name="probabilities")]


def sequential(*layers, shape=(SIDE, SIDE, 3)):
    return keras.Sequential([keras.Input(shape), *layers])


def nested():
    """As the Keras tutorial on transfer learning builds it: augmentation, scaling and a frozen backbone, called in inference mode."""
    augmentation = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.2)])
    base, inputs = backbone(), keras.Input((SIDE, SIDE, 3))
    base.trainable = False
    x = base(keras.layers.Rescaling(1 / 127.5, -1)(augmentation(inputs)), training=False)
    for layer in head():
        x = layer(x)
    return keras.Model(inputs, x)


def nested_twice():
    """A model in a model in a model, Flatten, and a head that is a model as well."""
    inner = keras.Sequential([keras.Input((SIDE, SIDE, 3)), backbone(), keras.layers.MaxPooling2D(name="pool2")])
    return sequential(inner, keras.Sequential(head(1, "sigmoid", flatten=True)))


def shared():
    """One backbone called on the picture and on its mirror image; bare operations between."""
    base, inputs = backbone(), keras.Input((SIDE, SIDE, 3))
    both = keras.ops.maximum(base(inputs / 255.0), base(keras.ops.flip(inputs, axis=2) / 255.0))
    for layer in head(3):
        both = layer(both)
    return keras.Model(inputs, both)


def without_dense():
    """Maps of the classes, averaged, then a softmax."""
    class_maps = keras.layers.Conv2D(2, 1, name="class_maps")
    return sequential(backbone(), class_maps, keras.layers.GlobalAveragePooling2D(), keras.layers.Softmax())


def average():
    """The mean of the probabilities of two networks."""
    inputs = keras.Input((SIDE, SIDE, 3))
    members = [sequential(backbone(name=f"member{i}"), *head()) for i in range(2)]
    return keras.Model(inputs, keras.layers.Average()([member(inputs) for member in members]))


def one_channel():
    return sequential(backbone((SIDE, SIDE, 1)), *head(), shape=(SIDE, SIDE, 1))


def oblong():
    return sequential(backbone((16, SIDE, 3)), *head(flatten=True), shape=(16, SIDE, 3))


def any_size():
    return sequential(backbone((None, None, 3)), *head(), shape=(None, None, 3))


def half_precision():
    """In mixed float16, its last activation in float32."""
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        return sequential(backbone(), *head(2, None), keras.layers.Activation("softmax", dtype="float32"))
    finally:
        keras.config.set_dtype_policy(policy)


def without_maps():
    """Nothing spatial but the picture itself."""
    return sequential(keras.layers.Flatten(), keras.layers.Dense(4, "relu"), keras.layers.Dense(2, "softmax"))


MODELS = {
    build.__name__: build
    for build in (
        nested, nested_twice, shared, without_dense, average, one_channel, oblong, any_size, half_precision, without_maps,
    )
}  # fmt: skip


def built(kind: str) -> keras.Model:
    """A network of one kind with weights drawn anew, the same each time."""
    keras.utils.set_random_seed(5)
    return MODELS[kind]()

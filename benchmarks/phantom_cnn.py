"""Phantoms whose opacity is known, and a small CNN trained on them in half a minute: shared with the tests."""

from __future__ import annotations

import numpy as np

SIZE = 96
CELL = SIZE // 12  # three poolings leave a 12 x 12 map
BATCH_SIZE, EPOCHS = 16, 8


def draw(rng: np.random.Generator, n_images: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Normal and bacterial phantoms in turn: images, opacity masks, labels."""
    from core.datasets.phantom.write import radiograph

    findings = ("normal", "bacterial")
    phantoms = [radiograph(rng, findings[i % 2], SIZE) for i in range(n_images)]
    return np.stack([p.image for p in phantoms]), np.stack([p.mask for p in phantoms]), np.arange(n_images) % 2


def as_rgb(images: np.ndarray) -> np.ndarray:
    return np.repeat(images[..., np.newaxis], 3, axis=-1).astype(np.float32)


def small_cnn():
    """Four blocks and global average pooling, so that the logit is the mean of the map Grad-CAM draws."""
    import keras

    inputs = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Rescaling(1 / 255)(inputs)
    for block, filters in enumerate((8, 16, 32, 32)):
        x = keras.layers.MaxPooling2D()(x) if block else x
        x = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = keras.layers.ReLU()(keras.layers.BatchNormalization(momentum=0.8)(x))
    logits = keras.layers.Dense(2, name="logits")(keras.layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, keras.layers.Softmax(name="probabilities")(logits))


def train(images: np.ndarray, y_true: np.ndarray, seed: int, epochs: int = EPOCHS):
    """The CNN, trained on the images and their mirror images."""
    import keras

    keras.utils.set_random_seed(seed)
    images, y_true = np.concatenate([images, images[:, :, ::-1]]), np.concatenate([y_true, y_true])
    model = small_cnn()
    rate = keras.optimizers.schedules.CosineDecay(3e-3, epochs * len(images) // BATCH_SIZE)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    model.fit(as_rgb(images), y_true, BATCH_SIZE, epochs, verbose=0)
    return model


def trained(seed: int = 0, n_train: int = 400, n_test: int = 160):
    """A trained CNN and the fresh bacterial phantoms that it recognises.

    Returns
    -------
    model : keras.Model
    images : ndarray of shape (n, SIZE, SIZE), uint8
    masks : ndarray of shape (n, SIZE, SIZE), bool
    """
    rng = np.random.default_rng(seed)
    images, _, y_true = draw(rng, n_train)
    model = train(images, y_true, seed)
    images, masks, y_true = draw(rng, n_test)
    y_pred = model.predict(as_rgb(images), verbose=0).argmax(axis=1)
    right = (y_true == 1) & (y_pred == 1)
    return model, images[right], masks[right]

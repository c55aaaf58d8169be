"""Pretrained weights: a local folder first, then Keras's own download; never random weights in silence."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError
from core.files.paths import typed_path

if TYPE_CHECKING:
    import keras

    from core.architectures.system import System
    from core.config import Recipe

ORIGIN = "https://storage.googleapis.com/tensorflow/keras-applications/"


@dataclass(frozen=True)
class WeightFile:
    """An ImageNet weight file of `keras.applications`, without its top.

    Attributes
    ----------
    name : str
    folder : str
        Below `ORIGIN`.
    md5 : str or None
    also : str
        Pattern of other names that a local folder may hold it under.
    """

    name: str
    folder: str
    md5: str | None
    also: str = ""

    @property
    def url(self) -> str:
        """Where Keras downloads it from."""
        return f"{ORIGIN}{self.folder}/{self.name}"


WEIGHT_FILES = {
    "vgg16": WeightFile("vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5", "vgg16", "6d6bbae143d832006294945121d1f1fc"),
    "inception_v3": WeightFile(
        "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5", "inception_v3", "bcbd6486424b2319ff4ef7d526e38f63"
    ),
    "mobilenet_v2": WeightFile(
        "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5", "mobilenet_v2", None, "mobilenet_v2_1.0_*notop*.h5"
    ),
}
APPLICATIONS = {"vgg16": "VGG16", "inception_v3": "InceptionV3", "mobilenet_v2": "MobileNetV2"}


def find_weights(backbone: str) -> Path | str:
    """The weight file of a backbone, from ``PNEUMOLENS_WEIGHTS`` or by download into Keras's cache.

    Returns
    -------
    Path or str
        ``imagenet`` for a backbone whose files only Keras itself knows.

    Raises
    ------
    InputError
        If neither works; it names the file, its address and where to put it.
    """
    if local := _local(backbone):
        return local
    import keras

    file = WEIGHT_FILES.get(backbone)
    try:
        if file:
            return Path(keras.utils.get_file(file.name, file.url, cache_subdir="models", file_hash=file.md5))
        getattr(keras.applications, backbone)(include_top=False, weights="imagenet")
        return "imagenet"
    except Exception as error:  # get_file raises plain Exception, ValueError or URLError
        raise InputError(
            f"The pretrained weights {file.name if file else f'of {backbone}'} are not here and could not be downloaded "
            f"({_reason(error)}): get them from {file.url if file else ORIGIN}, put them into a folder and set PNEUMOLENS_WEIGHTS to it; "
            "or pass --set weights=none to start from random weights."
        ) from None


def weights_at_hand(backbone: str) -> Path | None:
    """The weight file of a backbone where nothing has to be downloaded: in the user's folder, or in Keras's cache; else None.

    Parameters
    ----------
    backbone : str
        Key of a backbone, such as ``mobilenet_v2``.

    Returns
    -------
    Path or None
    """
    if local := _local(backbone):
        return local
    file = WEIGHT_FILES.get(backbone)
    cached = file and typed_path(os.environ.get("KERAS_HOME") or "~/.keras") / "models" / file.name
    return cached if cached and cached.is_file() else None


def _local(backbone: str) -> Path | None:
    """The backbone's file in the user's folder of weights, under its published name or another known one."""
    folder = typed_path(os.environ.get("PNEUMOLENS_WEIGHTS") or "/nowhere")
    file = WEIGHT_FILES.get(backbone) or WeightFile("", "", None, f"{backbone.lower()}_*no*top*.h5")
    matches = sorted(folder.glob(file.also)) if file.also else []
    return next((path for path in (folder / file.name, *matches) if path.is_file()), None)


def require_weights(system: System, recipe: Recipe) -> None:
    """Raise InputError at once, before any work, if a training would need weights that cannot be had.

    Parameters
    ----------
    system : System
    recipe : Recipe
    """
    if system.pretrained and recipe.weights == "imagenet":
        find_weights(system.start)


def load_backbone(model: keras.Model, backbone: str) -> None:
    """Load ImageNet weights into the backbone layers of a flat model, in place.

    Parameters
    ----------
    model : keras.Model
    backbone : str
        Key of a backbone, such as ``mobilenet_v2``.

    Raises
    ------
    InputError
        If the file cannot be had or does not fit.
    """
    import keras

    path = find_weights(backbone)
    application = getattr(keras.applications, APPLICATIONS.get(backbone, backbone))
    try:
        source = application(include_top=False, weights=str(path), input_shape=model.input_shape[1:])
    except (OSError, ValueError) as error:
        raise InputError(f"The weight file {Path(path).name} cannot be loaded ({_reason(error)}); download it again.") from None
    # Both graphs list the backbone's weighted layers in the same order; names of unnamed layers may differ.
    start = [layer for layer in model.layers if layer.weights]
    for target, layer in zip(start, (layer for layer in source.layers if layer.weights), strict=False):
        target.set_weights(layer.get_weights())


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__

"""What a model file says of itself before anything of it is built: its version, its layers, and code that it would need. No Keras."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from core.files.archives import open_zip
from core.files.regular import open_regular, read_regular
from core.model_files.kinds import INSTEAD, KERAS, python_line

LARGEST = 8 * 2**20  # bytes of a configuration; those of the largest known models have two million
CODE = ("Lambda", "__lambda__")
OPERATIONS = ("TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer", "ClassMethod", "InstanceMethod")  # what Keras 2 made of bare operations
FOREIGN = ("TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer")
QUANTISED = ("QuantizedDTypePolicy", "QuantizedFloat8DTypePolicy", "GPTQDTypePolicy", "Int4DTypePolicy")


@dataclass(frozen=True)
class Contents:
    """A model file's own words.

    Attributes
    ----------
    config : dict
        Of the model: ``class_name, config``.
    version : str
        Of the Keras that saved it; empty if it does not say.
    from_logits : bool
        Whether the loss that it was trained with takes logits.
    """

    config: dict
    version: str
    from_logits: bool


def read_contents(path: Path, kind: str) -> Contents:
    """Read what a model file says of itself; raises InputError if it says nothing readable.

    Parameters
    ----------
    path : Path
    kind : {KERAS, HDF5}
        From `core.model_files.kinds.readable_kind`.
    """
    try:
        return _of_keras(path) if kind == KERAS else _of_hdf5(path)
    except InputError:
        raise
    except (OSError, ValueError, KeyError, RuntimeError, RecursionError, zipfile.BadZipFile, AttributeError, TypeError):
        raise unreadable(path.name) from None


def unreadable(name: str) -> InputError:
    """The error about a file of this name that says nothing of its model that can be understood."""
    return InputError(
        f"{name!r} is broken or was cut short: its description of the model cannot be read; copy it again, "
        "or save the model anew with model.save('name.keras')."
    )


def check_contents(contents: Contents, name: str) -> None:
    """Raise InputError, naming what and where, if a model needs code that is not run here, or another version of Keras.

    Parameters
    ----------
    contents : Contents
    name : str
        Of the file.
    """
    parts = list(_parts(contents.config))
    operations = [part for part in parts if part["class_name"] in OPERATIONS]
    if operations:
        raise InputError(_operations(name, contents.version, operations))
    if (contents.config.get("module") or "").startswith("keras.src.engine") or _is_of_keras_2(contents):
        raise InputError(_keras_2(name, contents.version))
    for part in parts:
        _check_part(part, name)


def _of_keras(path: Path) -> Contents:
    if path.is_dir():
        config, metadata = (json.loads(read_regular(path / part, LARGEST)) for part in ("config.json", "metadata.json"))
    else:
        with open_regular(path) as file, open_zip(file) as archive:
            if max(archive.getinfo(part).file_size for part in ("config.json", "metadata.json")) > LARGEST:
                raise ValueError("too large to be a configuration")
            config, metadata = (json.loads(archive.read(part)) for part in ("config.json", "metadata.json"))
    compiled = config.pop("compile_config", None)  # a loss or a metric of one's own is not needed to ask the model
    return Contents(config, str(metadata.get("keras_version", "")), _takes_logits(compiled))


def _of_hdf5(path: Path) -> Contents:
    import h5py

    with h5py.File(path, "r") as file:
        if "model_config" not in file.attrs:
            raise InputError(
                f"{path.name!r} holds weights without their model. Build the model as you trained it, then: "
                f"model.load_weights('{path.name}'); model.save('name.keras'); and import that."
            )
        config, training, version = (_text(file.attrs.get(part)) for part in ("model_config", "training_config", "keras_version"))
    return Contents(json.loads(config), version, _takes_logits(json.loads(training) if training else None))


def _text(value: object) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value or "")


def _takes_logits(compiled: object) -> bool:
    losses = _parts(compiled.get("loss")) if isinstance(compiled, dict) else ()
    return any(bool(loss["config"].get("from_logits")) for loss in losses if isinstance(loss.get("config"), dict))


def _is_of_keras_2(contents: Contents) -> bool:
    """A .keras file of Keras 2; its HDF5 files can be read."""
    return contents.version.split(".")[0] in ("1", "2") and "registered_name" in contents.config


def _parts(config: object) -> Iterator[dict]:
    """Every serialised object in a configuration, however deep."""
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("class_name"), str):
                yield value
            waiting += reversed(list(value.values()))
        elif isinstance(value, list):
            waiting += reversed(value)


def _check_part(part: dict, name: str) -> None:
    kind, called = part["class_name"], _called(part)
    if kind in CODE:
        raise InputError(
            f"{name!r} has the Lambda layer {called!r}, and code inside a model is not run here. Build the model with layers instead "
            f"(Rescaling for scaling, Resizing for sizes) and save it again; {INSTEAD}."
        )
    if kind in FOREIGN:
        raise InputError(f"{name!r} has the layer {called!r} ({kind}), which runs a program from elsewhere; {INSTEAD[3:]}.")
    if kind in QUANTISED or (isinstance(part.get("config"), dict) and part["config"].get("quantization_config")):
        raise InputError(f"{name!r} is quantised, which has no gradients to explain; save the model as it was before that; {INSTEAD}.")
    registered, module = part.get("registered_name"), part.get("module")
    if (registered and ">" in str(registered)) or (module and str(module).split(".")[0] not in ("keras", "builtins")):
        of = str(module or registered).split(">")[0]
        raise InputError(
            f"{name!r} needs the class {kind!r} ({of}), whose code is not part of Keras and is not run here; build the model with "
            f"layers of Keras and save it again; {INSTEAD}."
        )


def _called(part: dict) -> str:
    config = part.get("config")
    return str(part.get("name") or (config.get("name") if isinstance(config, dict) else "") or part["class_name"])


def _saved_by(name: str, version: str) -> str:
    return f"{name!r} was saved by Keras {version or '2'}" + (" (its metadata.json says so)" if version else "")


def _keras_2(name: str, version: str) -> str:
    package, module, where = _tools(version)
    stem = Path(name).stem
    lines = f"import {package}; {module}.models.load_model('{name}', compile=False).save('{stem}.h5')"
    return (
        f"{_saved_by(name, version)}, and this Keras reads version 3 of that format. {where}, convert it: "
        f"{python_line(lines)}; then import {stem}.h5."
    )


def _operations(name: str, version: str, operations: list[dict]) -> str:
    """Operations in the graph of Keras 2, which mostly are a `preprocess_input` inside the model."""
    package, module, where = _tools(version)
    stem = Path(name).stem
    names = ", ".join(dict.fromkeys(_called(part) for part in operations[:4]))
    lines = (
        f"import {package}; m = {module}.models.load_model('{name}', compile=False); x = y = {module}.Input(m.input_shape[1:]); "
        f"[y := layer(y) for layer in m.layers[1:] if 'OpLambda' not in type(layer).__name__]; {module}.Model(x, y).save('{stem}.h5')"
    )
    return (
        f"{_saved_by(name, version)}, with bare operations ({names}; {operations[0]['class_name']}) that Keras 3 does not know: mostly the "
        f"preprocess_input of a pretrained model. {where}, leave them out: {python_line(lines)}; then import {stem}.h5 with "
        "--scale caffe, torch or tf for what they did."
    )


def _tools(version: str) -> tuple[str, str, str]:
    """What to import, what Keras is called in it, and where it is installed, for a version of Keras 2."""
    minor = version.split(".")[1] if version.startswith("2.") else ""
    if minor.isdigit() and int(minor) <= 15:
        return "tensorflow as tf", "tf.keras", f"Where TensorFlow 2.{minor} is installed"
    return "tf_keras", "tf_keras", "After pip install tf_keras"

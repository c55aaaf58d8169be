"""What hardware a run gets: memory growth, several GPUs on one host, and the arithmetic that it knows natively."""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

BFLOAT16_CPU_FLAGS = {"avx512_bf16", "amx_bf16"}


@dataclass(frozen=True)
class Device:
    """The hardware of a run.

    Attributes
    ----------
    kind : {"cpu", "gpu"}
    name : str
    count : int
        GPUs used; 1 for a CPU.
    compute_capability : float
        Of the GPU; 0 for a CPU.
    """

    kind: str
    name: str
    count: int = 1
    compute_capability: float = 0.0


def prepare() -> Device:
    """Find the device, and let GPU memory grow instead of taking all of it. Call before the first tensor is made.

    Returns
    -------
    Device
    """
    import keras

    if keras.backend.backend() != "tensorflow":
        import jax

        devices = jax.devices()
        if devices[0].platform == "cpu":
            return Device("cpu", _cpu_name())
        return Device("gpu", devices[0].device_kind, len(devices), _capability(devices[0]))
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return Device("cpu", _cpu_name())
    for gpu in gpus:
        with contextlib.suppress(RuntimeError):  # already initialised in this process
            tf.config.experimental.set_memory_growth(gpu, True)
    details = tf.config.experimental.get_device_details(gpus[0])
    major, minor = details.get("compute_capability", (0, 0))
    return Device("gpu", details.get("device_name", "GPU"), len(gpus), major + minor / 10)


def native_policies(device: Device) -> tuple[str, ...]:
    """The dtype policies that the hardware computes natively, float32 first.

    bfloat16 from compute capability 8 and on CPUs with AVX512-BF16 or AMX, float16 on GPUs of capability 7.

    Parameters
    ----------
    device : Device

    Returns
    -------
    tuple of str
    """
    if device.kind == "gpu":
        half = "mixed_bfloat16" if device.compute_capability >= 8 else "mixed_float16" if device.compute_capability >= 7 else None
    else:
        half = "mixed_bfloat16" if _cpu_flags() & BFLOAT16_CPU_FLAGS else None
    return ("float32", half) if half else ("float32",)


def scope(device: Device) -> AbstractContextManager:
    """A context in which a model is built so that all GPUs of the host train it.

    Parameters
    ----------
    device : Device

    Returns
    -------
    context manager
    """
    import keras

    if device.count < 2 or keras.backend.backend() != "tensorflow":
        return contextlib.nullcontext()
    import tensorflow as tf

    return tf.distribute.MirroredStrategy().scope()


def _capability(found: object) -> float:
    """Of NVIDIA's GPUs; others state none, or one that is no number, such as gfx942."""
    try:
        return float(getattr(found, "compute_capability", 0))
    except ValueError:
        return 0.0


def _cpu_info() -> dict[str, str]:
    try:
        lines = Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines()
    except OSError:
        return {}
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}


def _cpu_name() -> str:
    import platform

    return _cpu_info().get("model name") or platform.processor() or platform.machine()


def _cpu_flags() -> set[str]:
    return set(_cpu_info().get("flags", "").split())

"""Whether a batch fits the data and the machine, before anything is decoded or trained."""

from __future__ import annotations

from core.architectures.footprint import footprint
from core.config import RunConfig
from core.counted import counted
from core.machine.devices import Device
from core.machine.free_space import free_memory, require_memory

HALF = 2  # bytes of a number in half precision


def check_batch(config: RunConfig, n_images: int, device: Device, policy: str) -> str:
    """Hold a run's batch against its images and against the memory that is free.

    Parameters
    ----------
    config : RunConfig
    n_images : int
        Training images of an epoch.
    device : Device
        The memory of a GPU is its own, and is not looked at here.
    policy : str
        The dtype policy of the run.

    Returns
    -------
    str
        What must be said, for a batch larger than an epoch is as large as that; empty otherwise.

    Raises
    ------
    InputError
        If a step of so many images does not fit into the memory that is free; it names the largest batch that does.
    """
    wanted = config.recipe.batch_size
    n_step = max(1, min(wanted, n_images))
    if device.kind == "cpu":
        found, itemsize = footprint(config.system, config.n_classes), HALF if policy.startswith("mixed") else 4
        largest = found.largest_batch(free_memory(), itemsize)
        advice = f"set batch_size to {largest:,} or less" if largest else "free some, or choose a smaller system"
        what = f"A training step of {n_step:,} {config.image_size}-pixel images of {config.system}"
        require_memory(found.step_bytes(n_step, itemsize), what, advice)
    if n_images >= wanted:
        return ""
    images = counted(n_images, "image")
    return f"The batch size of {wanted:,} is more than the {images} of an epoch: each epoch is one step of {images}."

"""The registry of systems. To add one: a module with its `SYSTEMS`, and its name in the tuple below."""

from __future__ import annotations

from core.architectures import cnn1, five_block_cnn, inception_v3, lens_scratch, lens_small, lens_transfer, three_conv_cnn, vgg16
from core.architectures.system import System, Variant
from core.errors import InputError

SYSTEMS: tuple[System, ...] = tuple(
    system
    for family in (five_block_cnn, cnn1, inception_v3, vgg16, three_conv_cnn, lens_scratch, lens_small, lens_transfer)
    for system in family.SYSTEMS
)

NOT_TRAINED = {
    "imported": "it is what runs from elsewhere are called, and those come with: python -m core import FILE",
    "ensemble": "it is what means of finished runs are called, and those are made with: python -m core ensemble RUN RUN",
}

__all__ = ["SYSTEMS", "System", "Variant", "get_system"]


def get_system(key: str) -> System:
    """A registered system, or ours on any backbone of `keras.applications`, such as ``lens_densenet121``.

    Parameters
    ----------
    key : str

    Returns
    -------
    System

    Raises
    ------
    InputError
        If there is none of that name.
    """
    for system in SYSTEMS:
        if system.key == key:
            return system
    if found := lens_transfer.by_name(key):
        return found
    if key in NOT_TRAINED:
        raise InputError(f"{key!r} is no system that is trained: {NOT_TRAINED[key]}. To train, choose from {_known()}.")
    raise InputError(f"There is no system {key!r}; choose from {_known()}.")


def _known() -> str:
    return ", ".join(system.key for system in SYSTEMS)

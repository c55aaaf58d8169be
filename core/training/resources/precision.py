"""Which arithmetic a run uses: by a rule about model and hardware, so that a seed gives the same run on a busy machine too."""

from __future__ import annotations

from core.architectures.footprint import Footprint, footprint
from core.config import RunConfig
from core.machine.devices import Device, native_policies

LEAST_MULTIPLICATIONS = 100_000_000  # for an image: below it a step spends its time elsewhere
ASKED, ONLY = "asked for", "the only one that this hardware computes natively"
DENSE = "dense convolutions, which this hardware multiplies natively"
DEPTHWISE = "depthwise convolutions, which half precision makes slower"
SMALL = "too small a network for half precision to gain"


def choose_precision(config: RunConfig, device: Device) -> tuple[str, str]:
    """The dtype policy of a run, and why.

    ``auto`` takes the half precision that the hardware multiplies natively for networks of dense convolutions. On two cores with
    AVX512-BF16 a training step was measured to be 3.7 times as fast then for CNN_1, 3.3 for the three-convolution CNN, 1.9 for
    VGG16, 1.6 for ResNet50, 1.35 for the five-block CNN, 1.2 for DenseNet121; as fast for our small network from scratch; and
    two thirds as fast for MobileNetV2 and EfficientNetB0, whose convolutions are depthwise.

    Parameters
    ----------
    config : RunConfig
    device : Device

    Returns
    -------
    policy : str
    reason : str
    """
    if config.recipe.precision != "auto":
        return config.recipe.precision, ASKED
    policies = native_policies(device)
    if len(policies) == 1:
        return policies[0], ONLY
    return _suited(footprint(config.system, config.n_classes), policies[1])


def _suited(found: Footprint, half: str) -> tuple[str, str]:
    if found.depthwise:
        return "float32", DEPTHWISE
    return (half, DENSE) if found.multiplications >= LEAST_MULTIPLICATIONS else ("float32", SMALL)

"""Where a run comes from, and so how to make it again. No Keras."""

from __future__ import annotations

from core.config import RunConfig

IMPORTED, ENSEMBLE = "imported", "ensemble"
NO_TRAINING = {
    IMPORTED: "came from elsewhere and is not trained here",
    ENSEMBLE: "is a mean of other runs and is not trained itself",
}


def how_again(config: RunConfig) -> str:
    """``train it again: python -m core train cnn1 --data DATA``, or what fits a run that was never trained here."""
    if config.system == IMPORTED:
        return "bring it in again: python -m core import FILE"
    if config.members:
        return f"average its members again: python -m core ensemble {' '.join(config.members)}"
    return f"train it again: python -m core train {config.system} --data DATA"

"""Bring your own: a table of predictions or a Keras model becomes a run beside ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.external.known_images import Reference
from core.external.predictions import import_predictions

if TYPE_CHECKING:
    from core.external.model import import_model, look_at_model

__all__ = ["Reference", "import_model", "import_predictions", "look_at_model"]


def __getattr__(name: str) -> Callable:
    if name in ("import_model", "look_at_model"):  # Keras is loaded when a model is brought in, and not for a table
        from core.external import model

        return getattr(model, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Bring your own: a table of predictions or a Keras model becomes a run beside ours."""

from __future__ import annotations

from core.imports.predictions import import_predictions
from core.imports.reference import Reference

__all__ = ["Reference", "import_model", "import_predictions"]


def __getattr__(name: str):
    if name == "import_model":  # Keras is loaded when a model is brought in, and not for a table
        from core.imports.model import import_model

        return import_model
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

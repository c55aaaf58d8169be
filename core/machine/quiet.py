"""TensorFlow without its own lines on standard error: they come before ours, and say nothing that a person has to act on.

``TF_CPP_MIN_LOG_LEVEL`` alone does not silence what its libraries write while they are loaded.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

NAME = "tensorflow"


def load_tensorflow_quietly() -> None:
    """From now on TensorFlow is loaded without a word, whoever imports it first; nothing is imported yet."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    if NAME not in sys.modules and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    """Finds TensorFlow alone, and has it executed while standard error leads nowhere."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname != NAME:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            with _without_standard_error():
                execute(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]  # the finder that made the loader stays as it is
        return spec


@contextlib.contextmanager
def _without_standard_error() -> Iterator[None]:
    """Send what is written to file descriptor 2 nowhere."""
    try:
        kept = os.dup(2)
    except OSError:  # there is no standard error
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)

"""TensorFlow computes with oneDNN on processors on which it would leave it out, unless somebody turned it off."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="tried on these processors alone")
SETTING = "TF_ENABLE_ONEDNN_OPTS"


@pytest.mark.parametrize(("said", "taken"), [({}, "1"), ({SETTING: "0"}, "0")])
def test_what_somebody_says_stays(said, taken):
    environment = {name: value for name, value in os.environ.items() if name != SETTING} | said
    program = f"import os, core; print(os.environ[{SETTING!r}])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == taken


def test_tensorflow_takes_it():
    from tensorflow.python.util import _pywrap_util_port

    assert _pywrap_util_port.IsMklEnabled()

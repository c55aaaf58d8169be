"""TensorFlow is loaded without its own lines on standard error, and everything after it is heard."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LOUD = """
import os, sys
os.write(2, b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\\n")
level = os.environ["TF_CPP_MIN_LOG_LEVEL"]
"""
PROGRAM = """
from core.machine.quiet import load_tensorflow_quietly
load_tensorflow_quietly(); load_tensorflow_quietly()
import sys
assert "tensorflow" not in sys.modules
import tensorflow
assert tensorflow.level == "3" and tensorflow.__spec__.name == "tensorflow"
sys.exit("error: heard")
"""


def run(folder: Path, loud: str) -> subprocess.CompletedProcess:
    (folder / "tensorflow.py").write_text(loud)
    paths = f"import sys; sys.path[:0] = [{str(folder)!r}, {str(Path(__file__).parents[3])!r}]\n"
    return subprocess.run([sys.executable, "-c", paths + PROGRAM], capture_output=True, text=True)


def test_loading_says_nothing_and_what_follows_is_heard(tmp_path):
    done = run(tmp_path, LOUD)
    assert (done.returncode, done.stderr) == (1, "error: heard\n")


def test_a_failure_while_loading_is_heard(tmp_path):
    assert run(tmp_path, "raise ImportError('no library')").stderr.endswith("ImportError: no library\n")

"""The notebook runs as it stands, with the core alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
RUNNER = """
import json, sys
names = {}
for cell in json.load(open(sys.argv[1])):
    exec(compile(cell, "cell", "exec"), names)
assert not {"dashboard", "streamlit"} & {name.partition(".")[0] for name in sys.modules}
"""


@pytest.mark.slow
def test_the_notebook_trains_compares_and_explains_with_the_core_alone(tmp_path):
    cells = json.loads((PROJECT / "docs" / "first_model.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    (tmp_path / "cells.json").write_text(json.dumps(code))
    own = {"PYTHONPATH": str(PROJECT), "PNEUMOLENS_CACHE": str(tmp_path / "cache"), "TMPDIR": str(tmp_path), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, str(tmp_path / "cells.json")],
        cwd=tmp_path, env=os.environ | own, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("finished after 3 epochs") == 2
    assert re.search(r"roc_auc +[01]\.\d{3} \(", done.stdout) and re.search(r"accuracy +[+-]0\.\d{3}", done.stdout)
    assert "the peak lies in the opacity" in done.stdout and "- Random weights: " in done.stdout

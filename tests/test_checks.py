"""Before a commit the same is checked as by `make check`, and so as by CI."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_a_commit_runs_what_make_check_runs():
    recipe = re.search(r"^check:.*\n\t(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1]
    checked = [command.strip().removesuffix(" .").replace("$(BIN)", ".venv/bin") for command in recipe.split("&&")]
    hooks = re.findall(r"entry: ([^,]*),", (ROOT / ".pre-commit-config.yaml").read_text())
    assert hooks == checked

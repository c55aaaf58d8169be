"""What a page has to load before its first line."""

import ast
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SLOW = ("keras", "tensorflow", "sklearn", "scipy.stats")


def test_no_page_loads_a_slow_library_before_its_first_line():
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (PROJECT / "dashboard" / "views").glob("*.py")]
    needed = sorted({node.module for tree in trees for node in tree.body if isinstance(node, ast.ImportFrom)})
    assert needed
    code = f"import sys; {'; '.join(f'import {name}' for name in needed)}; print([name for name in {SLOW} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

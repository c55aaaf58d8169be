"""A command writes between two marks of a page, and nowhere else."""

import pytest

from core.errors import InputError
from core.reporting.marked_text import marks, write_marked

BEGIN, END = marks("results")


def test_only_what_lies_between_the_marks_is_replaced(tmp_path):
    path = tmp_path / "README.md"
    path.write_text(f"above\n{BEGIN}\nold\n{END}\nbelow\n")
    write_marked(path, "results", "new\n")
    assert path.read_text() == f"above\n{BEGIN}\nnew\n{END}\nbelow\n"


def test_a_file_without_marks_is_left_alone(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("mine")
    with pytest.raises(InputError, match="has no lines"):
        write_marked(path, "results", "new\n")
    assert path.read_text() == "mine"

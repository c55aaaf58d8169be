"""Names that a user gives to groups: kept, cleaned, bounded, and of just these images."""

from __future__ import annotations

import pytest

from core.errors import InputError
from core.groups import name_group, names_of, open_groups
from core.groups.named import _path


def test_a_name_is_kept_and_taken_away(tabled):
    dataset = tabled(40)
    grouping = open_groups(dataset, "brightness", 3)
    assert names_of(dataset, grouping) == {}
    assert name_group(dataset, grouping, 1, "  old\n machine\x00 ") == {1: "old machine"}
    name_group(dataset, grouping, 0, "<b>*new*</b>")
    assert names_of(dataset, grouping) == {0: "<b>*new*</b>", 1: "old machine"}
    assert names_of(dataset, open_groups(dataset, "brightness", 4)) == {}  # other groups, other names
    assert name_group(dataset, grouping, 1, "") == {0: "<b>*new*</b>"}


def test_what_cannot_be_a_name_is_refused(tabled):
    dataset = tabled(40)
    grouping = open_groups(dataset, "brightness", 3)
    with pytest.raises(InputError, match="at most 60 characters; received 61"):
        name_group(dataset, grouping, 0, "a" * 61)
    with pytest.raises(InputError, match="no group 4"):
        name_group(dataset, grouping, 3, "a")


@pytest.mark.parametrize("content", ["", "[]", "[" * 5000, '{"0": 3}', '{"x": "y"}', '{"99": "far"}', '{"-1": "before"}'])
def test_a_broken_file_gives_no_names(tabled, content):
    dataset = tabled(40)
    grouping = open_groups(dataset, "brightness", 3)
    _path(dataset, grouping).write_text(content)
    assert names_of(dataset, grouping) == {}

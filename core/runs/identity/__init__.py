"""What a run is called, which group it belongs to, and what its owner wrote beside it: one place for every table, picker and report."""

from core.runs.identity.about import About, read_about, write_about
from core.runs.identity.groups import Group, group_runs
from core.runs.identity.names import names_of, own_name
from core.runs.identity.settings import changed_settings, in_words

__all__ = [
    "About",
    "Group",
    "changed_settings",
    "group_runs",
    "in_words",
    "names_of",
    "own_name",
    "read_about",
    "write_about",
]

"""The advisories that made us ask for a release: a small table, for the packages that read what strangers send."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from packaging.version import Version

from supply.locked import Locked

TABLE = Path(__file__).with_name("advisories.csv")


class Advisory(NamedTuple):
    """One line of the table."""

    package: str
    fixed_in: Version
    names: str  # of the advisory: CVE, GHSA, PYSEC
    what: str


def known_advisories() -> list[Advisory]:
    """The table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Advisory(row["package"], Version(row["fixed_in"]), row["advisory"], row["what"]) for row in csv.DictReader(file)]


def violated(locked: list[Locked]) -> list[str]:
    """What the table says against the releases of a lock."""
    return [
        f"{one.name} {one.version}: {advisory.names}, {advisory.what}; fixed in {advisory.fixed_in}"
        for one in locked
        for advisory in known_advisories()
        if one.name == advisory.package and one.version < advisory.fixed_in
    ]

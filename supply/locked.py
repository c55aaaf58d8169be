"""What the locks name: packages, releases and checksums; and what the project says that it needs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = Path(__file__).parents[1]
LOCKS = sorted((PROJECT / "supply" / "locks").glob("*.txt"))


class Locked(NamedTuple):
    """One release of a lock: where it is installed, and the checksums of its files."""

    name: str
    version: Version
    requirement: Requirement
    hashes: tuple[str, ...]

    def is_for(self, **environment: str) -> bool:
        """Whether a machine with Python 3.11 installs it, this one but for what is said of another."""
        here = default_environment() | {"python_version": "3.11", "python_full_version": "3.11.9"} | environment
        return self.requirement.marker is None or self.requirement.marker.evaluate(here)


def read_lock(path: Path) -> list[Locked]:
    """The releases of a lock."""
    lines = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return [_locked(line) for line in lines if line.strip() and not line.startswith("#")]


def declared(extra: str | None = None) -> list[Requirement]:
    """What requirements.txt names, or an extra of the project."""
    if extra:
        project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return [Requirement(line) for line in project["optional-dependencies"][extra]]
    lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-e"))]


def _locked(line: str) -> Locked:
    requirement = Requirement(line.partition("--hash")[0].strip())
    (pin,) = requirement.specifier
    return Locked(canonicalize_name(requirement.name), Version(pin.version), requirement, tuple(re.findall(r"--hash=(\S+)", line)))

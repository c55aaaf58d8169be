"""Under which licences the installed packages come."""

from __future__ import annotations

import re
from importlib.metadata import Distribution

ALLOWED = (
    "0BSD", "2-clause BSD License", "3-Clause BSD License", "Apache 2.0", "Apache License 2.0", "Apache Software License", "Apache-2.0",
    "BSD License", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT License", "MIT-0", "MIT-CMU", "Zlib",
    "MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)",  # asks for its own files alone, which we do not change
    "PSF-2.0", "Python Software Foundation License",
)  # fmt: skip
SAID_IN_ITS_FILES = {"namex": "Apache-2.0"}  # whose metadata says nothing
SPLIT = re.compile(r"\s+(?:AND|OR|and|or)\s+|;\s*|[()](?!MPL)")


def licence_of(package: Distribution) -> str:
    """What a package says of its licence; empty if nothing."""
    said = package.metadata
    classifiers = [line.split(" :: ")[-1] for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    return (
        said.get("License-Expression")
        or "; ".join(one for one in classifiers if one != "OSI Approved")
        or (said.get("License") or "").strip().split("\n")[0]
        or SAID_IN_ITS_FILES.get(said["Name"], "")
    )


def is_allowed(licence: str) -> bool:
    """Whether each part of a licence is one under which the app may be used and passed on."""
    return licence in ALLOWED or (bool(licence) and all(part.strip() in ALLOWED for part in SPLIT.split(licence) if part.strip()))

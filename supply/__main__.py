"""``make audit-deps``: licences and known advisories of what the locks name. Fails for either, and where advisories could not be had."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from supply.known import TABLE, known_advisories, violated
from supply.licences import is_allowed, licence_of
from supply.locked import LOCKS, PROJECT, read_lock
from supply.osv import answering, read_copy

NO_COPY = (
    "ADVISORIES NOT CHECKED: the advisory service cannot be reached, and no local copy of its database was given. "
    "With a copy of PyPA's advisory-database, or of OSV's export for PyPI: make audit-deps ADVISORIES=FOLDER"
)


def main(pip_audit: str, copy: str | None = None) -> int:
    """Say what is found; 0 if nothing speaks against any package, 1 if something does, 2 if it could not be looked up."""
    problems = [*_licences(), *_table()]
    found = _asked(pip_audit, ("--timeout", "10"))
    if found is None and copy:
        found = _asked_of_a_copy(pip_audit, Path(copy))
    elif found is not None:
        print("Advisories: asked the service of OSV over the network.")
    for line in (problems := problems + (found or [])):
        print(line)
    if found is None:
        print(NO_COPY)
        return 2
    print("Nothing known speaks against any package." if not problems else f"{len(problems)} found.")
    return int(bool(problems))


def _licences() -> list[str]:
    found, missing = {}, []
    for one in (one for lock in LOCKS for one in read_lock(lock) if one.is_for()):
        try:
            found[one.name] = licence_of(distribution(one.name))
        except PackageNotFoundError:
            missing.append(one.name)
    print(f"Licences: read those of {len(found)} installed packages; not installed here: {', '.join(sorted(set(missing))) or 'none'}.")
    return [f"{name}: licence {said or 'unknown'}" for name, said in sorted(found.items()) if not is_allowed(said)]


def _table() -> list[str]:
    print(f"Advisories: checked the {len(known_advisories())} of {TABLE.relative_to(PROJECT)}.")
    return [line for lock in LOCKS for line in violated(read_lock(lock))]


def _asked_of_a_copy(pip_audit: str, folder: Path) -> list[str] | None:
    copy = read_copy(folder, {one.name for lock in LOCKS for one in read_lock(lock)})
    if not copy.n_advisories:
        print(f"No advisories lie below {folder}.")
        return None
    print(
        f"Advisories: the service cannot be reached; asked a LOCAL COPY of {copy.n_advisories} advisories, {folder}, "
        f"last changed {copy.newest} for our packages. What was published later is not known here."
    )
    with answering(copy) as address:
        return _asked(pip_audit, ("--osv-url", address))


def _asked(pip_audit: str, options: tuple[str, ...]) -> list[str] | None:
    """What pip-audit answers for all locks; None if it has no answer."""
    found = []
    for lock in LOCKS:
        answer = _answer(pip_audit, lock, options)
        if answer is None:
            return None
        for package in answer["dependencies"]:
            for one in package.get("vulns", []):
                names = " ".join([one["id"], *one.get("aliases", [])])
                found.append(f"{package['name']} {package['version']}: {names}; fixed in {', '.join(one['fix_versions']) or 'no release'}")
            if "skip_reason" in package:
                found.append(f"{package['name']}: not audited, {package['skip_reason']}")
    return sorted(set(found))


def _answer(pip_audit: str, lock: Path, options: tuple[str, ...]) -> dict | None:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "answer.json"
        command = [pip_audit, "--requirement", str(lock), "--require-hashes", "--disable-pip", "--vulnerability-service", "osv"]
        quiet = ("--progress-spinner", "off", "--cache-dir", folder, "--format", "json", "--output", str(output))
        said = subprocess.run([*command, *quiet, *options], capture_output=True, text=True, cwd=PROJECT)
        if output.exists():
            return json.loads(output.read_text(encoding="utf-8"))
        print(f"pip-audit, {lock.name}: {said.stderr.strip().splitlines()[-1] if said.stderr.strip() else 'no answer'}", file=sys.stderr)
        return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

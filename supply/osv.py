"""A local copy of an advisory database behind the question that pip-audit asks: which advisories name this release?"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import yaml
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version


class Copy(NamedTuple):
    """Advisories of the OSV format: those of PyPA's advisory-database (vulns/NAME/ID.yaml), or the JSON files of an export of OSV."""

    records: dict[str, list[dict]]  # by the name of the package
    n_advisories: int
    newest: str  # the day on which one of them was last changed

    def of(self, name: str, version: str) -> list[dict]:
        """The advisories that name a release."""
        return [record for record in self.records.get(canonicalize_name(name), []) if _names(record, name, version)]


def read_copy(folder: Path, names: set[str]) -> Copy:
    """The advisories of some packages in a folder."""
    found: dict[str, list[dict]] = {}
    files = [*folder.rglob("*.yaml"), *folder.rglob("*.json")]
    newest = ""
    for file in files:
        if file.suffix == ".yaml" and canonicalize_name(file.parent.name) not in names:
            continue
        record = _read(file)
        newest = max(newest, str(record.get("modified", ""))[:10])
        for name in {canonicalize_name(one["package"]["name"]) for one in record.get("affected", [])} & names:
            found.setdefault(name, []).append(record)
    return Copy(found, len(files), newest)


@contextmanager
def answering(copy: Copy) -> Iterator[str]:
    """Answer pip-audit on loopback; gives the address to ask."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps({"vulns": copy.of(asked["package"]["name"], asked["version"])}, default=str).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing of each question."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _read(file: Path) -> dict:
    text = file.read_text(encoding="utf-8")
    return json.loads(text) if file.suffix == ".json" else yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _names(record: dict, name: str, version: str) -> bool:
    for one in record.get("affected", []):
        if one["package"]["ecosystem"] == "PyPI" and canonicalize_name(one["package"]["name"]) == canonicalize_name(name):
            ranges = [events["events"] for events in one.get("ranges", []) if events["type"] == "ECOSYSTEM"]
            if version in map(str, one.get("versions", [])) or any(_lies_in(events, Version(version)) for events in ranges):
                return True
    return False


def _lies_in(events: list[dict], version: Version) -> bool:
    """Whether a release lies in the ranges that events open (``introduced``) and close (``fixed``, ``last_affected``)."""
    inside = False
    for kind, at in sorted(((kind, at) for event in events for kind, at in event.items()), key=lambda pair: _version(pair[1])):
        if kind == "introduced" and version >= _version(at):
            inside = True
        elif (kind == "fixed" and version >= _version(at)) or (kind == "last_affected" and version > _version(at)):
            inside = False
    return inside


@cache
def _version(text: str) -> Version:
    try:
        return Version(str(text))
    except InvalidVersion:
        return Version("0")

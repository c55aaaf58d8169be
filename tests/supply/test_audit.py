"""The command that audits the locks says what it asked, and never that nothing was found where nothing could be asked."""

import json
import sys
import urllib.request
from email.message import Message

import pytest

from supply import __main__ as audit
from supply.licences import is_allowed, licence_of
from supply.osv import answering, read_copy

ADVISORY = {
    "id": "PYSEC-1", "modified": "2026-03-01T00:00:00Z", "aliases": ["CVE-1"],
    "affected": [{
        "package": {"ecosystem": "PyPI", "name": "Pillow"}, "versions": ["3.0.post1"],
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}, {"introduced": "2.1"}, {"fixed": "2.3"}]},
                   {"type": "GIT", "events": [{"introduced": "0"}]}],
    }, {"package": {"ecosystem": "npm", "name": "pillow"}, "versions": ["9"]}],
}  # fmt: skip


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "vulns" / "pillow"
    folder.mkdir(parents=True)
    (folder / "PYSEC-1.yaml").write_text(json.dumps(ADVISORY), encoding="utf-8")  # JSON is YAML
    last = {"id": "GHSA-2", "affected": [{"package": {"ecosystem": "PyPI", "name": "other"}, "ranges": [
        {"type": "ECOSYSTEM", "events": [{"introduced": "1"}, {"last_affected": "1.5"}]}]}]}  # fmt: skip
    (tmp_path / "GHSA-2.json").write_text(json.dumps(last), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("version", "named"),
    [("0.1", 1), ("1.9.9", 1), ("2.0", 0), ("2.1rc1", 0), ("2.1", 1), ("2.2.9", 1), ("2.3", 0), ("3.0.post1", 1), ("9", 0)],
)
def test_a_copy_knows_which_releases_an_advisory_names(copy, version, named):
    assert len(read_copy(copy, {"pillow"}).of("pillow", version)) == named


def test_the_last_release_that_is_affected_is(copy):
    read = read_copy(copy, {"pillow", "other"})
    assert [len(read.of("other", version)) for version in ("0.9", "1", "1.5", "1.5.1")] == [0, 1, 1, 0]
    assert (read.n_advisories, read.newest) == (2, "2026-03-01")


def test_a_copy_answers_as_the_service_does(copy):
    with answering(read_copy(copy, {"pillow"})) as address:
        ask = json.dumps({"package": {"name": "pillow", "ecosystem": "PyPI"}, "version": "2.2"}).encode()
        answer = json.loads(urllib.request.urlopen(address, ask, timeout=10).read())
    assert [one["id"] for one in answer["vulns"]] == ["PYSEC-1"]


@pytest.fixture
def pip_audit(tmp_path):
    """``pip_audit(vulns)``: a command that answers as pip-audit does, where an address is given alone if it `needs_address`."""

    def write(vulns, needs_address=False):
        file = tmp_path / "pip-audit"
        answer = {"dependencies": [{"name": "pillow", "version": "2.2", "vulns": vulns}]}
        file.write_text(
            f"#!{sys.executable}\nimport sys\nif {needs_address} and '--osv-url' not in sys.argv: sys.exit('no such host')\n"
            f"open(sys.argv[sys.argv.index('--output') + 1], 'w').write({json.dumps(answer)!r})\nsys.exit({int(bool(vulns))})\n"
        )
        file.chmod(0o755)
        return str(file)

    return write


FOUND = [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2.3"]}]


@pytest.fixture(autouse=True)
def one_lock(monkeypatch):
    monkeypatch.setattr(audit, "LOCKS", audit.LOCKS[:1])


def test_what_the_service_knows_is_said_and_fails(pip_audit, capsys):
    assert audit.main(pip_audit(FOUND)) == 1
    said = capsys.readouterr().out
    assert "asked the service of OSV over the network" in said and "pillow 2.2: PYSEC-1 CVE-1; fixed in 2.3" in said
    assert "Nothing known" not in said


def test_nothing_found_is_said_with_what_was_asked(pip_audit, capsys):
    assert audit.main(pip_audit([])) == 0
    assert capsys.readouterr().out.endswith("over the network.\nNothing known speaks against any package.\n")


def test_without_a_network_the_copy_is_asked_and_its_age_said(pip_audit, copy, capsys):
    assert audit.main(pip_audit(FOUND, needs_address=True), str(copy)) == 1
    said = capsys.readouterr().out
    assert f"asked a LOCAL COPY of 2 advisories, {copy}" in said and "over the network" not in said and "PYSEC-1" in said


@pytest.mark.parametrize("folder", [None, "empty"])
def test_without_a_network_and_a_copy_it_says_that_nothing_was_checked(pip_audit, tmp_path, folder, capsys):
    given = [str(tmp_path / folder)] if folder else []
    assert audit.main(pip_audit([], needs_address=True), *given) == 2
    said = capsys.readouterr().out
    assert "ADVISORIES NOT CHECKED" in said and "Nothing known" not in said


class Said:
    def __init__(self, **fields):
        self.metadata = Message()
        for name, value in ({"Name": "x"} | fields).items():
            self.metadata[name.replace("_", "-")] = value


@pytest.mark.parametrize(
    ("fields", "licence", "allowed"),
    [
        ({"License_Expression": "Apache-2.0 OR BSD-2-Clause"}, "Apache-2.0 OR BSD-2-Clause", True),
        ({"Classifier": "License :: OSI Approved :: MIT License", "License": "long text"}, "MIT License", True),
        ({"License": "3-Clause BSD License\nmore"}, "3-Clause BSD License", True),
        ({"License_Expression": "MIT AND GPL-3.0-only"}, "MIT AND GPL-3.0-only", False),
        (
            {"Classifier": "License :: OSI Approved :: GNU Affero GPL v3"},
            "GNU Affero GPL v3",
            False,
        ),
        ({}, "", False),
    ],
)
def test_a_licence_is_read_and_judged(fields, licence, allowed):
    assert licence_of(Said(**fields)) == licence
    assert is_allowed(licence) is allowed


def test_the_licences_of_what_is_installed_are_allowed():
    assert audit._licences() == []

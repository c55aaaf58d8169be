"""What `make` installs: releases with checksums, for each platform, as requirements.txt says, and nothing imported that is not named."""

import re
import sys
from importlib.metadata import packages_distributions

import pytest
from packaging.utils import canonicalize_name

from supply.known import known_advisories, violated
from supply.locked import LOCKS, PROJECT, declared, read_lock

APP, TEST = (read_lock(PROJECT / "supply" / "locks" / f"{name}.txt") for name in ("app", "test"))
MACHINES = [
    {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "aarch64"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
]
IMPORT = re.compile(r"^\s*(?:import (\w+)|from (\w+)[\w.]* import )", re.MULTILINE)
OURS = {"core", "dashboard", "tests", "benchmarks", "supply", "docs"}
ASKED_FOR_IF_THERE = {"jax"}  # a backend of Keras that somebody may have installed
BROUGHT_BY_ANOTHER = {"kagglesdk": "kagglehub"}  # its own exceptions, in a test of what becomes of them


def imported(*folders):
    """The packages that the code of some folders imports, by canonical name."""
    homes, found = packages_distributions(), set()
    for file in (file for folder in folders for file in (PROJECT / folder).rglob("*.py")):
        found |= {name for pair in IMPORT.findall(file.read_text(encoding="utf-8")) for name in pair if name}
    found -= OURS | ASKED_FOR_IF_THERE | sys.stdlib_module_names
    return {canonicalize_name(homes.get(name, [name])[0]) for name in found}


def test_what_the_code_imports_is_named_as_a_requirement():
    named = {canonicalize_name(one.name) for one in declared() + declared("cluster")}  # its two are asked for late, with what to install
    assert imported("core", "dashboard") - named == set()
    ours = named | {canonicalize_name(one.name) for extra in ("test", "audit") for one in declared(extra)}
    assert imported("tests", "benchmarks", "supply", "docs") - ours - set(BROUGHT_BY_ANOTHER) == set()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_release_of_a_lock_has_checksums_and_no_registry_is_named(lock):
    assert all(one.hashes and all(re.fullmatch("sha256:[0-9a-f]{64}", said) for said in one.hashes) for one in read_lock(lock))
    assert "://" not in lock.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("lock", "extra"), [("app", None), ("test", "test"), ("login", "login"), ("cluster", "cluster"), ("audit", "audit")]
)
def test_a_lock_holds_what_is_required_in_a_release_that_fits(lock, extra):
    locked = {one.name: one.version for one in read_lock(PROJECT / "supply" / "locks" / f"{lock}.txt")}
    for requirement in declared(extra):
        assert locked[canonicalize_name(requirement.name)] in requirement.specifier, requirement


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: f"{machine['sys_platform']} {machine['platform_machine']}")
def test_no_package_is_locked_twice_for_a_machine(machine):
    names = [one.name for one in APP if one.is_for(**machine)]
    assert len(names) == len(set(names)) > 70 and {"tensorflow", "streamlit", "pillow"} <= set(names)


def test_locks_that_share_an_environment_agree():
    app = {one.name: one.version for one in APP if one.is_for()}
    for lock in ("test", "login", "cluster", "gpu"):
        others = [one for one in read_lock(PROJECT / "supply" / "locks" / f"{lock}.txt") if one.is_for()]
        assert [one for one in others if app.get(one.name, one.version) != one.version] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_no_lock_names_a_release_that_an_advisory_names(lock):
    assert violated(read_lock(lock)) == []


def test_requirements_allow_no_release_that_an_advisory_names():
    bounds = {canonicalize_name(one.name): one.specifier for one in declared() + declared("login")}
    bounded = [one for one in known_advisories() if one.package in bounds]
    assert {"pydicom", "pillow", "keras", "streamlit", "tensorflow", "protobuf", "starlette", "authlib"} <= {one.package for one in bounded}
    for advisory in bounded:
        (bound,) = bounds[advisory.package]
        assert bound.operator in ("==", ">=") and advisory.fixed_in.release <= tuple(map(int, bound.version.split("."))), advisory


def test_an_older_release_is_seen():
    (pillow,) = (one for one in APP if one.name == "pillow")
    assert [line.partition(";")[0] for line in violated([pillow._replace(version=type(pillow.version)("12.3.0"))])] == [
        "pillow 12.3.0: CVE-2026-96639 GHSA-v9pv-5gc8-w2m6, a file of several frames writes outside its memory",
        "pillow 12.3.0: GHSA-5x8w-8jj5-q52h, a JPEG writes outside its memory",
        "pillow 12.3.0: CVE-2026-96643 GHSA-g4qv-2jxx-769h, an Exif header is replaced without end",
        "pillow 12.3.0: GHSA-462x-pgg6-55fp, a TIFF is read outside its memory",
    ]

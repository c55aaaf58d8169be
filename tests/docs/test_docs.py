"""The documents: everything registered has its entry, what follows from the code is fresh, links lead somewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from benchmarks.cold import BENCHMARKS
from benchmarks.page import HEAD, MARKED, known, write_rows
from core.audit import CHECKS as FINDINGS
from core.errors import InputError
from core.reporting.marked_text import marks, read_marked
from core.saliency import METHODS
from core.saliency.checks import CHECKS
from core.studies.remedies import SETTINGS, THRESHOLD
from docs.build import pages, table

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"
TEXTS = [PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(DOCS.rglob("*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
TITLES = {"none": "None", "class_weights": "Class weights", "oversample": "Oversampling", "undersample": "Undersampling",
          "focal": "Focal loss", "group_balance": "Group balance", "dro": "Group DRO",
          "last_layer": "Last layer anew", "corner_exchange": "Exchanged corners",
          "histogram_matching": "Matched histograms", "amplitude_mixing": "Mixed amplitudes", "mixstyle": "MixStyle",
          "threshold": "Threshold moving"}  # fmt: skip
named = pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(PROJECT)))


@cache
def made() -> dict[Path, str]:
    """The pages as they should be now."""
    return pages()


@cache
def prose(path: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


@cache
def entries(path: Path) -> dict[str, str]:
    """What stands under each heading of a page, up to the next."""
    parts = re.split(r"^#+ +(.+)$", prose(path), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading: lower case, no punctuation, dashes for blanks."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", made(), ids=lambda path: path.name)
def test_what_follows_from_the_code_is_fresh(path):
    assert path.read_text(encoding="utf-8") == made()[path], f"{path.name} is stale; run: make docs"


@pytest.mark.parametrize("check", FINDINGS, ids=lambda check: check.id)
def test_every_finding_says_what_it_means_and_what_to_do(check):
    entry = entries(DOCS / "findings.md")[check.id]
    assert "**Means**" in entry and "**Do**" in entry


@pytest.mark.parametrize("one", [*METHODS, *CHECKS], ids=lambda one: one.key)
def test_every_method_and_check_of_a_map_names_its_paper_and_when_to_trust_it(one):
    entry = entries(DOCS / "saliency.md")[one.title]
    assert f"`{one.key}` · {one.reference}" in entry
    assert any(word in entry for word in ("**Trust it**", "**Passes**"))


@pytest.mark.parametrize("key", [*SETTINGS, THRESHOLD])
def test_every_remedy_has_its_entry_and_its_setting(key):
    entry = entries(DOCS / "remedies.md")[TITLES[key]]
    assert all(f"`{name}={value}`" in entry for name, value in SETTINGS.get(key, {}).items())


@named
def test_every_link_and_picture_leads_somewhere(path):
    for target in LINK.findall(prose(path)):
        if re.match(r"https?:|mailto:", target):
            continue
        file, _, part = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), f"{path.name} links to {target}, which is not there"
        assert not part or part in map(anchor, entries(found)), f"{path.name} links to {target}, which has no such heading"


@named
def test_every_command_that_a_page_shows_exists(path):
    from core.cli import COMMANDS

    known = {command.name for command in COMMANDS}
    shown = re.findall(r"python -m core ([a-z_]+)", path.read_text(encoding="utf-8"))
    assert set(shown) <= known, f"{path.name} shows {sorted(set(shown) - known)}"


def test_pictures_are_small_and_each_is_shown():
    pictures = {path.name for path in (DOCS / "pictures").iterdir()}
    assert len(pictures) <= 8 and all(path.stat().st_size < 120_000 for path in (DOCS / "pictures").iterdir())
    assert {Path(target).name for path in TEXTS for target in LINK.findall(prose(path)) if target.endswith(".jpg")} == pictures


def test_the_readme_is_short_and_starts_with_the_two_commands():
    lines = (PROJECT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 140 and [line.split("#")[0].strip() for line in lines[3:5]] == ["make app", "make test"]


def test_a_bar_in_a_cell_does_not_end_it():
    assert table(("a", "b"), [("x|y", 1)]) == "| a | b |\n| --- | --- |\n| x\\|y | 1 |"


def test_a_benchmark_that_ran_again_replaces_its_rows_alone(tmp_path):
    page = tmp_path / "speed.md"
    begin, end = marks(MARKED)
    page.write_text(f"above\n{begin}\n{end}\nbelow\n")
    write_rows(
        page, {"maps": ["| maps  | cam |  20 ms | –  | – |"], "data": ["| data | page | 2 s | – | – |"]}, ("data", "maps"), "2 cores"
    )
    write_rows(page, {"maps": ["| maps | cam | 19 ms | – | – |"]}, ("data", "maps"), "4 cores")
    rows = ["| data | page | 2 s | – | – | 2 cores |", "| maps | cam | 19 ms | – | – | 4 cores |"]
    assert page.read_text() == "\n".join(["above", begin, *HEAD, *rows, end, "below", ""])


def test_a_page_without_marks_takes_no_rows(tmp_path):
    page = tmp_path / "speed.md"
    page.write_text("mine")
    with pytest.raises(InputError, match="has no lines"):
        write_rows(page, {"maps": ["| maps |"]}, ("maps",), "2 cores")
    assert page.read_text() == "mine"


def test_every_row_of_the_page_on_speed_is_of_a_benchmark_that_exists():
    assert set(known(read_marked(DOCS / "speed.md", MARKED)[1])) <= set(BENCHMARKS)


@pytest.mark.parametrize("path", [one for one in TEXTS if one.parent.name != "threshold"], ids=lambda path: path.name)
def test_every_file_and_folder_that_a_page_names_exists(path):
    """But for the plan of the threshold rules, which stays as it was written."""
    mentioned = re.findall(r"`((?:core|dashboard|benchmarks|tests|docs|models)/[\w./-]*)`", path.read_text(encoding="utf-8"))
    missing = sorted({name for name in mentioned if not (PROJECT / name).exists()})
    assert not missing, f"{path.name} names {missing}, which are not there"

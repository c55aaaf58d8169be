"""Links and run folders of a stranger, in a real browser: no other host is asked, and no element comes of their text."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from benchmarks.serving import PROJECT, serving
from tests.e2e.conftest import write_readers
from tests.e2e.watching import foreign_elements, watch

pytestmark = [pytest.mark.browser, pytest.mark.long]
HOST = "evil.example"
MARKS = f"![p](https://{HOST}/p.png) [sign in](https://{HOST}/l) www.{HOST} <https://{HOST}/a>"
TAGS = f"<script src=https://{HOST}/s.js data-forged></script><img src=https://{HOST}/i.png onerror=alert(1) data-forged><b data-forged>"
STYLE = f"<style>@import 'https://{HOST}/s.css';</style><iframe src=https://{HOST} data-forged></iframe>"
MATHS = f"$\\href{{https://{HOST}}}{{x}}$ :red[r]"
TEXT = f"{MARKS} {TAGS} {STYLE} {MATHS}"
FOLDER = f"![p](https:{HOST}) <b data-forged>".replace("/", "")
LINKS = {
    "/": {"overview_runs": TEXT},
    "/data": {"data_source": TEXT, "data_name": TEXT},
    "/train": {"train_base_run": TEXT},
    "/compare": {"compare_runs": TEXT, "compare_board_filter": TEXT, "compare_leaderboard": "true"},
    "/inspect": {"inspect_runs": TEXT, "inspect_sample": TEXT, "inspect_from": TEXT},
    "/inspect ": {"inspect_data": TEXT},  # on which the page ends early
}  # fmt: skip


def write_hostile_runs(phantoms: Path, models: Path) -> None:
    """Runs that say the text wherever their files hold text; all can be compared."""
    from core.runs.identity import write_about
    from core.runs.store import list_runs

    write_readers(phantoms, models, 4)
    first, second, third, fourth = list_runs(models)[0]
    write_about(first, name=TEXT[:80], note=TEXT)
    (first.path / "card.json").write_text(json.dumps(first.card.to_json() | {"warnings": [TEXT]}), encoding="utf-8")
    second.write_config(second.config.model_copy(update={"title": TEXT, "data_title": TEXT}))
    third.write_status("failed", reason=TEXT)
    (fourth.path / "card.json").write_text(f'{{"{TEXT}', encoding="utf-8")  # cut: the reason quotes it
    second.path.rename(models / FOLDER)


@pytest.fixture(scope="module")
def address(phantoms, tmp_path_factory) -> str:
    models = tmp_path_factory.mktemp("hostile")
    write_hostile_runs(phantoms, models)
    with serving(PROJECT / "dashboard" / "app.py", PNEUMOLENS_DATA=str(phantoms), PNEUMOLENS_MODELS=str(models)) as address:
        yield address


def test_hostile_links_and_a_hostile_run_folder_load_and_forge_nothing(page: Page):
    watched = watch(page)
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    seen = ""
    for path, said in LINKS.items():
        page.goto(f"{path.strip()}?{urlencode(said)}")
        expect(page.get_by_text("It is not a medical device")).to_be_visible()
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        assert foreign_elements(page, HOST) == [], path
        seen += page.locator("body").inner_text()
    assert watched.hosts() == {urlsplit(page.url).netloc}
    assert "![p](" in seen and "<script" in seen, "it was shown, as text"

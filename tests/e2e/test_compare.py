"""From the leaderboard to the images on which runs disagree, to Inspect, and back, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
LINE = 35  # height of a table's head and lines, pixels
TITLES = {"Reader 0", "Reader 1", "Reader 2"}


@pytest.fixture
def address(readers) -> str:
    return readers


def rest(page: Page) -> None:
    """Wait until no script runs: what is clicked before may be replaced under the pointer."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def click_cell(page: Page, table: str, line: int, x: float) -> None:
    """Click a line of a table, which is drawn on a canvas, at a share of its width."""
    rest(page)
    grid = page.locator(f".st-key-{table} .stDataFrameGlideDataEditor").first
    grid.click(position={"x": x * grid.bounding_box()["width"], "y": (line + 1.5) * LINE})


def test_from_leaderboard_to_disagreement_to_inspect_and_back_by_link(page: Page):
    page.goto("/compare")
    cases = page.locator(".st-key-compare_disagreements")
    expect(cases.locator("a[href^=inspect]").first).to_be_visible()
    letters = page.locator("b").filter(has_text=re.compile("^[A-C] Reader"))
    expect(letters).to_have_count(2)
    left_out = (TITLES - {text[2:] for text in letters.all_inner_texts()}).pop()

    page.get_by_label("Filter").fill(left_out)
    page.get_by_label("Filter").press("Enter")
    expect(page.get_by_text("1 run. Tick")).to_be_visible()
    click_cell(page, "compare_board_table", line=0, x=0.015)
    expect(letters).to_have_count(3)
    expect(letters.last).to_have_text(f"C {left_out}")

    click_cell(page, "compare_counts", line=1, x=0.97)  # normal, all wrong
    expect(page).to_have_url(re.compile("(?=.*compare_kind=All.wrong)(?=.*compare_among=Normal)"))
    page.locator(".st-key-compare_kind").get_by_text("All right").click()
    page.locator(".st-key-compare_among").get_by_text("All images").click()
    expect(page).to_have_url(re.compile("(?=.*compare_kind=All.right)(?=.*compare_among=All.images)"))
    before = page.url

    expect(cases.get_by_text("the least sure first").or_(cases.get_by_text("1 image."))).to_be_visible()
    rest(page)
    cases.locator("a[href^=inspect]").first.click()
    expect(page).to_have_url(re.compile("/inspect"))
    expect(page.locator(".st-key-inspect_runs").get_by_text("imported-")).to_have_count(3)
    page.get_by_role("link", name="Back to the comparison").click()
    expect(letters.last).to_have_text(f"C {left_out}")
    expect(page).to_have_url(re.compile("compare_kind=All.right"))
    expect(cases.locator("a[href^=inspect]").first).to_be_visible()
    page.goto(before)  # the link as a colleague would open it
    expect(letters.last).to_have_text(f"C {left_out}")
    expect(cases.locator("a[href^=inspect]").first).to_be_visible()


def test_the_report_and_a_table_can_be_taken_away(page: Page):
    page.goto("/compare")
    with page.expect_download() as download:
        page.get_by_role("button", name="Report (HTML)").click()
    report = download.value.path().read_text(encoding="utf-8")
    assert "not a medical device" in report.lower()
    assert not re.search(r"(?:src|href)=.https?://", report), "it must open without a network"
    page.get_by_role("button", name="Export").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="LaTeX").click()
    assert download.value.path().read_text(encoding="utf-8").startswith("\\begin{tabular}")

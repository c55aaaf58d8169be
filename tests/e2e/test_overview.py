"""The Overview in a real browser: ticks at a reader's speed, and a name that is seen everywhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.long]
ROW = 33  # pixels: a grid is a canvas, so its rows are clicked by their place


def rest(page: Page) -> None:
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def tick(page: Page, row: int) -> None:
    page.locator(".st-key-overview_leaderboard [data-testid=stDataFrame]").first.click(position={"x": 16, "y": ROW * (row + 1) + 20})


def test_fast_ticks_hold_and_are_there_after_another_page(page: Page):
    page.goto("/?overview_seeds=true")
    chosen = page.locator(".st-key-overview_leaderboard")
    expect(chosen.locator("[data-testid=stDataFrame]").first).to_be_visible()
    rest(page)
    for row in range(6):
        tick(page, row)
        expect(chosen.locator("tr[aria-selected=true]")).to_have_count(row + 1)  # seen in the browser; the page's script may still run
    expect(chosen.get_by_role("link", name="Compare 6 chosen")).to_be_visible()
    page.get_by_role("link", name="Data", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Data")
    page.get_by_role("link", name="Overview", exact=True).first.click()
    expect(chosen.get_by_role("link", name=re.compile("Compare 6 chosen"))).to_be_visible()


def test_a_new_name_is_seen_on_every_page(page: Page):
    page.goto("/?overview_seeds=true&overview_filter=five+seed+0")
    board = page.locator(".st-key-overview_leaderboard")
    expect(board.locator("[data-testid=stDataFrame]").first).to_be_visible()
    rest(page)
    tick(page, 0)
    board.get_by_role("button", name="Rename, note, archive").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Old faithful")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    board.get_by_label("Filter").fill("faithful")
    board.get_by_label("Filter").press("Enter")
    expect(board.get_by_text("No run matches")).to_have_count(0)
    board.get_by_role("link", name="Compare 1 chosen").click()
    expect(page.locator(".st-key-compare_runs")).to_contain_text("Old faithful")
    expect(page).to_have_url(re.compile("compare_runs=five-block-cnn-"))
    page.goto("/inspect")
    page.locator(".st-key-inspect_runs input").click()
    page.locator(".st-key-inspect_runs input").fill("faithful")
    expect(page.get_by_role("option", name="Old faithful")).to_be_visible()

"""Back and Forward in a real browser: each page as it was, one step for each thing that was done."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
PAGES = {
    "Data": ".st-key-data_gallery .tile",
    "Train": ".st-key-train_start",
    "Compare": ".st-key-compare_confusion table",
    "Inspect": ".st-key-inspect_overlay img",
}


@pytest.fixture
def address(readers) -> str:
    return readers


def rest(page: Page) -> None:
    """Wait until no script runs, so that what follows is a step of its own."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def is_whole(page: Page, title: str) -> None:
    """The page shows what it is for, and neither an exception nor a request to choose something."""
    expect(page.get_by_role("heading", level=1)).to_have_text("PneumoLens" if title == "Overview" else title)
    expect(page.locator(PAGES.get(title, ".st-key-overview_leaderboard")).first).to_be_visible()
    rest(page)
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.get_by_text(re.compile("^Choose at least one")).count() == 0


def visit(page: Page, titles: list[str]) -> None:
    for title in titles:
        page.get_by_role("link", name=title, exact=True).first.click()
        is_whole(page, title)


@pytest.mark.long
def test_back_and_forward_walk_through_the_pages(page: Page):
    page.goto("/")
    is_whole(page, "Overview")
    titles = ["Data", "Train", "Compare"]
    visit(page, titles)
    for title in ["Train", "Data", "Overview"]:
        page.go_back()
        is_whole(page, title)
    for title in titles:
        page.go_forward()
        is_whole(page, title)


@pytest.mark.long
def test_what_a_page_adds_to_its_link_is_no_step_even_in_a_browser_that_is_slow(page: Page):
    held = []
    page.route(re.compile("BidiComponent"), lambda route: held.append(route))  # what draws the page's own components
    page.goto("/compare")
    expect(page).to_have_url(re.compile("compare_runs="))
    expect(page.locator(PAGES["Compare"]).first).to_be_visible()
    assert page.evaluate("history.length") == 2, "about:blank and this page"
    for route in held:
        route.continue_()
    is_whole(page, "Compare")


@pytest.mark.long
def test_a_filter_and_a_choice_are_undone_and_done_again(page: Page):
    page.goto("/data")
    gallery = page.locator(".st-key-data_gallery")
    expect(gallery).to_contain_text("60 of 60 images")
    rest(page)
    page.locator(".st-key-data_balance .slice").filter(has_text="PNEUMONIA").first.click()
    expect(gallery).not_to_contain_text("60 of 60 images")
    rest(page)
    chosen = re.search(r"(\d+) of 60 images", gallery.inner_text()).group(0)
    page.locator(".st-key-data_gallery .tile").first.click()
    page.get_by_role("dialog").get_by_role("link", name="Open in Inspect").click()
    expect(page).to_have_url(re.compile("/inspect"))
    rest(page)
    page.go_back()
    expect(gallery).to_contain_text(chosen)
    is_whole(page, "Data")
    page.go_back()
    expect(gallery).to_contain_text("60 of 60 images")
    page.go_forward()
    expect(gallery).to_contain_text(chosen)


@pytest.mark.long
def test_a_choice_comes_back(page: Page):
    page.goto("/compare")
    is_whole(page, "Compare")
    expect(page.locator(".st-key-compare_curves .js-plotly-plot").first).to_be_visible()  # drawn last, and the page runs again for it
    rest(page)
    curves = page.locator(".st-key-compare_curve")
    curves.get_by_text("Calibration").click()
    expect(page).to_have_url(re.compile("compare_curve=Calibration"))
    rest(page)
    visit(page, ["Data"])
    page.go_back()
    is_whole(page, "Compare")
    expect(page).to_have_url(re.compile("compare_curve=Calibration"))
    expect(curves.get_by_role("radio", name="Calibration")).to_be_checked()
    page.go_forward()
    is_whole(page, "Data")


@pytest.mark.long
def test_each_choice_of_a_page_is_a_step_and_back_shows_what_stood_there_before(page: Page):
    page.goto("/compare?compare_curve=Learning curves")
    is_whole(page, "Compare")
    curves = page.locator(".st-key-compare_curve")
    for name in ("Calibration", "ROC"):
        curves.get_by_text(name, exact=True).click()
        expect(curves.get_by_role("radio", name=name)).to_be_checked()
        rest(page)
    page.go_back()
    expect(curves.get_by_role("radio", name="Calibration")).to_be_checked()
    scaled = page.get_by_role("switch", name="After temperature scaling")
    expect(scaled).not_to_be_checked()
    rest(page)
    page.get_by_text("After temperature scaling").click()
    expect(scaled).to_be_checked()
    rest(page)
    page.go_back()
    expect(scaled).not_to_be_checked()  # its own default, which no part of the page gives it

"""Small maps on the films of a comparison, in a real browser: they come as they are computed, and a film with its maps opens in Inspect."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def address(brought) -> str:
    return brought


def test_maps_wait_until_the_films_are_on_the_screen(page: Page):
    page.goto("/compare?compare_kind=Any+answer&compare_maps=true")
    films, maps = page.locator("a[data-case]"), page.locator("a[data-case] img[alt^='Map of']")
    expect(films.first).to_be_attached()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(maps).to_have_count(0)
    films.first.scroll_into_view_if_needed()
    expect(maps).to_have_count(2 * films.count())


def test_maps_come_onto_the_films_and_a_film_with_its_maps_opens(page: Page):
    page.goto("/compare?compare_kind=Any+answer")
    gallery = page.locator(".st-key-compare_disagreements")
    films, maps = gallery.locator("a[data-case]"), gallery.locator("a[data-case] img[alt^='Map of']")
    expect(films.first).to_be_visible()
    expect(maps).to_have_count(0)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)  # what is still drawn would take the click's element away
    gallery.get_by_text("Show maps on these films").click()
    expect(maps).to_have_count(2 * films.count())
    expect(page).to_have_url(re.compile("compare_maps=true"))
    expect(gallery.get_by_text("Computing maps")).to_have_count(0)
    films.first.click()
    expect(page).to_have_url(re.compile("/inspect.*inspect_sample="))
    expect(page.locator(".maps-grid")).to_be_visible()

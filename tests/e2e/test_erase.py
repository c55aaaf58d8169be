"""Erase and ask in a real browser: a box drawn with the pointer, one with the keys, and both undone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_draw_a_box_and_undo_it(page: Page, drag):
    page.goto("/inspect?inspect_erase=true")
    box, film, answers = (page.locator(name) for name in (".st-key-inspect_erase", ".film", ".st-key-inspect_erase table"))
    expect(film).to_have_attribute("data-boxes", "0")
    stage = film.locator(".film-stage")
    drag(stage, (0.2, 0.3), (0.5, 0.6))
    expect(film).to_have_attribute("data-boxes", "1")
    expect(answers).to_contain_text("points")
    left, top, width, height = map(int, re.search(r"inspect_boxes=(\d+)-(\d+)-(\d+)-(\d+)", page.url).groups())
    assert [left, top, width, height] == pytest.approx([200, 300, 300, 300], abs=15)
    stage.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(film).to_have_attribute("data-boxes", "2")
    page.keyboard.press("Backspace")
    expect(film).to_have_attribute("data-boxes", "1")
    place = stage.bounding_box()
    page.mouse.click(
        place["x"] + 0.8 * place["width"], place["y"] + 0.8 * place["height"]
    )  # a click is a box of its own, not the one before
    expect(film).to_have_attribute("data-boxes", "2")
    for left in ("1", "0"):
        box.get_by_role("button", name="Undo").click()
        expect(film).to_have_attribute("data-boxes", left)
    expect(answers).to_have_count(0)


def test_back_leads_to_the_boxes_before_another_question(page: Page):
    page.goto("/inspect?inspect_erase=true&inspect_boxes=200-300-200-200&inspect_boxes=600-600-200-200")
    film = page.locator(".film")
    expect(film).to_have_attribute("data-boxes", "2")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.locator(".st-key-inspect_question input").click()
    page.get_by_role("option", name="Brightness").click()
    expect(page.locator(".st-key-inspect_what_if")).to_be_visible()
    page.go_back()
    expect(film).to_have_attribute("data-boxes", "2")
    expect(page).to_have_url(re.compile("inspect_boxes=200-300-200-200&inspect_boxes=600-600-200-200"))

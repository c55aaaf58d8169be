"""The Data page in a real browser: one click filters everything, and the link keeps it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_click_on_a_class_filters_gallery_table_and_link(page: Page):
    page.goto("/data")
    gallery = page.locator(".st-key-data_gallery")
    expect(gallery).to_contain_text("60 of 60 images")
    page.locator(".st-key-data_balance .slice").filter(has_text="PNEUMONIA").first.click()
    expect(gallery).not_to_contain_text("60 of 60 images")
    expect(page).to_have_url(re.compile("data_class=PNEUMONIA"))
    chosen = re.search(r"(\d+) of 60 images", gallery.inner_text()).group(0)
    expect(gallery.get_by_role("button", name=re.compile("^Normal"))).to_have_count(0)
    page.reload()
    expect(gallery).to_contain_text(chosen)
    page.locator(".st-key-data_clear button").click()
    expect(gallery).to_contain_text("60 of 60 images")
    viral = page.locator(".st-key-data_balance .slice").filter(has_text="VIRAL").first
    viral.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("data_class=VIRAL"))
    expect(gallery.get_by_role("button", name=re.compile("^Bacterial"))).to_have_count(0)
    expect(viral).to_have_attribute("aria-pressed", "true")
    viral.click()
    expect(gallery).to_contain_text("60 of 60 images")


@pytest.mark.long
def test_a_picture_opens_large_and_leads_to_inspect(page: Page):
    page.goto("/data")
    page.locator(".st-key-data_gallery .tile").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("img", name=re.compile("Chest X-ray"))).to_be_visible()
    expect(dialog).to_contain_text("1 of 60 chosen images")
    dialog.get_by_role("button", name="Next").click()
    expect(dialog).to_contain_text("2 of 60 chosen images")
    dialog.get_by_role("link", name="Open in Inspect").click()
    expect(page).to_have_url(re.compile("inspect_sample="))


@pytest.mark.long
def test_a_remedy_shows_its_epoch_and_the_prevalence_moves_the_values(page: Page):
    page.goto("/data")
    remedies = page.locator(".st-key-data_remedies")
    page.locator(".st-key-data_remedy").get_by_text("Oversampling").click()
    expect(remedies).to_contain_text("sampling=oversample")
    expect(page).to_have_url(re.compile("data_remedy=Oversampling"))
    before = remedies.get_by_text(re.compile("Of 1,000 patients")).inner_text()
    page.locator(".st-key-data_prevalence input[type=range]").focus()
    page.keyboard.press("ArrowLeft")
    expect(remedies.get_by_text(re.compile("Of 1,000 patients"))).not_to_have_text(before)


@pytest.mark.long
def test_a_lasso_on_the_map_filters_the_gallery_and_back_takes_it_away(page: Page, resting, drag):
    """A loop around the left half of the map; then a film shows itself under the pointer, and a click on it filters by it."""
    page.goto("/data")
    page.get_by_role("button", name="Make the map").click()
    gallery, stage = page.locator(".st-key-data_gallery"), page.locator(".image-map-top")
    expect(page.locator(".image-map[data-drawn]")).to_be_visible()
    expect(gallery).to_contain_text("60 of 60 images")
    drag(stage, (0.005, 0.005), (0.5, 0.005), (0.5, 0.995), (0.005, 0.995))
    expect(page).to_have_url(re.compile("data_area="))
    expect(gallery).not_to_contain_text("60 of 60 images")
    chosen = re.search(r"(\d+) of 60 images", gallery.inner_text()).group(0)
    assert 0 < int(chosen.split()[0]) < 60
    page.reload()
    expect(gallery).to_contain_text(chosen)
    page.go_back()
    expect(gallery).to_contain_text("60 of 60 images")
    expect(page).not_to_have_url(re.compile("data_area="))
    _lose_the_graphics(page)
    box = resting(stage)
    x, y = page.evaluate("document.querySelector('.image-map').map.spot(0)")
    page.mouse.move(box["x"] + x + 1, box["y"] + y)
    expect(page.locator(".image-map-tip img")).to_be_visible()
    page.mouse.click(box["x"] + x, box["y"] + y)
    expect(gallery).to_contain_text(re.compile(r"(?<!\d)\d of 60 images"))


def _lose_the_graphics(page: Page) -> None:
    """Take the map's context away and give it back, as a browser does when a driver restarts: the points come back."""
    drawn = page.locator(".image-map[data-drawn=webgl]")
    expect(drawn).to_have_count(1)
    page.evaluate("window.graphics = document.querySelector('.image-map canvas').getContext('webgl').getExtension('WEBGL_lose_context')")
    page.evaluate("graphics.loseContext()")
    expect(drawn).to_have_count(0)
    page.evaluate("graphics.restoreContext()")
    expect(drawn).to_have_count(1)
    n_painted = """() => new Promise((done) => requestAnimationFrame(() => {
        const map = document.querySelector('.image-map').map;
        const gl = map.painter.canvas.getContext('webgl');
        map.painter.draw(map, map.view());
        const pixels = new Uint8Array(4 * gl.drawingBufferWidth * gl.drawingBufferHeight);
        gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
        done(pixels.filter((value, place) => place % 4 === 3 && value > 0).length);
    }))"""
    assert page.evaluate(n_painted) > 0


@pytest.mark.long
def test_a_click_on_a_group_filters_the_page_and_back_lets_go(page: Page):
    page.goto("/data?data_by=File-name+series")
    gallery, groups = page.locator(".st-key-data_gallery"), page.locator(".st-key-data_groups")
    expect(gallery).to_contain_text("60 of 60 images")
    cell = groups.locator('.slice[aria-label^="person"][aria-label*="Test: PNEUMONIA"]')
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")  # then it keeps the history
    n = int(re.search(r"PNEUMONIA (\d+) of", cell.get_attribute("aria-label")).group(1))
    cell.click()
    expect(gallery).to_contain_text(f"{n} of 60 images")
    expect(page).to_have_url(re.compile("data_group=person"))
    expect(gallery.get_by_role("button", name=re.compile("^Normal"))).to_have_count(0)
    expect(cell).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(500)  # the browser's history takes what changes within a fifth of a second as one step
    page.go_back()
    expect(gallery).to_contain_text("60 of 60 images")
    expect(page).not_to_have_url(re.compile("data_group"))
    page.go_forward()
    expect(gallery).to_contain_text(f"{n} of 60 images")
    for key in ("data_split", "data_class"):  # quicker than the page is drawn; each found and clicked at once, as the second moves
        page.evaluate("key => document.querySelector(`.st-key-chip_${key} button`).click()", key)
    expect(page).not_to_have_url(re.compile("data_split|data_class"))
    expect(page).to_have_url(re.compile("data_group=person"))
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")  # the next chip has moved to its place
    page.locator(".st-key-chip_data_group button").first.click()
    expect(gallery).to_contain_text("60 of 60 images")


@pytest.mark.long
def test_quick_clicks_on_two_parts_leave_one_page_and_one_link(page: Page):
    page.goto("/data?data_by=File-name+series")
    groups, remedy = page.locator(".st-key-data_groups"), page.locator(".st-key-data_remedy")
    expect(groups.locator(".slice").first).to_be_visible()
    expect(remedy).to_be_visible()
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    for clicked in (
        '.st-key-data_groups .slice[aria-label^="person, Train: PNEUMONIA"]',
        ".st-key-data_remedy [role=radio]:nth-of-type(2)",
    ):
        page.evaluate("clicked => document.querySelector(clicked).click()", clicked)  # each of its own part, quicker than either is drawn
    expect(page).to_have_url(re.compile("data_remedy="))
    expect(page.locator(".st-key-data_gallery")).not_to_contain_text("60 of 60 images")
    expect(page).to_have_url(re.compile("data_group=person"))
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    expect(page).to_have_url(re.compile("(?=.*data_remedy=)(?=.*data_group=person)"))
    for key in ("data_look", "data_groups_look"):
        expect(page.locator(f".st-key-{key}")).to_have_count(1)


@pytest.mark.long
def test_a_group_gets_a_name_and_loses_it(page: Page, resting):
    page.goto("/data?data_by=series")
    groups = page.locator(".st-key-data_groups")
    opens = groups.get_by_role("button", name="Name a group")
    resting(opens)  # a form opened before hangs from a button that the growing page carries away
    opens.click()
    page.get_by_role("textbox", name="What you call it").fill("old *machine*")
    page.keyboard.press("Enter")
    expect(groups.locator(".boxes-row").filter(has_text="old *machine* (")).to_have_count(1)
    resting(opens)
    page.locator(".st-key-data_name_undo button").first.click()
    expect(groups.locator(".boxes-row").filter(has_text="old *machine*")).to_have_count(0)


@pytest.mark.long
def test_the_first_of_a_list_stands_in_the_link_where_another_is_the_default(page: Page, resting):
    page.goto("/data?data_look=Mean+image")
    against = page.get_by_role("combobox", name="against")
    expect(against).to_have_value("PNEUMONIA")
    resting(against)
    against.click()
    page.get_by_role("option", name="NORMAL", exact=True).click()
    expect(page).to_have_url(re.compile("data_second=NORMAL"))
    page.reload()
    expect(against).to_have_value("NORMAL")


@pytest.mark.long
def test_a_class_that_a_filter_left_alone_can_be_chosen_when_it_is_let_go_of(page: Page, resting):
    page.goto("/data?data_look=Mean+image&data_class=PNEUMONIA")
    first = page.get_by_role("combobox", name="Mean image of")
    expect(first).to_have_value("PNEUMONIA")
    page.get_by_role("button", name="Class: PNEUMONIA").first.click()
    expect(first).to_have_value("NORMAL")
    resting(first)
    first.click()
    page.get_by_role("option", name="PNEUMONIA", exact=True).click()
    expect(page).to_have_url(re.compile("data_first=PNEUMONIA"))
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(1000)
    expect(first).to_have_value("PNEUMONIA")
    page.reload()
    expect(first).to_have_value("PNEUMONIA")

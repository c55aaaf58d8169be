"""From the leaderboard to the images on which runs disagree, to Inspect, and back, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
LINE = 35  # height of a table's head and lines, pixels
TITLES = {"Reader 0", "Reader 1", "Reader 2"}


@pytest.fixture
def address(readers) -> str:
    return readers


def rest(page: Page) -> None:
    """Wait until no script runs: what is clicked before may be replaced under the pointer."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def click_cell(page: Page, resting: Callable[[Locator], dict], table: str, line: int, x: float) -> None:
    """Click a line of a table, which is drawn on a canvas, at a share of its width, as a reader does: look at it, then point, then click.

    A table that has just been scrolled does not know yet where it stands.
    """
    grid = page.locator(f".st-key-{table} .stDataFrameGlideDataEditor").first
    resting(grid)
    place = {"x": x * grid.bounding_box()["width"], "y": (line + 1.5) * LINE}
    grid.hover(position=place)
    grid.click(position=place)


def test_from_leaderboard_to_disagreement_to_inspect_and_back_by_link(page: Page, resting):
    page.goto("/compare")
    cases = page.locator(".st-key-compare_disagreements")
    expect(cases.locator("a[href^=inspect]").first).to_be_visible()
    letters = page.locator("b.legend-name")
    expect(letters).to_have_count(2)
    left_out = (TITLES - set(letters.all_inner_texts())).pop()

    page.get_by_text("Leaderboard of 3 runs").click()
    page.get_by_label("Filter").fill(left_out)
    page.get_by_label("Filter").press("Enter")
    expect(page.get_by_text("1 line. Tick")).to_be_visible()
    click_cell(page, resting, "compare_board_table", line=0, x=0.015)
    expect(letters).to_have_count(3)
    expect(letters.last).to_have_text(left_out)

    click_cell(page, resting, "compare_counts", line=1, x=0.97)  # normal, all wrong
    expect(page).to_have_url(re.compile("(?=.*compare_kind=All.wrong)(?=.*compare_among=Normal)"))
    page.locator(".st-key-compare_kind").get_by_text("All right").click()
    page.locator(".st-key-compare_among").get_by_text("All images").click()
    expect(page).to_have_url(re.compile("(?=.*compare_kind=All.right)(?=.*compare_among=All.images)"))
    before = page.url

    expect(cases.get_by_text("the largest gap of scores first").or_(cases.get_by_text("1 image."))).to_be_visible()
    rest(page)
    cases.locator("a[href^=inspect]").first.click()
    expect(page).to_have_url(re.compile("/inspect"))
    expect(page.get_by_text("Scores only: its model file is not here")).to_have_count(3)
    page.go_back()  # one step, within the app
    expect(letters.last).to_have_text(left_out)
    expect(page).to_have_url(re.compile("compare_kind=All.right"))
    rest(page)
    cases.locator("a[href^=inspect]").first.click()
    expect(page).to_have_url(re.compile("/inspect"))
    expect(page.get_by_text("Scores only: its model file is not here")).to_have_count(3)  # runs brought as tables read no film
    page.get_by_role("link", name="Back to the comparison").click()
    expect(letters.last).to_have_text(left_out)
    expect(page).to_have_url(re.compile("compare_kind=All.right"))
    expect(cases.locator("a[href^=inspect]").first).to_be_visible()
    page.goto(before)  # the link as a colleague would open it
    expect(letters.last).to_have_text(left_out)
    expect(cases.locator("a[href^=inspect]").first).to_be_visible()


@pytest.mark.long
def test_a_cell_of_a_confusion_matrix_opens_its_images_and_back_closes_them(page: Page, resting):
    page.goto("/compare")
    cases = page.locator(".st-key-compare_disagreements")
    expect(cases.locator("a[href^=inspect]").first).to_be_visible()
    cell = page.locator("[data-opens='1.0.1']")
    resting(cell)  # what listens to a click is there by then
    count = int(cell.locator("[data-cell='1.matrix.01']").inner_text())
    bar = page.locator(".figures-counts [data-cell='1.alarms']")
    cell.click()
    expect(page).to_have_url(re.compile("(?=.*compare_kind=B.calls.pneumonia)(?=.*compare_among=Normal)"))
    expect(cases.get_by_text(re.compile(f"^{count} images?[,.]"))).to_be_in_viewport()
    expect(bar).to_be_in_viewport()  # the threshold and its counts stay in sight
    expect(bar).to_have_text(str(count))
    rest(page)
    page.go_back()
    expect(page).not_to_have_url(re.compile("compare_kind"))
    expect(page.locator(".st-key-compare_kind").get_by_text("Any disagreement")).to_be_visible()
    expect(page.locator(".st-key-compare_kind").get_by_text("B calls pneumonia")).to_have_count(0)


@pytest.mark.long
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


GROUPS = "/compare?compare_groups=true&compare_groups_by=series"
HERALDS = "[class*=st-key-page_painted_herald]"
CHARTS = (".st-key-compare_curves .main-svg", ".st-key-compare_groups_dots .main-svg")


@pytest.mark.long
def test_the_curves_are_a_picture_until_the_browser_is_idle(page: Page):
    page.add_init_script("window.waiting = []; window.requestIdleCallback = (say) => waiting.push(say)")
    page.goto(GROUPS)
    picture, chart = page.locator(".st-key-compare_curves img[alt^=ROC]"), page.locator(".st-key-compare_curves .scatterlayer path")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert not chart.count()
    page.wait_for_function("waiting.length > 0")
    rest(page)
    page.evaluate("waiting.forEach((say, place) => setTimeout(say, 50 * place)); window.requestIdleCallback = (say) => setTimeout(say)")
    expect(chart.first).to_be_attached()
    expect(page.locator(CHARTS[1]).first).to_be_attached()
    expect(picture).to_have_count(0)
    expect(page.locator(HERALDS)).to_have_count(0)  # of two that speak while the other is answered, one would be left behind


@pytest.mark.long
def test_charts_come_though_the_server_lost_the_word_that_the_page_is_painted(page: Page):
    lost, losing = [], True

    def relay(route) -> None:
        server = route.connect_to_server()
        route.on_message(lambda message: lost.append(message) if losing and b'"event":"painted"' in message else server.send(message))

    page.route_web_socket(re.compile("_stcore/stream"), relay)
    page.goto(GROUPS)
    expect(page.locator(HERALDS)).to_have_count(2)
    rest(page)
    page.evaluate("new Promise((idle) => requestIdleCallback(idle))")
    while not lost:
        page.wait_for_timeout(100)
    losing = False
    page.get_by_text("Leaderboard of 3 runs").click()  # runs the whole page, as what takes the word away does
    for chart in CHARTS:
        expect(page.locator(chart).first).to_be_attached()
    expect(page.locator(HERALDS)).to_have_count(0)


@pytest.mark.long
def test_figures_follow_the_slider_before_the_server_answers(page: Page):
    waiting, held = [], False

    def relay(route) -> None:
        server = route.connect_to_server()
        server.on_message(lambda message: waiting.append((route, message)) if held else route.send(message))

    page.route_web_socket(re.compile("_stcore/stream"), relay)
    page.goto("/compare?compare_operating_point=Custom&compare_operating_point_threshold=0.3")
    expect(page.locator(".st-key-compare_sweep")).to_be_attached()
    figures = {name: page.locator(f"[data-cell='{name}']") for name in ("0.threshold", "0.sensitivity", "0.f1", "0.matrix.10")}
    expect(figures["0.threshold"]).to_have_text("0.300")
    rest(page)
    at_first = {name: cell.inner_text() for name, cell in figures.items()}

    held = True
    page.locator(".st-key-compare_operating_point_threshold input").focus()
    page.keyboard.press("End")
    expect(figures["0.threshold"]).to_have_text("1.000")
    expect(figures["0.sensitivity"]).to_contain_text("0.000 (0.000–")
    expect(figures["0.f1"]).to_have_text("0.000 (…)")
    assert figures["0.matrix.10"].inner_text() != at_first["0.matrix.10"], "every pneumonia is missed now"
    share = page.locator("td:has([data-cell='0.matrix.10'])")
    assert share.evaluate("cell => cell.style.getPropertyValue('--fill')") == "1.000"
    in_place = figures["0.sensitivity"].inner_text()

    held = False
    for route, message in waiting:
        route.send(message)
    expect(figures["0.f1"]).to_have_text(re.compile(r"^0\.000 \(0\.000–"))
    expect(figures["0.sensitivity"]).to_have_text(in_place)
    expect(page).to_have_url(re.compile("compare_operating_point_threshold=1"))

    held = True
    for key in ("PageDown", "Home"):
        page.keyboard.press(key)
    expect(figures["0.threshold"]).to_have_text("0.000")
    page.keyboard.press("End")
    expect(figures["0.f1"]).to_have_text(re.compile(r"^0\.000 \(0\.000–")), "the answer for a position comes back with it"
    held = False
    for route, message in waiting:
        route.send(message)
    rest(page)


@pytest.mark.long
def test_the_films_of_a_group_open_from_the_table_and_back_shows_all_again(page: Page, resting):
    page.goto(GROUPS)
    grid = page.locator(".st-key-compare_groups_table .stDataFrameGlideDataEditor").first
    expect(grid).to_be_visible()
    expect(page.locator(".st-key-compare_disagreements a[href^=inspect]").first).to_be_visible()
    click_cell(page, resting, "compare_groups_table", line=0, x=0.012)
    only = page.locator(".st-key-compare_disagreements").get_by_text(re.compile("^filter_alt Only|Only File-name series"))
    expect(only.first).to_be_in_viewport()
    expect(page).to_have_url(re.compile("compare_slice=series"))
    rest(page)
    page.go_back()
    expect(only).to_have_count(0)


@pytest.mark.long
def test_the_films_of_the_weakest_slice_open_and_back_lets_go(page: Page, resting, dashboard):
    """On shipped scores of the real set, of which no image is needed to know a film's group."""
    runs = "&".join(f"compare_runs={run}" for run in ("lens-scratch-20261124-112923-645f57", "lens-mobilenet-20261124-210109-b7c944"))
    page.goto(f"{dashboard}/compare?{runs}&compare_slices=true")
    only = page.locator(".st-key-compare_disagreements").get_by_text(re.compile(r"Only .*: [\d,]+ films?\."))
    expect(page.locator(".st-key-compare_slices")).to_contain_text("validation films called wrong")
    expect(page.locator(".st-key-compare_disagreements").get_by_text("the largest gap of scores first")).to_be_visible()
    expect(only).to_have_count(0)
    click_cell(page, resting, "compare_slices_table", line=0, x=0.015)
    expect(page).to_have_url(re.compile("compare_slice="))
    expect(only).to_be_visible()
    page.get_by_role("button", name="Show all films").click()
    expect(only).to_have_count(0)

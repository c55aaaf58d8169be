"""One to four clicks at random, close together: the page is then what its link opens in a fresh tab, with no exception and no dialog."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import UNDRAWN, is_ours

pytestmark = [pytest.mark.browser, pytest.mark.long]

ROUNDS = 5
PAUSES = (0, 0, 30, 100, 300)  # milliseconds between two clicks
CALM = 4  # looks in a row, half a second apart
# choices that stand in the link, and no work on runs, files and films
CLICKS = """([kind, one]) => {
  const leads = new RegExp("delet|remove|erase|train |start|stop|cancel|download|upload|undo|measure|fetch|copy|reproduce|sweep|recent" +
    "|open|data_source|full ?(size|screen)|import|add a", "i");
  const place = (element) => element.closest("[class*=st-key]")?.className || "";
  const said = (element) => element.getAttribute("aria-label") || element.textContent.trim();
  const usable = (element) => {
    const box = element.getBoundingClientRect();
    const off = element.disabled || element.getAttribute("aria-disabled") === "true";
    return box.width > 0 && box.height > 0 && !off && !leads.test(`${element.textContent} ${said(element)} ${place(element)}`);
  };
  const kinds = ["[role=radio]", "[class*=st-key-chip_] button", "label[data-baseweb=checkbox] input, [role=checkbox]", ".slice",
    "[aria-label=Pagination] button", "[role=tab]", "[data-testid=stPills] button, [role=option]"];
  const all = (selector) => [...document.querySelectorAll(`[data-testid=stMain] ${selector.replaceAll(", ", ", [data-testid=stMain] ")}`)];
  const lists = kinds.map((selector) => all(selector).filter(usable)).filter((list) => list.length);
  if (!lists.length) return null;
  const list = lists[Math.floor(kind * lists.length)], element = list[Math.floor(one * list.length)];
  element.click();
  return `${(place(element).match(/st-key-\\S+/) || [""])[0]} ${said(element)}`.trim();
}"""
# what is chosen; a fold that was opened and is in no link is closed in a fresh tab
STATE = """() => {
  const state = {}, root = document.querySelector("[data-testid=stMain]");
  const note = (kind, element, value) => {
    const key = (element.closest("[class*=st-key]")?.className.match(/st-key-\\S+/) || ["?"])[0];
    (state[`${kind} ${key}`] ??= []).push(value);
  };
  const each = (selector, act) => root.querySelectorAll(selector).forEach(act);
  each("[role=radio][aria-checked=true]", (e) => note("radio", e, e.textContent.trim()));
  each("input[role=combobox]", (e) => note("select", e, (e.closest("[data-baseweb=select]")?.textContent || e.value).trim()));
  each("label[data-baseweb=checkbox] input", (e) => note("check", e, e.checked));
  each("input[type=text], input[type=number], textarea", (e) => e.role === "combobox" || note("text", e, e.value));
  each("[role=slider]", (e) => note("slider", e, e.getAttribute("aria-valuenow")));
  each("[class*=st-key-chip_] button", (e) => note("chip", e, e.textContent.trim()));
  return state;
}"""


def rest(page: Page) -> None:
    """Wait until nothing has been drawn for a while: parts of a page ask for themselves when the rest stands."""
    calm, before = 0, None
    for _ in range(240):
        expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
        expect(page.locator(UNDRAWN)).to_have_count(0)
        now = page.locator("[data-testid=stMain]").inner_text()
        calm, before = (calm + 1 if now == before else 0), now
        if calm == CALM:
            return
        page.wait_for_timeout(500)
    pytest.fail("the page does not come to rest")


@pytest.fixture
def opened(context: BrowserContext) -> Callable[[str], Page]:
    """``opened("/data")``: a tab at rest, whose errors the test fails of."""
    errors: list[str] = []

    def open_(address: str) -> Page:
        tab = context.new_page()
        tab.on("console", lambda message: errors.append(message.text) if is_ours(message) else None)
        tab.goto(address)
        tab.get_by_role("heading").first.wait_for()
        rest(tab)
        return tab

    yield open_
    assert not errors


@pytest.mark.parametrize(("path", "seed"), [("/data", 1), ("/data", 2), ("/", 1), ("/compare", 1), ("/train", 1)])
def test_quick_clicks_leave_the_page_that_its_link_opens(opened, path, seed):
    chance, page, done = random.Random(seed), opened(path), []
    for _ in range(ROUNDS):
        for _ in range(chance.choice((1, 2, 2, 3, 4))):
            done.append(page.evaluate(CLICKS, [chance.random(), chance.random()]))
            page.wait_for_timeout(chance.choice(PAUSES))
        rest(page)
        assert page.locator("[data-testid=stException], [role=dialog]").count() == 0, done
        fresh = opened(page.url)
        here, there = page.evaluate(STATE), fresh.evaluate(STATE)
        fresh.close()
        assert {place: (here[place], there[place]) for place in here.keys() & there.keys() if here[place] != there[place]} == {}, done
    assert any(done), "there is something to click"

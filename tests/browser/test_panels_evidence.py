"""The panels in a browser: nothing widens the page, and two dates and sources left out are worked from them."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from components import assets, frame, view
from components.view_state import Filters, ViewState
from geodata.dates import epoch_day
from geodata.knowledge import Knowledge
from geodata.load import load

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from geodata.model import Ledger, Row
    from tests.conftest import OpenPage

pytestmark = pytest.mark.browser

WORD = "Überführungs" * 25
"""300 characters without a place to break."""
LONG = ("publisher", "publisher_note", "title", "note", "name", "short_name", "type", "governorate", "text", "asserted_by",
        "quotation", "summary", "difference", "speaker", "label", "scope", "topic", "assessment", "held_by")  # fmt: skip
WIDER = """() => {
  // A row of its own that is swiped through is not the page.
  const swiped = (one) => one && (/auto|scroll/.test(getComputedStyle(one).overflowX) || swiped(one.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5 && !each.closest(".unseen") && !swiped(each.parentElement))
    .map((each) => each.outerHTML.slice(0, 160));
}"""


def long_ledger(word: str = WORD) -> Ledger:
    """The ledger with a word without an end in every field of free text."""
    clean = load()

    def lengthened(row: Row) -> Row:
        given = {name: word for name in LONG if type(getattr(row, name, None)) is str}
        return row.model_copy(update=given)

    changed: dict[str, Any] = {}
    for part in fields(clean):
        value = getattr(clean, part.name)
        if isinstance(value, tuple):
            changed[part.name] = tuple(lengthened(row) for row in value)
        elif isinstance(value, dict):
            changed[part.name] = {key: lengthened(row) for key, row in value.items()}
    return replace(clean, **changed)


def drawn(parts: list[tuple[str, str]]) -> str:
    style = assets.text("tokens.css").partition("}")[2] + "".join(map(assets.text, frame.STYLES[4:]))
    shown = "".join(f'<div class="panels">{html}</div>' for _, html in parts)
    return f"<!doctype html><style>{style} body {{ margin: 0 }}</style>{shown}"


STATES = (
    ViewState(dt.date(2026, 1, 15), site="ain-al-asad"),
    ViewState(
        dt.date(2026, 2, 1), Knowledge(each_day=True, without=frozenset({"S2"}), without_grades=frozenset("C")),
        site="union-iii", compare=dt.date(2014, 2, 1), item="D01", filters=Filters(words="e"),
    ),
)  # fmt: skip
PAGES = sorted(frame.PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_word_without_a_break_widens_no_page(browser: Browser, name: str) -> None:
    on = long_ledger()
    page = browser.new_page()
    for state in STATES:
        shown = view.build(on, state, now=dt.date(2026, 11, 20))
        page.set_content(drawn(frame.PAGES[name][1](shown)))
        page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })')
        for width in (320, 390, 424, 1000):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(WIDER) == [], width
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_a_source_is_left_out_and_taken_back_in_the_dossier(turn_to: OpenPage) -> None:
    screen = turn_to("/?as_of=2026-02-01&site=union-iii")
    page = screen.page
    page.locator('[data-dossier="union-iii"] [data-leaveout="S2"]').first.click()
    omission = page.locator('[data-panel="omission"]')
    expect(omission).to_contain_text("On 1 February 2026 2 states fall:")
    page.wait_for_function('() => new URL(location.href).searchParams.get("without") === "S2"')
    screen.map.wait_for_function('() => window.controlLayer.category("union-iii") === "not-sourced"')
    omission.locator('[data-takeback="S2"]').click()
    expect(omission.locator(".omission")).to_have_count(0)
    screen.map.wait_for_function('() => window.controlLayer.category("union-iii") === "iraqi-forces"')
    assert not screen.errors


def test_a_change_between_two_dates_is_one_click_away(turn_to: OpenPage) -> None:
    screen = turn_to("/?as_of=2020-12-31&compare=2020-01-01")
    page = screen.page
    panel = page.locator('[data-panel="comparison"]')
    expect(panel).to_contain_text("8 sites changed category; 6 did not; 8 were not sourced on either day.")
    panel.locator('[data-passage="camp-taji"] [data-site]').click()
    expect(page.locator('[data-dossier="camp-taji"]')).to_be_visible()
    panel.locator(f'[data-passage="camp-taji"] [data-day="{epoch_day(dt.date(2020, 8, 23))}"]').click()
    expect(panel).to_contain_text("Between 1 January 2020 and 23 August 2020")
    panel.get_by_role("button", name="End the comparison").click()
    expect(panel.locator(".comparison")).to_have_count(0)
    page.wait_for_function('() => !new URL(location.href).searchParams.has("compare")')
    assert not screen.errors


def test_grades_and_what_derives_are_left_out_on_the_page_of_sources(turn_to: OpenPage) -> None:
    screen = turn_to("/?as_of=2026-02-01")
    page = screen.page
    page.get_by_role("link", name="Sources").click()
    row = page.locator("tr#S4")
    row.locator('[data-leaveout="S4"]').click()
    expect(row.locator('[data-takeback="S4"]')).to_be_visible()
    page.locator('[data-derived="out"]').click()
    expect(page.locator("tr#S1")).to_have_class("gone")
    page.locator('[data-grade="A"]').click()
    line = page.locator('[data-panel="omission"]')
    expect(line).to_contain_text("sources left out. On 1 February 2026")
    page.wait_for_function('() => new URL(location.href).searchParams.get("without_grade") === "A"')
    line.get_by_role("button", name="count all again").click()
    expect(page.locator("tr.gone")).to_have_count(0)
    assert not screen.errors


HARM = (
    '<img src=x onerror="window.broken = true"><script>window.broken = true</script>"><a href="javascript:x">'
)


def test_text_that_looks_like_markup_stays_text_where_nothing_sanitises_it(browser: Browser) -> None:
    """The panels are put into the page as our templates wrote them, so the templates alone have to escape."""
    on = long_ledger(HARM)
    page = browser.new_page()
    page.set_content("<main></main>")
    for state, name in product(STATES, PAGES):
        shown = view.build(on, state, now=dt.date(2026, 11, 20))
        for _, html in frame.PAGES[name][1](shown):
            page.evaluate("(html) => { document.querySelector('main').innerHTML = html; }", html)
            assert page.locator("main img, main script, main a[href^=javascript]").count() == 0
            if "onerror" in html:
                assert "<img src=x" in (page.locator("main").text_content() or "")
    page.wait_for_timeout(100)
    assert page.evaluate("() => window.broken") is None


def test_what_is_unfolded_stays_unfolded_when_the_day_moves(open_page: OpenPage) -> None:
    page = open_page("/?as_of=2026-01-15&site=ain-al-asad").page
    fold = page.locator("[data-dossier] details", has_text="Place, position, names")
    fold.locator("summary").click()
    expect(fold).to_have_attribute("open", "")
    page.evaluate("() => window.__atlas.actions.step(5)")
    page.wait_for_function("() => document.querySelector('[data-shown]')?.dataset.shown === '2026-01-20'")
    expect(fold).to_have_attribute("open", "")

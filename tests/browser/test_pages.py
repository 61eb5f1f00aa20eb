"""The pages of the evidence: each opens cold from its link, is found by links, filtered, followed back, and worked by keys."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.conftest import OpenPage, Screen

pytestmark = pytest.mark.browser

DAY = "2026-01-18"
HEADED = {
    "statements": "Statements",
    "promises": "Promises",
    "disagreements": "Disagreements",
    "sites": "Sites",
    "site": "Ain al-Asad Air Base",
    "sources": "Sources",
    "briefing": "Briefing",
    "data": "Data",
}


LOSE_NEXT_MESSAGE = """() => {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = () => (WebSocket.prototype.send = send);
}"""


def query(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def body(page: Page) -> Locator:
    return page.locator(".st-key-atlas-body")


def page_path(page: Page) -> str:
    return urlsplit(page.url).path


def copied(page: Page, words: str) -> str:
    """Wait until the clipboard holds a text with these words, and return it."""
    for _ in range(100):
        text = str(page.evaluate("() => navigator.clipboard.readText()"))
        if words in text:
            return text
        page.wait_for_timeout(50)  # a predicate that promises its answer is taken for true before it has one
    raise AssertionError(f"the clipboard does not hold {words!r} but {text!r}")


def wait_for_query(page: Page, name: str, value: str | None) -> None:
    page.wait_for_function(
        "([name, value]) => new URLSearchParams(location.search).get(name) === value", arg=[name, value]
    )


@pytest.mark.parametrize("name", sorted(HEADED))
def test_every_page_opens_cold_from_its_link_and_fits_the_screen(open_page: OpenPage, name: str) -> None:
    check_page(open_page(address_of(name), wait=False), name)


@pytest.mark.parametrize("name", sorted(HEADED))
def test_every_page_fits_the_screen_of_a_phone(turn_to: OpenPage, name: str) -> None:
    check_page(turn_to(address_of(name), touch=True), name)


def address_of(name: str) -> str:
    return f"/{name}?as_of={DAY}&site=ain-al-asad"


def check_page(screen: Screen, name: str) -> None:
    page = screen.page
    heading = body(page).get_by_role("heading", level=1)
    expect(heading).to_have_count(1)
    expect(heading).to_contain_text(HEADED[name])
    page.wait_for_function("() => window.__atlas?.lives")
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{wide} px wider than the screen"
    assert (
        page.evaluate(
            """() => { const body = document.querySelector('.st-key-atlas-body'); return body.scrollWidth - body.clientWidth; }"""
        )
        <= 0
    )
    levels = body(page).evaluate(
        "(node) => [...node.querySelectorAll('h1, h2, h3, h4')].map((one) => Number(one.tagName[1]))"
    )
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    named = body(page).evaluate(
        """(node) => [...node.querySelectorAll("button, a[href], select, input, summary")]
          .filter((one) => one.checkVisibility() && !(one.ariaLabel || one.textContent.trim() || one.labels?.length || one.title))
          .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert named == [], "controls without a name"
    left_out = body(page).evaluate(
        """(node) => [...node.querySelectorAll("a[href], button:not(:disabled), input, select, summary, details")]
          .filter((one) => one.checkVisibility() && (one.matches("details") ? one.hasAttribute("tabindex") : one.tabIndex < 0))
          .filter((one) => !one.closest(".strip, [class*=spark], [class*=life]")) // their days are in a list beside them
          .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert left_out == [], "controls the keyboard does not reach"
    ids = body(page).evaluate(
        "(node) => [...node.querySelectorAll('[data-item]')].map((one) => one.dataset.item)"
    )
    assert len(ids) == len(set(ids)), "one thing stands once on a page"
    assert screen.errors == []


ITEMS = {
    "G4": ("statements", "strategic threat"),
    "Q1-2": ("statements", "reappearance of ISIS"),
    "A07": ("statements", "2026"),
    "PH-1": ("promises", "2025"),
    "D05": ("disagreements", "Ain al-Asad"),
    "E018.S0": ("site", "ain al-asad"),
    "P037": ("sources", "P037"),
}


@pytest.mark.parametrize("item", ["Q1-2", "D05"])
def test_a_cold_link_to_one_thing_brings_it_into_sight_and_marks_it(open_page: OpenPage, item: str) -> None:
    check_target(open_page(address_of_item(item), wait=False).page, item)


@pytest.mark.parametrize("item", ITEMS)
def test_a_link_to_one_thing_brings_it_into_sight_and_marks_it(turn_to: OpenPage, item: str) -> None:
    check_target(turn_to(address_of_item(item)).page, item)


def address_of_item(item: str) -> str:
    return f"/{ITEMS[item][0]}?as_of={DAY}&site=ain-al-asad&item={item}"


def check_target(page: Page, item: str) -> None:
    address, words = ITEMS[item]
    target = body(page).locator(f'[data-item="{item}"]')
    expect(target).to_have_class(re.compile("is-target"))
    expect(target).to_be_in_viewport()
    expect(target.locator("summary").first if address == "disagreements" else target).to_be_focused()
    assert words.lower() in (target.text_content() or "").lower() or address == "site"


def test_from_a_mark_to_the_words_it_rests_on_in_two_clicks_and_back(open_page: OpenPage) -> None:
    screen = open_page(f"/?as_of={DAY}")
    page = screen.page
    page.evaluate("() => window.__atlas.actions.select('ain-al-asad')")  # the first click, on the mark
    dossier = page.locator("[data-dossier='ain-al-asad']")
    expect(dossier.locator("[data-claim]").first).to_be_visible()
    words = dossier.locator(".claims .q").first.text_content() or ""
    assert "these sites are now under the full administration" in words  # after one click they stand there
    dossier.get_by_role("link", name=re.compile("^record of source")).first.click()
    expect(page.locator(".st-key-atlas-page-sources")).to_be_visible()
    target = page.locator(".is-target")
    expect(target).to_be_in_viewport()
    item = query(page)["item"]
    assert target.get_attribute("data-item") == item
    page.go_back()
    expect(page.locator("[data-dossier='ain-al-asad']")).to_be_visible()
    assert query(page).get("item") is None
    assert page.evaluate("() => window.__atlas.state.site") == "ain-al-asad"
    assert screen.errors == []


def test_every_drawn_site_leads_to_its_own_page(turn_to: OpenPage) -> None:
    page = turn_to(f"/sites?as_of={DAY}").page
    page.wait_for_function("() => window.__atlas?.lives")
    link = body(page).locator('a[data-page="site"][data-with*="site=camp-taji"]').first
    link.click()
    heading = body(page).get_by_role("heading", level=1)
    expect(heading).to_contain_text("Taji")
    assert query(page)["site"] == "camp-taji"
    page.go_back()
    expect(page.locator(".st-key-atlas-page-sites")).to_be_visible()


def test_a_search_narrows_the_list_and_keeps_the_caret(turn_to: OpenPage) -> None:
    screen = turn_to(f"/statements?as_of={DAY}")
    page = screen.page
    page.wait_for_function("() => window.__atlas?.lives")
    field = body(page).locator("input[data-filter=q]")
    field.click()
    page.keyboard.type("الادارة", delay=60)
    wait_for_query(page, "q", "الادارة")
    expect(body(page).locator("[data-item=G2]")).to_be_visible()
    expect(body(page).locator("[data-item=G11]")).to_have_count(0)
    expect(field).to_be_focused()
    page.keyboard.type("x")
    wait_for_query(page, "q", "الادارةx")
    expect(field).to_have_value("الادارةx")
    body(page).locator('[data-filter-clear=""]').first.click()
    wait_for_query(page, "q", None)
    expect(field).to_have_value("")
    expect(body(page).locator("[data-item=G11]")).to_be_visible()
    assert screen.errors == []


def test_a_cold_link_with_filters_shows_them_in_the_fields(open_page: OpenPage) -> None:
    page = open_page(f"/statements?as_of={DAY}&q=strategic&speaker=nobody%20at%20all", wait=False).page
    expect(body(page).locator("input[data-filter=q]")).to_have_value("strategic")
    expect(body(page).locator("select[data-filter=speaker]")).to_have_value("nobody at all")
    expect(body(page).locator("[data-item=G4]")).to_have_count(0)


def test_the_filters_of_one_page_do_not_follow_to_another(turn_to: OpenPage) -> None:
    page = turn_to(f"/statements?as_of={DAY}&q=strategic&item=G4&known_on=2026-02-01").page
    page.wait_for_function("() => window.__atlas?.lives")
    page.locator(".atlas-nav").get_by_role("link", name="Sites").click()
    expect(page.locator(".st-key-atlas-page-sites")).to_be_visible()
    assert {"q", "item"}.isdisjoint(query(page))
    assert query(page)["known_on"] == "2026-02-01", "what counts as known goes along"
    page.go_back()
    expect(body(page).locator("input[data-filter=q]")).to_have_value("strategic")


def test_a_column_sorts_both_ways_and_keeps_the_focus(turn_to: OpenPage) -> None:
    page = turn_to(f"/sites?as_of={DAY}").page
    page.wait_for_function("() => window.__atlas?.lives")
    button = body(page).locator("[data-sort]").first
    name = button.get_attribute("data-sort")
    rows = body(page).locator("tbody tr")
    expect(rows).to_have_count(22)
    button.focus()
    page.keyboard.press("Enter")
    wait_for_query(page, "sort", name)
    first = rows.first.get_attribute("data-row") or ""
    body(page).locator(f'[data-sort="{name}"]').press("Enter")
    wait_for_query(page, "sort", f"-{name}")
    expect(rows.last).to_have_attribute("data-row", first)
    expect(body(page).locator(f'[data-sort="{name}"]')).to_be_focused()


def test_the_clock_works_under_a_page_and_the_keys_turn_its_leaves(turn_to: OpenPage) -> None:
    page = turn_to(f"/sites?as_of={DAY}").page
    page.wait_for_function("() => window.__atlas?.lives")
    expect(body(page).get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    assert query(page)["as_of"] == DAY
    page.locator("[role=slider][aria-label=Date]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('[data-shown]')?.dataset.shown === '2026-01-19'")
    expect(body(page)).to_contain_text("19 January 2026")


def test_a_quotation_is_copied_with_its_citation(turn_to: OpenPage) -> None:
    page = turn_to(f"/statements?as_of={DAY}&item=Q0-1").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.wait_for_function("() => window.__atlas?.lives")
    page.locator('[data-item="Q0-1"] details.cite > summary').first.click()
    page.locator('[data-copy-from*="citation.bib?item=Q0-1"]').first.click()
    text = copied(page, "these sites are now under the full administration")
    assert text.startswith("@")
    assert "964media" in text


def test_a_link_to_one_sentence_is_copied(turn_to: OpenPage) -> None:
    page = turn_to(f"/statements?as_of={DAY}&item=G2").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.wait_for_function("() => window.__atlas?.lives")
    page.locator('[data-copy-link="G4"]').first.click()
    assert f"as_of={DAY}" in copied(page, "item=G4")


def test_every_page_is_in_the_header_and_says_that_it_is_open(turn_to: OpenPage) -> None:
    screen = turn_to(f"/?as_of={DAY}")
    page = screen.page
    for name in ("Statements", "Promises", "Disagreements", "Sites", "Sources", "Briefing", "Data"):
        page.locator(".atlas-nav").get_by_role("link", name=name, exact=True).click()
        expect(page.locator(f".st-key-atlas-page-{name.lower()}")).to_be_visible()
        expect(page.locator(".atlas-nav [aria-current=page]")).to_have_text(name)
        assert query(page)["as_of"] == DAY
    assert screen.errors == []


def test_nonsense_in_the_address_is_answered_calmly(open_page: OpenPage) -> None:
    """Every page's own answer to every oddity is tested without a browser (tests/components/test_pages.py)."""
    odd = (
        "item=%3Cscript%3Ealert(1)%3C/script%3E&q=%00%ff%3Cimg%20src=x%20onerror=alert(1)%3E&since=2026-13-45"
    )
    screen = open_page(f"/statements?as_of={DAY}&{odd}&speaker={'x' * 5000}", wait=False)
    expect(body(screen.page).get_by_role("heading", level=1)).to_have_count(1)
    expect(screen.page.locator(".atlas-notice")).to_have_count(3)
    assert "could not be drawn" not in screen.page.content()
    assert screen.errors == []


def test_the_names_of_the_pages_keep_clear_of_the_search(turn_to: OpenPage) -> None:
    page = turn_to(f"/statements?as_of={DAY}").page
    page.wait_for_function("() => window.__atlas?.lives")
    for width in (900, 1024, 1100, 1200, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        nav, search = page.locator(".atlas-nav").bounding_box(), page.locator(".ab-search").bounding_box()
        assert nav is not None
        assert search is not None
        assert nav["x"] + nav["width"] <= search["x"], width


@pytest.mark.parametrize("name", ["Statements", "Data"])
def test_the_open_page_is_in_sight_in_the_header_of_a_phone(open_page: OpenPage, name: str) -> None:
    page = open_page(f"/{name.lower()}?as_of={DAY}", width=390, height=844, touch=True, wait=False).page
    expect(page.locator(".atlas-nav [aria-current=page]")).to_be_in_viewport(ratio=0.8)


@pytest.mark.parametrize("address", ["statements", "sources"])
def test_a_page_of_text_is_scrolled_by_the_keyboard_at_once(open_page: OpenPage, address: str) -> None:
    page = open_page(f"/{address}?as_of={DAY}", wait=False).page
    page.wait_for_function("() => window.__atlas?.lives")
    expect(body(page)).to_be_focused()
    page.keyboard.press("PageDown")
    page.wait_for_function("() => document.querySelector('.st-key-atlas-body').scrollTop > 200")


def test_the_first_stop_leads_past_the_header(open_page: OpenPage) -> None:
    page = open_page(f"/?as_of={DAY}").page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(body(page)).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("() => Boolean(document.activeElement.closest('[data-panel]'))")


def test_paper_begins_with_the_page(turn_to: OpenPage) -> None:
    page = turn_to(f"/site?as_of={DAY}&site=camp-taji").page
    page.wait_for_function("() => window.__atlas?.lives")
    heading = body(page).get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    page.emulate_media(media="print")
    box = heading.bounding_box()
    assert box is not None
    assert box["y"] < 200


def test_a_linked_dossier_is_in_sight_on_a_phone(open_page: OpenPage) -> None:
    screen = open_page(f"/?as_of={DAY}&site=ain-al-asad", width=390, height=844, touch=True)
    page = screen.page
    expect(page.locator("[data-dossier] h2")).to_be_in_viewport()
    page.wait_for_timeout(2500)  # the map above it may still grow
    expect(page.locator("[data-dossier] h2")).to_be_in_viewport()


def test_the_citation_of_the_dashboard_is_of_the_view_on_screen(turn_to: OpenPage) -> None:
    page = turn_to("/sources?as_of=2026-01-16&known_on=2026-01-15").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.wait_for_function("() => window.__atlas?.lives")
    page.locator('[data-copy-from$="citation.txt"]').first.click()
    text = copied(page, "16 January 2026")
    assert "as_of=2026-01-16" in text
    assert "known_on=2026-01-15" in text


def test_panels_that_are_put_up_anew_are_as_the_reader_left_them(turn_to: OpenPage) -> None:
    """A run that overtakes another makes Streamlit take all panels down and put the same ones up."""
    page = turn_to(f"/statements?as_of={DAY}&item=G4").page
    target = body(page).locator('[data-item="G4"]')
    expect(target).to_be_focused()
    fold = target.locator("details").first
    fold.locator("summary").first.click()
    fold.locator("summary").first.focus()
    had, has = page.evaluate(
        """async () => {
          const { mount } = await import("/browser/panels.js");
          const seen = () => [document.querySelector(".st-key-atlas-body").scrollTop, document.querySelectorAll("[data-item=G4] details[open]").length,
            document.activeElement.textContent];
          const host = document.querySelector(".atlas-parts"), root = host.parentElement;
          const parts = [...host.children].map((node) => [node.dataset.panel, node.written]);
          const had = seen();
          host.remove(); // as React does; the page jumps to its beginning
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          root.atlasPanels.close();
          delete root.atlasPanels;
          mount({ root, data: { parts }, store: window.__atlas });
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          return [had, seen()];
        }"""
    )
    assert had[0] > 500
    assert had[1] == 1
    assert has == had


def test_a_report_does_not_overtake_the_change_of_page(turn_to: OpenPage) -> None:
    """Streamlit takes runs that wait together, with the page of the last: a report names the one that is shown."""
    page = turn_to(f"/?as_of={DAY}").page
    page.evaluate(
        """() => {
          const ear = window.__atlasEar;
          let tell = ear.tell;
          window.reported = [];
          const spy = (value) => { reported.push([__atlas.page(), location.pathname]); tell(value); };
          Object.defineProperty(ear, "tell", { configurable: true, get: () => spy, set: (value) => { tell = value; } });
          window.undo = [() => Object.defineProperty(ear, "tell", { value: tell, writable: true })];
          __atlas.go("site", { site: "ain-al-asad" });
          __atlas.set({ site: "camp-taji" });
        }"""
    )
    expect(body(page).locator("h1")).to_contain_text("Camp Taji")
    reported = page.evaluate("() => window.reported")
    assert reported
    assert all(shown == "site" and path == "/site" for shown, path in reported)


def test_a_page_whose_wish_was_lost_is_asked_for_again(turn_to: OpenPage) -> None:
    page = turn_to(f"/?as_of={DAY}").page
    page.evaluate(LOSE_NEXT_MESSAGE)
    page.evaluate(
        """() => {
          __atlas.go("sites");
          history.pushState(null, "", "/?as_of=2026-01-18"); // as Streamlit does when the old page has run once more
        }"""
    )
    expect(body(page).locator("h1")).to_have_text("Sites")
    assert page_path(page) == "/sites"


def test_the_second_of_two_quick_clicks_counts(turn_to: OpenPage) -> None:
    page = turn_to(f"/?as_of={DAY}").page
    page.evaluate("() => { __atlas.go('sites'); __atlas.go('.'); }")
    page.wait_for_timeout(1000)
    expect(page.locator(".atlas-nav")).to_have_attribute("data-page-shown", "")
    expect(page.locator(".st-key-atlas-page-map")).to_be_attached()


def test_a_page_that_was_given_up_can_be_asked_for_again(turn_to: OpenPage) -> None:
    page = turn_to(f"/?as_of={DAY}").page
    page.evaluate(LOSE_NEXT_MESSAGE)
    page.evaluate("() => { __atlas.go('promises'); __atlas.stay(); }")
    assert page_path(page) == "/"
    page.evaluate(
        "() => { history.replaceState(null, '', '/promises' + location.search); __atlas.go('promises'); }"
    )
    expect(body(page).locator("h1")).to_have_text("Promises")

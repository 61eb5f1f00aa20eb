"""The tools in the header: search in any spelling, known-on date, link, help, notices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.conftest import put_guide_away

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from tests.conftest import Devices, OpenPage, Server

pytestmark = pytest.mark.browser


def bar_on(show: OpenPage, path: str = "/", **device: Any) -> Page:
    page = show(path, **device).page
    expect(page.locator(".atlas-clock:not(.is-loading)")).to_be_visible()
    expect(page.locator(".atlas-bar")).to_be_visible()
    return page


@pytest.fixture(scope="module")
def still(devices: Devices, server: Server) -> Iterator[Page]:
    """One page for all tests whose traces `page` can wipe away."""
    page = devices(touch=False).context.new_page()
    page.goto(server.url)
    expect(page.locator(".atlas-clock:not(.is-loading)")).to_be_visible(timeout=60_000)
    put_guide_away(page)
    yield page
    page.close()


@pytest.fixture
def page(still: Page) -> Page:
    """The shared page as if just opened: no dialog, no site, no known-on date, nothing typed, copying as it was."""
    still.bring_to_front()  # frames come slowly to a page that stands behind another
    still.evaluate(
        """() => {
          document.querySelector("dialog[open]")?.close();
          document.activeElement?.blur();
          document.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
          document.querySelector(".ab-search input").value = "";
          delete navigator.clipboard.writeText;
          delete document.execCommand;
          window.__atlas.actions.select(null);
          window.__atlas.actions.setKnown(null);
          window.__atlas.actions.takeBack(null);
        }"""
    )
    still.wait_for_function(
        """() => {
          const { lives, state } = window.__atlas;
          return state.online && lives.known_on === null && !lives.without.length;
        }"""
    )
    return still


def guide(page: Page) -> Locator:
    return page.get_by_role("complementary", name="How to read the map")


def state(page: Page, key: str) -> Any:
    return page.evaluate("(key) => window.__atlas.state[key]", key)


def rows(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Sites").get_by_role("option")


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Find a site")


def test_a_site_is_found_in_any_spelling_or_script(page: Page) -> None:
    spellings = {
        "Assad": "ain-al-asad",
        "Q-West": "qayyarah-west",
        "عين الأسد": "ain-al-asad",
        "k1": "k1",
        "عَيْن الاسد": "ain-al-asad",
        "qayarah": "qayyarah-west",
        "ayn al asad": "ain-al-asad",
        "taqadum": "al-taqaddum",
        "tadji": "camp-taji",
        "bashur": "harir",
        "besmayah": "besmaya",
    }
    for typed, site in spellings.items():
        page.keyboard.press("/")
        expect(field(page)).to_be_focused()
        field(page).fill(typed)
        expect(rows(page).first).to_be_visible()
        page.keyboard.press("Enter")
        assert state(page, "site") == site, typed
        expect(page.get_by_role("listbox", name="Sites")).to_be_hidden()


def test_the_list_is_walked_by_keyboard_and_closed_without_choosing(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    expect(rows(page)).to_have_count(len(page.evaluate("() => window.__atlas.lives.sites")))
    active = field(page).get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    assert field(page).get_attribute("aria-activedescendant") != active
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    assert state(page, "site") is None


def test_an_unknown_name_says_so_and_lists_all_sites(page: Page) -> None:
    field(page).fill("zzz <b>")
    sites = len(page.evaluate("() => window.__atlas.lives.sites"))
    expect(page.locator(".ab-results").get_by_role("status")).to_have_text(
        f"No site called “zzz <b>”; {sites} sites are listed below."
    )
    expect(rows(page)).to_have_count(sites)


def test_the_known_on_date_is_typed_explained_and_undone(page: Page) -> None:
    page.locator(".atlas-bar").get_by_role("button", name="Known today").click()
    reported = page.get_by_label("Reported by", exact=True)
    expect(reported).to_be_focused()
    reported.fill("someday")
    reported.press("Enter")
    expect(page.locator(".ab-wrong")).to_contain_text("18 Sep 2025")
    assert state(page, "known") is None
    reported.fill("18 Sep 2025")
    reported.press("Enter")
    assert state(page, "known") == "2025-09-18"
    page.get_by_role("button", name="As reported by 18 Sep 2025").click()
    page.get_by_role("button", name="Back to what is known today").click()
    assert state(page, "known") is None


def test_the_link_is_copied_whole(page: Page) -> None:
    page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert "as_of=" in page.evaluate("() => window.copied")


def test_without_a_clipboard_the_link_is_shown_to_copy_by_hand(page: Page) -> None:
    page.evaluate(
        """() => {
          navigator.clipboard.writeText = () => Promise.reject(new Error("refused"));
          document.execCommand = () => false;
        }"""
    )
    page.get_by_role("button", name="Copy link").click()
    shown = page.get_by_label("Link to this view").locator("input")
    expect(shown).to_be_focused()
    assert "as_of=" in shown.input_value()


def test_the_question_mark_opens_help_and_escape_leaves_the_site_selected(page: Page) -> None:
    page.evaluate("() => window.__atlas.actions.select('ain-al-asad')")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Help")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("previous or next change")
    for mark in ("Red dotted:", "Hatched:", "Hollow:"):
        expect(dialog).to_contain_text(mark)
    page.keyboard.press("ArrowLeft")  # keys behind the dialog rest
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert state(page, "site") == "ain-al-asad"


def test_how_to_read_comes_once_beside_the_map_and_never_again(open_page: OpenPage) -> None:
    page = bar_on(open_page)
    expect(guide(page)).to_be_visible()
    card = guide(page).bounding_box()
    frame = page.locator("iframe").first.bounding_box()
    assert card
    assert frame
    assert card["x"] >= frame["x"] + frame["width"] - 1
    page.get_by_role("button", name="Got it").click()
    expect(guide(page)).to_be_hidden()
    page.reload()
    expect(page.locator(".atlas-clock:not(.is-loading)")).to_be_visible()
    expect(guide(page)).to_be_hidden()
    page.get_by_role("button", name="Help: keys and how to read the map").click()
    expect(page.get_by_role("dialog", name="Help")).to_contain_text("Not sourced.")


def test_beside_a_dossier_how_to_read_starts_as_one_line(open_page: OpenPage) -> None:
    page = bar_on(open_page, "/?as_of=2026-01-15&site=ain-al-asad")
    expect(guide(page)).to_be_visible()
    card = guide(page).bounding_box()
    assert card
    assert card["height"] < 50
    page.get_by_role("button", name="New here?").click()
    expect(page.get_by_role("dialog", name="Help")).to_be_visible()
    expect(guide(page)).to_be_hidden()


def test_where_a_link_points_at_something_how_to_read_starts_as_one_line(open_page: OpenPage) -> None:
    page = bar_on(open_page, "/?as_of=2026-01-15&compare=2020-02-02&without_grade=B")
    card = guide(page).bounding_box()
    assert card
    assert card["height"] < 50


def test_how_to_read_stays_with_the_map_on_no_other_page(open_page: OpenPage) -> None:
    for link in ("/?as_of=2026-01-15", "/?as_of=2026-01-15&compare=2020-02-02"):  # the card, and the one line
        page = bar_on(open_page, link)
        expect(guide(page)).to_be_visible()
        page.locator(".atlas-nav").get_by_role("link", name="Sources", exact=True).click()
        expect(page.locator(".st-key-atlas-page-sources")).to_be_visible()
        expect(guide(page)).to_be_hidden()


def test_how_to_read_stays_beside_the_map_and_above_the_clock_on_a_narrow_desk(open_page: OpenPage) -> None:
    page = bar_on(open_page, width=1024, height=700)
    card = guide(page).bounding_box()
    frame = page.locator("iframe").first.bounding_box()
    clock = page.locator(".atlas-clock").bounding_box()
    assert card
    assert frame
    assert clock
    assert card["x"] >= frame["x"] + frame["width"] - 1
    assert card["y"] + card["height"] <= clock["y"]


def test_choosing_sources_covers_no_panel(page: Page) -> None:
    sources_button(page).click()
    chooser = page.get_by_role("dialog", name="Leave out sources")
    expect(chooser).to_contain_text("unreliable or machine-written, used for nothing")
    box = chooser.bounding_box()
    frame = page.locator("iframe").first.bounding_box()
    assert box
    assert frame
    assert box["x"] + box["width"] <= frame["x"] + frame["width"]


def test_a_lost_connection_is_said_calmly_and_unsaid(open_page: OpenPage) -> None:
    page = bar_on(open_page)
    page.context.set_offline(True)
    expect(page.get_by_text("Connection lost")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Connection lost")).to_be_hidden(timeout=30_000)


def test_the_data_date_is_on_screen_and_the_whole_version_in_help(page: Page) -> None:
    date, fingerprint = page.evaluate("() => window.__atlas.lives.data_version").split(" · ")
    version = page.locator(".ab-version")
    expect(version).to_have_text(f"Data {date}")
    expect(version).to_be_visible()
    assert fingerprint in (version.get_attribute("title") or "")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Help")).to_contain_text(
        f"Data {date}, fingerprint {fingerprint}."
    )


def test_on_a_phone_search_and_menu_open_over_the_page(turn_to: OpenPage) -> None:
    page = bar_on(turn_to, width=390, height=844, touch=True)
    page.get_by_role("button", name="Search for a site").tap()
    expect(field(page)).to_be_focused()
    box = field(page).bounding_box()
    assert box
    assert box["width"] > 280
    field(page).fill("erbil")
    rows(page).first.tap()
    assert state(page, "site") == "erbil-ab"
    page.get_by_role("button", name="More tools").tap()
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_theme_is_switched_by_choice_in_the_middle_of_playback(open_page: OpenPage) -> None:
    page = bar_on(open_page, "/?as_of=2020-08-23&site=camp-taji")
    page.evaluate("() => { window.here = true; window.__atlas.set({ speed: 0.5, playing: true }); }")
    page.get_by_role("button", name="Use the dark theme").click()
    expect(page.locator("html[data-theme=dark]")).to_be_attached()
    expect(page.get_by_role("button", name="Use the light theme")).to_be_visible()
    assert page.evaluate("() => window.here") is True, "the page was loaded again"
    assert state(page, "playing") is True
    assert state(page, "site") == "camp-taji"
    page.evaluate("() => window.__atlas.actions.pause()")
    page.reload()
    expect(page.locator("html[data-theme=dark]")).to_be_attached(timeout=30_000)
    expect(page.locator(".atlas-clock:not(.is-loading)")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Use the light theme").click()
    expect(page.locator("html[data-theme=light]")).to_be_attached()


def test_the_search_shows_fifty_of_many_and_says_how_many_more(page: Page) -> None:
    shown = page.evaluate(
        """() => {
          const real = window.__atlas.lives;
          const sites = Array.from({ length: 10000 }, (_, at) => ({ ...real.sites[0], id: `s${at}`, name: `Site ${at}`, short: `Site ${at}`, names: [], name_local: null }));
          window.__atlas.setLives({ ...real, version: "many", sites });
          const input = document.querySelector(".ab-search input");
          const type = (text) => {
            input.value = text;
            input.dispatchEvent(new Event("input", { bubbles: true }));
            const results = document.querySelector(".ab-results");
            return [results.querySelectorAll("[role=option]").length, results.querySelector(".ab-note:last-child").textContent, results.querySelector("[role=option]")?.textContent];
          };
          const found = { all: type("site"), one: type("site 777"), misspelt: type("siite 778") };
          window.__atlas.setLives(real);
          type("");
          return found;
        }"""
    )
    assert shown["all"][:2] == [50, "and 9,950 more: type to narrow"]
    assert shown["one"][2].startswith("Site 777")
    assert shown["misspelt"][2].startswith("Site 778")


def sources_button(page: Page) -> Locator:
    return page.locator(".atlas-bar .ab-tool").filter(has_text=re.compile("sources?$")).first


def test_a_source_is_found_left_out_and_taken_back(page: Page) -> None:
    first = page.evaluate("() => window.__atlas.lives.sources[0]")
    expect(sources_button(page)).to_have_text("All sources")
    sources_button(page).click()
    panel = page.get_by_role("dialog", name="Leave out sources")
    finder = panel.get_by_role("combobox", name="Find a source to leave out")
    expect(finder).to_be_focused()
    finder.fill(first["id"])
    finder.press("Enter")
    assert state(page, "without") == [first["id"]]
    expect(sources_button(page)).to_have_text("Without 1 source")
    out = panel.get_by_role("list", name="Sources left out")
    expect(out.get_by_role("listitem")).to_have_count(1)
    expect(out).to_contain_text(first["publisher"])
    page.wait_for_function("(id) => window.__atlas.lives.without.includes(id)", arg=first["id"])
    page.wait_for_function(
        "(id) => new URLSearchParams(location.search).get('without') === id", arg=first["id"]
    )
    out.get_by_role("button", name=re.compile("^Count .* again$")).click()
    assert state(page, "without") == []
    expect(finder).to_be_focused()
    expect(sources_button(page)).to_have_text("All sources")
    page.wait_for_function("() => !new URLSearchParams(location.search).has('without')")


def test_a_whole_grade_and_what_derives_from_sources_are_left_out(page: Page) -> None:
    graded = page.evaluate("() => window.__atlas.lives.sources.filter(({ grade }) => grade === 'B').length")
    sources_button(page).click()
    panel = page.get_by_role("dialog", name="Leave out sources")
    grade = panel.get_by_role("button", name=f"Leave out grade B: {graded} sources")
    grade.click()
    expect(grade).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("(count) => window.__atlas.lives.without.length === count", arg=graded)
    expect(sources_button(page)).to_have_text(f"Without {graded} sources")
    page.wait_for_function("() => new URLSearchParams(location.search).get('without_grade') === 'B'")
    panel.get_by_label("and what derives from them").check()
    page.wait_for_function("() => new URLSearchParams(location.search).get('derived') === 'out'")
    assert state(page, "derived") is True
    panel.get_by_role("button", name="Count all again").click()
    page.wait_for_function("() => !window.__atlas.lives.without.length")
    expect(sources_button(page)).to_have_text("All sources")
    assert state(page, "derived") is False


def test_sources_nobody_has_are_said_to_be_missing(page: Page) -> None:
    sources_button(page).click()
    finder = page.get_by_role("combobox", name="Find a source to leave out")
    finder.fill("zzz" * 200)
    note = page.get_by_role("dialog", name="Leave out sources").locator(".ab-note")
    expect(note).to_contain_text("No source fits “zzz")
    assert len(note.text_content() or "") < 70
    finder.press("Enter")
    assert state(page, "without") == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Leave out sources")).to_be_hidden()
    expect(sources_button(page)).to_be_focused()


def test_an_address_without_sources_opens_without_them(open_page: OpenPage) -> None:
    page = bar_on(open_page, "/?as_of=2026-01-15&without=S0,S1")
    assert state(page, "without") == ["S0", "S1"]
    expect(sources_button(page)).to_have_text("Without 2 sources")


def test_help_explains_every_control_of_the_clock(page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Help")
    for words in (
        "By change, by time.",
        "Loop.",
        "Compare.",
        "Keep the start.",
        "as reported by that day.",
        "All sources.",
        "it is not what the world knew",
    ):
        expect(dialog).to_contain_text(words)


def test_names_that_look_like_markup_stay_words(page: Page) -> None:
    shown = page.evaluate(
        """() => {
          const nasty = '<img src=x onerror="window.broken = true">';
          const real = window.__atlas.lives;
          const lives = structuredClone(real);
          Object.assign(lives, { version: "nasty", data_version: nasty });
          for (const site of lives.sites) {
            Object.assign(site, { name: nasty, short: nasty, name_local: nasty, governorate: nasty, names: [nasty] });
          }
          for (const category of lives.categories) category.label = nasty;
          for (const source of lives.sources) Object.assign(source, { publisher: nasty, title: nasty, published: nasty });
          window.__atlas.setLives(lives);
          const type = (selector) => {
            const input = document.querySelector(selector);
            input.value = "img";
            input.dispatchEvent(new Event("input", { bubbles: true }));
          };
          type(".ab-search input");
          type(".ab-finder input");
          const found = {
            sites: document.querySelector("#atlas-bar-sites").textContent,
            sources: document.querySelector("#atlas-bar-sources").textContent,
            images: document.querySelectorAll(".atlas-bar img").length,
          };
          window.__atlas.setLives(real);
          return found;
        }"""
    )
    assert "<img" in shown["sites"]
    assert "<img" in shown["sources"]
    assert shown["images"] == 0
    assert page.evaluate("() => window.broken") is None

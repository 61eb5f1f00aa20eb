"""What readers come to do: see who held a base, find who says so, watch the whole film."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from components import lives, view
from geodata import control
from geodata.dates import EPOCH, epoch_day
from geodata.knowledge import Knowledge
from geodata.load import load
from tests.browser.test_frame import look_closer, place, settle_on

if TYPE_CHECKING:
    from tests.conftest import OpenPage

pytestmark = pytest.mark.browser


def test_every_marker_leads_to_a_source_in_two_clicks(turn_to: OpenPage) -> None:
    """The first click is the marker, on the map or in the inset; the second would be the link in sight."""
    ledger = load()
    screen = turn_to("/?as_of=2026-03-20")
    for site in ledger.sites.values():
        if site.lat is None:
            continue
        screen.map.evaluate("(id) => document.querySelector(`[data-site='${id}']`).click()", site.site)
        dossier = screen.page.locator(f'[data-dossier="{site.site}"]')
        expect(dossier).to_be_visible()
        told = {c.source for c in ledger.claims if c.site == site.site}
        if site.site == "speicher":  # only a rejected claim speaks about it; it stands folded away
            expect(dossier.locator(".role-rejected .src")).to_have_count(1)
        elif site.site == "union-iii":  # the one source that decides it has no known address: it is named
            expect(dossier.locator(".role-decides .src").first).to_have_text("The New Region (inferred)")
        else:
            expect(dossier.locator('.claims a.src[href^="http"]').first).to_be_visible()
            assert told


CLOCKS = {
    "": Knowledge(),
    "known_on=each-day": Knowledge(each_day=True),
    "without=S0,S4&derived=out": Knowledge(without=frozenset({"S0", "S4"}), and_derived=True),
}


@pytest.mark.parametrize("query", CLOCKS)
def test_the_map_shows_what_the_fold_says_before_on_and_after_every_change(
    turn_to: OpenPage, query: str
) -> None:
    """Forwards, backwards, and in jumps across the whole time, each day painted and read in the map's own frame."""
    ledger, knowledge = load(), CLOCKS[query]
    screen = turn_to(f"/?{query}")
    found = control.lives(ledger, knowledge)
    changes = {epoch_day(day) for day in lives.change_days(ledger, knowledge, view.today())}
    days = sorted({day + step for day in changes for step in (-1, 0, 1)})
    jumps = random.Random(3).sample(days, len(days))  # noqa: S311  # not for secrets
    walk = [*days, *reversed(days), *jumps]
    painted = screen.map.evaluate(PAINT_ALL, walk)
    for number, (day, categories) in zip(walk, painted, strict=True):
        asked = EPOCH + dt.timedelta(days=number)
        assert day == asked.isoformat()
        assert categories == {site: life.at(asked).category.value for site, life in found.items()}, day


PAINT_ALL = """(days) => days.map((day) => {
  window.parent.__atlas.set({ day });
  return [window.controlLayer.day, window.controlLayer.categories()];
})"""


@pytest.mark.parametrize("rhythm", ["change", "time"])
def test_a_full_playback_paints_what_the_fold_says_and_never_remounts_the_map(
    turn_to: OpenPage, rhythm: str
) -> None:
    """Every day it paints is right, the reader's own extent stays, and it ends everywhere on the same day."""
    ledger = load()
    found = control.lives(ledger)
    screen = turn_to("/?as_of=2014-01-01")
    look_closer(screen)
    before = place(screen)
    screen.map.evaluate(
        """() => {
          window.film = [];
          const end = window.parent.__atlas.subscribe((state, changed) => {
            if (changed.has("day")) window.film.push([window.controlLayer.day, window.controlLayer.categories()]);
          });
          (window.parent.undo ??= []).push(end);
        }"""
    )
    screen.page.locator('select[aria-label="Speed of playback"]:visible').select_option(label="8×")
    screen.page.evaluate(
        "(rhythm) => { window.__atlas.set({ rhythm }); window.__atlas.actions.play(); }", rhythm
    )
    screen.page.wait_for_function("() => !window.__atlas.state.playing", timeout=120_000)
    film = screen.map.evaluate("() => window.film")
    assert len(film) > 60
    for iso, categories in film:
        day = dt.date.fromisoformat(iso)
        assert categories == {site: life.at(day).category.value for site, life in found.items()}, iso
    settle_on(screen, view.today().isoformat())
    assert place(screen) == before
    assert screen.map.evaluate("() => window.bornHere")
    assert screen.page.evaluate("() => document.querySelector('.st-key-atlas-map iframe').bornHere")


def test_a_site_chosen_far_down_the_panels_is_brought_into_sight(turn_to: OpenPage) -> None:
    page = turn_to("/?as_of=2026-01-15").page
    row = page.locator('table.sites [data-site="harir"]')
    row.scroll_into_view_if_needed()
    row.click()
    dossier = page.locator('[data-dossier="harir"]')
    expect(dossier).to_be_in_viewport()
    expect(dossier.locator("h2")).to_be_focused()
    expect(page.locator("table.sites tr.on")).to_contain_text("Harir")


def test_the_search_ends_on_the_dossier(turn_to: OpenPage) -> None:
    page = turn_to("/?as_of=2026-01-15").page
    page.keyboard.press("/")
    page.keyboard.type("Q-West")
    page.keyboard.press("Enter")
    expect(page.locator('[data-dossier="qayyarah-west"] h2')).to_be_focused()


def test_a_site_of_the_table_is_shown_on_the_map(turn_to: OpenPage) -> None:
    page = turn_to("/").page
    page.get_by_role("link", name="Sites", exact=True).click()
    page.locator(".st-key-atlas-page-sites [data-panel] [data-site]:visible").first.click()
    expect(page.locator("[data-dossier]")).to_be_in_viewport()
    assert "site=" in page.url
    assert "/sites" not in page.url


def test_while_help_is_open_the_keys_are_its_own(turn_to: OpenPage) -> None:
    page = turn_to("/?as_of=2020-04-01").page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Help")).to_be_visible()
    for key in ("Tab", "Tab", "ArrowRight", "Tab"):
        page.keyboard.press(key)
    assert page.evaluate("() => document.activeElement.closest('dialog') !== null")
    assert (
        page.evaluate("() => new Date(window.__atlas.state.day * 864e5).toISOString().slice(0, 10)")
        == "2020-04-01"
    )
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Help")).to_be_hidden()

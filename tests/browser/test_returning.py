"""Away and back: a tab put to sleep, two tabs, Back and Forward, a lost server. The date agrees again without a reload."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.test_frame import assert_same_map, go_to, look_closer, settle_on, to_day

if TYPE_CHECKING:
    from tests.conftest import OpenPage, StartServer

pytestmark = pytest.mark.browser


def test_a_tab_that_slept_in_mid_playback_plays_on_from_where_it_was(open_page: OpenPage) -> None:
    screen = open_page("/?as_of=2014-01-01")
    look_closer(screen)
    page = screen.page
    page.evaluate(
        "() => { window.__atlas.set({ rhythm: 'time', speed: 1 }); window.__atlas.actions.play(); }"
    )
    page.wait_for_function("() => window.__atlas.state.day > window.__atlas.lives.first + 60")
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    page.context.new_page().wait_for_timeout(2000)  # the time asleep: at this speed some 150 days
    session.send("Page.setWebLifecycleState", {"state": "active"})
    asleep, awake = page.evaluate(
        """async () => {
          const frame = () => new Promise((done) => requestAnimationFrame(done));
          const before = window.__atlas.state.day;
          await frame(); await frame(); await frame();
          const after = window.__atlas.state.day;
          window.__atlas.actions.pause();
          return [before, after];
        }"""
    )
    assert asleep <= awake < asleep + 100  # it went on; it did not leap over what nobody saw
    settle_on(screen, screen.day())
    assert_same_map(screen)


def test_two_tabs_are_two_readers(open_page: OpenPage) -> None:
    one = open_page("/?as_of=2020-04-01")
    page = one.page.context.new_page()
    page.goto(one.page.url.replace("as_of=2020-04-01", "as_of=2026-01-15&known_on=each-day"))
    page.wait_for_function("() => window.__atlas?.lives?.known_on === 'each-day'")
    to_day(one.page, "2020-04-03")
    settle_on(one, "2020-04-03")
    assert (
        page.evaluate("() => new Date(window.__atlas.state.day * 864e5).toISOString().slice(0, 10)")
        == "2026-01-15"
    )
    assert one.page.evaluate("() => window.__atlas.lives.known_on") is None
    one.page.bring_to_front()
    to_day(one.page, "2020-04-04")
    settle_on(one, "2020-04-04")


def test_back_and_forward_bring_back_the_whole_view(open_page: OpenPage) -> None:
    screen = open_page("/?as_of=2020-04-01&compare=2019-12-31")
    look_closer(screen)
    page = screen.page
    to_day(page, "2020-04-02")
    settle_on(screen, "2020-04-02")
    go_to(screen, "Sources")
    expect(page.locator(".st-key-atlas-page-sources")).to_be_visible()
    page.evaluate(
        "() => { window.__atlas.actions.setCompare(null); window.__atlas.actions.setKnown('each-day'); }"
    )
    to_day(page, "2026-01-15")
    settle_on(screen, "2026-01-15")
    page.wait_for_function("() => window.__atlas.lives.known_on === 'each-day'")
    page.go_back()
    settle_on(screen, "2020-04-02")
    page.wait_for_function("() => window.__atlas.lives.known_on === null")
    assert page.evaluate("() => window.__atlas.state.compare") == page.evaluate(
        "() => Date.parse('2019-12-31') / 864e5"
    )
    page.go_forward()
    settle_on(screen, "2026-01-15")
    page.wait_for_function("() => window.__atlas.lives.known_on === 'each-day'")
    assert page.evaluate("() => window.__atlas.state.compare") is None
    assert_same_map(screen)


def test_what_was_chosen_while_the_server_was_away_is_there_when_it_is_back(
    open_page: OpenPage, start_server: StartServer
) -> None:
    first = start_server()
    screen = open_page("/?as_of=2026-01-10", base=first.url)
    page = screen.page
    look_closer(screen)
    first.stop()
    page.wait_for_function("() => window.__atlas.state.online === false", timeout=60_000)
    page.evaluate(
        """() => {
          const { actions } = window.__atlas;
          actions.setKnown("each-day");
          actions.leaveOut("S0");
          actions.setCompare(Date.parse("2020-01-01") / 864e5);
        }"""
    )
    to_day(page, "2026-01-15")
    assert screen.day() == "2026-01-15"  # the map needs no server
    start_server(port=first.port)
    page.wait_for_function("() => window.__atlas.state.online === true", timeout=60_000)
    settle_on(screen, "2026-01-15")
    page.wait_for_function(
        "() => window.__atlas.lives.known_on === 'each-day' && window.__atlas.lives.without.includes('S0')"
    )
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["known_on"] == ["each-day"]
    assert asked["without"] == ["S0"]
    assert asked["compare"] == ["2020-01-01"]
    assert_same_map(screen)


def test_a_site_chosen_just_before_the_server_restarts_is_the_one_that_is_shown(
    open_page: OpenPage, start_server: StartServer
) -> None:
    """What was reported before the click comes to the new server too; it is older than the address."""
    first = start_server()
    screen = open_page("/?as_of=2026-01-10&site=ain-al-asad", base=first.url)
    page = screen.page
    to_day(page, "2026-01-15")  # the ear has reported
    settle_on(screen, "2026-01-15")
    page.evaluate("() => window.__atlas.go('site', { site: 'camp-taji' })")
    first.stop()
    page.wait_for_function("() => window.__atlas.state.online === false", timeout=60_000)
    start_server(port=first.port)
    page.wait_for_function("() => window.__atlas.state.online === true", timeout=60_000)
    expect(page.locator(".st-key-atlas-body h1")).to_contain_text("Camp Taji", timeout=20_000)
    page.wait_for_timeout(2500)
    expect(page.locator(".st-key-atlas-body h1")).to_contain_text("Camp Taji")
    assert parse_qs(urlsplit(page.url).query)["site"] == ["camp-taji"]


def test_while_what_counts_now_is_on_its_way_the_map_says_so(open_page: OpenPage) -> None:
    screen = open_page("/?as_of=2026-01-15")
    page = screen.page
    page.route("**/lives.json*", lambda route: route.abort())
    page.evaluate("() => window.__atlas.actions.setKnown('each-day')")
    expect(page.locator("#atlas-waiting")).to_contain_text("still shows what counted before")
    expect(page.locator(".st-key-atlas-map[data-waiting]")).to_be_visible()
    assert page.evaluate("() => window.__atlas.lives.known_on") is None
    page.unroute("**/lives.json*")
    page.wait_for_function("() => window.__atlas.lives.known_on === 'each-day'")
    expect(page.locator(".st-key-atlas-map[data-waiting]")).to_have_count(0)
    expect(page.locator("#atlas-waiting")).to_have_text("")


def test_back_undoes_what_counts_and_the_second_day(open_page: OpenPage) -> None:
    screen = open_page("/?as_of=2026-01-15")
    page = screen.page
    for act in ("setCompare(18262)", "setKnown('each-day')", "leaveOut('S0')"):
        page.evaluate(f"() => window.__atlas.actions.{act}")
        page.wait_for_function("() => window.__atlas.settled")
    page.wait_for_function("() => window.__atlas.lives.without.includes('S0')")
    page.go_back()
    page.wait_for_function(
        "() => !window.__atlas.state.without.length && window.__atlas.state.known === 'each-day'"
    )
    page.go_back()
    page.wait_for_function(
        "() => window.__atlas.state.known === null && window.__atlas.state.compare === 18262"
    )
    page.go_back()
    page.wait_for_function("() => window.__atlas.state.compare === null")
    page.wait_for_function(
        "() => window.__atlas.lives.known_on === null && !window.__atlas.lives.without.length"
    )
    settle_on(screen, "2026-01-15")


def test_without_the_server_map_and_clock_work_on(open_page: OpenPage, start_server: StartServer) -> None:
    server = start_server()
    screen = open_page("/?as_of=2020-04-01", base=server.url)
    page = screen.page
    settle_on(screen, "2020-04-01")
    server.stop()
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').dataset.testConnectionState !== 'CONNECTED'"
    )
    page.wait_for_timeout(6000)  # Streamlit's dialog comes a few seconds later and locks the page
    assert page.evaluate("() => !document.querySelector('#root').inert")
    expect(page.get_by_role("dialog", name="Connection error")).to_have_count(0)
    page.locator("[role=slider][aria-label=Date]").focus()
    page.keyboard.press("ArrowRight")
    screen.map.wait_for_function("() => window.controlLayer.day === '2020-04-02'")

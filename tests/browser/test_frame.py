"""The frame: one map that stays, one date everywhere, an address that holds it, and calm words when something is wrong."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request

import pytest
from playwright.sync_api import expect

from tests.conftest import DIRECT, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.conftest import OpenPage, Screen, Server, StartServer

pytestmark = pytest.mark.browser

PLACE = {"lat": 34.5, "lng": 43.25, "zoom": 7.5}


def to_day(page: Page, iso: str) -> None:
    page.evaluate("(iso) => window.__atlas.set({ day: Date.parse(iso) / 864e5 })", iso)


def days(screen: Screen) -> dict[str, str | None]:
    """The date as address, store, clock, map and panels have it; equal everywhere when all is well."""
    page = screen.page
    address = parse_qs(urlsplit(page.url).query).get("as_of", [None])[0]
    default = page.evaluate(
        "() => new Date(window.__atlas.lives.default_day * 864e5).toISOString().slice(0, 10)"
    )
    return {
        "address": address or default,
        "store": page.evaluate("() => new Date(window.__atlas.state.day * 864e5).toISOString().slice(0, 10)"),
        "clock": page.evaluate(
            """() => new Date(Number(document.querySelector(".atlas-clock [role=slider][aria-label=Date]")
              .getAttribute("aria-valuenow")) * 864e5).toISOString().slice(0, 10)"""
        ),
        "map": screen.day(),
        "panels": page.evaluate("() => document.querySelector('[data-shown]')?.dataset.shown ?? null"),
    }


def settle_on(screen: Screen, iso: str) -> None:
    """Wait until the date is this one everywhere; fail with what it is where."""
    for _ in range(200):
        if set(days(screen).values()) == {iso}:
            return
        screen.page.wait_for_timeout(50)
    assert days(screen) == dict.fromkeys(days(screen), iso)


def look_closer(screen: Screen) -> None:
    """Move the map as a reader would, and put a mark on the frame that only this very frame bears."""
    screen.map.wait_for_function("() => window.controlLayer.ready")
    screen.map.evaluate("(at) => window.map.setView([at.lat, at.lng], at.zoom, { animate: false })", PLACE)
    screen.map.evaluate("() => { window.bornHere = true; }")
    screen.page.evaluate("() => { document.querySelector('.st-key-atlas-map iframe').bornHere = true; }")


def place(screen: Screen) -> dict[str, Any]:
    return dict(
        screen.map.evaluate(
            """() => ({ lat: +map.getCenter().lat.toFixed(4), lng: +map.getCenter().lng.toFixed(4),
              zoom: +map.getZoom().toFixed(4) })"""
        )
    )


def assert_same_map(screen: Screen) -> None:
    assert screen.map.evaluate("() => window.bornHere === true"), "the map was built anew"
    assert screen.page.evaluate("() => document.querySelector('.st-key-atlas-map iframe').bornHere === true")
    assert place(screen) == PLACE


def go_to(screen: Screen, name: str) -> None:
    screen.page.locator(".atlas-nav").get_by_role("link", name=name, exact=True).click()


# ---------------------------------------------------------------------------------------- the map stays


def test_fifty_days_leave_the_map_where_it_is_and_the_date_equal_everywhere(turn_to: OpenPage) -> None:
    screen = turn_to("/?site=ain-al-asad")
    look_closer(screen)
    entries = screen.page.evaluate("() => history.length")
    for step in range(50):
        screen.page.evaluate("(step) => window.__atlas.set({ day: 16500 + step * 77 })", step)
        screen.page.wait_for_timeout(30)
    settle_on(screen, "2025-07-04")
    assert_same_map(screen)
    assert screen.page.evaluate("() => history.length") == entries, "moving the date adds no history"
    assert screen.errors == []


def test_the_map_is_painted_and_the_address_left_alone_while_playing(turn_to: OpenPage) -> None:
    screen = turn_to("/?as_of=2014-06-01")
    look_closer(screen)
    page = screen.page
    address = page.url
    page.get_by_label("Rhythm of playback").first.select_option("time")
    page.get_by_label("Speed of playback").first.select_option("8")
    page.evaluate("() => window.__atlas.actions.play()")
    page.wait_for_function("() => window.__atlas.state.day > 18000")
    assert parse_qs(urlsplit(page.url).query)["as_of"] == parse_qs(urlsplit(address).query)["as_of"]
    page.wait_for_function("() => !window.__atlas.state.playing", timeout=60_000)
    settle_on(
        screen, page.evaluate("() => new Date(window.__atlas.lives.last * 864e5).toISOString().slice(0, 10)")
    )
    assert_same_map(screen)


def test_another_page_back_and_forward_keep_map_and_date(open_page: OpenPage) -> None:
    screen = open_page("/?as_of=2020-04-01&foreign=kept")
    look_closer(screen)
    to_day(screen.page, "2020-04-03")
    settle_on(screen, "2020-04-03")
    go_to(screen, "Sources")
    expect(screen.page.locator(".st-key-atlas-page-sources")).to_be_visible()
    expect(screen.page.locator(".st-key-atlas-map")).to_be_hidden()
    expect(screen.page).to_have_title(re.compile("Sources"))
    assert urlsplit(screen.page.url).path == "/sources"
    assert "foreign=kept" in screen.page.url
    to_day(screen.page, "2020-05-05")
    settle_on(screen, "2020-05-05")

    screen.page.go_back()
    expect(screen.page.locator(".st-key-atlas-page-map")).to_be_visible()
    settle_on(screen, "2020-04-03")
    assert_same_map(screen)
    screen.page.go_forward()
    expect(screen.page.locator(".st-key-atlas-page-sources")).to_be_visible()
    settle_on(screen, "2020-05-05")
    go_to(screen, "Map")
    expect(screen.page.locator(".st-key-atlas-map")).to_be_visible()
    settle_on(screen, "2020-05-05")
    assert_same_map(screen)
    assert screen.errors == []


def test_a_theme_switch_repaints_page_and_map_without_a_new_frame(open_page: OpenPage) -> None:
    screen = open_page("/?as_of=2020-04-01")
    look_closer(screen)
    paper = "() => getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()"
    light = (screen.page.evaluate(paper), screen.map.evaluate(paper))
    screen.page.emulate_media(color_scheme="dark")
    screen.page.wait_for_function("() => window.__atlas.state.theme === 'dark'")
    dark = (screen.page.evaluate(paper), screen.map.evaluate(paper))
    assert light[0] == light[1] != dark[0] == dark[1]
    assert_same_map(screen)
    settle_on(screen, "2020-04-01")


def test_a_server_restart_in_mid_view_leaves_everything_as_it_was(
    open_page: OpenPage, start_server: StartServer
) -> None:
    first = start_server()
    screen = open_page("/?as_of=2020-04-01&site=k1", base=first.url)
    look_closer(screen)
    to_day(screen.page, "2020-04-02")
    settle_on(screen, "2020-04-02")
    first.stop()
    screen.page.wait_for_function("() => window.__atlas.state.online === false", timeout=60_000)
    to_day(screen.page, "2020-04-05")
    start_server(port=first.port)
    screen.page.wait_for_function("() => window.__atlas.state.online === true", timeout=60_000)
    settle_on(screen, "2020-04-05")
    assert screen.page.evaluate("() => window.__atlas.state.site") == "k1"
    assert_same_map(screen)
    to_day(screen.page, "2020-04-06")
    settle_on(screen, "2020-04-06")


def test_a_restart_under_a_page_that_never_moved_is_noticed_at_the_first_move(
    open_page: OpenPage, start_server: StartServer
) -> None:
    first = start_server()
    screen = open_page("/", base=first.url)
    first.stop()
    screen.page.wait_for_function("() => window.__atlas.state.online === false", timeout=60_000)
    start_server(port=first.port)
    screen.page.wait_for_function("() => window.__atlas.state.online === true", timeout=60_000)
    to_day(screen.page, "2020-04-06")
    settle_on(screen, "2020-04-06")


def test_offline_the_map_goes_on_and_the_panels_catch_up(open_page: OpenPage) -> None:
    screen = open_page("/?as_of=2020-04-01")
    look_closer(screen)
    screen.page.context.set_offline(True)
    screen.page.wait_for_function("() => window.__atlas.state.online === false")
    for day in range(2, 9):
        to_day(screen.page, f"2020-04-0{day}")
        assert screen.day() == f"2020-04-0{day}"
    screen.page.context.set_offline(False)
    screen.page.wait_for_function("() => window.__atlas.state.online === true")
    settle_on(screen, "2020-04-08")
    assert_same_map(screen)


def test_no_report_is_lost_in_a_storm(turn_to: OpenPage) -> None:
    """Day and site move together, faster than Python answers; the last word must arrive."""
    screen = turn_to()
    for step in range(80):
        screen.page.evaluate(
            """(step) => { window.__atlas.set({ day: 18000 + step * 7 });
              window.__atlas.actions.select(["ain-al-asad", "k1", "harir", null][step % 4]); }""",
            step,
        )
        screen.page.wait_for_timeout(15 if step % 5 else 120)
    screen.page.evaluate("() => window.__atlas.actions.select('k1')")
    settle_on(screen, "2020-10-18")
    expect(screen.page.locator("[data-dossier]")).to_have_attribute("data-dossier", "k1")


# ------------------------------------------------------------------------------------------- the address


def test_a_cold_deep_link_opens_the_right_page_on_a_fresh_server(
    open_page: OpenPage, start_server: StartServer
) -> None:
    screen = open_page("/sources?as_of=2020-01-05", base=start_server().url)
    expect(screen.page.locator(".st-key-atlas-page-sources")).to_be_visible()
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    settle_on(screen, "2020-01-05")
    go_to(screen, "Map")
    expect(screen.page.locator(".st-key-atlas-page-map")).to_be_visible()
    settle_on(screen, "2020-01-05")


def test_the_address_holds_day_known_on_site_and_filters(open_page: OpenPage) -> None:
    path = "/?as_of=2026-01-15&known_on=2026-01-14&site=ain-al-asad&hide=iraqi-forces,not-sourced"
    screen = open_page(path)
    settle_on(screen, "2026-01-15")
    page = screen.page
    expect(page.locator(".atlas-notice")).to_have_count(0)
    expect(page.locator("[data-dossier=ain-al-asad]")).to_be_visible()
    page.wait_for_function("() => window.__atlas.settled")
    assert page.evaluate("() => location.pathname + location.search") == path
    assert page.evaluate("() => window.__atlas.state.off") == ["iraqi-forces", "not-sourced"]
    assert page.evaluate("() => window.__atlas.lives.known_on") == "2026-01-14"


def test_the_default_day_leaves_the_address_but_never_the_permalink(turn_to: OpenPage) -> None:
    screen = turn_to("/?as_of=2020-04-01")
    screen.page.evaluate("() => window.__atlas.set({ day: window.__atlas.lives.default_day })")
    screen.page.wait_for_function("() => window.__atlas.settled")
    assert urlsplit(screen.page.url).query == ""
    link = screen.page.evaluate("() => window.__atlas.permalink()")
    assert parse_qs(urlsplit(link).query).keys() == {"as_of"}


def test_known_on_brings_other_lives_to_the_same_map(turn_to: OpenPage) -> None:
    screen = turn_to("/?as_of=2026-01-15")
    look_closer(screen)
    today = screen.map.evaluate("() => window.controlLayer.categories()")
    screen.page.evaluate("() => window.__atlas.actions.setKnown('2025-06-01')")
    screen.page.wait_for_function("() => window.__atlas.lives.known_on === '2025-06-01'")
    assert screen.map.evaluate("() => window.controlLayer.categories()") != today
    screen.page.evaluate("() => window.__atlas.actions.setKnown(null)")
    screen.page.wait_for_function("() => window.__atlas.lives.known_on === null")
    assert screen.map.evaluate("() => window.controlLayer.categories()") == today
    settle_on(screen, "2026-01-15")
    assert_same_map(screen)


def test_a_known_on_date_taken_back_while_its_lives_travel_leaves_no_wrong_lives(turn_to: OpenPage) -> None:
    page = turn_to("/").page
    for gap in (0, 30) * 4:
        page.evaluate(
            """async (gap) => {
              window.__atlas.actions.setKnown("2025-06-01");
              await new Promise((resolve) => setTimeout(resolve, gap));
              window.__atlas.actions.setKnown(null);
            }""",
            gap,
        )
        page.wait_for_timeout(500)
        page.wait_for_function("() => window.__atlas.lives.known_on === null", timeout=10_000)


# What an address asks for, each with what is said about it; one address may be wrong in several ways.
NONSENSE: tuple[dict[str, str], ...] = (
    {"as_of=banana": "is not a date"},
    {"as_of=2014-13-45": "does not exist", "known_on=yesterday": "is not a date"},
    {"as_of=1900-01-01": "before the time covered", "hide=<img src=x onerror=window.harm=1>": "There is no category"},
    {"as_of=2999-01-01": "in the future", "site=<img src=x onerror=window.harm=1>": "There is no site"},
    {"as_of=2020-01-01&as_of=2021-01-01": "more than once"},
)  # fmt: skip


@pytest.mark.parametrize("asked", NONSENSE, ids=lambda asked: next(iter(asked)))
def test_nonsense_in_the_address_is_a_calm_line_and_a_sensible_view(
    open_page: OpenPage, asked: dict[str, str]
) -> None:
    screen = open_page(f"/?{'&'.join(asked)}")
    notices = screen.page.locator(".atlas-notice")
    expect(notices).to_have_count(len(asked))
    for said in asked.values():
        expect(notices.filter(has_text=said)).to_have_count(1)
    shown = days(screen)["store"]
    assert shown
    settle_on(screen, shown)
    for notice in notices.all():
        notice.get_by_role("button").click()
        expect(notice).to_be_hidden()
    assert screen.page.evaluate("() => window.harm") is None
    assert screen.page.locator(".st-key-atlas-notices img").count() == 0
    assert screen.errors == []


# ------------------------------------------------------------------------------------- hands and keys


def test_a_row_and_a_day_in_the_panels_move_the_whole_view(turn_to: OpenPage) -> None:
    screen = turn_to("/?as_of=2026-01-15")
    page = screen.page
    page.locator(".st-key-atlas-body [data-site=k1]").last.click()
    expect(page.locator("[data-dossier=k1]")).to_be_visible()
    assert page.evaluate("() => window.__atlas.state.site") == "k1"
    expect(page).to_have_url(re.compile("site=k1"))
    day = page.locator("[data-dossier=k1] [data-day]").last
    epoch = day.get_attribute("data-day")
    day.dispatch_event("click")
    page.wait_for_function("(day) => window.__atlas.state.day === Number(day)", arg=epoch)


def test_the_keys_work_after_a_click_on_the_map(turn_to: OpenPage) -> None:
    screen = turn_to("/?as_of=2020-04-10")
    look_closer(screen)
    screen.page.locator(".st-key-atlas-map iframe").click(position={"x": 420, "y": 600})
    screen.page.keyboard.press("ArrowRight")
    settle_on(screen, "2020-04-11")
    assert place(screen) == PLACE


def test_a_modified_click_on_a_page_link_is_left_to_the_browser(open_page: OpenPage) -> None:
    screen = open_page("/?as_of=2020-04-10")
    with screen.page.context.expect_page() as opened:
        screen.page.locator(".atlas-nav").get_by_role("link", name="Sources").click(
            modifiers=["ControlOrMeta"]
        )
    opened.value.wait_for_load_state()
    assert urlsplit(opened.value.url).path == "/sources"
    assert "as_of=2020-04-10" in opened.value.url
    assert urlsplit(screen.page.url).path == "/"


# ------------------------------------------------------------------------------------------- the layout


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 700), (1920, 1080)])
def test_on_a_desk_everything_fits_the_window_and_only_the_panels_scroll(
    turn_to: OpenPage, width: int, height: int
) -> None:
    page = turn_to("/?site=ain-al-asad", width=width, height=height).page
    boxes = {
        name: page.locator(f".st-key-atlas-{name}").bounding_box()
        for name in ("header", "map", "body", "clock")
    }
    header, map_, body, clock = (boxes[name] for name in ("header", "map", "body", "clock"))
    assert header
    assert map_
    assert body
    assert clock
    assert header["y"] == 0
    assert map_["y"] == body["y"] == header["height"]
    assert map_["x"] == 0
    assert map_["width"] == body["x"]
    assert body["x"] + body["width"] == width
    assert map_["y"] + map_["height"] == clock["y"] == body["y"] + body["height"]
    assert clock["y"] + clock["height"] == height
    frame = page.locator(".st-key-atlas-map iframe").bounding_box()
    assert frame == map_
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate(
        "(node) => node.scrollHeight <= node.clientHeight && node.scrollWidth <= node.clientWidth"
    )
    assert page.locator(".st-key-atlas-body").evaluate("(node) => node.scrollHeight > node.clientHeight")
    assert page.locator(".st-key-atlas-clock").evaluate("(node) => node.scrollHeight <= node.clientHeight")


def touch_drag(page: Page, start: tuple[int, int], end_y: int) -> None:
    """Drag one finger, as the screen reports it."""
    session = page.context.new_cdp_session(page)
    x, y = start
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 21):
        at = {"x": x, "y": y + (end_y - y) * step / 20}
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
        page.wait_for_timeout(16)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_on_a_phone_a_swipe_over_the_map_scrolls_the_page(turn_to: OpenPage) -> None:
    screen = turn_to("/?as_of=2026-01-15", width=390, height=844, touch=True)
    page = screen.page
    main = page.locator("[data-testid=stMain]")
    before = place(screen)
    touch_drag(page, (195, 450), 150)
    page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollTop > 150")
    assert place(screen) == before
    assert main.evaluate("(node) => node.scrollWidth <= node.clientWidth")
    clock = page.locator(".st-key-atlas-clock").bounding_box()
    assert clock
    assert clock["y"] + clock["height"] == 844, "the clock stays at the thumb"
    main.evaluate("(node) => node.scrollTo(0, node.scrollHeight)")
    last = page.locator(".st-key-atlas-body").evaluate(
        "(node) => [...node.querySelectorAll('tr, li, p')].at(-1).getBoundingClientRect().bottom"
    )
    assert last <= clock["y"], "the last row clears the clock"


def test_nothing_of_streamlits_own_chrome_shows(turn_to: OpenPage) -> None:
    page = turn_to().page
    for part in ("stHeader", "stToolbar", "stDecoration", "stSidebar", "stStatusWidget"):
        expect(page.get_by_test_id(part)).to_be_hidden()


def test_paper_shows_map_and_panels_and_no_controls(open_page: OpenPage) -> None:
    page = open_page("/?as_of=2026-01-15&site=ain-al-asad").page
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".st-key-atlas-clock")).to_be_hidden()
    expect(page.locator(".atlas-nav")).to_be_hidden()
    expect(page.locator(".st-key-bar")).to_be_hidden()
    frame = page.locator(".st-key-atlas-map iframe").bounding_box()
    body = page.locator(".st-key-atlas-body").bounding_box()
    assert frame
    assert body
    assert frame["width"] <= 701
    assert frame["y"] + frame["height"] <= body["y"] + 1


# ------------------------------------------------------------------------------------- routes, bad data


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/browser/store.js", "text/javascript"),
        ("/browser/tokens.css", "text/css"),
        ("/vendor/leaflet/leaflet.js", "text/javascript"),
        ("/vendor/leaflet/leaflet.css", "text/css"),
        ("/vendor/jquery/jquery.min.js", "text/javascript"),
    ],
)
def test_our_files_say_what_they_are_and_are_asked_for_once(
    server: Server, path: str, media_type: str
) -> None:
    with DIRECT.open(server.url + path) as answer:
        assert answer.headers["Content-Type"].startswith(media_type)
        assert answer.headers["Cache-Control"] == "no-cache"
        tag = answer.headers["ETag"]
    with pytest.raises(HTTPError) as unchanged:
        DIRECT.open(Request(server.url + path, headers={"If-None-Match": tag}))  # noqa: S310  # our own server
    assert unchanged.value.code == 304


def test_the_typeface_is_streamlits_own(server: Server) -> None:
    with DIRECT.open(server.url + "/vendor/type/upright.woff2") as answer:
        assert answer.read(4) == b"wOF2"
        assert "/static/media/" in answer.url


@pytest.mark.parametrize(
    "path", ["/browser", "/browser/", "/browser/nothing.js", "/vendor", "/vendor/x", "/browser/../app.py"]
)
def test_an_unknown_path_of_ours_is_a_plain_404(server: Server, path: str) -> None:
    with pytest.raises(HTTPError) as missing:
        DIRECT.open(server.url + path)
    assert missing.value.code in {400, 404}
    assert b"<html" not in missing.value.read()


def test_bad_data_are_one_readable_page_with_the_whole_list(
    open_page: OpenPage, start_server: StartServer, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    shutil.copytree(ROOT / "geodata" / "files", folder)
    claims = folder / "claims.csv"
    lines = claims.read_text(encoding="utf-8").splitlines()
    lines[4] = "<img src=x onerror=window.harm=1>," + lines[4]
    lines.append(lines[6])
    claims.write_text("\n".join(lines) + "\n", encoding="utf-8")
    server = start_server(env={"GEODATA": str(folder)})
    screen = open_page("/sources?as_of=2020-01-05", base=server.url, wait=False)
    page = screen.page
    expect(page.get_by_role("heading", name=re.compile(r"\d+ problems? in the data"))).to_be_visible()
    rows = page.locator(".atlas-failure tbody tr")
    assert rows.count() >= 1
    text = page.locator(".atlas-failure").inner_text()
    assert "claims.csv" in text
    assert "Traceback" not in page.locator("body").inner_text()
    assert page.locator(".atlas-failure img").count() == 0
    assert page.evaluate("() => window.harm") is None
    assert "claims.csv:" in server.output()
    assert "Traceback" not in server.output()

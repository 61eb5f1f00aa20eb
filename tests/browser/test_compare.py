"""Two dates at once: the second handle, by mouse, touch, keyboard and typing, and in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from tests.conftest import Devices, OpenPage, Server

pytestmark = pytest.mark.browser

B = "2026-01-15"
A = "2020-02-02"


def state(page: Page, key: str) -> Any:
    return page.evaluate("(key) => window.__atlas.state[key]", key)


def lives(page: Page, key: str) -> Any:
    return page.evaluate("(key) => window.__atlas.lives[key]", key)


def iso(page: Page, key: str = "day") -> str | None:
    found: str | None = page.evaluate(
        """(key) => {
          const day = window.__atlas.state[key];
          return day === null ? null : new Date(day * 864e5).toISOString().slice(0, 10);
        }""",
        key,
    )
    return found


def number(page: Page, date: str) -> int:
    return int(page.evaluate("(date) => Date.parse(date) / 864e5", date))


def first_sourced(page: Page) -> int:
    return int(
        page.evaluate(
            """() => {
              const { lives } = window.__atlas;
              const sourced = ({ spans }) => spans.filter(({ category }) => category !== "not-sourced").slice(0, 1);
              return Math.max(lives.first, Math.min(...lives.sites.flatMap(sourced).map(({ from }) => from)));
            }"""
        )
    )


def handle_a(page: Page) -> Locator:
    return page.get_by_role("slider", name="Compared with", exact=True)


def handle_b(page: Page) -> Locator:
    return page.get_by_role("slider", name="Date", exact=True)


def begin(page: Page) -> Locator:
    return page.locator(".atlas-clock").get_by_role("button", name="Compare", exact=True)


def compare(page: Page, date: str = A) -> None:
    page.evaluate("(date) => window.__atlas.actions.setCompare(Date.parse(date) / 864e5)", date)
    expect(handle_a(page)).to_be_visible()


def go(page: Page, date: str) -> None:
    page.evaluate("(date) => window.__atlas.set({ day: Date.parse(date) / 864e5 })", date)


def centre(page: Page, letter: str) -> tuple[float, float]:
    box = page.locator(f".ac-hand.is-{letter} .ac-knob").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def query(page: Page, name: str) -> str | None:
    found: str | None = page.evaluate("(name) => new URLSearchParams(location.search).get(name)", name)
    return found


@pytest.fixture(scope="module")
def still(devices: Devices, server: Server) -> Iterator[Page]:
    """One page for all tests that leave nothing behind but dates."""
    page = devices(touch=False).context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{server.url}/?as_of={B}")
    expect(page.locator(".atlas-clock:not(.is-loading)")).to_be_visible(timeout=60_000)
    yield page
    page.close()


@pytest.fixture
def page(still: Page) -> Page:
    """The shared page as if just opened on B, comparing nothing."""
    still.bring_to_front()  # frames come slowly to a page that stands behind another
    still.mouse.move(5, 5)
    still.evaluate(
        """() => {
          document.activeElement?.blur();
          window.__atlas.set({ playing: false, compare: null, site: null, axis: "all", rhythm: "change", speed: 1, loop: false });
        }"""
    )
    go(still, B)
    return still


def test_the_button_sets_a_second_handle_a_year_earlier(page: Page) -> None:
    expect(handle_a(page)).to_be_hidden()
    expect(begin(page)).to_be_visible()
    begin(page).click()
    assert iso(page, "compare") == "2025-01-15"
    assert iso(page) == B
    hand = handle_a(page)
    expect(hand).to_be_focused()
    expect(hand).to_have_attribute("aria-valuemin", str(lives(page, "first")))
    expect(hand).to_have_attribute("aria-valuemax", str(lives(page, "last")))
    expect(hand).to_have_attribute("aria-valuenow", str(number(page, "2025-01-15")))
    assert (hand.get_attribute("aria-valuetext") or "").startswith("15 January 2025: ")
    assert "compared with 15 January 2025" in (handle_b(page).get_attribute("aria-valuetext") or "")
    for letter in ("a", "b"):
        expect(page.locator(f".ac-hand.is-{letter} .ac-knobletter")).to_be_visible()
    expect(page.get_by_label("Compare with date")).to_have_value("15 Jan 2025")
    page.wait_for_function("() => new URLSearchParams(location.search).get('compare') === '2025-01-15'")


def test_the_band_lies_between_the_handles(page: Page) -> None:
    compare(page)
    band = page.locator(".ac-range").bounding_box()
    assert band
    assert abs(band["x"] - centre(page, "a")[0]) < 2
    assert abs(band["x"] + band["width"] - centre(page, "b")[0]) < 2


def test_where_a_year_shows_no_change_it_begins_with_the_first_sourced_day(page: Page) -> None:
    go(page, "2024-06-15")
    begin(page).click()
    assert state(page, "compare") == first_sourced(page)


def test_on_the_first_sourced_day_itself_another_day_is_found(page: Page) -> None:
    first = first_sourced(page)
    page.evaluate("(day) => window.__atlas.set({ day })", first)
    begin(page).click()
    assert state(page, "compare") not in {None, first}


def test_the_keys_move_the_handle_in_focus_and_only_that(page: Page) -> None:
    compare(page)
    days = sorted({change["day"] for change in lives(page, "changes")})
    at = number(page, A)
    handle_a(page).focus()
    page.keyboard.press("ArrowRight")
    assert state(page, "compare") == at + 1
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert state(page, "compare") == at - 1
    page.keyboard.press("Shift+ArrowRight")
    assert state(page, "compare") == min(day for day in days if day > at - 1)
    change = state(page, "compare")
    page.keyboard.press("Shift+ArrowLeft")
    assert state(page, "compare") == max(day for day in days if day < change)
    there = state(page, "compare")
    page.keyboard.press("PageUp")
    assert state(page, "compare") == there - 365
    page.keyboard.press("PageDown")
    assert state(page, "compare") == there
    page.keyboard.press("Home")
    assert state(page, "compare") == first_sourced(page)
    page.keyboard.press("End")
    assert state(page, "compare") == lives(page, "last_evidence")
    assert iso(page) == B, "the keys of A moved B"
    handle_b(page).focus()
    page.keyboard.press("ArrowRight")
    assert state(page, "day") == number(page, B) + 1
    assert state(page, "compare") == lives(page, "last_evidence")


def test_a_never_lies_on_b(page: Page) -> None:
    compare(page, "2026-01-14")
    handle_a(page).focus()
    page.keyboard.press("ArrowRight")
    assert iso(page, "compare") == "2026-01-16"
    page.keyboard.press("ArrowLeft")
    assert iso(page, "compare") == "2026-01-14"
    field = page.get_by_label("Compare with date")
    field.fill(B)
    field.press("Enter")
    expect(page.locator(".ac-other .ac-wrong")).to_contain_text("another day")
    assert iso(page, "compare") == "2026-01-14"
    field.press("Escape")


def test_escape_on_a_and_the_cross_stop_comparing_and_leave_the_rest(page: Page) -> None:
    page.evaluate("() => window.__atlas.actions.select('ain-al-asad')")
    compare(page)
    handle_a(page).focus()
    page.keyboard.press("Escape")
    assert state(page, "compare") is None
    assert state(page, "site") == "ain-al-asad"
    assert iso(page) == B
    expect(begin(page)).to_be_focused()
    page.wait_for_function("() => !new URLSearchParams(location.search).has('compare')")
    compare(page)
    page.get_by_role("button", name="Stop comparing").click()
    assert state(page, "compare") is None


def test_each_handle_is_dragged_by_itself_and_a_click_moves_b(page: Page) -> None:
    compare(page)
    x, y = centre(page, "a")
    page.mouse.move(x, y)
    expect(page.locator(".ac-bubble")).to_contain_text("2 February 2020")
    page.mouse.down()
    page.mouse.move(x - 60, y)
    page.mouse.up()
    dragged = iso(page, "compare") or ""
    assert "2019" in dragged
    assert iso(page) == B
    x, y = centre(page, "b")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y)
    page.mouse.up()
    assert iso(page, "compare") == dragged
    assert (iso(page) or "") < B
    track = page.locator(".ac-track").bounding_box()
    assert track
    page.mouse.move(track["x"] + track["width"] / 3, track["y"] + 30)
    promised = page.locator(".ac-bubble strong").text_content() or "?"
    page.mouse.click(track["x"] + track["width"] / 3, track["y"] + 30)
    assert promised.startswith("BDate")
    assert (handle_b(page).get_attribute("aria-valuetext") or "").startswith(promised.removeprefix("BDate"))
    assert iso(page, "compare") == dragged


def test_a_typed_date_moves_a_and_nonsense_does_not(page: Page) -> None:
    compare(page)
    field = page.get_by_label("Compare with date")
    field.fill("17 Jan 2021")
    field.press("Enter")
    assert iso(page, "compare") == "2021-01-17"
    field.fill("soon" * 2000)
    field.press("Enter")
    wrong = page.locator(".ac-other .ac-wrong")
    expect(wrong).to_contain_text("is no date")
    assert len(wrong.text_content() or "") < 140
    assert iso(page, "compare") == "2021-01-17"
    field.press("Escape")
    expect(field).to_have_value("17 Jan 2021")
    assert iso(page) == B


def test_the_two_days_are_swapped(page: Page) -> None:
    compare(page)
    page.get_by_role("button", name="Swap A and B").click()
    assert (iso(page), iso(page, "compare")) == (A, B)
    band = page.locator(".ac-range").bounding_box()
    assert band
    assert abs(band["x"] - centre(page, "b")[0]) < 2


def test_playing_moves_b_and_leaves_a(page: Page) -> None:
    compare(page)
    go(page, "2020-03-01")
    page.get_by_label("Speed of playback").select_option("8")
    handle_a(page).focus()
    page.keyboard.press("Space")
    page.wait_for_function(
        "(day) => window.__atlas.state.day > day + 30", arg=number(page, "2020-03-01"), timeout=60_000
    )
    page.keyboard.press("Space")
    assert state(page, "playing") is False
    assert iso(page, "compare") == A


def test_the_map_s_layer_compares_the_same_days(page: Page) -> None:
    compare(page)
    frame = next(each for each in page.frames if each != page.main_frame)
    frame.wait_for_function("(day) => window.controlLayer.day === day", arg=B)


def test_a_on_the_zoomed_axis_is_an_arrow_when_its_day_is_elsewhere(page: Page) -> None:
    compare(page)
    page.locator(".ac-zoom").click()
    expect(page.locator(".ac-hand.is-a.is-before")).to_be_attached()
    assert iso(page, "compare") == A
    handle_a(page).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".ac-zoom")).to_have_accessible_name("Only 2025–2026")
    assert iso(page, "compare") == "2020-02-03"
    page.evaluate("() => window.__atlas.actions.setCompare(null)")
    page.locator(".ac-zoom").click()
    begin(page).click()
    expect(page.locator(".ac-zoom")).to_have_accessible_name("All years")
    assert iso(page, "compare") == "2025-01-15"


def test_the_address_holds_the_comparison_and_back_and_forward_restore_it(open_page: OpenPage) -> None:
    page = open_page(f"/?as_of={B}&compare={A}&axis=dense").page
    expect(handle_a(page)).to_be_attached()
    assert (iso(page), iso(page, "compare"), state(page, "axis")) == (B, A, "dense")
    page.evaluate("() => window.__atlas.set({ axis: 'all', compare: Date.parse('2020-03-03') / 864e5 })")
    page.wait_for_function("() => new URLSearchParams(location.search).get('compare') === '2020-03-03'")
    assert query(page, "axis") is None
    page.evaluate(
        """() => {
          history.pushState(null, "", "?as_of=2026-01-10&compare=2017-01-01&axis=dense");
          window.dispatchEvent(new PopStateEvent("popstate", { state: null }));
        }"""
    )
    page.wait_for_function("() => window.__atlas.state.axis === 'dense'")
    assert (iso(page), iso(page, "compare")) == ("2026-01-10", "2017-01-01")
    page.go_back()
    page.wait_for_function("() => window.__atlas.state.axis === 'all'")
    assert (iso(page), iso(page, "compare")) == (B, "2020-03-03")
    page.go_forward()
    page.wait_for_function("() => window.__atlas.state.axis === 'dense'")
    assert iso(page, "compare") == "2017-01-01"


def test_on_a_phone_a_thumb_drags_a_and_the_sheet_has_the_rest(turn_to: OpenPage) -> None:
    page = turn_to(f"/?as_of={B}", width=390, height=844, touch=True).page
    page.get_by_role("button", name="Options").tap()
    sheet = page.get_by_role("group", name="Options")
    for name in ("Loop: at the end begin again", "Keep the start in sight"):
        box = sheet.get_by_role("button", name=name).bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, name
    begin(page).tap()
    expect(sheet.get_by_role("button", name="Keep the start in sight")).to_be_hidden()
    compared = state(page, "compare")
    assert iso(page, "compare") == "2025-01-15"
    field = sheet.get_by_label("Compare with date")
    expect(field).to_be_visible()
    for name in ("Swap A and B", "Stop comparing"):
        box = sheet.get_by_role("button", name=name).bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, name
    for name in ("Known today", "As reported by that day"):
        expect(sheet.get_by_role("button", name=name)).to_be_visible()
    field.fill("1 Feb 2020")
    field.press("Enter")
    assert iso(page, "compare") == "2020-02-01"
    x, y = centre(page, "a")
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        points = [{"x": x - 8 * step, "y": y - 2 * step}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert state(page, "compare") < number(page, "2019-01-01") < compared
    assert iso(page) == B
    expect(sheet).to_be_hidden()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")

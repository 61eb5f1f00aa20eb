"""The clock under the map: every way to move the date, and playback."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from tests.conftest import Devices, OpenPage, Server

pytestmark = pytest.mark.browser

OFFSET = "2026-01-15"  # two days after a change, three before the next: any key lands somewhere else


def iso(page: Page) -> str:
    return str(page.evaluate("() => new Date(window.__atlas.state.day * 864e5).toISOString().slice(0, 10)"))


def day(page: Page) -> int:
    return int(page.evaluate("() => window.__atlas.state.day"))


def lives(page: Page, key: str) -> Any:
    return page.evaluate("(key) => window.__atlas.lives[key]", key)


def change_days(page: Page) -> list[int]:
    return sorted({change["day"] for change in lives(page, "changes")})


def first_sourced(page: Page) -> int:
    return int(
        page.evaluate(
            """() => Math.min(...window.__atlas.lives.sites.flatMap(({ spans }) =>
              spans.filter(({ category }) => category !== "not-sourced").slice(0, 1).map(({ from }) => from)))"""
        )
    )


def handle(page: Page) -> Locator:
    return page.get_by_role("slider", name="Date", exact=True)


def press(page: Page, name: str) -> None:
    page.locator(".atlas-clock").get_by_role("button", name=name, exact=True).click()


def clock_on(show: OpenPage, path: str = f"/?as_of={OFFSET}", **device: Any) -> Page:
    page = show(path, **device).page
    expect(page.locator(".atlas-clock:not(.is-loading)")).to_be_visible()
    return page


def go(page: Page, date: str) -> None:
    page.evaluate("(date) => window.__atlas.set({ day: Date.parse(date) / 864e5 })", date)


@pytest.fixture(scope="module")
def still(devices: Devices, server: Server) -> Iterator[Page]:
    """One page for all tests that leave nothing behind but a date."""
    page = devices(touch=False).context.new_page()
    page.goto(f"{server.url}/?as_of={OFFSET}")
    expect(page.locator(".atlas-clock:not(.is-loading)")).to_be_visible(timeout=60_000)
    yield page
    page.close()


@pytest.fixture
def page(still: Page) -> Page:
    """The shared page as if just opened on OFFSET: nothing plays, is typed, focused or pointed at."""
    still.bring_to_front()  # frames come slowly to a page that stands behind another
    still.emulate_media(reduced_motion="no-preference")
    still.mouse.move(5, 5)
    still.evaluate(
        """() => {
          document.activeElement?.blur();
          window.__atlas.set({
            playing: false, rhythm: "change", speed: 1, loop: false, ghost: false, start: null, axis: "all", known: null,
          });
        }"""
    )
    still.wait_for_function("() => window.__atlas.lives.known_on === null")
    go(still, OFFSET)
    return still


def record_days(page: Page) -> None:
    page.evaluate(
        """() => {
          window.seenDays = [];
          window.unrecord?.();
          window.unrecord = window.__atlas.subscribe((state, changed) => { if (changed.has("day")) window.seenDays.push(state.day); });
        }"""
    )


def test_the_handle_is_the_only_slider_and_speaks_the_date_and_what_changed(page: Page) -> None:
    expect(page.get_by_role("slider")).to_have_count(1)
    hand = handle(page)
    expect(hand).to_have_attribute("aria-valuemin", str(lives(page, "first")))
    expect(hand).to_have_attribute("aria-valuemax", str(lives(page, "last")))
    expect(hand).to_have_attribute("aria-valuenow", str(day(page)))
    change = lives(page, "changes")[0]
    page.evaluate("(day) => window.__atlas.set({ day })", change["day"])
    spoken = hand.get_attribute("aria-valuetext") or ""
    assert change["text"] in spoken
    assert spoken.split(":")[0].split()[-1] in {str(year) for year in range(2014, 2027)}


def test_arrows_move_a_day_shift_a_change_page_keys_a_year(page: Page) -> None:
    start = day(page)
    days = change_days(page)
    handle(page).focus()
    page.keyboard.press("ArrowRight")
    assert day(page) == start + 1
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert day(page) == start - 1
    page.keyboard.press("Shift+ArrowRight")
    assert day(page) == min(each for each in days if each > start - 1)
    at = day(page)
    page.keyboard.press("Shift+ArrowLeft")
    assert day(page) == max(each for each in days if each < at)
    at = day(page)
    page.keyboard.press("PageUp")
    assert day(page) == at - 365
    page.keyboard.press("PageDown")
    assert day(page) == at
    page.keyboard.press("End")
    assert day(page) == lives(page, "last_evidence")
    page.keyboard.press("Home")
    assert day(page) == first_sourced(page)


def test_a_key_counts_once_and_never_while_typing(page: Page) -> None:
    page.get_by_label("Go to date").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert iso(page) == OFFSET
    assert page.evaluate("() => window.__atlas.state.playing") is False


def test_the_buttons_move_by_change_to_the_ends_and_to_today(page: Page) -> None:
    days = change_days(page)
    start = day(page)
    press(page, "Next change")
    assert day(page) == min(each for each in days if each > start)
    at = day(page)
    press(page, "Previous change")
    assert day(page) == max(each for each in days if each < at)
    press(page, "Today")
    assert day(page) == lives(page, "today")
    press(page, "Last day with evidence")
    assert day(page) == lives(page, "last_evidence")
    press(page, "First day with a sourced state")
    assert day(page) == first_sourced(page)


def test_a_typed_date_is_read_in_many_spellings(page: Page) -> None:
    field = page.get_by_label("Go to date")
    spellings = {
        "2026-01-17": "2026-01-17",
        "18 Jan 2026": "2026-01-18",
        "17 january 2026": "2026-01-17",
        "18.01.2026": "2026-01-18",
        "Jan 17, 2026": "2026-01-17",
        "jan 2026": "2026-01-01",
        "١٧.٠١.٢٠٢٦": "2026-01-17",
    }
    for typed, expected in spellings.items():
        field.fill(typed)
        field.press("Enter")
        assert iso(page) == expected, typed
        expect(page.locator(".ac-date .ac-wrong")).to_be_hidden()
    field.fill("today")
    field.press("Enter")
    assert day(page) == lives(page, "today")


def test_nonsense_is_answered_with_what_would_be_right_and_changes_nothing(page: Page) -> None:
    field = page.get_by_label("Go to date")
    for typed in (
        "soon",
        "2026-02-30",
        "31.02.2026",
        "1999",
        "2099-01-01",
        "0000",
        "<b>x</b>",
        "",
        "no" * 3000,
    ):
        field.fill(typed)
        field.press("Enter")
        assert iso(page) == OFFSET, typed
        wrong = page.locator(".ac-date .ac-wrong")
        expect(wrong).to_contain_text("2026")
        assert len(wrong.text_content() or "") < 140, "what was typed is echoed whole"
        field.press("Escape")
        expect(field).to_have_value("15 Jan 2026")


def test_a_click_on_the_axis_jumps_and_a_drag_follows(page: Page) -> None:
    track = page.locator(".ac-track").bounding_box()
    assert track
    page.mouse.click(track["x"] + track["width"] / 2, track["y"] + 30)
    middle = day(page)
    span = lives(page, "last") - lives(page, "first")
    assert abs(middle - lives(page, "first") - span / 2) < span / 20
    knob = page.locator(".ac-hand.is-b .ac-knob").bounding_box()
    assert knob
    x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y)
    further = day(page)
    page.mouse.move(x - 40, y)
    nearer = day(page)
    page.mouse.up()
    assert nearer < middle < further


def test_hovering_says_what_a_click_would_show_and_moves_nothing(page: Page) -> None:
    track = page.locator(".ac-track").bounding_box()
    assert track
    page.mouse.move(track["x"] + track["width"] / 3, track["y"] + 30)
    expect(page.locator(".ac-bubble")).to_contain_text("20")
    expect(page.locator(".ac-preview:not([hidden])")).to_be_attached()
    assert iso(page) == OFFSET
    promised = page.locator(".ac-bubble strong").text_content()
    page.mouse.click(track["x"] + track["width"] / 3, track["y"] + 30)
    assert (handle(page).get_attribute("aria-valuetext") or "").startswith(promised or "?")


def test_a_thumb_drags_the_handle_and_every_target_is_big_enough(turn_to: OpenPage) -> None:
    page = clock_on(turn_to, width=390, height=844, touch=True)
    start = day(page)
    knob = page.locator(".ac-hand.is-b .ac-knob").bounding_box()
    assert knob
    x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        points = [{"x": x - 12 * step, "y": y - 3 * step}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert day(page) < start - 100
    for name in ("Previous change", "Play", "Next change", "Options"):
        box = page.locator(".atlas-clock").get_by_role("button", name=name, exact=True).bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, name
    press(page, "Options")
    press(page, "Today")
    assert day(page) == lives(page, "today")


def test_the_picture_has_changes_phases_promises_and_the_time_without_sources(page: Page) -> None:
    assert page.locator(".ac-picture .ac-tick").count() > 2
    for phase in lives(page, "phases"):
        expect(page.locator(".ac-picture .ac-phase").filter(has_text=phase["label"]).first).to_be_visible()
    assert page.locator(".ac-picture .ac-promise:not(.is-rival)").count() >= 1
    expect(page.locator(".ac-unsourced")).to_contain_text("no source after")
    expect(page.locator(".ac-silent")).to_be_attached()


def test_the_line_of_what_comes_next_says_what_it_is(page: Page) -> None:
    """A promised end that passes is no change and no end of evidence; evidence too old lets a state lapse."""
    words = page.evaluate(
        """() => {
          const { lives } = window.__atlas;
          const days = [...new Set(lives.changes.map(({ day }) => day))];
          const all = (day, phrase) => lives.changes.filter((one) => one.day === day).every(({ text }) => text.includes(phrase));
          const none = (day) => lives.changes.filter((one) => one.day === day).every(({ category }) => category !== "not-sourced");
          const before = (found) => {
            const day = days.find((one) => found(one) && one > lives.first && !days.includes(one - 1));
            window.__atlas.set({ day: day - 1 });
            return [document.querySelector(".ac-next").textContent, document.querySelector(".ac-hand.is-b").getAttribute("aria-valuetext")];
          };
          return {
            promise: before((day) => all(day, "promised end passed")),
            old: before((day) => all(day, "last evidence too old")),
            change: before(none),
          };
        }"""
    )
    for text in words["promise"]:
        assert re.search(r"A promised end passes \d+ \w+ \d{4}, outcome not sourced", text), text
    for text in words["old"]:
        assert re.search(r"States? lapses? \d+ \w+ \d{4}", text), text
    for text in words["change"]:
        assert re.search(r"Next change: \d+ \w+ \d{4}", text), text
    assert not any("vidence runs out" in text for pair in words.values() for text in pair)


def test_a_known_on_date_moves_the_end_of_the_evidence_and_not_where_a_bare_address_opens(
    turn_to: OpenPage,
) -> None:
    page = clock_on(turn_to, "/?as_of=2026-02-10&known_on=2026-01-05")
    assert lives(page, "known_on") == "2026-01-05"
    last = page.evaluate(
        "() => new Date(window.__atlas.lives.last_evidence * 864e5).toISOString().slice(0, 10)"
    )
    assert last <= "2026-01-05"
    assert lives(page, "default_day") > lives(page, "last_evidence")
    expect(page.locator(".ac-unsourced")).to_contain_text(
        page.evaluate(
            """(iso) => "no source after " + new Date(iso).toLocaleDateString("en-GB",
              { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })""",
            last,
        )
    )
    expect(page.locator(".atlas-clock.is-unsourced")).to_be_visible()
    press(page, "Last day with evidence")
    assert iso(page) == last


def test_playback_by_change_rests_on_every_change_and_ends_at_the_end(turn_to: OpenPage) -> None:
    page = clock_on(turn_to, "/")
    record_days(page)
    page.get_by_label("Speed of playback").first.select_option("8")
    press(page, "Play")
    expect(page.locator(".atlas-clock").get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.wait_for_function("() => !window.__atlas.state.playing", timeout=120_000)
    seen: list[int] = page.evaluate("() => window.seenDays")
    assert seen[1] == lives(page, "first")  # [0] is the day on which recording began
    assert seen[-1] == lives(page, "last")
    assert set(change_days(page)) <= set(seen)
    assert seen[1:] == sorted(seen[1:])


def test_playback_by_time_can_be_paused_moved_and_resumed_by_keyboard(page: Page) -> None:
    go(page, "2016-01-01")
    page.get_by_label("Rhythm of playback").first.select_option("time")
    handle(page).focus()
    start = day(page)
    page.keyboard.press("Space")
    page.wait_for_function("(start) => window.__atlas.state.day > start + 5", arg=start)
    page.keyboard.press("Space")
    at = day(page)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert day(page) == at
    page.keyboard.press("PageDown")
    page.keyboard.press("Space")
    page.wait_for_function("(at) => window.__atlas.state.day > at + 365", arg=at)


def test_with_reduced_motion_playback_steps_from_change_to_change(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    go(page, "2020-01-01")
    record_days(page)
    page.get_by_label("Speed of playback").first.select_option("8")
    press(page, "Play")
    page.wait_for_function("() => !window.__atlas.state.playing", timeout=120_000)
    seen: list[int] = page.evaluate("() => window.seenDays")
    assert set(seen[1:]) <= {*change_days(page), lives(page, "last")}
    assert seen[-1] == lives(page, "last")


def test_the_date_is_painted_in_the_event_itself(page: Page) -> None:
    same_turn = page.evaluate(
        """() => {
          const hand = document.querySelector(".ac-hand.is-b");
          const before = hand.style.transform;
          hand.focus();
          hand.dispatchEvent(new KeyboardEvent("keydown", { key: "PageUp", bubbles: true, cancelable: true }));
          return before !== hand.style.transform && Number(hand.getAttribute("aria-valuenow")) === window.__atlas.state.day;
        }"""
    )
    assert same_turn


def test_a_loop_rests_on_the_last_day_and_begins_again_on_the_first(page: Page) -> None:
    press(page, "Loop: at the end begin again")
    page.get_by_label("Speed of playback").first.select_option("8")
    first, last = lives(page, "first"), lives(page, "last")
    page.evaluate("(day) => window.__atlas.set({ day })", last - 1)
    record_days(page)
    press(page, "Play")
    page.wait_for_function("(first) => window.seenDays.includes(first)", arg=first, timeout=60_000)
    seen: list[int] = page.evaluate("() => window.seenDays")
    assert last in seen[: seen.index(first)]
    assert page.evaluate("() => window.__atlas.state.playing") is True
    press(page, "Loop: at the end begin again")
    page.wait_for_function("() => !window.__atlas.state.playing", timeout=120_000)
    assert day(page) == last


def test_the_player_keeps_to_its_days_in_both_rhythms_at_any_speed(page: Page) -> None:
    found = page.evaluate(
        """async () => {
          const { makePlayer } = await import(new URL("browser/clock/player.js", document.baseURI));
          const run = (tempo, seconds, calm = false) => {
            const days = [10, 20, 3000, 7000];
            const player = makePlayer({ span: () => ({ first: 0, last: 6000 }), days: () => days, tempo: () => tempo, calm: () => calm });
            const seen = [];
            let day = 0;
            for (let time = 0; time <= seconds * 1000; time += 50) seen.push(day = player.advance(time, day));
            return seen;
          };
          const time = run({ rhythm: "time", speed: 1, loop: false }, 60);
          return {
            half: time[600], end: time.at(-1),
            twice: run({ rhythm: "time", speed: 2, loop: false }, 15).at(-1),
            change: run({ rhythm: "change", speed: 8, loop: false }, 2),
            calm: [...new Set(run({ rhythm: "change", speed: 8, loop: false }, 2, true))],
            loop: run({ rhythm: "change", speed: 8, loop: true }, 5),
          };
        }"""
    )
    assert abs(found["half"] - 3000) <= 2, "1x is the whole span in a minute"
    assert found["end"] == 6000
    assert abs(found["twice"] - 3000) <= 2
    assert {10, 20, 3000, 6000} <= set(found["change"])
    assert found["change"] == sorted(found["change"])
    assert found["calm"] == [0, 10, 20, 3000, 6000]
    again = found["loop"].index(6000)
    assert 0 in found["loop"][again:], "a loop begins again on the first day"
    assert found["loop"][again : found["loop"].index(0, again)].count(6000) > 10, "and rests before"


def test_rhythm_and_speed_are_the_store_s_and_every_speed_is_offered(page: Page) -> None:
    speeds = page.get_by_label("Speed of playback").locator("option")
    assert speeds.all_text_contents() == ["0.5×", "1×", "2×", "4×", "8×"]
    page.get_by_label("Rhythm of playback").select_option("time")
    page.get_by_label("Speed of playback").select_option("4")
    assert page.evaluate("() => [window.__atlas.state.rhythm, window.__atlas.state.speed]") == ["time", 4]
    page.evaluate("() => window.__atlas.set({ rhythm: 'change', speed: 0.5 })")
    expect(page.get_by_label("Rhythm of playback")).to_have_value("change")
    expect(page.get_by_label("Speed of playback")).to_have_value("0.5")


ONLY = "Only 2025–2026"  # what the button of the axis does while all years are shown


def zoom(page: Page) -> Locator:
    return page.locator(".ac-zoom")


def x_of(page: Page, date: str) -> float:
    """The place of a day on the screen, from the years the axis shows."""
    track = page.locator(".ac-track").bounding_box()
    assert track
    share = page.evaluate(
        """(date) => {
          const { lives, state } = window.__atlas;
          const day = Date.parse(date) / 864e5;
          const promises = lives.phases.flatMap(({ promised }) => promised.map((one) => one.day + 8)).filter((one) => one <= lives.last + 128);
          const to = Math.max(lives.last, ...promises);
          const from = state.axis === "dense" ? Date.parse(document.querySelector(".ac-years").textContent.slice(0, 4) + "-01-01") / 864e5 : lives.first;
          return (day - from) / (to - from);
        }""",
        date,
    )
    return float(track["x"] + 12 + share * (track["width"] - 24))


def test_one_switch_zooms_the_axis_to_its_dense_part_and_back(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    expect(page.locator(".ac-years")).to_have_text("2025–2026")
    expect(zoom(page)).to_have_accessible_name(ONLY)
    assert page.locator(".ac-picture .is-month").count() == 0
    zoom(page).click()
    expect(zoom(page)).to_have_accessible_name("All years")
    assert iso(page) == OFFSET, "zooming moves nothing"
    labels = page.locator(".ac-picture .ac-label").all_text_contents()
    assert {"2025", "2026", "Feb", "Mar"} <= set(labels)
    assert "2020" not in labels
    page.wait_for_function("() => new URLSearchParams(location.search).get('axis') === 'dense'")
    zoom(page).click()
    page.wait_for_function("() => !new URLSearchParams(location.search).has('axis')")
    assert "2020" in page.locator(".ac-picture .ac-label").all_text_contents()


def test_x_is_the_right_day_on_both_axes(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    track = page.locator(".ac-track").bounding_box()
    assert track
    for axis, days, off in (
        ("all", ("2016-06-06", "2019-05-05"), 4),
        ("dense", ("2025-03-03", "2026-06-06"), 1),
    ):
        page.evaluate("(axis) => window.__atlas.set({ axis })", axis)
        for date in days:  # no change is near enough to snap to
            page.mouse.click(x_of(page, date), track["y"] + 30)
            wanted = page.evaluate("(date) => Date.parse(date) / 864e5", date)
            assert abs(day(page) - wanted) <= off, (axis, date, iso(page))


def test_a_date_off_the_zoomed_axis_is_an_arrow_and_moving_there_brings_all_years_back(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    go(page, "2017-03-03")
    zoom(page).click()
    arrow = page.locator(".ac-hand.is-b.is-before")
    expect(arrow).to_be_attached()
    assert iso(page) == "2017-03-03"
    arrow.locator(".ac-knob").click()
    expect(zoom(page)).to_have_accessible_name(ONLY)
    assert iso(page) == "2017-03-03", "the arrow shows the date, it does not move it"
    go(page, OFFSET)
    zoom(page).click()
    handle(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(zoom(page)).to_have_accessible_name("All years")
    page.keyboard.press("Home")
    expect(zoom(page)).to_have_accessible_name(ONLY)
    assert day(page) < change_days(page)[1]


def test_playback_on_the_zoomed_axis_runs_from_its_first_day(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    go(page, "2017-03-03")
    zoom(page).click()
    record_days(page)
    page.get_by_label("Speed of playback").select_option("8")
    press(page, "Play")
    page.wait_for_function("() => !window.__atlas.state.playing", timeout=60_000)
    seen: list[int] = page.evaluate("() => window.seenDays")
    assert seen[1] == page.evaluate("() => Date.parse('2025-01-01') / 864e5")
    assert seen[-1] == lives(page, "last")
    expect(zoom(page)).to_have_accessible_name("All years")


def test_an_address_with_a_zoomed_axis_opens_so_even_with_the_date_elsewhere(open_page: OpenPage) -> None:
    page = clock_on(open_page, "/?as_of=2017-03-03&axis=dense")
    expect(zoom(page)).to_have_accessible_name("All years")
    expect(page.locator(".ac-hand.is-b.is-before")).to_be_attached()
    assert iso(page) == "2017-03-03"


def test_the_two_clocks_are_switched_in_the_row_and_agree_with_the_header(page: Page) -> None:
    header = page.locator(".atlas-bar .ab-known > .ab-tool").first
    clocks = page.get_by_role("group", name="Which reports count")
    known, each = (
        clocks.get_by_role("button", name=name) for name in ("Known today", "As reported by that day")
    )
    expect(known).to_have_attribute("aria-pressed", "true")
    expect(header).to_have_text("Known today")
    each.click()
    page.wait_for_function("() => window.__atlas.lives.known_on === 'each-day'")
    expect(each).to_have_attribute("aria-pressed", "true")
    expect(known).to_have_attribute("aria-pressed", "false")
    expect(header).to_have_text("As reported by that day")
    page.wait_for_function("() => new URLSearchParams(location.search).get('known_on') === 'each-day'")
    page.evaluate("() => window.__atlas.actions.setKnown('2025-09-18')")
    expect(clocks).to_contain_text("eported by 18 Sep 2025")
    expect(each).to_have_attribute("aria-pressed", "false")
    expect(known).to_have_attribute("aria-pressed", "false")
    known.click()
    page.wait_for_function("() => window.__atlas.lives.known_on === null")
    expect(header).to_have_text("Known today")
    for switch in (known, each):
        assert switch.get_attribute("title")


def test_the_start_of_playback_is_kept_and_going_on_is_no_new_start(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    go(page, "2020-01-01")
    began = day(page)
    keep = page.locator(".atlas-clock").get_by_role("button", name="Keep the start in sight")
    keep.click()
    expect(keep).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Speed of playback").select_option("8")
    for _ in range(2):
        at = day(page)
        press(page, "Play")
        page.wait_for_function("(at) => window.__atlas.state.day > at", arg=at)
        press(page, "Pause")
        assert page.evaluate("() => window.__atlas.state.start") == began
    expect(page.locator(".ac-start")).to_be_attached()
    go(page, "2016-01-01")
    press(page, "Play")
    press(page, "Pause")
    assert page.evaluate("() => window.__atlas.state.start") == page.evaluate(
        "() => Date.parse('2016-01-01') / 864e5"
    )


def test_a_crowd_of_changes_is_counted_and_a_few_are_named(page: Page) -> None:
    """A payload of ten thousand sites is drawn as one of twenty: the words of a day stay short."""
    words = page.evaluate(
        """() => {
          const real = window.__atlas.lives;
          const lives = { ...real, version: "crowd", sites: [], changes: [] };
          for (let at = 0; at < 10000; at += 1) {
            const [one, other] = [real.first + 100, real.first + 200 + (at % 3000)];
            lives.sites.push({ ...real.sites[0], id: `s${at}`, name: `Site ${at}`, short: `Site ${at}`, names: [], evidence: [one, other], spans: [
              { ...real.sites[0].spans[0], from: real.first, to: one - 1, category: "not-sourced" },
              { ...real.sites[0].spans[0], from: one, to: other - 1, category: "iraqi-forces" },
              { ...real.sites[0].spans[0], from: other, to: real.last, category: "not-sourced" },
            ] });
            lives.changes.push({ day: one, site: `s${at}`, category: "iraqi-forces", text: `Site ${at}: first sourced`, by: "" });
          }
          for (let at = 0; at < 10000; at += 1) {
            lives.changes.push({ day: real.first + 200 + (at % 3000), site: `s${at}`, category: "not-sourced", text: `Site ${at}: not sourced`, by: "" });
          }
          lives.changes.sort((a, b) => a.day - b.day || (a.site < b.site ? -1 : 1));
          window.__atlas.setLives(lives);
          window.__atlas.set({ day: real.first + 100 });
          const spoken = document.querySelector(".ac-hand.is-b").getAttribute("aria-valuetext");
          const now = document.querySelector(".ac-now").textContent;
          const ticks = document.querySelectorAll(".ac-picture .ac-tick").length;
          window.__atlas.set({ day: real.first + 99 });
          const next = document.querySelector(".ac-next").textContent;
          window.__atlas.setLives(real);
          return { spoken, now, next, ticks };
        }"""
    )
    assert "and 9996 more" in words["spoken"]
    assert "and 9998 more" in words["now"]
    assert "and 9997 more" in words["next"]
    assert max(len(words[each]) for each in ("spoken", "now", "next")) < 300
    assert 2 <= words["ticks"] <= 14


def test_names_that_look_like_markup_stay_words(page: Page) -> None:
    shown = page.evaluate(
        """() => {
          const nasty = '<img src=x onerror="window.broken = true">';
          const real = window.__atlas.lives;
          const lives = structuredClone(real);
          lives.version = "nasty";
          for (const site of lives.sites) Object.assign(site, { name: nasty, short: nasty, name_local: nasty, governorate: nasty });
          for (const change of lives.changes) change.text = nasty;
          for (const phase of lives.phases) phase.label = nasty;
          for (const headline of lives.headlines) headline.text = nasty;
          window.__atlas.setLives(lives);
          window.__atlas.set({ day: lives.changes[0].day });
          const found = { now: document.querySelector(".ac-now").textContent, images: document.querySelectorAll(".atlas-clock img").length };
          window.__atlas.setLives(real);
          return found;
        }"""
    )
    assert "<img" in shown["now"]
    assert shown["images"] == 0
    assert page.evaluate("() => window.broken") is None

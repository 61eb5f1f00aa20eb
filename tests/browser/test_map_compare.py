"""Two days, two clocks, the ghost of the first day, and what the map says while it plays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_canvas import canvas_on
from tests.browser.test_control_layer import GO, map_on, mark

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

    from tests.conftest import OpenPage

pytestmark = pytest.mark.browser

YEAR_2020 = "/?as_of=2020-12-31&compare=2020-01-01"
SET = """([key, iso]) => window.__atlas.set({[key]: iso && Date.parse(iso + "T00:00:00Z") / 864e5})"""
# Sites that the lives put in another category on the two days, found the plain way.
APART = """([one, other]) => {
  const on = (site, iso) => { const day = Date.parse(iso + "T00:00:00Z") / 864e5;
    return site.spans.filter((span) => span.from <= day).at(-1).category; };
  return window.parent.__atlas.lives.sites.filter((site) => on(site, one) !== on(site, other)).map((site) => site.id).sort();
}"""
# Sites whose marks lie under the legend.
UNDER_THE_LEGEND = """() => { const at = document.querySelector(".atlas-legend").getBoundingClientRect();
  return [...document.querySelectorAll(".leaflet-pane .atlas-mark")].filter((mark) => mark.offsetWidth).filter((mark) => {
    const box = mark.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;
    return x > at.left - 8 && x < at.right + 8 && y > at.top - 8 && y < at.bottom + 8;
  }).map((mark) => mark.dataset.site); }"""
# The page's own clock must not move the day while we look.
STAND = """() => {
  const real = window.requestAnimationFrame;
  (window.undo ??= []).push(() => { window.requestAnimationFrame = real; });
  window.requestAnimationFrame = () => 0;
}"""
# Sites whose marks stand beside what they were.
STANDING_OUT = """() => [...new Set([...document.querySelectorAll(".atlas-spot.is-apart .atlas-mark")].map((mark) => mark.dataset.site))].sort()"""


def test_sites_that_changed_between_two_days_stand_out(turn_to: OpenPage) -> None:
    frame = map_on(turn_to, YEAR_2020).map
    apart = frame.evaluate(APART, ["2020-01-01", "2020-12-31"])
    placed = frame.evaluate(
        "() => window.parent.__atlas.lives.sites.filter((site) => site.lat !== null).map((site) => site.id)"
    )
    assert frame.evaluate(STANDING_OUT) == sorted(set(apart) & set(placed))
    expect(frame.locator(".atlas-date")).to_have_text("1 January 2020 → 31 December 2020")
    expect(frame.locator(".atlas-finding")).to_contain_text(f"{len(apart)} sites changed between")
    spot = frame.locator(".atlas-spot.is-apart .atlas-mark:visible .atlas-was .atlas-glyph").first
    expect(spot).to_be_visible()
    assert frame.locator(".atlas-spot.is-same").count() > 0


def test_the_legend_counts_both_days(turn_to: OpenPage) -> None:
    frame = map_on(turn_to, YEAR_2020).map
    for row in frame.locator(".atlas-row").all():
        category = row.get_attribute("data-category")
        first, last = frame.evaluate(
            """([id, days]) => days.map((iso) => { const day = Date.parse(iso + "T00:00:00Z") / 864e5;
              return window.parent.__atlas.lives.sites.filter((site) => site.spans.filter((span) => span.from <= day).at(-1).category === id).length; })""",
            [category, ["2020-01-01", "2020-12-31"]],
        )
        assert row.locator(".atlas-count-then").text_content() == str(first)
        assert row.locator(".atlas-count").text_content() == str(last)
        change = row.locator(".atlas-count-change").text_content()
        assert change == ("" if first == last else f"{'+' if last > first else '−'}{abs(last - first)}")
        assert row.is_visible() == (first > 0 or last > 0)
        expect(row).to_have_attribute("aria-label", re.compile("then"))


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 700), (800, 900), (390, 844)])
def test_the_counts_of_two_days_stand_in_columns_and_the_legend_keeps_its_width(
    turn_to: OpenPage, width: int, height: int
) -> None:
    screen = map_on(turn_to, "/?as_of=2020-12-31", still=True, width=width, height=height)
    legend = "() => document.querySelector('.atlas-legend').getBoundingClientRect().width"
    before = screen.map.evaluate(legend)
    screen.page.evaluate(SET, ["compare", "2020-01-01"])
    assert screen.map.evaluate(legend) == before
    expect(screen.map.locator(".atlas-pair")).to_contain_text("AB")
    for column in (".atlas-count-then", ".atlas-count"):
        edges = screen.map.evaluate(
            """(column) => [...document.querySelectorAll(`.atlas-row ${column}`)].filter((one) => one.offsetWidth)
              .map((one) => Math.round(one.getBoundingClientRect().right))""",
            column,
        )
        assert len(edges) >= 3
        assert len(set(edges)) == 1
    if width > 390:
        assert screen.map.evaluate(UNDER_THE_LEGEND) == []


def test_the_later_day_keeps_its_letter_where_it_is_the_one_compared_with(turn_to: OpenPage) -> None:
    frame = map_on(turn_to, "/?as_of=2020-01-01&compare=2020-12-31").map
    expect(frame.locator(".atlas-pair")).to_contain_text("BA")


def test_a_day_compared_with_itself_is_said_to_be_one(turn_to: OpenPage) -> None:
    frame = map_on(turn_to, "/?as_of=2020-12-31&compare=2020-12-31").map
    expect(frame.locator(".atlas-finding")).to_have_text("Both dates are the same day.")


def test_a_sign_that_appears_leaves_the_rows_of_the_legend_in_their_place(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, "/?as_of=2021-06-01", still=True)
    top = "() => document.querySelector('.atlas-row').getBoundingClientRect().top"
    before = screen.map.evaluate(top)
    screen.page.evaluate("() => window.__atlas.set({ ghost: true })")
    expect(screen.map.locator(".atlas-key-ghost")).to_be_visible()
    assert screen.map.evaluate(top) == before


def test_on_a_small_map_the_signs_fold_and_no_mark_is_under_the_legend(turn_to: OpenPage) -> None:
    frame = map_on(
        turn_to, "/?as_of=2026-01-15&known_on=each-day&site=ain-al-asad", still=True, width=1024, height=700
    ).map
    assert frame.evaluate(UNDER_THE_LEGEND) == []
    expect(frame.locator(".atlas-key-line")).to_be_hidden()
    frame.get_by_role("button", name="Signs", exact=True).click()
    expect(frame.locator(".atlas-key-line")).to_be_visible()
    frame.get_by_role("button", name="Signs", exact=True).click()


def test_a_mark_says_both_days_the_earlier_first_whichever_is_asked_for(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, YEAR_2020)
    for as_of, compare in (("2020-12-31", "2020-01-01"), ("2020-01-01", "2020-12-31")):
        screen.page.evaluate(SET, ["compare", None])
        screen.page.evaluate(GO, as_of)
        screen.page.evaluate(SET, ["compare", compare])
        frame = screen.map
        expect(frame.locator(".atlas-date")).to_have_text("1 January 2020 → 31 December 2020")
        both = re.compile(r"K-1.*: 1 January 2020, .+; 31 December 2020, .*Iraqi forces alone")
        expect(mark(frame, "k1")).to_have_attribute("aria-label", both)
        mark(frame, "k1").hover()
        words = frame.locator(".atlas-tip .atlas-tip-words")
        expect(words).to_have_count(2)
        expect(words.first).to_contain_text("1 Jan 2020: ")
        expect(words.last).to_contain_text("31 Dec 2020: ")
        screen.page.mouse.move(5, 5)


def test_taking_the_other_day_away_leaves_the_map_as_it_was(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, "/?as_of=2020-12-31")
    glyphs = """() => [...document.querySelectorAll('.atlas-spot[data-category] .atlas-glyph-box')]
      .map((one) => [...one.children].filter((each) => each.style.display !== "none").map((each) => `${each.outerHTML.replace(' style=""', "")}`).join())"""
    before = screen.map.evaluate(glyphs)
    screen.page.evaluate(SET, ["compare", "2020-01-01"])
    assert screen.map.evaluate(glyphs) != before
    screen.page.evaluate(SET, ["compare", None])
    assert screen.map.evaluate(glyphs) == before
    expect(screen.map.locator(".atlas-date")).to_have_text("31 December 2020")
    expect(screen.map.locator(".atlas-pair")).to_be_hidden()


def test_the_same_on_a_canvas(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    frame = screen.map
    screen.page.evaluate(SET, ["compare", "2020-01-01"])
    apart = frame.evaluate(APART, ["2020-01-01", "2026-01-15"])
    expect(frame.locator(".atlas-finding")).to_contain_text(f"{len(apart)} sites changed between")
    count = frame.evaluate("() => window.parent.__atlas.lives.sites.length")
    assert 0 < len(apart) < count


def test_a_ghost_of_the_first_day_stays_where_something_else_is_now(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, "/?as_of=2021-06-01")
    frame = screen.map
    expect(frame.locator(".atlas-key-ghost")).to_be_hidden()
    screen.page.evaluate(SET, ["start", "2017-06-01"])
    screen.page.evaluate("() => window.__atlas.set({ ghost: true })")
    apart = frame.evaluate(APART, ["2017-06-01", "2021-06-01"])
    ghosts = """() => [...new Set([...document.querySelectorAll(".atlas-spot .atlas-ghost")]
      .map((ghost) => ghost.closest(".atlas-mark").dataset.site))].sort()"""
    placed = frame.evaluate(
        "() => window.parent.__atlas.lives.sites.filter((site) => site.lat !== null).map((site) => site.id)"
    )
    assert frame.evaluate(ghosts) == sorted(set(apart) & set(placed))
    expect(frame.locator(".atlas-legend")).to_contain_text("faint: as on 1 June 2017")
    screen.page.evaluate("() => window.__atlas.set({ ghost: false })")
    assert frame.evaluate(ghosts) == []


def test_where_more_is_known_today_the_mark_and_its_words_say_so(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, "/?as_of=2026-01-05&known_on=each-day")
    frame = screen.map
    frame.wait_for_function("() => window.parent.__atlas.lives.known_on === 'each-day'")
    expect(frame.locator(".atlas-known")).to_have_text("as our sources had reported by that day")
    differing = frame.evaluate(
        """() => { const { day } = window.parent.__atlas.state;
          return window.parent.__atlas.lives.sites.filter((site) => site.lat !== null && site.differs.some((one) => one.from <= day && day <= one.to))
            .map((site) => site.id).sort(); }"""
    )
    badges = """() => [...new Set([...document.querySelectorAll(".atlas-mark .atlas-badge")].map((one) => one.closest(".atlas-mark").dataset.site))].sort()"""
    assert differing
    assert frame.evaluate(badges) == differing
    expect(frame.locator(".atlas-legend")).to_contain_text("known differently today")
    mark(frame, "ain-al-asad").hover()
    expect(frame.locator(".atlas-tip")).to_contain_text("Known today: Coalition hosted, federal Iraq")
    screen.page.evaluate("() => window.__atlas.actions.setKnown(null)")
    expect(frame.locator(".atlas-known")).to_be_hidden(timeout=30_000)
    assert frame.evaluate(badges) == []


def test_the_headline_says_how_many_sources_are_left_out(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    screen.page.evaluate(
        "() => { const { lives } = window.__atlas; (window.undo ??= []).push(() => window.__atlas.setLives(lives)); window.__atlas.setLives({...lives, version: 'less', without: lives.sources.slice(0, 3).map((one) => one.id)}); }"
    )
    expect(screen.map.locator(".atlas-known")).to_have_text("without 3 sources")


def play_to(page: Page, iso: str, start: str) -> None:
    """Set the page as playback would, on a day on the way."""
    page.evaluate(
        """([iso, start]) => { const day = (text) => Date.parse(text + "T00:00:00Z") / 864e5;
          window.__atlas.set({ playing: true, start: day(start), day: day(iso) }); }""",
        [iso, start],
    )


def unchanging_line(frame: Frame) -> None:
    expect(frame.locator(".atlas-change")).to_contain_text(re.compile(r"^Taji: handed over.*, 23 Aug 2020, "))


def test_each_change_announces_itself_until_the_next(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, "/?as_of=2020-08-20")
    frame, line = screen.map, screen.map.locator(".atlas-change")
    expect(line).to_be_hidden()
    screen.page.evaluate(STAND)
    play_to(screen.page, "2020-08-23", "2020-08-20")
    unchanging_line(frame)
    play_to(screen.page, "2020-09-20", "2020-08-20")
    unchanging_line(frame)
    screen.page.evaluate("() => window.__atlas.set({ playing: false })")
    expect(line).to_be_hidden()
    screen.page.evaluate(GO, "2020-08-23")
    unchanging_line(frame)


def test_many_changes_of_one_day_are_counted(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    screen.page.evaluate(
        """() => {
          const { lives } = window.__atlas, day = window.__atlas.state.day;
          const changes = lives.changes.filter((one) => one.day !== day)
            .concat(Array.from({ length: 7 }, (_, n) => ({ day, site: lives.sites[n].id, category: "iraqi-forces", text: `Site ${n}: handed over`, by: "" })));
          (window.undo ??= []).push(() => window.__atlas.setLives(lives));
          window.__atlas.setLives({ ...lives, version: "busy", changes: changes.sort((a, b) => a.day - b.day) });
        }"""
    )
    expect(screen.map.locator(".atlas-change")).to_have_text(
        "Site 0: handed over; Site 1: handed over; Site 2: handed over and 4 more, 15 Jan 2026"
    )


def test_on_a_phone_the_map_itself_says_the_date_while_it_plays(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, "/?as_of=2020-08-20", still=True, width=390, height=844, touch=True)
    frame = screen.map
    plate = frame.locator(".atlas-plate")
    expect(plate).to_be_hidden()
    top = frame.evaluate("() => window.map.getContainer().getBoundingClientRect().top")
    screen.page.evaluate(STAND)
    play_to(screen.page, "2020-08-23", "2020-08-20")
    expect(plate.locator(".atlas-plate-date")).to_have_text("23 August 2020")
    expect(plate).to_contain_text("Taji: handed over")
    counts = plate.locator(".atlas-chip b").all_inner_texts()
    assert counts == frame.locator(".atlas-row .atlas-count").all_inner_texts()
    assert frame.evaluate("() => window.map.getContainer().getBoundingClientRect().top") == top
    screen.page.evaluate("() => window.__atlas.set({ playing: false })")
    expect(plate.locator(".atlas-plate-date")).to_be_hidden()


@pytest.mark.parametrize("extent", ["3.20/33.0000/44.0000", "12.00/33.0000/44.0000", "7.00/10.0000/44.0000"])
def test_an_extent_that_cannot_be_reached_by_hand_is_the_opening_one(
    open_page: OpenPage, extent: str
) -> None:
    screen = map_on(open_page, f"/?as_of=2026-01-15&map={extent}")
    zoom, lat, lon = screen.map.evaluate(
        "() => { const c = window.map.getCenter(); return [window.map.getZoom(), c.lat, c.lng]; }"
    )
    assert 5 < zoom < 8
    assert 32 < lat < 35
    assert 41 < lon < 46
    screen.page.wait_for_function("() => window.__atlas.state.map === null")

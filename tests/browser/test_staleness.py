"""Marks that fade: what the map shows as stale on a day is what geodata/staleness.py says, however the day was reached."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from components import wording
from geodata import control, staleness
from geodata.dates import EPOCH, epoch_day
from geodata.knowledge import Knowledge
from geodata.load import load
from tests.browser.test_canvas import canvas_on, colour_at
from tests.browser.test_control_layer import GO, map_on, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.control import Life
    from tests.conftest import OpenPage, Screen

pytestmark = pytest.mark.browser

FIRST, LAST = dt.date(2014, 1, 1), dt.date(2026, 11, 1)
CLOCKS = {
    "/?as_of=2026-01-15": Knowledge(),
    "/?as_of=2026-01-15&known_on=each-day": Knowledge(each_day=True),
    "/?as_of=2026-01-15&known_on=2021-06-30": Knowledge(dt.date(2021, 6, 30)),
    "/?as_of=2026-01-15&without=P093": Knowledge(without=frozenset({"P093"})),
}
# The stale sites of each day of a list, in the order in which the days are gone to.
STALE = """(days) => {
  const store = window.__atlas, map = [...document.querySelectorAll("iframe")].map((one) => one.contentWindow).find((one) => one.controlLayer);
  const ids = store.lives.sites.map((site) => site.id);
  return days.map((day) => {
    store.set({ day }, { url: false });
    return ids.filter((id) => map.controlLayer.stale(id)).sort();
  });
}"""
# What a screen reader is told of every mark.
NAMES = """() => Object.fromEntries([...document.querySelectorAll(".atlas-mark")].map((node) => {
  node.dispatchEvent(new Event("focus"));
  return [node.dataset.site, node.getAttribute("aria-label")]; }))"""


@cache
def lives(knowledge: Knowledge) -> Mapping[str, Life]:
    return control.lives(load(), knowledge)


def stale_on(found: Mapping[str, Life], day: dt.date) -> list[str]:
    return sorted(site for site, life in found.items() if staleness.is_stale(life, day))


def turns(found: Mapping[str, Life]) -> list[dt.date]:
    """Every day on which a site becomes stale or fresh, with its neighbours."""
    near = set()
    for life in found.values():
        before = False
        for number in range((LAST - FIRST).days):
            day = FIRST + dt.timedelta(number)
            if (now := staleness.is_stale(life, day)) is not before:
                near |= {day - dt.timedelta(1), day, day + dt.timedelta(1)}
            before = now
    return sorted(day for day in near if FIRST <= day <= LAST)


@pytest.mark.parametrize("path", CLOCKS)
def test_a_site_is_stale_on_the_map_exactly_when_it_is(turn_to: OpenPage, path: str) -> None:
    screen, found = map_on(turn_to, path), lives(CLOCKS[path])
    days = turns(found)
    assert len(days) > 30
    jumps = [days[(at * 37) % len(days)] for at in range(len(days))]
    for walk in (days, days[::-1], jumps):
        shown = screen.page.evaluate(STALE, [epoch_day(day) for day in walk])
        wrong = [
            (day, stale) for day, stale in zip(walk, shown, strict=True) if stale != stale_on(found, day)
        ]
        assert wrong == []


@pytest.mark.parametrize("path", CLOCKS)
def test_a_mark_says_its_age_in_the_words_of_the_table(turn_to: OpenPage, path: str) -> None:
    screen, found = map_on(turn_to, path), lives(CLOCKS[path])
    checked = 0
    for day in turns(found)[::5]:
        screen.page.evaluate(GO, day.isoformat())
        named = screen.map.evaluate(NAMES)
        for site, name in named.items():
            if found[site].last_evidence(day) is None:
                continue  # the words of the state say that there is none
            words = wording.staleness(found[site], day)
            assert name.endswith(f". {words[0].upper()}{words[1:]}"), (day, site)
            checked += 1
    assert checked > 100


def test_the_mark_fades_the_day_after_the_stated_age_and_the_words_change(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, "/?as_of=2021-08-23")
    taji = mark(screen.map, "camp-taji")
    expect(taji.locator(".atlas-glyph.is-stale:visible")).to_have_count(0)
    taji.hover()
    tip = screen.map.locator(".atlas-tip")
    expect(tip).to_contain_text("Last evidence 23 August 2020, 12 months ago")
    screen.page.evaluate(GO, "2021-08-24")
    expect(taji.locator(".atlas-glyph.is-stale:visible")).to_have_count(1)
    expect(tip).to_contain_text("Not corroborated since 23 August 2020, 12 months ago")
    expect(tip.locator(".atlas-glyph.is-stale")).to_have_count(1)
    screen.page.evaluate(GO, "2021-08-23")
    expect(taji.locator(".atlas-glyph.is-stale:visible")).to_have_count(0)
    assert screen.errors == []


def test_every_faded_mark_is_stale_and_the_legend_counts_them(turn_to: OpenPage) -> None:
    screen, found = map_on(turn_to), lives(Knowledge())
    key = screen.map.locator(".atlas-key-item", has_text="faded: no evidence for more than a year")
    for iso in ("2014-06-01", "2016-02-01", "2021-08-24", "2026-01-18"):
        screen.page.evaluate(GO, iso)
        right = stale_on(found, dt.date.fromisoformat(iso))
        faded = screen.map.evaluate(
            """() => [...new Set([...document.querySelectorAll(".atlas-mark .atlas-glyph.is-stale")]
              .filter((node) => node.style.display !== "none").map((node) => node.closest(".atlas-mark").dataset.site))].sort()"""
        )
        assert faded == [site for site in right if load().sites[site].lat is not None], iso
        if right:
            expect(key.locator("b")).to_have_text(str(len(right)))
        else:
            expect(key).to_be_hidden()


def test_to_become_stale_is_no_event(turn_to: OpenPage) -> None:
    """A ring opens round a site that changes hands, not round one of which nothing is heard."""
    screen = map_on(turn_to, "/?as_of=2021-08-23")
    screen.map.wait_for_function("() => !document.querySelector('.atlas-pulse')")  # of the way to this day
    screen.page.evaluate(GO, "2021-08-24")
    screen.map.wait_for_timeout(60)
    assert screen.map.locator(".atlas-pulse").count() == 0
    screen.page.evaluate(GO, "2026-01-17")
    screen.page.evaluate(GO, "2026-01-18")
    screen.map.wait_for_function("() => document.querySelectorAll('.atlas-pulse').length > 0")


def test_of_two_days_each_mark_fades_by_its_own(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, "/?as_of=2026-01-18&compare=2019-06-01")
    besmaya = mark(screen.map, "besmaya")
    # Host in 2019, not heard of since 2015; Iraqi in 2026, not heard of since 2020.
    expect(besmaya.locator(".atlas-was .atlas-glyph.is-stale")).to_have_count(1)
    expect(besmaya.locator(".atlas-glyph-box > .atlas-glyph.is-stale")).to_have_count(1)
    asad = mark(screen.map, "ain-al-asad")
    expect(asad.locator(".atlas-was .atlas-glyph.is-stale")).to_have_count(1)
    expect(asad.locator(".atlas-glyph-box > .atlas-glyph.is-stale")).to_have_count(0)
    expect(screen.map.locator(".atlas-legend")).to_contain_text(
        re.compile(r"no evidence for more than a year(?! \()")
    )


# On the canvas: the stale sites by the plain rule, every one looked at.
PLAIN = """(days) => {
  const store = window.__atlas, { sites, stale_after_days: age } = store.lives, wrong = [];
  const map = [...document.querySelectorAll("iframe")].map((one) => one.contentWindow).find((one) => one.controlLayer);
  let seen = 0;
  for (const day of days) {
    store.set({ day }, { url: false });
    for (const site of sites) {
      const { category } = site.spans.filter((span) => span.from <= day).at(-1);
      const last = site.evidence.filter((one) => one <= day).at(-1);
      const right = !["not-sourced", "changing-hands"].includes(category) && last !== undefined && day - last > age;
      if (map.controlLayer.stale(site.id) !== right) wrong.push([site.id, day, right]);
      seen += right;
    }
  }
  return { wrong, seen };
}"""


def test_many_painted_marks_are_stale_when_they_are(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    first = epoch_day(FIRST)
    days = [first + 400 + step for step in range(12)] + [first + 3000 - 9 * step for step in range(12)]
    days += [first + (step * 7919) % 4000 for step in range(12)]
    found = screen.page.evaluate(PLAIN, days)
    assert found["wrong"] == []
    assert found["seen"] > 1000


def test_a_painted_mark_fades_to_two_fifths_of_its_colour(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    turned = screen.page.evaluate(
        """() => { const { sites, stale_after_days: age } = window.__atlas.lives, { evidence, spans } = sites.find((site) => site.id === "lonely");
          return spans.filter((span) => !span.weak && !["changing-hands", "not-sourced", "islamic-state"].includes(span.category) && span.to - span.from > age + 2)
            .map((span) => [span.category, evidence.filter((day) => day <= span.from).at(-1) + age]).filter(([, day]) => day > 0); }"""
    )
    assert turned
    for category, day in turned:
        check_colour(screen, category, day, 1)
        check_colour(screen, category, day + 1, 0.4)


def check_colour(screen: Screen, category: str, day: int, share: float) -> None:
    screen.page.evaluate("(day) => window.__atlas.set({ day })", day)
    assert screen.map.evaluate("() => window.controlLayer.category('lonely')") == category
    assert screen.map.evaluate("() => window.controlLayer.stale('lonely')") is (share < 1)
    own, halo = screen.map.evaluate(
        """(names) => names.map((name) => { const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
          return [1, 3, 5].map((at) => parseInt(value.slice(at, at + 2), 16)); })""",
        [f"--c-{category}", "--halo"],
    )
    right = [round(one * share + other * (1 - share)) for one, other in zip(own, halo, strict=True)]
    painted = colour_at(screen.map, "lonely")
    assert all(abs(one - other) <= 1 for one, other in zip(painted, [*right, 255], strict=True)), (
        EPOCH + dt.timedelta(day)
    )

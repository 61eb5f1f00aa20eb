"""Neighbours in time: which sites changed hands within the same week."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import neighbours
from geodata.control import Category, Held, Life, Reason, Span
from geodata.model import Coalition, Controller

if TYPE_CHECKING:
    from collections.abc import Mapping

HOSTING = Held(Controller.IRAQI_FEDERAL, Coalition.PRESENT)
HELD = {
    Category.COALITION_FEDERAL: HOSTING,
    Category.IRAQI_FORCES: Held(Controller.IRAQI_FEDERAL, Coalition.ABSENT),
    Category.ISLAMIC_STATE: Held(Controller.ISLAMIC_STATE, Coalition.ABSENT),
    Category.NOT_SOURCED: Held(Controller.UNKNOWN, Coalition.UNKNOWN),
    Category.CHANGING_HANDS: HOSTING,
}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def life(site: str, *starts: tuple[dt.date, Category]) -> Life:
    """Return a life that is not sourced before the first of `starts`."""
    firsts = [(dt.date.min, Category.NOT_SOURCED), *starts]
    ends = [*(first - dt.timedelta(days=1) for first, _ in firsts[1:]), dt.date.max]
    spans = tuple(
        Span(first, last, HELD[category], category, Reason.CLAIMS)
        for (first, category), last in zip(firsts, ends, strict=True)
    )
    return Life(site, spans, ())


def handover(site: str, first: str, last: str | None = None) -> Life:
    """Return the life of a site that hosts from 2015 and is handed over on a day, or on one of several."""
    middle = [(day(first), Category.CHANGING_HANDS)] if last else []
    return life(
        site,
        (day("2015-01-01"), Category.COALITION_FEDERAL),
        *middle,
        (day(last or first), Category.IRAQI_FORCES),
    )


def found(*lives: Life, of: str = "a") -> list[tuple[str, int, int, bool]]:
    return [
        (n.other.site, n.earliest, n.latest, n.certain())
        for n in neighbours.neighbours(neighbours.almanac(lives), of)
    ]


@pytest.mark.parametrize(
    ("other", "apart"),
    [
        ("2020-03-18", None),
        ("2020-03-19", -7),
        ("2020-03-25", -1),
        ("2020-03-26", 0),
        ("2020-03-27", 1),
        ("2020-04-02", 7),
        ("2020-04-03", None),
    ],
)
def test_a_week_is_seven_days_before_and_after(other: str, apart: int | None) -> None:
    expected = [] if apart is None else [("b", apart, apart, True)]
    assert found(handover("a", "2020-03-26"), handover("b", other)) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2020-03-10", "2020-03-18", []),
        ("2020-03-10", "2020-03-19", [("b", -16, -7, False)]),
        ("2020-03-19", "2020-04-02", [("b", -7, 7, True)]),
        ("2020-03-19", "2020-04-03", [("b", -7, 8, False)]),
        ("2020-01-01", "2020-12-31", [("b", -85, 280, False)]),
        ("2020-04-02", "2020-05-01", [("b", 7, 36, False)]),
        ("2020-04-03", "2020-05-01", []),
    ],
)
def test_a_change_whose_day_is_uncertain_may_lie_so_near_and_says_so(
    first: str, last: str, expected: list[tuple[str, int, int, bool]]
) -> None:
    assert found(handover("a", "2020-03-26"), handover("b", first, last)) == expected


def test_the_days_between_two_uncertain_changes_reach_from_the_nearest_to_the_farthest() -> None:
    own, other = handover("a", "2026-01-13", "2026-01-18"), handover("b", "2025-12-31", "2026-01-18")
    assert found(own, other) == [("b", -18, 5, False)]
    assert found(own, other, of="b") == [("a", -5, 18, False)]


def test_where_sources_begin_or_end_nothing_changed_hands() -> None:
    begins = life("b", (day("2020-03-26"), Category.IRAQI_FORCES))
    ends = life(
        "c", (day("2015-01-01"), Category.COALITION_FEDERAL), (day("2020-03-26"), Category.NOT_SOURCED)
    )
    assert found(handover("a", "2020-03-26"), begins, ends) == []
    told = life(
        "d",
        (day("2015-01-01"), Category.ISLAMIC_STATE),
        (day("2020-03-20"), Category.CHANGING_HANDS),
        (day("2020-03-26"), Category.NOT_SOURCED),
    )
    assert found(handover("a", "2020-03-26"), told) == [("d", -6, 0, True)]


def test_the_consolidation_of_march_and_april_2020(lives: Mapping[str, Life]) -> None:
    """Six of the eight were handed over between 17 March and 7 April 2020; K-1 and Nineveh one day apart."""
    told = [
        (n.own.first.isoformat(), n.other.site, n.earliest, n.latest)
        for n in neighbours.neighbours(neighbours.almanac(lives.values()), "k1")
        if n.certain() and n.own.first.year == 2020
    ]
    assert told == [
        ("2020-03-29", "nineveh-ops", 1, 1),
        ("2020-03-29", "qayyarah-west", -3, -3),
        ("2020-03-29", "al-taqaddum", 6, 6),
    ]


def test_the_federal_handover_of_january_2026(lives: Mapping[str, Life]) -> None:
    ain_al_asad = neighbours.neighbours(neighbours.almanac(lives.values()), "ain-al-asad")
    assert {(n.other.site, n.earliest, n.latest, n.certain()) for n in ain_al_asad} == {
        ("joc-hq", -18, 5, False),
        ("union-iii", 0, 5, True),
        ("victoria-bdsc", 0, 5, True),
    }


days = st.dates(dt.date(2019, 1, 1), dt.date(2019, 4, 1))
starts = st.lists(st.tuples(days, st.sampled_from(list(HELD))), max_size=6, unique_by=lambda start: start[0])
worlds = st.lists(starts, min_size=2, max_size=4).map(
    lambda every: [life(f"s{index}", *sorted(given)) for index, given in enumerate(every)]
)


@given(worlds)
def test_neighbours_are_mutual(world: list[Life]) -> None:
    almanac = neighbours.almanac(world)
    pairs = {
        (n.own, n.other, n.earliest, n.latest)
        for one in world
        for n in neighbours.neighbours(almanac, one.site)
    }
    assert pairs == {(other, own, -latest, -earliest) for own, other, earliest, latest in pairs}


@given(worlds)
def test_the_index_finds_what_a_walk_over_all_changes_finds(world: list[Life]) -> None:
    almanac = neighbours.almanac(world)
    every = [change for one in world for change in neighbours.changes(one)]
    for one in world:
        expected = {
            (own, other)
            for own in neighbours.changes(one)
            for other in every
            if other.site != one.site
            and any(
                abs((b - a).days) <= neighbours.WEEK
                for a in _days(own.first, own.last)
                for b in _days(other.first, other.last)
            )
        }
        assert {(n.own, n.other) for n in neighbours.neighbours(almanac, one.site)} == expected


@given(worlds)
def test_every_change_leads_from_the_category_of_its_eve_to_that_of_its_last_day(world: list[Life]) -> None:
    for one in world:
        for change in neighbours.changes(one):
            assert one.at(change.first - dt.timedelta(days=1)).category is change.before
            assert one.at(change.last).category is change.after
            assert change.before is not change.after


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]

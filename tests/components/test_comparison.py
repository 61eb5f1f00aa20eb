"""Two dates beside each other: every site counted once, every change with the sources that bring it about."""

from __future__ import annotations

import datetime as dt
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import comparison, wording
from geodata import control, differences
from geodata.control import Category
from geodata.knowledge import EVERYTHING, Knowledge
from geodata.load import load
from tests.geodata.test_control_properties import CALM, any_claims, made

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.comparison import Comparison
    from geodata.control import Life
    from geodata.model import Claim, Ledger

KNOWLEDGE = (
    EVERYTHING,
    Knowledge(each_day=True),
    Knowledge(known_on=dt.date(2026, 1, 5)),
    Knowledge(without=frozenset({"S2"})),
)

DAYS = st.dates(dt.date(2009, 12, 1), dt.date(2014, 6, 1))
"""Around the days of the made-up claims."""


@cache
def ledger() -> Ledger:
    return load()


@cache
def lives(knowledge: Knowledge) -> Mapping[str, Life]:
    return control.lives(ledger(), knowledge)


def compare(one: str, other: str, knowledge: Knowledge = EVERYTHING) -> Comparison:
    days = dt.date.fromisoformat(one), dt.date.fromisoformat(other)
    return comparison.compare(ledger(), lives(knowledge), *days)


def test_the_year_2020_in_one_sentence_with_its_lists() -> None:
    found = compare("2020-01-01", "2020-12-31")
    assert found.sentence == "8 sites changed category; 6 did not; 8 were not sourced on either day"
    assert found.changed == (
        "al-qaim", "qayyarah-west", "k1", "nineveh-ops", "al-taqaddum", "abu-ghraib", "besmaya", "camp-taji",
    )  # fmt: skip
    # Two sites have no position; they are counted like any other.
    assert {"fb-saham", "mosul-dam"} <= {*found.unchanged}
    assert len(found.unsourced) == 8


@pytest.mark.parametrize(
    ("knowledge", "site", "day", "sources"),
    [
        # E039.P078 and E039.P079: UPI and Just the News, by the rank of their grades.
        (EVERYTHING, "camp-taji", "2020-08-23", ("P078", "P079")),
        # E049.P061, E049.P062 and E050 tell of one transition on two days.
        (EVERYTHING, "al-qaim", "2020-03-17", ("P061", "P062")),
        (EVERYTHING, "al-qaim", "2020-03-19", ("P061",)),
        # The promise E009 (P029) passed; nobody reported anything.
        (Knowledge(each_day=True), "ain-al-asad", "2025-09-16", ("P029",)),
        # E001 of 2014 decides the run; what made it known again on these days are E006 (P029) and E010 (P026).
        (Knowledge(each_day=True), "ain-al-asad", "2025-08-19", ("P029",)),
        (Knowledge(each_day=True), "ain-al-asad", "2025-10-20", ("P026",)),
        # E012 was believed until E016 was reported.
        (Knowledge(each_day=True), "ain-al-asad", "2025-12-31", ("P023",)),
    ],
)
def test_each_change_names_the_sources_that_bring_it_about(
    knowledge: Knowledge, site: str, day: str, sources: tuple[str, ...]
) -> None:
    found = compare("2014-01-01", "2026-01-10" if site == "ain-al-asad" else "2021-01-01", knowledge)
    passage = next(p for p in (*found.passages, *found.returns) if p.site == site)
    step = next(s for s in passage.steps if s.day == dt.date.fromisoformat(day))
    assert tuple(source.source for source in step.sources) == sources
    assert step.promised == (day == "2025-09-16")


def test_a_site_that_changed_and_changed_back_is_named() -> None:
    # By the clock of each day Ain al-Asad fell silent on 16 September and was sourced again on 20 October 2025.
    found = compare("2025-09-15", "2025-10-21", Knowledge(each_day=True))
    assert "ain-al-asad" in found.returned
    assert "ain-al-asad" in found.unchanged
    assert [s.day.isoformat() for s in found.returns[0].steps] == ["2025-09-16", "2025-10-20"]


def test_the_same_day_twice_has_nothing_between() -> None:
    found = compare("2026-01-15", "2026-01-15")
    assert not found.changed
    assert not found.returned
    assert found.sentence.startswith("No site changed category; ")


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((8, 12, 2), "8 sites changed category; 12 did not; 2 were not sourced on either day"),
        ((1, 1, 1), "1 site changed category; 1 did not; 1 was not sourced on either day"),
        ((1, 0, 0), "1 site changed category"),
        ((22, 0, 1), "22 sites changed category; 1 was not sourced on either day"),
        ((0, 1, 0), "No site changed category; 1 shows the same on both days"),
        (
            (0, 20, 2),
            "No site changed category; 20 show the same on both days; 2 were not sourced on either day",
        ),
        ((0, 0, 3), "No site changed category; 3 were not sourced on either day"),
        ((1200, 8000, 0), "1,200 sites changed category; 8,000 did not"),
    ],
)
def test_the_sentence_has_the_right_number(counts: tuple[int, int, int], sentence: str) -> None:
    assert wording.comparison(*counts) == sentence


def holds(found: Comparison, on: Ledger, folded: Mapping[str, Life]) -> None:
    """What must hold for any two days."""
    assert sorted((*found.changed, *found.unchanged, *found.unsourced)) == sorted(on.sites)
    assert {*found.returned} <= {*found.unchanged, *found.unsourced}
    between = differences.between(on, folded, found.one, found.other)
    assert {*found.changed} == {each.site for each in between}
    for passage in (*found.passages, *found.returns):
        days = [step.day for step in passage.steps]
        assert days
        assert days == sorted(set(days))
        assert all(found.one < day <= found.other for day in days)
        shown = [passage.before.span.category, *(step.after.category for step in passage.steps)]
        assert shown[-1] is passage.after.span.category
        assert all(one is not other for one, other in pairwise(shown))
        for step in passage.steps:
            day_before = folded[passage.site].at(step.day - dt.timedelta(days=1))
            assert day_before.category is step.before.category is not step.after.category
    for site in found.unsourced:
        assert folded[site].at(found.one).category is Category.NOT_SOURCED
        assert folded[site].at(found.other).category is Category.NOT_SOURCED


@pytest.mark.parametrize("knowledge", KNOWLEDGE)
def test_any_two_years_of_the_ledger_count_every_site_once(knowledge: Knowledge) -> None:
    days = [dt.date(year, month, 1) for year in range(2014, 2027) for month in (1, 9)]
    for one in days:
        for other in days[::3]:
            found = comparison.compare(ledger(), lives(knowledge), one, other)
            assert found.one <= found.other
            holds(found, ledger(), lives(knowledge))


@CALM
@given(any_claims(), st.data())
def test_any_two_days_of_any_ledger_count_every_site_once(
    claims: tuple[Claim, ...], data: st.DataObject
) -> None:
    on = made(claims)
    one, other = data.draw(DAYS), data.draw(DAYS)
    for knowledge in (EVERYTHING, Knowledge(each_day=True)):
        folded = control.lives(on, knowledge)
        found = comparison.compare(on, folded, one, other)
        holds(found, on, folded)
        assert found == comparison.compare(on, folded, other, one)

"""Sources left out: what falls, what stands on others, and that every site is counted once."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import omission
from geodata import control, differences
from geodata.control import Category
from geodata.knowledge import EVERYTHING, GRADES, Knowledge
from geodata.load import load
from tests.geodata.test_control_properties import CALM, any_claims, made

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.omission import Omission
    from geodata.control import Life
    from geodata.model import Claim, Ledger

DAYS = st.dates(dt.date(2009, 12, 1), dt.date(2014, 6, 1))
"""Around the days of the made-up claims."""


@cache
def ledger() -> Ledger:
    return load()


@cache
def lives(knowledge: Knowledge) -> Mapping[str, Life]:
    return control.lives(ledger(), knowledge)


def omit(day: str, without: str = "", grades: str = "", *, derived: bool = False) -> Omission:
    knowledge = Knowledge(
        without=frozenset(without.split()), without_grades=frozenset(grades), and_derived=derived
    )
    return omission.omit(ledger(), lives(EVERYTHING), lives(knowledge), knowledge, dt.date.fromisoformat(day))


def test_without_the_one_source_of_the_general_statement_two_sites_fall() -> None:
    # G001 (S2) is all that says that Union III and Victoria were handed over.
    found = omit("2026-02-01", "S2")
    assert [(fall.site, fall.full_words, fall.lesser_words.partition(":")[0]) for fall in found.falls] == [
        ("union-iii", "Iraqi forces alone, by general statement", "Not sourced"),
        ("victoria-bdsc", "Iraqi forces alone, by general statement", "Not sourced"),
    ]
    assert found.claims == 5


@pytest.mark.parametrize(
    ("day", "without", "falls"),
    [
        # E014 and E024 (P018) are told by others too, or by none who counts: on 31 December E012 (P023) says the same.
        ("2026-01-17", "P023", []),
        # P117 says something about no site's control.
        ("2026-03-15", "P117", []),
        # E052 and E053 rest on P109 alone.
        ("2016-01-01", "P109", ["k1"]),
        # E051 (P10C), a weak claim, is all there is about Firebase Saham.
        ("2020-01-01", "P10C", ["fb-saham"]),
    ],
)
def test_what_falls(day: str, without: str, falls: list[str]) -> None:
    assert [fall.site for fall in omit(day, without).falls] == falls


def test_what_derives_goes_only_if_asked() -> None:
    # S1 rewrites S4.
    assert [s.source for s in omit("2026-01-18", "S4").derived] == []
    both = omit("2026-01-18", "S4", derived=True)
    assert [s.source for s in both.named] == ["S4"]
    assert [s.source for s in both.derived] == ["S1"]


def test_a_grade_is_named_with_its_sources() -> None:
    found = omit("2025-09-10", grades="C")
    assert [*found.graded] == ["C"]
    assert {s.grade for s in found.graded["C"]} == {"C"}
    assert not found.named
    # E021 (P031), of grade C and weak, is all that placed the coalition at the headquarters by then.
    assert found.fallen == ("joc-hq",)


def holds(found: Omission, on: Ledger, full: Mapping[str, Life], lesser: Mapping[str, Life]) -> None:
    lists = (found.fallen, found.supported, found.silent, found.untold)
    assert sorted(site for each in lists for site in each) == sorted(on.sites)
    assert {*found.fallen} == {each.site for each in differences.fallen(on, full, lesser, found.day)}
    assert {*found.fallen, *found.touched} == {*differences.touched(full, lesser)}
    assert not {*found.fallen} & {*found.touched}
    for site in found.supported:
        assert lesser[site].at(found.day).category is not Category.NOT_SOURCED
    for site in found.silent:
        assert lesser[site].at(found.day).category is Category.NOT_SOURCED
    for site in found.untold:
        assert full[site].spans == lesser[site].spans


@pytest.mark.parametrize("source", sorted(ledger().sources)[::3])
def test_every_source_of_the_ledger_left_out_counts_every_site_once(source: str) -> None:
    knowledge = Knowledge(without=frozenset({source}))
    for day in (dt.date(2017, 3, 1), dt.date(2020, 3, 18), dt.date(2026, 1, 16), dt.date(2026, 11, 1)):
        found = omission.omit(ledger(), lives(EVERYTHING), lives(knowledge), knowledge, day)
        holds(found, ledger(), lives(EVERYTHING), lives(knowledge))


@CALM
@given(any_claims(), st.data())
def test_whatever_is_left_out_of_any_ledger_counts_every_site_once(
    claims: tuple[Claim, ...], data: st.DataObject
) -> None:
    on = made(claims)
    knowledge = Knowledge(
        each_day=data.draw(st.booleans()),
        without=frozenset(data.draw(st.sets(st.sampled_from(sorted(on.sources))))),
        and_derived=data.draw(st.booleans()),
        without_grades=frozenset(data.draw(st.sets(st.sampled_from(GRADES)))),
    )
    full = control.lives(on, Knowledge(each_day=knowledge.each_day))
    lesser = control.lives(on, knowledge)
    found = omission.omit(on, full, lesser, knowledge, data.draw(DAYS))
    holds(found, on, full, lesser)

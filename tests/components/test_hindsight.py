"""The two clocks: which reports set what is known today apart from what had been reported by a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from components import hindsight, wording
from geodata import control
from geodata.control import Reason
from geodata.knowledge import EVERYTHING, Knowledge
from geodata.load import load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.control import Life
    from geodata.model import Ledger

EACH_DAY = Knowledge(each_day=True)


@cache
def ledger() -> Ledger:
    return load()


@cache
def lives(knowledge: Knowledge) -> Mapping[str, Life]:
    return control.lives(ledger(), knowledge)


@pytest.mark.parametrize(
    ("site", "day", "then", "today", "published", "claims"),
    [
        # Announced as over on 31 December 2025 (E012); what turned out was reported in January.
        ("ain-al-asad", "2025-12-31", "iraqi-forces", "coalition-federal", "2026-01-14", ["E013", "E014"]),
        ("ain-al-asad", "2026-01-13", "iraqi-forces", "changing-hands", "2026-01-14", ["E014"]),
        ("ain-al-asad", "2026-01-15", "iraqi-forces", "changing-hands", "2026-01-17", ["E016.P002"]),
        # The promised day of 15 September had passed (E009), and advisers were reported on 20 October (E010).
        ("ain-al-asad", "2025-09-20", "not-sourced", "coalition-federal", "2025-10-20", ["E010"]),
        # E024 was published on 14 January and counted then; E025 and G001 of 18 January make it uncertain.
        ("joc-hq", "2026-01-15", "iraqi-forces", "changing-hands", "2026-01-18", ["E025.P001", "G001"]),
        ("joc-hq", "2025-12-31", "coalition-federal", "changing-hands", "2026-01-18", ["E025.P001", "G001"]),
        # Undated sources count for no day but today.
        ("k1", "2016-01-01", "not-sourced", "kurdistan-forces", None, ["E052", "E053"]),
        ("k1", "2017-10-16", "not-sourced", "iraqi-forces", None, ["E053"]),
        # What is known today can be less: E030 dates the presence, and the time before it is not sourced.
        ("victoria-bdsc", "2014-02-01", "iraqi-forces", "not-sourced", "2014-07-03", ["E030"]),
    ],
)
def test_what_made_the_difference(
    site: str, day: str, then: str, today: str, published: str | None, claims: list[str]
) -> None:
    on = dt.date.fromisoformat(day)
    assert lives(EACH_DAY)[site].at(on).category == then
    assert lives(EVERYTHING)[site].at(on).category == today
    report = hindsight.difference(ledger(), site, on, on, EVERYTHING)
    assert report is not None
    assert report.published == (dt.date.fromisoformat(published) if published else None)
    assert [told.claim.claim for told in report.told] == claims


@pytest.mark.parametrize("site", sorted(ledger().sites))
def test_wherever_the_two_clocks_differ_a_later_report_is_the_reason(site: str) -> None:
    now, then = lives(EVERYTHING)[site], lives(EACH_DAY)[site]
    for day in sorted({span.first for life in (now, then) for span in life.spans} - {dt.date.min}):
        report = hindsight.difference(ledger(), site, day, day, EACH_DAY)
        differ = now.at(day).category is not then.at(day).category
        assert differ <= (report is not None)
        if not report or not differ:
            continue
        assert report.told
        assert report.published is None or report.published > day
        for told in report.told:
            for source in told.sources:
                assert (source.published.last if source.published else None) == report.published
        known_on = report.published
        after = hindsight.life(ledger(), site, replace(EVERYTHING, known_on=known_on)).at(day)
        assert after.category is now.at(day).category


def test_nothing_sets_apart_what_was_known() -> None:
    day = dt.date(2026, 2, 1)
    assert hindsight.difference(ledger(), "ain-al-asad", day, day, EVERYTHING) is None


def test_a_source_left_out_makes_no_difference() -> None:
    day = dt.date(2025, 9, 20)
    report = hindsight.difference(ledger(), "ain-al-asad", day, day, Knowledge(without=frozenset({"P026"})))
    assert report is not None
    assert [told.claim.claim for told in report.told] == ["E011"]  # P027 of the day after says the same


@pytest.mark.parametrize("site", sorted(ledger().sites))
@pytest.mark.parametrize("knowledge", [EVERYTHING, EACH_DAY, Knowledge(known_on=dt.date(2026, 1, 15))])
def test_a_site_folded_alone_is_as_in_the_whole(site: str, knowledge: Knowledge) -> None:
    assert hindsight.life(ledger(), site, knowledge).spans == lives(knowledge)[site].spans


@pytest.mark.parametrize(
    ("site", "day", "by"),
    [
        ("camp-taji", "2020-08-23", "CJTF-OIR, in UPI and Just the News"),
        ("nineveh-ops", "2020-03-30", "Iraqi JOC, in Al-Ghad, JOC statement, UrduPoint (Sputnik) and 2 more"),
        ("ain-al-asad", "2026-01-13", "Khaleej Times (Reuters), MENAFN (KUNA) and 6 more"),  # several voices
        ("al-qaim", "2017-11-01", "AP, carried by The Vindicator"),  # the voice stands in the name
        ("qayyarah-west", "2016-10-01", "Reuters and The Washington Post"),
        ("victoria-bdsc", "2026-03-02", "Shafaq News and MENAFN"),  # contradicting each other
        ("union-iii", "2026-01-18", "Higher Military Committee, in The New Region (inferred)"),
        ("erbil-ab", "2026-10-01", ""),  # a promised end passed
        ("jccc-zerevani", "2017-09-03", ""),  # evidence too old
        ("victoria-bdsc", "2011-12-03", ""),  # a gap
    ],
)
def test_an_announcement_names_who_says_so(site: str, day: str, by: str) -> None:
    life = lives(EVERYTHING)[site]
    span = life.at(dt.date.fromisoformat(day))
    assert wording.by(ledger(), span) == wording.by(ledger(), span, life) == by


def test_by_the_clock_of_each_day_the_report_of_the_day_is_named() -> None:
    life = lives(EACH_DAY)["ain-al-asad"]
    assert (
        wording.by(ledger(), life.at(dt.date(2025, 8, 19)), life) == "Iraqi security source, in Shafaq News"
    )
    assert "McClatchy" in wording.by(ledger(), life.at(dt.date(2014, 11, 10)), life)


@pytest.mark.parametrize("knowledge", [EVERYTHING, EACH_DAY])
def test_somebody_is_named_for_every_state_that_claims_decide_and_nobody_for_silence(
    knowledge: Knowledge,
) -> None:
    for life in lives(knowledge).values():
        for span in life.spans:
            told = span.reason in (Reason.CLAIMS, Reason.CHANGING, Reason.CONTRADICTION)
            assert bool(wording.by(ledger(), span, life)) == told

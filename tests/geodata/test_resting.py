"""What rests on one source alone: argued from the facts, and proved against the fold without that source."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.control import Category, Held, category_of, lives
from geodata.differences import fallen, touched
from geodata.knowledge import Knowledge
from geodata.model import Coalition, Controller, Grade
from geodata.resting import Stretch, claims_of, sole, stretches
from tests.geodata import build
from tests.geodata.test_control_properties import CALM, any_claims, made, on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.control import Life
    from geodata.model import Claim, Ledger

DAY = dt.timedelta(days=1)
FOREVER = "9999-12-31"
HOST = Held(Controller.IRAQI_FEDERAL, Coalition.PRESENT)
ALONE = Held(Controller.IRAQI_FEDERAL, Coalition.ABSENT)


def iso(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def without(ledger: Ledger, source: str) -> Mapping[str, Life]:
    return lives(ledger, Knowledge(without=frozenset({source})))


# Stretch by stretch: site, first day, last day, what is shown, the source that everything comes from.
FOUND = f"""
abu-ghraib 2015-03-31 2020-04-05 coalition-federal P100
ain-al-asad 2014-11-10 2014-11-14 coalition-federal P080
al-qaim 2014-12-31 2017-10-30 islamic-state P144
al-qaim 2017-10-31 2017-10-31 islamic-state P093
al-qaim 2017-11-01 2017-11-29 changing-hands P093
al-qaim 2017-11-30 2020-03-15 coalition-federal P093
balad 2021-05-08 2021-05-09 iraqi-forces P098
besmaya 2015-01-23 2020-07-23 coalition-federal P084
camp-singara 2019-07-31 2026-03-11 coalition-kurdistan P10B
camp-singara 2026-10-01 {FOREVER} not-sourced P037
camp-taji 2014-12-27 2020-08-21 coalition-federal P082
erbil-ab 2014-07-03 2015-01-22 coalition-kurdistan P087
erbil-ab 2026-10-01 {FOREVER} not-sourced P037
fb-saham 2019-02-09 2021-02-09 coalition-federal P10C
harir 2014-11-12 2021-08-30 not-sourced P101
harir 2021-08-31 2021-12-20 coalition-kurdistan P052
harir 2026-10-01 {FOREVER} not-sourced P037
joc-hq 2025-08-31 2025-09-30 coalition-federal P031
joc-hq 2025-10-01 2025-11-25 coalition-federal P033
k1 2014-12-31 2017-10-15 kurdistan-forces P109
k1 2017-10-16 2017-10-16 iraqi-forces P109
k1 2017-10-17 2017-12-30 changing-hands P066
k1 2017-12-31 2020-03-27 coalition-federal P066
makhmour-malaqara 2026-10-01 {FOREVER} not-sourced P037
makhmour-swift 2016-03-31 2018-03-31 not-sourced P094
mosul-dam 2019-03-01 2021-03-01 coalition-federal P099
nineveh-ops 2014-12-31 2016-12-31 islamic-state P067
nineveh-ops 2017-01-01 2017-12-30 changing-hands P067
qayyarah-west 2014-12-31 2016-06-30 islamic-state P091
qayyarah-west 2016-07-01 2016-07-30 changing-hands P091
qayyarah-west 2016-07-31 2016-09-29 iraqi-forces P091
union-iii 2026-01-18 {FOREVER} iraqi-forces S2
victoria-bdsc 2011-12-02 2011-12-02 iraqi-forces P106
victoria-bdsc 2014-07-01 2024-09-30 coalition-federal P088
victoria-bdsc 2026-01-18 2026-03-01 iraqi-forces S2
"""


def test_every_stretch_of_the_ledger(ledger: Ledger, lives: dict[str, Life]) -> None:
    found = stretches(ledger, lives)
    told = [f"{s.site} {s.first} {s.last} {s.category} {' '.join(s.sources)}" for s in found]
    assert sorted(told) == FOUND.split("\n")[1:-1]
    assert all(stretch.alone for stretch in found)  # of these states none rests on two sources of one root


@pytest.mark.parametrize(
    ("day", "named"),
    [
        # S2 alone carries the sentence about all federal bases (G001); Singara is seen once, in 2019 (P10B), until 2026.
        ("2026-01-17", {"camp-singara": "P10B"}),
        ("2026-01-18", {"camp-singara": "P10B", "union-iii": "S2", "victoria-bdsc": "S2"}),
        ("2026-01-19", {"camp-singara": "P10B", "union-iii": "S2", "victoria-bdsc": "S2"}),
        # On 2 March two pages contradict each other about Victoria.
        ("2026-03-01", {"camp-singara": "P10B", "union-iii": "S2", "victoria-bdsc": "S2"}),
        ("2026-03-02", {"camp-singara": "P10B", "union-iii": "S2"}),
        # On 12 March a second source places the coalition at Singara.
        ("2026-03-11", {"camp-singara": "P10B", "union-iii": "S2"}),
        ("2026-03-12", {"union-iii": "S2"}),
        # The promise of September 2026 (P037) lets four sites run out.
        ("2026-09-30", {"union-iii": "S2"}),
        ("2026-10-01",
         {"union-iii": "S2", "camp-singara": "P037", "erbil-ab": "P037", "harir": "P037", "makhmour-malaqara": "P037"}),
        # Taji is Iraqi from 23 August 2020, which two sources say (P078, P079); the coalition before only P082.
        ("2014-12-26", {"erbil-ab": "P087", "harir": "P101", "victoria-bdsc": "P088"}),
        ("2014-12-27", {"erbil-ab": "P087", "harir": "P101", "victoria-bdsc": "P088", "camp-taji": "P082"}),
        ("2020-08-21", {"camp-singara": "P10B", "camp-taji": "P082", "fb-saham": "P10C", "harir": "P101",
                        "mosul-dam": "P099", "victoria-bdsc": "P088"}),
        # On the eve of the handover the two sources of it say so too.
        ("2020-08-22", {"camp-singara": "P10B", "fb-saham": "P10C", "harir": "P101", "mosul-dam": "P099", "victoria-bdsc": "P088"}),
    ],
)  # fmt: skip
def test_the_day_before_the_day_and_the_day_after(
    ledger: Ledger, lives: dict[str, Life], day: str, named: dict[str, str]
) -> None:
    found = {s.site: " ".join(s.sources) for s in stretches(ledger, lives) if s.first <= iso(day) <= s.last}
    assert found == named


def test_what_rests_on_a_source_alone_falls_without_it(ledger: Ledger, lives: dict[str, Life]) -> None:
    """On every day of the ledger's own stretches, until a promise would have run out by age alone."""
    for stretch in stretches(ledger, lives):
        lesser = without(ledger, stretch.sources[0])
        days = {stretch.first, min(stretch.last, stretch.first + DAY), min(stretch.last, iso("2026-11-20"))}
        days |= {
            s.first
            for s in lesser[stretch.site].spans
            if stretch.first <= s.first <= min(stretch.last, iso("2026-11-20"))
        }
        for day in days:
            assert stretch.site in {f.site for f in fallen(ledger, lives, lesser, day)}, (stretch, day)


# Sites that change without a source on which no state rests alone there: it bridges, widens, refutes or contradicts.
BESIDE_OTHERS = {
    ("S2", "union-iii"): "2025-10-01",  # without the general statement the promise of September 2025 runs out
    ("P017", "ain-al-asad"): "2026-01-01",  # the departures of 13 January refute the claim of 31 December
    ("P018", "ain-al-asad"): "2026-01-13",  # one of several rivals
    ("P018", "joc-hq"): "2026-01-01",
    ("P026", "victoria-bdsc"): "2025-10-20",  # a few personnel left, where others say host
    ("P061", "al-qaim"): "2020-03-17",  # the earlier of two ceremonies
    (
        "P115",
        "victoria-bdsc",
    ): "2026-02-01",  # without it the other page is evidence that the coalition was there
    ("P116", "victoria-bdsc"): "2026-03-02",
}


def test_what_falls_without_a_source_rests_on_it_alone_or_beside_others(
    ledger: Ledger, lives: dict[str, Life]
) -> None:
    alone = {(s.sources[0], s.site) for s in stretches(ledger, lives) if s.alone}
    falling = {(key, site) for key in ledger.sources for site in touched(lives, without(ledger, key))}
    assert alone <= falling
    assert falling - alone == BESIDE_OTHERS.keys() - alone
    for (source, site), day in BESIDE_OTHERS.items():
        assert site in {f.site for f in fallen(ledger, lives, without(ledger, source), iso(day))}
        assert not any(
            s.site == site and source in s.sources and s.first <= iso(day) <= s.last
            for s in stretches(ledger, lives)
        )


def spoken_of(ledger: Ledger, source: str) -> set[str]:
    """The sites a source can say anything about: those of its claims and of what they correct, all for a general one."""
    own = [c for c in ledger.claims if c.source == source]
    own += [ledger.claim[c.supersedes] for c in own if c.supersedes]
    named = {site for claim in own for site in (claim.site, *claim.scope) if site}
    return set(ledger.sites) if any(c.kind.value == "general" for c in own) else named


def test_without_a_source_only_sites_it_speaks_of_change(ledger: Ledger, lives: dict[str, Life]) -> None:
    named = {(source, s.site) for s in stretches(ledger, lives) for source in s.sources}
    for source in ledger.sources:
        reach = spoken_of(ledger, source)
        assert {site for key, site in named if key == source} <= reach
        lesser = without(ledger, source)
        assert {site for site in lives if lives[site] != lesser[site]} <= reach


# Any ledger ------------------------------------------------------------------------------------------------


@given(any_claims(), st.sampled_from((None, "each day", on(40))))
@settings(CALM, max_examples=150)
def test_stretches_are_days_of_the_lives_that_one_root_decides(
    claims: tuple[Claim, ...], clock: object
) -> None:
    ledger = made(claims)
    knowledge = Knowledge(each_day=True) if clock == "each day" else Knowledge(clock)  # type: ignore[arg-type]
    found = lives(ledger, knowledge)
    told = stretches(ledger, found)
    for stretch in told:
        assert stretch.first <= stretch.last
        assert len({ledger.root(source) for source in stretch.sources}) == 1
        for day in (stretch.first, stretch.last):
            span = found[stretch.site].at(day)
            assert span.category is stretch.category
            assert {ledger.claim[c].source for c in span.decided_by} <= {*stretch.sources}
            assert span.decided_by
    for site in found:  # in order, and never two at once
        own = [s for s in told if s.site == site]
        assert all(one.last < other.first for one, other in itertools.pairwise(own))


@given(any_claims())
@settings(CALM, max_examples=200)
def test_without_its_one_source_nothing_that_decided_a_state_is_left(claims: tuple[Claim, ...]) -> None:
    """The state falls too, unless some other source says the same state of that site on some other day."""
    ledger = made(claims)
    full = lives(ledger)
    for stretch in stretches(ledger, full):
        if not stretch.alone:
            continue
        (source,) = stretch.sources
        lesser = without(ledger, source)[stretch.site]
        shown = stretch.category
        others = {
            category_of(Held(controller, coalition))
            for claim in ledger.claims
            if claim.source != source and claim.grade is not Grade.REJECTED
            for controller, coalition in (
                (claim.to_controller, claim.to_coalition), (claim.from_controller, claim.from_coalition),
            )
            if controller and coalition
        }  # fmt: skip
        for day in {stretch.first, stretch.last}:
            after = lesser.at(day)
            assert source not in {ledger.claim[c].source for c in after.decided_by}
            if shown not in {*others, Category.NOT_SOURCED, Category.CHANGING_HANDS}:
                assert after.category is not shown


@given(any_claims(), st.sampled_from("ABCD"))
@settings(CALM, max_examples=100)
def test_leaving_out_one_source_changes_only_what_it_speaks_of(
    claims: tuple[Claim, ...], source: str
) -> None:
    ledger = made(claims)
    full, lesser = lives(ledger), without(ledger, source)
    reach = spoken_of(ledger, source)
    assert {site for site in full if full[site] != lesser[site]} <= reach
    assert {s.site for s in stretches(ledger, full) if source in s.sources} <= reach


# Small cases -----------------------------------------------------------------------------------------------


def told(*claims: Claim, sources: tuple[str, ...] = (), **knowledge: object) -> list[str]:
    given = [build.source(key, agency="Wire", published="2010-01-01") for key in sources]
    ledger = build.ledger(claims, given)
    found = stretches(ledger, lives(ledger, Knowledge(**knowledge)))  # type: ignore[arg-type]
    return [f"{s.first} {s.last} {' '.join(s.sources)}" for s in found]


def seen(key: str, day: str, held: Held = HOST, source: str = "A", **more: Any) -> Claim:
    return build.claim(key, "observation", day, held, source=source, **more)


def test_a_second_source_of_the_same_day_speaks_too() -> None:
    assert told(seen("1", "2010-02-01"), seen("2", "2010-02-01", source="B")) == []


def test_what_is_said_of_later_days_does_not_speak_for_earlier_ones() -> None:
    assert told(seen("1", "2010-02-01"), seen("2", "2010-03-01", source="B")) == ["2010-02-01 2010-02-28 A"]


def test_what_agreed_before_speaks_on() -> None:
    """B decides from March on, A said the same before: without B the state stays."""
    ledger = build.ledger([seen("1", "2010-02-01"), seen("2", "2010-03-01", source="B")])
    assert touched(lives(ledger), without(ledger, "B")) == ("base",)  # only where A is not carried so long
    assert fallen(ledger, lives(ledger), without(ledger, "B"), iso("2012-02-01")) == ()
    assert len(fallen(ledger, lives(ledger), without(ledger, "B"), iso("2012-02-02"))) == 1


def test_a_claim_that_says_otherwise_breaks_the_row() -> None:
    claims = (
        seen("1", "2010-02-01"),
        seen("2", "2010-03-01", ALONE, "B"),
        seen("3", "2010-04-01", source="C"),
    )
    assert told(*claims) == ["2010-02-01 2010-02-01 A", "2010-03-01 2010-03-01 B", "2010-04-01 2012-04-01 C"]


def test_one_root_is_not_one_source() -> None:
    claims = (seen("1", "2010-02-01"), seen("2", "2010-02-01", source="B"))
    ledger = build.ledger(claims, [build.source(key, agency="Wire") for key in "AB"])
    (found,) = stretches(ledger, lives(ledger))
    assert found == Stretch(
        "base", iso("2010-02-01"), iso("2012-02-01"), Category.COALITION_FEDERAL, ("A", "B")
    )
    assert not found.alone


def test_a_weak_claim_does_not_count_beside_a_verified_one() -> None:
    assert told(seen("1", "2010-02-01"), seen("2", "2010-02-01", source="B", grade="weak")) == [
        "2010-02-01 2012-02-01 A"
    ]
    assert told(seen("2", "2010-02-01", source="B", grade="weak")) == ["2010-02-01 2012-02-01 B"]


def test_the_eve_of_a_change_is_spoken_for_by_the_change() -> None:
    change = build.claim("2", "change", "2010-03-01", ALONE, HOST, source="B")
    assert told(seen("1", "2010-02-01"), change) == ["2010-02-01 2010-02-27 A", f"2010-03-01 {FOREVER} B"]


def test_rivals_from_two_sources_leave_no_day_to_one() -> None:
    rivals = [
        build.claim(key, "change", day, ALONE, HOST, source=source, transition="T")
        for key, day, source in (("1", "2010-03-01", "A"), ("2", "2010-03-05", "B"))
    ]
    assert told(*rivals) == []
    assert told(rivals[0], rivals[1].model_copy(update={"source": "A"})) == [
        "2010-02-28 2010-02-28 A",
        "2010-03-01 2010-03-04 A",
        f"2010-03-05 {FOREVER} A",
    ]


def test_by_the_clock_of_each_day_only_what_had_been_reported_speaks() -> None:
    claims = (seen("1", "2010-02-01"), seen("2", "2010-02-01", source="B"))
    sources = [build.source("A", published="2010-02-05"), build.source("B", published="2010-02-10")]
    ledger = build.ledger(claims, sources)
    found = stretches(ledger, lives(ledger, Knowledge(each_day=True)))
    assert [(f"{s.first}", f"{s.last}", s.sources) for s in found] == [("2010-02-05", "2010-02-09", ("A",))]


# Claims ----------------------------------------------------------------------------------------------------


def test_every_claim_is_listed_with_its_source(ledger: Ledger) -> None:
    found = claims_of(ledger)
    assert sum(map(len, found.values())) == len(ledger.claims) == 141
    assert all(ledger.claim[claim].source == source for source, claims in found.items() for claim in claims)
    assert found["P109"] == ("E052", "E053")


def test_claims_that_no_other_source_makes(ledger: Ledger) -> None:
    found = sole(ledger)
    assert {"G001", "E052", "E053", "E009"} <= found
    # The handover of Taji and the committee's day at Ain al-Asad are told by several.
    assert not {"E039.P078", "E039.P079", "E018.S0", "E018.S2"} & found
    assert len(found) == 78

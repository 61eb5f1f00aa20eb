"""Where lives differ: between two days, with fewer sources, by another clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.control import Held, lives, state_on
from geodata.differences import apart, between, fallen, touched, undated
from geodata.knowledge import EVERYTHING, Knowledge
from geodata.model import Coalition, Controller
from tests.geodata import build
from tests.geodata.test_control_properties import CALM, any_claims, days_that_matter, made, on

if TYPE_CHECKING:
    from geodata.control import Life
    from geodata.model import Claim, Ledger

DAY = dt.timedelta(days=1)
HOST = Held(Controller.IRAQI_FEDERAL, Coalition.PRESENT)
ALONE = Held(Controller.IRAQI_FEDERAL, Coalition.ABSENT)


def iso(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@dataclass(frozen=True)
class Fewer:
    """What is left out, as a table writes it."""

    without: str = ""
    grades: str = ""
    derived: bool = False
    known_on: str = ""

    def lives(self, ledger: Ledger) -> dict[str, Life]:
        knowledge = Knowledge(
            iso(self.known_on) if self.known_on else None,
            without=frozenset(self.without.split()),
            and_derived=self.derived,
            without_grades=frozenset(self.grades),
        )
        return dict(lives(ledger, knowledge))


# Between two days ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("2020-08-21", "2020-08-22", []),  # the day before
        ("2020-08-22", "2020-08-23",
         ["camp-taji 2020-08-23 coalition-federal iraqi-forces E039.P078 E039.P079 / P078 P079"]),
        ("2020-08-23", "2020-08-24", []),  # the day after
        # The headquarters is changing from 31 December; of Ain al-Asad the same claim is refuted.
        ("2025-12-30", "2025-12-31",
         [("joc-hq 2025-12-31 coalition-federal changing-hands E024 E025.P001 E025.P004 E025.P012 E025.S0 E025.S2 E025.S3 G001"
           " / P001 P004 P012 P018 S0 S2 S3")]),
        # Of Union III and Victoria only the general statement speaks.
        ("2026-01-17", "2026-01-18",
         [("ain-al-asad 2026-01-18 changing-hands iraqi-forces E018.P001 E018.P004 E018.P012 E018.S0 E018.S2 E018.S3 G001"
           " / P001 P004 P012 S0 S2 S3"),
          ("joc-hq 2026-01-18 changing-hands iraqi-forces E025.P001 E025.P004 E025.P012 E025.S0 E025.S2 E025.S3 G001"
           " / P001 P004 P012 S0 S2 S3"),
          "union-iii 2026-01-18 coalition-federal iraqi-forces G001 / S2",
          "victoria-bdsc 2026-01-18 coalition-federal iraqi-forces G001 / S2"]),
        # Two pages of one day contradict each other.
        ("2026-03-01", "2026-03-02",
         ["victoria-bdsc 2026-03-02 iraqi-forces not-sourced E035.P115 E035.P116 / P115 P116"]),
        # A promise that has passed: what decides is the promise.
        ("2026-09-30", "2026-10-01",
         [f"{site} 2026-10-01 coalition-kurdistan not-sourced E078 / P037"
          for site in ("camp-singara", "erbil-ab", "harir", "makhmour-malaqara")]),
        # Two years without news: no claim decides that.
        ("2023-12-21", "2023-12-22", []),
        ("2017-09-02", "2017-09-03", ["jccc-zerevani 2017-09-03 coalition-kurdistan not-sourced  / "]),
    ],
)  # fmt: skip
def test_what_changed_between_two_days(
    ledger: Ledger, lives: dict[str, Life], one: str, other: str, found: list[str]
) -> None:
    changes = between(ledger, lives, iso(one), iso(other))
    assert [
        f"{c.site} {c.day} {c.before.span.category} {c.after.span.category} {' '.join(c.claims)} / {' '.join(c.sources)}"
        for c in changes
    ] == found
    assert all((c.before.day, c.after.day) == (iso(one), iso(other)) for c in changes)


def test_the_year_2020_in_the_order_of_its_handovers(ledger: Ledger, lives: dict[str, Life]) -> None:
    changes = between(ledger, lives, iso("2020-01-01"), iso("2020-12-31"))
    assert [(f"{c.day}", c.site) for c in changes] == [
        ("2020-03-19", "al-qaim"),
        ("2020-03-26", "qayyarah-west"),
        ("2020-03-29", "k1"),
        ("2020-03-30", "nineveh-ops"),
        ("2020-04-04", "al-taqaddum"),
        ("2020-04-07", "abu-ghraib"),
        ("2020-07-25", "besmaya"),
        ("2020-08-23", "camp-taji"),
    ]
    assert {c.after.span.category.value for c in changes} == {"iraqi-forces"}
    # Nobody speaks of Nineveh Operations on the first of January; the handover speaks of its own eve only.
    assert {c.site for c in changes if c.before.span.category == "not-sourced"} == {"nineveh-ops"}


def test_what_lies_between_is_named_and_nothing_before_or_after() -> None:
    claims = [
        build.claim("A", "observation", "2010-01-05", HOST),
        build.claim("B", "change", "2010-02-01", ALONE, HOST),
        build.claim("C", "observation", "2010-03-01", ALONE),
        build.claim("D", "change", "2010-04-01", HOST, ALONE),
    ]
    ledger = build.ledger(claims)
    found = lives(ledger)

    def named(one: str, other: str) -> tuple[str, ...]:
        changes = between(ledger, found, iso(one), iso(other))
        return changes[0].claims if changes else ()

    assert named("2010-01-05", "2010-02-01") == ("B",)
    assert named("2010-01-01", "2010-03-05") == ("A", "B")  # the observation of March moves nothing
    assert named("2010-03-05", "2010-04-01") == ("D",)
    assert named("2010-01-05", "2010-04-01") == ()  # away and back: on the two days the marker is the same


@given(any_claims(), st.integers(-5, 800), st.integers(-5, 800))
@settings(CALM, max_examples=80)
def test_between_is_the_same_both_ways_but_for_before_and_after(
    claims: tuple[Claim, ...], one: int, other: int
) -> None:
    ledger = made(claims)
    found = lives(ledger)
    there, back = between(ledger, found, on(one), on(other)), between(ledger, found, on(other), on(one))
    assert [(c.site, c.before, c.after, c.claims, c.sources, c.day) for c in there] == [
        (c.site, c.after, c.before, c.claims, c.sources, c.day) for c in back
    ]
    early, late = sorted((on(one), on(other)))
    assert {c.site for c in there} == {
        key for key, life in found.items() if life.at(early).category is not life.at(late).category
    }
    for change in there:
        assert early < change.day <= late
        assert found[change.site].at(change.day).category is found[change.site].at(late).category
        assert found[change.site].at(change.day - DAY).category is not found[change.site].at(late).category
        assert set(change.sources) == {ledger.claim[claim].source for claim in change.claims}
    assert [(c.day, c.site) for c in there] == sorted((c.day, c.site) for c in there)


# With fewer sources ----------------------------------------------------------------------------------------

OTHERS_ON_ERBIL = "P024 S0 S2 S3 S4 P110 P111 P112 P114 P119"


@pytest.mark.parametrize(
    ("day", "given_up", "found"),
    [
        # S2 alone carries the sentence about all federal bases (G001): the two bases nobody named fall.
        ("2026-01-17", Fewer("S2"),
         ["union-iii coalition-federal not-sourced", "victoria-bdsc coalition-federal not-sourced"]),
        ("2026-01-18", Fewer("S2"),
         ["union-iii iraqi-forces not-sourced", "victoria-bdsc iraqi-forces not-sourced"]),
        # On 2 March 2026 Victoria is spoken of again (E035): there nothing is left to fall.
        ("2026-03-02", Fewer("S2"), ["union-iii iraqi-forces not-sourced"]),
        # An undated mirror (P109) alone says that K-1 was under the Peshmerga, E052, and until when, E053 ...
        ("2016-12-30", Fewer("P109"), ["k1 kurdistan-forces not-sourced"]),
        # ... without it E054 stands alone: Iraqi on its eve, and then changing all through 2017.
        ("2017-10-15", Fewer("P109"), ["k1 kurdistan-forces changing-hands"]),
        ("2017-10-16", Fewer("P109"), ["k1 iraqi-forces changing-hands"]),
        ("2017-10-17", Fewer("P109"), []),
        # P018 alone reports the night to 14 January (E014) and that the headquarters was left by 31 December (E024).
        ("2026-01-13", Fewer("P018"),
         ["ain-al-asad changing-hands coalition-federal", "joc-hq changing-hands coalition-federal"]),
        ("2026-01-17", Fewer("P018"), ["joc-hq changing-hands coalition-federal"]),
        ("2026-01-18", Fewer("P018"), []),
        # P023 alone says on 31 December that nobody is left (E012). Today E013 refutes it, so nothing falls ...
        ("2026-01-05", Fewer("P023"), []),
        # ... but a reader of 5 January had only that to go by.
        ("2026-01-05", Fewer("P023", known_on="2026-01-05"),
         ["ain-al-asad iraqi-forces coalition-federal"]),
        # P037 is the joint statement: without its promise (E078) the stage of September 2026 never runs out.
        ("2026-09-30", Fewer("P037"), []),
        ("2026-10-01", Fewer("P037"),
         [f"{site} not-sourced coalition-kurdistan" for site in ("camp-singara", "erbil-ab", "harir", "makhmour-malaqara")]),
        # Grade C: P144 (E046), P10C (E051, the only claim about the fire base) and P031 (E021).
        ("2015-06-01", Fewer(grades="C"), ["al-qaim islamic-state not-sourced"]),
        ("2017-10-31", Fewer(grades="C"), []),  # the eve of E047, grade A
        ("2019-02-09", Fewer(grades="C"), ["fb-saham coalition-federal not-sourced"]),
        ("2021-02-10", Fewer(grades="C"), []),  # carried for two years; not sourced then with it and without it
        ("2025-09-30", Fewer(grades="C"), ["joc-hq coalition-federal not-sourced"]),
        ("2025-10-01", Fewer(grades="C"), []),  # E022, grade A
        # Grade D carries rejected claims only, R001 to R004: they decide nothing.
        ("2026-01-01", Fewer(grades="D"), []),
        ("2024-10-20", Fewer(grades="D"), []),
        # S1 rewrites S4 (derives_from): who distrusts it, with all other recent sources on Erbil, still meets it in S1 ...
        ("2026-02-01", Fewer(OTHERS_ON_ERBIL),
         ["union-iii iraqi-forces not-sourced", "victoria-bdsc iraqi-forces not-sourced"]),  # S2 is among them
        # ... unless what derives from it goes too. Then E070 of 2015 is the last evidence.
        ("2026-02-01", Fewer(OTHERS_ON_ERBIL, derived=True),
         ["erbil-ab coalition-kurdistan not-sourced", "union-iii iraqi-forces not-sourced",
          "victoria-bdsc iraqi-forces not-sourced"]),
    ],
)  # fmt: skip
def test_which_states_fall(ledger: Ledger, day: str, given_up: Fewer, found: list[str]) -> None:
    full, lesser = Fewer(known_on=given_up.known_on).lives(ledger), given_up.lives(ledger)
    falling = fallen(ledger, full, lesser, iso(day))
    assert [f"{f.site} {f.with_.span.category} {f.without.span.category}" for f in falling] == found
    assert {f.site for f in falling} <= set(touched(full, lesser))
    for state in falling:
        assert state.with_ == state_on(ledger, full[state.site], iso(day))
        assert state.without == state_on(ledger, lesser[state.site], iso(day))


def test_the_sites_touched(ledger: Ledger, lives: dict[str, Life]) -> None:
    assert touched(lives, Fewer("S2").lives(ledger)) == ("union-iii", "victoria-bdsc")
    assert touched(lives, Fewer("S4", derived=True).lives(ledger)) == ()  # S0, S2 and S3 say the same
    assert touched(lives, Fewer(grades="C").lives(ledger)) == ("al-qaim", "fb-saham", "joc-hq")
    assert touched(lives, Fewer(grades="D").lives(ledger)) == ()


def test_another_controller_behind_the_same_marker_has_fallen_too() -> None:
    residual = Held(Controller.IRAQI_FEDERAL, Coalition.RESIDUAL)
    claims = [
        build.claim("A", "observation", "2010-01-05", HOST),
        build.claim("B", "observation", "2010-02-05", residual, source="B"),
    ]
    ledger = build.ledger(claims)
    full, lesser = lives(ledger), Fewer("B").lives(ledger)
    assert [f.site for f in fallen(ledger, full, lesser, iso("2010-02-05"))] == ["base"]
    assert fallen(ledger, full, lesser, iso("2010-02-04")) == ()
    assert touched(full, lesser) == ("base",)
    assert apart(full["base"], lesser["base"])[0][0] > iso("2012-01-01")  # only where it is carried longer


def test_fewer_claims_for_the_same_state_let_nothing_fall() -> None:
    claims = [build.claim(key, "observation", "2010-01-05", HOST, source=key) for key in "AB"]
    ledger = build.ledger(claims)
    assert touched(lives(ledger), Fewer("B").lives(ledger)) == ()
    assert fallen(ledger, lives(ledger), Fewer("B").lives(ledger), iso("2010-01-05")) == ()


@given(any_claims(), st.sets(st.sampled_from("ABCD")), st.sets(st.sampled_from("ABCD")), st.booleans())
@settings(CALM, max_examples=80)
def test_what_falls_on_a_day_and_what_is_touched_say_the_same(
    claims: tuple[Claim, ...],
    without: set[str],
    grades: set[str],
    derived: bool,  # noqa: FBT001 - hypothesis gives it by position
) -> None:
    ledger = made(claims)
    full = lives(ledger)
    lesser = Fewer(" ".join(without), "".join(grades), derived).lives(ledger)
    days = {d for found in (full, lesser) for life in found.values() for d in days_that_matter(life)}
    falling = {f.site for day in days for f in fallen(ledger, full, lesser, day)}
    assert falling == set(touched(full, lesser)) == set(touched(lesser, full))
    assert falling >= {key for key in full if apart(full[key], lesser[key])}


@given(any_claims())
@CALM
def test_with_nothing_left_out_nothing_falls(claims: tuple[Claim, ...]) -> None:
    ledger = made(claims)
    found = lives(ledger)
    assert touched(found, lives(ledger)) == ()
    assert fallen(ledger, found, lives(ledger), on(10)) == ()
    assert not EVERYTHING.narrow
    assert all(apart(life, life) == () for life in found.values())
    assert between(ledger, found, on(10), on(10)) == ()


# Stretches -------------------------------------------------------------------------------------------------


@given(
    any_claims(),
    st.sampled_from((Knowledge(each_day=True), Knowledge(without=frozenset("A")), Knowledge(on(90)))),
)
@settings(CALM, max_examples=80)
def test_apart_is_where_a_walk_from_day_to_day_finds_it(
    claims: tuple[Claim, ...], knowledge: Knowledge
) -> None:
    ledger = made(claims)
    one, other = lives(ledger), lives(ledger, knowledge)
    for key in one:
        stretches = apart(one[key], other[key])
        for (_, last, was), (first, _, now) in pairwise(stretches):
            assert last < first
            assert was is not now or last + DAY < first
        days = {d for life in (one[key], other[key]) for d in days_that_matter(life)}
        for day in days | {d for first, last, _ in stretches for d in (first, last)}:
            inside = [category for first, last, category in stretches if first <= day <= last]
            mine, theirs = one[key].at(day).category, other[key].at(day).category
            assert inside == ([theirs] if mine is not theirs else [])


# What counts -----------------------------------------------------------------------------------------------


def test_sources_without_a_day_are_named(ledger: Ledger) -> None:
    """P109 is all there is on K-1 before 2017, P112 one of two on Erbil, P143 dates the start of the first phase."""
    assert undated(ledger) == ("P109", "P112", "P143")
    assert {c.claim for c in ledger.claims if c.source in undated(ledger)} == {"E052", "E053", "E075.P112"}
    assert ledger.phases["PH-A"].start_source == "P143"
    # Others have no day either, but nothing that counts rests on them: P053 carries only the rejected R003.
    silent = {key for key, source in ledger.sources.items() if not source.published} - set(undated(ledger))
    assert silent == {"P053", "P055", "P10A", "P132", "K002", "K003"}
    assert {c.claim for c in ledger.claims if c.source in silent} == {"R003"}


def test_what_is_undated_is_left_out_of_any_known_on_date(ledger: Ledger) -> None:
    late = Fewer(known_on="9999-12-31").lives(ledger)
    assert touched(late, Fewer(" ".join(undated(ledger))).lives(ledger)) == ()

"""What each disagreement changes on the map, argued from the facts; and that what the map is said to do, it does."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import control, disagreements
from geodata.control import Held
from geodata.disagreements import exclude
from geodata.knowledge import EVERYTHING, Knowledge
from geodata.load import load
from geodata.model import Coalition, Controller, Disagreement, Grade, Position
from tests.geodata import build

if TYPE_CHECKING:
    from geodata.disagreements import Effect
    from geodata.model import Claim, Ledger
    from tests.geodata.conftest import Folder

TODAY = dt.date(2026, 11, 20)
EACH_DAY = Knowledge(each_day=True)
HOSTING = Held(Controller.IRAQI_FEDERAL, Coalition.PRESENT)
ALONE = Held(Controller.IRAQI_FEDERAL, Coalition.ABSENT)

Told = set[tuple[str, str, str, str, str]]


@pytest.fixture(scope="module")
def own() -> Ledger:
    return load()


def told(effect: Effect) -> Told:
    return {
        (d.site, d.first.isoformat(), d.last.isoformat(), d.shown.value, d.otherwise.value)
        for d in effect.differences
    }


def effect(ledger: Ledger, key: str, position: int, knowledge: Knowledge = EVERYTHING) -> Effect:
    found = disagreements.effects(ledger, knowledge, until=TODAY)[key]
    return next(e for e in found if e.position == position)


NS, CF, CK, CH, IF = (
    "not-sourced", "coalition-federal", "coalition-kurdistan", "changing-hands", "iraqi-forces"
)  # fmt: skip
ASAD, JOC, UNION, VICTORIA = "ain-al-asad", "joc-hq", "union-iii", "victoria-bdsc"
KURDISTAN = ("erbil-ab", "harir", "camp-singara", "makhmour-malaqara")
"""The sites of the Kurdistan Region stage with evidence of a presence within two years of its deadline; JCCC has none since 2015."""

EFFECTS: tuple[tuple[str, int, Told], ...] = (
    # "End of 2026" instead of September: until today the four sites would still be carried as hosting.
    ("D01", 1, {(site, "2026-10-01", "2026-11-20", NS, CK) for site in KURDISTAN}),
    # The same last day, 30 September, whoever says it.
    ("D01", 2, set()),
    ("D01", 4, set()),
    # Of a phase that moves no site.
    ("D01", 3, set()),
    # Every site of the first phase has evidence later than both deadlines: as known today neither bites.
    ("D02", 1, set()),
    ("D02", 2, set()),
    ("D02", 3, set()),
    # The ministry's Saturday: the day of change is over one day earlier.
    ("D03", 1, {(ASAD, "2026-01-17", "2026-01-17", CH, IF)}),
    # The committee's Sunday is the last of the rival days, so it closes the window as it is.
    ("D03", 2, set()),
    ("D03", 3, set()),
    # Rejected: never decides.
    ("X01", 1, set()),
    # Nobody left on 31 December: Iraqi alone from that day, so 13 days earlier than the window and the window too.
    ("X01", 2, {(ASAD, "2025-12-31", "2026-01-12", CF, IF), (ASAD, "2026-01-13", "2026-01-17", CH, IF)}),
    # They began to leave on 13 January: all the rivals of that week may still be true.
    ("X01", 3, set()),
    # Empty in the night to 14 January.
    ("X01", 4, {(ASAD, "2026-01-14", "2026-01-17", CH, IF)}),
    # Gone by 16 January does not exclude that they were gone on the 14th.
    ("X01", 5, {(ASAD, "2026-01-14", "2026-01-17", CH, IF)}),
    # The 17th and no other day: hosting up to its eve.
    ("X01", 6, {(ASAD, "2026-01-13", "2026-01-16", CH, CF), (ASAD, "2026-01-17", "2026-01-17", CH, IF)}),
    # A few were still there on the 17th, or: it was over on the 18th. Both mean hosting through the 17th.
    ("X01", 7, {(ASAD, "2026-01-13", "2026-01-17", CH, CF)}),
    ("X01", 8, {(ASAD, "2026-01-13", "2026-01-17", CH, CF)}),
    # Two ceremonies: one of them ends the uncertainty of two days either way.
    ("X05", 1, {("al-qaim", "2020-03-17", "2020-03-18", CH, IF)}),
    ("X05", 2, {("al-qaim", "2020-03-17", "2020-03-18", CH, CF)}),
    # "Previously hosted" alone: no contradiction on 2 March, so the committee's statement holds.
    ("X08", 2, {(VICTORIA, "2026-03-02", "2026-11-20", NS, IF)}),
    # The ministry on an air base not surely this one, the diplomatic site, and the rejected evacuation decide nothing.
    ("X08", 4, set()),
    ("X08", 5, set()),
    ("X08", 6, set()),
)


@pytest.mark.parametrize(
    ("key", "position", "expected"), EFFECTS, ids=[f"{key}-{number}" for key, number, _ in EFFECTS]
)
def test_what_a_position_changes_as_known_today(own: Ledger, key: str, position: int, expected: Told) -> None:
    assert told(effect(own, key, position)) == expected


def test_a_later_deadline_shows_where_each_day_counts_what_was_reported_by_then(own: Ledger) -> None:
    """The end of 2025 instead of September: Union III had no report newer than 21 July, so it expires 92 days later."""
    found = told(effect(own, "D02", 2, EACH_DAY))
    assert (UNION, "2025-10-01", "2025-12-31", NS, CF) in found
    # Victoria fell on 1 October and came back with the prime minister's list of 20 October; it would fall in January.
    assert (VICTORIA, "2025-10-01", "2025-10-19", NS, CF) in found
    assert (VICTORIA, "2026-01-01", "2026-01-17", CF, NS) in found
    # The headquarters: personnel seen on 26 November; that nobody was left was reported on 14 January.
    assert (JOC, "2026-01-01", "2026-01-13", CF, NS) in found
    assert len(found) == 4
    assert effect(own, "D02", 2, EACH_DAY).days == 92 + 19 + 17 + 13
    assert told(effect(own, "D02", 1, EACH_DAY)) == set()


def test_those_that_change_nothing(own: Ledger) -> None:
    """Words, names, numbers, a count, a date of a deal: on no clock does a site show another category."""
    changing = {
        key
        for knowledge in (EVERYTHING, EACH_DAY)
        for key, found in disagreements.effects(own, knowledge, until=TODAY).items()
        if disagreements.greatest(found).days
    }
    assert changing == {"D01", "D02", "D03", "X01", "X05", "X08"}
    # The base's later use, the harmless rivalry of Harir's advisers, and the names of the headquarters among them.
    assert {"D05", "D09", "X07"}.isdisjoint(changing)


def test_the_most_of_a_disagreement(own: Ledger) -> None:
    found = disagreements.effects(own, until=TODAY)
    most = {
        key: (len(top.sites), top.days)
        for key in found
        if (top := disagreements.greatest(found[key])) and top.days
    }
    assert most == {"D01": (4, 204), "D03": (1, 1), "X01": (1, 18), "X05": (1, 2), "X08": (1, 264)}
    assert disagreements.greatest(()).days == 0


@pytest.mark.parametrize(
    ("until", "days"), [("2026-09-30", 0), ("2026-10-01", 4), ("2026-12-31", 368), ("2027-12-31", 368)]
)
def test_days_are_counted_through_the_day_asked(own: Ledger, until: str, days: int) -> None:
    """The rival end of the last phase: 92 days from 1 October to 31 December at four sites."""
    found = disagreements.effects(own, until=dt.date.fromisoformat(until))
    assert disagreements.greatest(found["D01"]).days == days


def test_sources_left_out_neither_hold_nor_contradict(own: Ledger) -> None:
    """Without Rudaw nobody says that nobody was left on 31 December; that position changes nothing then."""
    assert told(effect(own, "X01", 2, Knowledge(without=frozenset({"P023"})))) == set()
    # Without the coalition's own pages on al-Qaim only one of its ceremonies is left: P061 carries the other one.
    assert told(effect(own, "X05", 1, Knowledge(without=frozenset({"P061"})))) == set()


def test_by_a_known_on_date_only_what_had_been_reported_is_weighed(own: Ledger) -> None:
    """On 12 January 2026 nobody had reported another day of change, and nothing refuted 31 December."""
    before = Knowledge(known_on=dt.date(2026, 1, 12))
    assert told(effect(own, "X01", 2, before)) == set()
    # "End of 2026" was published on 18 January 2026; the deadline itself is put in the place of the primary one.
    assert told(effect(own, "D03", 1, before)) == set()


# ------------------------------------------------------------------------------------ what the map is said to do

SHOWN: tuple[tuple[str, str, str, str], ...] = (
    ("D01", "harir", "2026-09-30", CK), ("D01", "harir", "2026-10-01", NS),
    ("D03", ASAD, "2026-01-17", CH), ("D03", ASAD, "2026-01-18", IF),
    ("D05", ASAD, "2026-01-18", IF), ("D05", ASAD, "2026-11-20", IF),
    ("D08", ASAD, "2026-01-12", CF), ("D08", JOC, "2026-01-18", IF),
    ("D10", ASAD, "2026-01-19", IF), ("D10", JOC, "2026-01-19", IF),
    ("D12", "erbil-ab", "2026-01-17", CK), ("D12", "erbil-ab", "2026-01-18", CK), ("D12", "erbil-ab", "2026-01-19", CK),
    ("D14", "erbil-ab", "2026-10-01", NS),
    ("X01", ASAD, "2026-01-12", CF), ("X01", ASAD, "2026-01-13", CH), ("X01", ASAD, "2026-01-17", CH), ("X01", ASAD, "2026-01-18", IF),
    ("X02", UNION, "2026-01-17", CF), ("X02", UNION, "2026-01-18", IF), ("X02", VICTORIA, "2026-01-18", IF),
    ("X03", "erbil-ab", "2026-09-30", CK), ("X03", "harir", "2026-09-30", CK), ("X03", "erbil-ab", "2026-10-01", NS),
    ("X05", "al-qaim", "2020-03-16", CF), ("X05", "al-qaim", "2020-03-17", CH), ("X05", "al-qaim", "2020-03-18", CH),
    ("X05", "al-qaim", "2020-03-19", IF),
    ("X06", "abu-ghraib", "2020-04-06", CF), ("X06", "abu-ghraib", "2020-04-07", IF),
    ("X07", "harir", "2021-08-31", CK), ("X07", "harir", "2024-10-20", CK), ("X07", "harir", "2024-10-21", CK), ("X07", "harir", "2026-10-01", NS),
    ("X08", VICTORIA, "2026-01-17", CF), ("X08", VICTORIA, "2026-01-18", IF), ("X08", VICTORIA, "2026-03-01", IF), ("X08", VICTORIA, "2026-03-02", NS),
)  # fmt: skip


@pytest.mark.parametrize(("key", "site", "on", "category"), SHOWN)
def test_the_map_does_what_the_register_says(
    own: Ledger, key: str, site: str, on: str, category: str
) -> None:
    lives = control.lives(own)
    assert own.disagreements[key].treatment
    assert lives[site].at(dt.date.fromisoformat(on)).category == category


def test_what_else_the_register_says_of_the_map(own: Ledger) -> None:
    lives, day = control.lives(own), dt.date.fromisoformat
    # D02: day by day, a site without a newer report falls when the deadline has passed.
    by_day = control.lives(own, EACH_DAY)[UNION]
    assert [by_day.at(day(on)).category for on in ("2025-09-30", "2025-10-01")] == [CF, NS]
    assert by_day.at(day("2025-10-01")).decided_by == ("PH-1.P037",)
    # X01: "nobody left" is refuted by the departures of 13 January, and 1 January is rejected.
    span = lives[ASAD].at(day("2026-01-15"))
    assert dict(span.refuted) == {"E012": ("E013",)}
    assert own.claim["R004"].grade == "rejected"
    assert "R004" not in {*span.decided_by, *span.rivals}
    # X02: two by claims that name them, two by the general statement.
    general = {site: lives[site].at(day("2026-01-18")).general for site in (ASAD, JOC, UNION, VICTORIA)}
    assert general == {ASAD: False, JOC: False, UNION: True, VICTORIA: True}
    # X08: contradicting reports of one day.
    assert lives[VICTORIA].at(day("2026-03-02")).reason == control.Reason.CONTRADICTION
    # D09: Iraqi administration throughout.
    held = [one for s in lives[JOC].spans for one in ([s.was, s.becoming] if s.category == CH else [s.held])]
    assert {one.controller for one in held if one} <= {Controller.IRAQI_FEDERAL, Controller.UNKNOWN}
    # D04: one phase moves no site, the other has a deadline; D06: it is cited to the joint statement; X09: its day.
    assert not own.phases["PH-2"].sites
    assert {c.source for c in own.claims if c.primary == "yes"} == {"P037"}
    assert own.phases["PH-1"].start.text == "2024-09-27"
    # D13: the background paragraph's date is a rival; the declaration of 18 January counts.
    assert own.claim["PH-1.S0"].primary == "no"
    assert own.phases["PH-1"].done == own.claim["E018.S0"].occurred
    # D10: "exclusive" is in no claim.
    assert not [c for c in own.claims if "exclusive" in c.text.lower()]


def test_every_claim_that_a_position_is_linked_to_says_what_its_sources_say(own: Ledger) -> None:
    """A linked claim is one of a source that holds the position, or the same assertion told by another source."""
    others = []
    for position in own.positions:
        for key in position.claims:
            claim = own.claim[key]
            same = {
                c.source
                for c in own.claims
                if (c.site, c.occurred, c.text) == (claim.site, claim.occurred, claim.text)
            }
            if same.isdisjoint(position.sources):
                others.append((position.disagreement, position.position, key))
    # The 250 to 350 advisers stand in P026; the facts name P025 and P027, which carry the same words of the same man.
    assert others == [("X02", 3, "E010")]


def test_a_claim_states_at_most_one_position_of_a_disagreement(own: Ledger) -> None:
    for key, sides in disagreements.positions(own).items():
        claims = [claim for side in sides for claim in side.claims]
        assert len(claims) == len(set(claims)), key


# -------------------------------------------------------------------------------------- what touches what, and roots


def test_what_a_disagreement_touches_is_found_from_there(own: Ledger) -> None:
    found = disagreements.touching(own)
    assert found.claims["E012"] == ("X01",)
    assert found.claims["E016.S3"] == ("D03", "D08", "X01")
    assert found.claims["E050"] == ("X05",)
    assert found.sites["al-qaim"] == ("X05",)
    assert found.sites["k1"] == ("X10",)
    assert found.phases["PH-C"] == ("X05", "X06", "X10")
    assert found.phases["PH-D"] == ("X07",)
    assert "E001" not in found.claims
    assert "speicher" not in found.sites
    assert disagreements.touching(own) is found
    linked = {
        key for ids in (found.claims, found.sites, found.phases) for keys in ids.values() for key in keys
    }
    assert linked == set(own.disagreements)


def test_the_positions_are_all_there_in_order(own: Ledger) -> None:
    found = disagreements.positions(own)
    assert list(found) == list(own.disagreements)
    assert sum(map(len, found.values())) == len(own.positions) == 106
    assert [p.position for p in found["X01"]] == list(range(1, 9))


@pytest.mark.parametrize(
    ("sources", "roots"),
    [
        ("S0 S1 S2 S3 S4", ("964media English", "AFP", "The New Region (inferred)", "Yeni Şafak English")),
        ("S1 S4", ("AFP",)),
        # Two language editions of one outlet are one root.
        ("P018 P019", ("Kurdistan24",)),
        ("", ()),
    ],
)
def test_roots(own: Ledger, sources: str, roots: tuple[str, ...]) -> None:
    assert disagreements.roots(own, sources.split()) == roots


def test_who_holds_a_position_includes_the_sources_of_its_claims(own: Ledger) -> None:
    sides = disagreements.positions(own)
    assert disagreements.holders(own, sides["X01"][7]) == ("S0", "S2", "P001", "P004", "P012", "S3")
    assert disagreements.holders(own, sides["D14"][1]) == ()


# ------------------------------------------------------------------------------------------------ what excludes what

PAIRS = (
    ("two days of one change", ("change", "2026-01-17"), ("change", "2026-01-18"), True),
    ("a night and a limit that holds it", ("change", "2026-01-13/2026-01-14"), ("change", "../2026-01-16"), False),
    ("a limit before a day", ("change", "../2026-01-16"), ("change", "2026-01-17"), True),
    ("a month and a day in it", ("change", "2026-01"), ("change", "2026-01-17"), False),
    ("still there after they had gone", ("change", "2025-12-31"), ("there", "2026-01-13"), True),
    ("still there on the day they had gone", ("change", "2026-01-17"), ("there", "2026-01-17"), True),
    ("still there on the eve", ("change", "2026-01-18"), ("there", "2026-01-17"), False),
    ("gone before they could begin to go", ("change", "2026-01-13"), ("gone", "2026-01-12"), True),
    ("gone after they had gone", ("change", "2026-01-13"), ("gone", "2026-01-14"), False),
    ("there and gone on one day", ("there", "2026-03-02"), ("gone", "2026-03-02"), True),
    ("there one day and gone the next", ("there", "2026-03-02"), ("gone", "2026-03-03"), False),
    ("a promise and what happened", ("plan", "2025-09-30"), ("there", "2026-01-13"), False),
)  # fmt: skip


def made(key: str, what: str, occurred: str) -> Claim:
    if what == "change":
        return build.claim(key, "change", occurred, ALONE, HOSTING, transition="t", source=key)
    if what == "plan":
        return build.claim(key, "plan", occurred, ALONE, HOSTING, phase="p", primary="yes", source=key)
    return build.claim(key, "observation", occurred, HOSTING if what == "there" else ALONE, source=key)


@pytest.mark.parametrize(("name", "one", "other", "expected"), PAIRS, ids=lambda value: str(value)[:40])
def test_what_cannot_both_be_true(
    name: str,
    one: tuple[str, str],
    other: tuple[str, str],
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    first, second = made("A", *one), made("B", *other)
    assert exclude(first, second) is expected, name
    assert exclude(second, first) is expected, name


def test_changes_without_a_common_name_and_rejected_claims_exclude_nothing() -> None:
    one, other = made("A", "change", "2026-01-17"), made("B", "change", "2026-01-18")
    assert not exclude(one.model_copy(update={"transition": "another"}), other)
    assert not exclude(one.model_copy(update={"grade": Grade.REJECTED}), other)
    assert not exclude(one.model_copy(update={"to_controller": None, "to_coalition": None}), other)


def disputed(claims: list[Claim]) -> Ledger:
    """A ledger in which each claim is a position of one disagreement about the one site."""
    row = Disagreement(
        disagreement="D1", topic="t", scope="s", assessment="a", sites=("base",), phases=(), treatment=""
    )
    sides = tuple(
        Position(disagreement="D1", position=n, held_by="A", sources=(c.source,), text="t", claims=(c.claim,))
        for n, c in enumerate(claims, start=1)
    )
    return replace(build.ledger(claims), disagreements={"D1": row}, positions=sides)


DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2020, 1, 20)).map(dt.date.isoformat)
CLAIMS = st.lists(st.tuples(st.sampled_from(["change", "there", "gone"]), DAYS), max_size=5).map(
    lambda rows: [made(f"C{n}", *row) for n, row in enumerate(rows)]
)


@settings(deadline=None)
@given(CLAIMS)
def test_effects_are_days_on_which_the_two_folds_differ(claims: list[Claim]) -> None:
    """Every day is told exactly where the fold without what is excluded shows another category."""
    ledger = disputed(claims)
    found = disagreements.effects(ledger, until=dt.date(2020, 3, 1))["D1"]
    now = control.lives(ledger)["base"]
    for side, right in zip(found, claims, strict=True):
        kept = tuple(c for c in claims if c is right or not exclude(c, right))
        then = control.lives(replace(ledger, claims=kept))["base"]
        days = [dt.date(2019, 12, 1) + dt.timedelta(n) for n in range(92)]
        told_days = {
            d: (one.shown, one.otherwise)
            for one in side.differences
            for d in days
            if one.first <= d <= one.last
        }
        real = {
            d: (now.at(d).category, then.at(d).category)
            for d in days
            if now.at(d).category != then.at(d).category
        }
        assert told_days == real
        for one, following in itertools.pairwise(side.differences):
            assert one.last < following.first
            assert one.shown is not one.otherwise


@settings(deadline=None)
@given(CLAIMS)
def test_exclusion_is_mutual(claims: list[Claim]) -> None:
    for one, other in itertools.combinations(claims, 2):
        assert exclude(one, other) is exclude(other, one)


def test_a_deadline_held_right_takes_the_primary_one_s_place() -> None:
    seen = build.claim("C", "observation", "2024-01-01", HOSTING)
    first = made("P", "plan", "2024-06-30")
    later = first.model_copy(
        update={"claim": "Q", "primary": "no", "occurred": made("Q", "plan", "2024-07-31").occurred}
    )
    ledger = disputed([first, later])
    ledger = replace(ledger, claims=(seen, *(c.model_copy(update={"source": "A"}) for c in ledger.claims)))
    one, other = disagreements.effects(ledger, until=dt.date(2025, 1, 1))["D1"]
    assert one.differences == ()
    assert told(other) == {("base", "2024-07-01", "2024-07-31", NS, CF)}


# ---------------------------------------------------------------------------------------------------------- the door


@pytest.mark.parametrize(
    ("file", "key", "column", "target"),
    [("disagreements", "D05", "sites", "sites"), ("disagreements", "D05", "phases", "phases")],
)
def test_a_link_to_nowhere_is_named(folder: Folder, file: str, key: str, column: str, target: str) -> None:
    folder.change(file, key, **{column: "nowhere"})
    (problem,) = folder.problems()
    assert (problem.file, problem.line, problem.column, problem.value) == (
        f"{file}.csv",
        folder.line(file, key),
        column,
        "nowhere",
    )
    assert f"{target}.csv has no such row" in problem.problem


def test_a_claim_nowhere_is_named(folder: Folder) -> None:
    rows = folder.rows("positions")
    folder.write("positions", [*rows, {**rows[-1], "position": "99", "claims": "nowhere"}])
    (problem,) = folder.problems()
    assert (problem.file, problem.column, problem.value) == ("positions.csv", "claims", "nowhere")


def test_every_disagreement_says_what_the_map_does(own: Ledger) -> None:
    assert len(own.disagreements) == 24
    for row in own.disagreements.values():
        assert row.treatment.endswith("."), row.disagreement

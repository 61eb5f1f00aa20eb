"""What was promised by when, and what became of it: the ledger's own commitments, and small made-up ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import control, dates
from geodata.control import Held
from geodata.knowledge import Knowledge
from geodata.load import load
from geodata.model import Claim, Coalition, Controller, Kind, Ledger, Milestone
from geodata.promises import Commitment, Delivery, Standing, commitments
from tests.geodata import build
from tests.geodata.conftest import facts

if TYPE_CHECKING:
    from collections.abc import Mapping

HOSTING = Held(Controller.IRAQI_FEDERAL, Coalition.PRESENT)
ALONE = Held(Controller.IRAQI_FEDERAL, Coalition.ABSENT)


def on(
    ledger: Ledger, day: str, known_on: str | None = None, without: frozenset[str] = frozenset()
) -> Mapping[str, Commitment]:
    known = dt.date.fromisoformat(known_on) if known_on else None
    found = commitments(
        ledger,
        control.lives(ledger, Knowledge(known, without=without)),
        dt.date.fromisoformat(day),
        known,
        without,
    )
    return {commitment.key: commitment for commitment in found}


def deadline_rows(ledger: Ledger) -> set[str]:
    return {
        *(claim.claim for claim in ledger.claims if claim.kind is Kind.PLAN),
        *(item.milestone for item in ledger.milestones if item.kind == "deadline"),
        *(item.dated_statement for item in ledger.dated_statements if item.kind == "deadline"),
        *(phase.phase for phase in ledger.phases.values() if phase.planned_end),
    }


def test_every_deadline_row_of_all_four_files_appears_once(ledger: Ledger) -> None:
    rows = [row for commitment in on(ledger, "2026-11-20").values() for row in commitment.rows]
    assert sorted(rows) == sorted(deadline_rows(ledger))
    assert len(rows) == 26  # 13 plans, 1 milestone, 7 dated statements, 5 phases


def test_every_deadline_of_the_facts_is_told_in_its_own_words(ledger: Ledger) -> None:
    base = facts()
    if base is None:
        pytest.skip("the facts do not lie beside the repository")
    told = {
        (source, wording.quotation)
        for commitment in on(ledger, "2026-11-20").values()
        for wording in commitment.wordings
        for source in wording.sources
    }
    deadlines = [each for each in base["seed_dated_statements"] if each["kind"] == "deadline"]
    assert len(deadlines) == 7
    for each in deadlines:
        assert any(source == each["seed"] and each["exact"] in words for source, words in told), each


def test_what_the_ledger_ties_together_is_one_commitment(ledger: Ledger) -> None:
    found = on(ledger, "2026-11-20")
    assert {key: set(c.rows) for key, c in found.items()} == {
        "PH-C": {"PH-C"},
        "PH-D": {"PH-D"},
        "E009": {"E009"},
        "PH-1": {"PH-1", "PH-1.P037", "PH-1.S0", "A06", "PH-1.S1", "A10", "PH-1.S4", "A27"},
        "PH-2": {"PH-2", "PH-2.P037", "PH-2.S3", "A24"},
        "PH-2K": {"PH-2K", "E073", "E078", "PH-2K.P139", "PH-2K.S0", "A07", "PH-2K.S1", "A11", "PH-2K.S4", "A28"},
        "M23": {"M23"},
    }  # fmt: skip
    # The milestone's words are those of two plans of one source: which of them it means the ledger does not say.
    assert found["M23"].same_words == ("PH-2", "PH-2K")
    assert (
        found["PH-1"].wordings[2].quotation
        == "by the end of 2025, and by September 2026 in the Kurdistan Region"
    )


def test_the_earliest_deadline_stands_first(ledger: Ledger) -> None:
    assert list(on(ledger, "2026-11-20")) == ["PH-C", "PH-D", "E009", "PH-1", "M23", "PH-2", "PH-2K"]


@pytest.mark.parametrize(
    ("day", "row", "delivery", "left", "past", "slippage"),
    [
        # the primary text: no later than the end of September 2025
        ("2024-09-26", "PH-1.P037", Delivery.NOT_MADE, None, None, None),
        ("2024-09-27", "PH-1.P037", Delivery.RUNNING, 368, None, None),
        ("2025-09-29", "PH-1.P037", Delivery.RUNNING, 1, None, None),
        ("2025-09-30", "PH-1.P037", Delivery.RUNNING, 0, None, None),
        ("2025-10-01", "PH-1.P037", Delivery.OPEN, None, 1, None),
        ("2026-01-17", "PH-1.P037", Delivery.OPEN, None, 109, None),
        ("2026-01-18", "PH-1.P037", Delivery.LATE, None, None, (110, 110)),
        ("2026-11-20", "PH-1.P037", Delivery.LATE, None, None, (110, 110)),
        # "by September 2025" is a month, and ends on the same day
        ("2026-01-18", "PH-1.S0", Delivery.LATE, None, None, (110, 110)),
        # "by the end of 2025"
        ("2025-12-31", "PH-1.S4", Delivery.RUNNING, 0, None, None),
        ("2026-01-01", "PH-1.S4", Delivery.OPEN, None, 1, None),
        ("2026-01-18", "PH-1.S4", Delivery.LATE, None, None, (18, 18)),
        ("2026-01-18", "PH-1.S1", Delivery.LATE, None, None, (18, 18)),
        # the announced day for the last soldier to leave Ain al-Asad
        ("2025-08-18", "E009", Delivery.NOT_MADE, None, None, None),
        ("2025-08-19", "E009", Delivery.RUNNING, 27, None, None),
        ("2025-09-15", "E009", Delivery.RUNNING, 0, None, None),
        ("2025-09-16", "E009", Delivery.OPEN, None, 1, None),
        ("2026-01-17", "E009", Delivery.OPEN, None, 124, None),
        ("2026-01-18", "E009", Delivery.LATE, None, None, (120, 125)),
        # September 2026, and the end of 2026 by one article
        ("2026-09-30", "E078", Delivery.RUNNING, 0, None, None),
        ("2026-10-01", "E078", Delivery.NOT_SOURCED, None, 1, None),
        ("2026-11-20", "E078", Delivery.NOT_SOURCED, None, 51, None),
        ("2026-11-20", "E073", Delivery.NOT_SOURCED, None, 51, None),
        ("2026-11-20", "PH-2K.S0", Delivery.RUNNING, 41, None, None),
        ("2027-01-01", "PH-2K.S0", Delivery.NOT_SOURCED, None, 1, None),
        ("2026-11-20", "PH-2.P037", Delivery.NOT_SOURCED, None, 51, None),
        ("2026-11-20", "PH-2.S3", Delivery.NOT_SOURCED, None, 51, None),
        ("2026-09-30", "M23", Delivery.RUNNING, 0, None, None),
        ("2026-11-20", "M23", Delivery.NOT_SOURCED, None, 51, None),
        # "throughout 2020", and the last day of 2021
        ("2020-03-16", "PH-C", Delivery.NOT_MADE, None, None, None),
        ("2020-03-17", "PH-C", Delivery.RUNNING, 289, None, None),
        ("2020-08-22", "PH-C", Delivery.RUNNING, 131, None, None),
        ("2020-08-23", "PH-C", Delivery.KEPT, None, None, (-130, -130)),
        ("2021-07-25", "PH-D", Delivery.NOT_MADE, None, None, None),
        ("2021-12-08", "PH-D", Delivery.RUNNING, 23, None, None),
        ("2021-12-09", "PH-D", Delivery.KEPT, None, None, (-22, -22)),
    ],
)  # fmt: skip
def test_what_became_of_a_deadline(
    ledger: Ledger,
    day: str,
    row: str,
    delivery: Delivery,
    left: int | None,
    past: int | None,
    slippage: tuple[int, int] | None,
) -> None:
    (outcome,) = (
        outcome
        for commitment in on(ledger, day).values()
        for wording, outcome in zip(commitment.wordings, commitment.outcomes, strict=True)
        if row in wording.rows
    )
    assert (outcome.delivery, outcome.left, outcome.past, outcome.slippage) == (
        delivery,
        left,
        past,
        slippage,
    )


def test_the_calendar_agrees() -> None:
    declared = dt.date(2026, 1, 18)
    assert (declared - dt.date(2025, 9, 30)).days == 110
    assert (declared - dt.date(2025, 12, 31)).days == 18
    assert [(dt.date(2026, 1, d) - dt.date(2025, 9, 15)).days for d in (13, 18)] == [120, 125]
    assert [(dt.date(2026, 1, d) - dt.date(2025, 9, 30)).days for d in (13, 18)] == [105, 110]


@pytest.mark.parametrize(
    ("day", "site", "first", "last", "basis"),
    [
        ("2026-01-17", "ain-al-asad", None, None, None),
        ("2026-01-18", "ain-al-asad", "2026-01-13", "2026-01-18", "dated"),
        ("2026-01-17", "joc-hq", None, None, None),
        ("2026-01-18", "joc-hq", "2025-12-31", "2026-01-18", "dated"),
        ("2026-01-18", "union-iii", "2026-01-18", "2026-01-18", "general"),
        # what is contradicted there is what followed
        ("2026-03-02", "victoria-bdsc", "2026-01-18", "2026-01-18", "general"),
    ],
)
def test_when_the_presence_ended_site_by_site(
    ledger: Ledger, day: str, site: str, first: str | None, last: str | None, basis: str | None
) -> None:
    (at,) = (at for at in on(ledger, day)["PH-1"].sites if at.site == site)
    end = at.end
    assert (end and end.first and end.first.isoformat(), end and end.last.isoformat()) == (first, last)
    assert (("general" if end.general else "dated") if end else None) == basis
    assert end is None or set(end.sources) == {ledger.claim[claim].source for claim in end.claims} != set()


def test_the_primary_text_drives_and_the_rivals_follow(ledger: Ledger) -> None:
    found = on(ledger, "2026-11-20")
    assert [w.standing for w in found["PH-1"].wordings] == [Standing.PRIMARY, *[Standing.RIVAL] * 3]
    assert next(w.rows[0] for w in found["PH-2K"].wordings) == "E078"
    assert [w.rows[0] for w in found["PH-2K"].wordings][-1] == "PH-2K.S0"
    assert found["PH-1"].wordings[0].asserted_by == "US-Iraq joint statement"
    assert str(found["PH-1"].made) == "2024-09-27/2024-09-28"


def test_only_what_sources_had_reported_counts(ledger: Ledger) -> None:
    assert set(on(ledger, "2026-01-18", "2024-09-27")) == {"PH-C", "PH-D"}
    then = on(ledger, "2026-01-18", "2024-09-28")
    assert [w.rows for w in then["PH-1"].wordings] == [("PH-1.P037",)]
    assert then["PH-1"].withheld == 3
    assert "E009" not in then
    eve = on(ledger, "2026-01-18", "2026-01-17")["PH-1"]
    assert (eve.end, eve.outcome.slippage, eve.outcome.past) == (None, None, 110)
    assert on(ledger, "2026-01-18", "2026-01-18")["PH-1"].outcome.slippage == (110, 110)


def test_as_known_before_any_later_evidence_the_outcome_is_not_sourced(ledger: Ledger) -> None:
    assert on(ledger, "2025-09-20", "2025-09-18")["E009"].outcome.delivery is Delivery.NOT_SOURCED
    assert on(ledger, "2025-09-20")["E009"].outcome.delivery is Delivery.OPEN


def test_sources_left_out_do_not_count(ledger: Ledger) -> None:
    without = on(ledger, "2026-01-18", without=frozenset({"S0"}))["PH-1"]
    assert [w.sources for w in without.wordings] == [("P037",), ("S1",), ("S4",)]
    assert (without.end, without.withheld) == (None, 1)
    rivals = on(ledger, "2026-11-20", without=frozenset({"P037"}))
    assert {w.standing for w in rivals["PH-1"].wordings} == {Standing.RIVAL}
    assert "M23" not in rivals
    assert "PH-D" not in on(ledger, "2026-11-20", without=frozenset({"P046"}))


@cache
def folded() -> tuple[Ledger, Mapping[str, control.Life]]:
    ledger = load()
    return ledger, control.lives(ledger)


@given(st.dates(dt.date(2014, 1, 1), dt.date(2028, 12, 31)))
def test_on_any_day_days_are_counted_to_or_from_the_deadline_and_never_both(day: dt.date) -> None:
    ledger, lives = folded()
    for commitment in commitments(ledger, lives, day):
        for wording, outcome in zip(commitment.wordings, commitment.outcomes, strict=True):
            counted = [outcome.left, outcome.past, outcome.slippage]
            assert sum(each is not None for each in counted) == (outcome.delivery is not Delivery.NOT_MADE)
            if outcome.left is not None:
                assert day + dt.timedelta(days=outcome.left) == wording.deadline.last
            if outcome.past is not None:
                assert outcome.past > 0
                assert day - dt.timedelta(days=outcome.past) == wording.deadline.last
            if outcome.slippage is not None:
                assert commitment.end is not None
                assert (
                    wording.deadline.last + dt.timedelta(days=outcome.slippage[1])
                    == commitment.end.last
                    <= day
                )


# small ledgers


def plan(deadline: str, key: str = "P", **cells: str) -> Claim:
    return build.claim(key, "plan", deadline, ALONE, HOSTING, **({"source": "A"} | cells))


def fate(day: str, *claims: Claim) -> Commitment:
    ledger = build.ledger(claims)
    return on(ledger, day)["P"]


there = build.claim("here", "observation", "2011-01-01", HOSTING)


def left(occurred: str, **cells: str) -> Claim:
    return build.claim("left", "change", occurred, ALONE, HOSTING, transition="t", **cells)


@pytest.mark.parametrize(
    ("occurred", "deadline", "delivery", "slippage"),
    [
        ("2011-05-30", "2011-06-01", Delivery.KEPT, (-2, -2)),
        ("2011-06-01", "2011-06-01", Delivery.KEPT, (0, 0)),
        ("2011-06-02", "2011-06-01", Delivery.LATE, (1, 1)),
        ("2011-06-30", "2011-06", Delivery.KEPT, (0, 0)),  # a month is over on its last day
        ("2011-07-01", "2011-06", Delivery.LATE, (1, 1)),
        ("2011-05-30/2011-06-03", "2011-06-01", Delivery.UNCERTAIN, (-2, 2)),
        ("2011-06-02/2011-06-03", "2011-06-01", Delivery.LATE, (1, 2)),
        ("2011-05-30/2011-06-01", "2011-06-01", Delivery.KEPT, (-2, 0)),
    ],
)
def test_a_day_that_is_not_known_makes_the_slippage_an_interval(
    occurred: str, deadline: str, delivery: Delivery, slippage: tuple[int, int]
) -> None:
    found = fate("2012-01-01", plan(deadline), there, left(occurred))
    assert (found.outcome.delivery, found.outcome.slippage) == (delivery, slippage)
    assert found.end
    assert found.end.claims == ("left",)


def test_silence_keeps_no_promise() -> None:
    assert fate("2011-06-02", plan("2011-06-01"), there).outcome.delivery is Delivery.NOT_SOURCED
    assert fate("2099-01-01", plan("2011-06-01"), there).outcome.delivery is Delivery.NOT_SOURCED
    still = build.claim("still", "observation", "2011-08-01", HOSTING)
    assert fate("2011-07-01", plan("2011-06-01"), there, still).outcome.delivery is Delivery.OPEN


def test_nothing_is_known_of_a_state_that_was_never_sourced() -> None:
    after = build.claim("after", "observation", "2011-08-01", ALONE)
    assert fate("2012-01-01", plan("2011-06-01"), after).outcome.delivery is Delivery.NOT_SOURCED


def test_a_change_that_no_source_dates_lies_after_the_last_evidence() -> None:
    after = build.claim("after", "observation", "2011-08-01", ALONE)
    found = fate("2012-01-01", plan("2011-06-01"), there, after)
    assert found.end
    assert (found.end.first, found.end.last) == (dt.date(2011, 1, 2), dt.date(2011, 8, 1))
    assert found.outcome.delivery is Delivery.UNCERTAIN


def test_while_reports_differ_the_outcome_is_not_late_yet() -> None:
    found = fate("2011-06-02", plan("2011-06-01"), there, left("2011-05-30/2011-06-09"))
    assert (found.outcome.delivery, found.outcome.past) == (Delivery.UNCERTAIN, 1)


def test_a_presence_that_begins_after_the_deadline_is_another_one() -> None:
    back = build.claim("back", "observation", "2011-08-01", HOSTING)
    gone = build.claim("gone", "change", "2011-09-01", ALONE, HOSTING)
    assert fate("2012-01-01", plan("2011-06-01"), back, gone).end is None


def test_a_plan_about_several_sites_is_delivered_at_the_last_of_them() -> None:
    sites = [build.site("one"), build.site("two")]
    claims = [
        build.claim("P", "plan", "2011-06-01", ALONE, HOSTING, site="", scope="one two"),
        *(build.claim(f"here.{s}", "observation", "2011-01-01", HOSTING, site=s) for s in ("one", "two")),
        build.claim("left.one", "change", "2011-05-01", ALONE, HOSTING, site="one"),
    ]
    half = on(build.ledger(claims, sites=sites), "2012-01-01")["P"]
    assert [bool(at.end) for at in half.sites] == [True, False]
    assert half.end is None
    both = [*claims, build.claim("left.two", "change", "2011-06-03", ALONE, HOSTING, site="two")]
    whole = on(build.ledger(both, sites=sites), "2012-01-01")["P"]
    assert whole.outcome.slippage == (2, 2)


@pytest.mark.parametrize(
    ("cells", "standing"),
    [({"grade": "rejected"}, Standing.REJECTED), ({"grade": "weak"}, Standing.ONLY)],
)
def test_a_rejected_plan_is_listed_and_measures_nothing(cells: dict[str, str], standing: Standing) -> None:
    found = fate("2012-01-01", plan("2011-06-01", **cells), there, left("2011-07-01"))
    assert found.wordings[0].standing is standing
    assert (found.outcome.delivery is Delivery.VOID) == (standing is Standing.REJECTED)


def test_a_corrected_plan_stays_and_no_longer_counts() -> None:
    later = plan("2011-07-01", "Q", event="E", supersedes="P")
    ledger = build.ledger([plan("2011-06-01", event="E"), later, there, left("2011-07-02")])
    (found,) = on(ledger, "2012-01-01").values()
    assert [(w.rows, w.standing) for w in found.wordings] == [
        (("Q",), Standing.ONLY),
        (("P",), Standing.CORRECTED),
    ]
    assert found.outcome.slippage == (1, 1)


def test_words_that_fit_no_plan_stand_for_themselves() -> None:
    given_words = {"kind": "deadline", "text": "all leave", "source": "A", "grade": "verified"}
    said = [
        Milestone.model_validate({"milestone": key, "occurred": day, "quotation": words} | given_words)
        for key, day, words in (
            ("M1", "2011-06-01", "will be gone by June"),
            ("M2", "2011-06-02", "will be gone by June"),  # another day
            ("M3", "2011-06-01", "other words"),
            ("M4", "2011-06-01", ""),
        )
    ]
    ledger = build.ledger([plan("2011-06-01", quotation="the last will be gone by June"), there])
    found = on(replace(ledger, milestones=tuple(said)), "2012-01-01")
    assert {key: c.rows for key, c in found.items()} == {
        "P": ("P", "M1"), "M2": ("M2",), "M3": ("M3",), "M4": ("M4",),
    }  # fmt: skip
    assert all(found[key].outcome.delivery is Delivery.NOT_SOURCED for key in ("M2", "M3", "M4"))


@given(
    st.dates(dt.date(2011, 2, 1), dt.date(2011, 12, 1)), st.dates(dt.date(2011, 2, 1), dt.date(2011, 12, 1))
)
def test_slippage_is_the_days_between(promised: dt.date, gone: dt.date) -> None:
    found = fate("2013-01-01", plan(promised.isoformat()), there, left(gone.isoformat()))
    assert found.outcome.slippage == ((gone - promised).days,) * 2
    assert found.deadline == dates.parse(promised.isoformat())

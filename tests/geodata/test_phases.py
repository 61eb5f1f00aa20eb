"""How far each phase had come on a day, as known on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from geodata import control
from geodata.knowledge import Knowledge
from geodata.model import Grade
from geodata.phases import Progress, progress

if TYPE_CHECKING:
    from geodata.model import Ledger

SCOPE = ("ain-al-asad", "joc-hq", "union-iii", "victoria-bdsc")
EIGHT = ("al-qaim", "qayyarah-west", "k1", "nineveh-ops", "al-taqaddum", "abu-ghraib", "besmaya", "camp-taji")


def on(
    ledger: Ledger, day: str, known_on: str | None = None, without: frozenset[str] = frozenset()
) -> dict[str, Progress]:
    known = dt.date.fromisoformat(known_on) if known_on else None
    found = control.lives(ledger, Knowledge(known, without=without))
    return {p.phase.phase: p for p in progress(ledger, found, dt.date.fromisoformat(day), known, without)}


def test_all_eight_phases_in_the_ledger_s_order(ledger: Ledger) -> None:
    assert list(on(ledger, "2026-11-20")) == ["PH-A", "PH-B", "PH-C", "PH-D", "PH-1", "PH-2", "PH-2K", "PH-3"]


@pytest.mark.parametrize(
    ("day", "elapsed", "overdue", "slippage", "done", "handed_over"),
    [
        ("2024-09-26", None, None, None, None, ()),
        ("2024-09-27", 0, None, None, None, ()),
        ("2025-09-29", 367, None, None, None, ()),
        ("2025-09-30", 368, None, None, None, ()),
        ("2025-10-01", 369, 1, None, None, ()),
        ("2026-01-17", 477, 109, None, None, ()),
        ("2026-01-18", 478, None, 110, "2026-01-18", SCOPE),
        ("2026-03-01", 478, None, 110, "2026-01-18", SCOPE),
        # at Victoria reports contradict each other from here on
        ("2026-03-02", 478, None, 110, "2026-01-18", SCOPE[:3]),
    ],
)
def test_the_first_phase(
    ledger: Ledger,
    day: str,
    elapsed: int | None,
    overdue: int | None,
    slippage: int | None,
    done: str | None,
    handed_over: tuple[str, ...],
) -> None:
    phase = on(ledger, day)["PH-1"]
    assert phase.planned_days == 368  # 27 September 2024 to 30 September 2025
    assert (phase.elapsed_days, phase.overdue_days, phase.slippage_days) == (elapsed, overdue, slippage)
    assert (phase.done and phase.done.text) == done
    assert phase.handed_over == handed_over
    assert tuple(phase.sites) == SCOPE


def test_an_open_outcome_is_counted_as_open(ledger: Ledger) -> None:
    assert on(ledger, "2026-03-02")["PH-1"].open_sites == ("victoria-bdsc",)
    region = on(ledger, "2026-10-01")["PH-2K"]
    assert region.open_sites == ("erbil-ab", "harir", "camp-singara", "makhmour-malaqara", "jccc-zerevani")
    assert region.handed_over == ()
    assert region.done is None


def test_the_eight_transfers_of_2020_one_by_one(ledger: Ledger) -> None:
    days = (
        "2020-03-18",
        "2020-03-19",
        "2020-03-26",
        "2020-03-29",
        "2020-03-30",
        "2020-04-04",
        "2020-04-07",
        "2020-07-25",
        "2020-08-23",
    )
    assert [len(on(ledger, day)["PH-C"].handed_over) for day in days] == list(range(9))
    assert on(ledger, "2020-08-23")["PH-C"].handed_over == EIGHT
    assert on(ledger, "2020-08-23")["PH-C"].slippage_days == -130  # promised for 2020, over on 23 August


def test_the_primary_text_comes_first_and_the_others_after_it(ledger: Ledger) -> None:
    promises = on(ledger, "2026-11-20")["PH-1"].promises
    assert [(p.claim.claim, p.claim.occurred.text, p.primary) for p in promises] == [
        ("PH-1.P037", "2025-09-30", True),
        ("PH-1.S0", "2025-09", False),
        ("PH-1.S1", "2025-12-31", False),
        ("PH-1.S4", "2025-12-31", False),
    ]
    region = on(ledger, "2026-11-20")["PH-2K"].promises
    assert [p.claim.claim for p in region if p.primary] == ["E078"]
    assert region[-1].claim.claim == "PH-2K.S0"  # the end of 2026 is shown, last


def test_what_was_known_by_then(ledger: Ledger) -> None:
    assert set(on(ledger, "2026-01-18", "2024-09-27")) == {"PH-A", "PH-B", "PH-C", "PH-D"}
    then = on(ledger, "2026-01-18", "2024-09-28")["PH-1"]
    assert [p.claim.claim for p in then.promises] == ["PH-1.P037"]
    assert then.done is None
    eve = on(ledger, "2026-01-18", "2026-01-17")["PH-1"]
    assert (eve.done, eve.slippage_days, eve.overdue_days) == (None, None, 110)
    assert str(on(ledger, "2026-01-18", "2026-01-18")["PH-1"].done) == "2026-01-18"


def test_an_end_whose_source_is_left_out_is_open(ledger: Ledger) -> None:
    assert ledger.phases["PH-1"].done_source == "S0"
    assert on(ledger, "2026-01-18", without=frozenset({"S0"}))["PH-1"].done is None


def test_every_number_has_a_source(ledger: Ledger) -> None:
    for phase in ledger.phases.values():
        assert phase.sources
        assert not phase.done or phase.done_source, phase.phase
        assert phase.start_source or phase.phase == "PH-D", (
            phase.phase
        )  # its start is not recorded with a source


def test_a_start_counts_from_the_day_it_was_reported(ledger: Ledger) -> None:
    assert ledger.phases["PH-2"].start_source == "S0"
    assert not on(ledger, "2026-01-18", "2026-01-10")["PH-2"].started


def test_no_slippage_is_claimed_where_no_source_says_whether_it_was_met(ledger: Ledger) -> None:
    region = on(ledger, "2026-11-20")["PH-2K"]
    assert set(region.open_sites) == set(region.sites)
    assert (region.slippage_days, region.overdue_days) == (None, 51)  # since 30 September 2026
    assert on(ledger, "2026-09-30")["PH-2K"].overdue_days is None


def test_a_phase_without_a_promise_is_never_overdue(ledger: Ledger) -> None:
    for phase in on(ledger, "9999-12-31").values():
        assert phase.slippage_days is None or phase.overdue_days is None
        if phase.planned_end is None:
            assert phase.slippage_days is phase.overdue_days is None


def test_a_promise_counts_only_while_a_source_of_it_does(ledger: Ledger) -> None:
    gone = {
        p.claim.source
        for p in on(ledger, "2026-11-20")["PH-2K"].promises
        if p.claim.occurred.text == "2026-09"
    }
    region = on(ledger, "2026-11-20", without=frozenset(gone))["PH-2K"]
    assert [p.claim.claim for p in region.promises] == ["PH-2K.S0"]  # the end of 2026, and no primary text
    assert region.planned_end is None
    assert region.overdue_days is None


@pytest.mark.parametrize(
    ("day", "known_on", "without", "phase", "whole", "planned", "sites"),
    [
        ("2020-03-18", None, (), "PH-C", True, "2020", 8),
        ("2020-03-18", "2020-03-18", (), "PH-C", False, None, 0),
        ("2020-08-23", "2020-08-23", (), "PH-C", False, None, 0),
        ("2020-08-23", "2020-08-24", (), "PH-C", True, "2020", 8),
        ("2020-09-01", None, ("P069",), "PH-C", False, None, 0),
        ("2022-01-01", None, ("P046",), "PH-D", False, None, 0),
        # a plan carries the promised end, so it counts with that plan
        ("2026-02-01", None, ("S0",), "PH-1", False, "2025-09-30", 0),
        ("2026-02-01", "2026-01-18", (), "PH-1", False, "2025-09-30", 0),
        ("2026-02-01", "2026-01-19", (), "PH-1", True, "2025-09-30", 4),
    ],
)
def test_what_names_no_source_of_its_own_counts_only_with_all_of_them(
    *,
    ledger: Ledger,
    day: str,
    known_on: str | None,
    without: tuple[str, ...],
    phase: str,
    whole: bool,
    planned: str | None,
    sites: int,
) -> None:
    found = on(ledger, day, known_on, frozenset(without))[phase]
    assert found.whole is whole
    assert (found.planned_end and found.planned_end.text) == planned
    assert len(found.sites) == sites
    assert not set(found.sources) & set(without)
    assert whole or set(found.sources) < set(found.phase.sources)


def test_what_derives_is_left_out_of_the_promises_too(ledger: Ledger) -> None:
    def promised(*without: str, derived: bool) -> list[str]:
        gone = Knowledge(without=frozenset(without), and_derived=derived).left_out(ledger)
        return [p.claim.source for p in on(ledger, "2026-11-20", without=gone)["PH-1"].promises]

    assert promised("S4", derived=False) == ["P037", "S0", "S1"]
    assert promised("S4", derived=True) == ["P037", "S0"]  # S1 rewrites S4


def test_a_start_whose_source_is_left_out_has_not_begun(ledger: Ledger) -> None:
    assert on(ledger, "2026-01-18")["PH-2"].started
    phase = on(ledger, "2026-01-18", without=frozenset({"S0"}))["PH-2"]
    assert (phase.started, phase.elapsed_days) == (False, None)


def test_a_start_told_by_an_undated_source_only_counts_without_a_known_on_date(ledger: Ledger) -> None:
    assert ledger.phases["PH-A"].start_source == "P143"
    assert on(ledger, "2016-01-01")["PH-A"].started
    assert not on(ledger, "2016-01-01", "9999-12-31")["PH-A"].started


def test_on_each_day_what_had_been_reported_by_then(ledger: Ledger) -> None:
    """With two clocks a phase of a day is asked with that day's known-on date and the lives of each day."""
    found = control.lives(ledger, Knowledge(each_day=True))
    for day in (
        "2024-09-27",
        "2024-09-28",
        "2025-10-01",
        "2026-01-13",
        "2026-01-14",
        "2026-01-18",
        "2026-10-01",
    ):
        that = dt.date.fromisoformat(day)
        asked = {p.phase.phase: p for p in progress(ledger, found, that, that)}
        assert asked == on(ledger, day, day)


def test_a_rejected_promise_and_a_corrected_one_are_none(ledger: Ledger) -> None:
    old = ledger.claim["PH-1.S1"]
    new = old.model_copy(update={"claim": "PH-1.new", "supersedes": "PH-1.S1", "source": "P117"})
    corrected = replace(ledger, claims=(*ledger.claims, new))

    def promised(known_on: str) -> set[str]:
        phase = on(corrected, "2026-11-20", known_on)["PH-1"]
        return {p.claim.claim for p in phase.promises} & {"PH-1.S1", "PH-1.new"}

    assert [promised(day) for day in ("2026-03-09", "2026-03-10")] == [{"PH-1.S1"}, {"PH-1.new"}]
    rejected = old.model_copy(update={"grade": Grade.REJECTED})
    without = replace(ledger, claims=tuple(rejected if c is old else c for c in ledger.claims))
    assert "PH-1.S1" not in {p.claim.claim for p in on(without, "2026-11-20")["PH-1"].promises}

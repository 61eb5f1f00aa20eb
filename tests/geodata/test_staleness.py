"""From which day on a state is stale, on small ledgers and on the repository's own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import control, staleness
from geodata.control import Held
from geodata.knowledge import Knowledge
from geodata.model import Coalition, Controller
from tests.geodata import build
from tests.geodata.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geodata.control import Life
    from geodata.model import Claim, Ledger, Source

HOST = Held(Controller.IRAQI_FEDERAL, Coalition.PRESENT)
ALONE = Held(Controller.IRAQI_FEDERAL, Coalition.ABSENT)
DISUSED = Held(Controller.NONE, Coalition.ABSENT)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def life(claims: Iterable[Claim], knowledge: Knowledge | None = None, sources: Iterable[Source] = ()) -> Life:
    return control.lives(build.ledger(claims, sources), knowledge or Knowledge())["base"]


def stale_days(one: Life, *days: str) -> list[bool]:
    return [staleness.is_stale(one, day(text)) for text in days]


def test_a_state_is_stale_from_the_day_after_the_stated_age() -> None:
    assert staleness.STALE_AFTER_DAYS == 365
    one = life([build.claim("C", "change", "2020-08-23", ALONE, HOST)])
    assert stale_days(one, "2020-08-23", "2021-08-22", "2021-08-23", "2021-08-24", "2026-01-18") == [
        False, False, False, True, True,
    ]  # fmt: skip
    leap = life([build.claim("C", "observation", "2023-06-01", ALONE)])
    assert stale_days(leap, "2024-05-30", "2024-05-31", "2024-06-01") == [False, False, True]


def test_a_date_that_is_no_day_counts_from_its_last() -> None:
    one = life([build.claim("C", "observation", "2020", ALONE)])
    assert stale_days(one, "2021-12-30", "2021-12-31", "2022-01-01") == [False, False, True]


def test_new_evidence_makes_a_state_fresh_also_where_it_stays_the_same() -> None:
    one = life(
        [
            build.claim("C", "observation", "2016-01-01", ALONE),
            build.claim("D", "observation", "2019-06-10", ALONE),
        ]
    )
    assert len({span.category for span in one.spans if span.last >= day("2016-01-01")}) == 1
    assert stale_days(one, "2016-12-31", "2017-01-01", "2019-06-09", "2019-06-10", "2020-06-09", "2020-06-10") == [
        False, True, True, False, False, True,
    ]  # fmt: skip


def test_a_state_that_nobody_speaks_for_is_not_stale_but_not_sourced() -> None:
    presence = life([build.claim("C", "observation", "2016-01-01", HOST)])
    # Carried for two years, faded in the second, then not sourced.
    assert stale_days(presence, "2016-12-31", "2017-01-01", "2018-01-01", "2018-01-02") == [
        False, True, True, False,
    ]  # fmt: skip
    assert stale_days(life([build.claim("C", "observation", "2016-01-01", DISUSED)]), "2020-01-01") == [False]
    assert stale_days(life([]), "2020-01-01") == [False]
    assert staleness.corroborated(life([]), day("2020-01-01")) is None


def test_a_change_of_uncertain_day_is_not_stale() -> None:
    one = life(
        [
            build.claim("C", "observation", "2014-05-01", HOST),
            build.claim("D", "change", "2017", ALONE, HOST),
        ]
    )
    # The old state fades before it; the claim that tells of the change is about all of 2017.
    assert stale_days(one, "2015-05-01", "2015-05-02", "2016-12-31", "2017-01-01", "2017-12-30") == [
        False, True, True, False, False,
    ]  # fmt: skip
    assert stale_days(one, "2017-12-31", "2018-12-31", "2019-01-01") == [False, False, True]


def test_on_the_eve_of_a_first_change_there_is_nothing_that_could_be_old() -> None:
    one = life([build.claim("C", "change", "2020-03-17", ALONE, HOST)])
    assert one.at(day("2020-03-16")).category is control.Category.COALITION_FEDERAL
    assert stale_days(one, "2020-03-16") == [False]


LATE = [build.source("EARLY", published="2016-02-01"), build.source("LATE", published="2019-09-01")]
TOLD_LATE = [
    build.claim("C", "observation", "2016-01-01", ALONE, source="EARLY"),
    build.claim("D", "observation", "2018-06-01", ALONE, source="LATE"),
]


@pytest.mark.parametrize(
    ("knowledge", "as_of", "evidence", "stale"),
    [
        (Knowledge(), "2018-12-01", "D", False),
        (Knowledge(), "2019-06-01", "D", False),
        (Knowledge(), "2019-06-02", "D", True),
        # What had not been reported does not corroborate.
        (Knowledge(day("2019-08-31")), "2018-12-01", "C", True),
        (Knowledge(day("2019-09-01")), "2018-12-01", "D", False),
        # With each day's own known-on date it does from the report on, and is as old then as what it tells of.
        (Knowledge(each_day=True), "2018-12-01", "C", True),
        (Knowledge(each_day=True), "2019-08-31", "C", True),
        (Knowledge(each_day=True), "2019-09-01", "D", True),
        # Nor does what is left out.
        (Knowledge(without=frozenset({"LATE"})), "2018-12-01", "C", True),
        (Knowledge(without=frozenset({"EARLY"})), "2018-12-01", "D", False),
    ],
)
def test_only_what_counts_corroborates(
    knowledge: Knowledge, as_of: str, evidence: str, *, stale: bool
) -> None:
    one = life(TOLD_LATE, knowledge, LATE)
    last = staleness.corroborated(one, day(as_of))
    assert last is not None
    assert last.claim == evidence
    assert staleness.is_stale(one, day(as_of)) is stale


def test_a_report_makes_a_state_fresh_on_the_day_it_comes_out() -> None:
    sources = [build.source("EARLY", published="2016-02-01"), build.source("LATE", published="2018-06-20")]
    one = life(TOLD_LATE, Knowledge(each_day=True), sources)
    assert stale_days(one, "2018-06-01", "2018-06-19", "2018-06-20", "2019-06-01", "2019-06-02") == [
        True, True, False, False, True,
    ]  # fmt: skip


def test_the_next_evidence_is_told_only_where_it_is_known() -> None:
    one = life(TOLD_LATE, None, LATE)
    after = staleness.following(one, day("2017-01-01"))
    assert after is not None
    assert after.claim == "D"
    assert staleness.following(one, day("2018-06-01")) is None
    assert staleness.following(life(TOLD_LATE, Knowledge(each_day=True), LATE), day("2019-10-01")) is None


@pytest.mark.parametrize(
    ("last", "on", "words"),
    [
        ("2020-08-23", "2020-08-23", ""),
        ("2020-08-23", "2020-08-24", "1 day"),
        ("2020-08-23", "2020-10-22", "60 days"),
        ("2020-08-23", "2020-10-23", "2 months"),
        ("2020-08-23", "2021-01-18", "4 months"),
        ("2020-08-23", "2021-08-24", "12 months"),
        ("2020-08-23", "2022-08-22", "23 months"),
        ("2020-08-23", "2022-08-23", "2 years"),
        ("2020-08-23", "2026-01-18", "5 years"),
        ("2020-01-31", "2020-02-29", "29 days"),
        ("2020-02-29", "2022-02-28", "23 months"),
        ("2020-08-23", "2020-08-01", ""),
    ],
)
def test_the_age_in_words(last: str, on: str, words: str) -> None:
    assert staleness.age(day(last), day(on)) == words


@given(st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)), st.integers(1, 12000))
def test_the_age_in_words_is_never_more_than_the_age(last: dt.date, gap: int) -> None:
    count, unit = staleness.age(last, last + dt.timedelta(gap)).split()
    least = {"day": 1, "days": 1, "months": 28, "years": 365}[unit]
    most = {"day": 1, "days": 1, "months": 31, "years": 366}[unit]
    assert int(count) * least <= gap < (int(count) + 1) * most


@pytest.mark.parametrize(
    ("site", "fresh", "stale"),
    [("camp-taji", "2021-08-23", "2021-08-24"), ("besmaya", "2021-07-25", "2021-07-26")],
)
def test_camps_of_2020_have_faded(ledger: Ledger, site: str, fresh: str, stale: str) -> None:
    one = control.lives(ledger)[site]
    assert stale_days(one, fresh, stale, "2026-01-18") == [False, True, True]
    assert one.at(day(stale)).category is control.Category.IRAQI_FORCES


def test_ten_of_sixteen_sourced_states_were_stale_on_the_day_of_the_statement(ledger: Ledger) -> None:
    found = control.lives(ledger).values()
    on = day("2026-01-18")
    stale = {one.site for one in found if staleness.is_stale(one, on)}
    assert stale == {
        "abu-ghraib", "al-qaim", "al-taqaddum", "balad", "besmaya", "camp-singara", "camp-taji", "k1", "nineveh-ops",
        "qayyarah-west",
    }  # fmt: skip
    assert sum(one.at(on).category is not control.Category.NOT_SOURCED for one in found) == 16


def test_a_stale_site_always_shows_a_state_and_has_old_evidence(ledger: Ledger) -> None:
    for knowledge in (Knowledge(), Knowledge(each_day=True), Knowledge(day("2021-06-01"))):
        for one in control.lives(ledger, knowledge).values():
            for number in range(0, 4700, 23):
                on = dt.date(2014, 1, 1) + dt.timedelta(number)
                if staleness.is_stale(one, on):
                    last = one.last_evidence(on)
                    assert last is not None
                    assert last.occurred.last < on - dt.timedelta(365)
                    assert one.at(on).category not in staleness.AGELESS


def test_the_rules_say_the_stated_age(ledger: Ledger) -> None:
    page = (ROOT / "docs" / "rules-of-the-fold.md").read_text("utf-8")
    assert f"`STALE_AFTER_DAYS = {staleness.STALE_AFTER_DAYS}`" in page
    found = control.lives(ledger).values()
    assert sum(staleness.is_stale(one, day("2024-01-01")) for one in found) == 14
    assert sum(one.at(day("2024-01-01")).category is not control.Category.NOT_SOURCED for one in found) == 14

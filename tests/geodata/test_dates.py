"""Dates as intervals of possible days."""

from __future__ import annotations

import datetime as dt

import pytest
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import dates


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        ("2017", "2017-01-01", "2017-12-31", "2017"),
        ("2017-11", "2017-11-01", "2017-11-30", "November 2017"),
        ("2024-02", "2024-02-01", "2024-02-29", "February 2024"),
        ("2023-02", "2023-02-01", "2023-02-28", "February 2023"),
        ("2026-01-17", "2026-01-17", "2026-01-17", "17 January 2026"),
        ("2024-02-29", "2024-02-29", "2024-02-29", "29 February 2024"),
        ("2026-01-13/2026-01-18", "2026-01-13", "2026-01-18", "13 to 18 January 2026"),
        ("2026-01-31/2026-02-01", "2026-01-31", "2026-02-01", "31 January 2026 to 1 February 2026"),
        ("2014-06/2014-11", "2014-06-01", "2014-11-30", "June 2014 to November 2014"),
        ("2014/2017", "2014-01-01", "2017-12-31", "2014 to 2017"),
        ("2014/2014-11", "2014-01-01", "2014-11-30", "2014 to November 2014"),
        ("../2026-01-16", None, "2026-01-16", "by 16 January 2026"),
        ("../2026-01", None, "2026-01-31", "by January 2026"),
        ("../2026", None, "2026-12-31", "by 2026"),
    ],
)
def test_what_is_accepted(text: str, first: str | None, last: str, words: str) -> None:
    possible = dates.parse(text)
    assert possible.first == (dt.date.fromisoformat(first) if first else None)
    assert possible.last == dt.date.fromisoformat(last)
    assert str(possible) == possible.text == text
    assert dates.words(possible) == words


REFUSED = [
    "", " ", "banana", "2026-02-30", "2026-13", "2026-00-10", "2026-1-5", "26-01-05", "20260105", "2025-02-29",
    "2026/01/05", "05.01.2026", "5 January 2026", "2026-01-05T00:00", "2026-01-05Z", "2017?", "2017~", "201X", "2017-XX",
    "Y12017", "-2017", "+2017", "2017-11-", "2017-", "../", "2026-01-16/..", "../2026-01-16/..", "../..",
    "../2026-01-16/2026-01-18", "2026-01-18/2026-01-13", "2017/2016", "2026-01-13/2026-01-18/2026-01-20", "/2026-01-18",
    "2026-01-18/", "[2017,2018]", "{2017}", "٢٠٢٦-٠١-١٧", "２０２６-01-17", "0000", "0000-01-01", "2026-01-17\n",
    " 2026-01-17", "2026--01", "2026-01-1 7", "null", "None",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_says_what_would_be_right(text: str) -> None:
    with pytest.raises(ValueError, match=r"a date is a year, a month|an interval starts before it ends"):
        dates.parse(text)


def test_an_interval_backwards_is_named_as_such() -> None:
    with pytest.raises(ValueError, match="starts before it ends"):
        dates.parse("2026-01-18/2026-01-13")


DAYS = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31))


@pytest.mark.parametrize(
    "text", ["1899-12-31", "2200", "9999-12-31", "0001-01", "1899/1901", "../9999-12-31"]
)
def test_a_year_that_can_only_be_a_slip_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="1900 to 2199"):
        dates.parse(text)


@given(DAYS)
@settings(max_examples=40)
def test_every_day_comes_back_as_itself(day: dt.date) -> None:
    possible = dates.parse(day.isoformat())
    assert possible.first == possible.last == possible.earliest == day
    assert possible.is_day
    assert dates.EPOCH + dt.timedelta(days=dates.epoch_day(day)) == day


@given(DAYS, DAYS)
@settings(max_examples=40)
def test_an_interval_runs_from_its_first_to_its_last_day(one: dt.date, other: dt.date) -> None:
    first, last = sorted((one, other))
    possible = dates.parse(f"{first}/{last}")
    assert (possible.first, possible.last) == (first, last)
    assert possible.is_day == (first == last)


@given(st.text(max_size=24))
def test_any_other_text_is_refused_with_a_value_error(text: str) -> None:
    try:
        possible = dates.parse(text)
    except ValueError:
        return
    assert possible.text == text
    assert possible.first is None or possible.first <= possible.last


def test_an_open_start_is_no_day_and_begins_with_its_last() -> None:
    possible = dates.parse("../2026-01-16")
    assert not possible.is_day
    assert possible.earliest == possible.last == dt.date(2026, 1, 16)


@pytest.mark.parametrize(
    ("day", "years", "wanted"),
    [
        ("2015-09-02", 2, "2017-09-02"),
        ("2024-02-29", 2, "2026-02-28"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2024-02-28", 1, "2025-02-28"),
    ],
)
def test_years_later(day: str, years: int, wanted: str) -> None:
    assert dates.plus_years(dt.date.fromisoformat(day), years) == dt.date.fromisoformat(wanted)


def test_epoch_days_count_from_1970() -> None:
    assert dates.epoch_day(dt.date(1970, 1, 1)) == 0
    assert dates.epoch_day(dt.date(1969, 12, 31)) == -1
    assert dates.epoch_day(dt.date(2026, 1, 18)) == 20471


@pytest.mark.parametrize("text", ["2017-21", "2017-24", "../2017-22"])
def test_a_season_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="a date is a year"):
        dates.parse(text)


@pytest.mark.parametrize("text", ["2017-1-", "2026-1-155"])
def test_a_month_that_is_no_number_is_refused_in_the_same_words(text: str) -> None:
    with pytest.raises(ValueError, match="a date is a year"):
        dates.parse(text)


PARTS = st.one_of(
    st.builds(lambda day, length: day.isoformat()[:length], DAYS, st.sampled_from((4, 7, 10))),
    st.from_regex(r"\A20[12]\d(-(0\d|1[0-3])(-[0-3]\d)?)?\Z"),
)


@given(st.one_of(PARTS, st.builds("{}/{}".format, PARTS, PARTS)))
@settings(max_examples=150)
def test_the_library_for_such_dates_reads_them_alike(text: str) -> None:
    """It takes milliseconds a date, too long for a large ledger, so it is only the yardstick here."""
    try:
        ends = [parse_edtf(part) for part in text.split("/")]
        first, last = (dt.date(*day[:3]) for day in (ends[0].lower_strict(), ends[-1].upper_strict()))
    except (EDTFParseException, ValueError):
        first, last = dt.date.max, dt.date.min
    if first <= last:
        assert (dates.parse(text).first, dates.parse(text).last) == (first, last)
    else:
        with pytest.raises(ValueError, match=r"a date is|an interval starts"):
            dates.parse(text)

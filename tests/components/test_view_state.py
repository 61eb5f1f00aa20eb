"""The address bar: whatever stands in it finds a view, and every view finds its way back."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.view_state import LONGEST_FILTER, Filters, ViewState, format_view, parse
from geodata.knowledge import EVERYTHING, Knowledge

FIRST, LAST, DEFAULT = dt.date(2014, 1, 1), dt.date(2026, 11, 20), dt.date(2026, 3, 20)
SITES = frozenset({"ain-al-asad", "k-1"})
CATEGORIES = frozenset({"coalition-federal", "iraqi-forces", "not-sourced"})
SOURCES = frozenset({"S1", "S2", "P007"})


def read(**params: str | list[str]) -> tuple[ViewState, tuple[str, ...]]:
    lists = {name: [value] if isinstance(value, str) else value for name, value in params.items()}
    return parse(
        lists,
        first=FIRST,
        last=LAST,
        default=DEFAULT,
        sites=SITES,
        categories=CATEGORIES,
        sources=SOURCES,
    )


def test_a_bare_address_opens_on_the_default_day() -> None:
    assert read() == (ViewState(DEFAULT), ())


def test_a_full_address_is_followed_without_a_word() -> None:
    state, notices = read(
        as_of="2020-01-05", known_on="2020-02-01", site="k-1", hide="not-sourced,iraqi-forces", foo="bar"
    )
    hidden = frozenset({"not-sourced", "iraqi-forces"})
    assert state == ViewState(dt.date(2020, 1, 5), Knowledge(dt.date(2020, 2, 1)), "k-1", hidden)
    assert notices == ()


@pytest.mark.parametrize(
    ("value", "day", "said"),
    [
        ("banana", DEFAULT, ("as_of=“banana” is not a date", "2026-01-18", "20 March 2026")),
        ("2014-13-45", DEFAULT, ("“2014-13-45” is a day that does not exist", "20 March 2026")),
        ("2023-02-29", DEFAULT, ("does not exist",)),
        ("2026-01", DEFAULT, ("is not a date", "year-month-day")),
        ("2026-01-13/2026-01-18", DEFAULT, ("is not a date",)),
        ("../2026-01-16", DEFAULT, ("is not a date",)),
        ("20260118", DEFAULT, ("is not a date",)),
        ("2026-W03-7", DEFAULT, ("is not a date",)),
        ("٢٠٢٦-٠١-١٨", DEFAULT, ("is not a date",)),
        ("0000-00-00", DEFAULT, ("does not exist",)),
        ("1900-01-01", FIRST, ("before the time covered", "1 January 2014")),
        ("2013-12-31", FIRST, ("before the time covered",)),
        ("2026-11-21", LAST, ("in the future", "today, 20 November 2026")),
        ("9999-12-31", LAST, ("in the future",)),
        (["2020-01-01", "2021-01-01"], DEFAULT, ("more than once", "“2020-01-01” and “2021-01-01”")),
    ],
)
def test_a_day_that_cannot_be_followed_is_named(
    value: str | list[str], day: dt.date, said: tuple[str, ...]
) -> None:
    state, notices = read(as_of=value)
    assert state == ViewState(day)
    assert len(notices) == 1
    assert all(part in notices[0] for part in said), notices[0]


@pytest.mark.parametrize("value", ["2014-01-01", "2026-11-20", " 2020-01-05 ", "2024-02-29"])
def test_both_ends_and_a_leap_day_are_days_like_others(value: str) -> None:
    state, notices = read(as_of=value)
    assert (state.as_of.isoformat(), notices) == (value.strip(), ())


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_parameter_is_none(value: str) -> None:
    assert read(as_of=value, known_on=value, site=value, hide=value) == (ViewState(DEFAULT), ())


def test_the_same_value_twice_is_one_value() -> None:
    assert read(as_of=["2020-01-01", "2020-01-01"]) == (ViewState(dt.date(2020, 1, 1)), ())


@pytest.mark.parametrize(
    ("value", "day", "words"),
    [
        ("2020-01-05", dt.date(2020, 1, 5), 0),
        ("2026-11-20", None, 0),  # all that is known today is no restriction
        ("2030-01-01", None, 1),
        ("1990-01-01", FIRST, 1),
        ("soon", None, 1),
    ],
)
def test_known_on(value: str, day: dt.date | None, words: int) -> None:
    state, notices = read(known_on=value)
    assert (state.known_on, len(notices)) == (day, words)


def test_an_unknown_site_is_named_and_none_is_selected() -> None:
    state, notices = read(site="area-51", as_of="2020-01-05")
    assert state == ViewState(dt.date(2020, 1, 5))
    assert notices[0].startswith("There is no site “area-51”")


def test_unknown_categories_are_named_and_the_others_hidden() -> None:
    state, notices = read(hide="iraqi-forces,red,green,,red,blue,pink")
    assert state.hidden == {"iraqi-forces"}
    assert len(notices) == 1
    assert "“red”, “green”, “blue”, …" in notices[0]
    assert "coalition-federal, iraqi-forces, not-sourced" in notices[0]


def test_everything_wrong_at_once_is_all_named() -> None:
    state, notices = read(as_of="x", known_on="y", site="z", hide="w")
    assert state == ViewState(DEFAULT)
    assert len(notices) == 4


def test_each_day_is_a_known_on_date_of_its_own() -> None:
    state, notices = read(as_of="2020-01-05", known_on="each-day")
    assert (state.knowledge, notices) == (Knowledge(each_day=True), ())
    assert state.known_on == dt.date(2020, 1, 5)


def test_sources_and_grades_are_left_out_with_what_derives_from_them() -> None:
    state, notices = read(without="S1,P007", derived="out", without_grade="D,C")
    assert notices == ()
    assert state.knowledge == Knowledge(
        without=frozenset({"S1", "P007"}), and_derived=True, without_grades=frozenset("CD")
    )
    assert read(derived="out")[0].knowledge == EVERYTHING  # from nothing nothing derives


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"without": "S1,S99"}, "There is no source “S99” to leave out."),
        ({"without_grade": "E"}, "The grades of sources are A, B, C, D."),
        ({"derived": "yes", "without": "S1"}, "only derived=out is"),
        ({"compare": "soon"}, "No second date is shown."),
        ({"compare": "2031-01-01"}, "in the future"),
        ({"map": "here"}, "such as 7.5/33.3/44.4"),
        ({"map": "7/33"}, "Showing the whole map."),
        ({"map": "99/99/999"}, "is no extent"),
        ({"map": "0/0/0"}, "is no extent"),
        ({"axis": "sparse"}, "only axis=dense is"),
        ({"map": ["7/33/44", "8/33/44"]}, "more than once"),
    ],
)
def test_what_else_cannot_be_followed_is_named(params: dict[str, str | list[str]], said: str) -> None:
    _, notices = read(**params)
    assert len(notices) == 1
    assert said in notices[0]


def test_a_map_extent_passes_without_a_word() -> None:
    assert read(map="7.25/33.31/44.36")[1] == ()


def test_a_notice_stays_short_and_printable() -> None:
    _, (notice,) = read(as_of="\u202e\n<b>" + "x" * 5000)
    assert len(notice) < 300
    assert notice.isprintable()
    assert "<b>" in notice  # escaping is the screen's business
    assert "x…”" in notice


PARAMETERS = (
    "as_of", "known_on", "site", "hide", "compare", "without", "derived", "without_grade", "map", "x",
)  # fmt: skip
days = st.dates(FIRST, LAST)
knowledges = st.builds(
    lambda clock, without, grades, derived: Knowledge(
        known_on=clock if isinstance(clock, dt.date) else None,
        each_day=clock == "each-day",
        without=without,
        without_grades=grades,
        and_derived=derived and bool(without or grades),
    ),
    st.none() | st.just("each-day") | st.dates(FIRST, LAST - dt.timedelta(days=1)),
    st.frozensets(st.sampled_from(sorted(SOURCES))),
    st.frozensets(st.sampled_from("ABCD")),
    st.booleans(),
)
searched = st.text(max_size=LONGEST_FILTER).map(str.strip)
states = st.builds(
    ViewState,
    as_of=days,
    knowledge=knowledges,
    compare=st.none() | days,
    site=st.none() | st.sampled_from(sorted(SITES)),
    hidden=st.frozensets(st.sampled_from(sorted(CATEGORIES))),
    item=st.none() | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,47}", fullmatch=True).filter(str.isascii),
    filters=st.builds(
        Filters, words=searched, speaker=searched, outlet=searched, about=searched, phase=searched,
        since=st.none() | days, sort=searched,
    ),
)  # fmt: skip


@given(states, st.none() | days)
def test_every_view_comes_back_from_its_address(state: ViewState, default: dt.date | None) -> None:
    params = format_view(state, default=default)
    back, notices = parse(
        {name: [value] for name, value in params.items()},
        first=FIRST,
        last=LAST,
        default=default or DEFAULT,
        sites=SITES,
        categories=CATEGORIES,
        sources=SOURCES,
    )
    assert (back, notices) == (state, ())


def test_a_link_can_point_at_one_thing() -> None:
    state, notices = read(item="E018.S0")
    assert (state.item, notices) == ("E018.S0", ())
    state, notices = read(item="<b>everything</b>")
    assert state.item is None
    assert notices == (
        "item=“<b>everything</b>” names nothing; it is an identifier such as E018.S0, P037 or D05, as in the links of the pages.",
    )


def test_a_list_is_narrowed_by_what_the_address_says() -> None:
    state, notices = read(
        q="advisers الادارة", speaker="AFP", about="ain-al-asad", since="2026-01-01", sort="-published"
    )
    wanted = Filters(
        words="advisers الادارة",
        speaker="AFP",
        about="ain-al-asad",
        since=dt.date(2026, 1, 1),
        sort="-published",
    )
    assert (state.filters, notices) == (wanted, ())


@pytest.mark.parametrize(("length", "kept"), [(LONGEST_FILTER, True), (LONGEST_FILTER + 1, False)])
def test_a_search_has_a_length_at_which_it_ends(length: int, kept: bool) -> None:  # noqa: FBT001
    state, notices = read(q="x" * length)
    assert bool(state.filters.words) is kept
    assert bool(notices) is not kept
    assert kept or notices[0].endswith("is longer than 100 characters; the list is not narrowed by it.")


def test_a_filter_given_twice_narrows_nothing_and_says_so() -> None:
    state, notices = read(speaker=["AFP", "INA"])
    assert state.filters == Filters()
    assert notices[0].startswith("The address gives speaker more than once")


def test_a_first_day_that_does_not_exist_narrows_nothing() -> None:
    state, notices = read(since="2026-02-30")
    assert state.filters.since is None
    assert notices == (
        "since=“2026-02-30” is a day that does not exist. The list begins with the first day.",
    )


@given(states)
def test_a_permalink_always_names_its_day(state: ViewState) -> None:
    assert format_view(state)["as_of"] == state.as_of.isoformat()
    assert "as_of" not in format_view(state, default=state.as_of)


@given(
    st.dictionaries(
        st.sampled_from(PARAMETERS),
        st.lists(st.text() | st.sampled_from(["each-day", "S1,S9", "out", "A,Z"]), max_size=3),
    )
)
def test_no_address_raises_and_every_view_lies_in_the_time_covered(params: dict[str, list[str]]) -> None:
    state, notices = parse(
        params,
        first=FIRST,
        last=LAST,
        default=DEFAULT,
        sites=SITES,
        categories=CATEGORIES,
        sources=SOURCES,
    )
    assert FIRST <= state.as_of <= LAST
    known_on = state.knowledge.known_on
    assert known_on is None or FIRST <= known_on < LAST
    assert state.compare is None or FIRST <= state.compare <= LAST
    assert state.knowledge.without <= SOURCES
    assert state.site in {None, *SITES}
    assert state.hidden <= CATEGORIES
    assert all(notice.endswith(".") for notice in notices)

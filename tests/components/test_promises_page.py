"""The page of promises: its words, its axis, its filters, and that every row has its place and its link."""

from __future__ import annotations

import datetime as dt
import html as entities
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import promises, view
from components.promises import Axis, axis_of, end_words, outcome_words, slippage_words
from components.view_state import Filters, ViewState
from geodata.knowledge import Knowledge
from geodata.load import load
from geodata.promises import Delivery, End, Outcome

if TYPE_CHECKING:
    from geodata.model import Ledger

NOW = dt.date(2026, 11, 20)
ROWS = (
    "E009", "E073", "E078", "PH-1.P037", "PH-1.S0", "PH-1.S1", "PH-1.S4", "PH-2.P037", "PH-2.S3", "PH-2K.P139",
    "PH-2K.S0", "PH-2K.S1", "PH-2K.S4", "M23", "A06", "A07", "A10", "A11", "A24", "A27", "A28",
    "PH-C", "PH-D", "PH-1", "PH-2", "PH-2K",
)  # fmt: skip


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load()


def shown(
    ledger: Ledger, day: str = "2026-11-20", knowledge: Knowledge | None = None, **filters: Any
) -> view.View:
    state = ViewState(dt.date.fromisoformat(day), knowledge or Knowledge(), filters=Filters(**filters))
    return view.build(ledger, state, now=NOW)


def text_of(html: str) -> str:
    """Return what is read: without the marks, blanks joined."""
    inline = re.sub(r"</?(q|b|a|button|span|sup|small)\b[^>]*>", "", html)
    return " ".join(entities.unescape(re.sub(r"<[^>]+>", " ", inline)).split())


def keys(found: view.View) -> list[str]:
    return [commitment.key for commitment in promises.chosen(found)]


@pytest.mark.parametrize(
    ("slippage", "words"),
    [
        ((110, 110), "110 days late"),
        ((1, 1), "1 day late"),
        ((0, 0), "on the day"),
        ((-1, -1), "1 day early"),
        ((120, 125), "120 to 125 days late"),
        ((-130, -22), "22 to 130 days early"),
        ((-3, 5), "3 days early to 5 days late"),
        ((0, 5), "on the day to 5 days late"),
        ((-3, 0), "3 days early to on the day"),
        ((None, 4), "at most 4 days late"),
    ],
)
def test_slippage_in_words(slippage: tuple[int | None, int], words: str) -> None:
    assert slippage_words(slippage) == words


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome(Delivery.RUNNING, left=41), "41 days left"),
        (Outcome(Delivery.RUNNING, left=1), "1 day left"),
        (Outcome(Delivery.RUNNING, left=0), "due on this day"),
        (Outcome(Delivery.OPEN, past=109), "109 days past, still open"),
        (Outcome(Delivery.NOT_SOURCED, past=51), "51 days past, no source"),
        (Outcome(Delivery.UNCERTAIN, past=2), "2 days past, changing, reports differ"),
        (Outcome(Delivery.NOT_MADE), "made later"),
    ],
)
def test_outcomes_in_words(outcome: Outcome, words: str) -> None:
    assert outcome_words(outcome) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-01-18", "2026-01-18", "18 January 2026"),
        ("2026-01-13", "2026-01-18", "13 to 18 January 2026"),
        ("2025-12-31", "2026-01-18", "31 December 2025 to 18 January 2026"),
        (None, "2026-01-18", "by 18 January 2026"),
    ],
)
def test_ends_in_words(first: str | None, last: str, words: str) -> None:
    begin = dt.date.fromisoformat(first) if first else None
    assert end_words(End(begin, dt.date.fromisoformat(last))) == words


def test_every_row_has_its_place_once_and_every_commitment_a_link_to_itself(ledger: Ledger) -> None:
    html = promises.list_html(shown(ledger))
    assert sorted(re.findall(r'data-item="([^"]+)"', html)) == sorted(ROWS)
    for key in ("PH-C", "PH-D", "E009", "PH-1", "M23", "PH-2", "PH-2K"):
        assert f'data-page="promises" data-with="item={key}"' in html


def test_every_wording_stands_verbatim(ledger: Ledger) -> None:
    words = text_of(promises.list_html(shown(ledger)))
    for row in ledger.dated_statements:
        assert row.kind != "deadline" or row.quotation in words, row.dated_statement
    for claim in ledger.claims:
        assert claim.kind != "plan" or claim.quotation in words, claim.claim


def test_the_three_findings_of_the_first_and_last_phase(ledger: Ledger) -> None:
    words = text_of(promises.list_html(shown(ledger, phase="PH-1")))
    for piece in (
        "30 September 2025",
        "110 days late",
        "31 December 2025",
        "18 days late",
        "recorded as over 18 January 2026",
    ):
        assert piece in words
    words = text_of(promises.list_html(shown(ledger, phase="PH-2K")))
    for piece in (
        "51 days past, no source",
        "41 days left",
        "by September 2026 in the Kurdistan",
        "by the end of 2026",
        "No source says.",
    ):
        assert piece in words


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-01-17", "Of 4 sites in scope on 17 January 2026: 2 changing, reports differ (Ain al-Asad, Joint Operations Command); 2 hosting the coalition (Union III, Victoria)."),
        ("2026-01-18", "Of 4 sites in scope on 18 January 2026: 2 handed over (Ain al-Asad, Joint Operations Command); 2 handed over by general statement (Union III, Victoria)."),
        ("2026-03-02", "Of 4 sites in scope on 2 March 2026: 2 handed over (Ain al-Asad, Joint Operations Command); 1 handed over by general statement (Union III); 1 not sourced (Victoria)."),
    ],
)  # fmt: skip
def test_progress_is_counts_with_their_names(ledger: Ledger, day: str, sentence: str) -> None:
    assert sentence in text_of(promises.list_html(shown(ledger, day, phase="PH-1")))


def test_nothing_is_a_percentage(ledger: Ledger) -> None:
    for _, html in promises.parts(shown(ledger)):
        assert "%" not in text_of(html)


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"phase": "PH-1"}, ["PH-1"]),
        ({"phase": "PH-2"}, ["M23", "PH-2"]),  # the milestone's words are those of two phases
        ({"about": "ain-al-asad"}, ["E009", "PH-1"]),
        ({"about": "harir"}, ["PH-2K"]),
        ({"speaker": "AFP"}, ["PH-1", "PH-2K"]),
        ({"words": "outcome not sourced"}, ["M23", "PH-2", "PH-2K"]),
        ({"words": "over late"}, ["E009", "PH-1"]),
        ({"words": "Eylül"}, ["PH-2K"]),
        ({"words": "END OF 2025"}, ["PH-1"]),
        ({"words": "a07"}, ["PH-2K"]),
        ({"since": dt.date(2024, 1, 1)}, ["E009", "PH-1", "M23", "PH-2", "PH-2K"]),
        ({"words": "<script>"}, []),
        ({"phase": "nonsense"}, []),
        ({"sort": "-slippage"}, ["E009", "PH-1", "M23", "PH-2", "PH-2K", "PH-D", "PH-C"]),
        ({"sort": "slippage"}, ["PH-C", "PH-D", "M23", "PH-2", "PH-2K", "PH-1", "E009"]),
        ({"sort": "-deadline"}, ["M23", "PH-2", "PH-2K", "PH-1", "E009", "PH-D", "PH-C"]),
        ({"sort": "nonsense"}, ["PH-C", "PH-D", "E009", "PH-1", "M23", "PH-2", "PH-2K"]),
    ],
)
def test_filters_and_order(ledger: Ledger, filters: dict[str, Any], left: list[str]) -> None:
    found = shown(ledger, **filters)
    assert keys(found) == left
    if not left:
        html = promises.list_html(found)
        assert "No commitment fits." in html
        assert 'data-filter-clear=""' in html
        assert "<script>" not in html


def test_the_controls_do_not_depend_on_what_is_chosen(ledger: Ledger) -> None:
    assert promises.filters_html(shown(ledger)) == promises.filters_html(
        shown(ledger, "2020-01-01", phase="PH-1", words="x")
    )


def test_what_was_not_made_yet_is_listed_last_and_not_drawn(ledger: Ledger) -> None:
    early = shown(ledger, "2025-08-18")
    assert keys(early)[-1] == "E009"
    assert 'item=E009"' not in promises.chart_html(early)
    assert 'item=E009"' in promises.chart_html(shown(ledger, "2025-08-19"))


def test_where_each_day_has_its_own_knowledge_the_ends_are_those_known_that_day(ledger: Ledger) -> None:
    each_day = Knowledge(each_day=True)
    for day in ("2025-09-16", "2026-01-14", "2026-01-18", "2026-01-21", "2026-11-20"):
        then = Knowledge(dt.date.fromisoformat(day))
        assert promises.known(shown(ledger, day, each_day)) == promises.known(shown(ledger, day, then))


def test_editors_notes_are_kept_from_a_narrower_view(ledger: Ledger) -> None:
    note = ledger.phases["PH-1"].note
    assert note.split(",")[0] in text_of(promises.list_html(shown(ledger)))
    narrow = text_of(promises.list_html(shown(ledger, "2026-11-20", Knowledge(without=frozenset({"S1"})))))
    assert note.split(",")[0] not in narrow
    assert "1 wording does not count here" in narrow


@given(
    st.integers(1990, 2030),
    st.integers(0, 40),
    st.sets(st.integers(1985, 2075)),
    st.dates(dt.date(1990, 1, 1), dt.date(2070, 1, 1)),
)
def test_the_axis_is_whole_and_goes_forward(first: int, more: int, marked: set[int], day: dt.date) -> None:
    axis = axis_of(first, first + more, marked, day)
    assert [year.year for year in axis.years] == list(range(first, first + more + 1))
    assert sum(year.width for year in axis.years) == pytest.approx(100, abs=0.1)
    days = [dt.date(first, 1, 1) + dt.timedelta(days=61 * n) for n in range(6 * (more + 1))]
    places = [axis.at(each) for each in days]
    assert places == sorted(places)
    assert axis.at(dt.date(first, 1, 1)) == 0
    assert axis.at(dt.date(first + more + 1, 1, 1)) == 100


def test_a_day_is_as_wide_as_the_other_within_the_years_that_matter() -> None:
    axis: Axis = axis_of(2014, 2026, {2020, 2021, 2024, 2025, 2026}, NOW)
    assert [year.year for year in axis.years if year.wide] == [2024, 2025, 2026]
    assert axis.narrow[0][:2] == (2014, 2023)
    one, other = (
        axis.stretch(dt.date(2025, 10, 1), dt.date(2026, 1, 18)),
        axis.stretch(dt.date(2025, 2, 1), dt.date(2025, 5, 21)),
    )
    assert one[1] == pytest.approx(other[1], abs=0.01)
    assert [y.year for y in axis_of(2014, 2026, {2020, 2021, 2024}, dt.date(2020, 5, 1)).years if y.wide] == [
        2020,
        2021,
    ]


def test_text_of_the_data_is_escaped(ledger: Ledger) -> None:
    evil = "<img src=x onerror=alert(1)>"
    claims = tuple(
        c.model_copy(update={"text": evil, "quotation": evil, "asserted_by": evil})
        if c.claim == "E009"
        else c
        for c in ledger.claims
    )
    for _, html in promises.parts(shown(replace(ledger, claims=claims))):
        assert "<img" not in html


def test_the_milestone_says_its_outcome_only_when_its_deadline_has_passed(ledger: Ledger) -> None:
    (text,) = (m.text for m in ledger.milestones if m.milestone == "M23")
    assert text.endswith("; outcome not found")
    for day, title in (("2026-09-30", "Agreed end of the mission from Iraq"), ("2026-10-01", f"A{text[1:]}")):
        html = promises.list_html(shown(ledger, day))
        assert f'<h3 id="p-M23">{title}</h3>' in html
        assert text in text_of(html).replace("Agreed end", "agreed end"), day
        assert f">{title}</a>" in promises.chart_html(shown(ledger, day))


def test_who_made_it_and_when_are_said_to_be_missing_in_few_words(ledger: Ledger) -> None:
    words = text_of(promises.list_html(shown(ledger)))
    assert "maker and day not recorded" in words
    assert "not recorded · day not recorded" not in words


def test_the_count_says_how_many_of_how_many(ledger: Ledger) -> None:
    assert "7 of 7 commitments with a date, as they stood on 20 November 2026" in text_of(
        promises.count_html(shown(ledger))
    )
    assert "1 of 7 commitments" in text_of(promises.count_html(shown(ledger, phase="PH-1")))

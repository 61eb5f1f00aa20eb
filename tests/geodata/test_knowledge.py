"""What counts as known: by which day, without which sources."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from geodata.control import lives
from geodata.errors import QuestionError
from geodata.knowledge import EVERYTHING, Knowledge, corrected, reported_by, reporting
from tests.geodata import build

if TYPE_CHECKING:
    from geodata.model import Ledger

SOURCES = [
    build.source("A", grade="A"),
    build.source("B", grade="C", published=""),
    build.source("C", grade="B", published="2010-07", derives_from="B"),
    build.source("D", grade="A", published="2010-06-02/2010-06-03", derives_from="C"),
]


def left_out(knowledge: Knowledge) -> str:
    return "".join(sorted(knowledge.left_out(build.ledger([], SOURCES))))


@pytest.mark.parametrize(
    ("knowledge", "found"),
    [
        (EVERYTHING, ""),
        (Knowledge(and_derived=True), ""),
        (Knowledge(without=frozenset("B")), "B"),
        (Knowledge(without=frozenset("B"), and_derived=True), "BCD"),  # at any remove
        (Knowledge(without=frozenset("D"), and_derived=True), "D"),  # not the other way round
        (Knowledge(without_grades=frozenset("A")), "AD"),
        (Knowledge(without_grades=frozenset("C")), "B"),
        (Knowledge(without_grades=frozenset("C"), and_derived=True), "BCD"),
        (Knowledge(without_grades=frozenset("D")), ""),
        (Knowledge(without=frozenset("A"), without_grades=frozenset("B")), "AC"),
        (Knowledge(without_grades=frozenset("ABCD")), "ABCD"),
        (Knowledge(dt.date(2000, 1, 1)), ""),  # a date leaves nothing out: it is known later
    ],
)
def test_what_is_left_out(knowledge: Knowledge, found: str) -> None:
    assert left_out(knowledge) == found


@pytest.mark.parametrize(
    ("knowledge", "words"),
    [
        (Knowledge(without=frozenset({"P999"})), "named as in sources.csv, such as A"),
        (Knowledge(without=frozenset({""})), "no source ''"),
        (Knowledge(without=frozenset({"x" * 500})), "no source 'x{40}';"),
        (Knowledge(without_grades=frozenset("E")), "the grades of sources are A, B, C, D"),
        (Knowledge(without_grades=frozenset("a")), "no grade 'a'"),
        (Knowledge(without_grades=frozenset({"AB"})), "no grade 'AB'"),
    ],
)
def test_what_is_not_there_cannot_be_left_out(knowledge: Knowledge, words: str) -> None:
    ledger = build.ledger([], SOURCES)
    with pytest.raises(QuestionError, match=words):
        knowledge.left_out(ledger)
    with pytest.raises(QuestionError, match=words):
        lives(ledger, knowledge)


def test_only_everything_is_not_narrow() -> None:
    assert not EVERYTHING.narrow
    assert not Knowledge(and_derived=True).narrow
    assert Knowledge(dt.date(2010, 1, 1)).narrow
    assert Knowledge(each_day=True).narrow
    assert Knowledge(without=frozenset("A")).narrow
    assert Knowledge(without_grades=frozenset("A")).narrow


@pytest.mark.parametrize(
    ("source", "first_day"),
    [("A", "2010-06-01"), ("C", "2010-07-31"), ("D", "2010-06-03")],
)
def test_a_source_counts_from_its_latest_possible_day(source: str, first_day: str) -> None:
    item = next(s for s in SOURCES if s.source == source)
    day = dt.date.fromisoformat(first_day)
    assert not reported_by(item, day - dt.timedelta(days=1))
    assert reported_by(item, day)
    assert reported_by(item, None)


def test_an_undated_source_counts_only_without_a_known_on_date() -> None:
    undated = SOURCES[1]
    assert reported_by(undated, None)
    assert not reported_by(undated, dt.date.max)


def test_the_sources_that_count_and_what_they_correct() -> None:
    old, new = (build.claim(key, "plan", "2011", scope="base", source=key) for key in "AD")
    ledger = build.ledger([old, new.model_copy(update={"supersedes": "A"})], SOURCES)
    assert reporting(ledger, None, frozenset("A")) == frozenset("BCD")
    assert reporting(ledger, dt.date(2010, 6, 1), frozenset()) == frozenset("A")
    assert corrected(ledger, frozenset("AD")) == frozenset("A")
    assert corrected(ledger, frozenset("A")) == frozenset()


def test_every_grade_of_the_ledger_is_one_that_can_be_left_out(ledger: Ledger) -> None:
    for grade in {source.grade for source in ledger.sources.values()}:
        gone = Knowledge(without_grades=frozenset(grade)).left_out(ledger)
        assert gone == {key for key, source in ledger.sources.items() if source.grade == grade}

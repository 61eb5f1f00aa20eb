"""The lives as they travel to the browser: they equal the fold, word for word and day for day."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from bisect import bisect_right
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from components import lives, view, wording
from components.theme import LABELS
from geodata.dates import EPOCH, epoch_day
from geodata.knowledge import EVERYTHING, Knowledge
from geodata.load import load
from tests.components.unpacked import unpacked

if TYPE_CHECKING:
    from geodata.model import Ledger

TODAY = dt.date(2026, 11, 20)
GOLDEN = Path(__file__).parent / "goldens" / "findings.txt"
KNOWLEDGES = {
    "everything": EVERYTHING,
    "known on": Knowledge(known_on=dt.date(2026, 1, 5)),
    "each day": Knowledge(each_day=True),
    "without": Knowledge(without=frozenset({"S0", "S4"}), and_derived=True),
    "without a grade": Knowledge(without_grades=frozenset({"C", "D"})),
}


@cache
def ledger() -> Ledger:
    return load()


@cache
def sent(name: str = "everything", now: dt.date = TODAY) -> dict[str, Any]:
    return unpacked(ledger(), now, KNOWLEDGES[name])


def on(day: int) -> dt.date:
    return EPOCH + dt.timedelta(days=day)


@pytest.mark.parametrize("name", KNOWLEDGES)
def test_the_spans_cover_the_axis_and_equal_the_fold_at_both_ends_of_each(name: str) -> None:
    found = view.lives(ledger(), KNOWLEDGES[name])
    for site in sent(name)["sites"]:
        spans, life = site["spans"], found[site["id"]]
        assert spans[0]["from"] == sent(name)["first"]
        assert spans[-1]["to"] == sent(name)["last"]
        assert all(one["to"] + 1 == two["from"] for one, two in pairwise(spans))
        for span in spans:
            assert span["from"] <= span["to"]
            for day in (span["from"], span["to"]):
                assert life.at(on(day)).category == span["category"]
                assert wording.span_words(ledger(), life, life.at(on(day))) == span["words"]


@pytest.mark.parametrize("name", KNOWLEDGES)
def test_every_change_is_a_change_of_category_and_none_is_missing(name: str) -> None:
    told = {(change["day"], change["site"]) for change in sent(name)["changes"]}
    seen = {
        (two["from"], site["id"])
        for site in sent(name)["sites"]
        for one, two in pairwise(site["spans"])
        if one["category"] != two["category"]
    }
    assert told == seen
    assert len(told) > 30
    days = {epoch_day(day) for day in lives.change_days(ledger(), KNOWLEDGES[name], TODAY)}
    assert days == {day for day, _ in told}


def test_a_change_says_what_changed_and_who_says_so() -> None:
    taji = {c["day"]: c for c in sent()["changes"] if c["site"] == "camp-taji"}
    change = taji[epoch_day(dt.date(2020, 8, 23))]
    assert change["text"] == "Taji: handed over, Iraqi forces alone"
    assert change["by"]


def test_where_the_clocks_differ_is_told_only_where_each_day_counts() -> None:
    assert not any(site["differs"] for site in sent()["sites"])
    each, full = view.lives(ledger(), Knowledge(each_day=True)), view.lives(ledger())
    assert any(site["differs"] for site in sent("each day")["sites"])
    for site in sent("each day")["sites"]:
        apart = {day for a, b, _ in site["differs"] for day in (a, b)}
        for a, b, category in site["differs"]:
            for day in (on(a), on(b)):
                assert full[site["id"]].at(day).category == category != each[site["id"]].at(day).category
        for span in site["spans"]:
            if not any(a <= span["from"] <= b for a, b, _ in site["differs"]):
                day = on(span["from"])
                assert full[site["id"]].at(day).category is each[site["id"]].at(day).category
        assert all(sent()["first"] <= day <= sent()["last"] for day in apart)


@pytest.mark.parametrize("name", KNOWLEDGES)
def test_the_latest_evidence_of_any_day_is_that_of_the_fold(name: str) -> None:
    found = view.lives(ledger(), KNOWLEDGES[name])
    for site in sent(name)["sites"]:
        steps, latest = site["evidence"], site["latest"] or site["evidence"]
        assert steps == sorted(steps)
        for day in sorted({*steps, *(day - 1 for day in steps), *(span["from"] for span in site["spans"])}):
            last = found[site["id"]].last_evidence(on(day))
            at = bisect_right(steps, day) - 1
            assert (latest[at] if at >= 0 else None) == (epoch_day(last.occurred.last) if last else None), day


def test_what_is_left_out_is_named() -> None:
    assert sent()["without"] == []
    derived = ledger().derived(frozenset({"S0", "S4"}))
    assert sent("without")["without"] == sorted(derived)
    assert {s["id"] for s in sent()["sources"] if s["grade"] in "CD"} == set(
        sent("without a grade")["without"]
    )


def test_the_legend_has_seven_categories_in_order() -> None:
    assert [category["id"] for category in sent()["categories"]] == list(LABELS)


def test_a_bare_address_opens_on_the_last_day_with_evidence() -> None:
    assert sent()["default_day"] == sent()["last_evidence"] == epoch_day(dt.date(2026, 3, 20))
    assert sent()["last"] == sent()["today"] == epoch_day(TODAY)
    assert sent("known on")["default_day"] == sent()["default_day"]


def test_the_version_changes_with_the_question_and_only_then() -> None:
    versions = {lives.version(ledger(), knowledge, TODAY) for knowledge in KNOWLEDGES.values()}
    assert len(versions) == len(KNOWLEDGES)
    assert lives.version(ledger(), EVERYTHING, TODAY) == sent()["version"]
    assert lives.version(ledger(), EVERYTHING, TODAY + dt.timedelta(days=1)) != sent()["version"]


def test_the_packed_bytes_are_the_payload_and_the_same_each_time() -> None:
    lives.packed.cache_clear()
    once = lives.packed(ledger(), EVERYTHING, TODAY)
    lives.packed.cache_clear()
    assert lives.packed(ledger(), EVERYTHING, TODAY) == once
    assert json.loads(gzip.decompress(once)) == json.loads(
        json.dumps(lives.payload(ledger(), EVERYTHING, TODAY))
    )


def test_findings_are_as_reviewed() -> None:
    """Every headline from 2014 to today; a difference is an editorial change and needs a reader's yes."""
    told = "".join(f"{on(headline['from'])} {headline['text']}\n" for headline in sent()["headlines"])
    assert told == GOLDEN.read_text(encoding="utf-8")


def test_nothing_is_ever_coalition_controlled() -> None:
    everything = json.dumps(sent()).lower()
    assert "coalition-controlled" not in everything
    assert "coalition controlled" not in everything


@pytest.mark.parametrize("now", ["2013-06-01", "2014-01-01", "2014-01-15", "2026-11-20"])
def test_the_axis_has_some_length_whatever_today_is(now: str) -> None:
    found = sent(now=dt.date.fromisoformat(now))
    assert found["first"] + 30 <= found["last"] == found["today"]
    assert found["first"] <= found["default_day"] <= found["last"]
    assert all(span["from"] <= span["to"] for site in found["sites"] for span in site["spans"])

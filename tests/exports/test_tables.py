"""The rows that leave: equal to the fold and to the page, filters included; everything is everything; empty is empty."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import sites, sources, utterances
from components.view_state import Filters
from exports import tables
from geodata import control
from geodata.control import Category
from geodata.knowledge import Knowledge, reporting
from geodata.model import Grade
from geodata.statements import said_by, undated
from tests.exports.views import NOW, ledger, show

NARROW = Knowledge(known_on=dt.date(2026, 1, 5))
END = dt.date.max


def records(name: str, shown: object, *, everything: bool = False) -> list[dict[str, object]]:
    made = tables.table(name, shown, everything=everything)  # type: ignore[arg-type]
    names = [column.name for column in made.spec.columns]
    return [dict(zip(names, row, strict=True)) for row in made.rows()]


# Ain al-Asad: the day before the first report of departures, the days of change, the day from which it is Iraqi.
@pytest.mark.parametrize(
    ("day", "site", "category"),
    [
        ("2026-01-12", "ain-al-asad", "coalition-federal"),
        ("2026-01-13", "ain-al-asad", "changing-hands"),
        ("2026-01-17", "ain-al-asad", "changing-hands"),
        ("2026-01-18", "ain-al-asad", "iraqi-forces"),
        ("2025-12-30", "joc-hq", "coalition-federal"),
        ("2025-12-31", "joc-hq", "changing-hands"),
        ("2026-01-18", "joc-hq", "iraqi-forces"),
    ],
)
def test_states_are_those_of_the_day(day: str, site: str, category: str) -> None:
    found = {str(row["site"]): row for row in records("states", show(day))}
    assert len(found) == 22
    assert found[site]["category"] == category
    assert found[site]["as_of"] == dt.date.fromisoformat(day)


@given(st.dates(dt.date(2013, 1, 1), dt.date(2026, 11, 20)), st.sampled_from([Knowledge(), NARROW, Knowledge(each_day=True), Knowledge(without=frozenset({"S0", "S4"}))]))  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_states_equal_the_fold_on_any_day(day: dt.date, knowledge: Knowledge) -> None:
    rows = records("states", show(day.isoformat(), knowledge=knowledge))
    folded = control.control_at(
        ledger(), day, knowledge.on(day), knowledge.without, and_derived=knowledge.and_derived
    )
    assert [(r["site"], r["category"], r["since"], r["decided_by"], r["last_evidence"]) for r in rows] == [
        (s.site, s.span.category.value, s.span.since, " ".join(s.span.decided_by) or None, s.last_evidence)
        for s in folded
    ]


def test_segments_tile_each_life_up_to_today() -> None:
    rows = records("segments", show())
    by_site: dict[object, list[dict[str, object]]] = {}
    for row in rows:
        by_site.setdefault(row["site"], []).append(row)
    assert set(by_site) == set(ledger().sites)
    for pieces in by_site.values():
        assert [piece["segment"] for piece in pieces] == list(range(1, len(pieces) + 1))
        assert pieces[0]["first_day"] is None  # no beginning is made up
        assert pieces[-1]["last_day"] is None  # nor an end
        for one, following in pairwise(pieces):
            last, first = one["last_day"], following["first_day"]
            assert isinstance(last, dt.date)
            assert first == last + dt.timedelta(days=1)


def test_hidden_categories_are_not_shown_and_not_downloaded() -> None:
    hidden = frozenset({Category.IRAQI_FORCES.value})
    shown = show(hidden=hidden)
    for name in ("states", "segments"):
        rows, every = records(name, shown), records(name, show())
        assert rows == [row for row in every if row["category"] != "iraqi-forces"]
        assert 0 < len(rows) < len(every)
        assert records(name, shown, everything=True) == every
    assert tables.count("claims", shown) == len(ledger().claims)


def test_statements_are_those_of_the_page() -> None:
    for filters in (Filters(), Filters(words="full control"), Filters(outlet="Rudaw"), Filters(about="ain-al-asad"), Filters(since=dt.date(2026, 1, 1))):  # fmt: skip
        shown = show(filters=filters)
        assert {row["item"] for row in records("statements", shown)} == {
            item.sentence.sentence if item.sentence else item.key for item in utterances.selected(shown)
        }
        assert tables.count("statements", shown) == len(utterances.selected(shown))


def test_everything_drops_no_utterance_no_claim_no_rendering_and_no_source() -> None:
    shown = show("2014-01-01", knowledge=NARROW, filters=Filters(words="nothing has these words"))
    said = (*said_by(ledger(), END), *undated(ledger(), END))
    expected = {
        "claims": len(ledger().claims), "states": len(ledger().sites), "statements": len(said), "renderings": len(ledger().renderings),
        "dated_statements": len(ledger().dated_statements), "sources": len(ledger().sources),
    }  # fmt: skip
    for name, rows in expected.items():
        assert len(records(name, shown, everything=True)) == rows
        assert tables.count(name, shown, everything=True) == rows
    assert (expected["renderings"], expected["dated_statements"]) == (41, 33)
    assert records("statements", shown) == []


def test_all_quotations_leave_verbatim() -> None:
    told = {row["text"] for row in records("renderings", show(), everything=True)}
    assert told == {rendering.text for rendering in ledger().renderings}
    arabic = {row["arabic"] for row in records("statements", show(), everything=True)} - {None}
    assert arabic == {s.arabic for s in ledger().sentences.values() if s.arabic}


def test_claims_count_by_their_sources_and_say_how_they_stand() -> None:
    shown = show(knowledge=NARROW)
    counting = reporting(ledger(), dt.date(2026, 1, 5), frozenset())
    rows = records("claims", shown)
    assert [row["claim"] for row in rows] == sorted(c.claim for c in ledger().claims if c.source in counting)
    standing = {row["claim"]: row["standing"] for row in records("claims", shown, everything=True)}
    for claim in ledger().claims:
        assert (standing[claim.claim] == "rejected") == (claim.grade is Grade.REJECTED)


def test_claims_are_narrowed_as_statements_are() -> None:
    about = records("claims", show(filters=Filters(about="ain-al-asad")))
    assert {row["claim"] for row in about} == {
        c.claim for c in ledger().claims if c.site == "ain-al-asad" or "ain-al-asad" in c.scope
    }
    since = records("claims", show(filters=Filters(since=dt.date(2026, 1, 18))))
    assert {row["claim"] for row in since} == {
        c.claim for c in ledger().claims if c.occurred.last >= dt.date(2026, 1, 18)
    }
    assert records("claims", show(filters=Filters(speaker="nobody of that name"))) == []


def test_sites_and_sources_are_narrowed_as_their_pages_are() -> None:
    shown = show(filters=Filters(words="camp", sort="-name"))
    assert (
        {row["site"] for row in records("states", shown)}
        == set(sites.ordered(shown))
        == {row["site"] for row in records("segments", shown)}
    )
    assert 0 < tables.count("states", shown) < 22
    by = show(filters=Filters(outlet="Kurdistan24"))
    assert [row["source"] for row in records("sources", by)] == sorted(sources.selected(by))
    assert {row["publisher"] for row in records("sources", by)} == {"Kurdistan24"}
    in_phase = records("states", show(filters=Filters(phase="PH-1")))
    assert {row["site"] for row in in_phase} == set(ledger().phases["PH-1"].sites)


def test_no_note_of_an_editor_leaves_where_sources_do_not_count() -> None:
    for name, spec in tables.SPECS.items():
        notes = [column.name for column in spec.columns if column.editorial]
        for row in records(name, show(knowledge=NARROW)):
            assert all(row[note] is None for note in notes)
    assert any(row["note"] for row in records("claims", show(knowledge=NARROW), everything=True))


def test_what_is_not_recorded_is_empty_and_never_an_empty_text() -> None:
    for name in tables.SPECS:
        for row in records(name, show(), everything=True):
            assert "" not in row.values()
    nowhere = [row["site"] for row in records("states", show()) if row["lon"] is None]
    assert nowhere == sorted(key for key, site in ledger().sites.items() if site.lon is None)
    assert len(nowhere) == 2


def test_an_open_start_has_no_first_day() -> None:
    rows = [row for row in records("claims", show()) if str(row["occurred"]).startswith("../")]
    assert rows
    assert all(row["occurred_earliest"] is None and row["occurred_latest"] for row in rows)


def test_rows_are_sorted_by_a_key_that_names_each_once() -> None:
    for name, spec in tables.SPECS.items():
        keys = [tuple(row[key] for key in spec.key) for row in records(name, show(compare=dt.date(2025, 9, 30)), everything=True)]  # fmt: skip
        assert len(set(keys)) == len(keys), name
        if name != "states":
            assert keys == sorted(keys), name


def test_a_comparison_leaves_with_both_days() -> None:
    rows = records("states", show(compare=dt.date(2025, 9, 30)))
    assert [row["as_of"] for row in rows] == [dt.date(2025, 9, 30)] * 22 + [dt.date(2026, 1, 18)] * 22


def test_counts_are_the_rows() -> None:
    for shown in (show(), show(knowledge=NARROW, hidden=frozenset({"not-sourced"}), filters=Filters(about="harir"))):  # fmt: skip
        for name in tables.SPECS:
            for everything in (False, True):
                rows = records(name, shown, everything=everything)
                assert tables.count(name, shown, everything=everything) == len(rows)


def test_every_column_says_what_it_means() -> None:
    for spec in tables.ALL:
        assert all(len(column.description) > 3 for column in spec.columns), spec.name
        assert len({column.name for column in spec.columns}) == len(spec.columns)
    assert show().today == NOW

"""The view: captions, staleness, dossier; pure, on the repository's own ledger."""

from __future__ import annotations

import datetime as dt
from functools import cache
from itertools import pairwise

import pytest

from components import view, wording
from components.view_state import ViewState
from geodata import control
from geodata.control import Category
from geodata.knowledge import Knowledge
from geodata.load import load
from geodata.model import Grade, Ledger

TODAY = dt.date(2026, 11, 20)


@cache
def ledger() -> Ledger:
    return load()


def show(day: str, site: str | None = None, known_on: str | None = None) -> view.View:
    knowledge = Knowledge(known_on=dt.date.fromisoformat(known_on) if known_on else None)
    return view.build(ledger(), ViewState(dt.date.fromisoformat(day), knowledge, site), now=TODAY)


@pytest.mark.parametrize(
    ("day", "site", "said"),
    [
        ("2026-11-20", "erbil-ab", "last evidence 11 March 2026, 8 months ago"),
        ("2026-03-11", "erbil-ab", "last evidence 11 March 2026"),
        ("2026-03-12", "erbil-ab", "last evidence 11 March 2026, 1 day ago"),
        ("2014-01-01", "erbil-ab", "no source yet"),
        ("2026-01-15", "speicher", "no source"),
        ("2015-06-01", "ain-al-asad", "last evidence 20 December 2014, 5 months ago"),
        (
            "2016-06-01",
            "ain-al-asad",
            "not corroborated since 20 December 2014, 17 months ago; next evidence 18 December 2021",
        ),
        ("2020-12-24", "camp-taji", "last evidence 23 August 2020, 4 months ago"),
        ("2021-08-23", "camp-taji", "last evidence 23 August 2020, 12 months ago"),
        ("2021-08-24", "camp-taji", "not corroborated since 23 August 2020, 12 months ago"),
        ("2026-01-18", "camp-taji", "not corroborated since 23 August 2020, 5 years ago"),
        # What is not sourced is not stale: nobody speaks for it.
        ("2018-01-01", "harir", "last evidence 12 November 2014, 3 years ago; next evidence August 2021"),
    ],
)
def test_each_site_says_how_old_its_evidence_is(day: str, site: str, said: str) -> None:
    row = next(row for row in show(day).rows if row.site.site == site)
    assert row.staleness == said


def test_the_dossier_lists_every_claim_about_a_site_once() -> None:
    for site in ledger().sites:
        shown = show("2026-01-15", site).dossier
        assert shown is not None
        groups = (shown.deciding, shown.rivals, shown.others, shown.later, shown.rejected)
        listed = [claim for group in groups for line in group for claim in line.claims]
        about = {c.claim for c in ledger().claims if site in (c.site, *c.scope)}
        assert len(listed) == len(set(listed)), site
        assert about <= set(listed), site
        assert set(listed) - about <= {"G001"}, site


def test_the_dossier_of_ain_al_asad_shows_who_decides_and_who_is_refuted() -> None:
    shown = show("2026-01-15", "ain-al-asad").dossier
    assert shown is not None
    assert shown.state.span.category is Category.CHANGING_HANDS
    roles = {claim: line.role for line in (*shown.deciding, *shown.rivals) for claim in line.claims}
    assert roles["E014"] == roles["E016.P002"] == roles["E018.S0"] == "decides"
    assert roles["E012"] == "refuted"
    assert [c.claim for line in shown.rivals if "E012" in line.claims for c in line.refuted_by] == ["E013"]
    assert [line.claim.claim for line in shown.rejected] == ["R004"]


def test_what_was_not_reported_yet_is_not_in_the_dossier() -> None:
    shown = show("2026-01-15", "ain-al-asad", known_on="2026-01-05").dossier
    assert shown is not None
    groups = (shown.deciding, shown.rivals, shown.others, shown.later, shown.rejected)
    sources = {source.source for group in groups for line in group for source in line.sources}
    late = {
        s.source
        for s in ledger().sources.values()
        if s.published is None or s.published.last > dt.date(2026, 1, 5)
    }
    assert not sources & late


def test_the_strip_covers_the_time_from_end_to_end() -> None:
    for site in ledger().sites:
        shown = show("2020-06-01", site).dossier
        assert shown is not None
        assert shown.strip[0].left == 0
        assert sum(piece.width for piece in shown.strip) == pytest.approx(100)
        assert all(one.left + one.width == pytest.approx(two.left) for one, two in pairwise(shown.strip))


def test_words_never_say_more_than_the_category() -> None:
    """A span that is not sourced says so; one that rests on weak evidence or a general statement says that too."""
    for site, life in view.lives(ledger()).items():
        for span in life.spans:
            words = wording.span_words(ledger(), life, span)
            assert words.startswith("Not sourced") == (span.category is Category.NOT_SOURCED), (site, words)
            assert ("weak evidence" in words) == span.weak
            assert ("by general statement" in words) == span.general
            assert words.startswith("Changing") == (span.category is Category.CHANGING_HANDS)


def test_the_caption_words_the_view() -> None:
    assert show("2026-01-15").caption == "15 January 2026"
    assert (
        show("2026-01-15", known_on="2026-01-05").caption
        == "15 January 2026, as our sources had reported by 5 January 2026"
    )


def test_today_is_the_date_in_baghdad() -> None:
    late = dt.datetime(2026, 11, 19, 21, 30, tzinfo=dt.UTC)
    assert view.today(late) == dt.date(2026, 11, 20)
    assert view.today(late - dt.timedelta(hours=1)) == dt.date(2026, 11, 19)


def test_rejected_claims_show_nowhere_but_in_the_dossier() -> None:
    rejected = {c.claim for c in ledger().claims if c.grade is Grade.REJECTED}
    assert rejected == {"R001", "R002", "R003", "R004"}
    for state in control.control_at(ledger(), TODAY):
        assert not rejected & {*state.span.decided_by, *state.span.rivals}
    said = {item.key for item in show("2026-11-20").said}
    assert not rejected & said

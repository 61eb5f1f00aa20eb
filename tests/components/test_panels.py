"""The panels: what they say, and that text from data stays text wherever it lands."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import fields, replace
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from components import panels, view
from components.frame import problems_html
from components.view_state import ViewState
from geodata.errors import LedgerError, Problem
from geodata.load import load

if TYPE_CHECKING:
    from geodata.model import Ledger, Row

HOSTILE = "<img src=x onerror=alert(1)>\"'`{{7*7}}&lt;script&gt;"
DAYS = ("2014-01-01", "2015-06-01", "2020-03-18", "2026-01-15", "2026-01-18", "2026-11-20")


@cache
def ledger() -> Ledger:
    return load()


def show(on: Ledger, day: str, site: str | None = None) -> view.View:
    return view.build(
        on, ViewState(dt.date.fromisoformat(day), None, site, frozenset()), now=dt.date(2026, 11, 20)
    )


def poisoned(row: Row) -> Row:
    """The row with hostile text in every field of free text; identifiers, dates and addresses keep their form."""
    kept = {"source", "site", "claim", "statement", "sentence", "rendering", "phase", "disagreement", "unknown", "milestone",
            "dated_statement", "kind", "grade", "script", "url", "archive_url", "language", "quotation_language", "transition",
            "primary", "supersedes", "start_source", "done_source", "arabic_source"}  # fmt: skip
    update = {
        name: HOSTILE
        for name in type(row).model_fields
        if name not in kept and type(getattr(row, name)) is str
    }
    return row.model_copy(update=update)


@cache
def hostile_ledger() -> Ledger:
    clean = ledger()
    changed: dict[str, Any] = {}
    for part in fields(clean):
        value = getattr(clean, part.name)
        if isinstance(value, tuple):
            changed[part.name] = tuple(poisoned(row) for row in value)
        elif isinstance(value, dict):
            changed[part.name] = {key: poisoned(row) for key, row in value.items()}
    return replace(clean, **changed)


class Tags(HTMLParser):
    """Collects the elements and attributes a text really has."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def everything(on: Ledger, day: str, site: str | None) -> str:
    shown = show(on, day, site)
    parts = (
        panels.dossier_html,
        panels.phases_html,
        panels.quotes_html,
        panels.sites_html,
        panels.sources_html,
    )
    return "".join(part(shown) for part in parts)


@pytest.mark.parametrize("day", DAYS)
def test_hostile_text_stays_text_in_every_panel(day: str) -> None:
    for site in ledger().sites:
        found = Tags()
        text = everything(hostile_ledger(), day, site)
        found.feed(text)
        assert not found.tags & {"img", "script", "iframe", "style", "link", "object"}
        assert not {name for name in found.attributes if name.startswith("on")}
        assert "49" not in re.findall(r"&gt;&#34;.{0,8}`(\d+)", text)
        assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_hostile_problems_stay_text() -> None:
    found = Tags()
    found.feed(problems_html(LedgerError((Problem(HOSTILE, 3, HOSTILE, HOSTILE, HOSTILE, HOSTILE),))))
    assert "img" not in found.tags


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("site", sorted(ledger().sites))
def test_every_dossier_leads_to_its_sources(day: str, site: str) -> None:
    """A click on a marker opens the dossier; from there the source is one click away."""
    shown = show(ledger(), day, site)
    text = panels.dossier_html(shown)
    about = [c for c in ledger().claims if c.site == site]
    for claim in about:
        address = ledger().sources[claim.source].url
        assert not address or address.replace("&", "&amp;") in text


def test_only_safe_addresses_become_links() -> None:
    for address in re.findall(r'href="([^"]*)"', everything(ledger(), "2026-11-20", "ain-al-asad")):
        assert address.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("day", "phase", "said"),
    [
        ("2025-09-29", "PH-1", "1 day left"),
        ("2025-09-30", "PH-1", "0 days left"),
        ("2025-10-01", "PH-1", "1 day late, still open"),
        ("2026-01-15", "PH-1", "107 days late, still open"),
        ("2026-01-18", "PH-1", "declared done, 110 days late"),
        ("2026-11-20", "PH-1", "declared done, 110 days late"),
        ("2026-09-30", "PH-2K", "0 days left"),
        ("2026-11-20", "PH-2K", "51 days past, outcome not sourced"),
        ("2020-12-01", "PH-C", "declared done, 130 days early"),
    ],
)
def test_a_phase_says_what_became_of_its_promise(day: str, phase: str, said: str) -> None:
    text = panels.phases_html(show(ledger(), day))
    card = text.split(f'data-phase="{phase}"')[1].split("</article>")[0]
    assert said in card


@pytest.mark.parametrize(
    ("day", "done"), [("2026-01-17", "0 of 4"), ("2026-01-18", "4 of 4"), ("2026-03-02", "3 of 4")]
)
def test_a_phase_counts_the_sites_handed_over(day: str, done: str) -> None:
    text = re.sub(r"<[^>]+>", "", panels.phases_html(show(ledger(), day)))
    assert f"{done} sourced as handed over" in text


def test_quotations_are_newest_first_and_none_is_later_than_the_day() -> None:
    for day in DAYS:
        said = show(ledger(), day).said
        days = [item.day.last for item in said]
        assert days == sorted(days, reverse=True)
        assert all(d <= dt.date.fromisoformat(day) for d in days)


def test_all_twelve_sentences_show_their_renderings_and_the_arabic_where_it_was_found() -> None:
    text = panels.quotes_html(show(ledger(), "2026-01-18"))
    for sentence in ledger().sentences.values():
        block = text.split(f'data-sentence="{sentence.sentence}"')[1]
        assert not sentence.arabic or sentence.arabic in block
    for rendering in ledger().renderings:
        if rendering.sentence:
            assert panels.ENVIRONMENT.from_string("{{ t }}").render(t=rendering.text) in text
    for sentence in ledger().sentences.values():
        if not sentence.arabic:
            assert sentence.arabic_note in text.split(f'data-sentence="{sentence.sentence}"')[1]


def test_the_table_has_a_row_for_every_site_placed_or_not() -> None:
    text = panels.sites_html(show(ledger(), "2026-01-15"))
    assert text.count("<tr") == 1 + len(ledger().sites)
    assert text.count("not placed") == 2

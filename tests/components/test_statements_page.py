"""The page of statements: everything said is on it, once, verbatim, linked and counted."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from components import statements, utterances, view
from components.view_state import Filters, ViewState
from geodata.knowledge import Knowledge
from geodata.load import load
from geodata.model import Grade
from pages import statements as page
from tests.components.test_panels import HOSTILE, hostile_ledger, is_whole, stays_text
from tests.geodata import build
from tests.geodata.conftest import facts

if TYPE_CHECKING:
    from geodata.model import Ledger

LAST = "2026-11-20"
ITEM = re.compile(r'data-item="([^"]*)"')


@cache
def ledger() -> Ledger:
    return load()


def show(
    day: str = LAST, item: str | None = None, on: Ledger | None = None, known_on: str | None = None, **filters: Any
) -> view.View:  # fmt: skip
    knowledge = Knowledge(known_on=dt.date.fromisoformat(known_on) if known_on else None)
    state = ViewState(dt.date.fromisoformat(day), knowledge, item=item, filters=Filters(**filters))
    return view.build(on or ledger(), state, now=dt.date.fromisoformat(LAST))


def drawn(shown: view.View) -> str:
    return "".join(text for _, text in page.parts(shown))


def part(shown: view.View, name: str) -> str:
    return dict(page.parts(shown))[f"statements-{name}"]


class Reader(HTMLParser):
    """Takes the text of each rendering apart: what is the outlet's, and what the brackets say."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.item, self.inside, self.kept = "", "", 0
        self.words: dict[str, str] = {}
        self.stack: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind = given.get("class") or ""
        if tag == "li" and "statements-row" in kind:
            self.item = given["data-item"] or ""
        if tag == "blockquote" or kind == "statements-para":
            self.inside = tag
            self.words[self.item] = ""
        if self.inside:
            self.stack.append("bracket" if kind == "statements-bracket" else tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside:
            self.stack.pop()
        if tag == self.inside and not self.stack:
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside and "bracket" not in self.stack:
            self.words[self.item] += data


def renderings_as_read(shown: view.View) -> dict[str, str]:
    reader = Reader()
    reader.feed(part(shown, "sentences"))
    return {key: text.strip() for key, text in reader.words.items()}


def test_everything_said_is_on_the_page_once() -> None:
    """12 sentences, 22 quotations, 19 paraphrases, 33 dates: as many as the facts have, by name."""
    counts = Counter(ITEM.findall(drawn(show())))
    assert not [item for item, n in counts.items() if n > 1]
    on, told = ledger(), facts()
    kinds = Counter(r.kind for r in on.renderings)
    assert (len(on.sentences), kinds["quotation"], kinds["paraphrase"], len(on.dated_statements)) == (
        12,
        22,
        19,
        33,
    )
    assert {*on.sentences, *(r.rendering for r in on.renderings)} <= counts.keys()
    assert {d.dated_statement for d in on.dated_statements} <= counts.keys()
    quoted = {c.claim for c in on.claims if c.quotation and c.grade is not Grade.REJECTED}
    assert quoted <= counts.keys()
    if told:
        names = {item["id"] for item in [*told["quotes"], *told["paraphrases"]]}
        assert names | {item["group"] for item in told["quote_variants"]} <= counts.keys()
        assert len(told["seed_dated_statements"]) == 33


def test_every_thing_has_a_link_to_itself_and_its_citation() -> None:
    text = drawn(show())
    things = {*ledger().sentences, *(r.rendering for r in ledger().renderings)}
    things |= {d.dated_statement for d in ledger().dated_statements}
    things |= {item.key for item in utterances.everything(show()) if not item.sentence}
    for key in things:
        assert f'data-copy-link="{key}"' in text
        for kind in ("txt", "bib", "ris"):
            assert f'data-copy-from="/export/citation.{kind}?item={key}"' in text


@pytest.mark.parametrize("item", [None, "Q2-4", "Q4-4", "Q1-2", "Q4-2"])
def test_every_rendering_is_verbatim_whatever_it_is_compared_with(item: str | None) -> None:
    """What is not in brackets is the outlet's, to the letter; a paraphrase has no quotation marks around it."""
    read = renderings_as_read(show(item=item))
    for r in ledger().renderings:
        if r.sentence:
            assert read[r.rendering] == (f"“{r.text}”" if r.kind == "quotation" else r.text)


def test_what_the_outlets_changed_stands_at_the_word() -> None:
    plain = re.sub(r"\s+", " ", html.unescape(part(show(), "sentences")))
    assert re.search(
        r"<ins>ISIS</ins><span class=\"statements-bracket\">\[instead of <del>“IS”</del>\]", plain
    )
    assert re.search(
        r"<ins>exclusive</ins><span class=\"statements-bracket\">\[added: in no other wording\]", plain
    )
    assert '"Exclusive" has no basis in the Arabic read so far.' in plain
    assert 'with "IS" silently changed to "ISIS" INSIDE the quotation marks' in plain


def test_a_paraphrase_is_never_compared_as_if_it_were_quoted() -> None:
    for entry in statements.shown(show()).sentences:
        for row in entry.rows:
            if row.rendering.kind == "paraphrase":
                assert row.reference is None
                assert {mark.lead for mark in row.marks if mark.kind == "bracket"} <= {
                    "added: in no other wording",
                    "added",
                }


def test_the_reference_can_be_chosen_and_is_named() -> None:
    def compared(**asked: Any) -> tuple[str | None, bool]:
        (found,) = (
            e
            for e in statements.shown(show(**asked)).sentences
            if e.said.sentence and e.said.sentence.sentence == "G4"
        )
        return found.reference.rendering if found.reference else None, found.chosen

    assert compared() == ("Q0-4", False)
    assert compared(item="Q4-4") == ("Q4-4", True)
    assert compared(outlet=ledger().sources["S2"].publisher) == ("Q2-4", True)
    assert compared(item="Q1-2") == ("Q0-4", False)  # what was rewritten is compared with its own source
    assert "the fullest quotation" in part(show(), "sentences")
    assert "as chosen" in part(show(item="Q4-4"), "sentences")


def test_the_arabic_stands_from_right_to_left_or_is_said_to_be_missing() -> None:
    text = part(show(), "sentences")
    arabic = [s for s in ledger().sentences.values() if s.arabic]
    assert len(re.findall(r'<p class="ar" dir="rtl" lang="ar">', text)) == len(arabic) == 8
    assert all(s.arabic in text for s in arabic)
    assert text.count("No Arabic found.") == 4


def test_the_counts_say_how_many_of_how_many() -> None:
    def said(**asked: Any) -> str:
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", part(show(**asked), "count"))).split())

    assert (
        "Up to 20 November 2026: 12 sentences · 95 other quotations · 33 dates of the articles · download"
        in said()
    )
    assert "1 of 12 sentences · 0 of 95 other quotations" in said(words="exclusive")
    assert "20 quotations and 19 paraphrases by 5 outlets" in part(show(), "sentences")
    assert "3 quotations and 2 paraphrases by 5 outlets" in part(show(words="exclusive"), "sentences")
    assert "Nothing fits" in said(words="no such words anywhere")
    assert "No statement in our sources is as early as this day" in said(day="2011-12-01")
    assert "0 sentences" in said(day="2026-01-17")


def test_the_filters_depend_on_nothing_that_was_chosen() -> None:
    asked = [
        show(),
        show("2014-06-01"),
        show(words="exclusive", speaker="AFP"),
        show(item="G4"),
        show(known_on="2020-01-01"),
    ]
    assert len({part(shown, "filters") for shown in asked}) == 1


@pytest.mark.parametrize(
    ("day", "item", "words"),
    [
        (LAST, "G4", ""),
        (LAST, "E018.S0", ""),  # a claim that rests on a rendering
        ("2026-01-17", "G4", "said later than the day shown"),
        ("2026-01-17", "Q0-1", "said later than the day shown"),
        (LAST, "R003", "a rejected claim"),
        (LAST, "XYZ", "no statement, quotation or date"),
    ],
)
def test_a_link_to_what_is_not_shown_says_why(day: str, item: str, words: str) -> None:
    found = part(show(day, item), "count")
    assert words in found if words else "statements-missing" not in found
    if "later" in words:
        assert f"item={item}&amp;day=" in found


def test_a_link_to_what_the_filters_leave_out_offers_to_clear_them() -> None:
    found = part(show(item="G4", words="exclusive"), "count")
    assert "left out by the filters" in found
    assert "data-filter-clear" in found


def test_beside_a_narrowed_view_no_note_is_shown() -> None:
    text = drawn(show(known_on="2026-01-18"))
    notes = [s.difference for s in ledger().sentences.values()] + [
        r.note for r in ledger().renderings if r.note
    ]
    assert not [note for note in notes if str(html.escape(note))[:40] in text]
    assert "Yeni Şafak English" not in part(show(known_on="2026-01-18"), "sentences")


def test_text_from_data_stays_text_and_the_page_is_whole() -> None:
    spoiled, hostile = hostile_ledger(), HOSTILE
    asked = (
        show(on=spoiled),
        show(on=spoiled, item=hostile, words=hostile, speaker=hostile, about=hostile, phase=hostile),
        show(on=spoiled, known_on="2026-01-19"),
    )
    for shown in asked:
        stays_text(drawn(shown))
        is_whole(drawn(shown))
    is_whole(drawn(show()))


def test_a_large_ledger_is_capped_and_the_rest_counted() -> None:
    sources = [build.source("A"), build.source("B", published="2011-01-01")]
    claims = [
        build.claim(
            f"C{n:04d}",
            "observation",
            "2010-01-01",
            source="A",
            text="text",
            quotation=f"words {n}",
            asserted_by="one",
        )
        for n in range(1000)
    ]
    on = build.ledger(claims, sources)
    shown = show(on=on)
    text = drawn(shown)
    assert len(text.encode()) < 400_000
    assert f"and {1000 - statements.MOST_QUOTED:,} more quotations" in text
    assert "1,000</b> other quotations" in text
    far = show(on=on, item="C0999")
    assert 'data-item="C0999"' in drawn(far)
    assert "statements-missing" not in drawn(far)

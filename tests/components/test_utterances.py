"""Which utterances a view shows, and how they are searched."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import utterances, view
from components.view_state import Filters, ViewState
from geodata.knowledge import Knowledge
from geodata.load import load
from geodata.statements import claims_quoting

if TYPE_CHECKING:
    from geodata.model import Ledger
    from geodata.statements import Said

LAST = "2026-11-20"


@cache
def ledger() -> Ledger:
    return load()


def show(day: str = LAST, known_on: str | None = None, **filters: Any) -> view.View:
    knowledge = Knowledge(known_on=dt.date.fromisoformat(known_on) if known_on else None)
    state = ViewState(dt.date.fromisoformat(day), knowledge, filters=Filters(**filters))
    return view.build(ledger(), state, now=dt.date.fromisoformat(LAST))


def names(items: tuple[Said, ...]) -> list[str]:
    return [item.sentence.sentence if item.sentence else item.key for item in items]


def asked(day: str = LAST, **filters: Any) -> list[str]:
    return names(utterances.selected(show(day, **filters)))


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("الإدارة", "الادارة"),  # alef with hamza
        ("الإِدَارَة", "الاداره"),  # vowel signs, ta marbuta
        ("إلى", "الي"),  # alef maqsura
        ("العــــراق", "العراق"),  # tatweel
        ("القوّات", "القوات"),  # shadda
        ("عین الأسد", "عين الاسد"),  # Persian yeh
        ("کرکوک", "كركوك"),  # Persian kaf
        ("ﻻ", "لا"),  # a ligature
        ("Yeni Şafak", "yeni safak"),
        ("Iraq’s", "iraq's"),
        ("ISIS", "isis"),
    ],
)
def test_what_is_written_one_way_is_found_the_other(written: str, wanted: str) -> None:
    assert utterances.normalise(written) == utterances.normalise(wanted)


@given(st.text(max_size=30))
def test_a_normalised_text_stays_as_it_is_searched(text: str) -> None:
    once = utterances.normalise(text)
    assert utterances.normalise(once) == once


def test_a_search_finds_the_arabic_and_the_english() -> None:
    assert asked(words="الادارة") == ["G2"]
    assert asked(words="الإدارة") == ["G2"]
    assert asked(words="exclusive") == ["G2"]
    assert asked(words="EXCLUSIVE control") == ["G2"]  # all words, in any case
    assert asked(words="exclusive nowhere") == []
    assert asked(words="caliphate") == ["QX-1"]
    assert set(asked(words="airbase")) >= {"G8"}


def test_a_search_finds_a_site_in_every_script() -> None:
    at = asked(about="ain-al-asad")
    assert at
    assert set(at) <= set(asked(words="عين الاسد"))


@pytest.mark.parametrize(("day", "sentences"), [("2026-01-17", 0), ("2026-01-18", 12), ("2026-01-19", 12)])
def test_the_day_bounds_what_is_there(day: str, sentences: int) -> None:
    assert sum(name in ledger().sentences for name in asked(day)) == sentences


def test_since_leaves_out_what_is_earlier_and_what_has_no_day() -> None:
    whole = utterances.everything(show())
    for since in (dt.date(2026, 1, 17), dt.date(2026, 1, 18), dt.date(2026, 1, 19)):
        found = utterances.selected(show(since=since))
        assert names(found) == names(tuple(s for s in whole if s.day and s.day.last >= since))
    assert "G1" in asked(since=dt.date(2026, 1, 18))
    assert "G1" not in asked(since=dt.date(2026, 1, 19))
    assert "QX-1" not in asked(since=dt.date(1990, 1, 1))


def test_the_speaker_is_the_one_recorded() -> None:
    found = utterances.selected(show(speaker="Higher Military Committee"))
    assert {item.speaker for item in found} == {"Higher Military Committee"}
    assert len([item for item in found if item.sentence]) == 12
    assert asked(speaker="nobody") == []


def test_an_outlet_carries_any_of_the_renderings() -> None:
    yeni = ledger().sources["S3"].publisher
    found = [item for item in utterances.selected(show(outlet=yeni)) if item.sentence]
    carried = {r.sentence for r in ledger().renderings if r.source == "S3"}
    assert {item.sentence.sentence for item in found if item.sentence} == carried
    whole = next(item for item in found if item.sentence and item.sentence.sentence == "G2")
    assert len(whole.renderings) == 5  # a sentence stays whole


def test_a_site_is_named_by_the_claims_that_rest_on_the_words() -> None:
    assert "G2" in asked(about="ain-al-asad")  # E018.S0 rests on a quotation of it
    assert "G8" in asked(about="erbil-ab")
    quoting = claims_quoting(ledger())
    for item in utterances.selected(show(about="harir")):
        words = [(r.source, r.text) for r in item.renderings] or [(item.source.source, item.quotation)]
        claims = [claim for pair in words for claim in quoting.get(pair, ())]
        assert any(claim.site == "harir" or "harir" in claim.scope for claim in claims)
    assert asked(about="no-such-site") == []


def test_a_phase_is_that_of_a_promise_or_of_its_sources() -> None:
    for key, phase in ledger().phases.items():
        recorded = {*phase.sources, phase.start_source, phase.done_source}
        for item in utterances.selected(show(phase=key)):
            sources = {r.source for r in item.renderings} or {item.source.source}
            claims = utterances.claims_of(ledger(), item)
            assert sources & recorded or any(claim.phase == key for claim in claims)
    assert asked(phase="PH-9") == []


def test_filters_narrow_together() -> None:
    one, other = {"speaker": "Higher Military Committee"}, {"words": "exclusive"}
    both = asked(**one, **other)
    assert set(both) == set(asked(**one)) & set(asked(**other)) == {"G2"}


def test_nothing_asked_is_everything() -> None:
    assert utterances.selected(show()) == utterances.everything(show())


def test_dates_of_articles_follow_the_day_and_the_filters() -> None:
    def dated(day: str = LAST, known_on: str | None = None, **filters: Any) -> list[str]:
        return [d.dated_statement for d in utterances.selected_dated(show(day, known_on, **filters))]

    every = [d.dated_statement for d in ledger().dated_statements]
    assert len(every) == 33
    assert dated() == every
    assert dated("2026-01-17") == []
    assert dated("2026-01-18") == [d.dated_statement for d in ledger().dated_statements if d.source != "S3"]
    assert dated("2026-01-19") == every  # the third article may be of the 19th
    assert dated(known_on="2026-01-18") == dated("2026-01-18")
    assert dated(outlet=ledger().sources["S4"].publisher) == [f"A{n}" for n in range(25, 34)]
    assert dated(speaker="Higher Military Committee") == []  # nobody is recorded as having said them
    assert dated(about="ain-al-asad") == []
    assert dated(words="kurdistan region") == ["A10", "A11", "A28"]
    assert dated(since=dt.date(2026, 1, 20)) == []


def test_the_choices_say_how_many_a_choice_finds() -> None:
    choices = utterances.choices(ledger())
    assert not any(choices.more.values())
    for choice in choices.speakers:
        assert len(asked(speaker=choice.value)) == choice.count
    for choice in choices.sites:
        assert len(asked(about=choice.value)) == choice.count
    for choice in choices.outlets:
        found = show(outlet=choice.value)
        assert len(utterances.selected(found)) + len(utterances.selected_dated(found)) == choice.count
    assert [choice.value for choice in choices.phases] == list(ledger().phases)


def test_what_the_clock_cuts_off_is_counted() -> None:
    late = utterances.later(show("2026-01-17"))
    everything = utterances.selected(show(LAST))
    assert late.said == len(everything) - len(utterances.selected(show("2026-01-17")))
    assert sum(item.sentence is not None for item in everything) == 12  # all of them of the 18th
    assert (late.dated, late.day) == (33, ledger().last_evidence)
    assert utterances.later(show("2026-01-17", words="strategic threat")).said >= 1
    assert not utterances.later(show("2026-01-17", words="no such words"))
    assert not utterances.later(show(LAST))

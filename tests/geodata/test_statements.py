"""What had been said by a day, the newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from geodata.knowledge import Knowledge
from geodata.model import Grade
from geodata.statements import Said, claims_quoting, said_by, undated

if TYPE_CHECKING:
    from geodata.model import Ledger

LAST = "2026-11-20"


def by(
    ledger: Ledger, day: str, known_on: str | None = None, without: frozenset[str] = frozenset()
) -> tuple[Said, ...]:
    known = dt.date.fromisoformat(known_on) if known_on else None
    return said_by(ledger, dt.date.fromisoformat(day), known, without)


def test_nothing_is_said_before_its_day(ledger: Ledger) -> None:
    assert by(ledger, "2011-12-01") == ()
    assert [said.key for said in by(ledger, "2011-12-02")] == ["E029"]
    for day in ("2014-11-11", "2020-03-29", "2026-01-17", "2026-01-18", LAST):
        assert all(said.day and said.day.last <= dt.date.fromisoformat(day) for said in by(ledger, day))


def test_the_newest_comes_first(ledger: Ledger) -> None:
    days = [said.day.last for said in by(ledger, LAST) if said.day]
    assert days == sorted(days, reverse=True)


def test_each_stands_once(ledger: Ledger) -> None:
    keys = [said.key for said in by(ledger, LAST)]
    assert len(keys) == len(set(keys))
    words = [said.quotation for said in by(ledger, LAST) if said.quotation and not said.sentence]
    assert len(words) == len(set(words))  # E060.1 and E060.2 share one quotation
    assert not {r.text for r in ledger.renderings if r.sentence} & set(words)


def test_a_statement_without_sentences_is_quoted_as_it_stands(ledger: Ledger) -> None:
    (said,) = (s for s in by(ledger, LAST) if s.key == "QX-2")
    assert (str(said.day), said.speaker, said.source.source) == (
        "2025-08",
        "UN Security Council report",
        "S4",
    )
    assert said.quotation == next(r.text for r in ledger.renderings if r.rendering == "QX-2")
    assert not said.renderings
    assert "QX-2" in {s.key for s in by(ledger, "2025-08-31")}
    assert "QX-2" not in {s.key for s in by(ledger, "2025-08-30")}
    assert "QX-2" not in {s.key for s in by(ledger, LAST, "2026-01-17")}  # the article is of the 18th
    assert "QX-2" not in {s.key for s in by(ledger, LAST, without=frozenset({"S4"}))}
    assert "QX-1" not in {s.key for s in by(ledger, LAST)}  # a name, of no day


def test_the_statement_of_18_january_with_its_renderings(ledger: Ledger) -> None:
    before = [s for s in by(ledger, "2026-01-17") if s.sentence]
    said = [s for s in by(ledger, "2026-01-18") if s.sentence]
    assert not before
    assert [s.sentence.sentence for s in said if s.sentence] == list(ledger.sentences)
    assert {s.speaker for s in said} == {"Higher Military Committee"}
    second = said[1]
    assert second.sentence is not None
    assert second.sentence.arabic == "لتصبح هذه المواقع تحت الإدارة الكاملة للقوات الأمنية العراقية"
    assert {r.source for r in second.renderings} == {"S0", "S1", "S2", "S3", "S4"}
    assert second.renderings[0].kind == "quotation"
    assert second.quotation == second.renderings[0].text


def test_a_sentence_without_quotation_quotes_nothing(ledger: Ledger) -> None:
    (said,) = (s for s in by(ledger, LAST) if s.sentence and s.sentence.sentence == "G9")
    assert said.quotation == ""
    assert {r.kind for r in said.renderings} == {"paraphrase"}


def test_renderings_count_from_the_day_their_outlet_published(ledger: Ledger) -> None:
    """The third article may be of the 19th, so on the 18th it is not yet among what was known."""
    known = {r.source for s in by(ledger, LAST, "2026-01-18") for r in s.renderings}
    assert known == {"S0", "S1", "S2", "S4"}
    assert {r.source for s in by(ledger, LAST, "2026-01-19") for r in s.renderings} == {*known, "S3"}
    assert not [s for s in by(ledger, LAST, "2026-01-17") if s.sentence]


def test_a_source_left_out_is_silent(ledger: Ledger) -> None:
    said = by(ledger, LAST, without=frozenset({"S2"}))
    assert not {s.key for s in said if s.source.source == "S2"}
    assert not [r for s in said for r in s.renderings if r.source == "S2"]
    assert "G10" not in {s.sentence.sentence for s in said if s.sentence}  # only S2 carries it


def test_a_plan_stands_on_the_day_it_was_published(ledger: Ledger) -> None:
    (said,) = (s for s in by(ledger, "2025-08-19") if s.key == "E009")
    assert said.plan
    assert (str(said.day), str(said.deadline)) == ("2025-08-19", "2025-09-15")
    assert "E009" not in {s.key for s in by(ledger, "2025-08-18")}


def test_rejected_claims_are_not_quoted(ledger: Ledger) -> None:
    rejected = {c.claim for c in ledger.claims if c.grade is Grade.REJECTED}
    assert not rejected & {s.key for s in by(ledger, "9999-12-31")}


def test_weak_ones_say_so(ledger: Ledger) -> None:
    weak = {s.key for s in by(ledger, LAST) if s.weak}
    assert weak == {c.claim for c in ledger.claims if c.grade is Grade.WEAK and c.quotation}


def test_every_quotation_of_a_claim_that_counts_is_there(ledger: Ledger) -> None:
    said = by(ledger, "9999-12-31")
    keys, told = {s.key for s in said}, {(s.source.source, s.quotation) for s in said}
    renderings = {r.text for r in ledger.renderings}
    for claim in ledger.claims:
        day = ledger.sources[claim.source].published  # what was published on no known day was said on none
        if (
            claim.quotation
            and claim.quotation not in renderings
            and claim.grade is not Grade.REJECTED
            and day
        ):
            assert claim.claim in keys or (claim.source, claim.quotation) in told


def test_only_words_of_the_articles_can_be_checked(ledger: Ledger) -> None:
    assert {s.source.source for s in by(ledger, LAST) if s.checked} <= {"S0", "S1", "S2", "S3", "S4"}
    assert not next(s for s in by(ledger, LAST) if s.key == "E014").checked


def test_every_utterance_has_a_speaker_a_source_and_words(ledger: Ledger) -> None:
    for said in by(ledger, LAST):
        assert said.speaker
        assert said.summary
        assert said.quotation or said.renderings, said.key
        assert said.language or said.sentence, said.key


def test_the_arabic_is_left_out_with_its_source(ledger: Ledger) -> None:
    """The sentence stays, in the wording of those who count."""

    def sentence(known_on: str | None, *without: str) -> Said:
        said = by(ledger, LAST, known_on, frozenset(without))
        return next(s for s in said if s.sentence and s.sentence.sentence == "G3")

    assert ledger.sentences["G3"].arabic_source == "P016"
    whole, less = sentence(None), sentence(None, "P016")
    assert whole.sentence is ledger.sentences["G3"]
    assert less.sentence
    assert (less.sentence.arabic, less.sentence.arabic_source) == ("", "")
    assert "left out" in less.sentence.arabic_note
    assert less.renderings == whole.renderings
    published = ledger.sources["P016"].published
    assert published
    assert sentence(published.last.isoformat()).sentence is ledger.sentences["G3"]


def test_a_quotation_stays_where_only_its_rendering_is_left_out(ledger: Ledger) -> None:
    """Two sources of the same words: a claim's are shown as long as no rendering shows them."""
    rendering = next(r for r in ledger.renderings if r.sentence and r.kind == "quotation")
    claim = ledger.claim["E010"].model_copy(update={"claim": "X", "quotation": rendering.text})
    more = replace(ledger, claims=(*ledger.claims, claim))
    assert "X" not in {s.key for s in by(more, LAST)}
    others = frozenset(r.source for r in ledger.renderings if r.text == rendering.text)
    assert "X" in {s.key for s in by(more, LAST, without=others)}


def test_a_sentence_knows_whether_any_source_quotes_it(ledger: Ledger) -> None:
    """The quotation left out is not the same as none found."""

    def sentences(*without: str) -> dict[str, tuple[bool, bool]]:
        said = by(ledger, LAST, without=frozenset(without))
        return {s.sentence.sentence: (bool(s.quotation), s.quoted) for s in said if s.sentence}

    assert (sentences()["G7"], sentences()["G9"]) == ((True, True), (False, False))
    assert (sentences("S4")["G7"], sentences("S4")["G9"]) == ((False, True), (False, False))


def test_a_corrected_claim_is_no_longer_quoted(ledger: Ledger) -> None:
    new = ledger.claim["E010"].model_copy(
        update={"claim": "X", "supersedes": "E012", "source": "P117", "quotation": ""}
    )
    more = replace(ledger, claims=(*ledger.claims, new))
    assert ledger.claim["E012"].quotation
    assert "E012" in {s.key for s in by(ledger, LAST)}
    assert "E012" not in {s.key for s in by(more, LAST)}
    assert "E012" in {s.key for s in by(more, LAST, "2026-03-09")}  # the correction is of the 10th
    assert "E012" in {s.key for s in by(more, LAST, without=frozenset({"P117"}))}


def test_a_grade_left_out_is_silent(ledger: Ledger) -> None:
    gone = Knowledge(without_grades=frozenset("BCD")).left_out(ledger)
    assert {s.source.grade for s in by(ledger, LAST, without=gone)} == {"A"}


def undated_on(ledger: Ledger, day: str, known_on: str | None = None, *without: str) -> list[str]:
    known = dt.date.fromisoformat(known_on) if known_on else None
    return [s.key for s in undated(ledger, dt.date.fromisoformat(day), known, frozenset(without))]


def test_what_was_said_on_no_recorded_day_is_kept_apart(ledger: Ledger) -> None:
    """The name the Islamic State gave itself, and two quotations from an undated page."""
    assert undated_on(ledger, "2026-01-18") == ["QX-1", "E052", "E053"]
    assert undated_on(ledger, "2026-01-17") == ["E052", "E053"]  # the article is of the 18th
    assert undated_on(ledger, "2017-10-16") == ["E052", "E053"]
    assert undated_on(ledger, "2017-10-15") == ["E052"]  # what tells of the 16th was not said before it
    assert undated_on(ledger, "2013-12-31") == []
    assert undated_on(ledger, LAST, "2026-01-18") == [
        "QX-1"
    ]  # an undated page counts only without a known-on date
    assert undated_on(ledger, LAST, None, "P109") == ["QX-1"]
    assert {s.day for s in undated(ledger, dt.date.max)} == {None}
    assert not {s.key for s in by(ledger, LAST)} & {"QX-1", "E052", "E053"}


def test_claims_are_found_by_the_words_they_rest_on(ledger: Ledger) -> None:
    found = claims_quoting(ledger)
    first = next(r for r in ledger.renderings if r.rendering == "Q0-1")
    assert [c.claim for c in found[first.source, first.text]] == ["E018.S0"]
    shared = found["P125", next(c.quotation for c in ledger.claims if c.claim == "E028")]
    assert "E028" in {c.claim for c in shared}
    assert sum(map(len, found.values())) == sum(
        bool(c.quotation) and c.grade is not Grade.REJECTED for c in ledger.claims
    )

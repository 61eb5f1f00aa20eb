"""What was said up to a day: quotations with their speakers, sentences with their renderings."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from geodata.dates import Possible
from geodata.knowledge import corrected, reporting
from geodata.model import Claim, Grade, Kind, Ledger, Rendering, Sentence, Source

NO_ARABIC = {
    "arabic": "",
    "arabic_source": "",
    "arabic_note": "not shown: its source is left out or had not reported it by then",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance: when, by whom, in which words, carried by whom."""

    key: str
    day: Possible | None  # None only for words of no recorded day, which `undated` returns
    speaker: str
    summary: str
    source: Source
    quotation: str
    language: str
    site: str | None
    note: str
    about: Possible | None = None  # the day the words tell of; for a plan, none
    plan: bool = False
    deadline: Possible | None = None
    weak: bool = False
    sentence: Sentence | None = None
    renderings: tuple[Rendering, ...] = ()
    quoted: bool = True  # whether any source of the ledger quotes it, though it may not count

    @property
    def checked(self) -> bool:
        """Whether the words can be checked against a full text; all others were copied by hand."""
        return bool(self.source.text_file)


def said_by(
    ledger: Ledger, day: dt.date, known_on: dt.date | None = None, without: frozenset[str] = frozenset()
) -> tuple[Said, ...]:
    """Return what had been said by `day`, the newest first; utterances without a day are left out.

    Words stand on the day they were published, not on the day they tell of. Rejected and corrected claims are left
    out, and so is what rests on a source that is left out or later than `known_on`.
    """
    spoken = _spoken(ledger, reporting(ledger, known_on, without))
    return spoken[bisect_left(spoken, -day.toordinal(), key=_recency) :]


def undated(
    ledger: Ledger, day: dt.date, known_on: dt.date | None = None, without: frozenset[str] = frozenset()
) -> tuple[Said, ...]:
    """Return what was said on no recorded day, in the ledger's order.

    Words of an undated statement count from the day they were printed. What was printed on no recorded day counts only
    without a known-on date, and from the day it tells of, for it cannot have been said before.
    """
    found = _undated(ledger, reporting(ledger, known_on, without))
    since = ((item, item.source.published or item.about) for item in found)
    return tuple(item for item, first in since if first is None or first.last <= day)


@lru_cache(maxsize=4)
def claims_quoting(ledger: Ledger) -> Mapping[tuple[str, str], tuple[Claim, ...]]:
    """Return the claims that rest on the words of a source, by the source and the words; rejected ones are left out."""
    found: dict[tuple[str, str], list[Claim]] = {}
    for claim in ledger.claims:
        if claim.quotation and claim.grade is not Grade.REJECTED:
            found.setdefault((claim.source, claim.quotation), []).append(claim)
    return {words: tuple(claims) for words, claims in found.items()}


def _recency(item: Said) -> int:
    if item.day is None:
        raise TypeError("what was said on no recorded day has no place in time")
    return -item.day.last.toordinal()


@lru_cache(maxsize=16)
def _spoken(ledger: Ledger, sources: frozenset[str]) -> tuple[Said, ...]:
    """Return all that these sources report, the newest first; every day of playback shows the end of it."""
    found = [item for find in (_sentences, _loose, _claims) for item in find(ledger, sources)]
    dated = (item for item in found if item.day)
    return tuple(sorted(dated, key=lambda item: (_recency(item), item.sentence is None, item.key)))


@lru_cache(maxsize=16)
def _undated(ledger: Ledger, sources: frozenset[str]) -> tuple[Said, ...]:
    found = [item for find in (_sentences, _loose, _claims) for item in find(ledger, sources)]
    return tuple(item for item in found if item.day is None)


def _sentences(ledger: Ledger, sources: frozenset[str]) -> list[Said]:
    quoted = {r.sentence for r in ledger.renderings if r.kind == "quotation"}
    found = []
    for rank, sentence in enumerate(ledger.sentences.values()):
        statement = ledger.statements[sentence.statement]
        renderings = tuple(
            r for r in ledger.renderings if r.sentence == sentence.sentence and r.source in sources
        )
        if not renderings:
            continue
        if sentence.arabic and sentence.arabic_source not in sources:
            sentence = sentence.model_copy(update=NO_ARABIC)  # noqa: PLW2901 - the same sentence, as far as it is known
        first = next((r for r in renderings if r.kind == "quotation"), renderings[0])
        found.append(
            Said(
                key=f"{sentence.statement} {rank:02d}", day=statement.occurred, speaker=statement.speaker, summary=sentence.summary,
                source=ledger.sources[first.source], quotation=first.text if first.kind == "quotation" else "", language="en",
                site=None, note=sentence.difference, sentence=sentence, renderings=renderings,
                quoted=sentence.sentence in quoted,
            )
        )  # fmt: skip
    return found


def _loose(ledger: Ledger, sources: frozenset[str]) -> list[Said]:
    """Return the quotations of statements that are not taken apart into sentences."""
    found = []
    for rendering in ledger.renderings:
        statement, source = ledger.statements[rendering.statement], ledger.sources[rendering.source]
        if rendering.sentence or rendering.source not in sources:
            continue
        found.append(
            Said(
                key=rendering.rendering, day=statement.occurred, speaker=statement.speaker, summary=statement.title,
                source=source, quotation=rendering.text, language="en", site=None, note=statement.note,
            )
        )  # fmt: skip
    return found


def _claims(ledger: Ledger, sources: frozenset[str]) -> list[Said]:
    texts, gone = {r.text for r in ledger.renderings if r.source in sources}, corrected(ledger, sources)
    told: set[tuple[str, str]] = set()  # one quotation may support two rows
    found = []
    for item in _quoted(ledger):
        words = (item.source.source, item.quotation)
        # A sentence of a statement is shown with its renderings, once.
        if item.source.source in sources and item.quotation not in texts and item.key not in gone:
            found += [] if words in told else [item]
            told.add(words)
    return found


@lru_cache(maxsize=4)
def _quoted(ledger: Ledger) -> tuple[Said, ...]:
    """Return the quotations of all claims, on the day they were published whatever day they tell of.

    Made once a ledger: a large one has tens of thousands, and every reader's every day asks for them.
    """
    found = []
    for claim in ledger.claims:
        source, plan = ledger.sources[claim.source], claim.kind is Kind.PLAN
        if not claim.quotation or claim.grade is Grade.REJECTED:
            continue
        found.append(
            Said(
                key=claim.claim, day=source.published, speaker=claim.asserted_by, summary=claim.text, source=source,
                quotation=claim.quotation, language=claim.quotation_language, site=claim.site, note=claim.note,
                about=None if plan else claim.occurred, plan=plan, deadline=claim.occurred if plan else None,
                weak=claim.grade is Grade.WEAK,
            )
        )  # fmt: skip
    return tuple(found)

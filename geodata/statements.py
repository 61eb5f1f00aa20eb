"""What was said up to a day: quotations with their speakers, sentences with their renderings."""

import datetime as dt
from dataclasses import dataclass

from geodata.dates import Possible
from geodata.model import Grade, Kind, Ledger, Rendering, Sentence, Source


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance: when, by whom, in which words, carried by whom."""

    key: str
    day: Possible
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

    @property
    def checked(self) -> bool:
        """Whether the words can be checked against a full text; all others were copied by hand."""
        return bool(self.source.text_file)


def said_by(
    ledger: Ledger, day: dt.date, known_on: dt.date | None = None, without: frozenset[str] = frozenset()
) -> tuple[Said, ...]:
    """Return what had been said by `day`, the newest first; utterances without a day are left out.

    Words stand on the day they were published, not on the day they tell of. Rejected claims are left out.
    """
    found = [
        item
        for find in (_sentences, _loose, _claims)
        for item in find(ledger, known_on, without)
        if item.day.last <= day
    ]
    return tuple(
        sorted(found, key=lambda item: (-item.day.last.toordinal(), item.sentence is None, item.key))
    )


def _known(source: Source, known_on: dt.date | None, without: frozenset[str]) -> bool:
    if source.source in without:
        return False
    return known_on is None or (source.published is not None and source.published.last <= known_on)


def _sentences(ledger: Ledger, known_on: dt.date | None, without: frozenset[str]) -> list[Said]:
    found = []
    for rank, sentence in enumerate(ledger.sentences.values()):
        statement = ledger.statements[sentence.statement]
        renderings = tuple(
            r
            for r in ledger.renderings
            if r.sentence == sentence.sentence and _known(ledger.sources[r.source], known_on, without)
        )
        if statement.occurred is None or not renderings:
            continue
        first = next((r for r in renderings if r.kind == "quotation"), renderings[0])
        found.append(
            Said(
                key=f"{sentence.statement} {rank:02d}", day=statement.occurred, speaker=statement.speaker, summary=sentence.summary,
                source=ledger.sources[first.source], quotation=first.text if first.kind == "quotation" else "", language="en",
                site=None, note=sentence.difference, sentence=sentence, renderings=renderings,
            )
        )  # fmt: skip
    return found


def _loose(ledger: Ledger, known_on: dt.date | None, without: frozenset[str]) -> list[Said]:
    """Return the quotations of statements that are not taken apart into sentences."""
    found = []
    for rendering in ledger.renderings:
        statement, source = ledger.statements[rendering.statement], ledger.sources[rendering.source]
        if rendering.sentence or statement.occurred is None or not _known(source, known_on, without):
            continue
        found.append(
            Said(
                key=rendering.rendering, day=statement.occurred, speaker=statement.speaker, summary=statement.title,
                source=source, quotation=rendering.text, language="en", site=None, note=statement.note,
            )
        )  # fmt: skip
    return found


def _claims(ledger: Ledger, known_on: dt.date | None, without: frozenset[str]) -> list[Said]:
    texts = {r.text for r in ledger.renderings}
    told: set[tuple[str, str]] = set()  # one quotation may support two rows
    found = []
    for claim in ledger.claims:
        source = ledger.sources[claim.source]
        plan = claim.kind is Kind.PLAN
        day = source.published  # words stand on the day they were published, whatever day they tell of
        # A sentence of a statement is shown with its renderings, once.
        if (
            not claim.quotation
            or claim.quotation in texts
            or claim.grade is Grade.REJECTED
            or day is None
            or not _known(source, known_on, without)
        ):
            continue
        if (claim.source, claim.quotation) in told:
            continue
        told.add((claim.source, claim.quotation))
        found.append(
            Said(
                key=claim.claim, day=day, speaker=claim.asserted_by, summary=claim.text, source=source, quotation=claim.quotation,
                language=claim.quotation_language, site=claim.site, note=claim.note, about=None if plan else claim.occurred, plan=plan,
                deadline=claim.occurred if plan else None, weak=claim.grade is Grade.WEAK,
            )
        )  # fmt: skip
    return found

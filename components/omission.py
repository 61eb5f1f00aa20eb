"""Sources left out: what was left out and why, which states fall without them, and which stand on others."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from components import wording
from geodata import differences
from geodata.control import Category, Life, State
from geodata.knowledge import Knowledge
from geodata.model import Grade, Kind, Ledger, Source

MOST_TOLD = 60
"""How many sites are told one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A site whose state on the day is another without the sources left out."""

    site: str
    full: State
    lesser: State
    full_words: str
    lesser_words: str


@dataclass(frozen=True, slots=True)
class Omission:
    """What the sources left out leave behind on a day.

    Every site of the ledger is in exactly one of `fallen`, `supported`, `silent` and `untold`.
    """

    day: dt.date
    named: tuple[Source, ...]  # left out by the reader, one by one
    graded: Mapping[str, tuple[Source, ...]]  # left out with their grade, by grade
    derived: tuple[Source, ...]  # left out because they derive from one of the others
    and_derived: bool
    claims: int  # of the sources left out, those that were rejected not counted
    fallen: tuple[str, ...]  # sites whose state on the day is another
    falls: tuple[Fall, ...]  # the first MOST_TOLD of them
    touched: tuple[str, ...]  # sites whose state is another on other days only
    supported: tuple[str, ...]  # told about by the sources left out; that day others carry the same state
    silent: tuple[str, ...]  # told about by the sources left out; that day not sourced either way
    untold: tuple[str, ...]  # not told about by the sources left out


class _Lives:
    """Two foldings of one ledger, compared by identity, so that what follows from them can be kept."""

    __slots__ = ("full", "lesser")

    def __init__(self, full: Mapping[str, Life], lesser: Mapping[str, Life]) -> None:
        self.full, self.lesser = full, lesser

    def __hash__(self) -> int:
        return hash((id(self.full), id(self.lesser)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Lives) and other.full is self.full and other.lesser is self.lesser


def omit(
    ledger: Ledger, full: Mapping[str, Life], lesser: Mapping[str, Life], knowledge: Knowledge, day: dt.date
) -> Omission:
    """Return what falls on a day; `full` are the lives by the same clock with nothing left out, `lesser` those shown."""
    left_out = knowledge.left_out(ledger)
    graded = {
        grade: tuple(source for source in ledger.sources.values() if source.grade == grade)
        for grade in sorted(knowledge.without_grades)
    }
    chosen = knowledge.without.union(source.source for group in graded.values() for source in group)
    told = _told(ledger, left_out, full)
    falls = differences.fallen(ledger, {site: full[site] for site in full if site in told}, lesser, day)
    fallen = tuple(fall.site for fall in falls)
    staying = [site for site in full if site in told and site not in {*fallen}]
    silent = tuple(site for site in staying if full[site].at(day).category is Category.NOT_SOURCED)
    return Omission(
        day=day,
        named=tuple(ledger.sources[source] for source in sorted(knowledge.without)),
        graded=graded,
        derived=tuple(ledger.sources[source] for source in sorted(left_out - chosen)),
        and_derived=knowledge.and_derived,
        claims=_claims(ledger, left_out),
        fallen=fallen,
        falls=tuple(_fall(ledger, full[fall.site], lesser[fall.site], fall) for fall in falls[:MOST_TOLD]),
        touched=tuple(site for site in _touched(_Lives(full, lesser)) if site not in {*fallen}),
        supported=tuple(site for site in staying if site not in {*silent}),
        silent=silent,
        untold=tuple(site for site in full if site not in told),
    )


def _fall(ledger: Ledger, full: Life, lesser: Life, fallen: differences.Fallen) -> Fall:
    return Fall(
        site=fallen.site,
        full=fallen.with_,
        lesser=fallen.without,
        full_words=wording.span_words(ledger, full, fallen.with_.span),
        lesser_words=wording.span_words(ledger, lesser, fallen.without.span),
    )


@lru_cache(maxsize=16)
def _claims(ledger: Ledger, left_out: frozenset[str]) -> int:
    return sum(claim.source in left_out and claim.grade is not Grade.REJECTED for claim in ledger.claims)


@lru_cache(maxsize=16)
def _told_by_claims(ledger: Ledger, left_out: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the sites that claims of the sources left out are about, and those claims that are general."""
    claims = [claim for claim in ledger.claims if claim.source in left_out]
    sites = {site for claim in claims for site in (claim.site, *claim.scope) if site}
    generals = (claim.claim for claim in claims if claim.kind is Kind.GENERAL)
    return frozenset(sites & ledger.sites.keys()), frozenset(generals)


def _told(ledger: Ledger, left_out: frozenset[str], full: Mapping[str, Life]) -> frozenset[str]:
    """Return the sites that the sources left out speak about, by a general statement included."""
    sites, generals = _told_by_claims(ledger, left_out)
    if not generals:
        return sites
    return sites.union(
        site for site, life in full.items() if any(claim.claim in generals for claim in life.evidence)
    )


@lru_cache(maxsize=4)
def _touched(lives: _Lives) -> tuple[str, ...]:
    return differences.touched(lives.full, lives.lesser)

"""What became known later: the reports that set what is known today apart from what had been reported by a day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from geodata import control
from geodata.control import Category, Life, Span
from geodata.knowledge import Knowledge
from geodata.model import Claim, Grade, Kind, Ledger, Source


@dataclass(frozen=True, slots=True)
class Told:
    """One assertion with the sources that published it."""

    claim: Claim
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What was published on one day about one site; `published` is None where the day is not recorded."""

    published: dt.date | None
    told: tuple[Told, ...]


def difference(
    ledger: Ledger, site: str, day: dt.date, known_on: dt.date, knowledge: Knowledge
) -> Report | None:
    """Return the report from which on a site shows on `day` what is known today; None where it did by `known_on`.

    What counts besides the date is taken from `knowledge`: sources it leaves out report nothing.
    """
    base = replace(knowledge, known_on=None, each_day=False)
    late = _late(ledger, site, known_on, base.left_out(ledger))
    before, today = (life(ledger, site, replace(base, known_on=d)).at(day).category for d in (known_on, None))
    turn = None
    for published in late:
        now = life(ledger, site, replace(base, known_on=published)).at(day).category
        if now is not before:
            turn = published, now
        before = now
    if turn is None or turn[1] is not today:
        return None
    return Report(turn[0], _deciding(ledger, site, base, late[turn[0]], day))


def _published(ledger: Ledger, claim: Claim) -> dt.date | None:
    published = ledger.sources[claim.source].published
    return published.last if published else None


def _late(
    ledger: Ledger, site: str, known_on: dt.date, left_out: frozenset[str]
) -> Mapping[dt.date | None, list[Claim]]:
    """Return what was published about a site after a day, by its day; undated reports last: only today knows them."""
    late: dict[dt.date | None, list[Claim]] = defaultdict(list)
    for claim in claims_about(ledger, site):
        day = _published(ledger, claim)
        counts = claim.grade is not Grade.REJECTED and claim.source not in left_out
        if counts and (day is None or day > known_on):
            late[day].append(claim)
    return dict(sorted(late.items(), key=lambda item: item[0] or dt.date.max))


def _deciding(
    ledger: Ledger, site: str, base: Knowledge, claims: list[Claim], day: dt.date
) -> tuple[Told, ...]:
    """Return which of the claims published on one day make the difference: each alone, or else all of them together."""
    published = _published(ledger, claims[0])
    today = life(ledger, site, replace(base, known_on=published)).at(day).category
    groups: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.occurred.text, claim.text), []).append(claim)
    earlier = [
        claim
        for claim in claims_about(ledger, site)
        if (d := _published(ledger, claim)) and (published is None or d < published)
    ]

    def category(group: list[Claim]) -> Category:
        part = replace(_alone(ledger, site), claims=(*earlier, *group))
        return control.lives(part, base)[site].at(day).category

    alone = [group for group in groups.values() if category(group) is today]
    # Words that say nothing about who holds the site make no difference.
    together = [g for g in groups.values() if g[0].kind is Kind.PLAN or g[0].to_controller is not None]
    return tuple(Told(g[0], tuple(ledger.sources[c.source] for c in g)) for g in alone or together)


@lru_cache(maxsize=2048)
def life(ledger: Ledger, site: str, knowledge: Knowledge) -> Life:
    """Return the life of one site, folded from the claims about it alone."""
    return control.lives(_alone(ledger, site), knowledge)[site]


@lru_cache(maxsize=256)
def _alone(ledger: Ledger, site: str) -> Ledger:
    """Return the ledger of one site: folding a site takes the claims about it and nothing else."""
    return replace(ledger, sites={site: ledger.sites[site]}, claims=claims_about(ledger, site))


def announcing(ledger: Ledger, life: Life, span: Span) -> tuple[Claim, ...]:
    """Return the claims that bring a span about on its first day.

    They are those that decide it; but where each day counts only what had been reported by then and a report of that
    very day made the difference, they are the claims of that report, of the deciding ones if there are any.
    """
    decided = tuple(ledger.claim[claim] for claim in span.decided_by)
    steps = [known for day, known in life.learned if day <= span.first]
    if len(steps) < 2 or life.learned[len(steps) - 1][0] != span.first:  # noqa: PLR2004 - nothing new that day
        return decided
    before = {claim.claim for claim in steps[-2]}
    new = tuple(claim for claim in steps[-1] if claim.claim not in before)
    return tuple(claim for claim in new if claim.claim in span.decided_by) or new or decided


def claims_about(ledger: Ledger, site: str) -> tuple[Claim, ...]:
    """Return the claims about a site, plans that cover it and general statements, in the ledger's order."""
    by_site, generals = _index(ledger)
    found = (*by_site.get(site, ()), *generals)
    return tuple(sorted(found, key=lambda claim: claim.claim)) if generals else found


@lru_cache(maxsize=4)
def _index(ledger: Ledger) -> tuple[Mapping[str, tuple[Claim, ...]], tuple[Claim, ...]]:
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in ledger.claims:
        if claim.kind is Kind.GENERAL:
            continue
        for site in dict.fromkeys((*([claim.site] if claim.site else []), *claim.scope)):
            found[site].append(claim)
    generals = tuple(claim for claim in ledger.claims if claim.kind is Kind.GENERAL)
    return {site: tuple(claims) for site, claims in found.items()}, generals

"""What rests on one source alone: the claims nobody else makes, and the states nobody else speaks for.

What speaks for the state of a site on a day:

- the claims that decide it that day;
- where it is a state that claims assert, also every earlier claim that asserts the same in an unbroken row up to that
  day: an observation, the state a change leads to, on its eve the state a change leads away from. The row breaks where
  a claim says otherwise. Claims about one transition are one link of it, refuted ones none, and weak claims do not
  count beside verified ones. What was said of later days does not count: it may bridge a gap, but says nothing of this
  day.
- Where a change is uncertain, where claims contradict each other and where a promised end has passed, only the claims
  that decide it. Where no source says who held the site, nothing rests on anything.

A state rests on one source alone if everything that speaks for it comes from that source: leaving out that one source
takes away all of it. Then the state falls, or stays on what spoke before the row: evidence that the source itself had
contradicted meanwhile, or weak evidence. Where several sources speak for a state but all go back to one root, as
rewritten agency reports do, it rests on one root.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple

from geodata.control import UNKNOWN, Category, Held, Life, Reason, Span, category_of
from geodata.model import Claim, Coalition, Controller, Grade, Kind, Ledger

Shown = Category | Held
"""What tells one state from another: the category or, where that is not sourced, controller and coalition."""

DAY = dt.timedelta(days=1)


class _Link(NamedTuple):
    """What claims about one change, or one observation, assert of a day."""

    day: int
    claims: tuple[str, ...]
    shown: Shown


_Row = tuple[_Link, ...]


class Stretch(NamedTuple):
    """Days on which the state of a site rests on sources of one root; `first` and `last` are both in it."""

    site: str
    first: dt.date
    last: dt.date
    category: Category
    sources: tuple[str, ...]  # all of one root

    @property
    def alone(self) -> bool:
        """Whether it is one source, and not several of one root."""
        return len(self.sources) == 1


def claims_of(ledger: Ledger) -> Mapping[str, tuple[str, ...]]:
    """Return the claims that each source makes, in the ledger's order; sources without any are not named."""
    found: dict[str, list[str]] = defaultdict(list)
    for claim in ledger.claims:
        found[claim.source].append(claim.claim)
    return {source: tuple(claims) for source, claims in found.items()}


def sole(ledger: Ledger) -> frozenset[str]:
    """Return the claims that no other source makes: same site or scope, same kind, same day, same words."""
    keys = [(c.site, c.scope, c.kind, c.occurred.text, c.text) for c in ledger.claims]
    by: dict[tuple[object, ...], str] = {}  # the one source of each assertion, "" where there are several
    for key, claim in zip(keys, ledger.claims, strict=True):
        by[key] = claim.source if by.get(key, claim.source) == claim.source else ""
    return frozenset(claim.claim for key, claim in zip(keys, ledger.claims, strict=True) if by[key])


def stretches(ledger: Ledger, lives: Mapping[str, Life]) -> tuple[Stretch, ...]:
    """Return every stretch of the lives that rests on one source or one root, by site and day.

    Neighbouring days of one category that rest on the same sources are one stretch.
    """
    found: list[Stretch] = []
    for life in lives.values():
        for first, last, category, claims in _spoken_for(life):
            sources = {ledger.claim[claim].source for claim in claims}
            if len(sources) > 1 and len({ledger.root(source) for source in sources}) > 1:
                continue
            stretch = Stretch(life.site, first, last, category, tuple(sorted(sources)))
            if found and _goes_on(found[-1], stretch):
                stretch = found.pop()._replace(last=last)
            found.append(stretch)
    return tuple(found)


def _goes_on(one: Stretch, other: Stretch) -> bool:
    same = (one.site, one.category, one.sources) == (other.site, other.category, other.sources)
    return same and one.last.toordinal() + 1 == other.first.toordinal()


def _spoken_for(life: Life) -> Iterator[tuple[dt.date, dt.date, Category, frozenset[str]]]:
    """Yield the days on which one set of claims speaks for a state: first day, last day, category and the claims."""
    for known, spans in _by_knowledge(life):
        refuted = {claim for span in spans for claim, _ in span.refuted}
        standing = [claim for claim in known if claim.claim not in refuted]
        every = strong = _rows(standing)
        if any(claim.grade is Grade.WEAK for claim in standing):
            strong = _rows([claim for claim in standing if claim.grade is Grade.VERIFIED])
        for span in spans:
            if span.decided_by and not (span.reason is Reason.CLAIMS and span.held == UNKNOWN):
                yield from _pieces(span, every if span.weak else strong)


def _pieces(
    span: Span, rows: Mapping[tuple[str, Shown], _Row]
) -> Iterator[tuple[dt.date, dt.date, Category, frozenset[str]]]:
    """Yield a span, cut where one more claim begins to speak for its state."""
    claims, shown, since = {*span.decided_by}, _shown(span.held), span.first
    links = (
        ()
        if span.reason is not Reason.CLAIMS
        else sorted({*chain.from_iterable(rows.get((c, shown), ()) for c in claims)})
    )
    for link in links:
        if claims.issuperset(link.claims) or link.day > span.last.toordinal():
            continue
        if link.day > since.toordinal():
            day = dt.date.fromordinal(link.day)
            yield since, day - DAY, span.category, frozenset(claims)
            since = day
        claims.update(link.claims)
    yield since, span.last, span.category, frozenset(claims)


def _by_knowledge(life: Life) -> Iterator[tuple[tuple[Claim, ...], list[Span]]]:
    """Yield the spans of a life with the evidence known on their days: all at once unless each day had its own."""
    if not life.learned:
        yield life.evidence, [*life.spans]
        return
    for known, spans in groupby(((life.known(span.first), span) for span in life.spans), key=itemgetter(0)):
        yield known, [span for _, span in spans]


def _rows(claims: Iterable[Claim]) -> Mapping[tuple[str, Shown], _Row]:
    """Return for each claim and each state it asserts the unbroken row of links it belongs to, in order of days."""
    links = sorted(_links(claims), key=lambda link: (link.day, str(link.shown)))
    found: dict[tuple[str, Shown], _Row] = {}
    for shown, group in groupby(links, key=lambda link: link.shown):
        row = tuple(group)
        for link in row:
            for claim in link.claims:
                found[claim, shown] = (*found.get((claim, shown), ()), *row)
    return found


def _links(claims: Iterable[Claim]) -> Iterator[_Link]:
    """Yield what each claim asserts; claims about one transition are one change from its first day to its last."""
    changes: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kind is Kind.OBSERVATION:
            yield _Link(claim.occurred.last.toordinal(), (claim.claim,), _after(claim))
        else:
            changes[claim.transition or claim.claim].append(claim)
    for group in changes.values():
        eve = min(claim.occurred.earliest.toordinal() for claim in group) - 1
        last = max(claim.occurred.last.toordinal() for claim in group)
        for day, state in ((eve, _before), (last, _after)):
            said: dict[Shown, list[str]] = defaultdict(list)
            for claim in group:
                if shown := state(claim):
                    said[shown].append(claim.claim)
            for shown, by in said.items():
                yield _Link(day, tuple(by), shown)


def _shown(held: Held) -> Shown:
    category = category_of(held)
    return held if category is Category.NOT_SOURCED else category


def _after(claim: Claim) -> Shown:
    return _shown(Held(claim.to_controller or Controller.UNKNOWN, claim.to_coalition or Coalition.UNKNOWN))


def _before(claim: Claim) -> Shown | None:
    if claim.from_controller is None or claim.from_coalition is None:
        return None
    return _shown(Held(claim.from_controller, claim.from_coalition))

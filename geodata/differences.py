"""Where lives differ: between two days, between two states of knowledge, between all sources and fewer."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from geodata.control import Category, Life, Span, State, state_on
from geodata.model import Grade, Ledger


@dataclass(frozen=True, slots=True)
class Changed:
    """A site whose category is not the same on two days, and the claims that decide what lies between."""

    site: str
    before: State  # on the day named first
    after: State  # on the day named second
    claims: tuple[str, ...]  # in order of time; none where the later state is only that no source speaks
    sources: tuple[str, ...]
    day: dt.date  # from which on the category of the later of the two days held


@dataclass(frozen=True, slots=True)
class Fallen:
    """A site of which fewer sources say something else, or nothing."""

    site: str
    with_: State
    without: State


def between(ledger: Ledger, lives: Mapping[str, Life], one: dt.date, other: dt.date) -> tuple[Changed, ...]:
    """Return the sites whose category differs on two days, by the day of the change, then by site."""
    early, late = min(one, other), max(one, other)
    found = []
    for life in lives.values():
        if life.at(early).category is life.at(late).category:
            continue
        moves = [span for span in _moves(life) if early < span.first <= late]
        deciding = (claim for span in (*moves, life.at(late)) for claim in span.decided_by)
        claims = tuple(dict.fromkeys(deciding))
        sources = tuple(sorted({ledger.claim[claim].source for claim in claims}))
        before, after = state_on(ledger, life, one), state_on(ledger, life, other)
        found.append(Changed(life.site, before, after, claims, sources, moves[-1].first))
    return tuple(sorted(found, key=lambda changed: (changed.day, changed.site)))


def fallen(
    ledger: Ledger, full_lives: Mapping[str, Life], lesser_lives: Mapping[str, Life], day: dt.date
) -> tuple[Fallen, ...]:
    """Return the states of a day that differ, by site: another category, or another controller or coalition.

    A state that stands on fewer claims has not fallen.
    """
    return tuple(
        Fallen(site, state_on(ledger, life, day), state_on(ledger, lesser_lives[site], day))
        for site, life in sorted(full_lives.items())
        if not _same(life.at(day), lesser_lives[site].at(day))
    )


def touched(full_lives: Mapping[str, Life], lesser_lives: Mapping[str, Life]) -> tuple[str, ...]:
    """Return the sites of which a state falls on any day."""
    return tuple(
        site
        for site, life in sorted(full_lives.items())
        if not all(_same(*spans) for *_, spans in _side_by_side(life, lesser_lives[site]))
    )


def apart(one: Life, other: Life) -> tuple[tuple[dt.date, dt.date, Category], ...]:
    """Return the stretches in which the categories differ: first day, last day and the category of `other`."""
    found: list[tuple[dt.date, dt.date, Category]] = []
    for first, last, (mine, theirs) in _side_by_side(one, other):
        if mine.category is theirs.category:
            continue
        if found and found[-1][1] + dt.timedelta(days=1) == first and found[-1][2] is theirs.category:
            first = found.pop()[0]  # noqa: PLW2901 - the stretch goes on
        found.append((first, last, theirs.category))
    return tuple(found)


def undated(ledger: Ledger) -> tuple[str, ...]:
    """Return the sources without a day of publication on which anything rests that counts.

    With any known-on date they are left out: claims that are not rejected, the starts and ends of phases, and
    renderings of statements.
    """
    resting = {claim.source for claim in ledger.claims if claim.grade is not Grade.REJECTED}
    resting |= {key for phase in ledger.phases.values() for key in (phase.start_source, phase.done_source)}
    resting |= {rendering.source for rendering in ledger.renderings}
    return tuple(
        key for key, source in sorted(ledger.sources.items()) if key in resting and not source.published
    )


def _moves(life: Life) -> Iterator[Span]:
    """Yield each span in which another category begins."""
    return (span for before, span in pairwise(life.spans) if span.category is not before.category)


def _same(one: Span, other: Span) -> bool:
    """Whether two spans tell a reader the same of who is there; one that is changing, of both sides of it."""
    said, also = (
        (span.category, span.held, span.becoming, span.was if span.becoming else None)
        for span in (one, other)
    )
    return said == also


def _side_by_side(one: Life, other: Life) -> Iterator[tuple[dt.date, dt.date, tuple[Span, Span]]]:
    """Yield the stretches in which neither life changes: first day, last day and the span of each."""
    mine, theirs = iter(one.spans), iter(other.spans)
    left, right, first = next(mine), next(theirs), dt.date.min
    while True:
        last = min(left.last, right.last)
        yield first, last, (left, right)
        if last == dt.date.max:
            return
        first = last + dt.timedelta(days=1)
        left = next(mine) if left.last == last else left
        right = next(theirs) if right.last == last else right

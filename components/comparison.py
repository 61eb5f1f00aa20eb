"""Two dates beside each other: which sites changed category between them, in which steps, and who says so."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components import hindsight, wording
from geodata import control
from geodata.control import Life, Reason, Span, State
from geodata.model import Ledger, Source

MOST_TOLD = 60
"""How many sites are told one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a site's category: the day from which the marker shows another one, and who decides that."""

    day: dt.date
    before: Span
    after: Span
    phrase: str
    sources: tuple[Source, ...]  # for a promised end that passed: those of the promise
    promised: bool  # nobody says that it happened; a promised end passed


@dataclass(frozen=True, slots=True)
class Passage:
    """What became of one site between two days."""

    site: str
    before: State
    after: State
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All sites on two days, the earlier one first; every number of `sentence` has its list."""

    one: dt.date
    other: dt.date
    sentence: str
    changed: tuple[str, ...]  # another category on the other day, in order of the first change
    unchanged: tuple[str, ...]  # the same category on both days, and a sourced one
    unsourced: tuple[str, ...]  # not sourced on either day
    returned: tuple[str, ...]  # of the last two: those that changed in between and ended as they began
    passages: tuple[Passage, ...]  # of the sites that changed, the first MOST_TOLD
    returns: tuple[Passage, ...]  # of the sites that ended as they began, the first MOST_TOLD


def compare(ledger: Ledger, lives: Mapping[str, Life], one: dt.date, other: dt.date) -> Comparison:
    """Return what changed between two days, given in any order, over all sites, those without a position included."""
    one, other = sorted((one, other))
    changed: list[tuple[dt.date, str]] = []
    returned: list[tuple[dt.date, str]] = []
    unchanged: list[str] = []
    unsourced: list[str] = []
    for site, life in lives.items():
        before, after = _index(life, one), _index(life, other)
        day = _first_change(life, before, after)
        category = life.spans[before].category
        if category is not life.spans[after].category:
            changed.append((day or other, site))
            continue
        (unsourced if category is control.Category.NOT_SOURCED else unchanged).append(site)
        if day:
            returned.append((day, site))
    passed = tuple(site for _, site in sorted(changed))
    back = tuple(site for _, site in sorted(returned))
    return Comparison(
        one=one, other=other, sentence=wording.comparison(len(passed), len(unchanged), len(unsourced)),
        changed=passed, unchanged=tuple(unchanged), unsourced=tuple(unsourced), returned=back,
        passages=tuple(_passage(ledger, lives[site], one, other) for site in passed[:MOST_TOLD]),
        returns=tuple(_passage(ledger, lives[site], one, other) for site in back[:MOST_TOLD]),
    )  # fmt: skip


def _index(life: Life, day: dt.date) -> int:
    return bisect_right(life.spans, day, key=lambda span: span.first) - 1


def _first_change(life: Life, before: int, after: int) -> dt.date | None:
    """Return the first day on which the category is another, among the spans from one index to the other."""
    category = life.spans[before].category
    spans = life.spans[before + 1 : after + 1]
    return next((span.first for span in spans if span.category is not category), None)


def _passage(ledger: Ledger, life: Life, one: dt.date, other: dt.date) -> Passage:
    return Passage(
        site=life.site,
        before=control.state_on(ledger, life, one),
        after=control.state_on(ledger, life, other),
        steps=tuple(_steps(ledger, life, one, other)),
    )


def _steps(ledger: Ledger, life: Life, one: dt.date, other: dt.date) -> Iterator[Step]:
    first, last = _index(life, one), _index(life, other)
    for index in range(first + 1, last + 1):
        before, after = life.spans[index - 1], life.spans[index]
        if before.category is not after.category:
            deciding = {claim.source for claim in hindsight.announcing(ledger, life, after)}
            yield Step(
                day=after.first, before=before, after=after, phrase=wording.change_phrase(before, after),
                sources=tuple(sorted((ledger.sources[s] for s in deciding), key=lambda s: (s.grade, s.source))),
                promised=after.reason is Reason.DEADLINE,
            )  # fmt: skip

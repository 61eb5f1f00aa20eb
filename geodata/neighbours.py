"""Neighbours in time: which sites changed hands in the same days as a site, from the lives alone."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from geodata.control import Category, Life, Span

WEEK = 7
"""So many days before or after, two changes are neighbours."""


@dataclass(frozen=True, slots=True)
class Change:
    """A site's passing from one category to another on one of the days `first` to `last`, both possible."""

    site: str
    first: dt.date
    last: dt.date
    before: Category
    after: Category
    general: bool  # only a general statement tells it

    @property
    def is_day(self) -> bool:
        """Whether the change is known to the day."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another site's change beside one of a site's own.

    `earliest` and `latest` are the least and the most days by which the other can have come after the own change;
    before it, they are negative.
    """

    own: Change
    other: Change
    earliest: int
    latest: int

    @property
    def is_day(self) -> bool:
        """Whether the days between both changes are known."""
        return self.earliest == self.latest

    def certain(self, days: int = WEEK) -> bool:
        """Tell whether both lay within `days` of each other on whichever of their possible days they happened."""
        return -days <= self.earliest and self.latest <= days


def changes(life: Life) -> tuple[Change, ...]:
    """Return the changes of a life in order of time.

    A change whose day is uncertain spans all its possible days. Where a side is not sourced, only our sources begin
    or end: that is a change of the site only if it is told as one, which shows as changing hands.
    """
    return tuple(_changes(life))


def _changes(life: Life) -> Iterator[Change]:
    begun: Span | None = None  # the state before a change whose day is uncertain
    since = dt.date.min
    for before, after in pairwise(life.spans):
        if after.category is Category.CHANGING_HANDS:
            if begun is None:
                begun, since = before, after.first
        elif begun is not None:
            # As known on each day, a report may end what was uncertain by saying that nothing changed.
            if begun.category is not after.category:
                yield Change(life.site, since, after.first, begun.category, after.category, after.general)
            begun = None
        elif before.category is not after.category and Category.NOT_SOURCED not in (
            before.category,
            after.category,
        ):
            yield Change(life.site, after.first, after.first, before.category, after.category, after.general)


@dataclass(frozen=True, slots=True)
class Almanac:
    """The changes of all sites: by site, those known to the day in order of days, and the others."""

    of: Mapping[str, tuple[Change, ...]]
    dated: Sequence[Change]
    undated: Sequence[Change]

    def near(self, change: Change, days: int) -> Iterator[Change]:
        """Yield every change that can lie within `days` of this one, that one itself included."""
        reach = dt.timedelta(days=days)
        low, high = change.first - reach, change.last + reach
        begin = bisect_left(self.dated, low, key=attrgetter("first"))
        yield from self.dated[begin : bisect_right(self.dated, high, key=attrgetter("first"))]
        yield from (other for other in self.undated if other.last >= low and other.first <= high)


def almanac(lives: Iterable[Life]) -> Almanac:
    """Return the changes of all lives, made ready to be asked for neighbours."""
    of = {life.site: changes(life) for life in lives}
    every = sorted(
        (change for found in of.values() for change in found), key=lambda change: (change.first, change.site)
    )
    return Almanac(of, [c for c in every if c.is_day], [c for c in every if not c.is_day])


def neighbours(almanac: Almanac, site: str, days: int = WEEK) -> tuple[Neighbour, ...]:
    """Return the changes of other sites that can lie within `days` of one of a site's own.

    In order of the own changes; beside each, first those that certainly lie so near, the nearest first.
    """
    found = [
        Neighbour(own, other, (other.first - own.last).days, (other.last - own.first).days)
        for own in almanac.of.get(site, ())
        for other in almanac.near(own, days)
        if other.site != site
    ]
    return tuple(sorted(found, key=lambda n: _order(n, days)))


def _order(neighbour: Neighbour, days: int) -> tuple[dt.date, bool, int, int, str]:
    far = max(abs(neighbour.earliest), abs(neighbour.latest))
    return neighbour.own.first, not neighbour.certain(days), far, neighbour.earliest, neighbour.other.site

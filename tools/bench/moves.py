"""The moves of a measurement: days on which a marker changes, and what it must show then."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.bench.facts import Facts

EPOCH = dt.date(1970, 1, 1)
LOOKED_AT = 20
"""So many of the changed markers are looked at, at most: to look at thousands in each frame would be work of its own."""


@dataclass(frozen=True)
class Move:
    """One step to another day, and the categories of the markers that change with it, by site."""

    day: dt.date
    expected: Mapping[str, str]


def category_on(site: Mapping[str, Any], day: int) -> str:
    """Return a site's category on a day, counted from 1970-01-01."""
    spans = site["spans"]
    return str(spans[max(bisect_right(spans, day, key=lambda span: span[0]) - 1, 0)][1])


def day_of(number: int) -> dt.date:
    """Return the date of a day, counted from 1970-01-01."""
    return EPOCH + dt.timedelta(days=number)


def busiest(days: Sequence[int], most: int) -> list[int]:
    """Return so many changes in a row, at most, of those that lie closest together, with the day before them."""
    if len(days) <= most + 1:
        return list(days)
    at = min(range(len(days) - most), key=lambda start: days[start + most] - days[start])
    return list(days[at : at + most + 1])


def steps(facts: Facts, days: Sequence[int]) -> list[Move]:
    """Return the moves from each of `days` to the next; `expected` is empty where no marker changes."""
    return [Move(day_of(day), changed(facts, before, day)) for before, day in pairwise(days)]


def jumps(facts: Facts, first: int, last: int, most: int) -> list[Move]:
    """Return moves across the whole span, to and fro between two days, the last one first."""
    ends = [last, first] * most
    return [Move(day_of(to), changed(facts, first if to == last else last, to)) for to in ends[:most]]


def changed(facts: Facts, before: int, day: int) -> dict[str, str]:
    """Return what markers show on `day` that showed something else on `before`: some of them, all over the list."""
    placed = [site for site in facts.sites if site["lat"] is not None]
    found = {
        site["id"]: category_on(site, day)
        for site in placed
        if category_on(site, day) != category_on(site, before)
    }
    every = max(1, len(found) // LOOKED_AT)
    return dict(list(found.items())[::every][:LOOKED_AT])

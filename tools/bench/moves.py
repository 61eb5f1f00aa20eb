"""The moves of a measurement: days on which a marker changes, and what it must show then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Move:
    """One step to the next change, and the categories of the markers that change with it, by site."""

    day: dt.date
    expected: Mapping[str, str]


def category_on(site: Mapping[str, Any], day: int) -> str:
    """Return a site's category on a day, counted from 1970-01-01."""
    return str(next(span["category"] for span in reversed(site["spans"]) if span["from"] <= day))


def change_days(payload: Mapping[str, Any]) -> list[int]:
    """Return the days on which any site changes, in order, counted from 1970-01-01."""
    return sorted({change["day"] for change in payload["changes"]})


def moves(payload: Mapping[str, Any], most: int) -> list[Move]:
    """Return the steps from the first change on, at most so many; `expected` is empty where no marker changes."""
    days = change_days(payload)
    placed = [site for site in payload["sites"] if site["lat"] is not None]
    found = []
    for before, day in list(pairwise(days))[:most]:
        changed = {
            site["id"]: category_on(site, day)
            for site in placed
            if category_on(site, day) != category_on(site, before)
        }
        found.append(Move(EPOCH + dt.timedelta(days=day), changed))
    return found

"""Made-up dates in EDTF, of every precision the ledger knows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.bench.made_up.chance import Chance

FIRST = dt.date(2014, 6, 5)
LAST = dt.date(2026, 3, 15)
"""No claim but a promise is about a later day; the real ledger's evidence ends in that month too."""
PRECISIONS = (*("day",) * 15, "month", "month", "month", "interval", "year or by")
"""How often a source gives a date to the day, and how often less exactly."""


def day_in(chance: Chance, first: dt.date, last: dt.date) -> dt.date:
    """Return any day from `first` to `last`, both included."""
    return first + dt.timedelta(days=chance.below((last - first).days + 1))


def near(chance: Chance, day: dt.date, days: int) -> dt.date:
    """Return a day at most so many days away, within the covered time."""
    return min(max(day + dt.timedelta(days=chance.below(2 * days + 1) - days), FIRST), LAST)


def edtf(chance: Chance, day: dt.date) -> str:
    """Return `day` as a source might give it."""
    precision = chance.one_of(PRECISIONS)
    if precision == "month":
        return f"{day:%Y-%m}"
    if precision == "interval":
        return f"{day}/{day + dt.timedelta(days=1 + chance.below(9))}"
    if precision == "year or by":
        return f"{day:%Y}" if chance.likely(0.5) else f"../{day}"
    return day.isoformat()

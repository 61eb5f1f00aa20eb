"""Made-up sources: dated and undated, of grades A to D, some derived from others."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from typing import TYPE_CHECKING

from tools.bench.made_up import dates

if TYPE_CHECKING:
    from tools.bench.made_up.chance import Chance
    from tools.bench.made_up.places import Cells

GRADES = "AAABBBBCCD"
LAST_PUBLISHED = dt.date(2026, 3, 31)
LONGEST_LAG = 12
"""A claim is taken from one of so many sources that follow what it tells, or, now and then, from a far later one."""


class Publications:
    """The made-up sources of a ledger, and which of them can have told something."""

    def __init__(self, chance: Chance, count: int) -> None:
        spread = [dates.day_in(chance, dates.FIRST, LAST_PUBLISHED) for _ in range(count - 1)]
        self.days = [*sorted(spread), LAST_PUBLISHED]
        self.rows: list[Cells] = []
        self.undated: list[str] = []
        for index, day in enumerate(self.days):
            dated = chance.likely(0.96) or day == LAST_PUBLISHED
            parent = index - 1 - chance.below(20)
            derived = chance.likely(0.15) and parent >= 0
            agency = f"Made-up Agency {1 + chance.below(9)}" if chance.likely(0.2) else ""
            published = (day.isoformat() if chance.likely(0.95) else f"{day:%Y-%m}") if dated else ""
            self.rows.append(
                {
                    "source": _name(index), "kind": "page", "publisher": f"Made-up Gazette {1 + chance.below(200)}",
                    "title": f"Made-up report {index}", "title_basis": "made up",
                    "url": f"https://made-up.example/{index}", "published": published,
                    "published_words": "" if dated else "not recorded", "published_basis": "made up",
                    "grade": chance.one_of(GRADES), "derives_from": _name(parent) if derived else "",
                    "agency": agency, "language": "en" if chance.likely(0.8) else "ar", "note": "This source is made up.",
                }
            )  # fmt: skip
            if not dated:
                self.undated.append(_name(index))

    def about(self, chance: Chance, day: dt.date) -> str:
        """Return a source published on `day` or later, or one without a date."""
        if self.undated and chance.likely(0.02):
            return chance.one_of(self.undated)
        first = min(bisect_left(self.days, day), len(self.days) - 1)
        lag = len(self.days) - first if chance.likely(0.1) else LONGEST_LAG
        return _name(min(first + chance.below(lag), len(self.days) - 1))

    def day(self, source: str) -> dt.date:
        """Return the day a source appeared on, also where the ledger does not record it."""
        return self.days[int(source[1:])]


def _name(index: int) -> str:
    return f"G{index:06}"

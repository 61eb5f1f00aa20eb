"""Dates as intervals of possible days, written in EDTF level 0 plus level 1's open start."""

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache

OPEN = "../"
EPOCH = dt.date(1970, 1, 1)
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
"""What a date of this field can be; a slip of the finger is caught before it is counted with."""

PART = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?", re.ASCII)
"""A year, a month or a day: level 0 holds no more than intervals of these."""


@dataclass(frozen=True, slots=True)
class Possible:
    """The days on which something may have happened: from `first` to `last`, both included.

    `first` is None where the start is open ("by 16 January"). `text` is the EDTF string as written.
    """

    text: str
    first: dt.date | None
    last: dt.date

    def __str__(self) -> str:
        """Return the EDTF string as written."""
        return self.text

    @property
    def earliest(self) -> dt.date:
        """The first day that is certainly possible: for an open start, the last day."""
        return self.first or self.last

    @property
    def is_day(self) -> bool:
        """Whether the date is known to the day."""
        return self.first == self.last


@lru_cache(maxsize=65536)
def parse(text: str) -> Possible:
    """Return the possible days that an EDTF string names.

    Accepts `2017`, `2017-11`, `2026-01-13`, `2026-01-13/2026-01-18` and `../2026-01-16`.
    Raises ValueError, saying what would be right, for anything else.
    """
    body = text.removeprefix(OPEN)
    parts = [PART.fullmatch(part) for part in body.split("/")]
    if len(parts) > 2 or (body != text and len(parts) > 1):  # noqa: PLR2004
        raise ValueError(WANTED)
    ends = [_days(part) for part in parts]
    first, last = ends[0][0], ends[-1][1]
    if not (first.year >= EARLIEST_YEAR and last.year <= LATEST_YEAR):
        raise ValueError(f"a date lies in the years {EARLIEST_YEAR} to {LATEST_YEAR}")
    if first > last:
        message = "an interval starts before it ends"
        raise ValueError(message)
    return Possible(text, None if body != text else first, last)


def _days(part: re.Match[str] | None) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a year, a month or a day."""
    if part is None:
        raise ValueError(WANTED)
    year, month, day = part.groups()
    try:
        first = dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise ValueError(WANTED) from None
    if day:
        return first, first
    last = first.replace(month=int(month or 12))
    return first, last.replace(day=monthrange(last.year, last.month)[1])


WANTED = "a date is a year, a month, a day, an interval of them or an open start: 2017, 2017-11, 2026-01-13, 2026-01-13/2026-01-18, ../2026-01-16"


def words(possible: Possible) -> str:
    """Return the date as a reader says it: "17 January 2026", "November 2017", "by 16 January 2026"."""
    if possible.text.startswith(OPEN):
        return "by " + words(parse(possible.text.removeprefix(OPEN)))
    if "/" in possible.text:
        first, last = (parse(part) for part in possible.text.split("/"))
        if len(first.text) == len(last.text) == 10 and first.text[:7] == last.text[:7]:  # noqa: PLR2004
            return f"{first.last.day} to {words(last)}"
        return f"{words(first)} to {words(last)}"
    day = possible.last
    return {4: f"{day:%Y}", 7: f"{day:%B %Y}"}.get(len(possible.text), f"{day.day} {day:%B %Y}")


def epoch_day(day: dt.date) -> int:
    """Return the number of days from 1 January 1970 to `day`."""
    return (day - EPOCH).days


def plus_years(day: dt.date, years: int) -> dt.date:
    """Return the same calendar day `years` later; 29 February becomes 28 February where needed."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)

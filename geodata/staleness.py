"""How long ago a state was last corroborated, and from when on it is stale.

A state is corroborated by the latest evidence about its site up to the day, of what counts: a later report of an
older event, a source left out, or a claim that was not reported yet corroborates nothing. Nothing here changes a state;
decision 0010 says why a year.
"""

import datetime as dt
from bisect import bisect_right

from geodata.control import Category, Life
from geodata.model import Claim

STALE_AFTER_DAYS = 365
"""A state is stale from the day after this many days without evidence: 23 August 2020 carries through 23 August 2021."""

AGELESS = frozenset({Category.NOT_SOURCED, Category.CHANGING_HANDS})
"""What cannot be stale: a state no source speaks for, and a change whose claims are about these very days."""


def corroborated(life: Life, day: dt.date) -> Claim | None:
    """Return the latest evidence about the site up to `day` that counts; None where there is none."""
    return life.last_evidence(day)


def following(life: Life, day: dt.date) -> Claim | None:
    """Return the next evidence after `day`; None where each day counts only what had been reported by then."""
    if life.learned:
        return None
    after = bisect_right(life.evidence, day, key=lambda claim: claim.occurred.last)
    if after == len(life.evidence):
        return None
    return life.last_evidence(life.evidence[after].occurred.last)


def is_silent(life: Life, day: dt.date) -> bool:
    """Tell whether the latest evidence up to `day` is older than the stated age."""
    last = corroborated(life, day)
    return last is not None and (day - last.occurred.last).days > STALE_AFTER_DAYS


def is_stale(life: Life, day: dt.date) -> bool:
    """Tell whether the site shows a state on `day` whose last corroboration is older than the stated age."""
    return life.at(day).category not in AGELESS and is_silent(life, day)


def age(last: dt.date, day: dt.date) -> str:
    """Return the time from `last` to `day` in words: days below two months, months below two years, then years.

    Months and years are whole ones of the calendar; empty on the day itself.
    """
    count = (day - last).days
    months = 12 * (day.year - last.year) + day.month - last.month - (day.day < last.day)
    if months >= 24:  # noqa: PLR2004 - two years
        return f"{months // 12} years"
    if months >= 2:  # noqa: PLR2004
        return f"{months} months"
    return "" if count <= 0 else "1 day" if count == 1 else f"{count} days"

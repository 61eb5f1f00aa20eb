"""What the reader chose to look at, and how the address bar spells it.

Pure: no Streamlit, no clock. Whatever stands in the address, `parse` finds a sensible view and says in a sentence what
was wrong; it never raises.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.wording import day_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

AS_OF, KNOWN_ON, SITE, HIDE = "as_of", "known_on", "site", "hide"
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LONGEST_ECHO = 40
"""Characters of a wrong value that a notice repeats."""


@dataclass(frozen=True)
class ViewState:
    """The day asked about, the day of knowledge, the selected site and the categories filtered out."""

    as_of: dt.date
    known_on: dt.date | None = None
    """Only what our sources had reported by then counts; None: all of it."""
    site: str | None = None
    hidden: frozenset[str] = frozenset()


def parse(  # noqa: PLR0913  # one argument for each thing an address may get wrong
    params: Mapping[str, Sequence[str]],
    *,
    first: dt.date,
    last: dt.date,
    default: dt.date,
    sites: Collection[str],
    categories: Collection[str],
) -> tuple[ViewState, tuple[str, ...]]:
    """Read a view from URL parameters; each notice is a sentence about a value that could not be followed.

    `first` and `last` are the ends of the covered time (`last` is today), `default` the day a bare address opens on.
    Parameters that are not ours are left alone. A notice repeats what stood in the address and is not escaped.
    """
    notices: list[str] = []
    as_of = _day(
        params, AS_OF, (first, last), f"Showing {day_words(default)}, the last day with evidence.", notices
    )
    known_on = _day(params, KNOWN_ON, (first, last), "Showing what is known today.", notices)
    state = ViewState(
        as_of=as_of or default,
        known_on=None if known_on is None or known_on >= last else known_on,
        site=_site(params, sites, notices),
        hidden=_hidden(params, categories, notices),
    )
    return state, tuple(notices)


def format_view(state: ViewState, *, default: dt.date | None = None) -> dict[str, str]:
    """Return the URL parameters of a view, as `parse` reads them back.

    With `default`, a view of that day leaves `as_of` out; without it the date always stands there, as a permalink needs.
    """
    params: dict[str, str] = {}
    if state.as_of != default:
        params[AS_OF] = state.as_of.isoformat()
    if state.known_on is not None:
        params[KNOWN_ON] = state.known_on.isoformat()
    if state.site is not None:
        params[SITE] = state.site
    if state.hidden:
        params[HIDE] = ",".join(sorted(state.hidden))
    return params


def _one(params: Mapping[str, Sequence[str]], name: str, instead: str, notices: list[str]) -> str | None:
    """Return the value of a parameter, or None if it is missing, empty or given twice with different values."""
    values = list(dict.fromkeys(params.get(name, ())))
    if len(values) > 1:
        given = " and ".join(echo(value) for value in values[:2])
        notices.append(f"The address gives {name} more than once ({given}); one value is right. {instead}")
        return None
    return values[0] if values and values[0].strip() else None


def _day(
    params: Mapping[str, Sequence[str]],
    name: str,
    ends: tuple[dt.date, dt.date],
    instead: str,
    notices: list[str],
) -> dt.date | None:
    value = _one(params, name, instead, notices)
    if value is None:
        return None
    text = value.strip()
    if not ISO_DATE.fullmatch(text):
        notices.append(
            f"{name}={echo(value)} is not a date; write year-month-day, for example 2026-01-18. {instead}"
        )
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        notices.append(f"{name}={echo(value)} is a day that does not exist. {instead}")
        return None
    first, last = ends
    if day < first:
        notices.append(
            f"{name}={text} is before the time covered; the first day, {day_words(first)}, is used."
        )
        return first
    if day > last:
        notices.append(f"{name}={text} is in the future; today, {day_words(last)}, is used.")
        return last
    return day


def _site(params: Mapping[str, Sequence[str]], sites: Collection[str], notices: list[str]) -> str | None:
    value = _one(params, SITE, "No site is selected.", notices)
    if value is None or value.strip() in sites:
        return value and value.strip()
    notices.append(
        f"There is no site {echo(value)}; no site is selected. "
        "Choose one on the map or by the search: that puts the right name into the address."
    )
    return None


def _hidden(
    params: Mapping[str, Sequence[str]], categories: Collection[str], notices: list[str]
) -> frozenset[str]:
    value = _one(params, HIDE, "Nothing is hidden.", notices)
    asked = [part.strip() for part in (value or "").split(",") if part.strip()]
    unknown = [part for part in dict.fromkeys(asked) if part not in categories]
    if unknown:
        given = ", ".join(echo(part) for part in unknown[:3]) + (", …" if len(unknown) > 3 else "")  # noqa: PLR2004
        notices.append(
            f"There is no category {given} to hide. The categories are {', '.join(sorted(categories))}."
        )
    return frozenset(asked) & frozenset(categories)


def echo(value: str) -> str:
    """Quote what somebody wrote, without line breaks and other unprintable characters, cut after 40 characters."""
    plain = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in value
    )
    short = plain if len(plain) <= LONGEST_ECHO else plain[: LONGEST_ECHO - 1] + "…"
    return f"“{short}”"

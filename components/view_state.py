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
from geodata.knowledge import EVERYTHING, GRADES, Knowledge

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

AS_OF, KNOWN_ON, SITE, HIDE, COMPARE = "as_of", "known_on", "site", "hide", "compare"
WITHOUT, DERIVED, WITHOUT_GRADE = "without", "derived", "without_grade"
EACH_DAY = "each-day"
"""As known-on date: on every day, what had been reported by that day."""
DERIVED_OUT = "out"
MOST_LEFT_OUT = 200
"""Sources an address can leave out; an address has to stay an address."""
MAP = "map"
EXTENT = re.compile(r"(\d{1,2}(?:\.\d+)?)/(-?\d{1,2}(?:\.\d+)?)/(-?\d{1,3}(?:\.\d+)?)", re.ASCII)
MAP_LIMITS = ((3, 20, 30), (13, 45, 60))
"""Least and most zoom, latitude and longitude that an address can ask the map for."""
AXIS, DENSE = "axis", "dense"
ITEM = "item"
ITEM_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,47}", re.ASCII)
SINCE, SORT = "since", "sort"
FILTERS = {
    "q": "words",
    "speaker": "speaker",
    "outlet": "outlet",
    "about": "about",
    "phase": "phase",
    SORT: "sort",
}
"""Parameters of the address that narrow or order a list, by the field of `Filters` they fill."""
LONGEST_FILTER = 100
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LONGEST_ECHO = 40
"""Characters of a wrong value that a notice repeats."""


@dataclass(frozen=True)
class Filters:
    """What narrows and orders the list of a page; empty where nothing was asked."""

    words: str = ""
    speaker: str = ""
    outlet: str = ""  # a publisher, as named in the ledger
    about: str = ""  # a site, by identifier
    phase: str = ""  # by identifier
    since: dt.date | None = None
    sort: str = ""  # a column; with "-" in front from the greatest to the least


@dataclass(frozen=True)
class ViewState:
    """The day asked about, what counts as known, the selected site, the categories filtered out, the other day."""

    as_of: dt.date
    knowledge: Knowledge = EVERYTHING
    site: str | None = None
    hidden: frozenset[str] = frozenset()
    compare: dt.date | None = None
    """The day that `as_of` is compared with."""
    item: str | None = None
    """The one thing on a page that a link points at: a claim, a source, a sentence, a disagreement, by identifier."""
    filters: Filters = Filters()

    @property
    def known_on(self) -> dt.date | None:
        """The day by which our sources had to have reported what counts; None: all of it counts."""
        return self.knowledge.on(self.as_of)


def parse(  # noqa: PLR0913  # one argument for each thing an address may get wrong
    params: Mapping[str, Sequence[str]],
    *,
    first: dt.date,
    last: dt.date,
    default: dt.date,
    sites: Collection[str],
    categories: Collection[str],
    sources: Collection[str] = (),
) -> tuple[ViewState, tuple[str, ...]]:
    """Read a view from URL parameters; each notice is a sentence about a value that could not be followed.

    `first` and `last` are the ends of the covered time (`last` is today), `default` the day a bare address opens on.
    Parameters that are not ours are left alone. A notice repeats what stood in the address and is not escaped.
    """
    notices: list[str] = []
    as_of = _day(
        params, AS_OF, (first, last), f"Showing {day_words(default)}, the last day with evidence.", notices
    )
    state = ViewState(
        as_of=as_of or default,
        knowledge=_knowledge(params, (first, last), sources, notices),
        site=_site(params, sites, notices),
        hidden=_hidden(params, categories, notices),
        compare=_day(params, COMPARE, (first, last), "No second date is shown.", notices),
        item=_item(params, notices),
        filters=_filters(params, (first, last), notices),
    )
    _map(params, notices)
    _axis(params, notices)
    return state, tuple(notices)


def format_view(state: ViewState, *, default: dt.date | None = None) -> dict[str, str]:
    """Return the URL parameters of a view, as `parse` reads them back.

    With `default`, a view of that day leaves `as_of` out; without it the date always stands there, as a permalink needs.
    """
    knowledge, filters = state.knowledge, state.filters
    known_on = knowledge.known_on.isoformat() if knowledge.known_on else ""
    params = {
        AS_OF: state.as_of.isoformat() if state.as_of != default else "",
        KNOWN_ON: EACH_DAY if knowledge.each_day else known_on,
        SITE: state.site,
        HIDE: ",".join(sorted(state.hidden)),
        COMPARE: state.compare.isoformat() if state.compare else "",
        WITHOUT: ",".join(sorted(knowledge.without)),
        DERIVED: DERIVED_OUT if knowledge.and_derived else "",
        WITHOUT_GRADE: ",".join(sorted(knowledge.without_grades)),
        ITEM: state.item,
        **{name: getattr(filters, field) for name, field in FILTERS.items()},
        SINCE: filters.since.isoformat() if filters.since else "",
    }
    return {name: value for name, value in params.items() if value}


def _item(params: Mapping[str, Sequence[str]], notices: list[str]) -> str | None:
    value = _one(params, ITEM, "Nothing is pointed at.", notices)
    if value is None or ITEM_NAME.fullmatch(value.strip()):
        return value and value.strip()
    notices.append(
        f"item={echo(value)} names nothing; it is an identifier such as E018.S0, P037 or D05, as in the links of the pages."
    )
    return None


def _filters(
    params: Mapping[str, Sequence[str]], ends: tuple[dt.date, dt.date], notices: list[str]
) -> Filters:
    """Read what narrows a list; what it matches is for the page to say."""
    found: dict[str, str] = {}
    for name, field in FILTERS.items():
        value = (_one(params, name, "The list is not narrowed by it.", notices) or "").strip()
        if len(value) > LONGEST_FILTER:
            notices.append(
                f"{name}={echo(value)} is longer than {LONGEST_FILTER} characters; the list is not narrowed by it."
            )
        elif value:
            found[field] = value
    return Filters(**found, since=_day(params, SINCE, ends, "The list begins with the first day.", notices))


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


def _knowledge(
    params: Mapping[str, Sequence[str]],
    ends: tuple[dt.date, dt.date],
    sources: Collection[str],
    notices: list[str],
) -> Knowledge:
    each_day = [value.strip() for value in params.get(KNOWN_ON, ())] == [EACH_DAY]
    known_on = None
    if not each_day:
        known_on = _day(params, KNOWN_ON, ends, "Showing what is known today.", notices)
    without = _listed(
        params,
        WITHOUT,
        sources,
        ("source", "to leave out", f"One is named as {next(iter(sources), 'S0')}."),
        notices,
    )
    if len(without) > MOST_LEFT_OUT:
        notices.append(
            f"The address leaves out {len(without):,} sources; at most {MOST_LEFT_OUT} can be. All are counted."
        )
        without = frozenset()
    grades = ("grade", "to leave out", f"The grades of sources are {', '.join(GRADES)}.")
    without_grades = _listed(params, WITHOUT_GRADE, GRADES, grades, notices)
    derived = _one(params, DERIVED, "What derives from other sources counts.", notices)
    if derived is not None and derived.strip() != DERIVED_OUT:
        notices.append(f"derived={echo(derived)} is not understood; only derived={DERIVED_OUT} is.")
    return Knowledge(
        known_on=None if known_on is None or known_on >= ends[1] else known_on,
        each_day=each_day,
        without=without,
        and_derived=derived is not None
        and derived.strip() == DERIVED_OUT
        and bool(without or without_grades),
        without_grades=without_grades,
    )


def _hidden(
    params: Mapping[str, Sequence[str]], categories: Collection[str], notices: list[str]
) -> frozenset[str]:
    known = f"The categories are {', '.join(sorted(categories))}."
    return _listed(params, HIDE, categories, ("category", "to hide", known), notices)


def _listed(
    params: Mapping[str, Sequence[str]],
    name: str,
    allowed: Collection[str],
    words: tuple[str, str, str],
    notices: list[str],
) -> frozenset[str]:
    """Return the values of a list that are allowed; `words` are what they are, what for, and which there are."""
    noun, purpose, remedy = words
    value = _one(params, name, f"No {noun} is taken from there.", notices)
    asked = dict.fromkeys(part.strip() for part in (value or "").split(",") if part.strip())
    if unknown := [part for part in asked if part not in allowed]:
        given = ", ".join(echo(part) for part in unknown[:3]) + (", …" if len(unknown) > 3 else "")  # noqa: PLR2004
        notices.append(f"There is no {noun} {given} {purpose}. {remedy}")
    return frozenset(part for part in asked if part in allowed)


def readable(extent: str) -> bool:
    """Tell whether a text is an extent the map can show: zoom, latitude and longitude within their limits."""
    match = EXTENT.fullmatch(extent)
    if match is None:
        return False
    zoom, lat, lon = map(float, match.groups())
    return all(
        low <= value <= high
        for low, value, high in zip(MAP_LIMITS[0], (zoom, lat, lon), MAP_LIMITS[1], strict=True)
    )


def _axis(params: Mapping[str, Sequence[str]], notices: list[str]) -> None:
    """Word a notice about an axis that the clock does not know."""
    value = _one(params, AXIS, "The whole axis is shown.", notices)
    if value is not None and value != DENSE:
        notices.append(
            f"axis={echo(value)} is not understood; only axis={DENSE} is. The whole axis is shown."
        )


def _map(params: Mapping[str, Sequence[str]], notices: list[str]) -> None:
    """Word a notice about an extent that the map cannot read; the map itself falls back to all of Iraq."""
    value = _one(params, MAP, "Showing the whole map.", notices)
    if value is not None and not readable(value.strip()):
        notices.append(
            f"map={echo(value)} is no extent; it is zoom/latitude/longitude, such as 7.5/33.3/44.4. "
            "Showing the whole map."
        )


def echo(value: str) -> str:
    """Quote what somebody wrote, without line breaks and other unprintable characters, cut after 40 characters."""
    plain = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in value
    )
    short = plain if len(plain) <= LONGEST_ECHO else plain[: LONGEST_ECHO - 1] + "…"
    return f"“{short}”"

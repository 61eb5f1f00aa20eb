"""Which sites the table of sites shows, and in which order: all of a small ledger, of a large one the first few."""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

from geodata.control import Category, Life
from geodata.model import Ledger

MOST_SITES = 300
"""Up to so many sites the table shows all, in the ledger's order."""

SHOWN_SITES = 200
"""Of more sites it shows so many: the selected one, those that are changing, then by name."""


def shown_sites(
    ledger: Ledger, lives: Mapping[str, Life], day: dt.date, selected: str | None
) -> tuple[str, ...]:
    """Return the sites whose rows stand in the table on a day; `lives` are those on screen."""
    if len(ledger.sites) <= MOST_SITES:
        return tuple(ledger.sites)
    changing = (
        site for site, first, last in _changing(_Same(lives)) if first <= day <= last and site != selected
    )
    wanted = dict.fromkeys([selected] if selected in ledger.sites else [])
    for site in (*changing, *_by_name(ledger)):
        if len(wanted) == SHOWN_SITES:
            break
        wanted[site] = None
    return tuple(site for site in wanted if site)


class _Same:
    """Lives compared by identity, so that what follows from them can be kept."""

    __slots__ = ("lives",)

    def __init__(self, lives: Mapping[str, Life]) -> None:
        self.lives = lives

    def __hash__(self) -> int:
        return id(self.lives)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.lives is self.lives


@lru_cache(maxsize=4)
def _changing(same: _Same) -> tuple[tuple[str, dt.date, dt.date], ...]:
    """Return every stretch in which a site is changing hands, by site."""
    return tuple(
        (site, span.first, span.last)
        for site, life in sorted(same.lives.items())
        for span in life.spans
        if span.category is Category.CHANGING_HANDS
    )


@lru_cache(maxsize=4)
def _by_name(ledger: Ledger) -> tuple[str, ...]:
    named = sorted(ledger.sites.values(), key=lambda site: (site.short_name.casefold(), site.site))
    return tuple(site.site for site in named[: SHOWN_SITES + 1])

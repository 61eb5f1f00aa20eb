"""The facts that all contestants show: each site's position and categories by day, folded once from a data folder."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from components import view
from geodata import control, load
from geodata.control import Category
from geodata.dates import epoch_day
from tools.bench.server import TODAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from geodata.model import Ledger

REAL_SITE = "ain-al-asad"
"""The selected site of the real ledger: its dossier is one of the longest."""


@dataclass(frozen=True)
class Facts:
    """Sites with their categories, and the axis; days are counted from 1970-01-01."""

    site: str
    """The site that is selected for all contestants alike."""
    first: int
    last: int
    sites: Sequence[Mapping[str, Any]]
    """`id`, `name`, `lat`, `lon` (null where not placed), `spans`: first day and category, in order."""
    change_days: Sequence[int]
    """The days on which a site changes its category."""
    placed_change_days: Sequence[int]
    """Those on which a site with a position does."""
    first_sourced: int
    """Where the first key leads: the earliest day on the axis on which any site shows more than that it is not sourced."""
    last_evidence: int
    """Where the last key leads."""

    def write(self, file: Path) -> None:
        """Write the facts where a peer reads them."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(vars(self), separators=(",", ":")), encoding="utf-8")


def read(file: Path) -> Facts:
    """Return the facts that `write` has written."""
    return Facts(**json.loads(file.read_text(encoding="utf-8")))


def gather(folder: Path) -> Facts:
    """Load and fold a data folder."""
    return of(load.load(folder))


def of(ledger: Ledger) -> Facts:
    """Return the facts of a ledger."""
    now = dt.date.fromisoformat(TODAY)
    start = view.first_day(ledger, now)
    first, last = epoch_day(start), epoch_day(now)
    folded = control.lives(ledger)
    sites: list[Mapping[str, Any]] = []
    changes: set[int] = set()
    placed: set[int] = set()
    for name, life in folded.items():
        place = ledger.sites[name]
        spans: list[tuple[int, str]] = []
        for span in life.spans:
            if (
                span.last >= start
                and span.first <= now
                and (not spans or spans[-1][1] != span.category.value)
            ):
                spans.append((max(epoch_day(span.first), first), span.category.value))
        changed = {day for day, _ in spans[1:]}
        changes |= changed
        placed |= changed if place.lat is not None else set()
        sites.append({"id": name, "name": place.name, "lat": place.lat, "lon": place.lon, "spans": spans})
    sourced = [
        day for site in sites for day, category in site["spans"] if category != Category.NOT_SOURCED.value
    ]
    site = REAL_SITE if REAL_SITE in ledger.sites else next(iter(ledger.sites))
    return Facts(
        site=site, first=first, last=last, sites=sites, change_days=sorted(changes), placed_change_days=sorted(placed),
        first_sourced=min(sourced, default=first), last_evidence=min(max(epoch_day(ledger.last_evidence), first), last),
    )  # fmt: skip

"""How far each phase had come on a day: counts with their list behind them, never one invented percentage."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from geodata.control import Category, Life
from geodata.dates import Possible
from geodata.knowledge import corrected, reporting
from geodata.model import Claim, Ledger, Phase

ENDED = (Category.IRAQI_FORCES, Category.KURDISTAN_FORCES)


@dataclass(frozen=True, slots=True)
class Promise:
    """One promised end of a phase; `primary` is the text whose date the others are measured against."""

    claim: Claim
    primary: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """One phase on one day, as known on the known-on date."""

    phase: Phase
    started: bool
    promises: tuple[Promise, ...]
    planned_end: Possible | None
    done: Possible | None  # only once `day` has reached it
    elapsed_days: int | None  # since the earliest start
    planned_days: int | None  # from the earliest start to the promised end
    slippage_days: int | None  # from the promised end to the actual end; negative where it was early
    overdue_days: int | None  # from the promised end to `day`, while no end is known
    sources: tuple[str, ...]  # those of the phase's sources that count
    sites: Mapping[str, Category]  # the sites in scope and what each shows that day; none where not `whole`

    @property
    def whole(self) -> bool:
        """Whether every source of the phase counts: which of them gives its scope is not recorded."""
        return len(self.sources) == len(self.phase.sources)

    @property
    def handed_over(self) -> tuple[str, ...]:
        """The sites in scope at which the coalition's presence has ended."""
        return tuple(site for site, category in self.sites.items() if category in ENDED)

    @property
    def open_sites(self) -> tuple[str, ...]:
        """The sites in scope whose outcome no source gives."""
        return tuple(site for site, category in self.sites.items() if category is Category.NOT_SOURCED)


def progress(
    ledger: Ledger,
    lives: Mapping[str, Life],
    day: dt.date,
    known_on: dt.date | None = None,
    without: frozenset[str] = frozenset(),
) -> tuple[Progress, ...]:
    """Return every phase as it stood on `day`, in the ledger's order.

    A start, an end or a promise counts only if its source is neither left out nor later than `known_on`. What the
    ledger gives of a phase without naming one source, its scope and a promised end that no plan carries, counts only
    if every source of the phase does.
    """
    sources = reporting(ledger, known_on, without)
    gone = corrected(ledger, sources)
    found = []
    for phase in ledger.phases.values():
        own = tuple(source for source in phase.sources if source in sources)
        if not own:
            continue
        whole = len(own) == len(phase.sources)
        plans = ledger.promises.get(phase.phase, ())
        said = [c for c in plans if c.source in sources and c.claim not in gone]
        promises = tuple(
            Promise(c, c.primary == "yes")
            for c in sorted(said, key=lambda c: (c.primary != "yes", c.occurred.last, c.claim))
        )
        agreed = [promise for promise in promises if promise.claim.occurred == phase.planned_end]
        planned = phase.planned_end if agreed or (whole and not plans) else None
        done = phase.done if phase.done and phase.done_source in sources and phase.done.last <= day else None
        started = phase.start.earliest <= day and (not phase.start_source or phase.start_source in sources)
        until = done.last if done else day
        found.append(
            Progress(
                phase=phase, started=started, promises=promises, planned_end=planned, done=done,
                elapsed_days=(until - phase.start.earliest).days if started else None,
                planned_days=(planned.last - phase.start.earliest).days if planned else None,
                slippage_days=(done.last - planned.last).days if planned and done else None,
                overdue_days=(day - planned.last).days if planned and started and not done and day > planned.last else None,
                sources=own,
                sites={site: lives[site].at(day).category for site in phase.sites if site in lives and whole},
            )
        )  # fmt: skip
    return tuple(found)

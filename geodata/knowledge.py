"""What counts as known: reported by which day, and without which sources."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from geodata.errors import QuestionError
from geodata.model import Ledger, Source

GRADES = ("A", "B", "C", "D")
"""The grades of sources, from the best to the worst; what each means stands in the data dictionary."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What of the ledger counts; the default is everything."""

    known_on: dt.date | None = None  # only what sources had reported by that day
    each_day: bool = False  # on every day only what sources had reported by that day; `known_on` is None then
    without: frozenset[str] = frozenset()  # sources left out, by identifier
    and_derived: bool = False  # and what derives from sources left out, by identifier or by grade
    without_grades: frozenset[str] = frozenset()  # grades, A to D, of which all sources are left out

    def __post_init__(self) -> None:
        """Refuse two clocks at once."""
        if self.each_day and self.known_on is not None:
            message = "either one known-on date holds for every day or each day has its own"
            raise QuestionError(message)

    def on(self, day: dt.date) -> dt.date | None:
        """Return the known-on date that holds for a reader of `day`."""
        return day if self.each_day else self.known_on

    @property
    def narrow(self) -> bool:
        """Whether anything is kept from counting."""
        return bool(self.known_on or self.each_day or self.without or self.without_grades)

    def left_out(self, ledger: Ledger) -> frozenset[str]:
        """Return every source that does not count; QuestionError for a source or a grade there is none of."""
        if not self.without and not self.without_grades:
            return frozenset()
        if strange := sorted(self.without - ledger.sources.keys()):
            named = next(iter(ledger.sources), "S0")
            message = f"no source {strange[0][:40]!r}; a source is named as in sources.csv, such as {named}"
            raise QuestionError(message)
        if strange := sorted(self.without_grades - set(GRADES)):
            message = f"no grade {strange[0][:40]!r}; the grades of sources are {', '.join(GRADES)}"
            raise QuestionError(message)
        graded = (key for key, source in ledger.sources.items() if source.grade in self.without_grades)
        chosen = self.without.union(graded)
        return ledger.derived(chosen) if self.and_derived else chosen


EVERYTHING = Knowledge()


@lru_cache(maxsize=64)
def reporting(ledger: Ledger, known_on: dt.date | None, without: frozenset[str]) -> frozenset[str]:
    """Return the sources that count: not left out, and published by `known_on`, where there is one."""
    return frozenset(
        key for key, source in ledger.sources.items() if key not in without and reported_by(source, known_on)
    )


def corrected(ledger: Ledger, sources: frozenset[str]) -> frozenset[str]:
    """Return the claims that no longer count because a claim of one of `sources` corrects them."""
    return frozenset(claim.supersedes for claim in ledger.corrections if claim.source in sources)


def reported_by(source: Source, known_on: dt.date | None) -> bool:
    """Tell whether a source had certainly been published by `known_on`; without a known-on date, every one had."""
    return known_on is None or (source.published is not None and source.published.last <= known_on)

"""What a briefing says on evidence: sites, changes and phases, each with the numbers of the sources behind it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from components import progress, view, wording
from components.sources import GRADE_WORDS
from components.view import View
from exports import glyphs
from exports.glyphs import Look
from geodata import control, dates
from geodata.control import Category, Life, Span
from geodata.dates import Possible
from geodata.model import Ledger, Source
from geodata.phases import Progress

MOST_NUMBERED = 120
"""Sources that are numbered one by one; of more, the number is told and where they are found."""
HEADED = frozenset(
    {"shown", "line 1 of the article", "line 2 of the article", "headline as carried by a reprint"}
)
"""Where a title was taken from if it is a headline."""
GRADES = f"Grades of sources: {'; '.join(f'{grade} {words}' for grade, words in GRADE_WORDS.items())}."
MOST_ROWS = 60
"""Sites that are told one by one in tables; the others are counted."""


@dataclass(frozen=True, slots=True)
class NumberedSource:
    """A source under the number by which the briefing cites it."""

    number: int
    source: str
    publisher: str
    title: str
    headed: bool  # whether the title is a headline in its own words; else it was read from an address or described
    published: str
    grade: str
    url: str

    @property
    def line(self) -> str:
        """Return the source on one line, as it stands on a slide."""
        return f"{self.publisher}, {self.published} ({self.grade})"


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """How far a phase had come; `gone` and `promise` are percentages of its bar, None where there is none."""

    label: str
    verdict: str
    late: bool
    gone: float | None
    promise: float | None
    detail: str
    cited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SiteAccount:
    """The selected site: its state in words and what decides it."""

    name: str
    full_name: str
    words: str
    staleness: str
    lines: tuple[tuple[str, tuple[int, ...]], ...]  # a claim in words and the numbers of its sources


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What happened at one site between the two days that are compared."""

    site: str
    name: str
    before: Look
    after: Look
    words: str
    cited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site in the table: equal to the map, sites without a position included."""

    site: str
    name: str
    look: Look  # as on the map
    words: str
    since: str  # in words; "" where no source dates it
    evidence: str
    placed: bool
    cited: tuple[int, ...]

    @property
    def category(self) -> Category:
        """The category of its state."""
        return self.look.category


class Numbers:
    """The numbers of sources, given in the order in which they are first cited."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.found: dict[str, int] = {}

    def of(self, sources: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of some sources, ascending; beyond the most that are numbered, nothing."""
        cited = set(sources)
        for source in sorted(cited - self.found.keys(), key=self._order):
            self.found[source] = len(self.found) + 1
        numbers = sorted(self.found[source] for source in cited)
        return tuple(number for number in numbers if number <= MOST_NUMBERED)

    def sources(self) -> tuple[tuple[NumberedSource, ...], str]:
        """Return the cited sources that are numbered, and how many others there are."""
        found = tuple(
            numbered(self.ledger.sources[source], number)
            for source, number in self.found.items()
            if number <= MOST_NUMBERED
        )
        more = len(self.found) - len(found)
        return found, f"and {more:,} more, in the data of this view" if more else ""

    def _order(self, source: str) -> tuple[str, str]:
        return self.ledger.sources[source].grade, source


def numbered(source: Source, number: int) -> NumberedSource:
    """Return a source under a number, in the words in which it is cited."""
    return NumberedSource(
        number=number, source=source.source, publisher=source.publisher, title=source.title or "no headline",
        headed=source.title_basis in HEADED,
        published=_published(source.published, source.published_words), grade=source.grade, url=source.url or "",
    )  # fmt: skip


def phases(shown: View, numbers: Numbers) -> tuple[tuple[PhaseLine, ...], str]:
    """Return the phases that are under way, and those that were over before, in words."""
    here, earlier = progress.under_way(shown)
    lines = tuple(_phase(shown, of, numbers) for of in here)
    names = [of.phase.label for of in earlier]
    return lines, f"Over before: {wording.listed(names, len(names))}" if names else ""


def _phase(shown: View, of: Progress, numbers: Numbers) -> PhaseLine:
    state = shown.state
    verdict = progress.verdict(shown.ledger, of, state.known_on, state.knowledge.left_out(shown.ledger))
    bar = progress.bar(of) if of.planned_days and of.started else None
    return PhaseLine(
        label=of.phase.label, verdict=str(verdict["text"]), late=bool(verdict["late"]),
        gone=bar["gone"] if bar else None, promise=bar["promise"] if bar else None,
        detail=progress.detail(of), cited=numbers.of(of.sources),
    )  # fmt: skip


def account(shown: View, numbers: Numbers) -> SiteAccount | None:
    """Return the account of the selected site; None where none is selected."""
    if shown.dossier is None:
        return None
    told = shown.dossier
    return SiteAccount(
        name=told.site.short_name,
        full_name=told.site.name,
        words=told.words,
        staleness=told.staleness,
        lines=tuple(
            (f"{dates.words(line.claim.occurred)}: {line.claim.text}", numbers.of(source.source for source in line.sources))
            for line in (*told.deciding, *told.rivals)
        ),
    )  # fmt: skip


def changes(shown: View, numbers: Numbers) -> tuple[tuple[ChangeLine, ...], str]:
    """Return what happened between two days, site by site, and how many other sites changed."""
    compared = shown.compared
    if compared is None:
        return (), ""
    passages = [
        passage
        for passage in compared.passages
        if passage.after.span.category.value not in shown.state.hidden
    ]
    found = view.lives(shown.ledger, shown.state.knowledge)
    lines = tuple(
        ChangeLine(
            site=passage.site,
            name=shown.ledger.sites[passage.site].short_name,
            before=glyphs.look(found[passage.site], compared.one),
            after=glyphs.look(found[passage.site], compared.other),
            words="; ".join(f"{wording.day_words(step.day)}: {step.phrase}" for step in passage.steps),
            cited=numbers.of(source.source for step in passage.steps for source in step.sources),
        )
        for passage in passages
    )
    more = len(compared.changed) - len(compared.passages)
    return lines, f"and {more:,} more sites" if more > 0 else ""


def rows(
    shown: View, found: Mapping[str, Life], visible: Sequence[str], numbers: Numbers
) -> tuple[tuple[SiteRow, ...], str]:
    """Return the sites that are shown, as rows of a table, and how many others there are."""
    day, narrow = shown.state.as_of, shown.state.knowledge.narrow
    lines = tuple(
        _row(shown.ledger, found[site], day, numbers, narrow=narrow) for site in visible[:MOST_ROWS]
    )
    more = len(visible) - len(lines)
    return lines, f"and {more:,} more sites" if more else ""


def _row(ledger: Ledger, life: Life, day: dt.date, numbers: Numbers, *, narrow: bool) -> SiteRow:
    site, state = ledger.sites[life.site], control.state_on(ledger, life, day)
    return SiteRow(
        site=site.site, name=site.short_name, look=glyphs.look(life, day),
        words=wording.span_words(ledger, life, state.span),
        since=_since(state.span),
        evidence=wording.staleness(life, day, narrow=narrow),
        placed=site.lon is not None, cited=numbers.of(state.sources),
    )  # fmt: skip


def _since(span: Span) -> str:
    if span.since is None or span.category is Category.NOT_SOURCED:
        return ""
    return dates.words(dates.parse(span.since))


def _published(published: Possible | None, words: str) -> str:
    return dates.words(published) if published else words or wording.NOT_RECORDED

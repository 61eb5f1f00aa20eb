"""What is shown: the ledger folded and worded for one view; pure, and the same for screen and export."""

import datetime as dt
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

from components import comparison, hindsight, omission, wording
from components.comparison import Comparison
from components.omission import Omission
from components.site_table import shown_sites
from components.view_state import ViewState
from geodata import control, phases, statements
from geodata.control import Life, Span, State
from geodata.dates import Possible
from geodata.knowledge import EVERYTHING, Knowledge, reporting
from geodata.model import Claim, Grade, Kind, Ledger, Site, Source
from geodata.staleness import STALE_AFTER_DAYS, age, is_stale

BAGHDAD = ZoneInfo("Asia/Baghdad")
LEAST_DAYS = 30
"""The axis is never shorter than this."""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One assertion as the dossier lists it, with every source that makes it."""

    claim: Claim
    claims: tuple[str, ...]
    sources: tuple[Source, ...]
    quotation: str
    quotation_source: Source | None
    role: str  # decides, agrees, rival, refuted, rejected, context, plan, later
    refuted_by: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Face:
    """Days of a stretch that look alike: all stale, drawn pale, or none; percentages as in the stretch."""

    first: dt.date
    left: float
    width: float
    stale: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """One piece of a life strip; `left` and `width` are percentages of the covered time."""

    first: dt.date  # of the span, or of the covered time
    left: float
    width: float
    span: Span
    words: str
    faces: tuple[Face, ...]  # its days in order, cut where the state becomes stale or fresh again

    @property
    def widest(self) -> Face:
        """The face with most room for words."""
        return max(self.faces, key=lambda face: face.width)


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about one site on one day."""

    site: Site
    names: tuple[str, ...]
    name_local: str | None
    state: State
    words: str
    staleness: str
    stale: bool
    strip: tuple[Stretch, ...]
    cursor: float  # where the day stands on the strip, in percent
    deciding: tuple[ClaimLine, ...]
    rivals: tuple[ClaimLine, ...]
    others: tuple[ClaimLine, ...]
    later: tuple[ClaimLine, ...]
    rejected: tuple[ClaimLine, ...]


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One line of the table of sites."""

    site: Site
    state: State
    words: str
    staleness: str
    stale: bool
    evidence: Possible | None  # the latest up to the day
    age: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class View:
    """What one view state shows."""

    ledger: Ledger
    state: ViewState
    first: dt.date
    today: dt.date
    caption: str
    rows: tuple[SiteRow, ...]  # of a large ledger those the table shows
    progress: tuple[phases.Progress, ...]
    said: tuple[statements.Said, ...]
    dossier: Dossier | None
    otherwise: State | None
    """The selected site's state by the other clock: as known today, or as reported by the day; None where both agree."""
    compared: Comparison | None
    omitted: Omission | None


def today(now: dt.datetime | None = None) -> dt.date:
    """Return the date in Baghdad; `now` is a moment with a time zone."""
    return (now or dt.datetime.now(BAGHDAD)).astimezone(BAGHDAD).date()


def first_day(ledger: Ledger, now: dt.date) -> dt.date:
    """Return the first day of the axis: New Year of the year in which the first phase, or the evidence, begins.

    The axis always has some length before `now`, whatever the ledger says of the future.
    """
    starts = [phase.start.earliest for phase in ledger.phases.values()]
    starts = starts or [c.occurred.earliest for c in ledger.claims if c.grade is not Grade.REJECTED]
    return min([*starts, now - dt.timedelta(days=LEAST_DAYS)]).replace(month=1, day=1)


FOLDING = threading.RLock()
"""Two who ask the same question at once wait for one fold instead of making two."""


def lives(ledger: Ledger, knowledge: Knowledge = EVERYTHING) -> Mapping[str, Life]:
    """Return the folded ledger; kept, since many readers ask the same."""
    with FOLDING:
        return _lives(ledger, knowledge)


@lru_cache(maxsize=16)
def _lives(ledger: Ledger, knowledge: Knowledge) -> Mapping[str, Life]:
    return control.lives(ledger, knowledge)


def build(ledger: Ledger, state: ViewState, *, now: dt.date) -> View:
    """Return all that a view state shows; `now` is today in Baghdad."""
    knowledge = state.knowledge
    found, first = lives(ledger, knowledge), first_day(ledger, now)
    left_out = knowledge.left_out(ledger)
    shown = shown_sites(ledger, found, state.as_of, state.site)
    rows = tuple(_row(ledger, found[site], state) for site in shown)
    life = found.get(state.site or "")
    dossier = _dossier(ledger, life, state, first, now) if life else None
    return View(
        ledger=ledger,
        state=state,
        first=first,
        today=now,
        caption=caption(state),
        rows=rows,
        progress=phases.progress(ledger, found, state.as_of, state.known_on, left_out),
        said=statements.said_by(ledger, state.as_of, state.known_on, left_out),
        dossier=dossier,
        otherwise=_otherwise(ledger, life, state) if life else None,
        compared=comparison.compare(ledger, found, state.compare, state.as_of) if state.compare else None,
        omitted=omission.omit(
            ledger,
            lives(ledger, Knowledge(knowledge.known_on, knowledge.each_day)),
            found,
            knowledge,
            state.as_of,
        )
        if left_out
        else None,
    )


def _otherwise(ledger: Ledger, life: Life, state: ViewState) -> State | None:
    """Return the site's state by the other clock, None where both show the same category."""
    known_on = state.as_of if state.known_on is None else None
    other = hindsight.life(ledger, life.site, replace(state.knowledge, known_on=known_on, each_day=False))
    on_day = control.state_on(ledger, other, state.as_of)
    return on_day if on_day.span.category is not life.at(state.as_of).category else None


def caption(state: ViewState) -> str:
    """Return the view in words: the one caption for title, legend, file name and slide."""
    words = wording.day_words(state.as_of)
    if state.compare is not None:
        one, other = sorted((state.compare, state.as_of))
        words = f"{wording.day_words(one)} and {wording.day_words(other)} compared"
    if state.knowledge.each_day:
        words += ", as our sources had reported by that day"
    elif state.known_on is not None:
        words += f", as our sources had reported by {wording.day_words(state.known_on)}"
    if state.knowledge.without or state.knowledge.without_grades:
        words += ", without some sources"
    return words


def _row(ledger: Ledger, life: Life, state: ViewState) -> SiteRow:
    on_day, last = control.state_on(ledger, life, state.as_of), life.last_evidence(state.as_of)
    return SiteRow(
        site=ledger.sites[life.site],
        state=on_day,
        words=wording.span_words(ledger, life, on_day.span),
        staleness=wording.staleness(life, state.as_of, narrow=state.knowledge.narrow),
        stale=is_stale(life, state.as_of),
        evidence=last.occurred if last else None,
        age=age(last.occurred.last, state.as_of) if last else "",
        hidden=on_day.span.category.value in state.hidden,
    )


def _dossier(ledger: Ledger, life: Life, state: ViewState, first: dt.date, now: dt.date) -> Dossier:
    site, on_day = ledger.sites[life.site], control.state_on(ledger, life, state.as_of)
    total = (now - first).days + 1
    strip = tuple(
        Stretch(
            first=(begin := max(span.first, first)),
            left=100 * (begin - first).days / total,
            width=100 * ((min(span.last, now) - begin).days + 1) / total,
            span=span,
            words=wording.span_words(ledger, life, span),
            faces=tuple(
                Face(one, 100 * (one - first).days / total, 100 * ((last - one).days + 1) / total, stale)
                for one, last, stale in freshness(life, begin, min(span.last, now))
            ),
        )
        for span in life.spans
        if span.first <= now and span.last >= first
    )
    lines = _lines(ledger, life, on_day, state)
    pick = {
        role: tuple(line for line in lines if line.role == role) for role in {line.role for line in lines}
    }
    names = [name for name in ledger.site_names if name.site == site.site]
    return Dossier(
        site=site,
        names=tuple(
            name.name + (f" ({name.note})" if name.note and not state.knowledge.narrow else "")
            for name in names
            if name.script == "Latn"
        ),
        name_local=next((name.name for name in names if name.script == "Arab"), None),
        state=on_day,
        words=wording.span_words(ledger, life, on_day.span),
        staleness=wording.staleness(life, state.as_of, narrow=state.knowledge.narrow),
        stale=is_stale(life, state.as_of),
        strip=strip,
        cursor=100 * (state.as_of - first).days / total,
        deciding=_told((*pick.get("decides", ()), *pick.get("agrees", ()))),
        rivals=_told((*pick.get("rival", ()), *pick.get("refuted", ()))),
        others=tuple(line for line in lines if line.role in ("earlier", "context", "plan")),
        later=pick.get("later", ()),
        rejected=pick.get("rejected", ()),
    )


def freshness(life: Life, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date, bool]]:
    """Yield the days from `first` to `last` in runs that are all stale or all not: first day, last day, whether stale."""
    # That changes only with a span, with evidence or a report of it, and the stated age after evidence.
    after = dt.timedelta(days=STALE_AFTER_DAYS + 1)
    days = {claim.occurred.last for claim in life.evidence}
    days |= {day + after for day in days if day <= last - after}
    days |= {day for day, _ in life.learned} | {span.first for span in life.spans}
    begin, before = first, is_stale(life, first)
    for day in sorted(day for day in days if first < day <= last):
        stale = is_stale(life, day)
        if stale is not before:
            yield begin, day - dt.timedelta(days=1), before
            begin, before = day, stale
    yield begin, last, before


def _lines(ledger: Ledger, life: Life, on_day: State, state: ViewState) -> list[ClaimLine]:
    counting = reporting(ledger, state.known_on, state.knowledge.left_out(ledger))
    about = [
        c
        for c in hindsight.claims_about(ledger, life.site)
        if c.source in counting and (c.kind is not Kind.GENERAL or c in life.evidence)
    ]
    groups: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in about:
        groups.setdefault((claim.occurred.text, claim.text, claim.kind.value), []).append(claim)
    refuted = dict(on_day.span.refuted)
    last = life.last_evidence(state.as_of)
    lines = []
    for group in groups.values():
        quoting = next((c for c in group if c.quotation), None)
        lines.append(
            ClaimLine(
                claim=group[0], claims=tuple(c.claim for c in group), sources=tuple(ledger.sources[c.source] for c in group),
                quotation=quoting.quotation if quoting else "", quotation_source=ledger.sources[quoting.source] if quoting else None,
                role=_role(ledger, group, on_day, state.as_of, last), refuted_by=tuple(ledger.claim[by] for by in sorted({by for c in group for by in refuted.get(c.claim, ())})),
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (line.claim.occurred.last, line.claims), reverse=True)


def _told(lines: Sequence[ClaimLine]) -> tuple[ClaimLine, ...]:
    """Return lines in the order in which things happened; what is said of no site in particular stands last."""
    return tuple(
        sorted(
            lines, key=lambda line: (line.claim.kind is Kind.GENERAL, line.claim.occurred.last, line.claims)
        )
    )


def _role(ledger: Ledger, group: list[Claim], on_day: State, day: dt.date, last: Claim | None) -> str:
    """Return what an assertion does on the day: the first rule that fits."""
    span, claim, ids = on_day.span, group[0], {claim.claim for claim in group}
    # A promise stands on the day it was published, not on its deadline.
    published = ledger.sources[claim.source].published if claim.kind is Kind.PLAN else None
    said = (published or claim.occurred).last
    rules = (
        (claim.grade is Grade.REJECTED, "rejected"),
        (bool(ids & dict(span.refuted).keys()), "refuted"),
        (bool(ids & {*span.decided_by}), "decides"),
        (bool(ids & {*span.rivals}), "rival"),
        (last is not None and last.claim in ids, "agrees"),
        (said > day, "later"),
        (claim.kind is Kind.PLAN, "plan"),
        (claim.to_controller is None, "context"),
    )
    return next((role for fits, role in rules if fits), "earlier")

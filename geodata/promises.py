"""What was promised by when, in whose words, and what became of it by a day.

A commitment gathers the rows that the ledger itself ties together: the plans of one phase, or the plans of one event
about the same sites. The words of an article or a milestone join a plan that the same source makes with the same date
and the same words; where they fit none, or several, they stand for themselves. What was promised counts as delivered
only where a source says so, never because nobody spoke.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from geodata import phases
from geodata.control import Category, Held, Life, Span, category_of
from geodata.dates import Possible
from geodata.knowledge import corrected, reporting
from geodata.model import Claim, Grade, Kind, Ledger, Phase

HOSTING = frozenset({Category.COALITION_FEDERAL, Category.COALITION_KURDISTAN})
"""What a phase promises to end at its sites where no plan says it: they were hosting on its first day."""

DAY = dt.timedelta(days=1)


class Standing(StrEnum):
    """What a wording is to its commitment, the one that drives first."""

    PRIMARY = "primary"  # the primary text of a phase
    ONLY = "only"  # a plan beside which the ledger knows no primary text
    RECORDED = "recorded"  # the promised end of a phase that no plan carries
    TOLD = "told"  # words of an article or a milestone that belong to no plan, or to several
    RIVAL = "rival"  # another wording of the deadline
    CORRECTED = "corrected"  # a row that a later row corrects
    REJECTED = "rejected"  # found and rejected


VOID = (Standing.CORRECTED, Standing.REJECTED)
"""Wordings that are listed and measure nothing."""

ORDER = {standing: place for place, standing in enumerate(Standing)}


class Delivery(StrEnum):
    """What became of a deadline by a day."""

    NOT_MADE = "not-made"  # no source that counts had published it by the day
    RUNNING = "running"  # the deadline has not passed
    KEPT = "kept"
    LATE = "late"
    UNCERTAIN = "uncertain"  # delivered or changing hands, and reports differ on which side of the deadline
    OPEN = "open"  # passed; sources say that it had not happened by then, and none that it had by the day
    NOT_SOURCED = "not-sourced"  # passed, and no source says what happened
    VOID = "void"  # corrected or rejected


@dataclass(frozen=True, slots=True)
class Wording:
    """One source's wording of a deadline, with every row of the ledger that carries it."""

    rows: tuple[str, ...]
    standing: Standing
    deadline: Possible
    asserted_by: str  # empty where the ledger does not say who
    sources: tuple[str, ...]
    published: Possible | None  # None where not recorded
    text: str
    quotation: str
    language: str
    sites: tuple[str, ...]  # those it is about
    ends: Category | None  # what it promises to end there
    weak: bool
    note: str


@dataclass(frozen=True, slots=True)
class End:
    """The day on which what was promised to end was over: one of the days from `first` to `last`."""

    first: dt.date | None  # None where only the latest possible day is known
    last: dt.date
    claims: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    general: bool = False  # only a general statement says so
    weak: bool = False


@dataclass(frozen=True, slots=True)
class AtSite:
    """One site that a commitment is about, on one day."""

    site: str
    span: Span
    end: End | None  # once the day has reached it
    still: (
        dt.date | None
    )  # where the old state holds on the day: the last day up to it for which that is sourced
    changing: bool = False  # the change is sourced, and the day may be before or after it


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one deadline by a day, in days; None where the days are not known or do not apply."""

    delivery: Delivery
    left: int | None = None  # to the deadline's last day
    past: int | None = None  # since the deadline's last day, while nothing is delivered
    slippage: tuple[int | None, int] | None = (
        None  # from the deadline's last day to the delivery; negative if early
    )


@dataclass(frozen=True, slots=True)
class Commitment:
    """One commitment on one day; `wordings` begin with the one that drives."""

    key: str  # the phase, or the first row
    phase: Phase | None
    progress: phases.Progress | None
    wordings: tuple[Wording, ...]
    outcomes: tuple[Outcome, ...]  # one for each wording
    made: Possible | None  # the earliest publication; None where not recorded
    begun: dt.date | None  # the first day on which it can be drawn: made, or the start of its phase
    end: End | None
    sites: tuple[AtSite, ...]
    same_words: tuple[
        str, ...
    ] = ()  # the commitments whose plans carry the same words, where they are several
    withheld: int = 0  # wordings that do not count: their source is left out or had not reported by then

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows of the ledger that it gathers, the phase's own among them where it promises an end."""
        own = (self.phase.phase,) if self.phase and self.phase.planned_end else ()
        return tuple(dict.fromkeys([*own, *(row for wording in self.wordings for row in wording.rows)]))

    @property
    def outcome(self) -> Outcome:
        """What became of the deadline that drives."""
        return self.outcomes[0]

    @property
    def deadline(self) -> Possible:
        """The deadline that drives."""
        return self.wordings[0].deadline


def commitments(
    ledger: Ledger,
    lives: Mapping[str, Life],
    day: dt.date,
    known_on: dt.date | None = None,
    without: frozenset[str] = frozenset(),
) -> tuple[Commitment, ...]:
    """Return every commitment with a date as it stood on `day`, the earliest deadline first.

    `lives` is the ledger folded by the same knowledge. A wording counts only if its source is neither left out nor
    later than `known_on`; a commitment of which no wording counts is not known.
    """
    sources = reporting(ledger, known_on, without)
    gone = corrected(ledger, sources)
    progress = {p.phase.phase: p for p in phases.progress(ledger, lives, day, known_on, without)}
    found = []
    for group in _groups(ledger):
        counted = tuple(_standing(w, gone) for w in group.wordings if sources.issuperset(w.sources))
        if counted:
            here = progress.get(group.phase.phase) if group.phase else None
            withheld = len(group.wordings) - len(counted)
            found.append(_on(ledger, lives, day, sources, group, _ordered(counted), here, withheld))
    return tuple(sorted(found, key=lambda c: (c.deadline.last, c.key)))


@lru_cache(maxsize=4)
def promised(ledger: Ledger) -> frozenset[str]:
    """Return the sites that a commitment or a phase is about."""
    named = {site for group in _groups(ledger) for wording in group.wordings for site in wording.sites}
    return frozenset(
        (named | {s for phase in ledger.phases.values() for s in phase.sites}) & ledger.sites.keys()
    )


def _standing(wording: Wording, gone: frozenset[str]) -> Wording:
    if wording.standing is not Standing.REJECTED and wording.rows[0] in gone:
        return replace(wording, standing=Standing.CORRECTED)
    return wording


def _ordered(wordings: Iterable[Wording]) -> tuple[Wording, ...]:
    """Return the wordings with the one that drives first; among equals the earliest deadline drives."""
    return tuple(sorted(wordings, key=lambda w: (ORDER[w.standing], w.deadline.last, w.rows)))


@dataclass(frozen=True, slots=True)
class _Group:
    """The rows of one commitment, whatever counts."""

    key: str
    phase: Phase | None
    wordings: tuple[Wording, ...]
    same_words: tuple[str, ...] = ()


Where = tuple[str, ...]
"""What ties the rows of one commitment together: a phase, or an event and its sites."""


class _Words(NamedTuple):
    """Words of an article or a milestone about a deadline."""

    row: str
    source: str
    deadline: Possible
    text: str
    quotation: str
    grade: Grade


def _words(ledger: Ledger) -> Iterator[_Words]:
    for said in ledger.dated_statements:
        if said.kind == "deadline":
            yield _Words(
                said.dated_statement, said.source, said.occurred, said.text, said.quotation, Grade.VERIFIED
            )
    for item in ledger.milestones:
        if item.kind == "deadline":
            yield _Words(item.milestone, item.source, item.occurred, item.text, item.quotation, item.grade)


@lru_cache(maxsize=4)
def _groups(ledger: Ledger) -> tuple[_Group, ...]:
    """Return the commitments of a ledger, each with all its wordings."""
    plans: dict[Where, list[Wording]] = {}
    dated: dict[tuple[str, str], list[tuple[Where, int]]] = defaultdict(list)
    for claim in ledger.claims:
        if claim.kind is Kind.PLAN:
            about = tuple(dict.fromkeys([*([claim.site] if claim.site else []), *claim.scope]))
            phase = claim.phase in ledger.phases
            where = (
                ("phase", claim.phase) if phase else ("event", *(claim.event or [claim.claim]), "at", *about)
            )
            wordings = plans.setdefault(where, [])
            dated[claim.source, claim.occurred.text].append((where, len(wordings)))
            wordings.append(_planned(ledger, claim, about))
    alone: list[tuple[Wording, set[Where]]] = []
    for words in _words(ledger):
        fitting = [
            (where, place)
            for where, place in dated[words.source, words.deadline.text]
            if _same(words.quotation, plans[where][place].quotation)
        ]
        wheres = {where for where, _ in fitting}
        if len(wheres) == 1:
            where, place = fitting[0]
            plans[where][place] = _joined(plans[where][place], words)
        else:
            alone.append((_told(ledger, words), wheres))
    return _drawn_up(ledger, plans, alone)


def _drawn_up(
    ledger: Ledger, plans: Mapping[Where, list[Wording]], alone: list[tuple[Wording, set[Where]]]
) -> tuple[_Group, ...]:
    found: list[_Group] = []
    keys: dict[Where, str] = {}
    for phase in ledger.phases.values():
        wordings = plans.get(("phase", phase.phase), [])
        if phase.planned_end and not any(w.deadline == phase.planned_end for w in wordings):
            wordings = [*wordings, _recorded(phase, phase.planned_end, ledger.sites)]
        if wordings:
            found.append(_Group(phase.phase, phase, tuple(wordings)))
            keys["phase", phase.phase] = phase.phase
    for where, wordings in plans.items():
        if where[0] != "phase":
            keys[where] = wordings[0].rows[0]
            found.append(_Group(keys[where], None, tuple(wordings)))
    for told, wheres in alone:
        same = tuple(sorted(keys[where] for where in wheres))
        found.append(_Group(told.rows[0], None, (told,), same))
    return tuple(found)


def _same(one: str, other: str) -> bool:
    """Tell whether two quotations are the same words, one perhaps cut shorter; no words are the same as none."""
    return bool(one and other) and (one in other or other in one)


def _planned(ledger: Ledger, claim: Claim, about: tuple[str, ...]) -> Wording:
    named = {"yes": Standing.PRIMARY, "no": Standing.RIVAL}.get(claim.primary, Standing.ONLY)
    before = (
        category_of(Held(claim.from_controller, claim.from_coalition))
        if claim.from_controller and claim.from_coalition
        else None
    )
    return Wording(
        rows=(claim.claim,), standing=Standing.REJECTED if claim.grade is Grade.REJECTED else named,
        deadline=claim.occurred, asserted_by=claim.asserted_by, sources=(claim.source,),
        published=ledger.sources[claim.source].published, text=claim.text, quotation=claim.quotation,
        language=claim.quotation_language, sites=about, ends=before, weak=claim.grade is Grade.WEAK, note=claim.note,
    )  # fmt: skip


def _recorded(phase: Phase, deadline: Possible, known: Container[str]) -> Wording:
    """Return the promised end that only the row of the phase carries; it rests on all sources of the phase."""
    return Wording(
        rows=(phase.phase,), standing=Standing.RECORDED, deadline=deadline, asserted_by="", sources=phase.sources,
        published=None, text=phase.planned_end_words, quotation="", language="",
        sites=tuple(site for site in phase.sites if site in known), ends=None, weak=False, note="",
    )  # fmt: skip


def _told(ledger: Ledger, words: _Words) -> Wording:
    source = ledger.sources[words.source]
    return Wording(
        rows=(words.row,), standing=Standing.REJECTED if words.grade is Grade.REJECTED else Standing.TOLD,
        deadline=words.deadline, asserted_by="", sources=(words.source,), published=source.published, text=words.text,
        quotation=words.quotation, language=source.language, sites=(), ends=None, weak=words.grade is Grade.WEAK, note="",
    )  # fmt: skip


def _joined(wording: Wording, words: _Words) -> Wording:
    """Return the wording with another row that carries it, in the longer of both quotations."""
    longer = max(wording.quotation, words.quotation, key=len)
    return replace(wording, rows=(*wording.rows, words.row), quotation=longer)


def _on(  # noqa: PLR0913, PLR0917 - one argument for each thing an outcome follows from
    ledger: Ledger,
    lives: Mapping[str, Life],
    day: dt.date,
    sources: frozenset[str],
    group: _Group,
    wordings: tuple[Wording, ...],
    progress: phases.Progress | None,
    withheld: int,
) -> Commitment:
    phase, counting = group.phase, [w for w in wordings if w.standing not in VOID] or list(wordings)
    published = [w.published for w in wordings if w.published]
    made = min(published, key=lambda p: (p.earliest, p.last)) if published else None
    start = phase.start.earliest if phase and progress and progress.started else None
    begun = min((d for d in (made and made.earliest, start) if d), default=None)
    # Words may be published after the deadline they tell of: what they promise to end is looked for before it.
    since = min(
        [d for d in (begun, phase and phase.start.earliest) if d] + [w.deadline.earliest for w in counting]
    )
    until = max(w.deadline.last for w in counting)
    ends = frozenset(w.ends for w in counting if w.ends) or HOSTING
    named = dict.fromkeys(site for w in counting for site in w.sites)
    sites = tuple(
        _at(ledger, lives[site], day, ends, since, until)
        for site in named
        if site in lives and any(w.ends or w.standing is Standing.RECORDED for w in counting)
    )
    end, told_later = _delivered(phase, progress, sources, sites, day)
    unmade = made.earliest > day if made else start is None and phase is not None
    return Commitment(
        key=group.key, phase=phase, progress=progress, wordings=wordings,
        outcomes=tuple(_outcome(w, day, end, sites, unmade=unmade, told_later=told_later) for w in wordings),
        made=made, begun=begun, end=None if unmade else end, sites=sites, same_words=group.same_words, withheld=withheld,
    )  # fmt: skip


def _delivered(
    phase: Phase | None,
    progress: phases.Progress | None,
    sources: frozenset[str],
    sites: tuple[AtSite, ...],
    day: dt.date,
) -> tuple[End | None, bool]:
    """Return when a commitment was delivered, and whether a source that counts dates that after `day`.

    A phase is over when a source says so of the phase; a plan about sites, when it is over at each of them.
    """
    if phase:
        if progress and progress.done:
            return End(progress.done.first, progress.done.last, sources=(phase.done_source,)), False
        return None, bool(phase.done and phase.done_source in sources and phase.done.earliest > day)
    ends = [at.end for at in sites if at.end]
    if not ends or len(ends) < len(sites):
        return None, False
    firsts = [end.first for end in ends if end.first]
    return End(
        first=max(firsts) if len(firsts) == len(ends) else None, last=max(end.last for end in ends),
        claims=tuple(dict.fromkeys(claim for end in ends for claim in end.claims)),
        sources=tuple(dict.fromkeys(source for end in ends for source in end.sources)),
        general=any(end.general for end in ends), weak=any(end.weak for end in ends),
    ), False  # fmt: skip


def _outcome(  # noqa: PLR0911, PLR0913 - one argument for each thing an outcome follows from, one end for each kind
    wording: Wording,
    day: dt.date,
    end: End | None,
    sites: tuple[AtSite, ...],
    *,
    unmade: bool,
    told_later: bool,
) -> Outcome:
    """Return what became of one wording's deadline by `day`."""
    last = wording.deadline.last
    if wording.standing in VOID:
        return Outcome(Delivery.VOID)
    if unmade:
        return Outcome(Delivery.NOT_MADE)
    if end:
        slip = (end.first - last).days if end.first else None, (end.last - last).days
        if slip[1] <= 0:
            return Outcome(Delivery.KEPT, slippage=slip)
        late = slip[0] is not None and slip[0] > 0
        return Outcome(Delivery.LATE if late else Delivery.UNCERTAIN, slippage=slip)
    if day <= last:
        return Outcome(Delivery.RUNNING, left=(last - day).days)
    if told_later or any(at.still and at.still > last for at in sites):
        return Outcome(Delivery.OPEN, past=(day - last).days)
    changing = any(at.changing for at in sites)
    return Outcome(Delivery.UNCERTAIN if changing else Delivery.NOT_SOURCED, past=(day - last).days)


def _at(  # noqa: PLR0913, PLR0917 - the arguments are the question
    ledger: Ledger, life: Life, day: dt.date, ends: frozenset[Category], since: dt.date, until: dt.date
) -> AtSite:
    span = life.at(day)
    end, told = _ending(ledger, life, ends, since, until)
    if end and end.last <= day:
        return AtSite(life.site, span, end, None)
    changing = (
        span.category is Category.CHANGING_HANDS and span.was is not None and category_of(span.was) in ends
    )
    holds = told is not None and (changing or span.category in ends)
    return AtSite(life.site, span, None, min(told, day) if told and holds else None, changing=changing)


def _ending(
    ledger: Ledger, life: Life, ends: frozenset[Category], since: dt.date, until: dt.date
) -> tuple[End | None, dt.date | None]:
    """Return when a state was first over that held on a day from `since` to `until`, and its last sourced day.

    It is over from the day on which a source puts another state in its place; where no source dates the change, on
    any day after the last evidence of the old state. A silence ends nothing.
    """
    there: dt.date | None = None  # the last day on which the state holds
    told: dt.date | None = None  # the last day of which a source tells of it
    changing: tuple[str, ...] = ()
    for span in life.spans[bisect_left(life.spans, since, key=attrgetter("last")) :]:
        if there is None and span.category not in ends:
            if span.first > until:
                break
            continue
        eve = there if there and there == span.first - DAY else told
        if span.category in ends:
            if there is None and span.first > until:
                break
            there, told, changing = span.last, _last_told(life, span) or told, ()
        elif span.category is Category.CHANGING_HANDS:
            told, changing = eve, span.decided_by
        elif span.category is not Category.NOT_SOURCED and there:
            claims = tuple(dict.fromkeys([*changing, *span.decided_by]))
            sources = tuple(dict.fromkeys(ledger.claim[claim].source for claim in claims))
            first = there + DAY
            return End(first, span.first, claims, sources, general=span.general, weak=span.weak), eve
    return None, told


def _last_told(life: Life, span: Span) -> dt.date | None:
    """Return the last day in a span of which a claim tells."""
    upto = bisect_right(life.evidence, span.last, key=lambda claim: claim.occurred.last)
    last = life.evidence[upto - 1].occurred.last if upto else None
    return last if last and last >= span.first else None

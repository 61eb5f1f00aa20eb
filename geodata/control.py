"""Who held which site on which day: the fold of claims into states.

    control = f(evidence, as_of, known_on, sources left out)

One function, `lives`, folds a ledger into each site's whole life as spans; `control_at` reads one day off
them. Nothing here knows the order of the rows. The rules and their reasons stand in docs/rules-of-the-fold.md.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations, product
from operator import itemgetter
from typing import Any, NamedTuple

from geodata import dates
from geodata.knowledge import EVERYTHING, Knowledge
from geodata.model import Basis, Claim, Coalition, Controller, Grade, Kind, Ledger, Region

CARRY_YEARS = 2
"""How many years a presence is carried beyond its last evidence; an ended presence holds without limit."""

FIRST_DAY, LAST_DAY = dt.date.min.toordinal(), dt.date.max.toordinal()


class Category(StrEnum):
    """What a marker shows."""

    COALITION_FEDERAL = "coalition-federal"
    COALITION_KURDISTAN = "coalition-kurdistan"
    CHANGING_HANDS = "changing-hands"
    IRAQI_FORCES = "iraqi-forces"
    KURDISTAN_FORCES = "kurdistan-forces"
    ISLAMIC_STATE = "islamic-state"
    NOT_SOURCED = "not-sourced"


class Reason(StrEnum):
    """Why a span shows what it shows."""

    CLAIMS = "claims"  # claims decide it
    CHANGING = "changing"  # a change whose day is uncertain or disputed
    BEFORE_FIRST = "before-first"  # no source speaks yet
    GAP = "gap"  # the next claim says otherwise, and no change is dated
    CARRIED_OUT = "carried-out"  # a presence whose last evidence is too old
    DEADLINE = "deadline"  # a promised end has passed and nobody says what happened
    CONTRADICTION = "contradiction"  # claims of one day contradict each other


class Held(NamedTuple):
    """Controller and coalition of one site on one day."""

    controller: Controller
    coalition: Coalition


UNKNOWN = Held(Controller.UNKNOWN, Coalition.UNKNOWN)


def _category(controller: Controller, coalition: Coalition) -> Category:
    hosting = coalition in (Coalition.PRESENT, Coalition.RESIDUAL)
    if controller is Controller.ISLAMIC_STATE:
        return Category.NOT_SOURCED if hosting else Category.ISLAMIC_STATE
    table = {
        (Controller.IRAQI_FEDERAL, True): Category.COALITION_FEDERAL,
        (Controller.KURDISTAN_REGION, True): Category.COALITION_KURDISTAN,
        (Controller.IRAQI_FEDERAL, False): Category.IRAQI_FORCES,
        (Controller.KURDISTAN_REGION, False): Category.KURDISTAN_FORCES,
    }
    known = coalition is not Coalition.UNKNOWN
    return table.get((controller, hosting), Category.NOT_SOURCED) if known else Category.NOT_SOURCED


CATEGORIES = {Held(*both): _category(*both) for both in product(Controller, Coalition)}


def category_of(held: Held) -> Category:
    """Return the category that follows from controller and coalition alone."""
    return CATEGORIES[held]


class Span(NamedTuple):
    """A stretch of a site's life in which nothing changes; `first` and `last` are both in it.

    A tuple, since a large ledger makes a million of them.
    """

    first: dt.date
    last: dt.date
    held: Held
    category: Category
    reason: Reason
    was: Held | None = None  # for changing-hands: the state before
    becoming: Held | None = None  # for changing-hands: the state after
    since: str | None = None  # EDTF
    basis: Basis | None = None
    weak: bool = False
    general: bool = False  # only a general statement decides it
    decided_by: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    refuted: tuple[tuple[str, tuple[str, ...]], ...] = ()  # rivals that do not count, and what refutes each


def _at(spans: Sequence[Span], day: dt.date) -> Span:
    return spans[bisect_right(spans, day, key=itemgetter(0)) - 1]


@dataclass(frozen=True, slots=True)
class Life:
    """One site's spans, from the first day to the last without a gap, and its evidence in order of days.

    Where each day counts only what had been reported by then, a span ends when a report changes what is known,
    and `learned` holds the evidence as it grew: from which day on which claims were known.
    """

    site: str
    spans: tuple[Span, ...]
    evidence: tuple[Claim, ...]
    learned: tuple[tuple[dt.date, tuple[Claim, ...]], ...] = ()

    def at(self, day: dt.date) -> Span:
        """Return the span that holds `day`."""
        return _at(self.spans, day)

    def known(self, day: dt.date) -> tuple[Claim, ...]:
        """Return the evidence that counts for a reader of `day`, that about later days included."""
        if not self.learned:
            return self.evidence
        return self.learned[bisect_right(self.learned, day, key=itemgetter(0)) - 1][1]

    def last_evidence(self, day: dt.date | None = None) -> Claim | None:
        """Return the latest evidence up to `day`, or of all."""
        if day is None:
            return self.evidence[-1] if self.evidence else None
        known = self.known(day)
        upto = bisect_right(known, day, key=lambda claim: claim.occurred.last)
        return known[upto - 1] if upto else None


@dataclass(frozen=True, slots=True)
class State:
    """Who held a site on one day, and what says so."""

    site: str
    day: dt.date
    span: Span
    last_evidence: str | None  # EDTF
    sources: tuple[str, ...] = field(default=())


def control_at(  # noqa: PLR0913 - the arguments are the question
    ledger: Ledger,
    as_of: dt.date,
    known_on: dt.date | None = None,
    without: Iterable[str] = (),
    *,
    and_derived: bool = False,
    without_grades: Iterable[str] = (),
) -> tuple[State, ...]:
    """Return the state of every site on `as_of`, sorted by site.

    With `known_on`, only what sources had reported by that day counts. Sources in `without` and those of
    `without_grades` do not count, nor, with `and_derived`, what derives from them. Raises QuestionError for a
    source that is not in the ledger and for a grade other than A to D.
    """
    knowledge = Knowledge(
        known_on,
        without=frozenset(without),
        and_derived=and_derived,
        without_grades=frozenset(without_grades),
    )
    found = lives(ledger, knowledge)
    return tuple(state_on(ledger, found[site], as_of) for site in sorted(found))


def state_on(ledger: Ledger, life: Life, day: dt.date) -> State:
    """Return one site's state on `day`."""
    span, last = life.at(day), life.last_evidence(day)
    deciding = [*span.decided_by, *([last.claim] if last and last.claim not in span.rivals else [])]
    sources = tuple(sorted({ledger.claim[claim].source for claim in deciding}))
    return State(life.site, day, span, last.occurred.text if last else None, sources)


def lives(ledger: Ledger, knowledge: Knowledge = EVERYTHING) -> Mapping[str, Life]:
    """Fold what counts of the ledger into the life of every site.

    With `each_day`, `at(day)` of a life is what `control_at` says of that day, known on that day; only there the
    spans are cut where a report changed what was known.
    """
    counted = _counted(ledger, knowledge)
    by_site: dict[str, list[_Counted]] = defaultdict(list)
    plans: dict[str, list[_Counted]] = defaultdict(list)
    generals: list[_Counted] = []
    for item in counted:
        claim = item.claim
        if claim.kind is Kind.PLAN:
            if claim.primary != "no" and claim.from_controller is not None and claim.grade is Grade.VERIFIED:
                for site in {*claim.scope, *([claim.site] if claim.site else [])}:
                    plans[site].append(item)
        elif claim.kind is Kind.GENERAL:
            generals.append(item)
        elif claim.site and claim.to_controller is not None:
            by_site[claim.site].append(item)
    found = {}
    for name, place in ledger.sites.items():
        about = [] if place.region is Region.DISPUTED else generals
        given = (by_site[name], plans[name], about)
        found[name] = (
            _grown(ledger, name, *given) if knowledge.each_day else _life(ledger, name, *map(_claims, given))
        )
    return found


class _Counted(NamedTuple):
    """A claim that counts, from the day its source reported it to the eve of a report that corrects it; ordinals."""

    claim: Claim
    since: int
    until: int


def _claims(counted: Iterable[_Counted]) -> list[Claim]:
    return [item.claim for item in counted]


def _counted(ledger: Ledger, knowledge: Knowledge) -> list[_Counted]:
    """Return the claims that count, by identifier; those corrected by then are left out unless each day counts."""
    left_out, undated = knowledge.left_out(ledger), not (knowledge.known_on or knowledge.each_day)
    latest = knowledge.known_on.toordinal() if knowledge.known_on else LAST_DAY
    since: dict[str, int] = {}
    for key, source in ledger.sources.items():
        day = source.published.last.toordinal() if source.published else None
        if key not in left_out and (undated or (day is not None and day <= latest)):
            since[key] = FIRST_DAY if day is None else day
    known = [claim for claim in ledger.claims if claim.source in since]
    corrected: dict[str, int] = {}
    for claim in known:
        if claim.supersedes:
            day = since[claim.source] if knowledge.each_day else FIRST_DAY
            corrected[claim.supersedes] = min(day, corrected.get(claim.supersedes, LAST_DAY))
    found = [
        _Counted(claim, since[claim.source], corrected.get(claim.claim, LAST_DAY + 1) - 1)
        for claim in known
        if claim.grade is not Grade.REJECTED
    ]
    return sorted((item for item in found if item.since <= item.until), key=lambda item: item.claim.claim)


def _grown(
    ledger: Ledger, site: str, claims: list[_Counted], plans: list[_Counted], generals: list[_Counted]
) -> Life:
    """Return the life of a site in which each day counts only what had been reported by then.

    What is known of a site changes only on the days of a report about it, so it is folded once for each of them.
    """
    # Before anything is known that happened there, no plan and no general statement reaches the site.
    every = [*claims, *plans, *generals] if claims else []
    days = sorted({FIRST_DAY, *(i.since for i in every), *(i.until + 1 for i in every if i.until < LAST_DAY)})
    spans: list[Span] = []
    learned: list[tuple[dt.date, tuple[Claim, ...]]] = []
    for first, following in zip(days, [*days[1:], LAST_DAY + 1], strict=True):
        life = _life(
            ledger,
            site,
            *([i.claim for i in known if i.since <= first <= i.until] for known in (claims, plans, generals)),
        )
        start, end = dt.date.fromordinal(first), dt.date.fromordinal(following - 1)
        spans += (
            span._replace(first=max(span.first, start), last=min(span.last, end))
            for span in life.spans
            if span.first <= end and span.last >= start
        )
        if not learned or learned[-1][1] != life.evidence:
            learned.append((start, life.evidence))
    return Life(site, tuple(_joined(spans)), learned[-1][1], tuple(learned))


def _life(ledger: Ledger, site: str, claims: list[Claim], plans: list[Claim], generals: list[Claim]) -> Life:
    strong = [claim for claim in claims if claim.grade is Grade.VERIFIED]
    strong += _applying(ledger, strong, [claim for claim in generals if claim.grade is Grade.VERIFIED])
    # A weak claim is still a claim about the site: a promise does not expire over it.
    open_plans = [p for p in plans if not any(c.occurred.earliest > p.occurred.last for c in claims)]
    spans = _spans(ledger, strong, open_plans)
    every = strong
    if any(claim.grade is Grade.WEAK for claim in [*claims, *generals]):
        every = [*claims, *_applying(ledger, claims, generals)]
    if any(claim.grade is Grade.WEAK for claim in every):
        spans = [
            _with_weak_rivals(ledger, span, every) for span in _filled(spans, _spans(ledger, every, plans))
        ]
    evidence = sorted(
        every, key=lambda claim: (claim.occurred.last, claim.grade is Grade.VERIFIED, claim.claim)
    )
    return Life(site, tuple(spans), tuple(evidence))


def _with_weak_rivals(ledger: Ledger, span: Span, claims: list[Claim]) -> Span:
    """Return the span with the weak claims about its transition among the rivals: they do not decide, but are shown."""
    named = {ledger.claim[claim].transition for claim in span.decided_by} - {""}
    weak = {c.claim for c in claims if c.grade is Grade.WEAK and c.transition in named} - {*span.decided_by}
    return span._replace(rivals=tuple(sorted({*span.rivals, *weak}))) if weak and span.since else span


def _applying(ledger: Ledger, claims: list[Claim], generals: list[Claim]) -> list[Claim]:
    """Return the general claims that apply: to a site still carried as hosting on the eve of the statement."""
    applying = []
    for general in generals:
        eve = dt.date.fromordinal(general.occurred.earliest.toordinal() - 1)
        rivals = [c for c in claims if general.transition and c.transition == general.transition]
        before = [c for c in claims if c.occurred.last <= eve and c not in rivals]
        span = next(span for span in _spans(ledger, before, []) if span.first <= eve <= span.last)
        if span.held.controller in general.scope and _hosting(span.held):
            applying.append(general)
    return applying


def _hosting(held: Held) -> bool:
    return held.coalition in (Coalition.PRESENT, Coalition.RESIDUAL)


def _after(claim: Claim) -> Held:
    return Held(claim.to_controller or Controller.UNKNOWN, claim.to_coalition or Coalition.UNKNOWN)


def _before(claim: Claim) -> Held | None:
    if claim.from_controller is None or claim.from_coalition is None:
        return None
    return Held(claim.from_controller, claim.from_coalition)


def _agree(one: Held, other: Held) -> bool:
    """Whether two states are the same to the reader: one category, and where that is not sourced, one state."""
    category = category_of(one)
    return category is category_of(other) and (category is not Category.NOT_SOURCED or one == other)


class _Anchor(NamedTuple):
    """What claims fix on a day: a change that ends on `end`, or an observation made by `end`; days are ordinals."""

    start: int
    end: int
    before: Held | None
    after: Held
    deciding: tuple[Claim, ...]
    agreeing: tuple[Claim, ...]
    rivals: tuple[Claim, ...] = ()
    refuted: tuple[tuple[str, tuple[str, ...]], ...] = ()
    change: bool = False
    contradiction: bool = False


def _anchors(claims: Sequence[Claim]) -> list[_Anchor]:
    changes = [_transition(group, claims) for group in _transitions(claims)]
    ordered = _in_order([change for change in changes if change])
    ends = [a.end for a in ordered]
    loose: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kind is not Kind.OBSERVATION:
            continue
        day = claim.occurred.last.toordinal()
        home = bisect_left(ends, day)
        if home == len(ends) or day < ordered[home].start:
            loose[day].append(claim)
        elif _agree(_after(claim), ordered[home].after):
            ordered[home] = ordered[home]._replace(agreeing=(*ordered[home].agreeing, claim))
        elif claim not in ordered[home].rivals:
            ordered[home] = ordered[home]._replace(rivals=(*ordered[home].rivals, claim))
    return sorted(
        [*ordered, *(_observation(day, group) for day, group in loose.items())], key=lambda a: a.end
    )


def _transitions(claims: Sequence[Claim]) -> Iterator[list[Claim]]:
    groups: dict[object, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kind is not Kind.OBSERVATION:
            same = (claim.occurred.text, _before(claim), _after(claim))  # one change told by several sources
            groups[claim.transition or same].append(claim)
    yield from groups.values()


def _transition(group: list[Claim], claims: Sequence[Claim]) -> _Anchor | None:
    """Return the one change that rival claims are about, its interval widened from the earliest to the latest."""
    name = group[0].transition
    others = [c for c in claims if c.kind is Kind.OBSERVATION and not (name and c.transition == name)]
    refuted = (
        {c.claim: _refuting(c, others, claims) for c in group} if len({c.occurred for c in group}) > 1 else {}
    )
    standing = [c for c in group if not refuted.get(c.claim)]
    if not standing:
        return None
    last = max(c.occurred.last for c in standing)
    deciding = tuple(c for c in standing if c.occurred.last == last)
    before = next((held for c in [*deciding, *standing] if (held := _before(c))), None)
    starts = [c.occurred.first or _open_start(c, before, others) for c in standing]
    incomplete = [c for c in claims if c.kind is Kind.OBSERVATION and name and c.transition == name]
    return _Anchor(
        start=min(starts).toordinal(),
        end=last.toordinal(),
        before=before,
        after=_after(deciding[0]),
        deciding=deciding,
        agreeing=tuple(standing),
        rivals=tuple([c for c in group if c not in deciding] + incomplete),
        refuted=tuple((claim, by) for claim, by in sorted(refuted.items()) if by),
        change=True,
    )


def _refuting(claim: Claim, others: list[Claim], claims: Sequence[Claim]) -> tuple[str, ...]:
    """Return the later evidence of the old state, up to a dated return to it."""
    before = _before(claim)
    if before is None:
        return ()
    returns = [
        c.occurred.last
        for c in claims
        if c.kind is Kind.CHANGE and _agree(_after(c), before) and c.occurred.last > claim.occurred.last
    ]
    until = min(returns, default=dt.date.max)
    return tuple(
        c.claim
        for c in others
        if claim.occurred.last < c.occurred.earliest < until and _agree(_after(c), before)
    )


def _open_start(claim: Claim, before: Held | None, others: list[Claim]) -> dt.date:
    """Return the day after the last evidence of the old state; without any, the last possible day."""
    last = claim.occurred.last
    days = [
        c.occurred.last for c in others if before and c.occurred.last < last and _agree(_after(c), before)
    ]
    return max(days) + dt.timedelta(days=1) if days else last


def _in_order(changes: list[_Anchor]) -> list[_Anchor]:
    """Return the changes in time; a successor does not begin before the day after the change it follows."""
    ordered: list[_Anchor] = []
    for change in sorted(changes, key=lambda a: (a.end, a.start, a.deciding[0].claim)):
        start = max(change.start, ordered[-1].end + 1) if ordered else change.start
        ordered.append(change._replace(start=min(start, change.end)))
    return ordered


def _observation(day: int, group: list[Claim]) -> _Anchor:
    states = sorted({_after(c) for c in group})
    if all(_agree(states[0], other) for other in states):
        first = min(group, key=lambda c: (-STRENGTH[c.basis], c.claim))
        return _Anchor(day, day, None, _after(first), tuple(group), tuple(group))
    controllers = {held.controller for held in states}
    held = Held(controllers.pop() if len(controllers) == 1 else Controller.UNKNOWN, Coalition.UNKNOWN)
    return _Anchor(day, day, None, held, tuple(group), (), contradiction=True)


def _spans(ledger: Ledger, claims: Sequence[Claim], plans: Sequence[Claim]) -> list[Span]:
    """Return the spans of one site, from the first day to the last, as its claims and plans give them."""
    walk = _Walk(ledger)
    for anchor in _anchors(claims):
        walk.reach(anchor)
    walk.carry(plans)
    return _joined(walk.spans)


class _Walk:
    """Lays spans end to end while it walks from one anchor to the next; it lives for one call of `_spans`."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.spans: list[Span] = []
        self.here: _Anchor | None = None
        self.since: str | None = None
        self.run: list[int] = []  # the spans of the present run of one category
        self.agreeing: list[Claim] = []

    def lay(
        self,
        last: int,
        held: Held,
        reason: Reason,
        anchor: _Anchor | None = None,
        *,
        since: str | None = None,
        **more: Any,
    ) -> None:
        """Lay a span from the end of the last one through `last`; nothing where that is already covered."""
        first = self.spans[-1].last.toordinal() + 1 if self.spans else FIRST_DAY
        if last < first:
            return
        decided = tuple(c.claim for c in anchor.deciding) if anchor else ()
        rivals = tuple(sorted({c.claim for c in anchor.rivals})) if anchor and anchor.rivals else ()
        span = Span(
            first=dt.date.fromordinal(first), last=dt.date.fromordinal(last), held=held, category=category_of(held),
            reason=reason, since=since, decided_by=decided, rivals=rivals,
            refuted=anchor.refuted if anchor else (),
        )  # fmt: skip
        self.spans.append(span._replace(**more) if more else span)

    def unknown(self, last: int, reason: Reason, **more: Any) -> None:
        """Lay a span in which no source speaks."""
        self.lay(last, UNKNOWN, reason, **more)

    def hold(self, last: int) -> None:
        """Let the state of the present anchor hold through `last`."""
        here = self.here
        if here is None:
            return
        reason = Reason.CONTRADICTION if here.contradiction else Reason.CLAIMS
        before = len(self.spans)
        self.lay(last, here.after, reason, here, since=self.since)
        self.run += range(before, len(self.spans))

    def reach(self, anchor: _Anchor) -> None:
        """Walk from the present anchor to the next one, up to the eve of the day on which it decides."""
        here = self.here
        if here is None:
            anchor = self.first(anchor)
        elif anchor.change and (anchor.before is None or _agree(here.after, anchor.before)):
            self.hold(anchor.start - 1)
        elif not anchor.change and not anchor.contradiction and _agree(here.after, anchor.after):
            self.hold(anchor.end - 1)
            self.continued(anchor)
            return
        elif anchor.contradiction and any(_agree(here.after, _after(claim)) for claim in anchor.deciding):
            self.hold(anchor.end - 1)
        else:
            sourced = category_of(here.after) is not Category.NOT_SOURCED
            self.hold(here.end if sourced else anchor.start - (2 if anchor.before else 1))
            self.finish()
            self.unknown(anchor.start - (2 if anchor.before else 1), Reason.GAP)
            self.eve(anchor)
        self.finish()
        if anchor.change and anchor.start < anchor.end:
            was = anchor.before or (here.after if here else UNKNOWN)
            standing = tuple(c.claim for c in anchor.agreeing if c.kind is not Kind.OBSERVATION)
            contested = tuple(sorted({c.claim for c in anchor.rivals} - set(standing)))
            self.lay(
                anchor.end - 1, UNKNOWN, Reason.CHANGING, anchor, category=Category.CHANGING_HANDS, was=was,
                becoming=anchor.after, since=dt.date.fromordinal(anchor.start).isoformat(),
                decided_by=standing, rivals=contested,
            )  # fmt: skip
        self.here = anchor
        self.since = anchor.deciding[0].occurred.text
        self.agreeing = list(anchor.agreeing)

    def first(self, anchor: _Anchor) -> _Anchor:
        """Lay what comes before any evidence; a first appearance starts on its latest possible day."""
        appears = anchor.before is None or category_of(anchor.before) is Category.NOT_SOURCED
        if anchor.change and anchor.start < anchor.end and appears:
            anchor = anchor._replace(start=anchor.end, before=None)
        self.unknown(anchor.start - (2 if anchor.before else 1), Reason.BEFORE_FIRST)
        self.eve(anchor)
        return anchor

    def eve(self, anchor: _Anchor) -> None:
        """Lay the eve of a change, of which the change itself is evidence."""
        if anchor.before:
            self.lay(
                anchor.start - 1,
                anchor.before,
                Reason.CLAIMS,
                anchor,
                since=None,
                rivals=(),
                refuted=(),
                basis=_basis(self.ledger, anchor.deciding),
            )

    def continued(self, anchor: _Anchor) -> None:
        """Take up an anchor that agrees with the present one: the run goes on, and what it rests on grows."""
        self.agreeing += anchor.agreeing
        assert self.here is not None  # noqa: S101 - only called between two anchors
        same = anchor.after == self.here.after
        self.here = self.here._replace(end=anchor.end) if same else anchor

    def finish(self) -> None:
        """Close the run of one category: its basis is computed from all that agrees in it."""
        for index in self.run:
            span = self.spans[index]
            decided = [self.ledger.claim[claim] for claim in span.decided_by]
            if span.reason is Reason.CLAIMS:
                general = bool(decided) and all(c.kind is Kind.GENERAL for c in decided)
                self.spans[index] = span._replace(
                    basis=_basis(self.ledger, [*decided, *self.agreeing]), general=general
                )
        self.run, self.agreeing = [], []

    def carry(self, plans: Sequence[Claim]) -> None:
        """Carry the last state on: a presence for two years or to a promised end, anything else without limit."""
        here = self.here
        if here is None:
            self.unknown(LAST_DAY, Reason.BEFORE_FIRST)
            return
        if not _hosting(here.after) and here.after.controller is not Controller.ISLAMIC_STATE:
            self.hold(LAST_DAY)
            self.finish()
            return
        last = dates.plus_years(dt.date.fromordinal(here.end), CARRY_YEARS).toordinal()
        ending = [
            p
            for p in plans
            if (b := _before(p)) and _agree(b, here.after) and here.end <= p.occurred.last.toordinal() < last
        ]
        expiry = min((p.occurred.last.toordinal() for p in ending), default=last)
        self.hold(expiry)
        self.finish()
        passed = tuple(p.claim for p in ending if p.occurred.last.toordinal() == expiry)
        since = dt.date.fromordinal(expiry + 1).isoformat()
        reason = Reason.DEADLINE if passed else Reason.CARRIED_OUT
        self.unknown(LAST_DAY, reason, since=since, decided_by=passed, was=here.after)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Join neighbours that differ only in their days."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1][2:] == span[2:]:
            joined[-1] = joined[-1]._replace(last=span.last)
        else:
            joined.append(span)
    return joined


def _basis(ledger: Ledger, agreeing: Sequence[Claim]) -> Basis:
    """Return the strongest basis, or confirmed where two claims of two sides come from two roots."""
    strong = [claim for claim in agreeing if claim.grade is Grade.VERIFIED]
    for one, other in combinations({(c.party, ledger.root(c.source)) for c in strong}, 2):
        if one[0] != other[0] and one[1] != other[1]:
            return Basis.CONFIRMED
    return max((c.basis for c in strong or agreeing), key=STRENGTH.__getitem__)


STRENGTH = {basis: number for number, basis in enumerate(Basis)}


def _filled(strong: list[Span], every: list[Span]) -> list[Span]:
    """Return the strong spans, with weak evidence let in only where no better evidence speaks."""
    silent = (Reason.BEFORE_FIRST, Reason.GAP, Reason.CARRIED_OUT, Reason.DEADLINE)
    filled: list[Span] = []
    days = sorted({span.first for span in [*strong, *every]})
    for first, following in zip(days, [*days[1:], None], strict=True):
        last = following - dt.timedelta(days=1) if following else dt.date.max
        better, other = _at(strong, first), _at(every, first)
        # A promise that has passed lets a state expire; it does not let a weak claim put another in its place.
        old = category_of(better.was) if better.reason is Reason.DEADLINE and better.was else other.category
        use = other if better.reason in silent and other.category is old else better
        weak = use is other and use.category is not Category.NOT_SOURCED
        filled.append(use._replace(first=first, last=last, weak=weak))
    return _joined(filled)

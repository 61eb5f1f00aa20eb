"""What sources contradict each other about, how independent they are, and what each contradiction changes on the map.

What a position changes is folded, not written by hand: the ledger is folded once more as if the position were right,
and the days on which a site then shows another category are counted. If it is right,

- its own claims count;
- a claim of another position of the same disagreement counts only if both may be true: the day of a change told for
  17 January excludes one told for 18 January, but not the advisers seen on 13 January;
- the deadline it gives stands in the place of the primary text's.

Only sites about which the position has a claim of its own are folded. Words that decide no state, and rejected claims,
change nothing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice

from geodata import control
from geodata.control import Category, Held, Life
from geodata.knowledge import EVERYTHING, Knowledge
from geodata.model import Claim, Grade, Kind, Ledger, Position

MOST_WEIGHED, MOST_SITES = 200, 20
"""How many disagreements are folded, and how many sites of each: more would take longer than a reader waits."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Days without a gap on which a site shows another category if a position is right."""

    site: str
    first: dt.date
    last: dt.date
    shown: Category
    otherwise: Category

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Effect:
    """What one position would change on the map, site by site and in order of days."""

    position: int
    differences: tuple[Difference, ...] = ()
    lives: tuple[Life, ...] = field(default=(), repr=False)
    """Of the sites that differ, as they are."""

    @property
    def days(self) -> int:
        """Days on which a site shows another category, added up over the sites."""
        return sum(difference.days for difference in self.differences)

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites that show another category on some day."""
        return tuple(dict.fromkeys(difference.site for difference in self.differences))

    @property
    def first(self) -> Difference | None:
        """The earliest difference."""
        return min(self.differences, key=lambda difference: difference.first, default=None)


@dataclass(frozen=True, slots=True)
class Touching:
    """The disagreements that touch a claim, a site or a phase, by its identifier."""

    claims: Mapping[str, tuple[str, ...]]
    sites: Mapping[str, tuple[str, ...]]
    phases: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=4)
def touching(ledger: Ledger) -> Touching:
    """Return which disagreements touch what; identifiers that none touches are not in it."""
    claims: dict[str, dict[str, None]] = defaultdict(dict)
    sites: dict[str, dict[str, None]] = defaultdict(dict)
    phases: dict[str, dict[str, None]] = defaultdict(dict)
    for row in ledger.disagreements.values():
        for found, keys in ((sites, row.sites), (phases, row.phases)):
            for key in keys:
                found[key][row.disagreement] = None
    for position in ledger.positions:
        for claim in position.claims:
            claims[claim][position.disagreement] = None
    return Touching(*({key: tuple(ids) for key, ids in found.items()} for found in (claims, sites, phases)))


@lru_cache(maxsize=4)
def positions(ledger: Ledger) -> Mapping[str, tuple[Position, ...]]:
    """Return the positions of every disagreement, by their numbers."""
    found: dict[str, list[Position]] = {key: [] for key in ledger.disagreements}
    for position in sorted(ledger.positions, key=lambda position: position.position):
        found[position.disagreement].append(position)
    return {key: tuple(rows) for key, rows in found.items()}


def holders(ledger: Ledger, position: Position) -> tuple[str, ...]:
    """Return the sources that hold a position: those recorded, and those of the claims that state it."""
    return tuple(
        dict.fromkeys((*position.sources, *(ledger.claim[claim].source for claim in position.claims)))
    )


def roots(ledger: Ledger, sources: Iterable[str]) -> tuple[str, ...]:
    """Return the origins that sources go back to: an agency and the outlets that carry it are one."""
    return tuple(dict.fromkeys(ledger.root(source) for source in sources))


def greatest(effects: Sequence[Effect]) -> Effect:
    """Return the effect of the position that changes most; of equals the first."""
    return max(effects, key=lambda effect: effect.days, default=Effect(0))


def effects(
    ledger: Ledger, knowledge: Knowledge = EVERYTHING, *, until: dt.date
) -> Mapping[str, tuple[Effect, ...]]:
    """Return for every disagreement what each of its positions changes, on days through `until`.

    Of a large ledger only the first `MOST_WEIGHED` disagreements are folded; the others are not in the answer.
    """
    return _effects(ledger, knowledge, until)


@lru_cache(maxsize=16)
def _effects(ledger: Ledger, knowledge: Knowledge, until: dt.date) -> Mapping[str, tuple[Effect, ...]]:
    left_out = knowledge.left_out(ledger)
    clock = Knowledge(knowledge.known_on, knowledge.each_day)
    folds = _Folds(ledger, left_out, clock, until)
    return {key: folds.effects(key) for key in islice(ledger.disagreements, MOST_WEIGHED)}


class _Folds:
    """Folds single sites as one reader knows them, and nothing twice."""

    def __init__(self, ledger: Ledger, left_out: frozenset[str], clock: Knowledge, until: dt.date) -> None:
        self.ledger, self.left_out, self.clock, self.until = ledger, left_out, clock, until
        self.folded: dict[tuple[str, frozenset[tuple[str, str]]], Life] = {}

    def effects(self, disagreement: str) -> tuple[Effect, ...]:
        """Return what each position of a disagreement changes."""
        sides = {
            row.position: tuple(
                claim for key in row.claims if (claim := self.ledger.claim[key]).source not in self.left_out
            )
            for row in positions(self.ledger)[disagreement]
        }
        return tuple(self.effect(disagreement, number, sides) for number in sides)

    def effect(self, disagreement: str, number: int, sides: Mapping[int, Sequence[Claim]]) -> Effect:
        """Return what one position changes."""
        others = [claim for other, claims in sides.items() if other != number for claim in claims]
        sites = self.ledger.disagreements[disagreement].sites[:MOST_SITES]
        found = {site: self.differences(site, sides[number], others) for site in sites}
        return Effect(
            number,
            tuple(difference for differences in found.values() for difference in differences),
            tuple(self.life(site, self.about(site)) for site, differences in found.items() if differences),
        )

    def about(self, site: str) -> list[Claim]:
        """Return the claims about a site that count."""
        return [claim for claim in _about(self.ledger)[site] if claim.source not in self.left_out]

    def differences(self, site: str, own: Sequence[Claim], others: Sequence[Claim]) -> tuple[Difference, ...]:
        """Return on which days a site shows another category if the claims of one side are right."""
        own = [claim for claim in own if _decides(claim) and _is_about(claim, site)]
        kept = {claim.claim for claim in own}
        wrong = {
            claim.claim
            for claim in others
            if claim.claim not in kept and any(exclude(claim, right) for right in own)
        }
        deadlines = {c.phase: c.occurred for c in own if c.kind is Kind.PLAN and c.phase}
        every = self.about(site)
        claims = [_promising(c, deadlines) for c in every if c.claim not in wrong]
        if claims == every:
            return ()
        return tuple(_differences(self.life(site, every), self.life(site, claims), self.until))

    def life(self, site: str, claims: Sequence[Claim]) -> Life:
        """Return the life of one site; positions that leave the same claims share one fold."""
        key = site, frozenset((claim.claim, claim.occurred.text) for claim in claims)
        if key not in self.folded:
            self.folded[key] = self.fold(site, claims)
        return self.folded[key]

    def fold(self, site: str, claims: Sequence[Claim]) -> Life:
        """Return the life of one site, folded from these claims alone."""
        sources = {
            key: self.ledger.sources[key] for key in _ancestry(self.ledger, [c.source for c in claims])
        }
        alone = replace(
            self.ledger, sites={site: self.ledger.sites[site]}, claims=tuple(claims), sources=sources
        )
        return control.lives(alone, self.clock)[site]


@lru_cache(maxsize=4)
def _about(ledger: Ledger) -> Mapping[str, tuple[Claim, ...]]:
    """Return the claims about each site that a disagreement touches, those about whole classes of sites included."""
    found: dict[str, list[Claim]] = {
        site: [] for row in ledger.disagreements.values() for site in row.sites[:MOST_SITES]
    }
    generals = [claim for claim in ledger.claims if claim.kind is Kind.GENERAL]
    for claim in ledger.claims:
        if claim.kind is not Kind.GENERAL:
            for site in dict.fromkeys((claim.site or "", *claim.scope)):
                if site in found:
                    found[site].append(claim)
    return {site: (*claims, *generals) for site, claims in found.items()}


def _ancestry(ledger: Ledger, sources: Iterable[str]) -> set[str]:
    """Return sources and all that they derive from."""
    found, todo = set[str](), list(sources)
    while todo:
        if (source := todo.pop()) not in found:
            found.add(source)
            todo += ledger.sources[source].derives_from
    return found


def _is_about(claim: Claim, site: str) -> bool:
    return claim.kind is Kind.GENERAL or claim.site == site or site in claim.scope


def _decides(claim: Claim) -> bool:
    """Tell whether a claim can decide a state: it is not rejected, and says who is there or when that ends."""
    state = claim.from_controller if claim.kind is Kind.PLAN else claim.to_controller
    return claim.grade is not Grade.REJECTED and state is not None


def _promising(claim: Claim, deadlines: Mapping[str, object]) -> Claim:
    """Return the primary plan of a phase with the deadline that is held right, any other claim as it is."""
    deadline = deadlines.get(claim.phase)
    driving = claim.kind is Kind.PLAN and claim.primary == "yes"
    if not driving or deadline is None or deadline == claim.occurred:
        return claim
    return claim.model_copy(update={"occurred": deadline})


def exclude(one: Claim, other: Claim) -> bool:
    """Tell whether two claims about one site cannot both be true; plans and words about no state exclude nothing."""
    if not (_decides(one) and _decides(other)) or Kind.PLAN in (one.kind, other.kind):
        return False
    if one.kind is Kind.OBSERVATION and other.kind is Kind.OBSERVATION:
        return one.occurred.last == other.occurred.last and _shows(one) is not _shows(other)
    if one.kind is not Kind.OBSERVATION and other.kind is not Kind.OBSERVATION:
        same = one.transition and one.transition == other.transition
        return bool(same) and not _may_coincide(one, other)
    change, seen = (other, one) if one.kind is Kind.OBSERVATION else (one, other)
    return _outlasts(change, seen)


def _outlasts(change: Claim, seen: Claim) -> bool:
    """Tell whether an observation shows the old state when the change is over, or the new one before it can begin."""
    old, new, shows = _before(change), _shows(change), _shows(seen)
    if shows is old is not new:
        return seen.occurred.earliest >= change.occurred.last
    begins = change.occurred.first
    return shows is new is not old and begins is not None and seen.occurred.last < begins


def _may_coincide(one: Claim, other: Claim) -> bool:
    """Tell whether some day is possible for both."""
    start = max(claim.occurred.first or dt.date.min for claim in (one, other))
    return start <= min(one.occurred.last, other.occurred.last)


def _shows(claim: Claim) -> Category | None:
    if claim.to_controller is None or claim.to_coalition is None:
        return None
    return control.category_of(Held(claim.to_controller, claim.to_coalition))


def _before(claim: Claim) -> Category | None:
    if claim.from_controller is None or claim.from_coalition is None:
        return None
    return control.category_of(Held(claim.from_controller, claim.from_coalition))


def _differences(one: Life, other: Life, until: dt.date) -> Iterable[Difference]:
    """Yield the days through `until` on which two lives of one site show different categories, joined where they go on."""
    days = sorted({span.first for span in (*one.spans, *other.spans) if span.first <= until})
    run: Difference | None = None
    for first, following in zip(days, [*days[1:], None], strict=True):
        shown, otherwise = one.at(first).category, other.at(first).category
        last = following - dt.timedelta(days=1) if following else until
        if run and (run.shown, run.otherwise) == (shown, otherwise):
            run = replace(run, last=last)
            continue
        if run:
            yield run
        run = Difference(one.site, first, last, shown, otherwise) if shown is not otherwise else None
    if run:
        yield run

"""The register of disagreements: who says what, how independent they are, and what the map would show if they were right."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from components import hindsight, panels, wording
from components.templating import ENVIRONMENT
from components.utterances import normalise
from components.view import View
from components.view_state import Filters
from geodata import disagreements
from geodata.control import Category, Life
from geodata.disagreements import MOST_WEIGHED, Difference, Effect
from geodata.knowledge import Knowledge, reporting
from geodata.model import Claim, Disagreement, Grade, Kind, Ledger, Source

MOST_LISTED = 60
"""How many disagreements the page draws; the others are counted."""

MOST_SIDES, MOST_LINES, MOST_CHOICES = 24, 8, 300
"""How many positions of one disagreement, lines in one position and values of one filter; the others are counted."""

IDENTIFIERS = re.compile(r"\b[SPK][0-9A-F]{1,3}\b")
"""How a record of who holds a position names a source: drawn as a link beside it, so the rest is what it adds."""

MARGIN, LEAST_MARGIN = 0.15, 3
"""How much of its days a strip shows before and after those in dispute, and at least how many days."""

MOST_STRIPS = 6
"""How many sites of one disagreement are drawn as strips; the cards and the count hold them all."""

QUIET = ("-", "silent", "not mentioned", "nothing")
"""How the records say that a source says nothing about the point."""

SCOPES = {
    "between articles": "among the five articles",
    "articles vs pages": "the five articles against other pages",
    "pages": "other pages",
}
"""How the records say between whom a disagreement is, and the words for it on screen."""

NO_VOICE = ("", "press")
"""Asserters that name nobody."""

NO_EFFECT = Effect(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One assertion that states a position, with every claim that makes it."""

    claim: Claim
    claims: tuple[str, ...]
    sentence: str = ""  # the sentence of a statement that a general claim rests on

    @property
    def item(self) -> str:
        """How its line on another page is found."""
        return self.claims[0]


@dataclass(frozen=True, slots=True)
class Side:
    """One position as the page shows it."""

    number: int
    holders: tuple[Source, ...]
    voices: tuple[str, ...]  # who asserts it, where its claims say so
    aside: str  # what the record of who holds it says besides the sources
    text: str
    roots: tuple[str, ...]
    lines: tuple[Line, ...]
    rejected: bool  # all claims that state it are rejected
    uncounted: bool  # none of its sources counts
    quiet: bool  # it says nothing about the point
    effect: Effect
    otherwise: Effect  # by the other clock


@dataclass(frozen=True, slots=True)
class Bar:
    """Days without a gap in which a strip shows one category; `left` and `width` are percentages of its time."""

    left: float
    width: float
    first: dt.date
    last: dt.date
    category: Category
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What a site would show if a position, or several that come to the same, were right."""

    sides: tuple[Side, ...]
    bars: tuple[Bar, ...]

    @property
    def runs(self) -> tuple[Bar, ...]:
        """The bars that are otherwise than the map."""
        return tuple(bar for bar in self.bars if bar.differs)


@dataclass(frozen=True, slots=True)
class Strip:
    """A site around the days in dispute, or several that fare alike: what the map shows, and what it would show."""

    sites: tuple[str, ...]
    first: dt.date
    last: dt.date
    now: tuple[Bar, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One disagreement as the page shows it."""

    row: Disagreement
    sides: tuple[Side, ...]
    more_sides: int
    holders: int
    roots: tuple[str, ...]
    weighed: bool
    effect: Effect  # of the position that changes most
    otherwise: Effect  # by the other clock
    strips: tuple[Strip, ...]
    strips_otherwise: tuple[Strip, ...]  # by the other clock, where it differs
    words: str  # all that is searched
    outlets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clock:
    """By which clock effects are counted: in words inside a sentence, and as the switch beneath the page calls it."""

    words: str
    switch: str
    knowledge: Knowledge


def clocks(knowledge: Knowledge) -> tuple[Clock, Clock]:
    """Return the clock the reader goes by and the one the effects are compared with."""
    without = " without the sources left out" if knowledge.without or knowledge.without_grades else ""
    now = replace(knowledge, known_on=None, each_day=False)
    today = Clock(f"as known today{without}", "Known today", now)
    day_by_day = Clock(f"read day by day{without}", "As reported by that day", replace(now, each_day=True))
    if knowledge.each_day:
        return day_by_day, today
    if knowledge.known_on:
        reported = f"as reported by {wording.day_words(knowledge.known_on)}"
        return Clock(reported, "", knowledge), day_by_day
    return today, day_by_day


def parts(view: View) -> list[tuple[str, str]]:
    """Return the page from top to bottom: the clock's line, what narrows the register, the register."""
    found = [
        ("clock", panels.clock_html(view, notes=True)),
        ("disagreements-filters", _filters_html(view.ledger)),
        (
            "disagreements-list",
            _list_html(view.ledger, view.state.knowledge, view.state.filters, view.today, view.state.item),
        ),
    ]
    return [(name, text) for name, text in found if text]


@lru_cache(maxsize=4)
def _filters_html(ledger: Ledger) -> str:
    """Return heading and controls; they do not depend on what is chosen in them."""
    touched = disagreements.touching(ledger)
    outlets = {
        wording.publisher(ledger.sources[key])
        for position in ledger.positions
        for key in disagreements.holders(ledger, position)
    }
    choices = (
        ("about", "Site", "all sites", _named(touched.sites, lambda key: ledger.sites[key].short_name)),
        ("phase", "Phase", "all phases", [(k, p.label) for k, p in ledger.phases.items() if k in touched.phases]),
        ("outlet", "Outlet", "all outlets", [(name, name) for name in sorted(outlets, key=normalise)[:MOST_CHOICES]]),
    )  # fmt: skip
    return ENVIRONMENT.get_template("disagreements.html").render(
        ledger=ledger, narrow=False, part="filters", choices=choices, total=len(ledger.disagreements)
    )


def _named(keys: Iterable[str], name: Callable[[str], str]) -> list[tuple[str, str]]:
    return sorted(((key, name(key)) for key in keys), key=lambda choice: normalise(choice[1]))[:MOST_CHOICES]


@lru_cache(maxsize=32)
def _list_html(
    ledger: Ledger, knowledge: Knowledge, filters: Filters, today: dt.date, item: str | None
) -> str:
    every = entries(ledger, knowledge, today)
    found = selected(every, filters)
    here, there = clocks(knowledge)
    return ENVIRONMENT.get_template("disagreements.html").render(
        ledger=ledger, narrow=False, part="list", entries=found[:MOST_LISTED], found=len(found), total=len(every), item=item, scope_words=scope_words,
        sort=filters.sort or "-effect", here=here.words, there=there.words, switch=there.switch, between=between, effect_words=effect_words,
        most_lines=MOST_LINES, columns=COLUMNS, changing=sum(1 for entry in every if entry.effect.days),
        changing_there=sum(1 for entry in every if entry.otherwise.days and not entry.effect.days), weighed=MOST_WEIGHED,
        narrowed=filters != Filters(sort=filters.sort), today=today,
    )  # fmt: skip


COLUMNS = (
    ("topic", "Topic"),
    ("positions", "Positions"),
    ("roots", "Independent origins"),
    ("effect", "Effect on the map"),
)
"""By what the register can be ordered, and how the headings call it."""

ORDERS: Mapping[str, Callable[[Entry], Any]] = {
    "topic": lambda entry: normalise(entry.row.topic),
    "positions": lambda entry: len(entry.sides) + entry.more_sides,
    "roots": lambda entry: len(entry.roots),
    "effect": lambda entry: (entry.effect.days, entry.otherwise.days),
}


def selected(every: Iterable[Entry], filters: Filters) -> tuple[Entry, ...]:
    """Return the disagreements that the filters let through, in the order asked for.

    Without a column, or with one there is none of, those that change most on the map come first.
    """
    words = normalise(filters.words).split()
    found = [
        entry
        for entry in every
        if all(word in entry.words for word in words)
        and (not filters.about or filters.about in entry.row.sites)
        and (not filters.phase or filters.phase in entry.row.phases)
        and (not filters.outlet or filters.outlet in entry.outlets)
    ]
    column = filters.sort.removeprefix("-")
    known = column in ORDERS
    descending = filters.sort.startswith("-") if known else True
    return tuple(sorted(found, key=ORDERS[column if known else "effect"], reverse=descending))


@lru_cache(maxsize=16)
def entries(ledger: Ledger, knowledge: Knowledge, today: dt.date) -> tuple[Entry, ...]:
    """Return every disagreement with what its positions change on days through `today`, by two clocks."""
    here, there = (disagreements.effects(ledger, clock.knowledge, until=today) for clock in clocks(knowledge))
    known_on = None if knowledge.each_day else knowledge.known_on
    counting = reporting(ledger, known_on, knowledge.left_out(ledger))
    return tuple(
        _entry(ledger, row, here.get(key), there.get(key), counting=counting, today=today)
        for key, row in ledger.disagreements.items()
    )


def _entry(  # noqa: PLR0913 - two clocks and what counts
    ledger: Ledger,
    row: Disagreement,
    effects: tuple[Effect, ...] | None,
    otherwise: tuple[Effect, ...] | None,
    *,
    counting: frozenset[str],
    today: dt.date,
) -> Entry:
    found = disagreements.positions(ledger)[row.disagreement]
    by_number = {effect.position: effect for effect in effects or ()}
    by_other = {effect.position: effect for effect in otherwise or ()}
    sides, every = [], dict[str, None]()
    for position in found:
        keys = disagreements.holders(ledger, position)
        every |= dict.fromkeys(keys)
        claims = [ledger.claim[key] for key in position.claims]
        sides.append(
            Side(
                number=position.position,
                holders=tuple(ledger.sources[key] for key in keys),
                voices=tuple(dict.fromkeys(c.asserted_by for c in claims if c.asserted_by not in NO_VOICE)),
                aside=IDENTIFIERS.sub("", position.held_by).strip(" ,/-") if keys else position.held_by,
                text=_worded(position.text),
                roots=disagreements.roots(ledger, keys),
                lines=_lines(ledger, claims),
                rejected=bool(claims) and all(claim.grade is Grade.REJECTED for claim in claims),
                uncounted=bool(keys) and counting.isdisjoint(keys),
                quiet=position.text in QUIET,
                effect=by_number.get(position.position, NO_EFFECT),
                otherwise=by_other.get(position.position, NO_EFFECT),
            )
        )
    publishers = [ledger.sources[key].publisher for key in every]
    places = [ledger.sites[key] for key in row.sites]
    words = (
        row.disagreement, row.topic, row.scope, scope_words(row.scope), row.assessment, row.treatment, *publishers,
        *(word for place in places for word in (place.name, place.short_name)),
        *(ledger.phases[key].label for key in row.phases),
        *(word for position in found for word in (position.held_by, position.text)),
    )  # fmt: skip
    same = all(side.effect.differences == side.otherwise.differences for side in sides)
    return Entry(
        strips=_strips([(side, side.effect) for side in sides], today),
        strips_otherwise=() if same else _strips([(side, side.otherwise) for side in sides], today),
        row=row, sides=tuple(sides[:MOST_SIDES]), more_sides=len(sides[MOST_SIDES:]), holders=len(every),
        roots=disagreements.roots(ledger, every), weighed=effects is not None,
        effect=disagreements.greatest(effects or ()), otherwise=disagreements.greatest(otherwise or ()),
        words=normalise(" ".join(words)),
        outlets=frozenset([*publishers, *(wording.publisher(ledger.sources[key]) for key in every)]),
    )  # fmt: skip


def _strips(weighed: Sequence[tuple[Side, Effect]], today: dt.date) -> tuple[Strip, ...]:
    """Return the sites that some position would change, each around the days on which it would."""
    lives = {life.site: life for _, effect in weighed for life in effect.lives}
    strips: dict[tuple[object, ...], Strip] = {}
    for site, life in islice(lives.items(), MOST_STRIPS):
        alike: dict[tuple[Difference, ...], list[Side]] = {}
        for side, effect in weighed:
            if found := tuple(d for d in effect.differences if d.site == site):
                alike.setdefault(found, []).append(side)
        every = [difference for found in alike for difference in found]
        start, end = min(d.first for d in every), max(d.last for d in every)
        margin = dt.timedelta(days=max(LEAST_MARGIN, round((end - start).days * MARGIN)))
        first, last = start - margin, min(end + margin, today)
        now = _bars(life, (), first, last)
        rows = tuple(Row(tuple(sides), _bars(life, found, first, last)) for found, sides in alike.items())
        told = now, *((*(side.number for side in row.sides), row.bars) for row in rows)
        same = strips[told].sites if told in strips else ()
        strips[told] = Strip((*same, site), first, last, now, rows)
    return tuple(strips.values())


def _bars(life: Life, found: Sequence[Difference], first: dt.date, last: dt.date) -> tuple[Bar, ...]:
    """Return what a site shows between two days, as it is or with differences laid over it."""
    total = (last - first).days + 1
    turns = {first, *(span.first for span in life.spans), *(d.first for d in found)}
    turns |= {d.last + dt.timedelta(days=1) for d in found}
    days = sorted(day for day in turns if first <= day <= last)
    bars: list[Bar] = []
    for day, following in zip(days, [*days[1:], last + dt.timedelta(days=1)], strict=True):
        other = next((d for d in found if d.first <= day <= d.last), None)
        category = other.otherwise if other else life.at(day).category
        joined = bars and (bars[-1].category, bars[-1].differs) == (category, other is not None)
        start = bars.pop().first if joined else day
        left, width = (100 * part / total for part in ((start - first).days, (following - start).days))
        bars.append(
            Bar(left, width, start, following - dt.timedelta(days=1), category, differs=other is not None)
        )
    return tuple(bars)


def _worded(text: str) -> str:
    """Return what a position says, without the marks of the editors: "-" stands for nothing said."""
    if text == "-":
        return "nothing said"
    return text.replace("(reject)", "(rejected)").replace("(reject as evidence)", "(rejected as evidence)")


def _lines(ledger: Ledger, claims: Iterable[Claim]) -> tuple[Line, ...]:
    groups: dict[tuple[object, ...], list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.site, claim.occurred.text, claim.text, claim.kind), []).append(claim)
    return tuple(
        Line(group[0], (_shown(ledger, group[0]), *(c.claim for c in group)), _sentence(ledger, group[0]))
        for group in groups.values()
    )


def _shown(ledger: Ledger, claim: Claim) -> str:
    """Return the claim under which its site lists an assertion: the first of those that make it."""
    if not claim.site:
        return claim.claim
    same = (claim.occurred.text, claim.text, claim.kind)
    about = hindsight.claims_about(ledger, claim.site)
    return next(c.claim for c in about if (c.occurred.text, c.text, c.kind) == same)


def _sentence(ledger: Ledger, claim: Claim) -> str:
    """Return the sentence whose rendering holds the words that a general claim quotes, empty where there is none."""
    if claim.kind is not Kind.GENERAL or not claim.quotation:
        return ""
    return next(
        (r.sentence for r in ledger.renderings if r.source == claim.source and claim.quotation in r.text), ""
    )


def scope_words(scope: str) -> str:
    """Return between whom a disagreement is, in words for a reader."""
    return SCOPES.get(scope, scope)


def effect_words(effect: Effect) -> str:
    """Return an effect in a few words: how many sites on how many days; empty where there is none."""
    count = len(effect.sites)
    if not count:
        return ""
    if count == 1:
        return f"1 site on {wording.days(effect.days)}"
    return f"{count:,} sites, {effect.days:,} days in all"


def between(first: dt.date, last: dt.date) -> str:
    """Return the days from one to another as narrow as a list needs them: "13 to 17 Jan 2026"."""
    if first == last:
        return f"{first.day} {first:%b %Y}"
    month = "" if (first.year, first.month) == (last.year, last.month) else f" {first:%b}"
    year = "" if first.year == last.year else f" {first:%Y}"
    return f"{first.day}{month}{year} to {last.day} {last:%b %Y}"

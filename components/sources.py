"""The page of sources: what is not known, how to cite, method and limits, every source and what rests on it alone."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from components import panels, view, wording
from components.templating import ENVIRONMENT, page_link
from components.utterances import normalise
from components.view import View
from components.view_state import Filters
from geodata import boundaries, resting
from geodata.control import CARRY_YEARS
from geodata.knowledge import GRADES, Knowledge
from geodata.model import Claim, Grade, Kind, Ledger, Source
from geodata.resting import Stretch

MOST_LISTED, SHORTENED = 200, 75
"""How many sources stand in one list; of a longer list so many are shown and the others counted."""

MOST_CLAIMS, MOST_STRETCHES = 20, 8
"""How many claims, and stretches that rest on it, are named beside a source; the others are counted."""

FEW_CLAIMS, FEW_STRETCHES = 2, 2
"""The same in a list that is shortened."""

MOST_ASIDE, MOST_KIN, MOST_OUTLETS = 20, 12, 200
"""How many weak and rejected claims, sources of one root and publishers to choose from are named."""

GRADE_WORDS = {
    "A": "official text, wire or established outlet",
    "B": "secondary or relay, plausible",
    "C": "partisan, relay or undated",
    "D": "unreliable or machine-written",
}
LANGUAGES = {
    "ar": "Arabic", "ckb": "Kurdish (Sorani)", "de": "German", "en": "English", "fa": "Persian", "fr": "French",
    "he": "Hebrew", "it": "Italian", "kmr": "Kurdish (Kurmanji)", "ku": "Kurdish", "ru": "Russian", "tr": "Turkish",
}  # fmt: skip
COLUMNS = ("id", "publisher", "published", "grade", "claims", "alone")
"""What the list can be sorted by."""

DESCENDING = ("claims", "alone")
"""Columns of which the greatest is asked for first."""

CITED = re.compile(r"\b(?:G[0-9]{1,2}|[SP][0-9A-F]{1,3})\b")
ASKED_GRADE = re.compile(r"\bgrade ([a-d])\b")


@dataclass(frozen=True, slots=True)
class Entry:
    """One source as the list shows it."""

    source: Source
    language: str
    root: str  # where it is not the publisher itself
    kin: tuple[str, ...]  # the other sources of its root
    derives_from: tuple[str, ...]  # at any remove
    derived: tuple[str, ...]  # at any remove
    claims: tuple[Claim, ...]  # all it makes
    named: tuple[Claim, ...]  # those of them that are named
    now: tuple[Stretch, ...]  # what rests on it, or on its root, on the day
    life: tuple[Stretch, ...]  # the same over the whole time shown

    @property
    def alone(self) -> tuple[Stretch, ...]:
        """The states of the day that rest on this source alone."""
        return tuple(stretch for stretch in self.now if stretch.alone)


@pass_context
def _cited(context: Context, text: str) -> Markup:
    """Return a text with the identifiers of sources and sentences as small links to them."""
    ledger: Ledger = context["ledger"]

    def link(match: re.Match[str]) -> str:
        mark = match.group()
        page = "statements" if mark in ledger.sentences else "sources" if mark in ledger.sources else ""
        return f'<span class="sources-id">{page_link(page, mark, item=mark)}</span>' if page else mark

    return Markup(CITED.sub(link, str(escape(text))))  # noqa: S704 - escaped piece by piece


ENVIRONMENT.filters["cited"] = _cited


def parts(shown: View) -> list[tuple[str, str]]:
    """Return the page from top to bottom; what does not follow the day is a part of its own, so that it stays."""
    knowledge = shown.state.knowledge
    return [
        ("clock", panels.clock_html(shown, notes=True)),
        ("omission", panels.fallen_html(shown)),
        ("sources-unknown", _unknown(shown.ledger, knowledge.narrow)),
        ("sources-method", _method(shown.ledger)),
        ("sources-grades", _grades(shown.ledger, knowledge)),
        ("sources-filters", _filters(shown.ledger)),
        ("sources-list", list_html(shown)),
        ("sources-aside", _aside(shown.ledger)),
    ]


def _render(name: str, ledger: Ledger, **more: Any) -> str:
    return ENVIRONMENT.get_template(f"sources_{name}.html").render(ledger=ledger, narrow=False, **more)


@lru_cache(maxsize=8)
def _unknown(ledger: Ledger, narrow: bool) -> str:  # noqa: FBT001 - the key of a cache
    return _render("unknown", ledger, some=narrow)


@lru_cache(maxsize=4)
def _method(ledger: Ledger) -> str:
    sources = ledger.sources.values()
    return _render(
        "method", ledger, years=CARRY_YEARS, total=len(sources),
        undated=sum(not source.published for source in sources),
        no_language=sum(not source.language for source in sources),
        no_archive=sum(not source.archive_url for source in sources),
        no_position=sum(site.lon is None for site in ledger.sites.values()),
    )  # fmt: skip


@lru_cache(maxsize=8)
def _grades(ledger: Ledger, knowledge: Knowledge) -> str:
    sources = Counter(source.grade for source in ledger.sources.values())
    claims = Counter(ledger.sources[claim.source].grade for claim in ledger.claims)
    return _render(
        "grades", ledger, grades=GRADES, means=GRADE_WORDS, sources_of=sources, claims_of=claims,
        out=knowledge.without_grades, and_derived=knowledge.and_derived, left_out=len(knowledge.left_out(ledger)),
    )  # fmt: skip


@lru_cache(maxsize=4)
def _filters(ledger: Ledger) -> str:
    outlets = Counter(source.publisher for source in ledger.sources.values())
    most = sorted(name for name, _ in outlets.most_common(MOST_OUTLETS))
    return _render("filters", ledger, outlets=[(n, outlets[n]) for n in most], more=len(outlets) - len(most))


@lru_cache(maxsize=4)
def _aside(ledger: Ledger) -> str:
    return _render(
        "aside", ledger, most=MOST_ASIDE, link_site=_link_site,
        rejected=[claim for claim in ledger.claims if claim.grade is Grade.REJECTED],
        weak=[claim for claim in ledger.claims if claim.grade is Grade.WEAK],
        footnote=boundaries.FOOTNOTE_LONG, credits=boundaries.CREDITS,
    )  # fmt: skip


def list_html(shown: View) -> str:
    """Return the list of sources that the view asks for, in its order."""
    ledger, state = shown.ledger, shown.state
    left_out = state.knowledge.left_out(ledger)
    found = selected(shown)
    listed = found if len(found) <= MOST_LISTED else _first(found, left_out, state.item, state.filters)
    pointed = state.item if state.item in ledger.sources and state.item not in listed else None
    if pointed:
        listed = [pointed, *listed]  # what a link points at is there, whatever narrows the list
    now, life = _by_source(shown)
    sort = state.filters.sort if state.filters.sort.removeprefix("-") in COLUMNS else ""
    return _render(
        "list", ledger, entries=_entries(shown, listed, now, life, whole=len(found) <= MOST_LISTED), found=len(found), pointed=pointed, columns=COLUMNS, descending=DESCENDING,
        sort=sort, filters=state.filters, state=state, as_of=state.as_of, item=state.item, means=GRADE_WORDS, sole=_sole(ledger),
        link_site=_link_site, left_out=left_out, without=state.knowledge.without, out=state.knowledge.without_grades,
        on_day=_on_day(now), most=MOST_STRETCHES, stretches=MOST_STRETCHES if len(found) <= MOST_LISTED else FEW_STRETCHES, kin_most=MOST_KIN,
        grades=Counter(ledger.sources[key].grade for key in found), today=shown.today,
    )  # fmt: skip


def selected(shown: View) -> tuple[str, ...]:
    """Return the sources that the view's filters ask for, in the order it asks for."""
    ledger, filters = shown.ledger, shown.state.filters
    found = _matching(ledger, filters.words, filters.outlet)
    column, falling = filters.sort.removeprefix("-"), filters.sort.startswith("-")
    if column not in COLUMNS:
        return found
    if column == "published":
        days = {key: day.last for key in found if (day := ledger.sources[key].published)}
        # What is not recorded stands last, whatever the order.
        return (
            *sorted(days, key=days.__getitem__, reverse=falling),
            *(key for key in found if key not in days),
        )
    if column == "id":
        return found[::-1] if falling else found
    now = _by_source(shown)[0] if column == "alone" else {}
    ranks: Mapping[str, Callable[[str], Any]] = {
        "publisher": lambda key: normalise(ledger.sources[key].publisher),
        "grade": lambda key: ledger.sources[key].grade,
        "claims": lambda key: len(_claims(ledger).get(key, ())),
        "alone": lambda key: sum(stretch.alone for stretch in now.get(key, ())),
    }
    return tuple(sorted(found, key=ranks[column], reverse=falling))


@lru_cache(maxsize=64)
def _matching(ledger: Ledger, words: str, outlet: str) -> tuple[str, ...]:
    asked = normalise(words)
    grades = {grade.upper() for grade in ASKED_GRADE.findall(asked)}
    parts = ASKED_GRADE.sub(" ", asked).split()
    return tuple(
        key
        for key, text in _searched(ledger).items()
        if all(part in text for part in parts)
        and (not grades or ledger.sources[key].grade in grades)
        and (not outlet or ledger.sources[key].publisher == outlet)
    )


@lru_cache(maxsize=4)
def _searched(ledger: Ledger) -> Mapping[str, str]:
    """Return for every source, in the ledger's order, the text that a search looks at."""
    return {
        key: normalise(" ".join((key, s.publisher, s.title, s.agency, _language(s.language))))
        for key, s in ledger.sources.items()
    }


def _language(code: str) -> str:
    return LANGUAGES.get(code, code) or f"language {wording.NOT_RECORDED}"


def _first(
    found: Sequence[str], left_out: frozenset[str], item: str | None, filters: Filters
) -> Sequence[str]:
    """Return what a list too long shows: the source a link points at, those left out where no order is asked, the first."""
    pinned = [item] if item and item in found else []
    if not filters.sort:
        pinned += [key for key in found if key in left_out and key not in pinned][:SHORTENED]
    rest = (key for key in found if key not in pinned)
    return [*pinned, *(key for key, _ in zip(rest, range(SHORTENED - len(pinned)), strict=False))]


def _entries(
    shown: View,
    listed: Sequence[str],
    now: Mapping[str, tuple[Stretch, ...]],
    life: Mapping[str, tuple[Stretch, ...]],
    *,
    whole: bool,
) -> list[Entry]:
    ledger = shown.ledger
    most = MOST_CLAIMS if whole else FEW_CLAIMS
    entries = []
    for key in listed:
        source, root = ledger.sources[key], ledger.root(key)
        claims = _claims(ledger).get(key, ())
        entries.append(
            Entry(
                source=source, language=LANGUAGES.get(source.language, source.language),
                root=root if root != source.publisher else "",
                kin=tuple(other for other in _kin(ledger)[root] if other != key),
                derives_from=_ancestors(ledger, key), derived=tuple(sorted(ledger.derived(frozenset({key})) - {key})),
                claims=claims, named=claims[:most], now=now.get(key, ()), life=life.get(key, ()),
            )
        )  # fmt: skip
    return entries


@lru_cache(maxsize=4)
def _claims(ledger: Ledger) -> Mapping[str, tuple[Claim, ...]]:
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in ledger.claims:
        found[claim.source].append(claim)
    return {source: tuple(claims) for source, claims in found.items()}


@lru_cache(maxsize=4)
def _sole(ledger: Ledger) -> frozenset[str]:
    return resting.sole(ledger)


@lru_cache(maxsize=4)
def _kin(ledger: Ledger) -> Mapping[str, tuple[str, ...]]:
    """Return the sources of each root."""
    found: dict[str, list[str]] = defaultdict(list)
    for key in ledger.sources:
        found[ledger.root(key)].append(key)
    return {root: tuple(keys) for root, keys in found.items()}


def _ancestors(ledger: Ledger, key: str) -> tuple[str, ...]:
    """Return what a source derives from, at any remove, the nearest first."""
    found: dict[str, None] = {}
    todo = [*ledger.sources[key].derives_from]
    while todo:
        parent = todo.pop(0)
        if parent not in found and parent != key:
            found[parent] = None
            todo += ledger.sources[parent].derives_from
    return tuple(found)


@lru_cache(maxsize=8)
def _stretches(ledger: Ledger, knowledge: Knowledge) -> tuple[Stretch, ...]:
    return resting.stretches(ledger, view.lives(ledger, knowledge))


@lru_cache(maxsize=8)
def _life_by_source(
    ledger: Ledger, knowledge: Knowledge, today: dt.date
) -> Mapping[str, tuple[Stretch, ...]]:
    return _by(stretch for stretch in _stretches(ledger, knowledge) if stretch.first <= today)


@lru_cache(maxsize=16)
def _now_by_source(ledger: Ledger, knowledge: Knowledge, day: dt.date) -> Mapping[str, tuple[Stretch, ...]]:
    return _by(stretch for stretch in _stretches(ledger, knowledge) if stretch.first <= day <= stretch.last)


def _by(stretches: Iterable[Stretch]) -> Mapping[str, tuple[Stretch, ...]]:
    found: dict[str, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        for source in stretch.sources:
            found[source].append(stretch)
    return {source: tuple(those) for source, those in found.items()}


def _by_source(shown: View) -> tuple[Mapping[str, tuple[Stretch, ...]], Mapping[str, tuple[Stretch, ...]]]:
    """Return by source the stretches that rest on it, or on its root: on the view's day, and in the time shown."""
    ledger, knowledge = shown.ledger, shown.state.knowledge
    return _now_by_source(ledger, knowledge, shown.state.as_of), _life_by_source(
        ledger, knowledge, shown.today
    )


def _on_day(now: Mapping[str, tuple[Stretch, ...]]) -> list[Stretch]:
    """Return the states of the day that rest on one source or one root, by site, those on one source first."""
    by_site = {stretch.site: stretch for those in now.values() for stretch in those}
    return sorted(by_site.values(), key=lambda stretch: (not stretch.alone, stretch.site))


def _link_site(ledger: Ledger, claim: Claim) -> str:
    """Return the site on whose page a claim stands; empty for what is said of no site in particular."""
    if claim.site:
        return claim.site
    if claim.kind is Kind.GENERAL:
        return _reached(ledger).get(claim.claim, "")
    return next((site for site in claim.scope if site in ledger.sites), "")


@lru_cache(maxsize=4)
def _reached(ledger: Ledger) -> Mapping[str, str]:
    """Return for each general claim the first site that it reaches."""
    found: dict[str, str] = {}
    for site, life in view.lives(ledger).items():
        for claim in life.evidence:
            if claim.kind is Kind.GENERAL:
                found.setdefault(claim.claim, site)
    return found

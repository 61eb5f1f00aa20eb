"""The pages about sites: the table of all of them, equal to the map, and one page for each, where nothing is folded away."""

import calendar
import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, islice
from typing import Any

from components import hindsight, panels, theme, view, wording
from components.locator import SIDE, locator
from components.site_table import MOST_SITES
from components.templating import ENVIRONMENT, REGIONS
from components.view import ClaimLine, SiteRow, Stretch, View
from components.view_state import Filters
from geodata import boundaries, control, dates, disagreements, neighbours
from geodata.control import Category, Held, Life, Reason
from geodata.knowledge import Knowledge, corrected, reporting
from geodata.model import Claim, Coalition, Controller, Kind, Ledger, Site, SiteName
from geodata.neighbours import Neighbour

MOST_ROWS = 200
"""The table shows so many sites of the chosen order and counts the rest."""

MOST_NEIGHBOURS = 12
"""So many neighbours in time are named beside each change; the others are counted."""

MOST_TOLD = 6
"""So many changes of a life are told to those who cannot see its strip; the page of the site lists all."""

ORDER = tuple(theme.LABELS)
"""The categories in the order of the legend."""

CONTROLLERS = {
    Controller.IRAQI_FEDERAL: "Iraqi federal", Controller.KURDISTAN_REGION: "Kurdistan Region",
    Controller.ISLAMIC_STATE: "ISIS", Controller.NONE: "disused", Controller.UNKNOWN: "controller not said",
}  # fmt: skip
PRESENCES = {
    Coalition.PRESENT: "coalition present", Coalition.RESIDUAL: "a few coalition personnel left",
    Coalition.ABSENT: "no coalition", Coalition.UNKNOWN: "coalition not said",
}  # fmt: skip
ROLES = {
    "decides": "decides this day", "agrees": "latest evidence", "rival": "rival account", "refuted": "refuted",
    "plan": "promise", "later": "later than this day", "rejected": "rejected", "context": "context",
    "earlier": "earlier evidence",
}  # fmt: skip
"""What an assertion does on the day shown, as its tag says it."""


DECIDING = frozenset({"decides", "agrees"})
RIVALS = frozenset({"rival", "refuted"})
"""The roles that a site's page lists before the others."""

TURNS = {
    Reason.DEADLINE: "its passing leaves the site not sourced", Reason.CONTRADICTION: "contradicted by another report",
}  # fmt: skip
"""What a claim does for a span that it does not decide by itself."""

TODAYS = {Reason.DEADLINE: "deadline passed", Reason.CONTRADICTION: "contradicted this day"}
"""And how the tag of such a claim says it on a day of that span."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the covered time in which a site looks the same; `width` in percent of the covered time."""

    category: Category
    first: dt.date
    width: float
    stale: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """One site as a row of the table: what the map shows of it, and what else is known."""

    row: SiteRow
    detail: str  # what the words say beyond the name of the category
    since: str
    evidence: str
    name_local: str
    claims: int
    otherwise: str  # what the other clock says, in words; empty where it says the same
    position: str
    life: tuple[Piece, ...]
    life_words: str


@dataclass(frozen=True, slots=True)
class Table:
    """The rows shown, how many sites fit what was asked, and how many of those the legend hides."""

    rows: tuple[TableRow, ...]
    fitting: int
    hidden: int

    @property
    def pale(self) -> bool:
        """Whether something in the table is drawn pale: stale on the day, or in the life."""
        return any(row.row.stale or any(piece.stale for piece in row.life) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Assertion:
    """One assertion with every row of the ledger that makes it."""

    line: ClaimLine
    claims: tuple[Claim, ...]
    before: str
    after: str
    held_from: Category | None
    held_to: Category | None
    decides: tuple[Stretch, ...]  # the pieces of the life it decides


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """One change of a site, and what changed elsewhere in the same week."""

    change: neighbours.Change
    near: tuple[Neighbour, ...]
    more: int


# ------------------------------------------------------------------------------------------------ words

ARABIC_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
LETTERS = str.maketrans("أإآٱىیېةەکؤئ", "اااايييههكوي")
"""Letters that are written one for the other, as in browser/text.js."""
ARTICLES = frozenset({"al", "el", "as", "at", "ad", "the"})


@lru_cache(maxsize=65536)
def spelled(text: str) -> tuple[str, ...]:
    """Return the words of a text with case, accents, vowel marks, letter variants and the article folded away."""
    plain = unicodedata.normalize("NFKD", ARABIC_MARKS.sub("", text)).translate(LETTERS).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "‘’ʼʻʿʾ'`´")
    found = [re.sub("^ال(?=..)", "", word) for word in re.split(r"[\W_]+", plain) if word]
    return tuple(w for w in found if w not in ARTICLES) or tuple(found)


def radius_words(site: Site) -> str:
    """Return how exact a position is: "exact", "within 2 km", "not placed"."""
    if site.radius_m is None:
        return "not placed"
    if site.radius_m == 0:
        return "exact"
    far = site.radius_m
    return f"within {far / 1000:g} km" if far >= 1000 else f"within {far} m"  # noqa: PLR2004 - metres in a kilometre


def apart_words(neighbour: Neighbour) -> str:
    """Return how many days after or before the own change the other came: "3 days later", "5 days before to 2 days after"."""
    early, late = neighbour.earliest, neighbour.latest
    if early == late:
        when = "later" if early > 0 else "earlier"
        return f"{wording.days(abs(early))} {when}" if early else "the same day"
    if early >= 0:
        return f"{early:,} to {wording.days(late)} later"
    if late <= 0:
        return f"{-late:,} to {wording.days(-early)} earlier"
    return f"between {wording.days(-early)} earlier and {wording.days(late)} later"


def when_words(change: neighbours.Change) -> str:
    """Return the possible days of a change: "18 January 2026", "between 13 and 18 January 2026"."""
    if change.is_day:
        return wording.day_words(change.first)
    return dates.words(dates.parse(f"{change.first}/{change.last}"))


MONTHS = re.compile(rf"\b({'|'.join(name for name in calendar.month_name if name)})\b")


def shorten(words: str) -> str:
    """Return words with the months as a table has room for them: "18 Jan 2026"."""
    return MONTHS.sub(lambda found: found.group()[:3], words)


def detail(row: SiteRow) -> str:
    """Return what the words of a state say beyond its category's name: the reason, the weakness, the personnel left."""
    span = row.state.span
    if span.reason is Reason.CHANGING:
        return row.words.removeprefix("Changing ")
    if span.category is Category.NOT_SOURCED:
        return row.words.removeprefix("Not sourced").lstrip(": ")
    told = "" if span.held.coalition is Coalition.RESIDUAL else wording.held_words(span.held)
    return row.words.removeprefix(told).lstrip(", ")


def _side(controller: Controller | None, coalition: Coalition | None) -> str:
    if controller is None or coalition is None:
        return ""
    return f"{CONTROLLERS[controller]}, {PRESENCES[coalition]}"


# ------------------------------------------------------------------------------------------------ life


def pieces(life: Life, first: dt.date, last: dt.date) -> tuple[Piece, ...]:
    """Return a life between two days as stretches of one category, stale or not; their widths sum to 100."""
    total = (last - first).days + 1
    inside = (span for span in life.spans if span.first <= last and span.last >= first)
    found: list[Piece] = []
    for category, group in groupby(inside, key=lambda span: span.category):
        spans = list(group)
        begin, end = max(spans[0].first, first), min(spans[-1].last, last)
        found += (
            Piece(category, one, 100 * ((other - one).days + 1) / total, stale)
            for one, other, stale in view.freshness(life, begin, end)
        )
    return tuple(found)


def life_words(found: Sequence[Piece]) -> str:
    """Return a life in one sentence for those who cannot see the strip; of many changes the last few."""
    first, *rest = (next(alike) for _, alike in groupby(found, key=lambda piece: piece.category))
    left = max(0, len(rest) - MOST_TOLD)
    told = [theme.LABELS[first.category], *([f"{left:,} more changes"] if left else [])]
    return "; ".join([*told, *(_from_year(piece) for piece in rest[left:])])


def _from_year(piece: Piece) -> str:
    return f"from {piece.first:%B %Y} {wording.lower_first(theme.LABELS[piece.category])}"


# ----------------------------------------------------------------------------------------------- table


@lru_cache(maxsize=4)
def _names(ledger: Ledger) -> Mapping[str, tuple[SiteName, ...]]:
    found: dict[str, list[SiteName]] = {}
    for name in ledger.site_names:
        found.setdefault(name.site, []).append(name)
    return {site: tuple(names) for site, names in found.items()}


@lru_cache(maxsize=4)
def _haystacks(ledger: Ledger) -> Mapping[str, str]:
    """Return for every site all words it can be found by, each with a blank before it."""
    found = {}
    for key, site in ledger.sites.items():
        names = [name.name for name in _names(ledger).get(key, ())]
        texts = [site.name, site.short_name, *names, key, site.type, site.governorate, REGIONS[site.region]]
        words = [word for text in texts for word in (*spelled(text), "".join(spelled(text)))]
        found[key] = " " + " ".join(dict.fromkeys(words))
    return found


def _fits(ledger: Ledger, filters: Filters) -> Callable[[str], bool]:
    """Return whether a site is asked for: each word begins a word of its names or of its place; the phase covers it."""
    asked = [" " + word for word in spelled(filters.words)] if filters.words else []
    found = _haystacks(ledger) if asked else {}
    phase = ledger.phases.get(filters.phase)
    scope = frozenset(phase.sites if phase else ()) if filters.phase else None
    return lambda site: (scope is None or site in scope) and all(word in found[site] for word in asked)


def ordered(shown: View) -> tuple[str, ...]:
    """Return the sites that were asked for, in the order of the table; those the legend hides included."""
    ledger, filters = shown.ledger, shown.state.filters
    fits = _fits(ledger, filters)
    found = [site for site in ledger.sites if fits(site)]
    column = filters.sort.removeprefix("-")
    key = _KEYS.get(column)
    if key is None:
        return tuple(found)
    # What is not known stands last, whichever way the order runs.
    keyed = [(key(shown, site), site) for site in found]
    known = sorted(
        (pair for pair in keyed if pair[0] is not None),
        key=lambda pair: pair[0],
        reverse=filters.sort.startswith("-"),
    )
    return tuple(site for _, site in (*known, *(pair for pair in keyed if pair[0] is None)))


def _life(shown: View, site: str) -> Life:
    return view.lives(shown.ledger, shown.state.knowledge)[site]


def _by_name(shown: View, site: str) -> Any:
    return shown.ledger.sites[site].name.casefold()


def _by_place(shown: View, site: str) -> Any:
    place = shown.ledger.sites[site]
    return place.governorate.casefold(), place.name.casefold()


def _by_category(shown: View, site: str) -> Any:
    return ORDER.index(_life(shown, site).at(shown.state.as_of).category)


def _by_since(shown: View, site: str) -> Any:
    span = _life(shown, site).at(shown.state.as_of)
    return dates.parse(span.since).last if span.since and span.category is not Category.NOT_SOURCED else None


def _by_evidence(shown: View, site: str) -> Any:
    last = _life(shown, site).last_evidence(shown.state.as_of)
    return last.occurred.last if last else None


def _by_claims(shown: View, site: str) -> Any:
    return len(counted(shown, site))


def _by_position(shown: View, site: str) -> Any:
    return shown.ledger.sites[site].radius_m


_KEYS: Mapping[str, Callable[[View, str], Any]] = {
    "name": _by_name, "place": _by_place, "state": _by_category, "since": _by_since, "evidence": _by_evidence,
    "claims": _by_claims, "position": _by_position,
}  # fmt: skip
"""The columns by which the table can be ordered."""


def counted(shown: View, site: str) -> tuple[Claim, ...]:
    """Return the claims about a site that its page lists: of the sources that count, general ones only where they apply."""
    ledger, knowledge = shown.ledger, shown.state.knowledge
    counting = reporting(ledger, shown.state.known_on, knowledge.left_out(ledger))
    evidence = _life(shown, site).evidence
    return tuple(
        claim
        for claim in hindsight.claims_about(ledger, site)
        if claim.source in counting and (claim.kind is not Kind.GENERAL or claim in evidence)
    )


def table(shown: View) -> Table:
    """Return the rows of the table: what was asked for and is not hidden, in the chosen order, the first of many."""
    ledger, state = shown.ledger, shown.state
    lives = view.lives(ledger, state.knowledge)
    fitting = ordered(shown)
    visible = (
        [site for site in fitting if lives[site].at(state.as_of).category.value not in state.hidden]
        if state.hidden
        else fitting
    )
    sites = visible[:MOST_ROWS]
    otherwise = _otherwise(shown, sites)
    rows = []
    for site in sites:
        life, place = lives[site], ledger.sites[site]
        found = _pieces(_Same(life), shown.first, shown.today)
        rows.append(
            TableRow(
                row=(row := view._row(ledger, life, state)),  # noqa: SLF001 - one row of the table beside the map
                detail=shorten(detail(row)),
                since=shorten(dates.words(dates.parse(since))) if (since := row.state.span.since) else "",
                evidence=shorten(dates.words(row.evidence)) if row.evidence else "",
                name_local=next((n.name for n in _names(ledger).get(site, ()) if n.script == "Arab"), ""),
                claims=len(counted(shown, site)),
                otherwise=otherwise.get(site, ""),
                position=radius_words(place),
                life=found,
                life_words=life_words(found),
            )
        )
    return Table(tuple(rows), len(fitting), len(fitting) - len(visible))


class _Same:
    """A life compared by identity, so that what follows from it can be kept."""

    __slots__ = ("life",)

    def __init__(self, life: Life) -> None:
        self.life = life

    def __hash__(self) -> int:
        return id(self.life)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.life is self.life


@lru_cache(maxsize=4096)
def _pieces(same: _Same, first: dt.date, last: dt.date) -> tuple[Piece, ...]:
    return pieces(same.life, first, last)


def _otherwise(shown: View, sites: Iterable[str]) -> Mapping[str, str]:
    """Return for the sites whose category is another by the other clock what that clock says.

    Of a large ledger not as reported by each day: every report would have to be folded anew for every site.
    """
    if not tells_other_clock(shown):
        return {}
    ledger, day, by_clock = shown.ledger, shown.state.as_of, shown.state.known_on is not None
    other = view.lives(ledger, replace(shown.state.knowledge, known_on=None, each_day=not by_clock))
    words = "known today" if by_clock else "as our sources had reported by that day"
    return {
        site: f"{words}: {wording.lower_first(theme.LABELS[category])}"
        for site in sites
        if (category := other[site].at(day).category) is not _life(shown, site).at(day).category
    }


def tells_other_clock(shown: View) -> bool:
    """Tell whether the table says what the other clock shows."""
    return shown.state.known_on is not None or len(shown.ledger.sites) <= MOST_SITES


def _carried(filters: Filters) -> dict[str, str]:
    """Return what a link to a site's page takes along, so that the next site there is the next of this table."""
    return {"q": filters.words, "phase": filters.phase, "sort": filters.sort}


# ------------------------------------------------------------------------------------------------ parts


def _draw(template: str, block: str, shown: View, **more: Any) -> str:
    """Return one block of a template; a part whose text stays the same is not touched in the browser."""
    page = ENVIRONMENT.get_template(template)
    context = page.new_context(
        {
            "ledger": shown.ledger, "first": shown.first, "today": shown.today, "known_on": shown.state.known_on,
            "state": shown.state, "as_of": shown.state.as_of, "narrow": shown.state.knowledge.narrow, "carried": _carried(shown.state.filters),
            **more,
        }
    )  # fmt: skip
    return "".join(page.blocks[block](context)).strip()


def table_parts(shown: View) -> list[tuple[str, str]]:
    """Return the page with the table of all sites."""
    return [
        ("clock", panels.clock_html(shown)),
        ("omission", panels.fallen_html(shown)),
        ("sites-filters", filters_html(shown)),
        ("sites-legend", legend_html(shown)),
        ("sites-table", table_html(shown)),
        ("stamp", panels.stamp_html(shown)),
    ]


def filters_html(shown: View) -> str:
    """Return the heading and the controls; they do not depend on what is asked, so typing never loses its place."""
    phases = [phase for phase in shown.ledger.phases.values() if phase.sites]
    return _draw("sites_page.html", "filters", shown, phases=phases)


def legend_html(shown: View) -> str:
    """Return the categories with how many sites show each that day; each hides and shows its sites."""
    day = shown.state.as_of
    lives = view.lives(shown.ledger, shown.state.knowledge)
    counts = Counter(life.at(day).category for life in lives.values())
    return _draw(
        "sites_page.html", "legend", shown, counts=counts, short_labels=theme.SHORT, hidden=shown.state.hidden
    )


def table_html(shown: View) -> str:
    """Return the table with the count of what it shows."""
    found, filters = table(shown), shown.state.filters
    column, down = filters.sort.removeprefix("-"), filters.sort.startswith("-")
    return _draw(
        "sites_page.html", "table", shown, t=found, total=len(shown.ledger.sites), selected=shown.state.site,
        sorts={column: "descending" if down else "ascending"}, asked=bool(filters.words or filters.phase),
        otherwise=tells_other_clock(shown),
        unknown_phase=filters.phase if filters.phase not in shown.ledger.phases else "",
    )  # fmt: skip


def site_parts(shown: View) -> list[tuple[str, str]]:
    """Return the page of the selected site, or what to do where there is none."""
    clock = [("clock", panels.clock_html(shown)), ("omission", panels.fallen_html(shown))]
    if shown.dossier is None:
        return [*clock, ("site-none", _draw("site_page.html", "none", shown, some=_some(shown.ledger)))]
    return [
        *clock,
        ("site-head", head_html(shown)),
        ("site-claims", claims_html(shown)),
        ("site-place", place_html(shown)),
        ("stamp", panels.stamp_html(shown)),
    ]


def _some(ledger: Ledger) -> tuple[Site, ...]:
    return tuple(islice(ledger.sites.values(), 6))


def head_html(shown: View) -> str:
    """Return the name, the way to the other sites, the state on the day and the whole life."""
    ledger, state = shown.ledger, shown.state
    assert shown.dossier is not None  # noqa: S101 - site_parts asks only then
    site = shown.dossier.site.site
    row = ordered(shown)
    narrowed = site in row
    if not narrowed:
        row = tuple(ledger.sites)
    at = row.index(site)
    otherwise = shown.otherwise
    report = (
        hindsight.difference(ledger, site, state.as_of, state.known_on or state.as_of, state.knowledge)
        if otherwise
        else None
    )
    return _draw(
        "site_page.html", "head", shown, d=shown.dossier, otherwise=otherwise, report=report,
        before=ledger.sites[row[at - 1]] if at else None, after=ledger.sites[row[at + 1]] if at + 1 < len(row) else None,
        place=at + 1, row=len(row), total=len(ledger.sites), narrowed=narrowed, years=_years(shown), pale=any(face.stale for stretch in shown.dossier.strip for face in stretch.faces),
        names_arab=[n.name for n in _names(ledger).get(site, ()) if n.script == "Arab"],
    )  # fmt: skip


def _years(shown: View) -> list[tuple[int, float]]:
    """Return the years under the life strip and where each begins, in percent; of many, every second or fifth."""
    total = (shown.today - shown.first).days + 1
    years = range(shown.first.year, shown.today.year + 1)
    step = next(s for s in (1, 2, 5, 10, 25, 50, 100) if len(years) / s <= 14)  # noqa: PLR2004 - so many have room
    return [
        (year, 100 * (dt.date(year, 1, 1) - shown.first).days / total) for year in years if year % step == 0
    ]


def claims_html(shown: View) -> str:
    """Return what decides the day and its rivals, then all other assertions in order of time, then what is left out."""
    ledger, state = shown.ledger, shown.state
    assert shown.dossier is not None  # noqa: S101 - site_parts asks only then
    site = shown.dossier.site.site
    counting = reporting(ledger, state.known_on, state.knowledge.left_out(ledger))
    found, reason = assertions(shown), shown.dossier.state.span.reason
    return _draw(
        "site_page.html", "claims", shown, assertions=found, deciding=[a for a in found if a.line.role in DECIDING], rivals=[a for a in found if a.line.role in RIVALS],
        others=[a for a in found if a.line.role not in DECIDING | RIVALS], count=sum(len(a.claims) for a in found), roles=ROLES | {"decides": TODAYS.get(reason, ROLES["decides"])}, turns=TURNS,
        site=site, tally=Counter(a.line.role for a in found), quotations=sum(bool(c.quotation) for a in found for c in a.claims),
        disputed=disagreements.touching(ledger).claims, corrected=corrected(ledger, counting), named=state.knowledge.without, grades=state.knowledge.without_grades,
        left_out=panels._left_out_claims(ledger, site, state.knowledge, state.known_on),  # noqa: SLF001 - as in the dossier
    )  # fmt: skip


def assertions(shown: View) -> tuple[Assertion, ...]:
    """Return all that is asserted about the selected site, the earliest first; what is rejected stands in its place."""
    if shown.dossier is None:
        return ()
    d = shown.dossier
    lines = {line.claims: line for line in (*d.deciding, *d.rivals, *d.others, *d.later, *d.rejected)}
    found = (_assertion(shown, line) for line in lines.values())
    return tuple(sorted(found, key=lambda a: (a.line.claim.occurred.last, a.line.claims)))


def _assertion(shown: View, line: ClaimLine) -> Assertion:
    claim, ids = line.claim, set(line.claims)
    strip = shown.dossier.strip if shown.dossier else ()
    return Assertion(
        line=line,
        claims=tuple(shown.ledger.claim[key] for key in line.claims),
        before=_side(claim.from_controller, claim.from_coalition),
        after=_side(claim.to_controller, claim.to_coalition),
        held_from=_shown_as(claim.from_controller, claim.from_coalition),
        held_to=_shown_as(claim.to_controller, claim.to_coalition),
        decides=tuple(stretch for stretch in strip if ids & {*stretch.span.decided_by}),
    )


def _shown_as(controller: Controller | None, coalition: Coalition | None) -> Category | None:
    if controller is None or coalition is None:
        return None
    return control.category_of(Held(controller, coalition))


def place_html(shown: View) -> str:
    """Return where the site lies, what it is called, whose neighbour in time it is and which phases cover it."""
    ledger = shown.ledger
    assert shown.dossier is not None  # noqa: S101 - site_parts asks only then
    site = shown.dossier.site
    names = _names(ledger).get(site.site, ())
    sharing = [
        other for other in ledger.sites.values()
        if other is not site and site.lat is not None and (other.lat, other.lon) == (site.lat, site.lon)
    ]  # fmt: skip
    return _draw(
        "site_page.html", "place", shown, site=site, exact=radius_words(site), map=locator(site), side=SIDE,
        latin=[n for n in names if n.script == "Latn"], arab=[n for n in names if n.script == "Arab"], sharing=sharing,
        credits=boundaries.CREDITS, footnote=boundaries.FOOTNOTE_SHORT, hoods=list(neighbourhoods(shown)),
        searched=finds_neighbours(shown), apart=apart_words, when=when_words, week=neighbours.WEEK,
        phases=[p for p in shown.progress if site.site in p.sites],
        disputes=[ledger.disagreements[key] for key in disagreements.touching(ledger).sites.get(site.site, ())],
        hidden_scopes=any(site.site in p.phase.sites and not p.whole for p in shown.progress),
    )  # fmt: skip


def neighbourhoods(shown: View) -> Iterator[Neighbourhood]:
    """Yield the changes of the selected site with those of other sites in the same week.

    Where each day counts only what had been reported by it, the lives are those known on the day shown: in a life that
    grows, a change of what is shown may be no more than a report.
    """
    if shown.dossier is None or not finds_neighbours(shown):
        return
    site = shown.dossier.site.site
    known = replace(shown.state.knowledge, each_day=False, known_on=shown.state.known_on)
    almanac = _almanac(shown.ledger, known)
    near = neighbours.neighbours(almanac, site)
    for change in almanac.of.get(site, ()):
        found = tuple(n for n in near if n.own == change)
        yield Neighbourhood(change, found[:MOST_NEIGHBOURS], len(found) - MOST_NEIGHBOURS)


def finds_neighbours(shown: View) -> bool:
    """Tell whether neighbours in time are looked for: where the clock goes with the day, a large ledger takes too long."""
    return not shown.state.knowledge.each_day or len(shown.ledger.sites) <= MOST_SITES


@lru_cache(maxsize=8)
def _almanac(ledger: Ledger, knowledge: Knowledge) -> neighbours.Almanac:
    return neighbours.almanac(view.lives(ledger, knowledge).values())

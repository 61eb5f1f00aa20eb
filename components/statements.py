"""The page of statements: every sentence with its renderings side by side, every quotation, every date of the articles."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice
from typing import Any, TypeVar

from components import panels, utterances, wording
from components.templating import ENVIRONMENT
from components.view import View
from components.view_state import Filters
from geodata.knowledge import corrected, reporting
from geodata.model import Claim, DatedStatement, Disagreement, Grade, Ledger, Rendering, Source, Statement
from geodata.renderings import Piece, Term, compare, marked, named, own_source, reference
from geodata.statements import Said, claims_quoting

MOST_SENTENCES, MOST_QUOTED, MOST_DATED = 24, 100, 60
"""How many sentences, other quotations and dates of articles are drawn; the others are counted."""

MOST_RESTING = 12
"""How many claims that rest on one quotation are named; the others are counted."""

SHORT_CUT = 7
"""Words of the reference that a bracket repeats in full; of more, the first and the last three."""

T = TypeVar("T")

BEGINS, ENDS = "begins after", "ends before"
"""Of words the reference has before or after all those of a rendering."""

LEAST_SHARED = 2
"""Positions of a disagreement, of two words or more, that must stand, word for word, in the renderings of a sentence to belong to it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a rendering as it is drawn: plain, added, named by a note, or a bracket about what is missing."""

    kind: str  # plain, added, named, bracket
    text: str
    lead: str = ""  # of a bracket: what it says of the words
    short: str = ""  # of a bracket: the words, shortened where they are many


@dataclass(frozen=True, slots=True)
class Row:
    """One outlet's rendering beside the wording it is compared with."""

    rendering: Rendering
    source: Source
    marks: tuple[Mark, ...]
    begins: Mark | None  # what the reference has before these words
    ends: Mark | None  # and after them
    reference: Rendering | None  # None for the reference itself, for a paraphrase, and for the only quotation
    own: bool  # the reference is the source this outlet rewrites
    alike: bool  # no word differs from the reference
    choosable: bool  # a reader may compare the others with it
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence of a statement with all its renderings that count."""

    said: Said
    number: int  # in its statement
    rows: tuple[Row, ...]
    reference: Rendering | None
    chosen: bool
    disagreements: tuple[Disagreement, ...]

    @property
    def quotations(self) -> int:
        """How many of the renderings are quotations."""
        return sum(row.rendering.kind == "quotation" for row in self.rows)


@dataclass(frozen=True, slots=True)
class Quoted:
    """One quotation that belongs to no sentence, with the claims that rest on it."""

    said: Said
    statement: Statement | None
    claims: tuple[Claim, ...]
    more: int  # claims that are not named


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page draws, and how many of how many."""

    sentences: tuple[Entry, ...]
    quoted: tuple[Quoted, ...]
    dated: tuple[DatedStatement, ...]
    found: tuple[int, int, int]  # sentences, quotations, dates that the filters let through
    total: tuple[int, int, int]  # without filters
    renderings: tuple[int, int, int]  # quotations, paraphrases, outlets in the sentences found
    missing: str  # why the link's item is not on the page, "" where it is
    missing_day: dt.date | None  # when it was said, where that is why


def marks(
    rendering: Rendering, against: Rendering | None, terms: Sequence[Term], others: Iterable[str] = ()
) -> tuple[Mark, ...]:
    """Return a rendering as it is drawn: every letter of it, what differs from the reference, what a note names.

    `others` are the other renderings of the sentence: an added word says whether one of them has it too.
    """
    pieces = compare(against.text, rendering.text) if against else (Piece("same", rendering.text),)
    stretches = marked(rendering.text, terms)
    elsewhere = tuple(others)
    found: list[Mark] = []
    place = 0
    for number, piece in enumerate(pieces):
        if piece.kind != "cut":
            for text, term in _within(stretches, place, place + len(piece.text)):
                found += _drawn(text, term, piece, elsewhere)
            place += len(piece.text)
        before = pieces[number - 1] if number else None
        if piece.kind == "added" and before and before.kind == "cut":
            found += _bracket("instead of", before)
        elif piece.kind == "cut" and not (number + 1 < len(pieces) and pieces[number + 1].kind == "added"):
            edge = BEGINS if number == 0 else ENDS if number + 1 == len(pieces) else "without"
            found += _bracket(edge, piece)
    return tuple(found)


def _within(
    stretches: Sequence[tuple[str, Term | None]], start: int, end: int
) -> Iterable[tuple[str, Term | None]]:
    """Return what of the stretches lies between two places of the text; what is cut in two is no longer named whole."""
    place = 0
    for text, term in stretches:
        first, last = max(start, place), min(end, place + len(text))
        if first < last:
            whole = last - first == len(text) or (term is not None and term.added)
            yield text[first - place : last - place], term if whole else None
        place += len(text)


def _drawn(text: str, term: Term | None, piece: Piece, others: Sequence[str]) -> list[Mark]:
    """Return a stretch as it is drawn; blanks at its ends are not part of what is marked."""
    core = text.strip()
    if not core:
        return [Mark("plain", text)]
    before, after = text[: text.index(core)], text[text.index(core) + len(core) :]
    added = piece.kind == "added" and piece.worded
    kind = "added" if added or (term and term.added) else "named" if term else "plain"
    found = [Mark("plain", before), Mark(kind, core)]
    if term and term.added:
        alone = not any(words == term for other in others for _, words in marked(other, (term,)))
        found.append(Mark("bracket", "", "added: in no other wording" if alone else "added"))
    return [mark for mark in (*found, Mark("plain", after)) if mark.text or mark.lead]


def _bracket(lead: str, piece: Piece) -> list[Mark]:
    if not piece.worded:
        return []
    words = piece.text.strip(" \n\t,.;:")
    parts = words.split()
    short = " ".join((*parts[:3], "…", *parts[-3:])) if len(parts) > SHORT_CUT else words
    return [Mark("bracket", words, lead, short)]


def entry(view: View, said: Said, gone: frozenset[str] = frozenset()) -> Entry:
    """Return a sentence with its renderings compared: with the linked wording, the chosen outlet's, or the fullest.

    `gone` are the claims that are corrected. Beside a view from which sources are kept, no editor's note counts.
    """
    ledger, sentence, sources = view.ledger, said.sentence, view.ledger.sources
    if sentence is None:
        raise TypeError("only a sentence has renderings side by side")
    narrow, chosen, outlet = view.state.knowledge.narrow, view.state.item, view.state.filters.outlet
    quotations = [r for r in said.renderings if r.kind == "quotation"]
    theirs = next((r.rendering for r in quotations if sources[r.source].publisher == outlet), "")
    wanted = chosen if chosen and any(r.rendering == chosen for r in quotations) else theirs
    first = reference(quotations, sources, wanted)
    derived = {r.rendering: own_source(r, quotations, sources) for r in quotations}
    disagreements = () if narrow else _disagreements(ledger, sentence.sentence)
    notes = () if narrow else (said.note,)
    rows = []
    # What an outlet took from another one in the list stands below it.
    ranked = sorted(
        said.renderings,
        key=lambda r: (r.kind != "quotation", r is not first, derived.get(r.rendering) is not None),
    )
    for r in ranked:
        own = derived.get(r.rendering)
        against = None if r is first or r.kind != "quotation" else own or first
        terms = [term for note in (*notes, "" if narrow else r.note) for term in named(note)]
        others = [other.text for other in said.renderings if other is not r]
        drawn = marks(r, against, terms, others)
        begins = drawn[0] if drawn[0].lead == BEGINS else None
        ends = drawn[-1] if drawn[-1].lead == ENDS else None
        rows.append(
            Row(
                rendering=r, source=sources[r.source], marks=drawn[bool(begins) : len(drawn) - bool(ends)],
                begins=begins, ends=ends, reference=against, own=own is not None,
                alike=against is not None and not any(mark.kind in ("added", "bracket") for mark in drawn),
                choosable=against is not None and own is None,
                claims=tuple(c for c in claims_quoting(ledger).get((r.source, r.text), ()) if c.claim not in gone),
            )
        )  # fmt: skip
    return Entry(
        said=said, number=_numbers(ledger)[sentence.sentence], rows=tuple(rows), reference=first,
        chosen=first is not None and first.rendering == wanted, disagreements=disagreements,
    )  # fmt: skip


@lru_cache(maxsize=4)
def _numbers(ledger: Ledger) -> dict[str, int]:
    """Return the place of every sentence in its statement, counted from 1."""
    found: dict[str, int] = {}
    ranked = sorted(ledger.sentences.values(), key=lambda s: s.statement)
    for _, sentences in groupby(ranked, key=lambda s: s.statement):
        found |= {s.sentence: number for number, s in enumerate(sentences, 1)}
    return found


@lru_cache(maxsize=512)
def _disagreements(ledger: Ledger, sentence: str) -> tuple[Disagreement, ...]:
    """Return the disagreements whose positions stand, word for word, in renderings of a sentence by the same sources."""
    renderings = [r for r in ledger.renderings if r.sentence == sentence]
    held = [
        p.disagreement
        for p in ledger.positions
        if " " in p.text and any(r.source in p.sources and p.text in r.text for r in renderings)
    ]
    return tuple(d for key, d in ledger.disagreements.items() if held.count(key) >= LEAST_SHARED)


def shown(view: View) -> Shown:
    """Return what the page draws for a view."""
    ledger, state = view.ledger, view.state
    gone = corrected(ledger, reporting(ledger, state.known_on, state.knowledge.left_out(ledger)))
    whole, found = utterances.everything(view), utterances.selected(view)
    all_dates, dates = utterances.everything_dated(view), utterances.selected_dated(view)
    sentences = tuple(item for item in found if item.sentence)
    others = (item for item in found if not item.sentence)
    linked = _naming(ledger, state.item)
    entries = tuple(entry(view, item, gone) for item in _capped(sentences, MOST_SENTENCES, linked))
    quoted = tuple(_quoted(ledger, item, gone) for item in _capped(others, MOST_QUOTED, linked))
    drawn_dates = tuple(_capped(dates, MOST_DATED, lambda d: d.dated_statement == state.item))
    total = sum(item.sentence is not None for item in whole)
    renderings = [r for item in sentences for r in item.renderings]
    quotations = sum(r.kind == "quotation" for r in renderings)
    missing, day = _missing(view, _items(entries, quoted, drawn_dates), whole, all_dates)
    return Shown(
        sentences=entries, quoted=quoted, dated=drawn_dates,
        found=(len(sentences), len(found) - len(sentences), len(dates)),
        total=(total, len(whole) - total, len(all_dates)),
        renderings=(quotations, len(renderings) - quotations, len({r.source for r in renderings})),
        missing=missing, missing_day=day,
    )  # fmt: skip


def _capped(items: Iterable[T], most: int, linked: Callable[[T], bool]) -> list[T]:
    """Return the first items, and wherever it stands the one a link points at."""
    left = iter(items)
    first = [*islice(left, most)]
    return first if any(map(linked, first)) else [*first, *islice(filter(linked, left), 1)]


def _quoted(ledger: Ledger, said: Said, gone: frozenset[str]) -> Quoted:
    claims = utterances.claims_of(ledger, said, gone)
    loose = next((r for r in _loose(ledger) if r.rendering == said.key), None)
    statement = ledger.statements[loose.statement] if loose else None
    return Quoted(said, statement, claims[:MOST_RESTING], max(0, len(claims) - MOST_RESTING))


@lru_cache(maxsize=4)
def _loose(ledger: Ledger) -> tuple[Rendering, ...]:
    return tuple(r for r in ledger.renderings if not r.sentence)


def _items(
    entries: Iterable[Entry], quoted: Iterable[Quoted], dated: Iterable[DatedStatement]
) -> frozenset[str]:
    """Return the identifiers to which the page has something to show."""
    found = {d.dated_statement for d in dated}
    for drawn in entries:
        found |= {drawn.said.sentence.sentence} if drawn.said.sentence else set()
        found |= {row.rendering.rendering for row in drawn.rows}
        found |= {claim.claim for row in drawn.rows for claim in row.claims}
    for item in quoted:
        found |= {item.said.key, *(claim.claim for claim in item.claims)}
    return frozenset(found)


def _missing(
    view: View, drawn: frozenset[str], whole: Sequence[Said], dates: Sequence[DatedStatement]
) -> tuple[str, dt.date | None]:
    """Return why the page does not show what the link points at, "" where it does, and the day from which it would."""
    ledger, item = view.ledger, view.state.item
    if item is None or item in drawn:
        return "", None
    claim = ledger.claim.get(item)
    there = any(d.dated_statement == item for d in dates) or any(map(_naming(ledger, item), whole))
    day = None if there else _said_on(ledger, item)
    later = day is not None and day > view.state.as_of
    known = claim or item in ledger.sentences or _source_of(ledger, item)
    rules = (
        (not known, "is no statement, quotation or date in these data"),
        (claim and not claim.quotation, "rests on a claim without quoted words"),
        (claim and claim.grade is Grade.REJECTED, "is a rejected claim: quoted, but it never counts"),
        (there, "is left out by the filters, or stands beyond what the list names"),
        (later, "was said later than the day shown"),
    )
    why = next((words for fits, words in rules if fits), "rests on a source that does not count here")
    return why, day if why == rules[-1][1] else None


def _naming(ledger: Ledger, item: str | None) -> Callable[[Said], bool]:
    """Return what tells whether an identifier names an utterance, a rendering of it, or a claim resting on its words."""
    claim = ledger.claim.get(item or "")
    words = (claim.source, claim.quotation) if claim else None

    def names(said: Said) -> bool:
        if item in (said.key, said.sentence and said.sentence.sentence):
            return item is not None
        if words is None:
            return any(r.rendering == item for r in said.renderings)
        pairs = [(r.source, r.text) for r in said.renderings]
        return words in (pairs or [(said.source.source, said.quotation)])

    return names


def _source_of(ledger: Ledger, item: str) -> Source | None:
    """Return the source of a rendering, a date of an article or a claim."""
    claim = ledger.claim.get(item)
    key = claim.source if claim else ""
    key = key or next((r.source for r in ledger.renderings if r.rendering == item), "")
    key = key or next((d.source for d in ledger.dated_statements if d.dated_statement == item), "")
    return ledger.sources.get(key)


def _said_on(ledger: Ledger, item: str) -> dt.date | None:
    """Return the day from which something said is shown, None where it is not recorded."""
    rendering = next((r for r in ledger.renderings if item in (r.rendering, r.sentence)), None)
    statement = ledger.statements[rendering.statement] if rendering else None
    if statement and statement.occurred:
        return statement.occurred.last
    source = _source_of(ledger, item)
    return source.published.last if source and source.published else None


def filters_html(view: View) -> str:
    """Return the heading and the filters; they depend on nothing that a reader chooses."""
    return _filters(view.ledger, view.first)


@lru_cache(maxsize=4)
def _filters(ledger: Ledger, first: dt.date) -> str:
    return ENVIRONMENT.get_template("statements.html").render(
        part="filters", ledger=ledger, choices=utterances.choices(ledger), first=first
    )


def _render(part: str, view: View, drawn: Shown, **more: Any) -> str:
    state = view.state
    return ENVIRONMENT.get_template("statements.html").render(
        part=part, ledger=view.ledger, publisher=wording.publisher, as_of=state.as_of, narrow=state.knowledge.narrow, asked=state.filters,
        state=state, item=state.item, any_filter=_any(state.filters), s=drawn, **more,
    )  # fmt: skip


def _any(asked: Filters) -> bool:
    return any((asked.words, asked.speaker, asked.outlet, asked.about, asked.phase, asked.since))


def parts(view: View) -> list[tuple[str, str]]:
    """Return the page of statements from top to bottom."""
    drawn = shown(view)
    years = [
        (year, tuple(items))
        for year, items in groupby(drawn.quoted, key=lambda q: q.said.day.last.year if q.said.day else None)
    ]
    statements = [
        (view.ledger.statements[key], tuple(items))
        for key, items in groupby(
            drawn.sentences, key=lambda e: e.said.sentence.statement if e.said.sentence else ""
        )
    ]
    articles = [
        (view.ledger.sources[key], tuple(items))
        for key, items in groupby(drawn.dated, key=lambda d: d.source)
    ]
    return [
        ("clock", panels.clock_html(view)),
        ("statements-filters", filters_html(view)),
        ("statements-count", _render("count", view, drawn, later=utterances.later(view))),
        ("statements-sentences", _render("sentences", view, drawn, statements=statements)),
        ("statements-quoted", _render("quoted", view, drawn, years=years)),
        ("statements-dated", _render("dated", view, drawn, articles=articles)),
    ]

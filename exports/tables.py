"""The tables that leave: claims, states, segments, statements with their renderings, sources; each equal to its view.

"As shown" follows the view: its day, what counts as known, the categories not filtered out, what narrows its lists.
"Everything" is the ledger without any of that; of states, those of the view's day.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from components import sites, sources, utterances, view, wording
from components.theme import LABELS
from components.view import View
from components.view_state import Filters, ViewState
from exports.columns import Column, Value, edtf, of_field, of_model, parsed, plain
from exports.columns import Kind as ColumnKind
from geodata import control, statements
from geodata.control import Category, Held, Life, Reason, Span, State
from geodata.dates import Possible
from geodata.knowledge import EVERYTHING, Knowledge, corrected, reporting
from geodata.model import (
    Basis,
    Claim,
    Coalition,
    Controller,
    DatedStatement,
    Grade,
    Ledger,
    Region,
    Rendering,
    Sentence,
    Site,
    Source,
)
from geodata.staleness import is_stale
from geodata.statements import Said

END = dt.date.max


@dataclass(frozen=True, slots=True)
class Spec:
    """What a table is: its columns, its key, and which items of a view stand in it."""

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    select: Callable[[View, bool], Sequence[Any]]
    narrowed_by: tuple[str, ...]  # the fields of Filters that apply to it
    site: Callable[[Ledger, Any], Site | None] | None = None  # where its items lie; None: it has no positions
    links: tuple[tuple[str, str, str], ...] = ()  # column, table, column


@dataclass(frozen=True, slots=True)
class Table:
    """One table of one view: rows in the order of its key."""

    spec: Spec
    ledger: Ledger
    items: Sequence[Any]
    notes: bool  # whether editors' notes leave with it

    def column(self, column: Column) -> list[Value]:
        """Return the values of a column, empty where the view shows no editors' notes."""
        if column.editorial and not self.notes:
            return [None] * len(self.items)
        return [column.read(self.ledger, item) for item in self.items]

    def rows(self) -> Iterable[tuple[Value, ...]]:
        """Yield the rows."""
        return zip(*(self.column(column) for column in self.spec.columns), strict=True)


def table(name: str, shown: View, *, everything: bool = False) -> Table:
    """Return a table of what a view shows, or of everything."""
    spec = SPECS[name]
    return Table(
        spec, shown.ledger, spec.select(shown, everything), everything or not shown.state.knowledge.narrow
    )


def count(name: str, shown: View, *, everything: bool = False) -> int:
    """Return how many rows a table has."""
    if name == "states":
        return _count_states(shown, everything)
    if name == "statements" and not everything:
        return len(utterances.selected(shown))
    return (
        _count_all(name, shown.ledger, shown.today) if everything else len(SPECS[name].select(shown, False))
    )


@lru_cache(maxsize=64)
def _count_all(name: str, ledger: Ledger, today: dt.date) -> int:
    """Return how many rows a table of everything has; kept: all tables but that of states are the same on every day."""
    empty = View(
        ledger=ledger, state=ViewState(as_of=today), first=today, today=today, caption="", rows=(), progress=(), said=(),
        dossier=None, otherwise=None, compared=None, omitted=None,
    )  # fmt: skip
    return len(SPECS[name].select(empty, True))


def knowledge(shown: View, everything: bool) -> Knowledge:  # noqa: FBT001 - handed on by position
    """Return what counts."""
    return EVERYTHING if everything else shown.state.knowledge


def _counting(shown: View, everything: bool) -> frozenset[str]:  # noqa: FBT001
    """Return the sources that count for the view's day."""
    if everything:
        return reporting(shown.ledger, None, frozenset())
    state = shown.state
    return reporting(shown.ledger, state.known_on, state.knowledge.left_out(shown.ledger))


# ---------------------------------------------------------------------------------------------------- claims


def _claims(shown: View, everything: bool) -> Sequence[Claim]:  # noqa: FBT001
    asked = Filters() if everything else shown.state.filters
    return _wanted_claims(shown.ledger, _counting(shown, everything), _unordered(asked))


def _unordered(asked: Filters) -> Filters:
    """Return the filters without their order: files have one of their own."""
    return Filters(asked.words, asked.speaker, asked.outlet, asked.about, asked.phase, asked.since)


@lru_cache(maxsize=8)
def _wanted_claims(ledger: Ledger, counting: frozenset[str], asked: Filters) -> tuple[Claim, ...]:
    """Return the claims of these sources that the filters let through, by identifier; kept, as the day rarely matters."""
    found = [c for c in ledger.claims if c.source in counting and _claim_fits(ledger, c, asked)]
    return tuple(sorted(found, key=lambda claim: claim.claim))


def _claim_fits(ledger: Ledger, claim: Claim, asked: Filters) -> bool:
    """Tell whether the filters of the page of statements let a claim through."""
    if asked == Filters():
        return True
    source, site, phase = ledger.sources[claim.source], ledger.sites.get(claim.site or ""), asked.phase
    texts = [claim.text, claim.quotation, claim.asserted_by, source.publisher]
    texts += [site.name, site.short_name] if site else []
    text = utterances.normalise("\n".join(texts)) if asked.words else ""
    return (
        all(word in text for word in utterances.normalise(asked.words).split())
        and asked.speaker in ("", claim.asserted_by)
        and asked.outlet in ("", source.publisher)
        and (not asked.about or asked.about in (claim.site, *claim.scope))
        and (not phase or phase == claim.phase or (phase in ledger.phases and claim.source in ledger.phases[phase].sources))
        and (asked.since is None or claim.occurred.last >= asked.since)
    )  # fmt: skip


def _standing(ledger: Ledger, claim: Claim) -> str:
    if claim.grade is Grade.REJECTED:
        return "rejected"
    return "corrected" if claim.claim in _corrected(ledger) else "counts"


@lru_cache(maxsize=4)
def _corrected(ledger: Ledger) -> frozenset[str]:
    return corrected(ledger, reporting(ledger, None, frozenset()))


def _site_of_claim(ledger: Ledger, claim: Claim) -> Site | None:
    return ledger.sites.get(claim.site or "")


# ------------------------------------------------------------------------------------------ states and segments


class OnDay(NamedTuple):
    """One site on one day."""

    life: Life
    state: State
    known_on: dt.date | None


class Segment(NamedTuple):
    """One piece of a site's life; `number` counts the pieces of the whole life from 1."""

    life: Life
    number: int
    span: Span
    today: dt.date


def _states(shown: View, everything: bool) -> Sequence[OnDay]:  # noqa: FBT001
    state, asked = shown.state, knowledge(shown, everything)
    found = view.lives(shown.ledger, asked)
    days = sorted({state.as_of, state.compare or state.as_of})
    wanted = _wanted_sites(shown, everything)
    hidden = frozenset() if everything else state.hidden
    return [
        OnDay(found[site], control.state_on(shown.ledger, found[site], day), asked.on(day))
        for day in days
        for site in wanted
        if not hidden or found[site].at(day).category.value not in hidden
    ]


def _count_states(shown: View, everything: bool) -> int:  # noqa: FBT001
    """Return how many rows the table of states has, without making them: a page asks on every day."""
    state, wanted = shown.state, _wanted_sites(shown, everything)
    days = {state.as_of, state.compare or state.as_of}
    if everything or not state.hidden:
        return len(wanted) * len(days)
    found = view.lives(shown.ledger, state.knowledge)
    return sum(found[site].at(day).category.value not in state.hidden for site in wanted for day in days)


def _wanted_sites(shown: View, everything: bool) -> list[str]:  # noqa: FBT001
    """Return the sites that the table of sites lists, by identifier."""
    every, asked = sorted(shown.ledger.sites), shown.state.filters
    if everything:
        return every
    listed = set(sites.ordered(_without_order(shown))) if asked.words or asked.phase else set(every)
    return [site for site in every if site in listed and asked.about in ("", site)]


def _without_order(shown: View) -> View:
    return replace(shown, state=replace(shown.state, filters=_unordered(shown.state.filters)))


def _segments(shown: View, everything: bool) -> Sequence[Segment]:  # noqa: FBT001
    hidden = frozenset[str]() if everything else shown.state.hidden
    since = None if everything else shown.state.filters.since
    asked = knowledge(shown, everything)
    wanted = tuple(_wanted_sites(shown, everything))
    return _wanted_segments(shown.ledger, asked, wanted, hidden, since or dt.date.min, shown.today)


@lru_cache(maxsize=4)
def _wanted_segments(  # noqa: PLR0913, PLR0917 - what the answer is kept by
    ledger: Ledger,
    asked: Knowledge,
    wanted: tuple[str, ...],
    hidden: frozenset[str],
    since: dt.date,
    today: dt.date,
) -> tuple[Segment, ...]:
    """Return the pieces of these sites' lives up to today; kept, as they do not follow the day."""
    found = view.lives(ledger, asked)
    return tuple(
        Segment(found[site], number, span, today)
        for site in wanted
        for number, span in enumerate(found[site].spans, 1)
        if span.first <= today and span.last >= since and span.category.value not in hidden
    )


def _halves(held: Held | None) -> str | None:
    return control.category_of(held).value if held else None


def _span_columns(span: Callable[[Any], Span], life: Callable[[Any], Life]) -> tuple[Column, ...]:
    """Return what a table says of a span: the state, why, since when, and on which claims."""
    return (
        Column("category", "What the marker shows.", lambda _, i: span(i).category.value, required=True, choices=tuple(c.value for c in Category)),
        Column("label", "The category in words.", lambda _, i: LABELS[span(i).category], required=True),
        Column("words", "The state in one sentence, as the page words it.", lambda ledger, i: wording.span_words(ledger, life(i), span(i)), required=True),
        Column("controller", "Who administers the site.", lambda _, i: span(i).held.controller.value, required=True, choices=tuple(Controller)),
        Column("coalition", "Whether coalition forces are there; contractors, diplomats and the NATO mission are not the coalition.", lambda _, i: span(i).held.coalition.value, required=True, choices=tuple(Coalition)),
        Column("changing_from", "Where the site is changing hands, or has gone out of sourcing: the category before.", lambda _, i: _halves(span(i).was), choices=tuple(c.value for c in Category)),
        Column("changing_to", "Where the site is changing hands: the category after.", lambda _, i: _halves(span(i).becoming), choices=tuple(c.value for c in Category)),
        Column("reason", "Why it shows this: claims decide it, a change is uncertain (changing), no source speaks yet (before-first), none dates a change (gap), the last evidence is too old (carried-out), a promised end has passed (deadline), reports contradict each other (contradiction).", lambda _, i: span(i).reason.value, required=True, choices=tuple(Reason)),
        Column("basis", "The strongest basis of the state; confirmed: from two independent origins.", lambda _, i: plain(span(i).basis), choices=tuple(Basis)),
        *edtf("since", "Since when, as the deciding claims date it; empty where no claim dates it.", lambda _, i: parsed(span(i).since)),
        Column("weak", "Whether only weak evidence decides it.", lambda _, i: span(i).weak, "boolean", required=True),
        Column("by_general_statement", "Whether only a statement about all sites of a class decides it.", lambda _, i: span(i).general, "boolean", required=True),
        Column("decided_by", "Claims that decide it, separated by blanks.", lambda _, i: plain(span(i).decided_by)),
        Column("rivals", "Claims that say otherwise and are not refuted.", lambda _, i: plain(span(i).rivals)),
        Column("refuted", "Rival claims that later evidence refutes.", lambda _, i: plain(tuple(claim for claim, _ in span(i).refuted))),
        Column("refuted_by", "The evidence that refutes them.", lambda _, i: plain(tuple(sorted({by for _, found in span(i).refuted for by in found})))),
    )  # fmt: skip


PLACE = ("lon", "lat", "radius_m", "position_basis")
SITE_KINDS: Mapping[str, ColumnKind] = {"lon": "number", "lat": "number", "radius_m": "integer"}


def _site_columns(site: Callable[[Ledger, Any], Site | None], names: Sequence[str]) -> tuple[Column, ...]:
    """Return columns of the site of an item; empty where it has none."""
    return tuple(
        Column(
            {"name": "site_name", "short_name": "site_short_name", "type": "site_type", "note": "site_note"}.get(field, field),
            Site.model_fields[field].description or "",
            of_field(field, site),
            SITE_KINDS.get(field, "string"),
            editorial=field in ("note", "region_note", "position_source"),
            choices=tuple(Region) if field == "region" else (),
        )
        for field in names
    )  # fmt: skip


def _source_columns(source: Callable[[Ledger, Any], Source]) -> tuple[Column, ...]:
    """Return what a table says of the source of an item."""
    return (
        Column("publisher", "Who published the source.", lambda ledger, i: source(ledger, i).publisher, required=True),
        Column("source_title", "Headline of the source; empty where there is none.", lambda ledger, i: source(ledger, i).title or None),
        Column("source_url", "Address of the source; empty where not recorded.", lambda ledger, i: source(ledger, i).url or None),
        Column("source_language", "Language of the source, ISO 639; empty where not recorded.", lambda ledger, i: source(ledger, i).language or None),
        Column("source_grade", "Grade of the source: A official text, wire or established outlet; B secondary or relay, plausible; C partisan, relay or undated; D unreliable or machine-written.", lambda ledger, i: source(ledger, i).grade, required=True),
        *edtf("source_published", "Day of publication; empty where not recorded.", lambda ledger, i: source(ledger, i).published),
    )  # fmt: skip


def _state_site(ledger: Ledger, item: OnDay | Segment) -> Site:
    return ledger.sites[item.life.site]


def _last(item: OnDay) -> Possible | None:
    found = item.life.last_evidence(item.state.day)
    return found.occurred if found else None


# --------------------------------------------------------------------------------- statements and their renderings


def _statements(shown: View, everything: bool) -> Sequence[Said]:  # noqa: FBT001
    if everything:
        nothing = frozenset[str]()
        ledger = shown.ledger
        found = (*statements.said_by(ledger, END), *statements.undated(ledger, END, None, nothing))
    else:
        found = utterances.selected(shown)
    return sorted(found, key=_item)


def _item(item: Said) -> str:
    """Return what names an utterance: the sentence, the rendering or the claim."""
    return item.sentence.sentence if item.sentence else item.key


def _said_kind(ledger: Ledger, item: Said) -> str:
    return "sentence" if item.sentence else "claim" if item.key in ledger.claim else "quotation"


def _said_site(ledger: Ledger, item: Said) -> Site | None:
    return ledger.sites.get(item.site or "")


def _of_sentence(read: Callable[[Sentence], str]) -> Callable[[Ledger, Said], Value]:
    return lambda _, item: read(item.sentence) or None if item.sentence else None


def _statement_id(ledger: Ledger, item: Said) -> Value:
    return item.sentence.statement if item.sentence else _loose(ledger).get(item.key)


@lru_cache(maxsize=4)
def _loose(ledger: Ledger) -> dict[str, str]:
    """Return the statement of every quotation that belongs to no sentence."""
    return {r.rendering: r.statement for r in ledger.renderings if not r.sentence}


def _language(ledger: Ledger, item: Said) -> Value:
    """Return the language of the quoted words: as recorded with a claim, else that of the item they were read in."""
    if not item.quotation:
        return None
    return (item.language if item.key in ledger.claim else item.source.language) or None


def _renderings(shown: View, everything: bool) -> Sequence[Rendering]:  # noqa: FBT001
    if everything:
        found: Iterable[Rendering] = shown.ledger.renderings
    else:
        said = utterances.selected(shown)
        loose = {item.key for item in said if not item.sentence}
        told = {r.rendering for item in said for r in item.renderings} | loose
        found = (r for r in shown.ledger.renderings if r.rendering in told)
    return sorted(found, key=lambda r: r.rendering)


def _dated(shown: View, everything: bool) -> Sequence[DatedStatement]:  # noqa: FBT001
    found = shown.ledger.dated_statements if everything else utterances.selected_dated(shown)
    return sorted(found, key=lambda dated: dated.dated_statement)


def _sources(shown: View, everything: bool) -> Sequence[Source]:  # noqa: FBT001
    counting = _counting(shown, everything)
    listed = counting if everything else counting & set(sources.selected(_without_order(shown)))
    return [shown.ledger.sources[key] for key in sorted(listed)]


def _own_source(ledger: Ledger, item: Any) -> Source:
    return ledger.sources[item.source]


LISTS = ("words", "speaker", "outlet", "about", "phase", "since")
"""What narrows the lists of words."""

ALL = (
    Spec(
        "claims", "Claims",
        "One source's assertion about one site, a class of sites, or a plan; a row a source. Rejected ones are in it and marked: they never decide.",
        ("claim",),
        (
            *of_model(Claim, key="claim", editorial=("note",)),
            Column("standing", "counts, rejected (never decides), or corrected (another row corrects it, and it no longer counts).", _standing, required=True, choices=("counts", "rejected", "corrected")),
            *_source_columns(_own_source),
            *_site_columns(_site_of_claim, ("name", "region", "governorate", *PLACE)),
        ),
        _claims, LISTS, _site_of_claim, (("source", "sources", "source"),),
    ),
    Spec(
        "states", "States on a day",
        "Who held each site on the day asked about, as the claims decide it; a row a site. Sites without a position are in it, without one.",
        ("site", "as_of"),
        (
            Column("site", "Identifier of the site.", lambda _, i: i.life.site, required=True),
            Column("as_of", "The day asked about.", lambda _, i: i.state.day, "date", required=True),
            Column("known_on", "Only what our sources had reported by this day counts; empty: everything known counts.", lambda _, i: i.known_on, "date"),
            *_site_columns(_state_site, ("name", "short_name", "type", "region", "region_note", "governorate")),
            *_span_columns(lambda i: i.state.span, lambda i: i.life),
            *edtf("last_evidence", "When the latest evidence up to the day is of; empty where there is none.", lambda _, i: _last(i)),
            Column("evidence_age_days", "Days from the last possible day of that evidence to the day asked about.", lambda _, i: (i.state.day - last.last).days if (last := _last(i)) else None, "integer"),
            Column("stale", "Whether it shows a state whose latest evidence is more than a year old.", lambda _, i: is_stale(i.life, i.state.day), "boolean", required=True),
            Column("sources", "Sources of the deciding claims and of the latest evidence, separated by blanks.", lambda _, i: plain(i.state.sources)),
            *_site_columns(_state_site, (*PLACE, "position_source", "note")),
        ),
        _states, ("words", "about", "phase"), _state_site,
    ),
    Spec(
        "segments", "Segments",
        "Every site's life in pieces in which nothing changes, up to the day of the download; a row a piece.",
        ("site", "segment"),
        (
            Column("site", "Identifier of the site.", lambda _, i: i.life.site, required=True),
            Column("segment", "Number of the piece, counted from 1 over the whole life.", lambda _, i: i.number, "integer", required=True),
            Column("first_day", "First day of the piece; empty where it has no beginning: no source speaks earlier.", lambda _, i: None if i.span.first == dt.date.min else i.span.first, "date"),
            Column("last_day", "Last day of the piece; empty where it is not over on the day of the download.", lambda _, i: None if i.span.last >= i.today else i.span.last, "date"),
            *_site_columns(_state_site, ("name", "short_name", "region", "governorate")),
            *_span_columns(lambda i: i.span, lambda i: i.life),
            *_site_columns(_state_site, PLACE),
        ),
        _segments, ("words", "about", "phase", "since"), _state_site,
    ),
    Spec(
        "statements", "Statements",
        "What was said or published, a row an utterance: sentences of a statement (their wordings in each outlet stand in renderings), other quotations, and the quotations of claims. Quotations are verbatim and remain their publishers'.",
        ("item",),
        (
            Column("item", "Identifier: of the sentence, of the rendering, or of the claim.", lambda _, i: _item(i), required=True),
            Column("kind", "sentence, quotation or claim.", _said_kind, required=True, choices=("sentence", "quotation", "claim")),
            Column("statement", "Identifier of the statement it belongs to; empty for quotations of claims.", _statement_id),
            *edtf("day", "When it was said or published; empty where not recorded.", lambda _, i: i.day),
            Column("speaker", "Who said it, as the source says.", lambda _, i: i.speaker or None),
            Column("summary", "What it says, in short.", lambda _, i: i.summary or None),
            Column("quotation", "Verbatim words; of a sentence the first outlet's, the others stand in renderings; empty where no source that counts quotes it.", lambda _, i: i.quotation or None),
            Column("quotation_language", "Language of the quotation, ISO 639; empty where not recorded.", _language),
            Column("arabic", "The Arabic original; empty where not found.", _of_sentence(lambda s: s.arabic)),
            Column("arabic_source", "Source of the Arabic.", _of_sentence(lambda s: s.arabic_source)),
            Column("arabic_note", "How far the Arabic is verbatim.", _of_sentence(lambda s: s.arabic_note), editorial=True),
            Column("renderings", "Renderings of the sentence, separated by blanks.", lambda _, i: plain(tuple(r.rendering for r in i.renderings))),
            *edtf("about", "The day the words tell of; empty where they tell of no day.", lambda _, i: i.about),
            Column("plan", "Whether it announces something.", lambda _, i: i.plan, "boolean", required=True),
            *edtf("deadline", "For an announcement, by when.", lambda _, i: i.deadline),
            Column("weak", "Whether the claim it stands in is a weak one.", lambda _, i: i.weak, "boolean", required=True),
            Column("source", "The source of the quotation; of a sentence, of the first outlet's wording.", lambda _, i: i.source.source, required=True),
            *_source_columns(lambda _, i: i.source),
            Column("note", "Caveats; of a sentence, how the renderings differ.", lambda _, i: i.note or None, editorial=True),
            Column("site", "The site it is about; empty where it is about none in particular.", lambda _, i: i.site),
            *_site_columns(_said_site, ("name", "region", "governorate", *PLACE)),
        ),
        _statements, LISTS, _said_site, (("source", "sources", "source"),),
    ),
    Spec(
        "renderings", "Renderings", "One outlet's wording of one sentence of a statement, or another quotation from a statement.",
        ("rendering",),
        (*of_model(Rendering, key="rendering", editorial=("note",)), *_source_columns(_own_source)),
        _renderings, LISTS, None, (("source", "sources", "source"),),
    ),
    Spec(
        "dated_statements", "Dated statements of the articles", DatedStatement.__doc__ or "",
        ("dated_statement",), of_model(DatedStatement, key="dated_statement"),
        _dated, LISTS, None, (("source", "sources", "source"),),
    ),
    Spec(
        "sources", "Sources", Source.__doc__ or "", ("source",),
        of_model(Source, key="source", editorial=("note", "publisher_note", "title_basis", "url_note", "published_basis"), leaving_out=("text_file",)),
        _sources, ("words", "outlet"),
    ),
)  # fmt: skip
SPECS = {spec.name: spec for spec in ALL}
PLACED = tuple(spec.name for spec in ALL if spec.site)
"""The tables whose items have positions: those that leave as GeoJSON and GeoParquet too."""

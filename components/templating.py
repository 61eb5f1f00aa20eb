"""The templates' engine: autoescape on, templates compiled once, and the small pieces of HTML that many of them share."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from components import theme, view_state, wording
from components.paths import url
from components.view_state import ViewState
from geodata import control, dates, disagreements
from geodata.control import Category, Span
from geodata.dates import Possible
from geodata.model import Basis, Ledger, Site, Source

REGIONS = {"federal": "federal Iraq", "kurdistan": "Kurdistan Region", "disputed": "disputed territory"}
SOURCE_MARK = re.compile(r"\b[SP][0-9A-F]{1,3}\b")
"""How a note names a source."""


def _links(context: Context) -> Mapping[str, Markup]:
    """Return how every source is shown in what is being drawn.

    An editor's note may rest on other sources: beside a view from which some are kept, no source carries one.
    """
    return _linked(context["ledger"], notes=not context["narrow"])


@lru_cache(maxsize=8)
def _linked(ledger: Ledger, *, notes: bool) -> Mapping[str, Markup]:
    """Return how every source is shown: its publisher, linked to what it published, and its grade, linked to its record here."""
    return {key: _link(source, notes=notes) for key, source in ledger.sources.items()}


def _link(source: Source, *, notes: bool) -> Markup:
    title = _source_title(source, notes=notes)
    name = (
        Markup('<a class="src" href="{}" target="_blank" title="{}">{}</a>').format(
            source.url, title, source.publisher
        )
        if source.url
        else Markup('<span class="src" title="{}">{}</span>').format(title, source.publisher)
    )
    grade = Markup(
        '<sup class="grade"><a href="{}?item={}" data-page="sources" data-with="item={}" title="Source {}, grade {}: its record" '
        'aria-label="record of source {}, grade {}">{}</a></sup>'
    )
    key = source.source
    return name + grade.format(url("sources"), key, key, key, source.grade, key, source.grade, source.grade)


def _source_title(source: Source, *, notes: bool) -> str:
    published = (
        dates.words(source.published) if source.published else source.published_words or wording.NOT_RECORDED
    )
    title = source.title or "no headline"
    return f"{title}. Published {published}. Grade {source.grade}. {source.note if notes else ''}".strip()


@pass_context
def _source(context: Context, source: Source) -> Markup:
    return _links(context)[source.source]


@pass_context
def _sources(context: Context, sources: Sequence[Source]) -> Markup:
    links = _links(context)
    return Markup(" · ").join(links[source.source] for source in sources)


@lru_cache(maxsize=4)
def _leave_out_buttons(ledger: Ledger) -> Mapping[str, Markup]:
    button = Markup(
        '<button type="button" class="tool" data-leaveout="{}" title="Leave this source out: what falls?" '
        'aria-label="Leave out {}, {}: what falls?"><span>leave out</span></button>'
    )
    return {key: button.format(key, source.publisher, key) for key, source in ledger.sources.items()}


@pass_context
def _leave_out(context: Context, source: Source) -> Markup:
    return _leave_out_buttons(context["ledger"])[source.source]


@pass_context
def _sources_to_leave_out(context: Context, sources: Sequence[Source]) -> Markup:
    """Return sources each with the quiet button that leaves it out."""
    links, buttons = _links(context), _leave_out_buttons(context["ledger"])
    piece = Markup('<span class="leave">{} {}</span>')
    return Markup(" ").join(piece.format(links[s.source], buttons[s.source]) for s in sources)


@lru_cache(maxsize=512)
def _take_back(source: str, publisher: str) -> Markup:
    return Markup(
        '<button type="button" class="tool" data-takeback="{}" aria-label="Count {}, {} again">count again</button>'
    ).format(source, publisher, source)


@lru_cache(maxsize=4096)
def _site_button(site: str, text: str) -> Markup:
    return Markup('<button type="button" class="link" data-site="{}">{}</button>').format(site, text)


def _button_of(site: Site) -> Markup:
    return _site_button(site.site, site.short_name)


@pass_context
def _names_of(context: Context, sites: Sequence[str], most: int = 100) -> Markup:
    """Return sites as buttons in one line, and how many more there are."""
    places = context["ledger"].sites
    shown = Markup(", ").join(_button_of(places[site]) for site in sites[:most])
    return shown + Markup(" and {:,} more").format(len(sites) - most) if len(sites) > most else shown


def page_link(page: str, words: str, /, **carried: object) -> Markup:
    """Return a link to another page that takes the present view along; `carried` is what it chooses with it: item, site, q."""
    given = {name: str(value) for name, value in carried.items() if value}
    address = {name: value for name, value in given.items() if name != "day"}
    if "day" in given:  # days since 1970 for the page, a date for whoever opens the link by itself
        address["as_of"] = (dates.EPOCH + dt.timedelta(days=int(given["day"]))).isoformat()
    href = url(page) + (f"?{urlencode(address)}" if address else "")
    return Markup('<a href="{}" data-page="{}" data-with="{}">{}</a>').format(
        href, page, urlencode(given), words
    )


def list_link(state: ViewState, words: str = "download this list") -> Markup:
    """Return the link from a list to the downloads that takes along what narrows the list; other links leave it behind."""
    params = view_state.format_view(replace(state, filters=replace(state.filters, sort="")))
    narrowing = (*view_state.FILTERS, view_state.SINCE)
    return page_link("data", words, **{name: params[name] for name in narrowing if name in params})


@pass_context
def _disputes(context: Context, kind: str, *identifiers: str) -> Markup:
    """Return links to the disagreements that touch some `claims`, `sites` or `phases`; nothing beside a narrowed view.

    A disagreement may rest on sources that do not count there.
    """
    if context["narrow"]:
        return Markup()
    ledger = context["ledger"]
    touched = getattr(disagreements.touching(ledger), kind)
    found = dict.fromkeys(key for identifier in identifiers for key in touched.get(identifier, ()))
    links = [page_link("disagreements", ledger.disagreements[key].topic, item=key) for key in found]
    if len(links) < 2:  # noqa: PLR2004  # one is named at once
        return Markup("Sources disagree: ") + links[0] if links else Markup()
    items = Markup("").join(Markup("<li>{}</li>").format(link) for link in links)
    fold = Markup(
        '<details class="inline"><summary>Sources disagree on {} points</summary><ul>{}</ul></details>'
    )
    return fold.format(len(links), items)


@lru_cache(maxsize=256)
def glyph(
    category: Category,
    halves: tuple[Category, Category] | None = None,
    *,
    small: bool = True,
    weak: bool = False,
    stale: bool = False,
) -> Markup:
    """Return the marker of a category; `halves` are the old and the new one of a site that changes hands.

    As on the map a weak one is hollow and a stale one has lost its colour.
    """
    looks = (" g-small" if small else "") + (" g-weak" if weak else "") + (" g-stale" if stale else "")
    if not halves:
        return Markup('<i class="glyph g-{}{}" aria-hidden="true"></i>').format(category.value, looks)
    was, becoming = halves[0].value, halves[1].value
    return Markup(
        '<i class="glyph g-{}{}" data-was="{}" data-becoming="{}" aria-hidden="true">'
        '<i class="g-half g-{}"></i><i class="g-half g-right g-{}"></i></i>'
    ).format(category.value, looks, was, becoming, was, becoming)


def span_glyph(span: Span, *, small: bool = True, stale: bool = False) -> Markup:
    """Return the marker of a span; whether it is stale is for the day to say."""
    if span.category is Category.CHANGING_HANDS and span.was and span.becoming:
        halves = control.category_of(span.was), control.category_of(span.becoming)
        return glyph(span.category, halves, small=small)
    weak = span.weak or span.basis is Basis.CLAIMED
    return glyph(
        span.category, small=small, weak=weak and span.category is not Category.NOT_SOURCED, stale=stale
    )


@lru_cache(maxsize=4096)
def _edtf(text: str) -> str:
    return dates.words(dates.parse(text))


def _short(possible: Possible) -> str:
    """Return a date as narrow as a table needs it: "19 Mar 2020"."""
    return _short_day(possible.last) if possible.is_day else dates.words(possible)


def _short_day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


def _marks(language: str) -> tuple[str, str]:
    """Return the quotation marks of a language."""
    return ("«", "»") if language in ("ar", "fa", "ckb") else ("“", "”")


@pass_context
def _named(context: Context, text: str) -> Markup:
    return _with_publishers(context["ledger"], text)


@lru_cache(maxsize=2048)
def _with_publishers(ledger: Ledger, text: str) -> Markup:
    """Return a text with the identifiers of sources replaced by their publishers."""

    def name(match: re.Match[str]) -> str:
        source = ledger.sources.get(match.group())
        return str(escape(source.publisher)) if source else match.group()

    return Markup(SOURCE_MARK.sub(name, str(escape(text))))  # noqa: S704 - escaped piece by piece


@lru_cache(maxsize=8192)
def _words(possible: Possible) -> str:
    return dates.words(possible)


ENVIRONMENT = Environment(
    loader=PackageLoader("components"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # a template is read and compiled once in the life of the server
)
ENVIRONMENT.globals.update(
    words=_words, edtf=_edtf, day=wording.day_words, epoch=dates.epoch_day, short=_short, short_day=_short_day,
    source=_source, sources=_sources, sources_to_leave_out=_sources_to_leave_out, leave_out=_leave_out, take_back=_take_back,
    page_link=page_link, list_link=list_link, url=url, disputes=_disputes, site_button=_button_of, site_names=_names_of, glyph_of=glyph, span_glyph=span_glyph,
    labels=theme.LABELS, bases=theme.BASES, regions=REGIONS, marks=_marks, days=wording.days,
)  # fmt: skip
ENVIRONMENT.filters["named"] = _named

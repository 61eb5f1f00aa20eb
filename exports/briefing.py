"""What a briefing says: every word and number of it, taken from a view; how it looks is decided elsewhere.

Slide, page, picture, film and file are made from this one account, so they cannot say different things.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from components import lives, progress, utterances, view, view_state, wording
from components.view import BAGHDAD, View
from components.view_state import Filters, ViewState, echo
from exports import evidence, findings, legend, names
from exports.evidence import ChangeLine, NumberedSource, Numbers, PhaseLine, SiteAccount, SiteRow
from exports.legend import LegendItem, Mark
from exports.options import Options
from geodata import boundaries, dates
from geodata.errors import QuestionError
from geodata.model import Basis, Ledger
from geodata.statements import Said, claims_quoting

PROPOSED_QUOTES = 2
SOUND_GRADES = frozenset({"A", "B"})
"""Of the sources whose words are put forward; of the others they can be chosen."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Verbatim words with who said them, who carries them, and when; `original` is their Arabic, where it is recorded."""

    item: str
    text: str
    language: str
    original: str
    by: str
    cited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """Everything a briefing says, in the order in which it is read."""

    options: Options
    marking: str
    headline: str
    proposed: str
    subtitle: str
    date: str  # the day in words, or both
    date_time_group: str
    compared: str  # the finding of a comparison; "" where one day is shown
    marks: tuple[Mark, ...]
    legend: tuple[LegendItem, ...]
    keys: tuple[tuple[str, str], ...]  # further signs that are drawn, and their words
    counter: str
    not_drawn: tuple[str, ...]
    phases: tuple[PhaseLine, ...]
    earlier_phases: str
    account: SiteAccount | None
    changes: tuple[ChangeLine, ...]
    more_changes: str
    quotations: tuple[Quotation, ...]
    rows: tuple[SiteRow, ...]
    more_rows: str
    sources: tuple[NumberedSource, ...]
    more_sources: str
    caveats: tuple[str, ...]
    footnote: str
    credits: str
    permalink: str
    version: str
    made: str
    alternative: str  # the map in words
    stem: str  # the name of a file without its ending: what, which day or days, which page


def compose(shown: View, options: Options) -> Briefing:
    """Return the briefing of a view; QuestionError where a quotation is asked for that the view does not have."""
    shown = later(shown)
    ledger, state = shown.ledger, shown.state
    found, day, before = view.lives(ledger, state.knowledge), state.as_of, state.compare
    spans = {site: life.at(day) for site, life in found.items()}
    visible = [site for site in found if spans[site].category.value not in state.hidden]
    # Sources are numbered in the order of these lines. A page that has no room for all lists the first: so those of the
    # words come before those of the many sites of a category.
    numbers = Numbers(ledger)
    quotations = _quotations(shown, options, numbers)
    account = evidence.account(shown, numbers)
    changes, more_changes = evidence.changes(shown, numbers)
    phases, earlier_phases = evidence.phases(shown, numbers)
    items = legend.legend(shown, found, numbers)
    rows, more_rows = evidence.rows(shown, found, visible, numbers)
    sources, more_sources = numbers.sources()
    proposed = findings.headline(shown, found)
    marks = tuple(legend.marks(shown, found, visible))
    date = (
        wording.day_words(day)
        if before is None
        else f"{wording.day_words(before)} and {wording.day_words(day)}"
    )
    return Briefing(
        options=options,
        marking=options.marking,
        headline=options.headline or proposed,
        proposed=proposed,
        subtitle=f"{names.SUBJECT} · {'' if before else 'as of '}{shown.caption}",
        date=date,
        date_time_group=group(_moment(day, options.made)),
        compared=f"{shown.compared.sentence}." if shown.compared else "",
        marks=marks,
        legend=items,
        keys=legend.keys(marks),
        counter=legend.counter(ledger, visible),
        not_drawn=legend.not_drawn(shown, found, visible),
        phases=phases,
        earlier_phases=earlier_phases,
        account=account,
        changes=changes,
        more_changes=more_changes,
        quotations=quotations,
        rows=rows,
        more_rows=more_rows,
        sources=sources,
        more_sources=more_sources,
        caveats=findings.caveats(shown, found, visible),
        footnote=boundaries.FOOTNOTE_SHORT,
        credits=boundaries.CREDITS,
        permalink=permalink(shown, options),
        version=f"{lives.data_date(ledger)} · {ledger.version}",
        made=f"made {group(options.made)}" if options.made else "",
        alternative=legend.alternative(ledger, visible, spans, date),
        stem=stem(shown.state, options),
    )


def turned(state: ViewState) -> ViewState:
    """Return a state with the later of two days as its own: whichever was chosen first, a comparison tells one story."""
    if state.compare is None or state.compare <= state.as_of:
        return state
    return replace(state, as_of=state.compare, compare=state.as_of)


def later(shown: View) -> View:
    """Return a view of two days as that of the later one."""
    state = turned(shown.state)
    return shown if state is shown.state else view.build(shown.ledger, state, now=shown.today)


def _moment(day: dt.date, made: dt.datetime | None) -> dt.datetime:
    """Return the end of a day in Baghdad; on the day a briefing is made, that moment: the rest of the day is to come."""
    if made and made.astimezone(BAGHDAD).date() == day:
        return made
    return dt.datetime.combine(day, dt.time(23, 59), BAGHDAD)


def group(moment: dt.datetime) -> str:
    """Return a date-time group in Baghdad's time, zone C: "182359C JAN 26"."""
    local = moment.astimezone(BAGHDAD)
    return f"{local:%d%H%M}C {local:%b %y}".upper()


def permalink(shown: View, options: Options) -> str:
    """Return the address of the view; without an atlas's address, what stands behind it."""
    state = replace(shown.state, filters=Filters(), item=None)
    params = view_state.format_view(state)
    if extent := options.extent:
        params[view_state.MAP] = f"{extent.zoom:g}/{extent.lat:g}/{extent.lon:g}"
    return f"{options.address}/?{urlencode(params, safe='/,')}"


def stem(state: ViewState, options: Options) -> str:
    """Return the name of a file of a briefing without its ending: what, which day or days, which page."""
    parts = ["handover-atlas", "briefing", state.site, state.as_of.isoformat()]
    parts += [state.compare.isoformat()] if state.compare else []
    parts += [options.layout.name, options.theme if options.theme != "light" else None]
    return "_".join(part for part in parts if part)


def quotable(shown: View) -> tuple[Said, ...]:
    """Return the utterances of a view that have verbatim words, the newest first; of two days, those of the later one."""
    shown = later(shown)
    plain = replace(shown, state=replace(shown.state, filters=Filters()))
    return tuple(item for item in utterances.everything(plain) if item.quotation)


def item_of(said: Said) -> str:
    """Return what names an utterance in an address."""
    return said.sentence.sentence if said.sentence else said.key


def _quotations(shown: View, options: Options, numbers: Numbers) -> tuple[Quotation, ...]:
    offered = {item_of(said): said for said in quotable(shown)}
    asked = _proposed(shown, offered) if options.quotes is None else options.quotes
    if strange := [item for item in asked if item not in offered]:
        near = wording.listed([*offered], 8) if offered else "none"
        raise QuestionError(
            f"there is no quotation {echo(strange[0])} in this view; there are {near} (quotes=none leaves them out)"
        )
    return tuple(_quotation(item, offered[item], numbers) for item in asked)


def _proposed(shown: View, offered: Mapping[str, Said]) -> tuple[str, ...]:
    """Return the newest quotations in English that belong to what is shown, as far as they are recent.

    Of two days those between them; of a selected site its own before what is said of no site, and none about another;
    else those no older than a phase that still stands open on the page. Others can be chosen: a reporter's own words, weak
    ones, and what no article that can be opened carries.
    """
    state = shown.state
    since = state.compare or state.as_of - dt.timedelta(days=progress.RECENT_DAYS)
    recent = [
        (said.site != state.site, item)
        for item, said in offered.items()
        if said.day and said.day.last >= since and said.language == "en" and (not state.site or said.site in (None, state.site))
        and _briefed(shown.ledger, said)
    ]  # fmt: skip
    if state.site:
        recent.sort(key=lambda found: found[0])
    return tuple(item for _, item in recent)[:PROPOSED_QUOTES]


def _briefed(ledger: Ledger, said: Said) -> bool:
    """Return whether a briefing should put these words forward: a party's, by a source that is sound and can be opened."""
    claims = claims_quoting(ledger).get((said.source.source, said.quotation), ())
    own = not claims or any(claim.basis is not Basis.REPORTED for claim in claims)
    return own and not said.weak and said.source.grade in SOUND_GRADES and bool(said.source.url)


def _quotation(item: str, said: Said, numbers: Numbers) -> Quotation:
    when = dates.words(said.day) if said.day else "on no recorded day"
    return Quotation(
        item=item, text=said.quotation, language=said.language,
        original=said.sentence.arabic if said.sentence else "",
        by=f"{said.speaker}, in {wording.publisher(said.source)}, {when}",
        cited=numbers.of([said.source.source]),
    )  # fmt: skip

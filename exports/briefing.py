"""What a briefing says: every word and number of it, taken from a view; how it looks is decided elsewhere.

Slide, page, picture, film and file are made from this one account, so they cannot say different things.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from components import lives, progress, stamp, utterances, view, view_state, wording
from components.comparison import Comparison
from components.theme import BASES, LABELS
from components.view import BAGHDAD, View
from components.view_state import Filters, ViewState, echo
from exports import names
from exports.options import Options
from geodata import boundaries, control, dates
from geodata.control import Category, Life, Reason, Span
from geodata.dates import Possible
from geodata.errors import QuestionError
from geodata.model import Basis, Ledger, Source
from geodata.phases import Progress
from geodata.staleness import STALE_AFTER_DAYS, is_stale
from geodata.statements import Said

PROPOSED_QUOTES = 2
MOST_NUMBERED = 120
"""Sources that are numbered one by one; of more, the number is told and where they are found."""
TURNING = ": left before, right after"
LATER = ", later reports included"
"""What confirms a state as known today may have been reported after the day."""
MOST_NAMED = 4
"""Sites without a position that are named; of more, the number is told."""
MOST_ROWS = 60
"""Sites that are told one by one in tables; the others are counted."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A site as it is drawn; `lon` and `lat` in degrees, WGS 84."""

    site: str
    name: str
    lon: float
    lat: float
    radius_m: int
    cluster: str  # marks of one cluster crowd; "" for none
    category: Category
    half: tuple[Category, Category] | None  # while it changes hands: from what to what, where that is known
    weak: bool  # weak evidence or one party's claim: hollow
    stale: bool  # pale
    before: Category | None  # the category of the earlier day, where two are compared
    selected: bool

    @property
    def changed(self) -> bool:
        """Whether the two days that are compared show different categories."""
        return self.before is not None and self.before is not self.category


@dataclass(frozen=True, slots=True)
class LegendItem:
    """A category that is shown, the number of its sites, and the sources behind them, by their numbers."""

    category: Category
    label: str
    count: int
    before: int | None  # on the earlier day, where two are compared
    cited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """How far a phase had come; `gone` and `promise` are percentages of its bar, None where there is none."""

    label: str
    verdict: str
    late: bool
    gone: float | None
    promise: float | None
    detail: str
    cited: tuple[int, ...]


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
class SiteRow:
    """A site in the table: equal to the map, sites without a position included."""

    site: str
    name: str
    category: Category
    words: str
    since: str  # in words; "" where no source dates it
    evidence: str
    placed: bool
    cited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What happened at one site between the two days that are compared."""

    site: str
    name: str
    before: Category
    after: Category
    words: str
    cited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SiteAccount:
    """The selected site: its state in words and what decides it."""

    name: str
    full_name: str
    words: str
    staleness: str
    lines: tuple[tuple[str, tuple[int, ...]], ...]  # a claim in words and the numbers of its sources


@dataclass(frozen=True, slots=True)
class NumberedSource:
    """A source under the number by which the briefing cites it."""

    number: int
    source: str
    publisher: str
    title: str
    published: str
    grade: str
    url: str

    @property
    def line(self) -> str:
        """Return the source on one line, as it stands on a slide."""
        return f"{self.publisher}, {self.published} ({self.grade})"


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


class _Numbers:
    """The numbers of sources, given in the order in which they are first cited."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.found: dict[str, int] = {}

    def of(self, sources: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of some sources, ascending; beyond the most that are numbered, nothing."""
        cited = set(sources)
        for source in sorted(cited - self.found.keys(), key=self._order):
            self.found[source] = len(self.found) + 1
        numbers = sorted(self.found[source] for source in cited)
        return tuple(number for number in numbers if number <= MOST_NUMBERED)

    def _order(self, source: str) -> tuple[str, str]:
        return self.ledger.sources[source].grade, source


def compose(shown: View, options: Options) -> Briefing:
    """Return the briefing of a view; QuestionError where a quotation is asked for that the view does not have."""
    shown = later(shown)
    ledger, state = shown.ledger, shown.state
    found, day, before = view.lives(ledger, state.knowledge), state.as_of, state.compare
    spans = {site: life.at(day) for site, life in found.items()}
    visible = [site for site in found if spans[site].category.value not in state.hidden]
    numbers = _Numbers(ledger)
    legend = _legend(ledger, found, state.hidden, (before, day), numbers)
    phases = tuple(_phase(shown, p, numbers) for p in progress.under_way(shown)[0])
    account = _account(shown, numbers)
    changes, more_changes = _changes(shown, numbers)
    quotations = _quotations(shown, options, numbers)
    rows = tuple(
        _row(ledger, found[site], day, numbers, narrow=state.knowledge.narrow) for site in visible[:MOST_ROWS]
    )
    proposed = _headline(shown, found, day)
    marks = tuple(_marks(ledger, found, visible, (before, day), state.site))
    sources = tuple(numbered(ledger.sources[source], number) for source, number in numbers.found.items() if number <= MOST_NUMBERED)  # fmt: skip
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
        legend=legend,
        keys=_keys(marks),
        counter=_counter(ledger, visible),
        not_drawn=_not_drawn(ledger, found, visible, spans, state.hidden),
        phases=phases,
        earlier_phases=_earlier(shown),
        account=account,
        changes=changes,
        more_changes=more_changes,
        quotations=quotations,
        rows=rows,
        more_rows=f"and {len(visible) - len(rows):,} more sites" if len(visible) > len(rows) else "",
        sources=sources,
        more_sources=f"and {len(numbers.found) - len(sources):,} more, in the data of this view" if len(numbers.found) > len(sources) else "",
        caveats=_caveats(shown, found, visible, day),
        footnote=boundaries.FOOTNOTE_SHORT,
        credits=boundaries.CREDITS,
        permalink=permalink(shown, options),
        version=f"{lives.data_date(ledger)} · {ledger.version}",
        made=f"made {group(options.made)}" if options.made else "",
        alternative=_alternative(ledger, visible, spans, date),
        stem=stem(shown.state, options),
    )  # fmt: skip


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


def _legend(
    ledger: Ledger,
    found: Mapping[str, Life],
    hidden: frozenset[str],
    days: tuple[dt.date | None, dt.date],
    numbers: _Numbers,
) -> tuple[LegendItem, ...]:
    before, day = days
    here = Counter(life.at(day).category for life in found.values())
    there = Counter(life.at(before).category for life in found.values()) if before else Counter[Category]()
    shown = [life.at(day) for life in found.values() if life.at(day).category.value not in hidden]
    halves = {category for span in shown for category in half(span) or ()}
    items = []
    for category, label in LABELS.items():
        if category.value in hidden or not (here[category] or there[category] or category in halves):
            continue
        if category is Category.CHANGING_HANDS and halves:
            label += TURNING  # noqa: PLW2901 - the same label with its key
        decided = (
            source
            for life in found.values()
            if life.at(day).category is category is not Category.NOT_SOURCED
            for source in control.state_on(ledger, life, day).sources
        )
        items.append(
            LegendItem(
                category, label, here[category], there[category] if before else None, numbers.of(decided)
            )
        )
    return tuple(items)


def _marks(
    ledger: Ledger,
    found: Mapping[str, Life],
    visible: Sequence[str],
    days: tuple[dt.date | None, dt.date],
    selected: str | None,
) -> Iterable[Mark]:
    before, day = days
    for key in visible:
        site, life = ledger.sites[key], found[key]
        if site.lon is None or site.lat is None:
            continue
        span = life.at(day)
        yield Mark(
            site=key, name=site.short_name, lon=site.lon, lat=site.lat, radius_m=site.radius_m or 0, cluster=site.cluster or "",
            category=span.category,
            half=half(span),
            weak=span.weak or span.basis is Basis.CLAIMED, stale=is_stale(life, day),
            before=life.at(before).category if before else None, selected=key == selected,
        )  # fmt: skip


def half(span: Span) -> tuple[Category, Category] | None:
    """Return from what to what a site changes hands, where that is known."""
    if span.category is not Category.CHANGING_HANDS or span.was is None or span.becoming is None:
        return None
    return control.category_of(span.was), control.category_of(span.becoming)


def _keys(marks: Sequence[Mark]) -> tuple[tuple[str, str], ...]:
    period = "a year" if STALE_AFTER_DAYS == 365 else f"{STALE_AFTER_DAYS} days"  # noqa: PLR2004
    offered = (
        ("weak", "hollow: weak evidence or one party’s claim", any(mark.weak for mark in marks)),
        ("stale", f"faded: no evidence for more than {period}", any(mark.stale for mark in marks)),
        ("vague", "ring: approximate position", any(mark.radius_m for mark in marks)),
        ("earlier", "small mark at a corner: the earlier day", any(mark.changed for mark in marks)),
        ("unchanged", "small, alone: the same on both days", any(mark.before is not None and not mark.changed for mark in marks)),
        ("line", "Kurdistan Region, along governorate lines", True),
    )  # fmt: skip
    return tuple((sign, words) for sign, words, drawn in offered if drawn)


def _counter(ledger: Ledger, visible: Sequence[str]) -> str:
    placed = sum(ledger.sites[site].lon is not None for site in visible)
    words = f"{len(visible):,} {'site' if len(visible) == 1 else 'sites'}"
    return words if placed == len(visible) else f"{words}, {placed:,} of them with a known position"


def _not_drawn(
    ledger: Ledger,
    found: Mapping[str, Life],
    visible: Sequence[str],
    spans: Mapping[str, Span],
    hidden: frozenset[str],
) -> tuple[str, ...]:
    """Return what is counted but not on the map, and what is kept from both."""
    unplaced = [site for site in visible if ledger.sites[site].lon is None]
    told = []
    if unplaced:
        named = [
            f"{ledger.sites[site].short_name} ({wording.lower_first(LABELS[spans[site].category])})"
            for site in unplaced
        ]
        few = len(named) <= MOST_NAMED
        told.append(
            f"No position is known of {wording.listed(named, MOST_NAMED) if few else f'{len(named):,} sites'}"
        )
    if hidden:
        kept = Counter(spans[site].category for site in found if site not in {*visible})
        labels = [
            f"“{label}” ({kept[category]:,})"
            for category, label in LABELS.items()
            if category.value in hidden
        ]
        told.append(f"Not shown, by choice: {wording.listed(labels, len(labels))}")
    return tuple(told)


def _phase(shown: View, of: Progress, numbers: _Numbers) -> PhaseLine:
    state = shown.state
    verdict = progress.verdict(shown.ledger, of, state.known_on, state.knowledge.left_out(shown.ledger))
    bar = progress.bar(of) if of.planned_days and of.started else None
    return PhaseLine(
        label=of.phase.label, verdict=str(verdict["text"]), late=bool(verdict["late"]),
        gone=bar["gone"] if bar else None, promise=bar["promise"] if bar else None,
        detail=progress.detail(of), cited=numbers.of(of.sources),
    )  # fmt: skip


def _earlier(shown: View) -> str:
    earlier = progress.under_way(shown)[1]
    if not earlier:
        return ""
    return f"Over before: {wording.listed([of.phase.label for of in earlier], len(earlier))}"


def _account(shown: View, numbers: _Numbers) -> SiteAccount | None:
    if shown.dossier is None:
        return None
    told = shown.dossier
    return SiteAccount(
        name=told.site.short_name,
        full_name=told.site.name,
        words=told.words,
        staleness=told.staleness,
        lines=tuple(
            (f"{dates.words(line.claim.occurred)}: {line.claim.text}", numbers.of(source.source for source in line.sources))
            for line in (*told.deciding, *told.rivals)
        ),
    )  # fmt: skip


def _changes(shown: View, numbers: _Numbers) -> tuple[tuple[ChangeLine, ...], str]:
    compared = shown.compared
    if compared is None:
        return (), ""
    passages = [
        passage
        for passage in compared.passages
        if passage.after.span.category.value not in shown.state.hidden
    ]
    lines = tuple(
        ChangeLine(
            site=passage.site,
            name=shown.ledger.sites[passage.site].short_name,
            before=passage.before.span.category,
            after=passage.after.span.category,
            words="; ".join(f"{wording.day_words(step.day)}: {step.phrase}" for step in passage.steps),
            cited=numbers.of(source.source for step in passage.steps for source in step.sources),
        )
        for passage in passages
    )
    more = len(compared.changed) - len(compared.passages)
    return lines, f"and {more:,} more sites" if more > 0 else ""


def quotable(shown: View) -> tuple[Said, ...]:
    """Return the utterances of a view that have verbatim words, the newest first; of two days, those of the later one."""
    shown = later(shown)
    plain = replace(shown, state=replace(shown.state, filters=Filters()))
    return tuple(item for item in utterances.everything(plain) if item.quotation)


def item_of(said: Said) -> str:
    """Return what names an utterance in an address."""
    return said.sentence.sentence if said.sentence else said.key


def _quotations(shown: View, options: Options, numbers: _Numbers) -> tuple[Quotation, ...]:
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
    else those no older than a phase that still stands open on the page.
    """
    state = shown.state
    since = state.compare or state.as_of - dt.timedelta(days=progress.RECENT_DAYS)
    recent = [
        (said.site != state.site, item)
        for item, said in offered.items()
        if said.day and said.day.last >= since and said.language == "en" and (not state.site or said.site in (None, state.site))
    ]  # fmt: skip
    if state.site:
        recent.sort(key=lambda found: found[0])
    return tuple(item for _, item in recent)[:PROPOSED_QUOTES]


def _quotation(item: str, said: Said, numbers: _Numbers) -> Quotation:
    when = dates.words(said.day) if said.day else "on no recorded day"
    return Quotation(
        item=item, text=said.quotation, language=said.language,
        original=said.sentence.arabic if said.sentence else "",
        by=f"{said.speaker}, in {wording.publisher(said.source)}, {when}",
        cited=numbers.of([said.source.source]),
    )  # fmt: skip


def _row(ledger: Ledger, life: Life, day: dt.date, numbers: _Numbers, *, narrow: bool) -> SiteRow:
    site, state = ledger.sites[life.site], control.state_on(ledger, life, day)
    return SiteRow(
        site=site.site, name=site.short_name, category=state.span.category,
        words=wording.span_words(ledger, life, state.span),
        since=_since(state.span),
        evidence=wording.staleness(life, day, narrow=narrow),
        placed=site.lon is not None, cited=numbers.of(state.sources),
    )  # fmt: skip


def _since(span: Span) -> str:
    if span.since is None or span.category is Category.NOT_SOURCED:
        return ""
    return dates.words(dates.parse(span.since))


def numbered(source: Source, number: int) -> NumberedSource:
    """Return a source under a number, in the words in which it is cited."""
    return NumberedSource(
        number=number, source=source.source, publisher=source.publisher, title=source.title or "no headline",
        published=_published(source.published, source.published_words), grade=source.grade, url=source.url or "",
    )  # fmt: skip


def _published(published: Possible | None, words: str) -> str:
    return dates.words(published) if published else words or wording.NOT_RECORDED


def _headline(shown: View, found: Mapping[str, Life], day: dt.date) -> str:
    """Return the finding that is proposed as a headline: of a comparison, of the selected site, or of the day."""
    if shown.compared:
        return _difference(shown.compared)
    if shown.dossier:
        words = wording.lower_first(shown.dossier.words).replace("not sourced: ", "not sourced, ", 1)
        return f"{shown.dossier.site.short_name}: {words}."
    spans = {site: life.at(day) for site, life in sorted(found.items())}
    short = {site: shown.ledger.sites[site].short_name for site in spans}
    changing = [short[site] for site, span in spans.items() if span.category is Category.CHANGING_HANDS]
    passed = [short[site] for site, span in spans.items() if span.reason is Reason.DEADLINE]
    return wording.headline(changing, passed, dict(Counter(span.category for span in spans.values())))


def _difference(compared: Comparison) -> str:
    """Return the finding of two days: how many sites changed their category, and to which."""
    one, other = wording.day_words(compared.one), wording.day_words(compared.other)
    if not compared.changed or len(compared.passages) < len(compared.changed):
        return f"Between {one} and {other}: {wording.lower_first(compared.sentence)}."
    counts = Counter(passage.after.span.category for passage in compared.passages)
    parts = [
        f"{'all' if counts[category] == len(compared.changed) > 1 else f'{counts[category]:,}'} to “{wording.lower_first(label)}”"
        for category, label in LABELS.items()
        if counts[category]
    ]
    noun = "site" if len(compared.changed) == 1 else "sites"
    return f"Between {one} and {other}, {len(compared.changed):,} {noun} changed category: {wording.listed(parts, len(parts))}."


def _caveats(shown: View, found: Mapping[str, Life], visible: Sequence[str], day: dt.date) -> tuple[str, ...]:
    """Return what must be said with anything that is not confirmed; empty only where everything shown is."""
    spans = [found[site].at(day) for site in visible]
    told = []
    if shown.state.known_on is not None:
        told.append(
            "Only what our sources had reported by the known-on date counts; it is not what the world knew."
        )
    if shown.state.knowledge.left_out(shown.ledger):
        told.append(f"Counted {stamp.without(shown)}.")
    silent = sum(span.category is Category.NOT_SOURCED for span in spans)
    changing = sum(span.category is Category.CHANGING_HANDS for span in spans)
    before = shown.state.compare
    earlier = [found[site].at(before) for site in visible] if before else []
    sure = all(span.basis is Basis.CONFIRMED for span in (*spans, *earlier))
    parts = [
        f"{count:,} {words}"
        for basis in reversed(Basis)
        if (count := sum(span.basis is basis and span.category not in (Category.NOT_SOURCED, Category.CHANGING_HANDS) for span in spans))
        and (words := BASES[basis] + (LATER if basis is Basis.CONFIRMED and shown.state.known_on is None else ""))
    ]  # fmt: skip
    parts += [f"{changing:,} changing on a day that is uncertain"] if changing else []
    parts += [f"{silent:,} not sourced, which is no evidence of anybody’s absence"] if silent else []
    if not sure:
        then = f" on {wording.day_words(day)}" if before else ""
        told.append(
            f"What the sources say, not what was. Of {len(spans):,} states{then}: {'; '.join(parts)}."
        )
    if before and not sure:
        count = sum(span.basis is Basis.CONFIRMED for span in earlier)
        told.append(f"On {wording.day_words(before)}, {count:,} of them were confirmed.")
    contradicted = [shown.ledger.sites[site].short_name for site in visible if found[site].at(day).rivals]
    if contradicted:
        told.append(f"There are rival accounts of {wording.listed(contradicted, 8)}.")
    weak = sum(span.weak for span in spans)
    stale = sum(is_stale(found[site], day) for site in visible)
    if weak:
        told.append(f"{weak:,} on weak evidence.")
    if stale:
        told.append(f"{stale:,} without evidence for more than {STALE_AFTER_DAYS} days.")
    return tuple(told)


def _alternative(ledger: Ledger, visible: Sequence[str], spans: Mapping[str, Span], date: str) -> str:
    """Return the map in words: which sites show which category."""
    parts = []
    for category, label in LABELS.items():
        sites = [ledger.sites[site].short_name for site in visible if spans[site].category is category]
        if sites:
            parts.append(f"{label}, {len(sites):,}: {wording.listed(sites, 40)}.")
    return f"Map of federal Iraq and the Kurdistan Region on {date}. " + " ".join(parts)

"""Which utterances a view shows: those of its day and its clock, narrowed by speaker, outlet, site, phase, day and words.

What is shown on the page of statements and what is downloaded from it is the same selection.
"""

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from components.view import View
from components.view_state import Filters
from geodata.knowledge import corrected, reporting
from geodata.model import Claim, DatedStatement, Ledger, Source
from geodata.statements import Said, claims_quoting, said_by, undated

MOST_CHOICES = 200
"""How many values a filter offers: those with the most utterances; any other can still be asked for."""

ARABIC_LETTERS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",  # alef with hamza, madda, wasla
        "ى": "ي", "ی": "ي", "ئ": "ي",  # alef maqsura, Persian yeh, yeh with hamza
        "ؤ": "و", "ة": "ه", "ک": "ك",  # waw with hamza, ta marbuta, Persian kaf
        "ـ": None, "ء": None,  # tatweel, hamza on the line
        "’": "'", "‘": "'", "“": '"', "”": '"',
    }
)  # fmt: skip
"""Letters that are written one way or the other in Arabic and Persian, and quotation marks, as one letter each."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, the words for it, and how many utterances of the whole ledger have it."""

    value: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer, and how many values of each are not offered."""

    speakers: tuple[Choice, ...]
    outlets: tuple[Choice, ...]
    sites: tuple[Choice, ...]
    phases: tuple[Choice, ...]
    more: Mapping[str, int]


def normalise(text: str) -> str:
    """Return a text as it is searched: without case, accents, Arabic vowel signs and the variants of Arabic letters."""
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).translate(ARABIC_LETTERS))
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).casefold()


def everything(view: View) -> tuple[Said, ...]:
    """Return what had been said by the day of a view, the newest first, then what was said on no recorded day."""
    return _everything(view.ledger, *_clock(view))


def selected(view: View) -> tuple[Said, ...]:
    """Return the utterances that a view shows, filters included."""
    return _selected(view.ledger, *_clock(view), view.state.filters)


def everything_dated(view: View) -> tuple[DatedStatement, ...]:
    """Return the dates that the articles published by the day of a view give, in the ledger's order."""
    ledger, (day, known_on, left_out) = view.ledger, _clock(view)
    sources = reporting(ledger, known_on, left_out)
    return tuple(
        d
        for d in ledger.dated_statements
        if d.source in sources
        and ((printed := ledger.sources[d.source].published) is None or printed.last <= day)
    )


def selected_dated(view: View) -> tuple[DatedStatement, ...]:
    """Return the dates of the articles that a view shows: of no recorded speaker and about no recorded site."""
    ledger, asked = view.ledger, view.state.filters
    if asked.speaker or asked.about:
        return ()
    sources = _sources_of(ledger, asked.phase) if asked.phase else None
    return tuple(
        d
        for d in everything_dated(view)
        if (not asked.outlet or ledger.sources[d.source].publisher == asked.outlet)
        and (sources is None or d.source in sources)
        and (asked.since is None or _since(ledger.sources[d.source], asked.since))
        and _contains(_dated_text(ledger, d), asked.words)
    )


@dataclass(frozen=True, slots=True)
class Later:
    """What the filters of a view let through of later days; `day` is the first day from which all of it is shown."""

    said: int
    dated: int
    day: dt.date | None

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.said or self.dated)


def later(view: View) -> Later:
    """Return what a later day would show beyond what the view shows: a reader must know what the clock cuts off."""
    last = min(max(view.ledger.last_evidence, view.state.as_of), view.today)
    after = replace(view, state=replace(view.state, as_of=last))
    said = len(selected(after)) - len(selected(view))
    dated = len(selected_dated(after)) - len(selected_dated(view))
    return Later(max(said, 0), max(dated, 0), last if last > view.state.as_of else None)


def _since(source: Source, since: dt.date) -> bool:
    return source.published is not None and source.published.last >= since


def _clock(view: View) -> tuple[dt.date, dt.date | None, frozenset[str]]:
    return view.state.as_of, view.state.known_on, view.state.knowledge.left_out(view.ledger)


@lru_cache(maxsize=16)
def _everything(
    ledger: Ledger, day: dt.date, known_on: dt.date | None, without: frozenset[str]
) -> tuple[Said, ...]:
    return said_by(ledger, day, known_on, without) + undated(ledger, day, known_on, without)


@lru_cache(maxsize=16)
def _selected(
    ledger: Ledger, day: dt.date, known_on: dt.date | None, without: frozenset[str], asked: Filters
) -> tuple[Said, ...]:
    found: Iterable[Said] = _everything(ledger, day, known_on, without)
    if asked.speaker:
        found = [item for item in found if item.speaker == asked.speaker]
    if asked.outlet:
        found = [item for item in found if asked.outlet in outlets(ledger, item)]
    if asked.since:
        found = [item for item in found if item.day is not None and item.day.last >= asked.since]
    if asked.about or asked.phase:
        gone, sources = (
            corrected(ledger, reporting(ledger, known_on, without)),
            _sources_of(ledger, asked.phase),
        )
        if asked.about:
            found = [item for item in found if asked.about in sites_of(claims_of(ledger, item, gone))]
        if asked.phase:
            found = [
                item
                for item in found
                if not sources.isdisjoint(_carried_by(item))
                or any(claim.phase == asked.phase for claim in claims_of(ledger, item, gone))
            ]
    if asked.words.strip():
        words = normalise(asked.words).split()
        found = [item for item in found if _holds(_text_of(ledger, item), words)]
    return tuple(found)


def outlets(ledger: Ledger, item: Said) -> frozenset[str]:
    """Return the publishers that carry an utterance."""
    if not item.renderings:
        return frozenset((item.source.publisher,))
    return frozenset(ledger.sources[r.source].publisher for r in item.renderings)


def claims_of(ledger: Ledger, item: Said, gone: frozenset[str] = frozenset()) -> tuple[Claim, ...]:
    """Return the claims that rest on the words of an utterance, without those that are corrected."""
    quoting = claims_quoting(ledger)
    words = [(r.source, r.text) for r in item.renderings] or [(item.source.source, item.quotation)]
    return tuple(
        claim for pair in words for claim in quoting.get(pair, ()) if not gone or claim.claim not in gone
    )


def sites_of(claims: Iterable[Claim]) -> frozenset[str]:
    """Return the sites that claims name: their own, and those in the scope of a plan."""
    return frozenset(
        site
        for claim in claims
        for site in ((claim.site,) if claim.site else claim.scope if claim.kind == "plan" else ())
    )


def _carried_by(item: Said) -> tuple[str, ...]:
    return tuple(r.source for r in item.renderings) or (item.source.source,)


@lru_cache(maxsize=64)
def _sources_of(ledger: Ledger, key: str) -> frozenset[str]:
    """Return the sources recorded for a phase: what they carry is of that phase, whatever sentence speaks of it."""
    phase = ledger.phases.get(key)
    return frozenset((*phase.sources, phase.start_source, phase.done_source)) if phase else frozenset()


def _holds(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)


def _contains(text: str, asked: str) -> bool:
    return _holds(text, normalise(asked).split())


def _text_of(ledger: Ledger, item: Said) -> str:
    """Return the words of an utterance as they are searched; those of claims are kept, a large ledger has many."""
    if not item.sentence:
        kept = _texts(ledger)
        if item.key not in kept:
            kept[item.key] = _joined(ledger, item)
        return kept[item.key]
    return _joined(ledger, item)


@lru_cache(maxsize=4)
def _texts(_ledger: Ledger) -> dict[str, str]:
    return {}


def _joined(ledger: Ledger, item: Said) -> str:
    texts = [item.summary, item.quotation, item.speaker, *outlets(ledger, item)]
    texts += [rendering.text for rendering in item.renderings]
    if item.sentence:
        texts.append(item.sentence.arabic)
    for site in sites_of(claims_of(ledger, item)):
        texts += _names(ledger).get(site, ())
    return normalise("\n".join(texts))


@lru_cache(maxsize=4)
def _names(ledger: Ledger) -> Mapping[str, tuple[str, ...]]:
    """Return the names by which a site can be searched, in every script."""
    found = {site.site: [site.name, site.short_name] for site in ledger.sites.values()}
    for name in ledger.site_names:
        found[name.site].append(name.name)
    return {site: tuple(names) for site, names in found.items()}


def _dated_text(ledger: Ledger, dated: DatedStatement) -> str:
    return normalise(f"{dated.text}\n{dated.quotation}\n{ledger.sources[dated.source].publisher}")


@lru_cache(maxsize=4)
def choices(ledger: Ledger) -> Choices:
    """Return what the filters offer: every value that some utterance of the ledger has, whatever the day."""
    speakers, publishers, sites = Counter[str](), Counter[str](), Counter[str]()
    for item in _everything(ledger, dt.date.max, None, frozenset()):
        speakers[item.speaker] += 1
        publishers.update(outlets(ledger, item))
        sites.update(sites_of(claims_of(ledger, item)))
    for dated in ledger.dated_statements:
        publishers[ledger.sources[dated.source].publisher] += 1
    places = {key: site.short_name for key, site in ledger.sites.items()}
    phases = tuple(Choice(key, phase.label, 0) for key, phase in ledger.phases.items())[:MOST_CHOICES]
    counts = {"speaker": speakers, "outlet": publishers, "about": sites}
    return Choices(
        speakers=_offered(speakers, {}),
        outlets=_offered(publishers, {}),
        sites=_offered(sites, places),
        phases=phases,
        more={name: max(0, len(count) - MOST_CHOICES) for name, count in counts.items()},
    )


def _offered(counts: Counter[str], names: Mapping[str, str]) -> tuple[Choice, ...]:
    found = (
        Choice(value, names.get(value, value), count) for value, count in counts.most_common(MOST_CHOICES)
    )
    return tuple(sorted(found, key=lambda choice: normalise(choice.words)))

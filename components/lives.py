"""The lives of all sites as they travel to the browser: rows of numbers and one table of words.

Clock and map need every dated state at once; written out, 10,000 sites would be twenty megabytes. So each distinct
sentence travels once, and sites and spans are rows whose cells `columns` names. browser/lives.js unpacks them.
Days are counted from 1970-01-01.
"""

import datetime as dt
import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from components import view, wording
from components.theme import LABELS
from geodata import boundaries, control, dates, differences, phases
from geodata.control import Category, Life, Reason, Span
from geodata.dates import EPOCH, Possible, epoch_day
from geodata.knowledge import Knowledge, reporting
from geodata.model import Grade, Kind, Ledger, SiteName
from geodata.staleness import STALE_AFTER_DAYS

FORM = 3
"""The form of the payload; raised when rows or columns change, so that no browser reads an old answer."""

SITE = (
    "id", "name", "short", "names", "name_local", "type", "governorate", "lat", "lon", "radius_m", "inset",
    "last_evidence", "evidence", "latest", "dated", "spans", "differs",
)  # fmt: skip
SPAN = ("from", "category", "words", "basis", "weak", "half", "phrase", "by")
NONE = -1
"""Where a row points to no word."""

CATEGORIES = {category: index for index, category in enumerate(LABELS)}


class Words:
    """The table of distinct sentences; a row holds the number of its sentence."""

    def __init__(self) -> None:
        self.table: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """Return the number of a sentence, which is added if it is new; NONE for an empty one."""
        if not text:
            return NONE
        if (number := self._numbers.get(text)) is None:
            number = self._numbers[text] = len(self.table)
            self.table.append(text)
        return number


def version(ledger: Ledger, knowledge: Knowledge, now: dt.date) -> str:
    """Return what names one payload: it differs wherever ledger, question, day or form do."""
    asked = (
        FORM, ledger.version, now.isoformat(), str(knowledge.known_on), knowledge.each_day, knowledge.and_derived,
        sorted(knowledge.without), sorted(knowledge.without_grades),
    )  # fmt: skip
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


@lru_cache(maxsize=8)
def packed(ledger: Ledger, knowledge: Knowledge, now: dt.date) -> bytes:
    """Return the payload as gzipped JSON; kept, since all who ask the same get the same bytes."""
    text = json.dumps(payload(ledger, knowledge, now), ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=5, mtime=0)


def payload(ledger: Ledger, knowledge: Knowledge, now: dt.date) -> Mapping[str, Any]:
    """Return what the clock and the map need: all dated states at once, from the first day of the axis to `now`."""
    found, first = view.lives(ledger, knowledge), view.first_day(ledger, now)
    inside = {
        site: [span for span in life.spans if span.last >= first and span.first <= now]
        for site, life in found.items()
    }
    otherwise = view.lives(ledger) if knowledge.each_day else {}
    names: dict[str, list[SiteName]] = defaultdict(list)
    for name in ledger.site_names:
        names[name.site].append(name)
    words = Words()
    ends = (first, now)
    rows = [
        _site(ledger, life, names[site], (
            *_evidence(life, words), _spans(ledger, life, inside[site], ends, words), _differs(life, otherwise.get(site), ends),
        ))
        for site, life in found.items()
    ]  # fmt: skip
    left_out = knowledge.left_out(ledger)
    told = _last_told(ledger, knowledge, left_out)
    last = min(max(first, told), now) if told else first
    known = knowledge.known_on
    return {
        "version": version(ledger, knowledge, now),
        "data_version": f"{data_date(ledger)} · {ledger.version}",
        "first": epoch_day(first), "last": epoch_day(now), "today": epoch_day(now),
        "last_evidence": epoch_day(last),
        "stale_after_days": STALE_AFTER_DAYS,
        "default_day": epoch_day(default_day(ledger, now)),
        "known_on": "each-day" if knowledge.each_day else known.isoformat() if known else None,
        "without": sorted(left_out),
        "categories": [{"id": category.value, "label": label} for category, label in LABELS.items()],
        "columns": {"site": SITE, "span": SPAN},
        "words": words.table,
        "sites": rows,
        "headlines": _dated(_headlines(ledger, inside, first), epoch_day(last) if told and not knowledge.each_day else None),
        "phases": [
            _phase(ledger, phase)
            for phase in phases.progress(ledger, found, now, knowledge.on(now), left_out)
            if phase.started and (phase.planned_end or phase.done)
        ],
        "sources": _sources(ledger),
        "footnote": f"{boundaries.FOOTNOTE_SHORT} {boundaries.CREDITS}",
    }  # fmt: skip


def data_date(ledger: Ledger) -> str:
    """Return the day of the last evidence in words, as the date the data are known by."""
    return wording.day_words(ledger.last_evidence) if ledger.last_evidence > EPOCH else "without evidence"


def default_day(ledger: Ledger, now: dt.date) -> dt.date:
    """Return the day a bare address opens on: the last with evidence.

    It does not depend on what counts, because an address leaves that day out.
    """
    return min(max(ledger.last_evidence, view.first_day(ledger, now)), now)


def change_days(ledger: Ledger, knowledge: Knowledge, now: dt.date) -> tuple[dt.date, ...]:
    """Return the days on which any site changes its category, in order."""
    first = view.first_day(ledger, now)
    return tuple(
        sorted(
            {
                after.first
                for life in view.lives(ledger, knowledge).values()
                for before, after in zip(life.spans, life.spans[1:], strict=False)
                if before.category is not after.category and first < after.first <= now
            }
        )
    )


def _last_told(ledger: Ledger, knowledge: Knowledge, left_out: frozenset[str]) -> dt.date | None:
    """Return the last day of which a source that counts says anything, None if none does.

    Where each day has its own known-on date, that is what is known at the end.
    """
    latest = (
        dt.date.max if knowledge.each_day else knowledge.known_on
    )  # undated sources count on no known-on date
    counting = reporting(ledger, latest, left_out)
    told = (c for c in ledger.claims if c.grade is not Grade.REJECTED and c.kind is not Kind.PLAN)
    return max((claim.occurred.last for claim in told if claim.source in counting), default=None)


def _site(
    ledger: Ledger, life: Life, names: Sequence[SiteName], rest: Sequence[list[Any] | None]
) -> list[Any]:
    """Return one site's row; `rest` is its evidence, its spans and where the other clock shows another category."""
    site, last = ledger.sites[life.site], life.last_evidence()
    return [
        site.site, site.name, site.short_name, [site.name, site.short_name, *(n.name for n in names)],
        next((n.name for n in names if n.script == "Arab"), None), site.type, site.governorate, site.lat, site.lon,
        site.radius_m or None, bool(site.cluster), epoch_day(last.occurred.last) if last else None,
        *rest,
    ]  # fmt: skip


def _evidence(life: Life, words: Words) -> tuple[list[int], list[int] | None, list[int] | None]:
    """Return the days from which another evidence is the latest, the days it is of, and its dates in words.

    As known today evidence is the latest from its own day on, and the days are not told twice; where each day counts
    only what had been reported, from the report on, and a later report may bring older evidence. Words stand only where
    a date is no plain day.
    """
    steps: list[tuple[dt.date, Possible]] = []
    days = {claim.occurred.last for claim in life.evidence} | {day for day, _ in life.learned}
    for day in sorted(days):
        last = life.last_evidence(day)
        if last and (not steps or steps[-1][1].text != last.occurred.text):
            steps.append((day, last.occurred))
    told = [words.number("" if date.is_day else dates.words(date)) for _, date in steps]
    return (
        [epoch_day(day) for day, _ in steps],
        [epoch_day(date.last) for _, date in steps] if life.learned else None,
        told if any(number != NONE for number in told) else None,
    )


def _differs(life: Life, otherwise: Life | None, ends: tuple[dt.date, dt.date]) -> list[Any]:
    first, last = ends
    return [
        [epoch_day(max(a, first)), epoch_day(min(b, last)), CATEGORIES[category]]
        for a, b, category in (differences.apart(life, otherwise) if otherwise else ())
        if b >= first and a <= last
    ]


def _spans(
    ledger: Ledger, life: Life, spans: list[Span], ends: tuple[dt.date, dt.date], words: Words
) -> list[list[Any]]:
    rows, before = [], None
    for span in spans:
        changed = before is not None and before.category is not span.category
        phrase = wording.change_phrase(before, span) if changed and before else ""
        rows.append(
            [
                epoch_day(max(span.first, ends[0])), CATEGORIES[span.category],
                words.number(wording.span_words(ledger, life, span)),
                words.number(span.basis.value if span.basis else ""), int(span.weak), _half(span),
                words.number(phrase), words.number(wording.by(ledger, span, life) if changed else ""),
            ]
        )  # fmt: skip
        before = span
    return rows


def _half(span: Span) -> list[int] | int:
    if span.category is not Category.CHANGING_HANDS or span.was is None or span.becoming is None:
        return 0
    return [CATEGORIES[control.category_of(span.was)], CATEGORIES[control.category_of(span.becoming)]]


def _sources(ledger: Ledger) -> list[dict[str, Any]]:
    """Return the sources that claims rest on, for the search of those to leave out."""
    resting = Counter(claim.source for claim in ledger.claims)
    return [
        {
            "id": source.source, "publisher": source.publisher, "title": source.title, "grade": source.grade,
            "published": dates.words(source.published) if source.published else source.published_words,
            "claims": resting[source.source],
        }
        for source in ledger.sources.values()
    ]  # fmt: skip


def _headlines(ledger: Ledger, inside: Mapping[str, list[Span]], first: dt.date) -> list[dict[str, Any]]:
    """Return the finding of each day on which it changes, in one walk over all spans in order of their days."""
    starts = sorted((max(span.first, first), site, span) for site, spans in inside.items() for span in spans)
    current: dict[str, Span] = {}
    counts: Counter[Category] = Counter()
    changing: set[str] = set()
    passed: set[str] = set()
    found: list[dict[str, Any]] = []
    for index, (day, site, span) in enumerate(starts):
        if old := current.get(site):
            counts[old.category] -= 1
        current[site] = span
        counts[span.category] += 1
        (changing.add if span.category is Category.CHANGING_HANDS else changing.discard)(site)
        (passed.add if span.reason is Reason.DEADLINE else passed.discard)(site)
        if index + 1 < len(starts) and starts[index + 1][0] == day:
            continue
        text = wording.headline(_short(ledger, changing), _short(ledger, passed), dict(counts))
        if not found or found[-1]["text"] != text:
            found.append({"from": epoch_day(day), "text": text})
    return found


def _short(ledger: Ledger, sites: set[str]) -> list[str]:
    return [ledger.sites[site].short_name for site in sorted(sites)]


def _dated(headlines: list[dict[str, Any]], last: int | None) -> list[dict[str, Any]]:
    """Return the headlines with the last day that has evidence named as such: it is easily taken for today.

    `last` is None where there is none, and where each day counts only what had been reported: then nobody knows it.
    """
    upto = [headline for headline in headlines if last is not None and headline["from"] <= last]
    if last is None or not upto:
        return headlines
    after = [headline for headline in headlines if headline["from"] > last]
    text = upto[-1]["text"]
    named = {"from": last, "text": f"{text} This is the last day with evidence."}
    plain = [] if after and after[0]["from"] == last + 1 else [{"from": last + 1, "text": text}]
    return [*(headline for headline in upto if headline["from"] < last), named, *plain, *after]


def _phase(ledger: Ledger, progress: phases.Progress) -> dict[str, Any]:
    phase = progress.phase
    promised = [
        {
            "day": epoch_day(promise.claim.occurred.last),
            "text": f"promised end: {dates.words(promise.claim.occurred)} ({ledger.sources[promise.claim.source].publisher})",
            "primary": promise.primary,
        }
        for promise in progress.promises
    ]
    if not promised and progress.planned_end:
        promised = [
            {
                "day": epoch_day(progress.planned_end.last),
                "text": f"promised end: {dates.words(progress.planned_end)}",
                "primary": True,
            }
        ]
    return {
        "id": phase.phase, "label": phase.label, "from": epoch_day(phase.start.earliest),
        "to": epoch_day(progress.done.last) if progress.done else None, "promised": promised,
    }  # fmt: skip

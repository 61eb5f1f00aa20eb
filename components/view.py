"""What is shown: the ledger folded and worded for one view; pure, and the same for screen and export."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from components import wording
from components.theme import LABELS
from components.view_state import ViewState
from geodata import boundaries, control, dates, phases, statements
from geodata.control import Category, Life, Reason, Span, State
from geodata.dates import Possible, epoch_day
from geodata.model import Claim, Grade, Kind, Ledger, Site, Source

BAGHDAD = ZoneInfo("Asia/Baghdad")
LEAST_DAYS = 30
"""The axis is never shorter than this."""

LONG_SILENCE_DAYS = 365
"""A state that holds between two pieces of evidence this far apart says so."""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One assertion as the dossier lists it, with every source that makes it."""

    claim: Claim
    claims: tuple[str, ...]
    sources: tuple[Source, ...]
    quotation: str
    quotation_source: Source | None
    role: str  # decides, agrees, rival, refuted, rejected, context, plan, later
    refuted_by: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """One piece of a life strip; `left` and `width` are percentages of the covered time."""

    first: dt.date  # of the span, or of the covered time
    left: float
    width: float
    span: Span
    words: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about one site on one day."""

    site: Site
    names: tuple[str, ...]
    name_local: str | None
    state: State
    words: str
    staleness: str
    strip: tuple[Stretch, ...]
    cursor: float  # where the day stands on the strip, in percent
    deciding: tuple[ClaimLine, ...]
    rivals: tuple[ClaimLine, ...]
    others: tuple[ClaimLine, ...]
    later: tuple[ClaimLine, ...]
    rejected: tuple[ClaimLine, ...]


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One line of the table of sites."""

    site: Site
    state: State
    words: str
    staleness: str
    evidence: Possible | None  # the latest up to the day
    age: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class View:
    """What one view state shows."""

    ledger: Ledger
    state: ViewState
    first: dt.date
    today: dt.date
    caption: str
    rows: tuple[SiteRow, ...]
    progress: tuple[phases.Progress, ...]
    said: tuple[statements.Said, ...]
    dossier: Dossier | None


def today(now: dt.datetime | None = None) -> dt.date:
    """Return the date in Baghdad; `now` is a moment with a time zone."""
    return (now or dt.datetime.now(BAGHDAD)).astimezone(BAGHDAD).date()


def first_day(ledger: Ledger, now: dt.date) -> dt.date:
    """Return the first day of the axis: New Year of the year in which the first phase, or the evidence, begins.

    The axis always has some length before `now`, whatever the ledger says of the future.
    """
    starts = [phase.start.earliest for phase in ledger.phases.values()]
    starts = starts or [c.occurred.earliest for c in ledger.claims if c.grade is not Grade.REJECTED]
    return min([*starts, now - dt.timedelta(days=LEAST_DAYS)]).replace(month=1, day=1)


@lru_cache(maxsize=64)
def lives(ledger: Ledger, known_on: dt.date | None) -> Mapping[str, Life]:
    """Return the folded ledger; kept, since many readers ask the same."""
    return control.lives(ledger, known_on)


def build(ledger: Ledger, state: ViewState, *, now: dt.date) -> View:
    """Return all that a view state shows; `now` is today in Baghdad."""
    found, first = lives(ledger, state.known_on), first_day(ledger, now)
    rows = tuple(_row(ledger, found[site.site], state) for site in ledger.sites.values())
    life = found.get(state.site or "")
    dossier = _dossier(ledger, life, state, first, now) if life else None
    return View(
        ledger=ledger,
        state=state,
        first=first,
        today=now,
        caption=caption(state),
        rows=rows,
        progress=phases.progress(ledger, found, state.as_of, state.known_on),
        said=statements.said_by(ledger, state.as_of, state.known_on),
        dossier=dossier,
    )


def caption(state: ViewState) -> str:
    """Return the view in words: the one caption for title, legend, file name and slide."""
    words = wording.day_words(state.as_of)
    return (
        words
        if state.known_on is None
        else f"{words}, as our sources had reported by {wording.day_words(state.known_on)}"
    )


def _row(ledger: Ledger, life: Life, state: ViewState) -> SiteRow:
    on_day, last = control.state_on(ledger, life, state.as_of), life.last_evidence(state.as_of)
    return SiteRow(
        site=ledger.sites[life.site],
        state=on_day,
        words=wording.span_words(ledger, life, on_day.span),
        staleness=_staleness(life, state.as_of),
        evidence=last.occurred if last else None,
        age=wording.age(last.occurred.last, state.as_of) if last else "",
        hidden=on_day.span.category.value in state.hidden,
    )


def _staleness(life: Life, day: dt.date) -> str:
    """Return how old the evidence is on a day, also where later evidence follows."""
    upto = life.last_evidence(day)
    if upto is None:
        return "no source yet" if life.evidence else "no source"
    following = next((c for c in life.evidence if c.occurred.last > day), None)
    if following is None:
        return wording.staleness(upto.occurred.last, dates.words(upto.occurred), day)
    if (day - upto.occurred.last).days <= LONG_SILENCE_DAYS:
        return f"last evidence {dates.words(upto.occurred)}"
    return f"evidence of {dates.words(upto.occurred)} and next of {dates.words(following.occurred)}, none between"


def _dossier(ledger: Ledger, life: Life, state: ViewState, first: dt.date, now: dt.date) -> Dossier:
    site, on_day = ledger.sites[life.site], control.state_on(ledger, life, state.as_of)
    total = (now - first).days + 1
    strip = tuple(
        Stretch(
            first=max(span.first, first),
            left=100 * (max(span.first, first) - first).days / total,
            width=100 * ((min(span.last, now) - max(span.first, first)).days + 1) / total,
            span=span,
            words=wording.span_words(ledger, life, span),
        )
        for span in life.spans
        if span.first <= now and span.last >= first
    )
    lines = _lines(ledger, life, on_day, state)
    pick = {
        role: tuple(line for line in lines if line.role == role) for role in {line.role for line in lines}
    }
    names = [name for name in ledger.site_names if name.site == site.site]
    return Dossier(
        site=site,
        names=tuple(
            name.name + (f" ({name.note})" if name.note else "") for name in names if name.script == "Latn"
        ),
        name_local=next((name.name for name in names if name.script == "Arab"), None),
        state=on_day,
        words=wording.span_words(ledger, life, on_day.span),
        staleness=_staleness(life, state.as_of),
        strip=strip,
        cursor=100 * (state.as_of - first).days / total,
        deciding=_told((*pick.get("decides", ()), *pick.get("agrees", ()))),
        rivals=_told((*pick.get("rival", ()), *pick.get("refuted", ()))),
        others=tuple(line for line in lines if line.role in ("earlier", "context", "plan")),
        later=pick.get("later", ()),
        rejected=pick.get("rejected", ()),
    )


def _lines(ledger: Ledger, life: Life, on_day: State, state: ViewState) -> list[ClaimLine]:
    about = [
        c
        for c in ledger.claims
        if life.site in (c.site, *c.scope) or (c.kind is Kind.GENERAL and c in life.evidence)
    ]
    if state.known_on is not None:
        about = [c for c in about if (p := ledger.sources[c.source].published) and p.last <= state.known_on]
    groups: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in about:
        groups.setdefault((claim.occurred.text, claim.text, claim.kind.value), []).append(claim)
    refuted = dict(on_day.span.refuted)
    last = life.last_evidence(state.as_of)
    lines = []
    for group in groups.values():
        quoting = next((c for c in group if c.quotation), None)
        lines.append(
            ClaimLine(
                claim=group[0], claims=tuple(c.claim for c in group), sources=tuple(ledger.sources[c.source] for c in group),
                quotation=quoting.quotation if quoting else "", quotation_source=ledger.sources[quoting.source] if quoting else None,
                role=_role(ledger, group, on_day, state.as_of, last), refuted_by=tuple(ledger.claim[by] for by in sorted({by for c in group for by in refuted.get(c.claim, ())})),
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (line.claim.occurred.last, line.claims), reverse=True)


def _told(lines: Sequence[ClaimLine]) -> tuple[ClaimLine, ...]:
    """Return lines in the order in which things happened; what is said of no site in particular stands last."""
    return tuple(
        sorted(
            lines, key=lambda line: (line.claim.kind is Kind.GENERAL, line.claim.occurred.last, line.claims)
        )
    )


def _role(ledger: Ledger, group: list[Claim], on_day: State, day: dt.date, last: Claim | None) -> str:
    """Return what an assertion does on the day: the first rule that fits."""
    span, claim, ids = on_day.span, group[0], {claim.claim for claim in group}
    # A promise stands on the day it was published, not on its deadline.
    published = ledger.sources[claim.source].published if claim.kind is Kind.PLAN else None
    said = (published or claim.occurred).last
    rules = (
        (claim.grade is Grade.REJECTED, "rejected"),
        (bool(ids & dict(span.refuted).keys()), "refuted"),
        (bool(ids & {*span.decided_by}), "decides"),
        (bool(ids & {*span.rivals}), "rival"),
        (last is not None and last.claim in ids, "agrees"),
        (said > day, "later"),
        (claim.kind is Kind.PLAN, "plan"),
        (claim.to_controller is None, "context"),
    )
    return next((role for fits, role in rules if fits), "earlier")


@lru_cache(maxsize=64)
def browser_payload(ledger: Ledger, known_on: dt.date | None, now: dt.date) -> Mapping[str, Any]:
    """Return what the clock and the map need: all dated states at once, days counted from 1970-01-01."""
    found, first = lives(ledger, known_on), first_day(ledger, now)
    inside = {
        site: [s for s in life.spans if s.last >= first and s.first <= now] for site, life in found.items()
    }
    default = min(max(ledger.last_evidence, first), now)
    told = [c for c in ledger.claims if c.grade is not Grade.REJECTED and c.kind is not Kind.PLAN]
    counted = [c.occurred.last for c in told if known_on is None or _reported(ledger, c, known_on)]
    last = min(max([first, *counted]), now)
    payload: dict[str, Any] = {
        "data_version": f"{wording.day_words(ledger.last_evidence)} · {ledger.version}",
        "first": epoch_day(first),
        "last": epoch_day(now),
        "today": epoch_day(now),
        "last_evidence": epoch_day(last),
        "default_day": epoch_day(default),
        "known_on": known_on.isoformat() if known_on else None,
        "categories": [{"id": category.value, "label": label} for category, label in LABELS.items()],
        "sites": [
            _site(ledger, found[site.site], inside[site.site], (first, now)) for site in ledger.sites.values()
        ],
        "changes": _changes(ledger, inside),
        "headlines": _dated(_headlines(ledger, inside, first), epoch_day(last)),
        "phases": [
            _phase(ledger, phase)
            for phase in phases.progress(ledger, found, now, known_on)
            if phase.started and (phase.planned_end or phase.done)
        ],
        "footnote": f"{boundaries.FOOTNOTE_SHORT} {boundaries.CREDITS}",
    }
    payload["version"] = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:16]
    return payload


def _reported(ledger: Ledger, claim: Claim, known_on: dt.date) -> bool:
    published = ledger.sources[claim.source].published
    return published is not None and published.last <= known_on


def _site(ledger: Ledger, life: Life, spans: list[Span], ends: tuple[dt.date, dt.date]) -> dict[str, Any]:
    site = ledger.sites[life.site]
    names = [name for name in ledger.site_names if name.site == site.site]
    last = life.last_evidence()
    days = sorted({epoch_day(c.occurred.last) for c in life.evidence})
    return {
        "id": site.site, "name": site.name, "short": site.short_name, "names": [site.name, site.short_name, *(n.name for n in names)],
        "name_local": next((n.name for n in names if n.script == "Arab"), None), "type": site.type, "governorate": site.governorate,
        "lat": site.lat, "lon": site.lon, "radius_m": site.radius_m or None, "inset": bool(site.cluster),
        "last_evidence": epoch_day(last.occurred.last) if last else None,
        "spans": [
            {
                "from": epoch_day(max(span.first, ends[0])), "to": epoch_day(min(span.last, ends[1])), "category": span.category.value,
                "half": _half(span), "words": wording.span_words(ledger, life, span), "basis": span.basis.value if span.basis else None,
                "weak": span.weak, "evidence": [d for d in days if epoch_day(span.first) <= d <= epoch_day(span.last)],
            }
            for span in spans
        ],
    }  # fmt: skip


def _half(span: Span) -> list[str] | None:
    if span.category is not Category.CHANGING_HANDS or span.was is None or span.becoming is None:
        return None
    return [control.category_of(span.was).value, control.category_of(span.becoming).value]


def _changes(ledger: Ledger, inside: Mapping[str, list[Span]]) -> list[dict[str, Any]]:
    found = []
    for site, spans in inside.items():
        for before, after in pairwise(spans):
            if before.category is not after.category:
                text = wording.change_words(ledger.sites[site].short_name, before, after)
                found.append({"day": epoch_day(after.first), "site": site, "text": text})
    return sorted(found, key=lambda change: (change["day"], change["site"]))


def _headlines(ledger: Ledger, inside: Mapping[str, list[Span]], first: dt.date) -> list[dict[str, Any]]:
    starts = sorted((max(span.first, first), site, span) for site, spans in inside.items() for span in spans)
    current: dict[str, Span] = {}
    counts: Counter[Category] = Counter()
    found: list[dict[str, Any]] = []
    for index, (day, site, span) in enumerate(starts):
        if old := current.get(site):
            counts[old.category] -= 1
        current[site] = span
        counts[span.category] += 1
        if index + 1 < len(starts) and starts[index + 1][0] == day:
            continue
        changing = (
            [
                ledger.sites[s].short_name
                for s, held in current.items()
                if held.category is Category.CHANGING_HANDS
            ]
            if counts[Category.CHANGING_HANDS]
            else []
        )
        passed = [ledger.sites[s].short_name for s, held in current.items() if held.reason is Reason.DEADLINE]
        text = wording.headline(changing, passed, dict(counts))
        if not found or found[-1]["text"] != text:
            found.append({"from": epoch_day(day), "text": text})
    return found


def _dated(headlines: list[dict[str, Any]], last: int) -> list[dict[str, Any]]:
    """Return the headlines with the last day that has evidence named as such: it is easily taken for today."""
    upto = [headline for headline in headlines if headline["from"] <= last]
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

"""The sentences that say what a span, a change and a day mean; every screen and export takes them from here."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from components.hindsight import announcing, claims_about
from components.theme import LABELS
from geodata import dates
from geodata.control import CARRY_YEARS, Category, Held, Life, Reason, Span, category_of
from geodata.model import Coalition, Controller, Grade, Kind, Ledger, Source
from geodata.staleness import age, corroborated, following, is_silent, is_stale

NOT_RECORDED = "not recorded"


def day_words(day: dt.date) -> str:
    """Return a day as "18 January 2026"."""
    return f"{day.day} {day:%B %Y}"


def days(count: int) -> str:
    """Return a count of days with its noun."""
    return f"{count:,} day" if count == 1 else f"{count:,} days"


def held_words(held: Held) -> str:
    """Return controller and coalition in words."""
    controller, coalition = held
    category = category_of(held)
    if category in (Category.COALITION_FEDERAL, Category.COALITION_KURDISTAN):
        host = "Iraqi base" if category is Category.COALITION_FEDERAL else "Kurdistan Region site"
        return (
            f"{host} with a few coalition personnel left"
            if coalition is Coalition.RESIDUAL
            else f"{host} hosting the coalition"
        )
    if category is not Category.NOT_SOURCED:
        return LABELS[category]
    if controller is Controller.NONE:
        return "Disused, no military use seen"
    if coalition in (Coalition.PRESENT, Coalition.RESIDUAL):
        return "Hosting the coalition; who administers the site is not sourced"
    if controller is Controller.IRAQI_FEDERAL:
        return "Iraqi base; whether the coalition is there is not sourced"
    return "Not sourced"


def span_words(ledger: Ledger, life: Life, span: Span) -> str:
    """Return what a marker means on the days of a span, in one sentence without a full stop."""
    if span.reason is Reason.CLAIMS:
        words = held_words(span.held)
        if span.category is Category.NOT_SOURCED and words != "Not sourced":
            words = f"Not sourced: {words[0].lower() + words[1:] if not words.startswith('Iraqi') else words}"
        elif span.category is Category.NOT_SOURCED:
            words = "Not sourced: no source says who held it then"
        return (
            words
            + (", by general statement" if span.general else "")
            + (" (weak evidence)" if span.weak else "")
        )
    if span.reason is Reason.CHANGING:
        return _changing(ledger, span) + (" (weak evidence)" if span.weak else "")
    return "Not sourced: " + _silence(ledger, life, span)


def _changing(ledger: Ledger, span: Span) -> str:
    was = lower_first(LABELS[category_of(span.was)]) if span.was else "not sourced"
    becoming = lower_first(LABELS[category_of(span.becoming)]) if span.becoming else "not sourced"
    told = {ledger.claim[claim].occurred for claim in span.decided_by}
    if len(told) == 1:
        when = f"some time in {dates.words(next(iter(told)))}, the day is not known"
    else:
        when = f"between {_from_to(span.first, span.last + dt.timedelta(days=1))}, reports differ"
    return f"Changing {when}: {was}, then {becoming}"


def _from_to(first: dt.date, last: dt.date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} and {day_words(last)}"
    return f"{day_words(first)} and {day_words(last)}"


def lower_first(label: str) -> str:
    """Return a label as it stands inside a sentence."""
    return label if label.startswith(("Iraqi", "Kurdistan")) else label[0].lower() + label[1:]


def _silence(ledger: Ledger, life: Life, span: Span) -> str:
    if span.reason is Reason.BEFORE_FIRST:
        known = life.known(span.first)
        if not known:
            return (
                "no source that counts had spoken about this site by then"
                if life.learned
                else "no source that counts speaks about this site"
            )
        first = known[0].occurred
        told = dates.words(first if first.first else dates.parse(first.last.isoformat()))
        source = "source that counts" if _left_out_before(ledger, life, first.last) else "source"
        return (
            f"no {source} before {told}"
            if first.first is None or first.is_day
            else f"the first {source} speaks of {told}"
        )
    if span.reason is Reason.DEADLINE:
        deadline = day_words(span.first - dt.timedelta(days=1))
        source = (
            "source that counts"
            if _does_not_count(ledger, life, span.first - dt.timedelta(days=1))
            else "source"
        )
        return f"the promised end, {deadline}, has passed and no {source} says what happened"
    if span.reason is Reason.CARRIED_OUT:
        return f"the last evidence of a presence is more than {CARRY_YEARS} years old"
    if span.reason is Reason.CONTRADICTION:
        told = dates.words(ledger.claim[span.decided_by[0]].occurred)
        return f"reports of {told} contradict each other"
    return "what is known before and after differs, and no source dates the change"


def _left_out_before(ledger: Ledger, life: Life, day: dt.date) -> bool:
    """Tell whether the ledger has evidence of a time before `day` that does not count here."""
    return any(
        claim.occurred.last < day and claim.grade is not Grade.REJECTED and claim.to_controller is not None
        for claim in claims_about(ledger, life.site)
        if claim.kind not in (Kind.PLAN, Kind.GENERAL)
    )


def _does_not_count(ledger: Ledger, life: Life, eve: dt.date) -> bool:
    """Tell whether the ledger has a claim about what became of the state of a day that this life was not made from."""
    counted, held = {claim.claim for claim in life.evidence}, life.at(eve).held
    return any(
        claim.claim not in counted and claim.grade is not Grade.REJECTED and claim.to_controller is not None
        for claim in claims_about(ledger, life.site)
        if claim.kind is not Kind.PLAN
        and (claim.kind is not Kind.GENERAL or (held and held.controller in claim.scope))
    )


def change_phrase(before: Span, after: Span) -> str:
    """Return in a few words, without the site's name, what changed on its marker between two neighbouring spans."""
    if after.category is Category.CHANGING_HANDS:
        return "begins to change hands"
    if after.category is Category.NOT_SOURCED:
        reasons = {
            Reason.DEADLINE: "promised end passed, outcome not sourced",
            Reason.CARRIED_OUT: "last evidence too old, no longer sourced",
            Reason.CONTRADICTION: "reports contradict each other",
            Reason.GAP: "no source from here on",
        }
        return reasons.get(after.reason, "no longer sourced")
    known = before.was if before.category is Category.CHANGING_HANDS else before.held
    hosted = known is not None and known.coalition in (Coalition.PRESENT, Coalition.RESIDUAL)
    if after.category is Category.IRAQI_FORCES and hosted:
        return "handed over, Iraqi forces alone" + (" (by general statement)" if after.general else "")
    if before.category is Category.NOT_SOURCED:
        return (
            f"first sourced as “{lower_first(LABELS[after.category])}”"
            if before.reason is Reason.BEFORE_FIRST
            else f"sourced again as “{lower_first(LABELS[after.category])}”"
        )
    return f"now “{lower_first(LABELS[after.category])}”"


def by(ledger: Ledger, span: Span, life: Life | None = None) -> str:
    """Return who decides a span: who says so, where that is one voice, and who published it, two at most.

    With the life it belongs to, it is who brought the span about: in a life that grows by reports, a report of its
    first day. Empty where nobody announces anything: a promised end that passes, evidence that grows too old, a gap.
    """
    if span.reason not in (Reason.CLAIMS, Reason.CHANGING, Reason.CONTRADICTION):
        return ""
    claims = announcing(ledger, life, span) if life else [ledger.claim[claim] for claim in span.decided_by]
    sources = sorted((ledger.sources[claim.source] for claim in claims), key=lambda source: source.grade)
    names = list(dict.fromkeys(publisher(source) for source in sources))
    if not names:
        return ""
    more = [f"{len(names) - 2:,} more"] if len(names) > 2 else []  # noqa: PLR2004
    told = listed([*names[:2], *more])
    voices = {claim.asserted_by for claim in claims}
    voice = voices.pop() if len(voices) == 1 else ""
    named = any(voice.lower() in name.lower() or name.lower() in voice.lower() for name in names)
    return told if not voice or voice == "press" or named else f"{voice}, in {told}"


def publisher(source: Source) -> str:
    """Return the publisher's name without the mark of the language: "Shafaq News" for "Shafaq News (EN)"."""
    return _publisher(source.publisher, source.language)


@lru_cache(maxsize=4096)
def _publisher(name: str, language: str) -> str:
    mark = language.upper()
    return name.replace(f" ({mark})", "").replace(f"({mark}, ", "(") if mark else name


def comparison(changed: int, unchanged: int, unsourced: int) -> str:
    """Return in one sentence how many sites changed category between two days, without a full stop; no zero is told."""
    silent = (
        f"{unsourced:,} {'was' if unsourced == 1 else 'were'} not sourced on either day" if unsourced else ""
    )
    if changed:
        parts = [f"{_sites(changed)} changed category", f"{unchanged:,} did not" if unchanged else ""]
    else:
        same = (
            f"{unchanged:,} {'shows' if unchanged == 1 else 'show'} the same on both days"
            if unchanged
            else ""
        )
        parts = ["No site changed category", same]
    return "; ".join(part for part in [*parts, silent] if part)


def falls(count: int) -> str:
    """Return how many states fall without the sources left out."""
    return f"{count:,} states fall" if count > 1 else "1 state falls" if count else "no state falls"


def _sites(count: int) -> str:
    return f"{count:,} {'site' if count == 1 else 'sites'}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return names as a list in words, cut after `most`."""
    shown = list(names) if len(names) <= most else [*names[: most - 1], f"{len(names) - most + 1} more"]
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


def headline(changing: Sequence[str], passed: Sequence[str], counts: dict[Category, int]) -> str:
    """Return the finding of a day: what is changing, what a passed deadline left open, or who hosts where."""
    if changing:
        return f"The day of change is uncertain at {listed(changing)}."
    if passed:
        noun = "site" if len(passed) == 1 else "sites"
        return f"A promised end has passed at {len(passed)} {noun}, and no source says what happened: {listed(passed, 5)}."
    federal, region = counts.get(Category.COALITION_FEDERAL, 0), counts.get(Category.COALITION_KURDISTAN, 0)
    if not federal and not region:
        return "No source places the coalition at any of the sites."
    if not federal:
        return f"No federal site is sourced as hosting the coalition; {region} in the Kurdistan Region {'is' if region == 1 else 'are'}."
    where = f"Sources place the coalition at {federal} federal {'site' if federal == 1 else 'sites'}"
    return where + (
        f" and {region} in the Kurdistan Region."
        if region
        else "; none places it at a site in the Kurdistan Region."
    )


def staleness(life: Life, day: dt.date, *, narrow: bool = False) -> str:
    """Return how long ago the site was last corroborated on a day: on every screen, in every table and export.

    `narrow` says that not everything counts. What comes next is told where it is far off, so that an old piece of
    evidence does not pass for a young one. browser/layer/account.js says the same about a day the server is not asked.
    """
    last, after = corroborated(life, day), following(life, day)
    if last is None and after is not None and life.at(day).category is not Category.NOT_SOURCED:
        return f"first evidence {dates.words(after.occurred)}"  # a change also says what was on its eve
    if last is None:
        source = "source that counts" if narrow else "source"
        return f"no {source} yet" if life.known(day) or life.learned else f"no {source}"
    told, ago = dates.words(last.occurred), age(last.occurred.last, day)
    words = f"not corroborated since {end_of(told)}" if is_stale(life, day) else f"last evidence {told}"
    if ago:
        words += f", {ago} ago"
    if after is not None and is_silent(life, day):
        words += f"; next evidence {dates.words(after.occurred)}"
    return words


def end_of(told: str) -> str:
    """Return the end of a time in words: "18 January 2026" for "13 to 18 January 2026" and "by 18 January 2026"."""
    return told.removeprefix("by ").rpartition(" to ")[2]

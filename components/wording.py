"""The sentences that say what a span, a change and a day mean; every screen and export takes them from here."""

import datetime as dt
from collections.abc import Sequence

from components.theme import LABELS
from geodata import dates
from geodata.control import CARRY_YEARS, Category, Held, Life, Reason, Span, category_of
from geodata.model import Coalition, Controller, Ledger

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
    was = _lower(LABELS[category_of(span.was)]) if span.was else "not sourced"
    becoming = _lower(LABELS[category_of(span.becoming)]) if span.becoming else "not sourced"
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


def _lower(label: str) -> str:
    return label if label.startswith(("Iraqi", "Kurdistan")) else label[0].lower() + label[1:]


def _silence(ledger: Ledger, life: Life, span: Span) -> str:
    if span.reason is Reason.BEFORE_FIRST:
        if not life.evidence:
            return "no source that counts speaks about this site"
        first = life.evidence[0].occurred
        told = dates.words(first if first.first else dates.parse(first.last.isoformat()))
        return (
            f"no source before {told}"
            if first.first is None or first.is_day
            else f"the first source speaks of {told}"
        )
    if span.reason is Reason.DEADLINE:
        deadline = day_words(span.first - dt.timedelta(days=1))
        return f"the promised end, {deadline}, has passed and no source says what happened"
    if span.reason is Reason.CARRIED_OUT:
        return f"the last evidence of a presence is more than {CARRY_YEARS} years old"
    if span.reason is Reason.CONTRADICTION:
        told = dates.words(ledger.claim[span.decided_by[0]].occurred)
        return f"reports of {told} contradict each other"
    return "what is known before and after differs, and no source dates the change"


def change_words(name: str, before: Span, after: Span) -> str:
    """Return in a few words what changed on a site's marker between two neighbouring spans."""
    if after.category is Category.CHANGING_HANDS:
        return f"{name}: begins to change hands"
    if after.category is Category.NOT_SOURCED:
        reasons = {
            Reason.DEADLINE: "promised end passed, outcome not sourced",
            Reason.CARRIED_OUT: "last evidence too old, no longer sourced",
            Reason.CONTRADICTION: "reports contradict each other",
            Reason.GAP: "no source from here on",
        }
        return f"{name}: {reasons.get(after.reason, 'no longer sourced')}"
    known = before.was if before.category is Category.CHANGING_HANDS else before.held
    hosted = known is not None and known.coalition in (Coalition.PRESENT, Coalition.RESIDUAL)
    if after.category is Category.IRAQI_FORCES and hosted:
        return f"{name}: handed over, Iraqi forces alone" + (
            " (by general statement)" if after.general else ""
        )
    if before.category is Category.NOT_SOURCED:
        return (
            f"{name}: first sourced as “{_lower(LABELS[after.category])}”"
            if before.reason is Reason.BEFORE_FIRST
            else f"{name}: sourced again as “{_lower(LABELS[after.category])}”"
        )
    return f"{name}: now “{_lower(LABELS[after.category])}”"


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
    where = f"The coalition is hosted at {federal} federal {'site' if federal == 1 else 'sites'}"
    return where + (
        f" and {region} in the Kurdistan Region."
        if region
        else "; no site in the Kurdistan Region is sourced as hosting it."
    )


def age(last: dt.date, day: dt.date) -> str:
    """Return how old evidence is on a day, in the unit a reader counts in; empty under a month."""
    gap = (day - last).days
    if gap >= 365:  # noqa: PLR2004
        return f"{gap / 365.25:.1f} years"
    return f"{gap // 30} months" if gap >= 60 else "1 month" if gap >= 30 else ""  # noqa: PLR2004


def staleness(last: dt.date, last_words: str, day: dt.date) -> str:
    """Return how long before `day` the last evidence was, or its date alone while evidence still follows."""
    gap = (day - last).days
    return f"last evidence {last_words}, {days(gap)} earlier" if gap > 0 else f"last evidence {last_words}"

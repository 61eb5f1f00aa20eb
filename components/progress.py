"""What became of a phase by a day, in words and on a bar; screens and exports take it from here."""

import datetime as dt
from collections.abc import Sequence

from components import wording
from components.view import View
from geodata.knowledge import reported_by
from geodata.model import Ledger
from geodata.phases import Progress

RECENT_DAYS = 365
"""How long a phase that is over stays open on the page."""

END_LEFT_OUT = "the recorded source of its end is left out"


def verdict(
    ledger: Ledger,
    progress: Progress,
    known_on: dt.date | None = None,
    left_out: frozenset[str] = frozenset(),
) -> dict[str, object]:
    """Return what became of a phase's promise by the day, and whether it is late."""
    slip, phase = progress.slippage_days, progress.phase
    if progress.done:
        if slip is None or slip == 0:
            return {"text": "declared done", "late": False}
        text = f"declared done, {wording.days(abs(slip))} {'late' if slip > 0 else 'early'}"
        return {"text": text, "late": slip > 0}
    # An end that no source that counts has told may still be recorded: not yet reported, or left out.
    source = ledger.sources.get(phase.done_source)
    reported = source is not None and reported_by(source, known_on)
    left = reported and phase.done_source in left_out
    if progress.overdue_days is not None:
        known = "late, still open" if reported else "past, outcome not sourced"
        text = f"past; {END_LEFT_OUT}" if left else known
        return {"text": f"{wording.days(progress.overdue_days)} {text}", "late": True}
    if progress.planned_days is not None and progress.elapsed_days is not None:
        text = f"{wording.days(progress.planned_days - progress.elapsed_days)} left"
    else:
        text = _unpromised(ledger, progress)
    return {"text": f"{text}; {END_LEFT_OUT}" if left else text, "late": False}


def _unpromised(ledger: Ledger, progress: Progress) -> str:
    """Return why a phase is measured against no promised end."""
    if progress.phase.planned_end is None:
        return "no end promised"
    if progress.promises:
        return "only rival dates in the sources that count"
    if ledger.promises.get(progress.phase.phase):
        return "no end promised in the sources that count"
    return "the promised end rests in part on sources that do not count"


def bar(progress: Progress) -> dict[str, float]:
    """Return how far the bar is filled and where the promise stands on it, in percent of the longer of both."""
    planned, elapsed = progress.planned_days or 0, progress.elapsed_days or 0
    whole = max(planned, elapsed, 1)
    return {"gone": round(100 * elapsed / whole, 2), "promise": round(100 * planned / whole, 2)}


def under_way(shown: View) -> tuple[Sequence[Progress], Sequence[Progress]]:
    """Return the phases under way or done within a year, and those that were over before."""
    begun = [p for p in shown.progress if p.started]
    recent = dt.timedelta(days=RECENT_DAYS)
    current = [p for p in begun if not p.done or shown.state.as_of - p.done.last <= recent]
    return current, [p for p in begun if p not in current]


def detail(of: Progress) -> str:
    """Return how far a phase had come in numbers: sites handed over where its scope counts, else days gone."""
    if of.sites:
        words = f"{len(of.handed_over):,} of {len(of.sites):,} sourced as handed over"
        return words + (f", {len(of.open_sites):,} not sourced" if of.open_sites else "")
    if of.planned_days and of.started and of.elapsed_days is not None:
        return f"{wording.days(of.elapsed_days)} gone of {of.planned_days:,} planned"
    return of.phase.scope if of.whole else "scope rests in part on sources that do not count"

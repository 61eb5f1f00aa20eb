"""The fold once more, written from the rules without the code: naive, one day at a time, for one site.

It knows observations and dated changes, all verified; no plans, no general statements, no named transitions, no
two changes that end on one day. What is left is what most of the ledger consists of.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from geodata.model import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.model import Claim

State = tuple[str, str]

TABLE = {
    ("iraqi_federal", "present"): "coalition-federal",
    ("iraqi_federal", "residual"): "coalition-federal",
    ("iraqi_federal", "absent"): "iraqi-forces",
    ("kurdistan_region", "present"): "coalition-kurdistan",
    ("kurdistan_region", "residual"): "coalition-kurdistan",
    ("kurdistan_region", "absent"): "kurdistan-forces",
    ("islamic_state", "absent"): "islamic-state",
    ("islamic_state", "unknown"): "islamic-state",
}
NOT_SOURCED = "not-sourced"
ONE = dt.timedelta(days=1)


class Point(NamedTuple):
    """Something that fixes the state by `end`; a change may have happened on any day from `start`."""

    start: dt.date
    end: dt.date
    before: State | None
    after: list[State]  # more than one where the observations of one day contradict each other
    change: bool = False


def shows(state: State) -> str:
    return TABLE.get(state, NOT_SOURCED)


def same(one: State, other: State) -> bool:
    return one == other or (shows(one) == shows(other) != NOT_SOURCED)


def state(controller: object, coalition: object) -> State | None:
    return (str(controller), str(coalition)) if controller else None


def points(claims: Sequence[Claim]) -> list[Point]:
    seen = [c for c in claims if c.kind is Kind.OBSERVATION]
    changes: list[Point] = []
    for claim in sorted((c for c in claims if c.kind is Kind.CHANGE), key=lambda c: c.occurred.last):
        before, after = (
            state(claim.from_controller, claim.from_coalition),
            state(claim.to_controller, claim.to_coalition),
        )
        assert after
        end = claim.occurred.last
        start = claim.occurred.first
        if start is None:  # by that day: the day after the old state was last seen, if it was
            old = [
                c.occurred.last + ONE
                for c in seen
                if before
                and c.occurred.last < end
                and same(state(c.to_controller, c.to_coalition) or before, before)
            ]
            start = max(old, default=end)
        if changes:  # a successor cannot begin before the change it follows
            start = min(max(start, changes[-1].end + ONE), end)
        changes.append(Point(start, end, before, [after], change=True))
    days: dict[dt.date, list[State]] = {}
    for claim in seen:
        on = claim.occurred.last
        if not any(change.start <= on <= change.end for change in changes):
            held = state(claim.to_controller, claim.to_coalition)
            assert held
            days.setdefault(on, []).append(held)
    observed = [
        Point(day, day, None, held[:1] if all(same(held[0], h) for h in held) else held)
        for day, held in days.items()
    ]
    return sorted(changes + observed, key=lambda point: point.end)


def two_years_after(day: dt.date) -> dt.date:
    last = calendar.monthrange(day.year + 2, day.month)[1]
    return dt.date(day.year + 2, day.month, min(day.day, last))


def category_on(every: Sequence[Point], day: dt.date) -> str:
    past = [n for n, point in enumerate(every) if point.end <= day]
    here = every[past[-1]] if past else None
    following = every[len(past)] if len(past) < len(every) else None
    if here is None:
        return _before_all(following, day)
    held = here.after[0] if len(here.after) == 1 else None
    if following is None:
        return _after_all(held, here.end, day)
    if day == here.end and held and shows(held) != NOT_SOURCED:
        return shows(held)
    if following.start <= day < following.end:
        return "changing-hands"
    return _between(held, following, day)


def _between(held: State | None, following: Point, day: dt.date) -> str:
    """Between two points a state holds where the next agrees, or changes it without saying from what."""
    if following.before and not _agrees(held, following):
        return _gap(following, day)
    goes_on = following.change or any(held and same(held, after) for after in following.after)
    return shows(held) if held and goes_on else NOT_SOURCED


def _after_all(held: State | None, last: dt.date, day: dt.date) -> str:
    """After the last point an ended presence holds without limit, anything else for two years."""
    if held is None:
        return NOT_SOURCED
    ended = shows(held) in {"iraqi-forces", "kurdistan-forces"}
    return shows(held) if ended or day <= two_years_after(last) else NOT_SOURCED


def _agrees(held: State | None, following: Point) -> bool:
    return bool(held and following.before and same(held, following.before))


def _gap(following: Point, day: dt.date) -> str:
    """A state between claims that do not meet: nothing is sourced but the eve of a change, by what it changes from."""
    eve = following.before if day == following.start - ONE else None
    return shows(eve) if eve else NOT_SOURCED


def _before_all(first: Point | None, day: dt.date) -> str:
    """A first appearance starts on its latest possible day; a change out of a known state is none."""
    if first is None or first.before is None:
        return NOT_SOURCED
    if first.start < first.end and shows(first.before) == NOT_SOURCED:
        return NOT_SOURCED
    return "changing-hands" if first.start <= day < first.end else _gap(first, day)

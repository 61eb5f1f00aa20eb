"""Where the names of marks go: each beside its mark, touching no other name, no mark and no part of the map."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from exports import lettering

HARD = 1000.0
"""A cost that says "not there", beside costs that only say "rather not"."""

PAD = 1.2
"""Points between a name and what it must not touch."""

BETWEEN = 0.4
"""Ems between two names: nearer ones read as two lines of one."""

AIR = 4.0
"""A name nearer to another mark than this could be taken for that one's."""

ASTRAY = 4.0
"""How much dearer a seat is for each line that runs between it and its mark."""

SEATS = 30
"""Seats that are kept for a name; the others are dearer."""

HOLDERS = 2
"""So many names at most leave their seats so that another one has one."""

SHARES = (0.15, 0.3, 0.7, 0.85)
"""The parts of a name with a leader that stand left of its mark, where the name stands above or below."""

SMALLER = (0.86, 0.76)
"""The sizes of a name that has no room otherwise, one after the other."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points."""

Line = tuple[float, float, float, float]
"""From x, y to x, y in points."""


@dataclass(frozen=True, slots=True)
class Item:
    """A name that wants a place; `left` and `right` are how far its mark goes from its middle."""

    key: str
    text: str
    kind: str
    size: float
    x: float
    y: float
    left: float
    right: float
    up: float
    down: float
    rank: float  # the least is placed first
    far: tuple[float, ...] = ()  # how far off it may stand, with a leader
    away: tuple[float, float] | None = None  # where its mark was moved to, as a direction


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name stands: the end of its baseline that `anchor` says, the room it takes, its leader."""

    item: Item
    x: float
    y: float
    anchor: str
    area: Box
    leader: Line | None
    cost: float
    link: Line  # from the middle of its mark to the name, drawn or not: what the eye follows


@dataclass(frozen=True, slots=True)
class Ground:
    """What names stand among: marks, the dots that marks which stand aside belong to, all else, lines, the edge."""

    marks: Sequence[Box]  # each is somebody's, and a name near it is read as its name
    dots: Sequence[Box]
    walls: Sequence[Box]
    lines: Sequence[Line]  # better not covered
    room: Box


def place(items: Sequence[Item], ground: Ground) -> list[Place]:
    """Return the names that found a place, in the order of their rank.

    No name stands so that it could be read as another mark's, unless it has no place otherwise.
    """
    order = sorted(items, key=lambda item: (item.rank, item.key))
    on = _Ground(ground)
    seats = {item.key: _seats(item, on) for item in order}
    placed: dict[str, Place] = {}
    for item in order:
        _seat(item, seats, placed)
    # Those that were placed first may now stand better, and make room by it.
    for item in order:
        placed.pop(item.key, None)
        _seat(item, seats, placed)
    for strict, factor, item in itertools.product((True, False), (1.0, *SMALLER), order):
        if item.key not in placed:
            smaller = replace(item, size=round(item.size * factor, 2))
            seats[item.key] = _seats(smaller, on, strict=strict)
            _seat(smaller, seats, placed)
    return [placed[item.key] for item in order if item.key in placed]


def overlap(one: Box, other: Box, pad: float = 0.0) -> bool:
    """Tell whether two boxes overlap, or come nearer than `pad`."""
    return (
        one[0] < other[2] + pad
        and other[0] < one[2] + pad
        and one[1] < other[3] + pad
        and other[1] < one[3] + pad
    )


def grown(area: Box, by: float) -> Box:
    """Return a box that reaches farther by so many points on each side."""
    return area[0] - by, area[1] - by, area[2] + by, area[3] + by


def crosses(line: Line, area: Box) -> bool:
    """Tell whether a line meets a box."""
    x1, y1, x2, y2 = line
    low, high = 0.0, 1.0
    for start, way, least, most in ((x1, x2 - x1, area[0], area[2]), (y1, y2 - y1, area[1], area[3])):
        if abs(way) < 1e-9:  # noqa: PLR2004
            if not least < start < most:
                return False
            continue
        one, other = sorted(((least - start) / way, (most - start) / way))
        low, high = max(low, one), min(high, other)
    return low < high


def _seat(item: Item, seats: dict[str, list[Place]], placed: dict[str, Place]) -> None:
    """Give an item its best free seat; where none is free, one whose holder, or both of them, find another."""
    for most in range(HOLDERS + 1):
        for seat in seats[item.key]:
            blocking = _blocking(seat, placed)
            if len(blocking) > most:
                continue
            holders = {key: placed.pop(key) for key in blocking}
            placed[item.key] = seat
            for key in holders:
                if other := next((one for one in seats[key] if not _blocking(one, placed)), None):
                    placed[key] = other
            if holders.keys() <= placed.keys():
                return
            for key in (item.key, *holders):
                placed.pop(key, None)
            placed.update(holders)


def _blocking(seat: Place, placed: dict[str, Place]) -> list[str]:
    return [key for key, other in placed.items() if _meet(seat, other)]


def _meet(one: Place, other: Place) -> bool:
    return bool(
        overlap(one.area, other.area, BETWEEN * min(one.item.size, other.item.size))
        or (one.leader and crosses(one.leader, other.area))
        or (other.leader and crosses(other.leader, one.area))
        or _cut(one.link, other.link)
    )


def _cut(one: Line, other: Line) -> bool:
    def side(line: Line, x: float, y: float) -> float:
        return (line[2] - line[0]) * (y - line[1]) - (line[3] - line[1]) * (x - line[0])

    apart = side(one, *other[:2]) * side(one, *other[2:]) < 0
    return apart and side(other, *one[:2]) * side(other, *one[2:]) < 0


class _Ground:
    """The same as arrays."""

    def __init__(self, ground: Ground) -> None:
        self.room, self.lines, self.traces = ground.room, ground.lines, _traces(ground.lines)
        self.marks = _boxes(ground.marks)
        self.spots = _boxes([*ground.marks, *ground.dots])
        self.blocks = _boxes([*ground.marks, *ground.dots, *ground.walls])


def _seats(item: Item, on: _Ground, *, strict: bool = True) -> list[Place]:
    """Return the seats round a mark that touch nothing fixed, the cheapest first.

    Those with a leader that stand nearer to another mark than to their own only if not `strict`.
    """
    offered = list(_offers(item))
    areas = np.array([one.area for one in offered])
    cost = np.array([one.cost for one in offered])
    cost += HARD * _count(areas, on.blocks, PAD) + 3.0 * np.minimum(_count(areas, on.spots, AIR), 2)
    cost += 2.5 * np.minimum(_hits(areas, on.traces), 2)
    room = on.room
    outside = (
        (areas[:, 0] < room[0]) | (areas[:, 1] < room[1]) | (areas[:, 2] > room[2]) | (areas[:, 3] > room[3])
    )
    cost += HARD * outside
    misread = _misread(item, areas, on.marks) if strict else np.zeros(len(areas), dtype=bool)
    cost += HARD * (misread & np.array([one.leader is not None for one in offered]))
    free = np.flatnonzero(cost < HARD)
    cost[free] += [ASTRAY * sum(_cut(offered[index].link, line) for line in on.lines) for index in free]
    found: list[Place] = []
    for index in free[np.argsort(cost[free], kind="stable")]:
        if len(found) == SEATS:
            break
        one = offered[index]
        if (
            one.leader
            and _count(np.array([_hull(one.leader)]), on.spots, 0).any()
            and _struck(one.leader, item, on.spots)
        ):
            continue
        found.append(one)
    return found


def _misread(item: Item, areas: Any, marks: Any) -> Any:
    """Return of each area whether a name there would be read as that of another mark."""
    own = (marks[:, 0] <= item.x) & (item.x <= marks[:, 2])
    own &= (marks[:, 1] <= item.y) & (item.y <= marks[:, 3])
    if own.all():
        return np.zeros(len(areas), dtype=bool)
    others = _gaps(areas, marks[~own]).min(axis=1)
    away = _gaps(areas, marks[own]).min(axis=1) if own.any() else AIR
    return others < np.maximum(away, AIR)


def _gaps(areas: Any, boxes: Any) -> Any:
    """Return how far each area is from each box."""
    a, b = areas[:, None, :], boxes[None, :, :]
    wide = np.maximum(np.maximum(a[..., 0] - b[..., 2], b[..., 0] - a[..., 2]), 0)
    high = np.maximum(np.maximum(a[..., 1] - b[..., 3], b[..., 1] - a[..., 3]), 0)
    return np.hypot(wide, high)


def _boxes(found: Sequence[Box]) -> Any:
    return np.array(found, dtype=float).reshape(-1, 4)


def _struck(leader: Line, item: Item, marks: Any) -> bool:
    """Tell whether a leader crosses a mark that is not its own."""
    return any(
        crosses(leader, tuple(mark))
        for mark in marks
        if not (mark[0] <= item.x <= mark[2] and mark[1] <= item.y <= mark[3])
    )


def _count(areas: Any, boxes: Any, pad: float) -> Any:
    """Return of each area how many boxes it overlaps."""
    if not len(boxes):
        return np.zeros(len(areas))
    a, b = areas[:, None, :], boxes[None, :, :]
    meets = (a[..., 0] < b[..., 2] + pad) & (b[..., 0] < a[..., 2] + pad)
    meets &= (a[..., 1] < b[..., 3] + pad) & (b[..., 1] < a[..., 3] + pad)
    return meets.sum(axis=1)


def _traces(lines: Sequence[Line]) -> Any:
    """Return points along lines, near enough to each other that no name slips between."""
    found: list[tuple[float, float]] = []
    for x1, y1, x2, y2 in lines:
        steps = max(1, math.ceil(math.hypot(x2 - x1, y2 - y1) / 3))
        found += [(x1 + (x2 - x1) * n / steps, y1 + (y2 - y1) * n / steps) for n in range(steps + 1)]
    return np.array(found, dtype=float).reshape(-1, 2)


def _hits(areas: Any, points: Any) -> Any:
    """Return of each area how many points lie in it."""
    if not len(points):
        return np.zeros(len(areas))
    x, y = points[None, :, 0], points[None, :, 1]
    return ((areas[:, :1] < x) & (x < areas[:, 2:3]) & (areas[:, 1:2] < y) & (y < areas[:, 3:])).sum(axis=1)


def _hull(line: Line) -> Box:
    return min(line[0], line[2]), min(line[1], line[3]), max(line[0], line[2]), max(line[1], line[3])


def _offers(item: Item) -> Iterator[Place]:
    """Yield seats round a mark: beside it, at its corners, above and below, and farther off."""
    wide = lettering.width(item.text, item.kind, item.size)
    high = (lettering.ABOVE + lettering.BELOW) * item.size
    east, west, up, down = item.right + 2, item.left + 2, item.up, item.down
    middle = -high / 2
    near = (
        (east, middle, "start", 0.0, 1, 0), (-west - wide, middle, "end", 1.0, -1, 0),
        (east - 1, middle - high * 0.42, "start", 0.8, 0.9, -0.4), (east - 1, middle + high * 0.42, "start", 0.8, 0.9, 0.4),
        (-west - wide + 1, middle - high * 0.42, "end", 1.8, -0.9, -0.4), (-west - wide + 1, middle + high * 0.42, "end", 1.8, -0.9, 0.4),
        (item.right * 0.6, -up - high * 0.8, "start", 1.9, 0.7, -0.7), (item.right * 0.6, down - high * 0.2, "start", 1.9, 0.7, 0.7),
        (-item.left * 0.6 - wide, -up - high * 0.8, "end", 2.5, -0.7, -0.7), (-item.left * 0.6 - wide, down - high * 0.2, "end", 2.5, -0.7, 0.7),
        (-wide / 2, down + 1.5, "middle", 2.2, 0, 1), (-wide / 2, -up - high - 1.5, "middle", 2.6, 0, -1),
        (-wide * 0.75, down + 1.5, "middle", 3.0, -0.3, 1), (-wide * 0.25, down + 1.5, "middle", 3.0, 0.3, 1),
        (-wide * 0.75, -up - high - 1.5, "middle", 3.2, -0.3, -1), (-wide * 0.25, -up - high - 1.5, "middle", 3.2, 0.3, -1),
    )  # fmt: skip
    for dx, dy, anchor, cost, vx, vy in near:
        turned = 2.6 * (1 - (vx * item.away[0] + vy * item.away[1])) if item.away else 0.0
        yield _offer(item, (item.x + dx, item.y + dy, wide, high), anchor, cost + turned, far=False)
    for reach in item.far:
        for step in range(16):
            vx, vy = math.cos(step * math.pi / 8), math.sin(step * math.pi / 8)
            dx, dy = vx * (reach + (east if vx > 0 else west)), vy * (reach + (down if vy > 0 else up))
            anchor = "start" if vx > 0.3 else "end" if vx < -0.3 else "middle"  # noqa: PLR2004
            left = {"start": dx, "end": dx - wide, "middle": dx - wide / 2}[anchor]
            cost = 7.5 + reach / 8 + (0.6 if vx < 0 else 0) + 0.3 * abs(vy)
            yield _offer(item, (item.x + left, item.y + dy - high / 2, wide, high), anchor, cost, far=True)
        # A long name above or below has the choice how far it goes to either side.
        for vy, share in itertools.product((1, -1), SHARES):
            top = vy * (reach + (down if vy > 0 else up)) - high / 2
            cost = 8.6 + reach / 8 + abs(share - 0.5)
            yield _offer(item, (item.x - share * wide, item.y + top, wide, high), "middle", cost, far=True)


def _offer(
    item: Item, room: tuple[float, float, float, float], anchor: str, cost: float, *, far: bool
) -> Place:
    left, top, wide, high = room
    area = (left, top, left + wide, top + high)
    x = {"start": left, "middle": left + wide / 2, "end": left + wide}[anchor]
    leader = _leader(item, area) if far else None
    link = (item.x, item.y, *_nearest(item, area))
    return Place(item, x, top + lettering.ABOVE * item.size, anchor, area, leader, cost, link)


def _nearest(item: Item, area: Box) -> tuple[float, float]:
    """Return the point of a name that is nearest to the middle of its mark."""
    return min(max(item.x, area[0] - 1), area[2] + 1), min(max(item.y, area[1] + 2), area[3] - 2)


def _leader(item: Item, area: Box) -> Line:
    """Return the line from the edge of a mark to the nearest point of its name."""
    x, y = _nearest(item, area)
    length = math.hypot(x - item.x, y - item.y) or 1.0
    start = min(item.up * 0.8, length)
    return item.x + (x - item.x) / length * start, item.y + (y - item.y) / length * start, x, y

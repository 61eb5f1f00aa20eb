"""Marks that would hide each other stand aside, with a leader to the place they belong to."""

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from exports.placement import Box, overlap

TURNS = 24
"""Directions that are tried."""

ROUNDS = 3
"""How often each mark may choose again, after the others have chosen."""

FARTHEST = 3.4
"""A mark stands at most so many times as far from its place as it goes."""

LEVEL = 6.0
"""How much dearer marks of one place are one above the other than side by side."""

GAIN = 4.0
"""Two marks that stand opposite each other stay so unless another place costs so much less."""

ANCHOR = 2.2
"""Points round the place of a mark that stands aside which no mark may cover."""

APART = 1.12
"""A mark beside its place is so many times as far from it as it goes: its leader is to be seen."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a mark takes up: its place, and how far it goes from there to each side, in points.

    A mark is round, unless it goes farther to its upper left: with what it was on an earlier day it is a box.
    """

    key: str
    x: float
    y: float
    left: float
    right: float
    up: float
    name: tuple[float, float] = (0.0, 0.0)  # width and height of what is written beside it

    def at(self, x: float, y: float) -> Box:
        """Return the box it takes with its middle at a point."""
        return x - self.left, y - self.up, x + self.right, y + self.right

    def named(self, x: float, y: float) -> Box:
        """Return the box of its name, away from the place that the mark at this point belongs to."""
        wide, high = self.name
        dx, dy = x - self.x, y - self.y
        if abs(dx) > 0.55 * abs(dy):
            left = x + self.right + 2 if dx > 0 else x - self.left - 2 - wide
            return left, y - high / 2, left + wide, y + high / 2
        top = y + self.right + 1.5 if dy > 0 else y - self.up - 1.5 - high
        return x - wide / 2, top, x + wide / 2, top + high

    def meets(self, at: tuple[float, float], other: "Body", there: tuple[float, float]) -> bool:
        """Tell whether it covers another mark, each with its middle at a point."""
        if self.left > self.right or other.left > other.right:
            return overlap(self.at(*at), other.at(*there))
        return math.dist(at, there) < self.right + other.right


def aside(bodies: Sequence[Body], walls: Sequence[Box], room: Box) -> Mapping[str, tuple[float, float]]:
    """Return where the middle of each mark stands, in points; marks at one place stand round it, none hides another."""
    order = sorted(bodies, key=lambda body: body.key)
    groups: list[list[Body]] = []
    for body in order:
        near = next(
            (g for g in groups if math.hypot(g[0].x - body.x, g[0].y - body.y) < body.right * 0.9), None
        )
        if near is None:
            groups.append([body])
        else:
            near.append(body)
    crowd = _Crowd(order, walls, room)
    several = [group for group in groups if len(group) > 1]
    # Twice: what the first one met has moved since.
    for group in (*several, *several):
        crowd.surround(group)
    # Those that stand aside anyway give way before those that stand where they belong.
    keys = {body.key for group in several for body in group}
    pairs = {body.key for group in several if len(group) == 2 for body in group}  # noqa: PLR2004  # a pair
    for body in sorted(order, key=lambda body: (body.key not in keys, body.key)) * ROUNDS:
        if body.key in keys or crowd.meeting(body, crowd.stood[body.key], order):
            crowd.step(body, GAIN if body.key in pairs else 0.0)
    return crowd.stood


class _Crowd:
    """Marks on one map, and where they stand so far."""

    def __init__(self, order: Sequence[Body], walls: Sequence[Box], room: Box) -> None:
        self.order, self.walls, self.room = order, walls, room
        self.stood = {body.key: (body.x, body.y) for body in order}

    def surround(self, group: Sequence[Body]) -> None:
        """Stand a group on a circle round its place, turned so that it is least in the way."""
        size = max(body.right for body in group)
        least = max(APART * size, 1.02 * size / math.sin(math.pi / len(group)))
        x, y = sum(body.x for body in group) / len(group), sum(body.y for body in group) / len(group)
        others = self._near(group[0], {body.key for body in group})
        offered = []
        for factor in (1.0, 1.2, 1.5, 1.9, 2.4):
            for turn in range(TURNS):
                angles = [2 * math.pi * (turn / TURNS + n / len(group)) for n in range(len(group))]
                reach = factor * least
                seats = [(x + reach * math.cos(angle), y + reach * math.sin(angle)) for angle in angles]
                # Side by side where nothing speaks against it: so they stand on every picture.
                cost = turn * 0.05 + LEVEL * abs(math.sin(angles[0]))
                for n, (body, seat) in enumerate(zip(group, seats, strict=True)):
                    cost += self._cost(body, seat, others)
                    before = zip(group[:n], seats[:n], strict=True)
                    cost += sum(60 * body.meets(seat, other, there) for other, there in before)
                offered.append((cost, seats))
        best = min(offered, key=lambda one: one[0])[1]
        self.stood.update(zip([body.key for body in group], best, strict=True))

    def step(self, body: Body, gain: float) -> None:
        """Let one mark step aside as little as it must, to where it costs so much less than now."""
        others = self._near(body, {body.key})
        offered = [self.stood[body.key]]
        for factor in (0.56, 0.65, 0.75, 0.9, 1.1, 1.3, 1.5, FARTHEST / 2):
            reach = factor * 2 * body.right
            angles = [2 * math.pi * turn / TURNS for turn in range(TURNS)]
            offered += [
                (body.x + reach * math.cos(angle), body.y + reach * math.sin(angle)) for angle in angles
            ]
        costs = [self._cost(body, to, others) for to in offered]
        best = min(range(len(offered)), key=costs.__getitem__)
        if costs[best] < costs[0] - gain:
            self.stood[body.key] = offered[best]

    def meeting(self, body: Body, to: tuple[float, float], others: Sequence[Body]) -> int:
        """Return how many others a mark would cover."""
        return sum(other.key != body.key and body.meets(to, other, self.stood[other.key]) for other in others)

    def _aside(self, body: Body) -> bool:
        return math.dist(self.stood[body.key], (body.x, body.y)) > 1

    def _near(self, body: Body, own: AbstractSet[str]) -> list[Body]:
        """Return the marks that could be in the way wherever a mark steps."""
        far = (FARTHEST + 2.6) * body.right + body.left + body.name[0]
        return [
            other
            for other in self.order
            if other.key not in own and math.dist(self.stood[other.key], (body.x, body.y)) < far + other.left
        ]

    def _cost(self, body: Body, to: tuple[float, float], others: Sequence[Body]) -> float:
        area, room = body.at(*to), self.room
        cost = 60.0 * self.meeting(body, to, others) + sum(60 * overlap(area, wall) for wall in self.walls)
        cost += sum(
            0.15 * max(0.0, 3.2 * body.right - math.dist(self.stood[other.key], to)) for other in others
        )
        cost += 0.7 * math.dist(to, (body.x, body.y))
        # A leader that runs under another mark seems to end there.
        cost += sum(
            25 for other in others if _passes((body.x, body.y), to, self.stood[other.key], 0.7 * other.right)
        )
        # The place of a mark that stands aside is to be seen.
        cost += sum(20 for other in others if self._aside(other) and _covers(area, (other.x, other.y)))
        if math.dist(to, (body.x, body.y)) > 1:
            cost += 8 * _covers(area, (body.x, body.y))
            name = body.named(*to)
            cost += sum(5 for other in others if overlap(name, other.at(*self.stood[other.key]), 1.2))
            cost += sum(5 for wall in self.walls if overlap(name, wall, 1.2))
            cost += 9 * (name[0] < room[0] or name[1] < room[1] or name[2] > room[2] or name[3] > room[3])
        inside = area[0] >= room[0] and area[1] >= room[1] and area[2] <= room[2] and area[3] <= room[3]
        return round(cost + (0 if inside else 60), 6)


def _covers(area: Box, point: tuple[float, float]) -> bool:
    """Tell whether a mark covers the dot of a place."""
    x, y = point
    return overlap(area, (x - ANCHOR, y - ANCHOR, x + ANCHOR, y + ANCHOR))


def _passes(
    start: tuple[float, float], end: tuple[float, float], by: tuple[float, float], near: float
) -> bool:
    """Tell whether a line comes nearer to a point than `near`; a mark that stands on its start does not count."""
    way, to = (end[0] - start[0], end[1] - start[1]), (by[0] - start[0], by[1] - start[1])
    length = math.hypot(*way)
    if length < 1 or math.hypot(*to) < near:
        return False
    along = (way[0] * to[0] + way[1] * to[1]) / length
    return 0 < along < length and abs(way[0] * to[1] - way[1] * to[0]) / length < near

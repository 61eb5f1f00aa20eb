"""The quiet names of the map: towns, the two parts of Iraq, neighbours; each only where there is room."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry import box

from exports import lettering
from exports.land import layers, line_width, shown_towns
from exports.lettering import Label
from exports.placement import Box, Ground, Item, Line, crosses, grown, overlap, place
from exports.projection import Projection

CLEAR = 3.0
"""Points that the name of a town keeps from the name of a site, beyond what any two texts keep."""

TWIN = 34
"""Points within which a mark of the same name says the town's name too."""

DOT = 2.1
"""How far from its dot a town's name may stand, less what every name keeps from its mark."""

BARE, FARTHEST = (0.5, 0.8, 1.1, 1.4, 1.8, 2.2), {1: 2.2, 2: 1.1}
"""How far from its place, in heights of its letters, a town's name without a dot is tried; the farthest by the town's rank."""

QUIET = 1.5
"""Points that such a name keeps from marks and names, beyond what any two texts keep."""

FAR = 60.0
"""Points beyond which it does not matter how far a name is from anything else."""

STEP = 11
"""Points between the places that are tried for the name of a country."""


class Room(NamedTuple):
    """What a map holds already: boxes that nothing may touch, lines that are better not covered, what an inset shows."""

    taken: Sequence[Box]
    lines: Sequence[Line]
    insets: Sequence[Box] = ()


class Town(NamedTuple):
    """A town with its name and its dot: the name, where the dot lies in points, and its radius."""

    label: Label
    x: float
    y: float
    radius: float


def town_labels(
    on: Projection,
    size: float,
    room: Room,
    sites: Sequence[tuple[str, float, float]],
    *,
    at: tuple[float, float] = (0, 0),
) -> list[Town]:
    """Return the towns of which neither name nor dot touches anything; a site of the same name beside one speaks for both.

    `at` is where the map's upper left corner lies on the picture.
    """
    items = [item for item in _towns(on, size, sites, at=at) if not _covered(item, room.taken)]
    points = [(one.x - 1.8, one.y - 1.8, one.x + 1.8, one.y + 1.8) for one in items]
    thick = line_width(on)
    edge = (at[0] + 3, at[1] + 3, at[0] + on.width - 3, at[1] + on.height - 3)
    return [
        Town(
            label(one),
            round(one.item.x, 2),
            round(one.item.y, 2),
            round((1.9 if one.item.rank == 1 else 1.45) * thick, 2),
        )
        for one in place(items, Ground(points, [], room.taken, room.lines, edge))
    ]


def bare_labels(
    on: Projection,
    size: float,
    room: Room,
    sites: Sequence[tuple[str, float, float]],
    rank: int,
) -> list[Label]:
    """Return the names of the towns of a rank whose dots are covered, near them and without a dot.

    Not of those in an inset or in its frame, which the inset names.
    """
    left = [
        item
        for item in _towns(on, size, sites)
        if item.rank == rank and _covered(item, room.taken) and not _covered(item, room.insets)
    ]
    found: dict[str, Label] = {}
    taken = [grown(area, QUIET) for area in room.taken]
    edge = (3.0, 3.0, on.width - 3, on.height - 3)
    for reach in BARE:
        by = reach * size
        wanted = [
            replace(item, left=by, right=by, up=by, down=by)
            for item in left
            if item.key not in found and reach <= FARTHEST[rank]
        ]
        written = [grown(one.area, CLEAR) for one in found.values()]
        placed = place(wanted, Ground([], [], [*taken, *written], room.lines, edge))
        found |= {one.item.key: label(one) for one in placed}
    return list(found.values())


def _towns(
    on: Projection,
    size: float,
    sites: Sequence[tuple[str, float, float]],
    *,
    at: tuple[float, float] = (0, 0),
) -> list[Item]:
    """Return the towns in sight that no site near them names."""
    items = []
    for name, rank, left, top in shown_towns(on):
        x, y = left + at[0], top + at[1]
        said = any(
            _plain(site).startswith(_plain(name)) and math.hypot(sx - x, sy - y) < TWIN
            for site, sx, sy in sites
        )
        if not said:
            scale = {1: 1.08, 2: 1.0}.get(rank, 0.92)
            items.append(Item(name, name, "town", round(size * scale, 2), x, y, DOT, DOT, DOT, DOT, rank))
    return items


def _covered(item: Item, areas: Sequence[Box]) -> bool:
    """Tell whether the dot of a town lies under one of some areas."""
    dot = grown((item.x, item.y, item.x, item.y), 2)
    return any(overlap(dot, area) for area in areas)


def label(one: Any) -> Label:
    """Return a placed name as a label."""
    leader = tuple(round(value, 2) for value in one.leader) if one.leader else None
    return Label(
        one.item.text, round(one.x, 2), round(one.y, 2), one.item.size, one.anchor, one.item.kind, leader
    )


def area_labels(on: Projection, size: float, room: Room) -> list[Label]:
    """Return the names of the two parts of Iraq, both or neither, and of the neighbours in sight."""
    found: list[Label] = []
    parts = [("Federal Iraq", "federal"), ("Kurdistan Region", "kurdistan")]
    shapes = {region["id"]: region["shape"] for region in layers()["regions"]}
    both = [_area_label(on, (name, shapes[key]), size, room, margin=2) for name, key in parts]
    if all(both):
        found += [one for one in both if one]
    for country in layers()["neighbours"]:
        if country["id"] == "other":
            continue
        left = Room([*room.taken, *(one.area for one in found)], room.lines)
        if one := _area_label(on, (country["name"], country["shape"]), size, left, margin=6):
            found.append(one)
    return found


def _area_label(
    on: Projection, named: tuple[str, Any], size: float, room: Room, *, margin: float
) -> Label | None:
    """Return a name inside the visible part of an area, near its middle and away from everything else."""
    name, geometry = named
    seen = shapely.intersection(
        shapely.transform(geometry, on.points), box(4, 4, on.width - 4, on.height - 4)
    )
    if seen.is_empty:
        return None
    wide = lettering.width(name, "country", size)
    high = (lettering.ABOVE + lettering.BELOW) * size
    left, top, right, bottom = seen.bounds
    grid = np.meshgrid(np.arange(left, right - wide, STEP), np.arange(top, bottom - high, STEP))
    xs, ys = (values.ravel() for values in grid)
    if not len(xs):
        return None
    shapely.prepare(seen)
    rooms = shapely.box(xs - margin, ys - margin, xs + wide + margin, ys + high + margin)
    free = shapely.contains(seen, rooms)
    xs, ys = xs[free], ys[free]
    air = np.full(len(xs), FAR)
    if room.taken and len(xs):
        near = shapely.STRtree(shapely.box(*np.array(room.taken).T))
        texts = shapely.box(xs, ys, xs + wide, ys + high)
        (index, _), distance = near.query_nearest(
            texts, max_distance=FAR, return_distance=True, all_matches=False
        )
        air[index] = distance
    free = air > margin
    middle = seen.centroid
    cost = np.hypot(xs + wide / 2 - middle.x, 1.4 * (ys + high / 2 - middle.y)) - 1.2 * air
    for index in np.argsort(np.where(free, cost, np.inf), kind="stable"):
        if not free[index]:
            return None
        area = (float(xs[index]), float(ys[index]), float(xs[index]) + wide, float(ys[index]) + high)
        if not any(crosses(line, area) for line in room.lines):
            return Label(
                name,
                round(area[0] + wide / 2, 2),
                round(area[1] + lettering.ABOVE * size, 2),
                round(size, 2),
                "middle",
                "country",
            )
    return None


def _plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())

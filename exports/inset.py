"""The insets of crowds of sites: in which corner each stands, what it shows, and how it is tied to its place."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import box

from exports import furniture, place_names
from exports.land import layers, shown_towns, towns
from exports.lettering import Label
from exports.place_names import CLEAR, Room, Town
from exports.placement import Box, Line, crosses, grown, overlap
from exports.projection import Projection, fitted, inset_size
from exports.seating import ROOM, TEXT, Seat, Sheet, Spot, seated

UNTIL_ZOOM = 8.2
"""Beyond it the sites of a cluster are readable on the map itself."""

NEAR_M = 15_000
"""Sites so near to one of them are a crowd although the data name none."""

LEAST_KNOT = 3
"""So many of them are one: two stand beside their place, each with a leader."""

SHRUNK = (1.0, 0.92, 0.84, 0.76)
"""By what the two are smaller than one would be, so that both stand clear of Iraq."""

ROOMY = 230
"""Units of a mark's field that the first is wide at least where there are two: its names need the room."""

ALONE, DOWN = (1.0, 0.96, 0.92), 8
"""By what one that stands alone may be narrower, and in how many steps it goes down from an upper corner to the lower one."""

SLIM, WEST = 24.0, 0.5
"""What it costs that it is narrower, by the part of its width that is lost, or that it stands in the west where the east is as good."""

TOWN, TOWNS = 9.0, {1: 8.0, 2: 4.0}
"""So near to a town, in units of a mark's field, an inset or its line hides it; what that costs by the town's rank, in hundredths of the inset."""

SECOND, HIGH, BETWEEN = 0.82, 0.64, 9.0
"""The width of the second inset beside the first one's, its height beside its width, the points between the two."""

FIRST, OF_SECOND = (0.1, 0.4), (0.07, 0.0)
"""Degrees that an inset shows to each side at least, however near to each other its sites lie; the part of their rings."""


@dataclass(frozen=True, slots=True)
class Inset:
    """A larger picture of a crowd: where it stands, what it shows, its frame on the map, the two lines between."""

    title: str
    members: frozenset[str]  # sites
    area: Box
    on: Projection
    frame: Box
    callout: tuple[Line, Line]
    bar: furniture.Bar


def insets(on: Projection, seen: Sequence[Seat], unit: float, corner: Box) -> tuple[Inset, ...]:
    """Return the insets of the largest cluster and of a second crowd, in free places only.

    None where the sites are readable without; the second only where the picture is wide enough for both. One alone stands
    at an edge where it covers the least of Iraq and of its towns.
    """
    crowd: dict[str, list[Seat]] = {}
    for seat in seen:
        if seat.cluster:
            crowd.setdefault(seat.cluster, []).append(seat)
    found = sorted(((len(members), name) for name, members in crowd.items()), reverse=True)
    if not found or found[0][0] < 2 or on.zoom >= UNTIL_ZOOM:  # noqa: PLR2004
        return ()
    members = crowd[found[0][1]]
    title = f"{members[0].cluster[:1].upper()}{members[0].cluster[1:]} area"
    whole = inset_size(on.width, on.height)
    points = [on.at(lon=seat.lon, lat=seat.lat) for seat in seen]
    edge = furniture.EDGE - 2.0
    right, low = on.width - edge, on.height - edge - 12 * unit
    knot = _knot(on, [seat for seat in seen if seat not in members], unit)
    name = _town(knot) if knot else ""
    for factor in SHRUNK if name else ():
        wide, high = round(factor * whole[0], 2), round(factor * whole[1], 2)
        size = round(SECOND * wide, 2), round(HIGH * SECOND * wide, 2)
        first = (right - wide, edge, right, edge + high)
        second = (right - size[0], edge, right, edge + size[1])
        # The one that lies farther north stands above: their lines do not cross.
        if _north(knot) > _north(members):
            first = _moved(first, size[1] + BETWEEN)
        else:
            second = _moved(second, high + BETWEEN)
        roomy = wide >= ROOMY * unit and max(first[3], second[3]) <= low
        if roomy and all(
            _free(area, points, corner, unit) and not _on_iraq(on, area) for area in (first, second)
        ):
            return (
                _framed(on, first, members, title, unit, points),
                _framed(on, second, knot, f"{name} area", unit, points, OF_SECOND),
            )
    tried: list[tuple[float, Inset]] = []
    iraq = _iraq(on)
    for factor, west, step in itertools.product(ALONE, (False, True), range(DOWN + 1)):
        wide, high = round(factor * whole[0], 2), whole[1]
        left = edge if west else right - wide
        top = edge + (low - high - edge) * step / DOWN
        area = (left, top, left + wide, top + high)
        if _free(area, points, corner, unit):
            one = _framed(on, area, members, title, unit, points)
            aside = min(step, DOWN - step) / DOWN + WEST * west + SLIM * (1 - factor)
            tried.append((_hidden(on, iraq, one, unit) + aside, one))
    return (min(tried, key=lambda one: one[0])[1],) if tried else ()


def _iraq(on: Projection) -> Any:
    """Return Iraq in points of the picture."""
    return shapely.union_all([shapely.transform(one["shape"], on.points) for one in layers()["outline"]])


def _hidden(on: Projection, iraq: Any, one: Inset, unit: float) -> float:
    """Return how much an inset takes from the map: of a hundred parts of it those on Iraq, and the towns it or its lines meet."""
    cost = 100 * shapely.area(shapely.intersection(iraq, box(*one.area))) / box(*one.area).area
    for _, rank, x, y in shown_towns(on):
        dot = grown((x, y, x, y), TOWN * unit)
        if overlap(dot, one.area) or (
            not overlap(dot, one.frame) and any(crosses(line, dot) for line in one.callout)
        ):
            cost += TOWNS.get(rank, 1.0)
    return float(cost)


def _free(area: Box, points: Sequence[tuple[float, float]], corner: Box, unit: float) -> bool:
    near = grown(area, 14 * unit)
    return not (
        overlap(area, corner) or any(near[0] < x < near[2] and near[1] < y < near[3] for x, y in points)
    )


def _moved(area: Box, down: float) -> Box:
    return area[0], area[1] + down, area[2], area[3] + down


def _north(members: Sequence[Seat]) -> float:
    return sum(seat.lat for seat in members) / len(members)


def _on_iraq(on: Projection, area: Box) -> bool:
    (west, north), (east, south) = on.degrees(*area[:2]), on.degrees(*area[2:])
    return any(one["shape"].intersects(box(west, south, east, north)) for one in layers()["outline"])


def _knot(on: Projection, seats: Sequence[Seat], unit: float) -> list[Seat]:
    """Return the most sites that lie so near to one of them that their marks would cover each other; [] for few."""
    best: list[Seat] = []
    for middle in sorted(seats):
        if on.metres(NEAR_M, lat=middle.lat) > 2 * ROOM * unit:
            return []
        found = [seat for seat in seats if _apart_m(middle, seat) < NEAR_M]
        if len(found) > len(best):
            best = found
    return best if len(best) >= LEAST_KNOT else []


def _apart_m(one: Seat, other: Seat) -> float:
    east = (one.lon - other.lon) * math.cos(math.radians(one.lat))
    return math.hypot(east, one.lat - other.lat) * 111_320


def _town(members: Sequence[Seat]) -> str:
    """Return the greatest town near the middle of some sites; "" for none."""
    lon, lat = sum(seat.lon for seat in members) / len(members), _north(members)
    near = (
        (rank, math.hypot((x - lon) * math.cos(math.radians(lat)), y - lat), name)
        for name, rank, x, y in towns()
    )
    found = [one for one in near if one[1] * 111_320 < NEAR_M]
    return min(found)[2] if found else ""


def _framed(  # noqa: PLR0913, PLR0917  # what is framed, and how
    on: Projection,
    area: Box,
    members: Sequence[Seat],
    title: str,
    unit: float,
    points: Sequence[tuple[float, float]],
    shows: tuple[float, float] = FIRST,
) -> Inset:
    wide, high = area[2] - area[0], area[3] - area[1]
    least, share = shows
    reach = [(share * seat.radius_m / 111_320, math.cos(math.radians(seat.lat))) for seat in members]
    bounds = (
        min(seat.lon - r / c for seat, (r, c) in zip(members, reach, strict=True)),
        min(seat.lat - r for seat, (r, _) in zip(members, reach, strict=True)),
        max(seat.lon + r / c for seat, (r, c) in zip(members, reach, strict=True)),
        max(seat.lat + r for seat, (r, _) in zip(members, reach, strict=True)),
    )
    middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    bounds = (
        min(bounds[0], middle[0] - least), min(bounds[1], middle[1] - least),
        max(bounds[2], middle[0] + least), max(bounds[3], middle[1] + least),
    )  # fmt: skip
    inner = fitted(bounds, wide, high, top=14 * unit, air=17 * unit)
    west, south, east, north = inner.bounds
    left, top = on.at(lon=west, lat=north)
    right, bottom = on.at(lon=east, lat=south)
    frame = (left, top, right, bottom)
    bar = furniture.bar(inner, (8 * unit, high - 7 * unit), 0.24 * wide, 8.6 * unit, parts=1)
    sites = frozenset(seat.site for seat in members)
    return Inset(title, sites, area, inner, frame, _callout(frame, area, points, 9 * unit), bar)


def _callout(frame: Box, area: Box, points: Sequence[tuple[float, float]], reach: float) -> tuple[Line, Line]:
    """Return the lines from a frame's corners to those of its inset: between the sides that face each other.

    `points` are the marks, which reach so far: the sides are chosen so that the lines meet the fewest.
    """
    x = (0, 2) if (frame[0] + frame[2]) > (area[0] + area[2]) else (2, 0)
    y = (1, 3) if (frame[1] + frame[3]) > (area[1] + area[3]) else (3, 1)
    beside = tuple((frame[x[0]], frame[n], area[x[1]], area[n]) for n in (1, 3))
    over = tuple((frame[n], frame[y[0]], area[n], area[y[1]]) for n in (0, 2))
    marks = [(px - reach, py - reach, px + reach, py + reach) for px, py in points]

    def cost(lines: Sequence[Line]) -> tuple[int, float]:
        met = sum(crosses(line, mark) for line in lines for mark in marks)
        met += sum(9 * crosses(line, grown(side, -0.5)) for line in lines for side in (frame, area))
        return met, sum(math.dist(line[:2], line[2:]) for line in lines)

    one, other = min((beside, over), key=cost)
    return one, other


def seated_inset(
    members: Sequence[Seat], inset: Inset, field: float, text: float
) -> tuple[list[Spot], list[Label], list[Town]]:
    """Return the marks and names of an inset, and its towns, placed on the picture."""
    left, top = inset.area[:2]
    unit = text / TEXT
    title = Label(
        inset.title, round(left + 7 * unit, 2), round(top + 13.5 * unit, 2),
        round(10.8 * unit, 2), "start", "inset",
    )  # fmt: skip
    bar = [_shifted(label, left, top) for label in inset.bar.labels]
    own = inset.bar.area
    walls = [grown(title.area, 3), (left + own[0], top + own[1], left + own[2], top + own[3])]
    sheet = Sheet(inset.on, left, top, field, text, many=False)
    spots, labels, boxes = seated(members, sheet, walls, [])
    taken = [*walls, *boxes, *(grown(label.area, CLEAR) for label in labels)]
    taken += [grown((*spot.true, *spot.true), 2) for spot in spots if spot.moved]
    lines = [spot.leader for spot in spots if spot.moved] + [label.leader for label in labels if label.leader]
    said = [(seat.name, *spot.true) for seat, spot in zip(members, spots, strict=True)]
    found = place_names.town_labels(inset.on, 10.4 * unit, Room(taken, lines), said, at=(left, top))
    return spots, [title, *bar, *labels, *(town.label for town in found)], found


def _shifted(label: Label, dx: float, dy: float) -> Label:
    return Label(
        label.text, round(label.x + dx, 2), round(label.y + dy, 2), label.size_pt, label.anchor, label.kind
    )

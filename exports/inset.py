"""The inset of a crowd of sites: in which corner it stands, what it shows, and how it is tied to its place."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from exports import furniture, place_names
from exports.lettering import Label
from exports.place_names import Room
from exports.placement import Box, Line, grown, overlap
from exports.projection import Projection, fitted, inset_size
from exports.seating import TEXT, Seat, Sheet, Spot, seated

UNTIL_ZOOM = 8.2
"""Beyond it the sites of a cluster are readable on the map itself."""

LEAST_DEGREES = 0.1
"""It shows at least so much to each side, however near to each other its sites lie."""


@dataclass(frozen=True, slots=True)
class Inset:
    """A larger picture of a crowd in a corner: where it stands, what it shows, its frame on the map, the line between."""

    cluster: str
    area: Box
    on: Projection
    frame: Box
    callout: Line
    bar: furniture.Bar


def inset(on: Projection, seen: Sequence[Seat], unit: float, corner: Box) -> Inset | None:
    """Return the inset of the largest cluster; None where it is readable without, or no corner is free."""
    crowd: dict[str, list[Seat]] = {}
    for seat in seen:
        if seat.cluster:
            crowd.setdefault(seat.cluster, []).append(seat)
    found = sorted(((len(members), name) for name, members in crowd.items()), reverse=True)
    if not found or found[0][0] < 2 or on.zoom >= UNTIL_ZOOM:  # noqa: PLR2004
        return None
    members = crowd[found[0][1]]
    wide, high = inset_size(on.width, on.height)
    points = [on.at(lon=seat.lon, lat=seat.lat) for seat in seen]
    edge = furniture.EDGE - 2
    corners = [
        (on.width - edge - wide, edge), (edge, edge), (on.width - edge - wide, on.height - edge - high - 12 * unit),
        (edge, on.height - edge - high - 12 * unit),
    ]  # fmt: skip
    for left, top in corners:
        area = (left, top, left + wide, top + high)
        near = grown(area, 14 * unit)
        if overlap(area, corner) or any(near[0] < x < near[2] and near[1] < y < near[3] for x, y in points):
            continue
        return _framed(on, area, members, unit)
    return None


def _framed(on: Projection, area: Box, members: Sequence[Seat], unit: float) -> Inset:
    wide, high = area[2] - area[0], area[3] - area[1]
    reach = [(0.4 * seat.radius_m / 111_320, math.cos(math.radians(seat.lat))) for seat in members]
    bounds = (
        min(seat.lon - r / c for seat, (r, c) in zip(members, reach, strict=True)),
        min(seat.lat - r for seat, (r, _) in zip(members, reach, strict=True)),
        max(seat.lon + r / c for seat, (r, c) in zip(members, reach, strict=True)),
        max(seat.lat + r for seat, (r, _) in zip(members, reach, strict=True)),
    )
    middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    bounds = (
        min(bounds[0], middle[0] - LEAST_DEGREES), min(bounds[1], middle[1] - LEAST_DEGREES),
        max(bounds[2], middle[0] + LEAST_DEGREES), max(bounds[3], middle[1] + LEAST_DEGREES),
    )  # fmt: skip
    inner = fitted(bounds, wide, high, top=14 * unit, air=17 * unit)
    west, south, east, north = inner.bounds
    left, top = on.at(lon=west, lat=north)
    right, bottom = on.at(lon=east, lat=south)
    frame = (left, top, right, bottom)
    bar = furniture.bar(inner, (8 * unit, high - 7 * unit), 0.24 * wide, 8.6 * unit, parts=1)
    return Inset(members[0].cluster, area, inner, frame, _callout(frame, area), bar)


def _callout(frame: Box, area: Box) -> Line:
    """Return the line between the nearest points of a frame on the map and its inset."""
    ends = []
    for low, high in ((0, 2), (1, 3)):
        if frame[high] < area[low]:
            ends.append((frame[high], area[low]))
        elif frame[low] > area[high]:
            ends.append((frame[low], area[high]))
        else:
            middle = (max(frame[low], area[low]) + min(frame[high], area[high])) / 2
            ends.append((middle, middle))
    (x1, x2), (y1, y2) = ends
    return x1, y1, x2, y2


def seated_inset(
    members: Sequence[Seat], inset: Inset, field: float, text: float
) -> tuple[list[Spot], list[Label]]:
    """Return the marks and names of an inset, placed on the picture."""
    left, top = inset.area[:2]
    unit = text / TEXT
    title = Label(
        f"{inset.cluster[:1].upper()}{inset.cluster[1:]} area", round(left + 7 * unit, 2), round(top + 13.5 * unit, 2),
        round(10.8 * unit, 2), "start", "inset",
    )  # fmt: skip
    bar = [_shifted(label, left, top) for label in inset.bar.labels]
    own = inset.bar.area
    walls = [grown(title.area, 3), (left + own[0], top + own[1], left + own[2], top + own[3])]
    sheet = Sheet(inset.on, left, top, field, text, many=False)
    spots, labels, boxes = seated(members, sheet, walls, [])
    taken = [*walls, *boxes, *(label.area for label in labels)]
    lines = [spot.leader for spot in spots if spot.moved] + [label.leader for label in labels if label.leader]
    said = [(seat.name, *spot.true) for seat, spot in zip(members, spots, strict=True)]
    towns = place_names.town_labels(inset.on, 10.4 * unit, Room(taken, lines), said, at=(left, top))
    return spots, [title, *bar, *labels, *towns]


def _shifted(label: Label, dx: float, dy: float) -> Label:
    return Label(
        label.text, round(label.x + dx, 2), round(label.y + dy, 2), label.size_pt, label.anchor, label.kind
    )

"""Where the marks of one map and their names stand: the picture's own, or those of its inset."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from exports import crowds, lettering, place_names
from exports.crowds import Body
from exports.glyphs import REACH
from exports.legend import Mark
from exports.lettering import Label
from exports.placement import Box, Ground, Item, Line, place
from exports.projection import Projection
from geodata.control import Category

MANY = 60
"""From so many marks in sight on, they are smaller, stand where they are, and only some have names."""

CROWDED = ((3000, 0.2), (300, 0.34), (100, 0.5), (MANY, 0.68))
"""By what the marks are smaller, where more of them than this are in sight; the densest first."""

MOST_NAMES = 40
"""Names that are tried where there are many marks."""

ROOM = 10.8
"""How far a mark goes from its middle in its own field; one that changes hands a little farther."""

EDGE = 7.0
"""How far from its middle a mark's leader ends: within its edge, whatever its shape."""

SELECTED = 17.0
"""How far the ring of the selected site goes."""

EARLIER = 8.2
"""How far left of and above the middle of a mark the earlier category stands where two days are compared, in the mark's field."""

TUCKED = 0.58
"""The size of the earlier mark beside its own."""

SMALL = 0.62
"""The size of a mark that did not change beside those that did."""

TEXT = 12.4
"""The size of a name in units of a mark's field."""

QUIET = 0.86
"""The size of the name of a mark that did not change, beside the others."""


class Seat(NamedTuple):
    """What of a mark decides where things stand."""

    site: str
    name: str
    lon: float
    lat: float
    radius_m: int
    cluster: str
    rank: float
    selected: bool
    changed: bool
    receding: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a mark stands: its true place, its middle, the size of its field's unit and its ring, in points."""

    site: str
    true: tuple[float, float]
    middle: tuple[float, float]
    unit: float
    ring: float  # radius of the position's ring; 0 for none

    @property
    def moved(self) -> bool:
        """Whether it stands aside."""
        return math.dist(self.true, self.middle) > 1

    @property
    def leader(self) -> Line:
        """Return the line from its place to the edge of its mark."""
        (x, y), (x2, y2) = self.true, self.middle
        far = math.dist(self.true, self.middle)
        share = max(0.0, far - EDGE * self.unit) / far if far else 0.0
        return x, y, round(x + (x2 - x) * share, 2), round(y + (y2 - y) * share, 2)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One map on the picture: what it shows, where its upper left corner lies, and how large what is on it is."""

    on: Projection
    left: float
    top: float
    field: float  # points of a unit of a mark's field
    text: float  # size of a name in points
    many: bool

    @property
    def room(self) -> Box:
        """Return where names may stand."""
        return self.left + 3, self.top + 3, self.left + self.on.width - 3, self.top + self.on.height - 3


def seats(marks: Sequence[Mark]) -> tuple[Seat, ...]:
    """Return what decides places; the categories of a day do so only where there are too many names."""
    many = len(marks) > MANY
    return tuple(
        Seat(
            mark.site, mark.name, mark.lon, mark.lat, mark.radius_m, mark.cluster, _rank(mark, many=many), mark.selected,
            changed=mark.changed, receding=mark.before is not None and not mark.changed and not mark.selected,
        )
        for mark in marks
    )  # fmt: skip


def _rank(mark: Mark, *, many: bool) -> float:
    """Return how much a name is wanted, 0 the most."""
    if mark.selected or mark.changed:
        return 0.0 if mark.selected else 1.0
    if not many:
        return 2.0
    by = {
        Category.CHANGING_HANDS: 1.5,
        Category.COALITION_FEDERAL: 2,
        Category.COALITION_KURDISTAN: 2,
        Category.NOT_SOURCED: 4,
    }
    return float(by.get(mark.category, 3))


def seated(
    wanted: Sequence[Seat], sheet: Sheet, walls: Sequence[Box], lines: Sequence[Line]
) -> tuple[list[Spot], list[Label], list[Box]]:
    """Return marks and names of one map, the picture's or the inset's, and what the marks take up."""
    on, field, many = sheet.on, sheet.field, sheet.many
    bodies = []
    for seat in wanted:
        x, y = on.at(lon=seat.lon, lat=seat.lat)
        bodies.append(_body(seat, x + sheet.left, y + sheet.top, sheet))
    stood = (
        {body.key: (body.x, body.y) for body in bodies} if many else crowds.aside(bodies, walls, sheet.room)
    )
    spots, boxes = [], []
    for seat, body in zip(wanted, bodies, strict=True):
        x, y = stood[seat.site]
        own = field * (SMALL if seat.receding else 1.0)
        reach = REACH * own
        ring = on.metres(seat.radius_m, lat=seat.lat)
        if not many:  # among many a ring is drawn only where it is larger than its mark
            ring = max(ring, reach + 1.5 * field) if ring else 0.0
        elif ring < reach:
            ring = 0.0
        spots.append(
            Spot(
                seat.site,
                (round(body.x, 2), round(body.y, 2)),
                (round(x, 2), round(y, 2)),
                own,
                round(ring, 2),
            )
        )
        boxes.append(body.at(x, y))
    leaders = [*lines, *(spot.leader for spot in spots if spot.moved)]
    items = [_item(seat, body, stood[seat.site], sheet) for seat, body in zip(wanted, bodies, strict=True)]
    if many:
        items = sorted(items, key=lambda item: (item.rank, item.key))[:MOST_NAMES]
    points = [(x - 2, y - 2, x + 2, y + 2) for x, y in (spot.true for spot in spots if spot.moved)]
    placed = place(items, Ground(boxes, points, walls, leaders, sheet.room))
    return spots, [place_names.label(one) for one in placed], boxes


def _body(seat: Seat, x: float, y: float, sheet: Sheet) -> Body:
    field = sheet.field
    reach = ROOM * field * (SMALL if seat.receding else 1.0)
    reach = SELECTED * field if seat.selected else reach
    before = max(reach, (EARLIER + 11.3 * TUCKED) * field) if seat.changed else reach
    size = sheet.text * (QUIET if seat.receding else 1.0)
    name = (
        lettering.width(seat.name, "site", size),
        (lettering.ABOVE + lettering.BELOW) * size,
    )
    return Body(seat.site, x, y, before, reach, before, name)


def _item(seat: Seat, body: Body, at: tuple[float, float], sheet: Sheet) -> Item:
    size = sheet.text * (QUIET if seat.receding else 1.0)
    dx, dy = at[0] - body.x, at[1] - body.y
    far = math.hypot(dx, dy)
    return Item(
        key=seat.site, text=seat.name, kind="site-selected" if seat.selected else "site", size=round(size, 2), x=at[0], y=at[1],
        left=body.left, right=body.right, up=body.up, down=body.right, rank=seat.rank,
        far=() if sheet.many and not seat.selected else (6.0, 10.0, 14.0, 19.0, 24.0, 36.0, 48.0),
        away=(dx / far, dy / far) if far > 1 else None,
    )  # fmt: skip

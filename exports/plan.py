"""Where everything stands on the picture of a briefing: what depends on the sites that are shown and not on their day."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from exports import furniture, place_names
from exports.inset import Inset, inset, seated_inset
from exports.lettering import Label
from exports.options import Extent
from exports.place_names import Room
from exports.placement import Line, grown
from exports.projection import Projection, projection
from exports.seating import CROWDED, MANY, ROOM, TEXT, Seat, Sheet, Spot, seated


@dataclass(frozen=True, slots=True)
class Plan:
    """All places on one picture, in points from its upper left."""

    on: Projection
    spots: tuple[Spot, ...]
    inside: frozenset[str]  # sites that the inset shows
    inset: Inset | None
    corner: furniture.Corner
    labels: tuple[Label, ...]
    outside: tuple[str, ...]


def plan(extent: Extent | None, width: float, height: float, wanted: tuple[Seat, ...]) -> Plan:
    """Return where everything stands; kept, since the days of a playback differ in colours alone."""
    keeper = _kept if len(wanted) <= MANY else _kept_of_many
    return keeper(extent, width, height, wanted)


def _plan(extent: Extent | None, width: float, height: float, wanted: tuple[Seat, ...]) -> Plan:
    on = projection(extent, width, height)
    west, south, east, north = on.bounds
    seen = [seat for seat in wanted if west <= seat.lon <= east and south <= seat.lat <= north]
    shown = {seat.site for seat in seen}
    unit, many = size_of(on), len(seen) > MANY
    field = unit * next((factor for least, factor in CROWDED if len(seen) > least), 1.0)
    points = [on.at(lon=seat.lon, lat=seat.lat) for seat in seen]
    corner = furniture.corner(on, unit, points, ROOM * field)
    drawn = None if many else inset(on, seen, unit, corner.area)
    inside = frozenset(seat.site for seat in seen if drawn and seat.cluster == drawn.cluster)
    walls, lines = [corner.area], list[Line]()
    if drawn:
        walls += [grown(drawn.area, 3), grown(drawn.frame, 1)]
        lines.append(drawn.callout)
    sheet = Sheet(on, 0, 0, field, TEXT * unit, many)
    spots, names, boxes = seated([seat for seat in seen if seat.site not in inside], sheet, walls, lines)
    lines += [spot.leader for spot in spots if spot.moved] + [name.leader for name in names if name.leader]
    taken = [*walls, *boxes, *(name.area for name in names)]
    labels = [*names, *corner.bar.labels, corner.letter]
    if drawn:
        more, within = seated_inset([seat for seat in seen if seat.site in inside], drawn, field, TEXT * unit)
        spots += more
        labels += within

    def write(found: Iterable[Label]) -> None:
        for label in found:
            labels.append(label)
            taken.append(label.area)

    if not many:
        said = [(seat.name, *point) for seat, point in zip(seen, points, strict=True)]
        write(place_names.town_labels(on, 10.4 * unit, Room(taken, lines), said))
    write(list(furniture.degrees(on, 8.2 * unit, taken)))
    write(place_names.area_labels(on, 11.6 * unit, Room(taken, lines)))
    return Plan(
        on, tuple(spots), inside, drawn, corner, tuple(labels),
        tuple(sorted(seat.site for seat in wanted if seat.site not in shown)),
    )  # fmt: skip


_kept = lru_cache(maxsize=128)(_plan)
_kept_of_many = lru_cache(maxsize=4)(_plan)
"""A plan of 10,000 marks takes megabytes."""


def size_of(on: Projection) -> float:
    """Return the points of one unit of a mark's field on a picture: larger on a larger one."""
    return round(0.8 * min(1.25, max(0.65, math.sqrt(on.width * on.height) / 516)), 3)

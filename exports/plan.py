"""Where everything stands on the picture of a briefing: what depends on the sites that are shown and not on their day."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from exports import furniture, place_names
from exports.inset import Inset, insets, seated_inset
from exports.lettering import Label
from exports.options import Extent
from exports.place_names import CLEAR, Room, Town
from exports.placement import Line, grown
from exports.projection import Projection, projection
from exports.seating import CROWDED, MANY, ROOM, TEXT, Seat, Sheet, Spot, seated

EDGE = 8.0
"""Points from the picture's edge within which a site counts as outside."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All places on one picture, in points from its upper left."""

    on: Projection
    spots: tuple[Spot, ...]
    inside: frozenset[str]  # sites that an inset shows
    insets: tuple[tuple[Inset, tuple[Town, ...]], ...]  # each with its towns
    towns: tuple[Town, ...]
    corner: furniture.Corner
    labels: tuple[Label, ...]
    outside: tuple[str, ...]


def plan(extent: Extent | None, width: float, height: float, wanted: tuple[Seat, ...]) -> Plan:
    """Return where everything stands; kept, since the days of a playback differ in colours alone."""
    keeper = _kept if len(wanted) <= MANY else _kept_of_many
    return keeper(extent, width, height, wanted)


def _plan(extent: Extent | None, width: float, height: float, wanted: tuple[Seat, ...]) -> Plan:
    on = projection(extent, width, height)
    seen = [seat for seat in wanted if _within(on, *on.at(lon=seat.lon, lat=seat.lat))]
    shown = {seat.site for seat in seen}
    unit, many = size_of(on), len(seen) > MANY
    field = unit * next((factor for least, factor in CROWDED if len(seen) > least), 1.0)
    points = [on.at(lon=seat.lon, lat=seat.lat) for seat in seen]
    corner = furniture.corner(on, unit, points, ROOM * field)
    drawn = () if many else insets(on, seen, unit, corner.area)
    inside = frozenset(site for one in drawn for site in one.members)
    walls, lines = [corner.area], list[Line]()
    for one in drawn:
        walls += [grown(one.area, 3), grown(one.frame, 1)]
        lines += one.callout
    sheet = Sheet(on, 0, 0, field, TEXT * unit, many)
    spots, names, boxes = seated([seat for seat in seen if seat.site not in inside], sheet, walls, lines)
    lines += [spot.leader for spot in spots if spot.moved] + [name.leader for name in names if name.leader]
    taken = [*walls, *boxes, *(grown(name.area, CLEAR) for name in names)]
    taken += [grown((*spot.true, *spot.true), 2) for spot in spots if spot.moved]
    labels = [*names, *corner.bar.labels, corner.letter]
    framed = []
    for one in drawn:
        members = [seat for seat in seen if seat.site in one.members]
        more, within, found = seated_inset(members, one, field, TEXT * unit)
        spots += more
        labels += within
        framed.append((one, tuple(found)))

    def write(found: Iterable[Label]) -> None:
        for label in found:
            labels.append(label)
            taken.append(label.area)

    towns: list[Town] = []
    if not many:
        said = [(seat.name, *point) for seat, point in zip(seen, points, strict=True)]
        size = 10.4 * unit
        # A city is looked for: its name comes before those of towns, even where a mark covers its dot.
        cities = place_names.bare_labels(on, size, Room(taken, lines, walls), said, 1)
        write(cities)
        kept = [*taken, *(grown(city.area, CLEAR) for city in cities)]
        towns = place_names.town_labels(on, size, Room(kept, lines), said)
        write(town.label for town in towns)
        taken += [grown((town.x, town.y, town.x, town.y), 2) for town in towns]
        said += [(town.label.text, town.x, town.y) for town in towns]
        write(place_names.bare_labels(on, size, Room(taken, lines, walls), said, 2))
    write(list(furniture.degrees(on, 8.2 * unit, taken)))
    write(place_names.area_labels(on, 11.6 * unit, Room(taken, lines)))
    return Plan(
        on, tuple(spots), inside, tuple(framed), tuple(towns), corner, tuple(labels),
        tuple(sorted(seat.site for seat in wanted if seat.site not in shown)),
    )  # fmt: skip


def _within(on: Projection, x: float, y: float) -> bool:
    """Tell whether a mark stands whole on the picture; half a mark at its edge says nothing."""
    return EDGE <= x <= on.width - EDGE and EDGE <= y <= on.height - EDGE


_kept = lru_cache(maxsize=128)(_plan)
_kept_of_many = lru_cache(maxsize=4)(_plan)
"""A plan of 10,000 marks takes megabytes."""


def size_of(on: Projection) -> float:
    """Return the points of one unit of a mark's field on a picture: larger on a larger one."""
    return round(0.8 * min(1.25, max(0.65, math.sqrt(on.width * on.height) / 516)), 3)

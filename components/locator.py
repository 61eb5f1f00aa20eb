"""Where a site lies, as two small still maps: all of Iraq, and the surroundings with how far off the position may be.

Drawn from the boundary files, without a script; colours come from browser/sites.css.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import shapely
from shapely.geometry import Point, box, shape
from shapely.geometry.base import BaseGeometry

from geodata import boundaries
from geodata.model import Site

SIDE = 200
"""Width and height of each map in its own units."""

IRAQ = (38.4, 28.8, 49.0, 37.7)
"""What the map of all Iraq shows: (west, south, east, north) in degrees."""

KM = 111.32
"""Kilometres in a degree of latitude."""

LEAST_KM = 40
"""The surroundings reach at least so far to each side."""

AROUND = 1.9
"""And so many times as far as the position may be off."""

ROOM = 0.06
"""A town nearer to the edge than this part of the side has no room for its name."""

LAYERS = {
    "neighbours": "land", "regions": "region", "governorates": "governorate", "lakes": "lake", "rivers": "river",
    "kr_boundary": "line",
}  # fmt: skip
"""What is drawn, from the bottom to the top, and the class of each."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One path of a map."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Town:
    """A town with its name; `left` where the name stands to the left of it."""

    name: str
    x: float
    y: float
    left: bool


@dataclass(frozen=True, slots=True)
class Locator:
    """What the two maps of one site show; positions and lengths are in units of the map."""

    country: tuple[Shape, ...]
    country_at: tuple[float, float]
    window: tuple[
        float, float, float, float
    ]  # where the surroundings lie in the country: x, y, width, height
    around: tuple[Shape, ...]
    towns: tuple[Town, ...]
    radius: float
    reach_km: int  # from the site to the edge of the surroundings
    bar: float
    bar_km: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """An extent in degrees on a square of `SIDE`; degrees of longitude are narrowed by the latitude of its middle."""

    west: float
    south: float
    east: float
    north: float

    @property
    def unit(self) -> float:
        """Units in a degree of latitude."""
        return SIDE / max(self.north - self.south, (self.east - self.west) * self._narrow)

    @property
    def _narrow(self) -> float:
        return math.cos(math.radians((self.south + self.north) / 2))

    def at(self, *, lon: float, lat: float) -> tuple[float, float]:
        """Return where a position stands, from the upper left."""
        middle = ((self.west + self.east) / 2, (self.south + self.north) / 2)
        x = SIDE / 2 + (lon - middle[0]) * self._narrow * self.unit
        y = SIDE / 2 - (lat - middle[1]) * self.unit
        return round(x, 1), round(y, 1)


def locator(site: Site) -> Locator | None:
    """Return the maps of a site; None where no position is known."""
    if site.lon is None or site.lat is None or site.radius_m is None:
        return None
    return _locator(site.lon, site.lat, site.radius_m)


@lru_cache(maxsize=512)
def _locator(lon: float, lat: float, radius_m: int) -> Locator:
    reach = max(LEAST_KM, math.ceil(radius_m / 1000 * AROUND / 10) * 10)
    high = reach / KM
    wide = high / math.cos(math.radians(lat))
    extent = (lon - wide, lat - high, lon + wide, lat + high)
    near, country = _Frame(*extent), _Frame(*IRAQ)
    left, top = country.at(lon=extent[0], lat=extent[3])
    right, bottom = country.at(lon=extent[2], lat=extent[1])
    bar_km = next(km for km in (50, 20, 10) if km <= reach / 2)
    return Locator(
        country=_country(),
        country_at=country.at(lon=lon, lat=lat),
        window=(left, top, round(right - left, 1), round(bottom - top, 1)),
        around=tuple(_shapes(near, fine=1)),
        towns=tuple(_towns(near)),
        radius=round(radius_m / 1000 / KM * near.unit, 1),
        reach_km=reach,
        bar=round(bar_km / KM * near.unit, 1),
        bar_km=bar_km,
    )


@cache
def _layers() -> Mapping[str, tuple[BaseGeometry, ...]]:
    """Return the geometries of the base map; whatever ledger is shown, the land is the same."""
    layers = boundaries.load().layers()
    return {name: tuple(shape(f["geometry"]) for f in layers[name]["features"]) for name in LAYERS}


@cache
def _country() -> tuple[Shape, ...]:
    return tuple(
        one for one in _shapes(_Frame(*IRAQ), fine=1) if one.kind not in ("governorate", "lake", "river")
    )


def _shapes(frame: _Frame, *, fine: float) -> Iterator[Shape]:
    """Yield what of each layer lies in a frame; no line is drawn finer than `fine` units."""
    margin = 3 / frame.unit  # the cut edge of an area lies outside the map
    cut = box(frame.west - margin, frame.south - margin, frame.east + margin, frame.north + margin)
    for name, kind in LAYERS.items():
        for index, geometry in enumerate(_layers()[name]):
            drawn = shapely.simplify(shapely.intersection(geometry, cut), fine / frame.unit)
            if path := "".join(_path(frame, drawn)):
                region = ("federal", "kurdistan")[index] if name == "regions" else ""
                yield Shape(f"{kind} {region}".strip(), path)


def _path(frame: _Frame, geometry: Any) -> Iterator[str]:
    """Yield the lines of a geometry as an SVG path."""
    for part in getattr(geometry, "geoms", (geometry,)):
        if part.is_empty or part.geom_type == "Point":
            continue
        lines = [part] if part.geom_type == "LineString" else [part.exterior, *part.interiors]
        for line in lines:
            points = [frame.at(lon=lon, lat=lat) for lon, lat in line.coords]
            yield "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + ("Z" if line is not part else "")


def _towns(frame: _Frame) -> Iterator[Town]:
    """Yield the towns in a frame, those of the first rank before the others, as far as their names have room."""
    taken: list[BaseGeometry] = []
    for name, lon, lat in _place_names():
        x, y = frame.at(lon=lon, lat=lat)
        edge = SIDE * ROOM
        if not (edge < x < SIDE - edge and edge < y < SIDE - edge):
            continue
        left = x > SIDE / 2
        room = (
            box(x - len(name) * 5.2, y - 5, x, y + 5) if left else box(x, y - 5, x + len(name) * 5.2, y + 5)
        )
        if any(room.intersects(other) for other in taken) or room.intersects(
            Point(SIDE / 2, SIDE / 2).buffer(4)
        ):
            continue
        taken.append(room)
        yield Town(name, x, y, left)


@cache
def _place_names() -> tuple[tuple[str, float, float], ...]:
    """Return the towns of the base map, the greatest first: name, longitude, latitude."""
    towns = sorted(boundaries.load().towns["features"], key=lambda town: int(town["properties"]["rank"]))
    return tuple((str(town["properties"]["name"]), *town["geometry"]["coordinates"][:2]) for town in towns)

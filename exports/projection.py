"""From degrees to points on the picture: the spherical Mercator of the browser's map."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from exports.options import Extent

AROUND_EARTH_M = 40_075_016.7
"""The equator of the sphere that the projection takes the earth for."""

IRAQ = (38.75, 28.95, 48.75, 37.5)
"""What the map shows unless it is told otherwise: (west, south, east, north) in degrees."""

AIR = 0.02
"""The part of the picture's lesser side that is left free round it."""

NORTH_EAST = 46.45
"""The easternmost longitude of Iraq's northern half; an inset stands east of it."""

LARGE_INSET = 130
"""Points of width below which an inset is higher: its names need the room."""

TILE = 256
"""Pixels of the whole world at zoom 0."""

FRAME_PX = (900, 700)
"""The map of the page for which a zoom is meant; the picture shows at least as much of the world."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A part of the world on a picture; the world is a square of side 1, its upper left corner at 0, 0."""

    left: float  # of the picture, in the world
    top: float
    scale: float  # points that the whole world would be wide
    width: float  # of the picture, in points
    height: float

    def at(self, *, lon: float, lat: float) -> tuple[float, float]:
        """Return where a position in degrees lies, in points from the upper left."""
        x, y = world(lon=lon, lat=lat)
        return (x - self.left) * self.scale, (y - self.top) * self.scale

    def points(self, degrees: Any) -> Any:
        """Return rows of (x, y) in points for rows of (lon, lat) in degrees."""
        lon, lat = degrees[:, 0], np.radians(degrees[:, 1])
        x = (lon + 180) / 360
        y = 0.5 - np.log(np.tan(np.pi / 4 + lat / 2)) / (2 * np.pi)
        return np.column_stack(((x - self.left) * self.scale, (y - self.top) * self.scale))

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Return (lon, lat) of a point of the picture."""
        lat = math.atan(math.sinh((0.5 - (self.top + y / self.scale)) * 2 * math.pi))
        return (self.left + x / self.scale) * 360 - 180, math.degrees(lat)

    def metres(self, length: float, *, lat: float) -> float:
        """Return how many points a length in metres is at a latitude."""
        return length * self.scale / (AROUND_EARTH_M * math.cos(math.radians(lat)))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return (west, south, east, north) of the picture in degrees."""
        west, north = self.degrees(0, 0)
        east, south = self.degrees(self.width, self.height)
        return west, south, east, north

    @property
    def zoom(self) -> float:
        """Return the zoom of the page's map that shows as much."""
        return math.log2(self.scale / TILE * max(FRAME_PX[0] / self.width, FRAME_PX[1] / self.height))


def world(*, lon: float, lat: float) -> tuple[float, float]:
    """Return where a position in degrees lies in the world of side 1."""
    return (lon + 180) / 360, 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


def projection(extent: Extent | None, width: float, height: float) -> Projection:
    """Return what a picture of a size in points shows: an extent, or all of Iraq with room for an inset beside it."""
    if extent is None:
        return _iraq(width, height)
    scale = TILE * 2**extent.zoom * min(width / FRAME_PX[0], height / FRAME_PX[1])
    x, y = world(lon=extent.lon, lat=extent.lat)
    return Projection(x - width / 2 / scale, y - height / 2 / scale, scale, width, height)


def fitted(
    bounds: tuple[float, float, float, float], width: float, height: float, *, top: float = 0, air: float = 0
) -> Projection:
    """Return what shows bounds (west, south, east, north) in degrees, below `top` points and with air round it."""
    west, north = world(lon=bounds[0], lat=bounds[3])
    east, south = world(lon=bounds[2], lat=bounds[1])
    free = (width - 2 * air, height - top - 2 * air)
    scale = min(free[0] / max(east - west, 1e-9), free[1] / max(south - north, 1e-9))
    left = (west + east) / 2 - width / 2 / scale
    return Projection(left, (north + south) / 2 - (top + height) / 2 / scale, scale, width, height)


def inset_size(width: float, height: float) -> tuple[float, float]:
    """Return width and height in points of an inset on a picture."""
    wide = 0.4 * min(width, 1.48 * height)
    return wide, (0.72 if wide >= LARGE_INSET else 0.86) * wide


def _iraq(width: float, height: float) -> Projection:
    """Return all of Iraq, on a wide picture so far to the left that an inset finds room in the upper right."""
    air = AIR * min(width, height)
    whole = fitted(IRAQ, width, height, air=air)
    degree = whole.scale / 360
    spare = width - (IRAQ[2] - IRAQ[0]) * degree
    clear = width - inset_size(width, height)[0] - 22 - (NORTH_EAST - IRAQ[0]) * degree
    shift = max(0.0, spare / 2 - max(air, min(0.34 * spare, clear))) / whole.scale
    return Projection(whole.left + shift, whole.top, whole.scale, width, height)

"""The land under the marks as SVG: sea, countries, regions, governorates, water, borders and a faint graticule."""

import math
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

import shapely
from shapely.geometry import box, shape

from exports.options import Extent
from exports.palette import Palette, palette
from exports.projection import Projection, projection
from geodata import boundaries

FINEST = 0.09
"""Points below which a line's bends are not drawn."""

MARGIN = 4
"""Points by which what is cut off at the edge goes on beyond it."""

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10)
"""Degrees between the lines of the graticule."""

FADE, FADES = 1.2, 12
"""Degrees over which what is drawn fades out before the data end, and in how many steps."""

LEAST_APART = 48
"""Points between two lines of the graticule at least."""


RANKS = ((6.9, 2), (99.0, 3))
"""Up to which zoom towns of which rank are shown."""


@cache
def layers() -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    """Return the layers of the base map, each feature with its geometry and its properties."""
    return {
        name: tuple({"shape": shape(f["geometry"]), **f["properties"]} for f in layer["features"])
        for name, layer in boundaries.load().layers().items()
    }


@lru_cache(maxsize=64)
def base(extent: Extent | None, width: float, height: float, theme: str) -> str:
    """Return the whole land of a picture as an SVG document; the same string for the same question."""
    on = projection(extent, width, height)
    return document(width, height, drawing(on, palette(theme), graticule=True))


def document(width: float, height: float, drawn: str) -> str:
    """Return an SVG document of a size in points."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}pt" height="{height:g}pt" '
        f'viewBox="0 0 {width:g} {height:g}">{drawn}</svg>'
    )


def drawing(on: Projection, colours: Palette, *, graticule: bool) -> str:
    """Return the land that a projection shows, without the SVG element round it."""
    thick = line_width(on)
    land = layers()
    parts = [f'<rect width="{on.width:g}" height="{on.height:g}" fill="{colours.sea}"/>']
    for country in land["neighbours"]:
        line = colours.land if country["id"] == "other" else colours.land_line
        parts.append(
            _path(
                on, country["shape"], f'fill="{colours.land}" stroke="{line}" stroke-width="{0.9 * thick:g}"'
            )
        )
    parts.append(_beyond(on, colours))
    for region in land["regions"]:
        fill = colours.kurdistan if region["id"] == "kurdistan" else colours.federal
        parts.append(
            _path(on, region["shape"], f'fill="{fill}" stroke="{fill}" stroke-width="{0.6 * thick:g}"')
        )
    parts += (_path(on, lake["shape"], f'fill="{colours.lake}"') for lake in land["lakes"])
    for river in land["rivers"]:
        width = (1.25, 0.85, 0.6)[min(river["rank"], 3) - 1] * thick
        parts.append(
            _path(on, river["shape"], f'fill="none" stroke="{colours.river}" stroke-width="{width:g}" stroke-linejoin="round" stroke-linecap="round"')
        )  # fmt: skip
    lines = "".join(
        _path(on, one["shape"].boundary, f'fill="none" stroke="{colours.gov_line}" stroke-width="{0.7 * thick:g}" stroke-linejoin="round"')
        for one in land["governorates"]
    )  # fmt: skip
    parts.append(lines)
    if graticule:
        parts.append(_graticule(on, colours))
    for country in land["outline"]:
        parts.append(
            _path(on, country["shape"].boundary, f'fill="none" stroke="{colours.border}" stroke-width="{1.2 * thick:g}" stroke-linejoin="round"')
        )  # fmt: skip
    for regional in land["kr_boundary"]:
        dash = f'stroke-dasharray="{4.6 * thick:g} {3.4 * thick:g}"'
        parts.append(
            _path(on, regional["shape"], f'fill="none" stroke="{colours.kr_line}" stroke-width="{1.1 * thick:g}" stroke-linejoin="round" {dash}')
        )  # fmt: skip
    return "".join(parts)


@cache
def towns() -> tuple[tuple[str, int, float, float], ...]:
    """Return the towns, the greatest first: name, rank, longitude, latitude."""
    found = [(str(t["name"]), int(t["rank"]), t["shape"].x, t["shape"].y) for t in layers()["towns"]]
    return tuple(sorted(found, key=lambda town: (town[1], town[0])))


def shown_towns(on: Projection) -> tuple[tuple[str, int, float, float], ...]:
    """Return the towns that a projection may show: name, rank, and where in points."""
    most = next(rank for zoom, rank in RANKS if on.zoom < zoom)
    found = []
    for name, rank, lon, lat in towns():
        x, y = on.at(lon=lon, lat=lat)
        if rank <= most and 0 < x < on.width and 0 < y < on.height:
            found.append((name, rank, round(x, 2), round(y, 2)))
    return tuple(found)


def line_width(on: Projection) -> float:
    """Return by what the widths of lines are multiplied, so that a small picture is not all lines."""
    return round(min(1.0, max(0.6, math.sqrt(on.width * on.height) / 560)), 2)


def graticule(on: Projection) -> tuple[tuple[tuple[float, float], ...], tuple[tuple[float, float], ...]]:
    """Return the meridians as (degrees, x) and the parallels as (degrees, y) that a picture has room for."""
    west, south, east, north = on.bounds
    step = next((s for s in STEPS if s / 360 * on.scale >= LEAST_APART), STEPS[-1])
    meridians = tuple(
        (lon, round(on.at(lon=lon, lat=0)[0], 2)) for lon in _multiples(max(west, -179), min(east, 179), step)
    )
    parallels = tuple(
        (lat, round(on.at(lon=0, lat=lat)[1], 2)) for lat in _multiples(max(south, -80), min(north, 80), step)
    )
    return meridians, parallels


def _multiples(low: float, high: float, step: float) -> Iterator[float]:
    for count in range(math.ceil(low / step), math.floor(high / step) + 1):
        yield round(count * step, 6)


def _graticule(on: Projection, colours: Palette) -> str:
    meridians, parallels = graticule(on)
    lines = "".join(f"M{x:g} 0V{on.height:g}" for _, x in meridians)
    lines += "".join(f"M0 {y:g}H{on.width:g}" for _, y in parallels)
    return (
        f'<path d="{lines}" fill="none" stroke="{colours.map_label}" stroke-opacity=".16" stroke-width=".5"/>'
    )


def _beyond(on: Projection, colours: Palette) -> str:
    """Return land beyond the data's own edge; sea fades out before it, so that no picture shows a false coast."""
    west, south, east, north = boundaries.FRAME
    inner = 0.02
    left, top = on.at(lon=west + inner, lat=north - inner)
    right, bottom = on.at(lon=east - inner, lat=south + inner)
    if left <= 0 and top <= 0 and right >= on.width and bottom >= on.height:
        return ""
    outer = f"M{-MARGIN} {-MARGIN}H{on.width + MARGIN:g}V{on.height + MARGIN:g}H{-MARGIN}Z"
    drawn = ""
    for step in range(FADES, -1, -1):
        by = step * FADE / FADES * on.scale / 360
        hole = f"M{left + by:.2f} {top + by:.2f}V{bottom - by:.2f}H{right - by:.2f}V{top + by:.2f}Z"
        opacity = ' fill-opacity=".2"' if step else ""
        drawn += f'<path d="{outer}{hole}" fill="{colours.land}"{opacity} fill-rule="evenodd"/>'
    return drawn


def _path(on: Projection, geometry: Any, paint: str) -> str:
    """Return the visible part of a geometry in degrees as a path; "" where none of it is in sight."""
    cut = box(-MARGIN, -MARGIN, on.width + MARGIN, on.height + MARGIN)
    placed = shapely.transform(geometry, on.points)
    drawn = shapely.simplify(shapely.intersection(placed, cut), FINEST)
    d = "".join(_lines(drawn))
    return f'<path d="{d}" {paint}/>' if d else ""


def _lines(geometry: Any) -> Iterator[str]:
    for part in getattr(geometry, "geoms", (geometry,)):
        if part.is_empty or part.geom_type == "Point":
            continue
        if part.geom_type in ("MultiLineString", "MultiPolygon", "GeometryCollection"):
            yield from _lines(part)
            continue
        closed = part.geom_type == "Polygon"
        for line in [part.exterior, *part.interiors] if closed else [part]:
            yield (
                "M"
                + "L".join(f"{round(x, 2):g} {round(y, 2):g}" for x, y in line.coords)
                + ("Z" if closed else "")
            )


@lru_cache(maxsize=64)
def inset(on: Projection, theme: str) -> str:
    """Return the land of an inset, without the SVG element round it."""
    return drawing(on, palette(theme), graticule=False)

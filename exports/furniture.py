"""What a map carries beside its content: scale bar, north arrow, degrees at the edge."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from exports.land import graticule
from exports.lettering import Label
from exports.palette import Palette
from exports.placement import Box, overlap
from exports.projection import Projection

EDGE = 10
"""Points between the picture's edge and what stands in a corner."""

TICK = 3.5
"""Length of a tick of the graticule at the edge, in points."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A scale bar: its upper left corner and length in points, and what it measures."""

    x: float
    y: float
    length: float
    km: float
    parts: int
    size: float  # of its numbers, in points

    @property
    def labels(self) -> tuple[Label, ...]:
        """Return its numbers, over it."""
        at = [(n, self.km * n / self.parts) for n in range(self.parts + 1)]
        y = round(self.y - 0.32 * self.size, 2)
        return tuple(
            Label(
                _number(km) + (" km" if n == self.parts else ""),
                round(self.x + self.length * n / self.parts - (0.25 * self.size if n == self.parts else 0), 2),
                y, round(self.size, 2), "start" if n == self.parts else "middle", "scale",
            )
            for n, km in at
        )  # fmt: skip

    @property
    def area(self) -> Box:
        """Return the room it takes with its numbers."""
        boxes = [label.area for label in self.labels]
        return boxes[0][0] - 3, boxes[0][1] - 2, max(b[2] for b in boxes) + 3, self.y + 0.4 * self.size + 3

    def drawing(self, colours: Palette) -> str:
        """Return the bar as SVG: dark and light parts with a keyline."""
        high, part = 0.36 * self.size, self.length / self.parts
        drawn = f'<rect x="{self.x - 0.9:.2f}" y="{self.y - 0.9:.2f}" width="{self.length + 1.8:.2f}" height="{high + 1.8:.2f}" fill="{colours.halo}"/>'
        drawn += f'<rect x="{self.x:.2f}" y="{self.y:.2f}" width="{self.length:.2f}" height="{high:.2f}" fill="{colours.halo}" stroke="{colours.ink}" stroke-width=".5"/>'
        drawn += "".join(
            f'<rect x="{self.x + part * n:.2f}" y="{self.y:.2f}" width="{part:.2f}" height="{high:.2f}" fill="{colours.ink}"/>'
            for n in range(0, self.parts, 2)
        )
        return drawn


@dataclass(frozen=True, slots=True)
class Corner:
    """Scale bar and north arrow in a corner, the room they take, and whether they need a plate over marks."""

    bar: Bar
    arrow: tuple[float, float, float]  # left, bottom, size of the letter
    letter: Label
    area: Box
    plate: bool


def bar(on: Projection, foot: tuple[float, float], most: float, size: float, parts: int = 2) -> Bar:
    """Return a bar of a round length, at most `most` points long, true at the middle of the map; `foot` is its lower left."""
    x, bottom = foot
    lat = on.degrees(on.width / 2, on.height / 2)[1]
    point = 1 / on.metres(1000, lat=lat)  # kilometres
    power = 10 ** math.floor(math.log10(most * point))
    km = next(n * power for n in (5, 2, 1) if n * power <= most * point)
    return Bar(round(x, 2), round(bottom - 0.36 * size, 2), round(km / point, 2), km, parts, size)


def north_arrow(left: float, bottom: float, size: float, colours: Palette) -> str:
    """Return an arrow to the north that stands on `bottom`; `size` is that of its letter, in points."""
    high, half = 1.75 * size, 0.5 * size
    middle, foot = left + half, bottom - 0.42 * size
    one = f"M{middle:.2f} {bottom - high:.2f}L{left:.2f} {bottom:.2f}L{middle:.2f} {foot:.2f}Z"
    other = f"M{middle:.2f} {bottom - high:.2f}L{left + 2 * half:.2f} {bottom:.2f}L{middle:.2f} {foot:.2f}Z"
    return (
        f'<path d="{one}{other}" fill="{colours.halo}" stroke="{colours.halo}" stroke-width="2.2" stroke-linejoin="round"/>'
        f'<path d="{one}" fill="{colours.ink}"/>'
        f'<path d="{other}" fill="{colours.halo}" stroke="{colours.ink}" stroke-width=".5" stroke-linejoin="round"/>'
    )


def north_letter(left: float, bottom: float, size: float) -> Label:
    """Return the letter over a north arrow."""
    return Label(
        "N", round(left + 0.5 * size, 2), round(bottom - 2 * size, 2), round(size, 2), "middle", "scale"
    )


def corner(on: Projection, unit: float, points: Sequence[tuple[float, float]], near: float) -> Corner:
    """Return scale bar and north arrow in the lower left corner, or in the right one if fewer marks lie there.

    `points` are the marks, which reach `near` points; `unit` is that of a mark's field on this picture.
    """

    def under(one: Corner) -> int:
        left, top, right, bottom = one.area
        return sum(left - near < x < right + near and top - near < y < bottom + near for x, y in points)

    left = _corner(on, unit, 0)
    wide = left.area[2] - left.area[0]
    right = _corner(on, unit, on.width - 2 * EDGE + 4 - wide)
    best = min((left, right), key=under)
    return replace(best, plate=under(best) > 0)


def _corner(on: Projection, unit: float, shift: float) -> Corner:
    size, x = 9.6 * unit, EDGE + shift
    bottom = on.height - EDGE - 10 * unit
    scale = bar(on, (x + 2.1 * size, bottom), 0.19 * on.width, size)
    letter = north_letter(x, bottom, size)
    area = (x - 4, letter.area[1] - 3, scale.area[2] + 2, bottom + 4)
    return Corner(scale, (x, bottom, size), letter, area, plate=False)


def ticks(on: Projection, colours: Palette) -> str:
    """Return the ticks of the graticule at all four edges, and the neat line round the map."""
    meridians, parallels = graticule(on)
    lines = "".join(f"M{x:g} 0v{TICK}M{x:g} {on.height:g}v{-TICK}" for _, x in meridians)
    lines += "".join(f"M0 {y:g}h{TICK}M{on.width:g} {y:g}h{-TICK}" for _, y in parallels)
    return f'<path d="{lines}" fill="none" stroke="{colours.map_label}" stroke-width=".7"/>'


def degrees(on: Projection, size: float, taken: Sequence[Box]) -> Iterator[Label]:
    """Yield the degrees at the lower and the left edge, where nothing else stands."""
    meridians, parallels = graticule(on)
    offered = [
        Label(
            _degrees(lon, "EW"),
            x,
            round(on.height - TICK - 0.35 * size, 2),
            round(size, 2),
            "middle",
            "graticule",
        )
        for lon, x in meridians
    ]
    offered += [
        Label(
            _degrees(lat, "NS"),
            round(TICK + 0.3 * size, 2),
            round(y + 0.3 * size, 2),
            round(size, 2),
            "start",
            "graticule",
        )
        for lat, y in parallels
    ]
    stood: list[Box] = []
    for label in offered:
        area = label.area
        inside = area[0] >= 0 and area[1] >= 0 and area[2] <= on.width and area[3] <= on.height
        if inside and not any(overlap(area, other, 2) for other in (*taken, *stood)):
            stood.append(area)
            yield label


def _degrees(value: float, sides: str) -> str:
    return f"{abs(value):g}° {sides[value < 0]}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:g}"  # noqa: PLR2004

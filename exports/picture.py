"""The map of a briefing as SVG without any text, and the names on it with their places.

The names are typeset with the rest of the page, so that no font of a machine matters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from exports import furniture, glyphs, land
from exports.briefing import Briefing
from exports.glyphs import Look, glyph
from exports.inset import Inset
from exports.legend import Mark
from exports.lettering import LETTERING, Label, Lettering
from exports.palette import Palette, palette
from exports.place_names import Town
from exports.plan import Plan, plan
from exports.seating import EARLIER, TUCKED, Spot, seats
from geodata.control import Category

__all__ = ["LETTERING", "Label", "Lettering", "Picture", "draw", "glyph", "pair"]


PALE = 0.62
"""How much a mark shows that did not change beside those that did."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A map in two layers of SVG of the same size, and what is written on it."""

    width_pt: float
    height_pt: float
    base: str  # land, water and lines: the same string for the same extent, size and theme
    marks: str  # all that the sites, their day and the reader's choice decide
    labels: tuple[Label, ...]
    spots: Mapping[str, tuple[float, float]]  # the middle of each site's mark, in points from the upper left
    outside: tuple[str, ...]  # sites with a position that the picture does not show


def draw(briefing: Briefing, width_pt: float, height_pt: float) -> Picture:
    """Return the map of a briefing on so many points."""
    options = briefing.options
    colours = palette(options.theme)
    planned = plan(options.extent, width_pt, height_pt, seats(briefing.marks))
    drawn = _overlay(planned, briefing.marks, colours)
    return Picture(
        width_pt=width_pt,
        height_pt=height_pt,
        base=_grounded(
            land.base(options.extent, width_pt, height_pt, options.theme),
            tuple(one for one, _ in planned.insets),
            options.theme,
        ),
        marks=land.document(width_pt, height_pt, drawn),
        labels=_voiced(planned.labels, briefing.marks),
        spots={spot.site: spot.middle for spot in planned.spots},
        outside=planned.outside,
    )


def _voiced(labels: Sequence[Label], marks: Sequence[Mark]) -> tuple[Label, ...]:
    """Return the names with those quiet whose site did not change or has no source.

    Places are reckoned for the wider face, so that no name moves from day to day.
    """
    loud = {mark.name for mark in marks if not _quiet(mark)}
    return tuple(
        replace(label, kind="site-quiet") if label.kind == "site" and label.text not in loud else label
        for label in labels
    )


def _quiet(mark: Mark) -> bool:
    if mark.selected or mark.changed:
        return False
    return mark.before is not None or mark.category is Category.NOT_SOURCED


def _overlay(planned: Plan, marks: Sequence[Mark], colours: Palette) -> str:
    """Return everything over the land, from the bottom to the top."""
    of = {mark.site: mark for mark in marks}
    pairs = [(of[spot.site], spot) for spot in planned.spots]
    below = [(mark, spot) for mark, spot in pairs if mark.site not in planned.inside]
    looks = _Looks(colours)
    parts = [_towns(planned.towns, colours), *(_tied(one, colours) for one, _ in planned.insets)]
    parts.append(_crowd(below, looks))
    for one, towns in planned.insets:
        within = [(mark, spot) for mark, spot in pairs if mark.site in one.members]
        parts.append(_inset(one, _towns(towns, colours) + _crowd(within, looks), colours))
    hairs = [label.leader for label in planned.labels if label.leader]
    lines = "".join(f"M{x1:g} {y1:g}L{x2:g} {y2:g}" for x1, y1, x2, y2 in hairs)
    if lines:
        parts.append(
            f'<path d="{lines}" fill="none" stroke="{colours.ink}" stroke-opacity=".75" stroke-width=".6"/>'
        )
    corner = planned.corner
    if corner.plate:
        x, y, x2, y2 = corner.area
        parts.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{x2 - x:.2f}" height="{y2 - y:.2f}" rx="2" fill="{colours.halo}" fill-opacity=".9"/>'
        )
    parts += [
        corner.bar.drawing(colours),
        furniture.north_arrow(*corner.arrow, colours),
        furniture.ticks(planned.on, colours),
    ]
    return looks.defined() + "".join(parts)


def _crowd(pairs: Sequence[tuple[Mark, Spot]], looks: "_Looks") -> str:
    """Return the marks of one map: rings, the marks, those that matter most on top, then places and leaders."""
    colours = looks.colours
    rings = [
        f'<circle cx="{spot.true[0]:g}" cy="{spot.true[1]:g}" r="{spot.ring:g}"/>'
        for _, spot in pairs
        if spot.ring
    ]
    parts = []
    if rings:
        parts.append(
            f'<g fill="{colours.ink}" fill-opacity=".045" stroke="{colours.ink}" stroke-opacity=".42" stroke-width=".6" '
            f'stroke-dasharray=".9 2.1" stroke-linecap="round">{"".join(rings)}</g>'
        )
    parts += (looks.use(mark, spot) for mark, spot in sorted(pairs, key=_height))
    # Over the marks: a place that another mark half covers is still one that is read.
    moved = [spot for _, spot in pairs if spot.moved]
    if moved:
        lines = "".join("M{:g} {:g}L{:g} {:g}".format(*spot.leader) for spot in moved)
        dots = "".join(f'<circle cx="{x:g}" cy="{y:g}" r="1.7"/>' for x, y in sorted({s.true for s in moved}))
        parts.append(
            f'<path d="{lines}" fill="none" stroke="{colours.halo}" stroke-width="2.2"/>'
            f'<path d="{lines}" fill="none" stroke="{colours.ink}" stroke-width=".8"/>'
            f'<g fill="{colours.halo}" stroke="{colours.halo}" stroke-width="1.5">{dots}</g><g fill="{colours.ink}">{dots}</g>'
        )
    return "".join(parts)


def _towns(towns: Sequence[Town], colours: Palette) -> str:
    """Return the dots of towns."""
    dots = "".join(f'<circle cx="{town.x:g}" cy="{town.y:g}" r="{town.radius:g}"/>' for town in towns)
    return (
        f'<g fill="{colours.map_label}" stroke="{colours.halo}" stroke-width=".8">{dots}</g>' if dots else ""
    )


def _height(pair: tuple[Mark, Spot]) -> tuple[bool, bool, bool, float, str]:
    mark, spot = pair
    quiet = mark.category is Category.NOT_SOURCED
    return mark.selected, mark.changed, not quiet, spot.middle[1], mark.site


class _Looks:
    """What the marks of one picture look like: each look is drawn once and then used."""

    def __init__(self, colours: Palette) -> None:
        self.colours = colours
        self._numbers: dict[tuple[Look, Look | None, bool], int] = {}

    def use(self, mark: Mark, spot: Spot) -> str:
        """Return one mark in its place; among those that changed, one that did not is pale."""
        look = mark.look, mark.earlier if mark.changed else None, mark.selected
        number = self._numbers.setdefault(look, len(self._numbers))
        same = mark.before is not None and not mark.changed and not mark.selected
        pale = f' opacity="{PALE:g}"' if same else ""
        x, y = spot.middle
        return f'<use href="#look-{number}" transform="translate({x:g} {y:g}) scale({spot.unit:g})"{pale}/>'

    def defined(self) -> str:
        """Return the drawings of all looks that were used."""
        drawn = (
            f'<g id="look-{number}">{_drawing(*look, self.colours)}</g>'
            for look, number in self._numbers.items()
        )
        return f"<defs>{''.join(drawn)}</defs>"


def pair(look: Look, earlier: Look, colours: Palette, *, size_pt: float = 16) -> str:
    """Return a mark with its earlier one as an SVG of its own, for legends."""
    return glyphs.framed(_drawing(look, earlier, False, colours), -EARLIER - 10 * TUCKED, 10, size_pt)


def _drawing(look: Look, earlier: Look | None, selected: bool, colours: Palette) -> str:  # noqa: FBT001
    """Return a mark around 0, 0: where two days are compared with the earlier one, small, on its upper left."""
    drawn = glyphs.symbol(look, colours)
    if earlier is not None:
        drawn += f'<g transform="translate({-EARLIER:g} {-EARLIER:g}) scale({TUCKED:g})">{glyphs.symbol(earlier, colours)}</g>'
    if selected:
        drawn = (
            f'<circle r="15.6" fill="none" stroke="{colours.halo}" stroke-width="5"/>'
            f'<circle r="15.6" fill="none" stroke="{colours.ink}" stroke-width="2.2"/>{drawn}'
        )
    return drawn


def _tied(inset: Inset, colours: Palette) -> str:
    """Return the frame of an inset on the map and the lines that lead from there to it."""
    x, y, x2, y2 = inset.frame
    lines = "".join("M{:.2f} {:.2f}L{:.2f} {:.2f}".format(*line) for line in inset.callout)
    return (
        f'<path d="{lines}" fill="none" stroke="{colours.ink}" stroke-opacity=".5" stroke-width=".5"/>'
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{x2 - x:.2f}" height="{y2 - y:.2f}" fill="{colours.ink}" fill-opacity=".06" stroke="{colours.ink}" stroke-width=".8"/>'
    )


@lru_cache(maxsize=64)
def _grounded(base: str, insets: tuple[Inset, ...], theme: str) -> str:
    """Return the base with the land of the insets on it: it is the same on every day, so its raster is kept with it."""
    halo, grounds = palette(theme).halo, []
    for one in insets:
        left, top, right, bottom = one.area
        wide, high = right - left, bottom - top
        grounds.append(
            f'<rect x="{left - 1.6:.2f}" y="{top - 1.6:.2f}" width="{wide + 3.2:.2f}" height="{high + 3.2:.2f}" fill="{halo}"/>'
            f'<svg x="{left:.2f}" y="{top:.2f}" width="{wide:.2f}" height="{high:.2f}" viewBox="0 0 {wide:.2f} {high:.2f}">{land.inset(one.on, theme)}</svg>'
        )
    return base.removesuffix("</svg>") + "".join(grounds) + "</svg>"


def _inset(inset: Inset, crowd: str, colours: Palette) -> str:
    """Return what stands on the land of an inset: its marks, its scale and its frame."""
    left, top, right, bottom = inset.area
    wide, high = right - left, bottom - top
    return (
        f'<svg x="{left:.2f}" y="{top:.2f}" width="{wide:.2f}" height="{high:.2f}" viewBox="0 0 {wide:.2f} {high:.2f}">'
        f'<g transform="translate({-left:.2f} {-top:.2f})">{crowd}</g>{inset.bar.drawing(colours)}</svg>'
        f'<rect x="{left:.2f}" y="{top:.2f}" width="{wide:.2f}" height="{high:.2f}" fill="none" stroke="{colours.ink}" stroke-width=".8"/>'
    )

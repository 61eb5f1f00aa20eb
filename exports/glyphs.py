"""The marks of the categories as SVG: the shapes of the browser's map, in a field of 32 by 32 around 0, 0.

Letters are paths here, so that no font of a machine decides how a mark looks.
"""

from collections.abc import Mapping
from functools import lru_cache

from exports.palette import Palette
from geodata.control import Category

SHAPES: Mapping[Category, str] = {
    Category.COALITION_FEDERAL: '<circle r="7.8"',
    Category.COALITION_KURDISTAN: '<path d="M0-9.6 9.6 0 0 9.6-9.6 0Z"',
    Category.IRAQI_FORCES: '<rect x="-7" y="-7" width="14" height="14" rx=".8"',
    Category.KURDISTAN_FORCES: '<path d="M0-8.8 9.2 7H-9.2Z"',
    Category.ISLAMIC_STATE: '<path d="M-6-6 6 6M6-6-6 6"',
    Category.NOT_SOURCED: '<circle r="7.4"',
}
"""Elements that are still open, so that each drawing adds its own paint."""

FIELD = 32
REACH = 12.6
"""How far the largest mark, one that changes hands, goes from its middle."""

UNKNOWN_TURN = (Category.COALITION_FEDERAL, Category.IRAQI_FORCES)
"""What stands for a change of which is not known from what to what."""

WHOLE = (Category.ISLAMIC_STATE, Category.NOT_SOURCED, Category.CHANGING_HANDS)
"""Half of these cannot be read: they stand whole and smaller on their side."""

QUESTION = "M-2.5-1.7C-2.5-3.3-1.4-4.3.1-4.3 1.6-4.3 2.6-3.4 2.6-2.1 2.6-.2.2-.1.2 1.6"


def glyph(  # noqa: PLR0913
    category: Category,
    palette: Palette,
    *,
    half: tuple[Category, Category] | None = None,
    weak: bool = False,
    stale: bool = False,
    size_pt: float = 16,
) -> str:
    """Return a mark as an SVG of its own, for legends; the shape takes up most of its square."""
    drawn = symbol(category, palette, half=half, weak=weak, stale=stale)
    reach = REACH + 1.4 if category is Category.CHANGING_HANDS else 11.5
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size_pt:g}pt" height="{size_pt:g}pt" '
        f'viewBox="{-reach:g} {-reach:g} {2 * reach:g} {2 * reach:g}">{drawn}</svg>'
    )


@lru_cache(maxsize=512)
def symbol(
    category: Category,
    palette_of: Palette,
    *,
    half: tuple[Category, Category] | None = None,
    weak: bool = False,
    stale: bool = False,
) -> str:
    """Return a mark around 0, 0, without its SVG element; `half` is from what to what it changes hands."""
    if category is not Category.CHANGING_HANDS:
        return _shape(category, palette_of, weak=weak, stale=stale)
    ink, halo = palette_of.ink, palette_of.halo
    # A nested viewport cuts: each half shows its own side of the whole shape.
    parts = [f'<circle r="12.6" fill="{halo}" stroke="{halo}" stroke-width="2.4"/>']
    parts.append(
        f'<circle r="12.6" fill="none" stroke="{ink}" stroke-opacity=".75" stroke-width="1.3" stroke-dasharray="3.2 2.4"/>'
    )
    for one, side, x in zip(half or UNKNOWN_TURN, (-12, 0.6), (-6.1, 6.1), strict=True):
        shape = _shape(one, palette_of, weak=weak, stale=stale)
        if one in WHOLE:
            parts.append(f'<g transform="translate({x:g} 0) scale(.66)">{shape}</g>')
        else:
            parts.append(f'<svg x="{side:g}" y="-12" width="11.4" height="24" viewBox="{side:g} -12 11.4 24"><g transform="scale(.98)">{shape}</g></svg>')  # fmt: skip
    return "".join(parts)


def _shape(category: Category, palette: Palette, *, weak: bool, stale: bool) -> str:
    """Return a keyline in the colour of the paper and the coloured shape on it."""
    if category is Category.ISLAMIC_STATE:
        return _cross(palette, weak=weak, stale=stale)
    known = category if category in SHAPES else Category.NOT_SOURCED
    shape, colour, halo = SHAPES[known], palette.category[known], palette.halo
    key = f'{shape} fill="{halo}" stroke="{halo}" stroke-width="3.4" stroke-linejoin="round"/>'
    if known is Category.NOT_SOURCED:
        width = 1 if weak else 1.4
        return (
            f'{key}{shape} fill="{halo}" stroke="{colour}" stroke-width="{width:g}" stroke-dasharray="2.6 1.9"/>'
            f'<path d="{QUESTION}" fill="none" stroke="{colour}" stroke-width="1.7" stroke-linecap="round"/>'
            f'<circle cx=".2" cy="4" r="1.15" fill="{colour}"/>'
        )
    if weak:
        fill, edge, width = halo, palette.edge(known, share=0.8), 1.1 if stale else 2.2
    else:
        fill, edge, width = (
            palette.faded(known) if stale else colour,
            palette.edge(known),
            1.3 if stale else 1,
        )
    return f'{key}{shape} fill="{fill}" stroke="{edge}" stroke-width="{width:g}"/>'


def _cross(palette: Palette, *, weak: bool, stale: bool) -> str:
    shape, colour = SHAPES[Category.ISLAMIC_STATE], palette.category[Category.ISLAMIC_STATE]
    width = (1.0 if stale else 1.8) if weak else 4.0
    drawn = (
        f'{shape} fill="none" stroke="{palette.halo}" stroke-width="7.6"/>'
        f'{shape} fill="none" stroke="{colour}" stroke-width="{width:g}"/>'
    )
    if stale and not weak:
        drawn += f'{shape} fill="none" stroke="{palette.faded(Category.ISLAMIC_STATE)}" stroke-width="2"/>'
    return drawn

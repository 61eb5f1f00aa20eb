"""The marks of the categories as SVG: the shapes of the browser's map, in a field of 32 by 32 around 0, 0.

Letters are paths here, so that no font of a machine decides how a mark looks.
"""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from exports.palette import Palette
from geodata import control
from geodata.control import Category, Life, Span
from geodata.model import Basis
from geodata.staleness import is_stale

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


class Look(NamedTuple):
    """How a state is drawn: its category, and whether its evidence is doubtful."""

    category: Category
    half: tuple[Category, Category] | None = None  # from what to what it changes hands, where that is known
    weak: bool = False  # weak evidence or one party's claim: hollow
    stale: bool = False  # no evidence for long: faded

    @property
    def plain(self) -> "Look":
        """Return the same category as it is drawn on good evidence."""
        return Look(self.category, self.half)


class Paint(NamedTuple):
    """The fill of a shape and the strokes along its outline, from the widest to the narrowest: colour and width."""

    fill: str
    strokes: tuple[tuple[str, float], ...]


def look(life: Life, day: dt.date) -> Look:
    """Return how a site's state on a day is drawn."""
    span = life.at(day)
    return Look(
        span.category, half(span), weak=span.weak or span.basis is Basis.CLAIMED, stale=is_stale(life, day)
    )


def half(span: Span) -> tuple[Category, Category] | None:
    """Return from what to what a site changes hands, where that is known."""
    if span.category is not Category.CHANGING_HANDS or span.was is None or span.becoming is None:
        return None
    return control.category_of(span.was), control.category_of(span.becoming)


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
    reach = REACH + 1.4 if category is Category.CHANGING_HANDS else 11.5
    return framed(symbol(Look(category, half, weak, stale), palette), -reach, reach, size_pt)


def framed(drawn: str, low: float, high: float, size_pt: float) -> str:
    """Return a drawing as an SVG of its own: the square between two corners on the diagonal of its field."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size_pt:g}pt" height="{size_pt:g}pt" '
        f'viewBox="{low:g} {low:g} {high - low:g} {high - low:g}">{drawn}</svg>'
    )


@lru_cache(maxsize=512)
def symbol(look: Look, palette_of: Palette) -> str:
    """Return a mark around 0, 0, without its SVG element."""
    if look.category is not Category.CHANGING_HANDS:
        return _shape(look, palette_of)
    ink, halo = palette_of.ink, palette_of.halo
    # A nested viewport cuts: each half shows its own side of the whole shape.
    parts = [f'<circle r="12.6" fill="{halo}" stroke="{halo}" stroke-width="2.4"/>']
    parts.append(
        f'<circle r="12.6" fill="none" stroke="{ink}" stroke-opacity=".75" stroke-width="1.3" stroke-dasharray="3.2 2.4"/>'
    )
    for one, side, x in zip(look.half or UNKNOWN_TURN, (-12, 0.6), (-6.1, 6.1), strict=True):
        shape = _shape(look._replace(category=one, half=None), palette_of)
        if one in WHOLE:
            parts.append(f'<g transform="translate({x:g} 0) scale(.66)">{shape}</g>')
        else:
            parts.append(f'<svg x="{side:g}" y="-12" width="11.4" height="24" viewBox="{side:g} -12 11.4 24"><g transform="scale(.98)">{shape}</g></svg>')  # fmt: skip
    return "".join(parts)


def paint(look: Look, palette: Palette) -> Paint:
    """Return the paint of a category's whole shape; what is both hollow and faded is a pale band between dark lines."""
    known = look.category if look.category in SHAPES else Category.NOT_SOURCED
    colour, halo, faded = palette.category[known], palette.halo, palette.faded(known)
    if known is Category.NOT_SOURCED:
        return Paint(halo, ((colour, 1.0 if look.weak else 1.4),))
    if known is Category.ISLAMIC_STATE:  # two strokes: thin is hollow, a pale core is faded
        if look.weak:
            return Paint("", ((colour, 2.8), (faded, 1.4)) if look.stale else ((colour, 1.8),))
        return Paint("", ((colour, 4.0), (faded, 2.0)) if look.stale else ((colour, 4.0),))
    edge = palette.edge(known)
    if look.weak and look.stale:
        # The faded colour alone has too little contrast with the paper.
        return Paint(halo, ((edge, 2.8), (faded, 1.8)))
    if look.weak:
        return Paint(halo, ((palette.edge(known, share=0.8), 2.2),))
    return Paint(faded, ((edge, 1.3),)) if look.stale else Paint(colour, ((edge, 1.0),))


def _shape(look: Look, palette: Palette) -> str:
    """Return a keyline in the colour of the paper and the coloured shape on it."""
    known = look.category if look.category in SHAPES else Category.NOT_SOURCED
    shape, (fill, strokes), halo = SHAPES[known], paint(look, palette), palette.halo
    if known is Category.ISLAMIC_STATE:
        return "".join(
            f'{shape} fill="none" stroke="{colour}" stroke-width="{width:g}"/>' for colour, width in ((halo, 7.6), *strokes)
        )  # fmt: skip
    (edge, width), *over = strokes
    key = max(3.4, width + 1.4)
    drawn = f'{shape} fill="{halo}" stroke="{halo}" stroke-width="{key:g}" stroke-linejoin="round"/>'
    if known is Category.NOT_SOURCED:
        return (
            f'{drawn}{shape} fill="{fill}" stroke="{edge}" stroke-width="{width:g}" stroke-dasharray="2.6 1.9"/>'
            f'<path d="{QUESTION}" fill="none" stroke="{edge}" stroke-width="1.7" stroke-linecap="round"/>'
            f'<circle cx=".2" cy="4" r="1.15" fill="{edge}"/>'
        )
    drawn += f'{shape} fill="{fill}" stroke="{edge}" stroke-width="{width:g}"/>'
    return drawn + "".join(
        f'{shape} fill="none" stroke="{colour}" stroke-width="{width:g}"/>' for colour, width in over
    )

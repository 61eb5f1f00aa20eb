"""How wide names on the map will be, in the typeface in which they are typeset."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import font_source_sans_pro
from fontTools.ttLib import TTFont

FOLDER = Path(font_source_sans_pro.__file__).parent / "files"
FACES = {400: "SourceSansPro-Regular.ttf", 600: "SourceSansPro-Semibold.ttf", 700: "SourceSansPro-Bold.ttf"}
"""The files of the weights."""

UNKNOWN = 0.75
"""Ems that a letter takes which the typeface does not have; another typeface sets it."""

ABOVE, BELOW = 0.72, 0.22
"""Ems above and below its baseline that a line takes."""

MIDDLE = 0.3
"""Ems by which a baseline lies below the middle of its letters."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """How a kind of name is set; `colour` is the name of a colour of the palette."""

    weight: int
    colour: str
    tracking: float = 0.0  # ems between letters


LETTERING: Mapping[str, Lettering] = {
    "site": Lettering(600, "ink"),
    "site-selected": Lettering(700, "ink"),
    "site-quiet": Lettering(400, "mute"),
    "town": Lettering(400, "map_label"),
    "country": Lettering(400, "map_label", 0.12),
    "inset": Lettering(600, "ink"),
    "scale": Lettering(400, "ink"),
    "graticule": Lettering(400, "map_label"),
}
"""By the kind of label; whoever typesets them keeps to it, since room is reckoned by it."""


def width(text: str, kind: str, size: float) -> float:
    """Return the width of a text in points at a size in points."""
    lettering = LETTERING[kind]
    advances = _advances(lettering.weight)
    ems = sum(advances.get(letter, UNKNOWN) + lettering.tracking for letter in text)
    return ems * size


@cache
def _advances(weight: int) -> Mapping[str, float]:
    """Return the width of each letter in ems."""
    with TTFont(FOLDER / FACES[weight], lazy=True) as font:
        unit, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
        return {chr(code): metrics[name][0] / unit for code, name in font.getBestCmap().items()}


@dataclass(frozen=True, slots=True)
class Label:
    """A text on the map, to be typeset: the start, middle or end of its baseline in points from the upper left."""

    text: str
    x: float
    y: float
    size_pt: float
    anchor: str  # start, middle or end
    kind: str  # of LETTERING
    leader: tuple[float, float, float, float] | None = (
        None  # drawn in the picture's marks: from the mark to the text
    )

    @property
    def area(self) -> tuple[float, float, float, float]:
        """Return the room it takes: left, top, right, bottom."""
        wide = width(self.text, self.kind, self.size_pt)
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        return left, self.y - ABOVE * self.size_pt, left + wide, self.y + BELOW * self.size_pt

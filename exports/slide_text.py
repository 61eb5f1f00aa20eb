"""The words of slides before they are shapes: paragraphs, rows and cells, and how much room they take.

The slides name Arial, which office programs have or replace by a face of the same widths. Text is measured in DejaVu
Sans, which is wider: what fits by it fits in Arial, in its replacements, and where a machine has nothing but DejaVu.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

from exports.evidence import PhaseLine
from exports.glyphs import Look
from exports.setting import KEPT_FORMAT, numbers
from geodata.control import Category

LANGUAGE = "en-GB"
LINE = 1.18
"""Height of a line as a multiple of the size; DejaVu's own 1.164, Arial's 1.15."""
BREAKS = "\t\n\r\v\f\u2028\u2029\x85"
GONE = ("Cc", "Cf", "Cs")
NO_XML = "\ufffe\uffff"
SYMBOL = 17.0
"""Room for the symbol before a row, in points at scale 1."""
BAR = 6.0
INSET = 3.0
"""Of a table's cell, left and right, in points."""
SIGN, ARROW = 13.0, 8.0
"""Room for a symbol in a table's cell, and for the arrow between two, in points."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look; `role` is a field of the palette."""

    text: str
    bold: bool = False
    role: str = "ink"
    url: str = ""
    language: str = LANGUAGE


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; `size` in points."""

    runs: tuple[Run, ...]
    size: float

    @property
    def text(self) -> str:
        """The paragraph's text."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Row:
    """Paragraphs in one text box, with a symbol before them or a bar below them."""

    name: str
    paras: tuple[Para, ...]
    part: str = ""  # parts that find no room beside the map move to a slide of their own, by this title
    sign: Category | str | None = None
    bar: PhaseLine | None = None
    air: float = 2.5  # below, in points


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points from the upper left of the slide."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, where it leads, and the symbols before it, drawn as on the map: of one look, or from which to which."""

    text: str
    url: str = ""
    signs: tuple[Look, ...] = ()

    @property
    def indent(self) -> float:
        """Return the room of the symbols, in points."""
        return SIGN * len(self.signs) + (ARROW if len(self.signs) > 1 else 0)


Placed = tuple[Row, Box]


def clean(text: str) -> str:
    """Return text without the characters that a slide cannot hold or that turn what follows; a line break is a space."""
    kept = (
        " " if sign in BREAKS else "" if unicodedata.category(sign) in GONE and sign not in KEPT_FORMAT else sign
        for sign in text
    )  # fmt: skip
    return "".join(sign for sign in kept if sign not in NO_XML)


def cites(cited: Sequence[int]) -> str:
    """Return numbers of sources in brackets: "[1–5, 7]"; "" for none."""
    return f"[{numbers(cited)}]" if cited else ""


@cache
def _face(bold: bool) -> ImageFont.FreeTypeFont:  # noqa: FBT001
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise RuntimeError(
            "matplotlib is not installed; it carries the typeface by which slides are measured"
        )
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    file = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / name
    # The basic engine is in every Pillow; it measures Arabic letters unjoined, which are wider.
    return ImageFont.truetype(str(file), 100, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=16384)
def width_of(text: str, bold: bool) -> float:  # noqa: FBT001
    """Return the width of a text of 1 point."""
    return _face(bold).getlength(text) / 100


def wrapped(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Return the lines into which a text falls; a word that is wider than the line is broken."""
    return _wrapped([(text, bold)], size, width)


def _wrapped(runs: Iterable[tuple[str, bool]], size: float, width: float) -> list[str]:
    lines, line, used = [], "", 0.0
    for text, bold in runs:
        for word in re.findall(r"\S+|\s+", text):
            wide = width_of(word, bold) * size
            if used + wide > width and line and not word.isspace():
                lines.append(line.rstrip())
                line, used = "", 0.0
            rest = word
            while used + wide > width and len(rest) > 1 and not rest.isspace():
                cut = len(rest) - 1
                while cut > 1 and width_of(rest[:cut], bold) * size > width:
                    cut -= 1
                lines.append(rest[:cut])
                rest = rest[cut:]
                wide = width_of(rest, bold) * size
            line, used = line + rest, used + wide
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def height_of(paras: Iterable[Para], width: float) -> float:
    """Return the height of paragraphs of this width, in points."""
    return sum(
        LINE * para.size * len(_wrapped([(clean(run.text), run.bold) for run in para.runs], para.size, width))
        for para in paras
    )


def _scaled(row: Row, scale: float) -> Row:
    paras = tuple(replace(para, size=round(para.size * scale * 10) / 10) for para in row.paras)
    return replace(row, paras=paras, air=row.air * scale)


def _row_height(row: Row, width: float, scale: float) -> float:
    indent = SYMBOL * scale if row.sign is not None else 0
    bar = BAR if row.bar is not None and row.bar.gone is not None else 0
    return height_of(row.paras, width - indent) + bar + row.air


def flow(rows: Sequence[Row], boxes: Sequence[Box], scale: float) -> list[Placed] | None:
    """Return rows placed one below the other, box after box; None where they do not fit."""
    placed: list[Placed] = []
    index, used = 0, 0.0
    for row in (_scaled(row, scale) for row in rows):
        while True:
            if index == len(boxes):
                return None
            box = boxes[index]
            height = _row_height(row, box.width, scale)
            if used + height <= box.height:
                break
            index, used = index + 1, 0.0
        placed.append((row, Box(box.x, box.y + used, box.width, height)))
        used += height
    return placed


def cells_height(cells: Sequence[Cell], widths: Sequence[float], size: float) -> float:
    """Return the height that a row of a table needs, in points."""
    inner = (
        len(wrapped(cell.text, size, width - 2 * INSET - cell.indent, bold=False))
        for cell, width in zip(cells, widths, strict=True)
    )
    return max(inner) * size * LINE + 5


def split(
    cells: Sequence[Cell], widths: Sequence[float], size: float, fits: int
) -> tuple[list[Cell], list[Cell]]:
    """Return a row as its first lines and the rest."""
    lines = [
        wrapped(cell.text, size, width - 2 * INSET - cell.indent)
        for cell, width in zip(cells, widths, strict=True)
    ]
    return (
        [replace(cell, text=" ".join(found[:fits])) for cell, found in zip(cells, lines, strict=True)],
        [Cell(" ".join(found[fits:]), cell.url) for cell, found in zip(cells, lines, strict=True)],
    )

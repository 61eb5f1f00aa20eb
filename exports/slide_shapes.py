"""Shapes of a slide in plain colours: boxes of text, lines of tables, and the symbols of the map."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Pt

from exports import glyphs
from exports.glyphs import Look
from exports.palette import Palette, mix
from exports.seating import EARLIER, SMALL, TUCKED
from exports.setting import from_the_right
from exports.slide_text import LANGUAGE, Box, Para, Run, clean
from geodata.control import Category

FACE = "Arial"

Point: TypeAlias = tuple[float, float]

AUTO: Mapping[Category, tuple[MSO_SHAPE, float, float, float, float]] = {
    Category.COALITION_FEDERAL: (MSO_SHAPE.OVAL, -7.8, -7.8, 15.6, 15.6),
    Category.COALITION_KURDISTAN: (MSO_SHAPE.DIAMOND, -9.6, -9.6, 19.2, 19.2),
    Category.IRAQI_FORCES: (MSO_SHAPE.RECTANGLE, -7, -7, 14, 14),
    Category.KURDISTAN_FORCES: (MSO_SHAPE.ISOSCELES_TRIANGLE, -9.2, -8.8, 18.4, 15.8),
}
"""PowerPoint's own shapes for the symbols, and where they lie in their field."""


class Brush:
    """Places text and shapes in the colours of a theme."""

    def __init__(self, colours: Palette) -> None:
        self.colours = colours

    def shape(self, shapes: Any, kind: MSO_SHAPE, box: Box, fill: str = "", line: str = "", width: float = 0.75) -> Any:  # noqa: PLR0913, PLR0917  # fmt: skip
        """Add one of PowerPoint's own shapes; sizes in points."""
        shape = shapes.add_shape(kind, *(Pt(v) for v in (box.x, box.y, box.width, box.height)))
        return painted(shape, fill, line, width)

    def symbol(self, shapes: Any, of: str, words: str) -> Any:
        """Add a group that moves as one and stands for some words; return the shapes in it, still none."""
        group = shapes.add_group_shape()
        group.name = f"Symbol, {of}"
        group._element.nvGrpSpPr.cNvPr.set("descr", words)  # noqa: SLF001
        return group.shapes

    def text(self, shapes: Any, name: str, box: Box, paras: Sequence[Para]) -> None:
        """Add a text box without margins."""
        shape = shapes.add_textbox(*(Pt(v) for v in (box.x, box.y, box.width, max(box.height, 1))))
        shape.name = name
        self.fill(shape.text_frame, paras)

    def fill(self, frame: Any, paras: Sequence[Para], *, inset: bool = True) -> None:
        """Write paragraphs into a frame, each from the side from which it reads."""
        if inset:
            frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
            frame.auto_size, frame.vertical_anchor = MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
            frame.word_wrap = True
        for at, para in enumerate(paras):
            target = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            right = from_the_right(para.text)
            target.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
            if right:
                target._p.get_or_add_pPr().set("rtl", "1")  # noqa: SLF001
            target.space_before = target.space_after = Pt(0)
            for run in para.runs:
                self.run(target, run, para.size)

    def run(self, para: Any, run: Run, size: float) -> None:
        """Add a run with its look, its language and where it leads."""
        text = clean(run.text)
        if not text:
            return
        target = para.add_run()
        target.text = text
        font = target.font
        font.name, font.size, font.bold = FACE, Pt(size), run.bold
        colour = run.role if run.role.startswith("#") else getattr(self.colours, run.role)
        font.color.rgb = rgb(colour)
        look = target._r.get_or_add_rPr()  # noqa: SLF001
        look.set("lang", "ar-IQ" if from_the_right(text) and run.language == LANGUAGE else run.language)
        added(look, "a:cs", typeface=FACE)
        if run.url:
            target.hyperlink.address = run.url


class Pen:
    """Draws the symbols of the map as shapes, in their own field of 32 by 32 around a point."""

    def __init__(self, brush: Brush, shapes: Any, x: float, y: float, unit: float) -> None:
        self.brush, self.shapes, self.x, self.y, self.unit = brush, shapes, x, y, unit
        self.colours = brush.colours

    def mark(self, look: Look) -> None:
        """Draw the symbol of a state, hollow and faded as on the map."""
        if look.category is not Category.CHANGING_HANDS:
            self._whole(look)
            return
        self.unit *= 0.85  # its ring would touch the rows above and below
        self.oval(12.6, "", mix(self.colours.ink, self.colours.halo, 0.75), 1.0, dashed=True)
        for one, side in zip(look.half or glyphs.UNKNOWN_TURN, (-1, 1), strict=True):
            part = look._replace(category=one, half=None)
            if one in glyphs.WHOLE:
                self.part(side * 6.1, 0, 0.66).mark(part)
                continue
            fill, strokes = glyphs.paint(part, self.colours)
            for at, (colour, width) in enumerate(strokes):
                self.outline(_side(OUTLINES[one], side), fill if at == 0 else "", colour, self._points(width))

    def _whole(self, look: Look) -> None:
        fill, strokes = glyphs.paint(look, self.colours)
        if look.category is Category.ISLAMIC_STATE:
            for colour, width in strokes:
                self.outline(_cross(6, width), colour, "")
            return
        if look.category not in AUTO:
            ((colour, width),) = strokes
            shape = self.oval(7.4, fill, colour, self._points(width), dashed=True)
            words = Para((Run("?", bold=True, role=colour),), round(11 * self.unit, 1))
            self.brush.fill(shape.text_frame, [words])
            shape.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
            shape.text_frame.vertical_anchor, shape.text_frame.word_wrap = MSO_ANCHOR.MIDDLE, False
            return
        for at, (colour, width) in enumerate(strokes):
            self.auto(*AUTO[look.category], fill if at == 0 else "", colour, self._points(width))

    def key(self, sign: str, look: Look, earlier: Look | None) -> None:
        """Draw a further sign: a ring, a dashed line, else a mark that bears it: hollow, faded, small, with an earlier one."""
        if sign == "line":
            ends = (Pt(v) for v in (self.x - 11 * self.unit, self.y, self.x + 11 * self.unit, self.y))
            stroke = self.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *ends)
            painted(stroke, "", self.colours.kr_line, 1.5, filled=False).line.dash_style = MSO_LINE.SQUARE_DOT
        elif sign == "vague":
            self.oval(9, "", mix(self.colours.ink, self.colours.paper, 0.6), 0.75, dashed=True)
        elif sign == "unchanged":
            self.part(0, 0, SMALL).mark(look)
        elif earlier:
            self.part(2, 2, 0.9).mark(look)
            self.part(2 - 0.9 * EARLIER, 2 - 0.9 * EARLIER, 0.9 * TUCKED).mark(earlier)
        else:
            self.mark(look)

    def part(self, x: float, y: float, share: float) -> "Pen":
        """Return a pen for a smaller field around a point of this one."""
        return Pen(self.brush, self.shapes, self.x + x * self.unit, self.y + y * self.unit, self.unit * share)

    def _points(self, width: float) -> float:
        """Return a stroke's width in points, none thinner than what a projector shows."""
        return max(0.5, round(width * self.unit, 2))

    def oval(self, radius: float, fill: str, line: str, width: float = 0.75, *, dashed: bool = False) -> Any:
        """Draw a circle around the point."""
        shape = self.auto(MSO_SHAPE.OVAL, -radius, -radius, 2 * radius, 2 * radius, fill, line, width)
        if dashed:
            shape.line.dash_style = MSO_LINE.SQUARE_DOT
        return shape

    def auto(self, kind: MSO_SHAPE, x: float, y: float, width: float, height: float, fill: str, line: str, edge: float = 0.75) -> Any:  # noqa: PLR0913, PLR0917  # fmt: skip
        """Draw one of PowerPoint's own shapes in a rectangle of the field."""
        unit = self.unit
        box = Box(self.x + x * unit, self.y + y * unit, width * unit, height * unit)
        return self.brush.shape(self.shapes, kind, box, fill, line, edge)

    def outline(self, points: Sequence[Point], fill: str, line: str, edge: float = 0.75) -> Any:
        """Draw a closed outline through points of the field."""
        there = [(Pt(self.x + x * self.unit), Pt(self.y + y * self.unit)) for x, y in points]
        builder = self.shapes.build_freeform(*there[0], scale=1.0)
        builder.add_line_segments(there[1:], close=True)
        return painted(builder.convert_to_shape(), fill, line, edge)


def _circle(radius: float) -> Iterator[Point]:
    """Yield points of a circle, exact to a thousandth, without the machine's own sine."""
    steps = [(1.0, 0.0)]
    cos, sin = 0.9659258262890683, 0.25881904510252074  # of 15 degrees
    for _ in range(23):
        x, y = steps[-1]
        steps.append((x * cos - y * sin, x * sin + y * cos))
    yield from ((round(x * radius, 3), round(y * radius, 3)) for x, y in steps)


def _side(points: Sequence[Point], side: int) -> list[Point]:
    """Return what of an outline that bulges nowhere inwards lies left (-1) or right (1) of the gap in its middle."""
    found, gap = [], 0.6 * side
    for (x, y), (x2, y2) in zip(points, (*points[1:], points[0]), strict=True):
        if (x - gap) * side >= 0:
            found.append((x, y))
        if (x - gap) * (x2 - gap) < 0:
            found.append((gap, round(y + (y2 - y) * (gap - x) / (x2 - x), 3)))
    return found


def _cross(reach: float, width: float) -> list[Point]:
    """Return the outline of a diagonal cross: two strokes from corner to corner, their ends cut square."""
    side = width / 2 / 2**0.5
    far, near = reach + side, reach - side
    arm = [(far, near), (2 * side, 0.0), (far, -near)]
    found = []
    for _ in range(4):
        found += arm
        arm = [(y, -x) for x, y in arm]
    return found


OUTLINES: Mapping[Category, Sequence[Point]] = {
    Category.COALITION_FEDERAL: tuple(_circle(7.8)),
    Category.COALITION_KURDISTAN: ((0, -9.6), (9.6, 0), (0, 9.6), (-9.6, 0)),
    Category.IRAQI_FORCES: ((-7, -7), (7, -7), (7, 7), (-7, 7)),
    Category.KURDISTAN_FORCES: ((0, -8.8), (9.2, 7), (-9.2, 7)),
}
"""The same symbols as points, of which half can be drawn."""


def painted(shape: Any, fill: str, line: str, width: float, *, filled: bool = True) -> Any:
    """Give a shape plain colours instead of the theme's look, which has shadows."""
    for style in shape._element.xpath("./p:style"):  # noqa: SLF001
        shape._element.remove(style)  # noqa: SLF001
    if filled and fill:
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(fill)
    elif filled:
        shape.fill.background()
    if line:
        shape.line.color.rgb, shape.line.width = rgb(line), Pt(width)
    else:
        shape.line.fill.background()
    return shape


def underlined(cell: Any, colour: str) -> None:
    """Draw a line below a cell; python-pptx 1.0.2 has no call for it."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001
    line = added(properties, "a:lnB", w=str(Pt(0.5)), cap="flat", cmpd="sng", algn="ctr")
    added(added(line, "a:solidFill"), "a:srgbClr", val=colour.lstrip("#").upper())


def added(parent: Any, name: str, **attributes: str) -> Any:
    """Add an element, such as "a:lnB", as the last child; return it."""
    child: Any = OxmlElement(name)
    for key, value in attributes.items():
        child.set(key, value)
    parent.append(child)
    return child


def rgb(colour: str) -> RGBColor:
    """Return a colour of the palette as python-pptx takes it."""
    return RGBColor(*bytes.fromhex(colour[1:]))  # type: ignore[no-untyped-call]

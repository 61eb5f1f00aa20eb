"""A briefing as slides that a person can edit: native title, text, legend and tables, the map as a picture."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from components.theme import LABELS
from exports import bundle, map_png
from exports.briefing import Briefing, PhaseLine, Quotation
from exports.options import TLP
from exports.palette import TLP_GROUND, TLP_INK, palette
from exports.slide_shapes import FACE, Brush, Pen, added, rgb, underlined
from exports.slide_text import (
    ARROW,
    BAR,
    INSET,
    LANGUAGE,
    LINE,
    SIGN,
    SYMBOL,
    Box,
    Cell,
    Para,
    Placed,
    Row,
    Run,
    cells_height,
    cites,
    clean,
    flow,
    height_of,
    split,
    width_of,
    wrapped,
)  # fmt: skip
from geodata.control import Category
from geodata.errors import QuestionError

NEVER = dt.datetime(1980, 1, 1)  # noqa: DTZ001  # core.xml holds UTC without saying so
"""The date of a file about whose making nothing is declared: the earliest that its ZIP knows."""
AUTHOR = "Handover Atlas"
MAP_PPI = 192
"""Pixels of the map's picture in an inch of the slide: sharp on a projector of twice 1920 pixels."""
SCALES = (1.3, 1.2, 1.1, 1.0, 0.95, 0.9, 0.85, 0.8, 0.76)
"""Text beside the map is set larger or smaller within these limits, then moves to a slide of its own."""
TITLES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.76)
TABLE = (12.0, 11.0, 10.0, 9.0)
"""Points of a table's text: the largest by which it needs no more slides than by the smallest."""
MOST_TITLE_LINES = 3
BAND = 20.0
"""Height of a marking in points."""
SPARE, BELOW = 0.08, 12.0
"""Of the room for a table the share and the points at its end that stay free: office programs set rows higher than they are reckoned."""
READ_LAST = ("Caveats", "Footnote", "Stamp", "Marking, top", "Marking, bottom")
"""Shapes that a screen reader comes to after the others; it reads them in the order in which they stand in the file."""
WEB = re.compile(r"https?://(?:www\.)?([A-Za-z0-9.-]+(?::\d+)?)(?:[/?#][^\s\"<>]*)?", re.ASCII)
"""An address that may be a link, and in it the name of its host."""
NO_GRID = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's own table style without lines and fills."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, its share of the width."""

    title: str
    share: float


def pptx(briefing: Briefing) -> bytes:
    """Return the briefing as PPTX; QuestionError with what would help where a headline does not fit."""
    deck = _Deck(briefing)
    deck.first()
    deck.tables()
    return deck.saved()


class _Deck:
    """The slides of one briefing while they are made."""

    def __init__(self, briefing: Briefing) -> None:
        self.briefing, self.layout = briefing, briefing.options.layout
        self.colours = palette(briefing.options.theme)
        self.brush = Brush(self.colours)
        self.width, self.height = self.layout.width_pt, self.layout.height_pt
        self.margin = 28.0 if self.layout.name == "slide" else 24.0 if self.layout.name == "square" else 34.0
        self.band = BAND if briefing.marking else 0.0
        self.deck = Presentation()
        self._furnish()

    # The deck

    def _furnish(self) -> None:
        """Give the deck its size, typeface, colours and properties, so that a slide somebody adds looks alike."""
        deck, briefing = self.deck, self.briefing
        before = Pt(720), Pt(540)  # of the empty deck that python-pptx 1.0.2 begins with
        deck.slide_width, deck.slide_height = Pt(self.width), Pt(self.height)
        ratio = Pt(self.width) / before[0], Pt(self.height) / before[1]
        for page in (deck.slide_master, *deck.slide_layouts):
            for shape in page.shapes:
                # A placeholder without a place of its own takes its master's.
                if shape._element.xpath("./p:spPr/a:xfrm"):  # noqa: SLF001
                    shape.left, shape.width = round(shape.left * ratio[0]), round(shape.width * ratio[0])
                    shape.top, shape.height = round(shape.top * ratio[1]), round(shape.height * ratio[1])
        self._theme()
        _dropped(deck.part.package, RELATIONSHIP_TYPE.THUMBNAIL)
        _dropped(deck.part, RELATIONSHIP_TYPE.PRINTER_SETTINGS)
        made = briefing.options.made
        moment = made.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0) if made else NEVER
        told = deck.core_properties
        told.title, told.subject = clean(briefing.headline)[:255], clean(briefing.subtitle)[:255]
        told.author = told.last_modified_by = AUTHOR
        told.created = told.modified = moment
        told.language, told.revision, told.category, told.comments = LANGUAGE, 1, "briefing", ""
        told.keywords = clean(f"data version {briefing.version}")[:255]

    def _theme(self) -> None:
        named = {
            "dk1": self.colours.ink, "lt1": self.colours.paper, "dk2": self.colours.mute, "lt2": self.colours.wash,
            "hlink": self.colours.accent, "folHlink": self.colours.accent,
        }  # fmt: skip
        named |= {f"accent{at}": colour for at, colour in enumerate([*self.colours.category.values()][:6], 1)}
        part = self.deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
        root = parse_xml(part.blob)
        for name, colour in named.items():
            for element in root.iter(qn(f"a:{name}")):
                for child in [*element]:
                    element.remove(child)
                added(element, "a:srgbClr", val=colour.lstrip("#").upper())
        for latin in root.iter(qn("a:latin")):
            latin.set("typeface", FACE)
        part._blob = serialize_part_xml(root)  # noqa: SLF001

    def saved(self) -> bytes:
        """Return the deck as bytes; its ZIP is written anew, since python-pptx gives its entries the time of day."""
        for slide in self.deck.slides:
            tree = slide.shapes._spTree  # noqa: SLF001
            named = {shape.name: shape._element for shape in slide.shapes if shape.name in READ_LAST}  # noqa: SLF001
            for name in READ_LAST:
                if name in named:
                    tree.append(named[name])
        out = io.BytesIO()
        self.deck.save(out)
        with zipfile.ZipFile(out) as written:
            return bundle.archive({entry.filename: written.read(entry) for entry in written.infolist()})

    # What stands on every slide

    def _slide(self, title: str) -> tuple[Any, Box]:
        """Add a slide with title, markings and stamp; return it with the room between them."""
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        x, width, top = self.margin, self.width - 2 * self.margin, self.band + self.margin * 0.6
        first = len(self.deck.slides) == 1
        size, lines = self._title_size(title, width, first=first)
        height = len(lines) * size * LINE
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = (Pt(v) for v in (x, top, width, height))
        self.brush.fill(shape.text_frame, [Para((Run(title, bold=True),), size)])
        top += height + 2
        if first:
            top = self._subtitle(slide, top) + 6
        else:
            top += 4
        bottom = self._foot(slide, first=first)
        self._markings(slide)
        return slide, Box(x, top, width, bottom - top)

    def _title_size(self, title: str, width: float, *, first: bool) -> tuple[float, list[str]]:
        largest = {"slide": 28.0, "square": 20.0}.get(self.layout.name, 24.0) if first else 20.0
        text = clean(title)
        offered = [(1, scale) for scale in TITLES[:4]] + [(2, scale) for scale in TITLES[:-1]]
        for most, scale in (*offered, (MOST_TITLE_LINES, TITLES[-1])):
            lines = wrapped(text, round(largest * scale), width, bold=True)
            if len(lines) <= most:
                return round(largest * scale), lines
        if first:
            room = int(len(text) * MOST_TITLE_LINES / len(lines) * 0.95)
            raise QuestionError(
                f"the headline does not fit on the page “{self.layout.name}”: its {len(text)} characters need {len(lines)} lines "
                f"of {MOST_TITLE_LINES}; shorten it to about {room} characters"
            )
        return round(largest * TITLES[-1]), lines

    def _subtitle(self, slide: Any, top: float) -> float:
        size = 12.0 if self.layout.name == "slide" else 10.0
        briefing = self.briefing
        told = " · ".join(part for part in (briefing.subtitle, briefing.date_time_group) if part)
        paras = [Para((Run(told, role="mute"),), size)]
        box = Box(self.margin, top, self.width - 2 * self.margin, 0)
        height = height_of(paras, box.width)
        self.brush.text(slide.shapes, "Subtitle", replace(box, height=height), paras)
        return top + height

    def _foot(self, slide: Any, *, first: bool) -> float:
        """Write what stands at the foot, upwards from the lower marking; return where the room above it ends."""
        briefing, width = self.briefing, self.width - 2 * self.margin
        small = 8.0 if self.layout.name == "slide" else 7.5
        stamp = [briefing.permalink, f"data version {briefing.version}", briefing.made]
        if first and briefing.sources:
            stamp.insert(0, f"sources {cites([s.number for s in briefing.sources])}: slide “Sources”")
        if not first:
            stamp.insert(0, f"{briefing.date} ({briefing.date_time_group})")
        groups = [("Stamp", [Para((Run(" · ".join(part for part in stamp if part), role="mute"),), small)])]
        if first:
            groups.append(
                ("Footnote", [Para((Run(f"{briefing.footnote} {briefing.credits}", role="mute"),), small)])
            )
        if briefing.caveats:
            size = small + 2 if first else small
            told = Run(" ".join(briefing.caveats), bold=first)
            groups.append(("Caveats", [Para((told,), size)]))
        bottom = self.height - self.band - self.margin * 0.4
        for name, paras in groups:
            height = height_of(paras, width)
            bottom -= height
            self.brush.text(slide.shapes, name, Box(self.margin, bottom, width, height), paras)
            bottom -= 2
        return bottom - 4

    def _markings(self, slide: Any) -> None:
        marking = self.briefing.marking
        if not marking:
            return
        label = marking in TLP
        ours = TLP_INK[marking] if label else "#ffffff"
        size = 12.0  # at least so large a label of TLP is, and it stands at the right
        while width_of(clean(marking), bold=True) * size > self.width - 2 * self.margin and size > 7:  # noqa: PLR2004
            size -= 0.5
        for name, y in (("Marking, top", 0.0), ("Marking, bottom", self.height - self.band)):
            shape = self.brush.shape(
                slide.shapes, MSO_SHAPE.RECTANGLE, Box(0, y, self.width, self.band), TLP_GROUND
            )
            shape.name = name
            self.brush.fill(shape.text_frame, [Para((Run(marking, bold=True, role=ours),), size)])
            shape.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if label else PP_ALIGN.CENTER
            shape.text_frame.margin_right = Pt(self.margin if label else 0)
            shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE

    # The first slide

    def first(self) -> None:
        """Make the slide with the map, and one for what found no room beside it."""
        slide, room = self._slide(self.briefing.headline)
        frame, boxes = self._boxes(room)
        rows = self._rows()
        placed, moved = self._fitted(rows, boxes)
        self._map(slide, frame)
        for row, box in placed:
            self._row(slide.shapes, row, box)
        self._notes(slide)
        self._more(moved)

    def _boxes(self, room: Box) -> tuple[Box, list[Box]]:
        """Return where the map stands and the columns for words."""
        gap = 16.0
        if self.layout.name == "slide":
            width = min(room.height * 1.14, room.width * 0.54)
            frame = Box(room.x, room.y, width, room.height)
            return frame, [Box(room.x + width + gap, room.y, room.width - width - gap, room.height)]
        if self.layout.name == "square":
            frame = Box(room.x, room.y, room.width * 0.56, room.height * 0.68)
            right = Box(frame.x + frame.width + gap, room.y, room.width - frame.width - gap, room.height)
            below = Box(room.x, room.y + frame.height + 8, frame.width, room.height - frame.height - 8)
            return frame, [right, below]
        frame = Box(room.x, room.y, room.width, min(room.width * 0.84, room.height * 0.58))
        half = (room.width - gap) / 2
        top, height = room.y + frame.height + 10, room.height - frame.height - 10
        return frame, [Box(room.x, top, half, height), Box(room.x + half + gap, top, half, height)]

    def _fitted(self, rows: Sequence[Row], boxes: Sequence[Box]) -> tuple[list[Placed], list[Row]]:
        """Return the rows that stand beside the map, and those that move, whole parts, to slides of their own."""
        movable = list(dict.fromkeys(row.part for row in rows if row.part))
        for gone in range(len(movable) + 1):
            away = movable[len(movable) - gone :]
            stay = [row for row in rows if row.part not in away]
            if away:
                words = f"{' and '.join(part.lower() if at else part for at, part in enumerate(away))}: on the next slide"
                stay.append(Row("Continued", (Para((Run(words, role="mute"),), 9.5),)))
            for scale in SCALES:
                if placed := flow(stay, boxes, scale):
                    return placed, [row for row in rows if row.part in away]
        raise QuestionError(
            f"the legend does not fit on the page “{self.layout.name}”; choose the layout slide, or show fewer categories"
        )

    def _rows(self) -> list[Row]:
        """Return what is told beside the map, in the order in which it is read."""
        briefing = self.briefing
        rows = [Row("Counter", (Para((Run(briefing.counter, bold=True),), 11.5),), air=4)]
        for item in briefing.legend:
            count = f"{item.count:,}" if item.before is None else f"{item.before:,} → {item.count:,}"
            rows.append(Row(
                f"Legend: {item.label}",
                (Para((Run(f"{item.label}: "), Run(count, bold=True), Run(f" {cites(item.cited)}".rstrip(), role="mute")), 10.5),),
                sign=item.category,
            ))  # fmt: skip
        rows += [
            Row(f"Key: {sign}", (Para((Run(words, role="mute"),), 9.0),), sign=sign, air=1)
            for sign, words in briefing.keys
        ]
        rows += [
            Row("Not drawn", (Para((Run(told, role="mute"),), 9.0),), air=1) for told in briefing.not_drawn
        ]
        if briefing.compared or briefing.account:
            rows[-1] = replace(rows[-1], air=rows[-1].air + 5)
        if briefing.compared:
            where = " Site by site: on the next slide." if briefing.changes else ""
            rows.append(
                Row(
                    "What changed",
                    (
                        Para(
                            (Run(f"What changed: {briefing.compared}", bold=True), Run(where, role="mute")),
                            10.5,
                        ),
                    ),
                )
            )
        if briefing.account:
            told = briefing.account
            rows.append(Row("Selected site", (
                Para((Run(told.full_name or told.name, bold=True),), 11.0), Para((Run(told.words),), 10.5), Para((Run(told.staleness, role="mute"),), 9.5),
            )))  # fmt: skip
        if rows:
            rows[-1] = replace(rows[-1], air=rows[-1].air + 5)
        rows += [_phase(phase) for phase in briefing.phases]
        if briefing.earlier_phases:
            rows.append(
                Row(
                    "Earlier phases",
                    (Para((Run(briefing.earlier_phases, role="mute"),), 9.0),),
                    part="Phases",
                    air=6,
                )
            )
        rows += [_quotation(quotation) for quotation in briefing.quotations]
        return rows

    def _map(self, slide: Any, frame: Box) -> None:
        # Of whole pixels, since a drawing that ends within one is stretched.
        pixel = map_png.POINTS / MAP_PPI
        frame = replace(frame, width=frame.width // pixel * pixel, height=frame.height // pixel * pixel)
        body = map_png.png(self.briefing, frame.width, frame.height, ppi=MAP_PPI)
        picture = slide.shapes.add_picture(
            io.BytesIO(body), *(Pt(v) for v in (frame.x, frame.y, frame.width, frame.height))
        )
        picture.name = "Map"
        picture._element.nvPicPr.cNvPr.set("descr", clean(self.briefing.alternative))  # noqa: SLF001
        picture.line.color.rgb, picture.line.width = rgb(self.colours.line), Pt(0.75)

    def _notes(self, slide: Any) -> None:
        briefing = self.briefing
        lines = [
            briefing.subtitle, f"{briefing.date} ({briefing.date_time_group})", briefing.marking, "",
            *briefing.caveats, briefing.footnote, briefing.credits, "", "Sources",
            *(f"{s.number}. {s.publisher}: {s.title}, {s.published} ({s.grade}) {s.url}".rstrip() for s in briefing.sources),
            briefing.more_sources, "", briefing.permalink, f"data version {briefing.version}", briefing.made,
        ]  # fmt: skip
        frame = slide.notes_slide.notes_text_frame
        kept = [clean(line) for at, line in enumerate(lines) if line or (at and lines[at - 1])]
        frame.text = "\n".join(kept)
        for para in frame.paragraphs:
            for run in para.runs:
                run._r.get_or_add_rPr().set("lang", LANGUAGE)  # noqa: SLF001

    def _more(self, moved: Sequence[Row]) -> None:
        """Put the parts that found no room beside the map on slides of their own."""
        for part in dict.fromkeys(row.part for row in moved):
            rows = [row for row in moved if row.part == part]
            while rows:
                slide, room = self._slide(part)
                count = len(rows)
                while count and (placed := flow(rows[:count], [room], 1.15)) is None:
                    count -= 1
                if not count:
                    placed = flow(rows[:1], [room], SCALES[-1])
                    count = 1
                if not placed:
                    raise QuestionError(
                        f"“{clean(rows[0].paras[0].text)[:40]}…” does not fit on the page “{self.layout.name}”; "
                        "leave it out, or choose the layout slide"
                    )
                for row, box in placed:
                    self._row(slide.shapes, row, box)
                rows = rows[count:]

    # Tables

    def tables(self) -> None:
        """Make the slides with tables: what changed, the selected site, sources, sites."""
        briefing = self.briefing
        if briefing.changes:
            self._table(
                "What changed", (Column("Site", 0.22), Column("What happened", 0.62), Column("Sources", 0.16)),
                [(Cell(line.name, signs=(line.before, line.after)), Cell(line.words), Cell(cites(line.cited))) for line in briefing.changes], briefing.more_changes,
            )  # fmt: skip
        if briefing.account and briefing.account.lines:
            self._table(
                briefing.account.full_name or briefing.account.name, (Column("What sources say", 0.84), Column("Sources", 0.16)),
                [(Cell(words), Cell(cites(cited))) for words, cited in briefing.account.lines], "",
            )  # fmt: skip
        if briefing.sources:
            self._table(
                "Sources",
                (Column("No.", 0.05), Column("Publisher", 0.2), Column("Title", 0.37), Column("Published", 0.14), Column("Grade", 0.07), Column("Link", 0.17)),
                [(Cell(str(s.number)), Cell(s.publisher), Cell(s.title), Cell(s.published), Cell(s.grade), _link(s.url)) for s in briefing.sources],
                briefing.more_sources,
            )  # fmt: skip
        if briefing.rows:
            self._table(
                "Sites",
                (Column("Site", 0.2), Column("State", 0.27), Column("Since", 0.13), Column("Evidence", 0.26), Column("Sources", 0.14)),
                [
                    (Cell(row.name if row.placed else f"{row.name} (no position)", signs=(row.category,)), Cell(row.words), Cell(row.since), Cell(row.evidence), Cell(cites(row.cited)))
                    for row in briefing.rows
                ],
                briefing.more_rows,
            )  # fmt: skip

    def _table(
        self, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], more: str
    ) -> None:
        size = TABLE[-1]
        left, page = [[replace(cell, text=clean(cell.text)) for cell in row] for row in rows], 0
        most = 0.0
        while left:
            page += 1
            slide, room = self._slide(title if page == 1 else f"{title}, continued ({page})")
            widths = [room.width * column.share for column in columns]
            head = [Cell(column.title) for column in columns]
            room = replace(room, height=room.height * (1 - SPARE) - BELOW)
            if page == 1:
                size = _table_size(head, left, widths, room.height - (20 if more else 0))
            room = replace(room, height=room.height - (size * LINE + 4 if more else 0))
            if page == 1:
                most = _even(head, left, widths, size, room.height)
            room = replace(room, height=min(room.height, most))
            here, used = [head], cells_height(head, widths, size)
            while left:
                height = cells_height(left[0], widths, size)
                if used + height > room.height:
                    if len(here) > 1:
                        break
                    # A row taller than the page goes on in a row of the next one.
                    fits = int((room.height - used) / (size * LINE)) - 1
                    one, rest = split(left[0], widths, size, fits)
                    here.append(one)
                    left[0] = rest
                    break
                here.append(left.pop(0))
                used += height
            used = self._cells(slide, here, widths, Box(room.x, room.y, room.width, used), size)
            if more and not left:
                box = Box(room.x, room.y + used + 4, room.width, size * LINE)
                self.brush.text(slide.shapes, "More", box, [Para((Run(more, role="mute"),), size)])

    def _cells(
        self, slide: Any, rows: Sequence[Sequence[Cell]], widths: Sequence[float], box: Box, size: float
    ) -> float:
        """Place a table; return its height in points."""
        frame = slide.shapes.add_table(
            len(rows), len(widths), *(Pt(v) for v in (box.x, box.y, box.width, box.height))
        )
        frame.name = "Table"
        table = frame.table
        table._tbl.tblPr.find(qn("a:tableStyleId")).text = NO_GRID  # noqa: SLF001
        table.horz_banding = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Pt(width)
        total = 0.0
        for at, cells in enumerate(rows):
            height = cells_height(cells, widths, size)
            table.rows[at].height, total = Pt(height), total + height
            for target, cell in zip(table.rows[at].cells, cells, strict=True):
                target.margin_left = target.margin_right = Pt(INSET)
                target.margin_top = target.margin_bottom = Pt(1.5)
                run = Run(cell.text, bold=at == 0, url=cell.url)
                self.brush.fill(target.text_frame, [Para((run,), size)], inset=False)
                if not run.text:  # else an empty cell makes its row as high as the deck's own size of text
                    ending = target.text_frame.paragraphs[0]._p.get_or_add_endParaRPr()  # noqa: SLF001
                    ending.set("sz", str(round(size * 100)))
                if cell.signs:
                    target.margin_left = Pt(INSET + cell.indent)
                    self._signs(
                        slide.shapes, cell, box.x + INSET, box.y + total - height + 1.5 + size * LINE / 2
                    )
                underlined(target, self.colours.ink if at == 0 else self.colours.line)
        return total

    def _signs(self, shapes: Any, cell: Cell, x: float, y: float) -> None:
        """Draw the symbols of a cell from left to right around a height, as a group that moves as one."""
        group = shapes.add_group_shape()
        group.name = f"Symbol, {cell.text}"
        group._element.nvGrpSpPr.cNvPr.set("descr", " to ".join(LABELS[sign] for sign in cell.signs))  # noqa: SLF001
        for at, sign in enumerate(cell.signs):
            Pen(self.brush, group.shapes, x + SIGN * 0.42 + at * (SIGN + ARROW), y, 0.52).category(sign)
        if len(cell.signs) > 1:
            arrow = Box(x + SIGN, y - 2, ARROW - 2, 4)
            self.brush.shape(group.shapes, MSO_SHAPE.RIGHT_ARROW, arrow, self.colours.mute)

    # Shapes

    def _row(self, shapes: Any, row: Row, box: Box) -> None:
        scale = row.paras[0].size / 10.5 if row.sign is not None else 1.0
        indent = 0.0
        if row.sign is not None:
            indent = SYMBOL * min(scale, 1.0)
            middle = box.y + row.paras[0].size * LINE / 2
            self._sign(shapes, row, box.x + indent * 0.42, middle, indent / SYMBOL)
        bar = row.bar if row.bar is not None and row.bar.gone is not None else None
        height = box.height - row.air - (BAR if bar else 0)
        self.brush.text(shapes, row.name, Box(box.x + indent, box.y, box.width - indent, height), row.paras)
        if bar:
            self._bar(shapes, bar, Box(box.x, box.y + height + 1, box.width, 3.5))

    def _bar(self, shapes: Any, phase: PhaseLine, box: Box) -> None:
        """Draw the time gone, thin and grey, and the promised end as a tick on it."""
        pieces = [
            ("Time planned", 0.0, 100.0, self.colours.line, 0.0),
            ("Time gone", 0.0, phase.gone or 0.0, self.colours.mute, 0.0),
        ]
        if phase.promise is not None and phase.promise < 100:  # noqa: PLR2004
            pieces.append(("Promised end", phase.promise, 0.4, self.colours.late, 1.5))
        for name, start, share, colour, over in pieces:
            if share > 0:
                x = box.x + box.width * start / 100
                shape = self.brush.shape(
                    shapes,
                    MSO_SHAPE.RECTANGLE,
                    Box(x, box.y - over, box.width * share / 100, box.height + 2 * over),
                    colour,
                )
                shape.name = f"{name}: {phase.label}"

    def _sign(self, shapes: Any, row: Row, x: float, y: float, scale: float) -> None:
        """Draw the symbol of a category or of a key around a point, as a group that moves as one."""
        group = shapes.add_group_shape()
        group.name = f"Symbol, {row.name}"
        group._element.nvGrpSpPr.cNvPr.set("descr", clean(row.paras[0].text))  # noqa: SLF001
        pen = Pen(self.brush, group.shapes, x, y, 0.68 * scale)
        if isinstance(row.sign, Category):
            pen.category(row.sign)
        else:
            pen.key(str(row.sign))


def _link(url: str) -> Cell:
    """Return a short text that leads to an address; LibreOffice breaks a longer one, or an Arabic one, at the wrong places."""
    found = WEB.fullmatch(url)
    return Cell(found[1], url) if found else Cell(url)


def _table_size(
    head: Sequence[Cell], rows: Sequence[Sequence[Cell]], widths: Sequence[float], height: float
) -> float:
    """Return the largest size at which a table needs no more slides than at the smallest."""
    needed = {size: _slides(*_heights(head, rows, widths, size), height) for size in TABLE}
    return next(size for size in TABLE if needed[size] <= needed[TABLE[-1]])


def _heights(
    head: Sequence[Cell], rows: Sequence[Sequence[Cell]], widths: Sequence[float], size: float
) -> tuple[float, list[float]]:
    """Return the heights of a table's head and of its rows in points."""
    return cells_height(head, widths, size), [cells_height(row, widths, size) for row in rows]


def _slides(head: float, rows: Sequence[float], most: float) -> int:
    """Return how many slides rows need of which each has so much room; a row taller than that counts by its share."""
    count, used = 1, head
    for one in rows:
        if used + one > most and used > head:
            count, used = count + 1, head
        count += int(one / (most - head)) if one > most - head else 0
        used += one
    return count


def _even(
    head: Sequence[Cell], rows: Sequence[Sequence[Cell]], widths: Sequence[float], size: float, height: float
) -> float:
    """Return the height to which slides are filled so that all have about as many rows, on as few slides as can be."""
    above, heights = _heights(head, rows, widths, size)
    if above + max(heights) > height:  # a row goes on on the next slide: there is nothing to be even
        return height
    fewest = _slides(above, heights, height)
    most = max(above + sum(heights) / fewest, above + max(heights))
    while most < height and _slides(above, heights, most) > fewest:
        most += 2
    return min(most, height)


def _phase(phase: PhaseLine) -> Row:
    told = Run(phase.verdict, bold=phase.late, role="late" if phase.late else "ink")
    return Row(
        f"Phase: {phase.label}",
        (
            Para((Run(f"{phase.label}: ", bold=True), told), 10.5),
            Para((Run(f"{phase.detail} {cites(phase.cited)}".strip(), role="mute"),), 9.0),
        ),
        part="Phases", bar=phase, air=5,
    )  # fmt: skip


def _quotation(quotation: Quotation) -> Row:
    paras = [Para((Run(f"“{quotation.text}”", language=_language(quotation)),), 10.5)]
    if quotation.original:
        paras.append(Para((Run(f"«{quotation.original}»", language="ar-IQ"),), 10.5))
    paras.append(Para((Run(f"{quotation.by} {cites(quotation.cited)}".rstrip(), role="mute"),), 9.0))
    return Row(f"Quotation {quotation.item}", tuple(paras), part="Quotations", air=7)


def _language(quotation: Quotation) -> str:
    known = {"en": LANGUAGE, "ar": "ar-IQ", "ckb": "ku-Arab-IQ"}
    plain = re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", quotation.language)
    return known.get(quotation.language, quotation.language if plain else LANGUAGE)


def _dropped(owner: Any, kind: str) -> None:
    """Drop what the empty deck brings along: a stranger's thumbnail, a stranger's printer."""
    rels = owner._rels  # noqa: SLF001
    for key in [key for key, rel in rels.items() if rel.reltype == kind]:
        rels.pop(key)

"""The slides with tables: what changed, the selected site, sources, sites; a long table goes on on further slides."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml.ns import qn
from pptx.util import Pt

from components.theme import LABELS
from exports.glyphs import Look
from exports.slide_deck import Deck
from exports.slide_shapes import Brush, Pen, underlined
from exports.slide_text import (
    ARROW,
    INSET,
    LINE,
    SIGN,
    Box,
    Cell,
    Para,
    Run,
    cells_height,
    cites,
    clean,
    split,
)

TABLE = (12.0, 11.0, 10.0, 9.0)
"""Points of a table's text: the largest by which it needs no more slides than by the smallest."""
SPARE, BELOW = 0.08, 12.0
"""Of the room for a table the share and the points at its end that stay free: office programs set rows higher than they are reckoned."""
WEB = re.compile(r"https?://(?:www\.)?([A-Za-z0-9.-]+(?::\d+)?)(?:[/?#][^\s\"<>]*)?", re.ASCII)
"""An address that may be a link, and in it the name of its host."""
NO_GRID = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's own table style without lines and fills."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, its share of the width."""

    title: str
    share: float


def add(deck: Deck) -> None:
    """Make the slides with tables: what changed, the selected site, sources, sites."""
    briefing = deck.briefing
    if briefing.changes:
        _table(
            deck,
            "What changed", (Column("Site", 0.22), Column("What happened", 0.62), Column("Sources", 0.16)),
            [(Cell(line.name, signs=(line.before, line.after)), Cell(line.words), Cell(cites(line.cited))) for line in briefing.changes], briefing.more_changes,
        )  # fmt: skip
    if briefing.account and briefing.account.lines:
        _table(
            deck,
            briefing.account.full_name or briefing.account.name, (Column("What sources say", 0.84), Column("Sources", 0.16)),
            [(Cell(words), Cell(cites(cited))) for words, cited in briefing.account.lines], "",
        )  # fmt: skip
    if briefing.sources:
        _table(
            deck,
            "Sources",
            (Column("No.", 0.05), Column("Publisher", 0.2), Column("Title", 0.37), Column("Published", 0.14), Column("Grade", 0.07), Column("Link", 0.17)),
            [(Cell(str(s.number)), Cell(s.publisher), Cell(s.title), Cell(s.published), Cell(s.grade), _link(s.url)) for s in briefing.sources],
            briefing.more_sources,
        )  # fmt: skip
    if briefing.rows:
        _table(
            deck,
            "Sites",
            (Column("Site", 0.2), Column("State", 0.27), Column("Since", 0.13), Column("Evidence", 0.26), Column("Sources", 0.14)),
            [
                (Cell(row.name if row.placed else f"{row.name} (no position)", signs=(row.look,)), Cell(row.words), Cell(row.since), Cell(row.evidence), Cell(cites(row.cited)))
                for row in briefing.rows
            ],
            briefing.more_rows,
        )  # fmt: skip


def _table(
    deck: Deck, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], more: str
) -> None:
    size = TABLE[-1]
    left, page = [[replace(cell, text=clean(cell.text)) for cell in row] for row in rows], 0
    most = 0.0
    while left:
        page += 1
        slide, room = deck.slide(title if page == 1 else f"{title}, continued ({page})")
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
        used = _cells(deck.brush, slide, here, widths, Box(room.x, room.y, room.width, used), size)
        if more and not left:
            box = Box(room.x, room.y + used + 4, room.width, size * LINE)
            deck.brush.text(slide.shapes, "More", box, [Para((Run(more, role="mute"),), size)])


def _cells(  # noqa: PLR0913, PLR0917  # what stands in a table, how large and where
    brush: Brush, slide: Any, rows: Sequence[Sequence[Cell]], widths: Sequence[float], box: Box, size: float
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
            brush.fill(target.text_frame, [Para((run,), size)], inset=False)
            if not run.text:  # else an empty cell makes its row as high as the deck's own size of text
                ending = target.text_frame.paragraphs[0]._p.get_or_add_endParaRPr()  # noqa: SLF001
                ending.set("sz", str(round(size * 100)))
            if cell.signs:
                target.margin_left = Pt(INSET + cell.indent)
                _signs(
                    brush, slide.shapes, cell, box.x + INSET, box.y + total - height + 1.5 + size * LINE / 2
                )
            underlined(target, brush.colours.ink if at == 0 else brush.colours.line)
    return total


def _signs(brush: Brush, shapes: Any, cell: Cell, x: float, y: float) -> None:
    """Draw the symbols of a cell from left to right around a height."""
    symbol = brush.symbol(shapes, cell.text, " to ".join(_words(look) for look in cell.signs))
    for at, look in enumerate(cell.signs):
        Pen(brush, symbol, x + SIGN * 0.42 + at * (SIGN + ARROW), y, 0.52).mark(look)
    if len(cell.signs) > 1:
        arrow = Box(x + SIGN, y - 2, ARROW - 2, 4)
        brush.shape(symbol, MSO_SHAPE.RIGHT_ARROW, arrow, brush.colours.mute)


def _words(look: Look) -> str:
    """Return what a symbol shows: "Iraqi forces alone (hollow, faded)"."""
    doubts = ", ".join(word for word, borne in (("hollow", look.weak), ("faded", look.stale)) if borne)
    return f"{LABELS[look.category]} ({doubts})" if doubts else LABELS[look.category]


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

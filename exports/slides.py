"""A briefing as slides that a person can edit: native title, text, legend and tables, the map as a picture."""

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pptx.util import Pt

from exports import map_png, slide_rows, slide_tables
from exports.briefing import Briefing
from exports.options import Layout
from exports.slide_deck import Deck
from exports.slide_shapes import rgb
from exports.slide_text import LANGUAGE, Box, Para, Placed, Row, Run, clean, flow
from geodata.errors import QuestionError

MAP_PPI = 192
"""Pixels of the map's picture in an inch of the slide: sharp on a projector of twice 1920 pixels."""
SCALES = (1.3, 1.2, 1.1, 1.0, 0.95, 0.9, 0.85, 0.8, 0.76)
"""Text beside the map is set larger or smaller within these limits, then moves to a slide of its own."""


def pptx(briefing: Briefing) -> bytes:
    """Return the briefing as PPTX; QuestionError with what would help where a headline does not fit."""
    deck = Deck(briefing)
    _first(deck)
    slide_tables.add(deck)
    return deck.saved()


def _first(deck: Deck) -> None:
    """Make the slide with the map, and one for what found no room beside it."""
    slide, room = deck.slide(deck.briefing.headline)
    frame, boxes = _boxes(deck.layout, room)
    rows = slide_rows.rows(deck.briefing)
    placed, moved = _fitted(rows, boxes, deck.layout)
    _map(deck, slide, frame)
    for row, box in placed:
        slide_rows.write(deck.brush, slide.shapes, row, box, deck.briefing.marks)
    _notes(slide, deck.briefing)
    _more(deck, moved)


def _boxes(layout: Layout, room: Box) -> tuple[Box, list[Box]]:
    """Return where the map stands and the columns for words."""
    gap = 16.0
    if layout.name == "slide":
        width = min(room.height * 1.14, room.width * 0.54)
        frame = Box(room.x, room.y, width, room.height)
        return frame, [Box(room.x + width + gap, room.y, room.width - width - gap, room.height)]
    if layout.name == "square":
        frame = Box(room.x, room.y, room.width * 0.56, room.height * 0.68)
        right = Box(frame.x + frame.width + gap, room.y, room.width - frame.width - gap, room.height)
        below = Box(room.x, room.y + frame.height + 8, frame.width, room.height - frame.height - 8)
        return frame, [right, below]
    frame = Box(room.x, room.y, room.width, min(room.width * 0.84, room.height * 0.58))
    half = (room.width - gap) / 2
    top, height = room.y + frame.height + 10, room.height - frame.height - 10
    return frame, [Box(room.x, top, half, height), Box(room.x + half + gap, top, half, height)]


def _fitted(rows: Sequence[Row], boxes: Sequence[Box], layout: Layout) -> tuple[list[Placed], list[Row]]:
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
        f"the legend does not fit on the page “{layout.name}”; choose the layout slide, or show fewer categories"
    )


def _map(deck: Deck, slide: Any, frame: Box) -> None:
    # Of whole pixels, since a drawing that ends within one is stretched.
    pixel = map_png.POINTS / MAP_PPI
    frame = replace(frame, width=frame.width // pixel * pixel, height=frame.height // pixel * pixel)
    body = map_png.png(deck.briefing, frame.width, frame.height, ppi=MAP_PPI)
    picture = slide.shapes.add_picture(
        io.BytesIO(body), *(Pt(v) for v in (frame.x, frame.y, frame.width, frame.height))
    )
    picture.name = "Map"
    picture._element.nvPicPr.cNvPr.set("descr", clean(deck.briefing.alternative))  # noqa: SLF001
    picture.line.color.rgb, picture.line.width = rgb(deck.colours.line), Pt(0.75)


def _notes(slide: Any, briefing: Briefing) -> None:
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


def _more(deck: Deck, moved: Sequence[Row]) -> None:
    """Put the parts that found no room beside the map on slides of their own."""
    for part in dict.fromkeys(row.part for row in moved):
        rows = [row for row in moved if row.part == part]
        while rows:
            slide, room = deck.slide(part)
            count = len(rows)
            while count and (placed := flow(rows[:count], [room], 1.15)) is None:
                count -= 1
            if not count:
                placed = flow(rows[:1], [room], SCALES[-1])
                count = 1
            if not placed:
                raise QuestionError(
                    f"“{clean(rows[0].paras[0].text)[:40]}…” does not fit on the page “{deck.layout.name}”; "
                    "leave it out, or choose the layout slide"
                )
            for row, box in placed:
                slide_rows.write(deck.brush, slide.shapes, row, box, deck.briefing.marks)
            rows = rows[count:]

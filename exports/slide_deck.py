"""The deck of a briefing: its size, colours and properties, and what stands on every slide of it."""

import datetime as dt
import io
import zipfile
from dataclasses import replace
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from exports import bundle
from exports.briefing import Briefing
from exports.options import TLP
from exports.palette import TLP_GROUND, TLP_INK, palette
from exports.slide_shapes import FACE, Brush, added
from exports.slide_text import LANGUAGE, LINE, Box, Para, Run, cites, clean, height_of, width_of, wrapped
from geodata.errors import QuestionError

NEVER = dt.datetime(1980, 1, 1)  # noqa: DTZ001  # core.xml holds UTC without saying so
"""The date of a file about whose making nothing is declared: the earliest that its ZIP knows."""
AUTHOR = "Handover Atlas"
TITLES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.76)
MOST_TITLE_LINES = 3
BAND = 20.0
"""Height of a marking in points."""
READ_LAST = ("Caveats", "Footnote", "Stamp", "Marking, top", "Marking, bottom")
"""Shapes that a screen reader comes to after the others; it reads them in the order in which they stand in the file."""


class Deck:
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

    def slide(self, title: str) -> tuple[Any, Box]:
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


def _dropped(owner: Any, kind: str) -> None:
    """Drop what the empty deck brings along: a stranger's thumbnail, a stranger's printer."""
    rels = owner._rels  # noqa: SLF001
    for key in [key for key, rel in rels.items() if rel.reltype == kind]:
        rels.pop(key)

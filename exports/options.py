"""What somebody chose for a briefing beside the view, in the words of an address, read strictly."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components import view_state
from components.view_state import echo
from exports import alphabet
from geodata.errors import QuestionError

LAYOUT, THEME, HEADLINE, MARKING, QUOTES, MADE, ADDRESS, SCALE = (
    "layout", "theme", "headline", "marking", "quotes", "made", "address", "scale",
)  # fmt: skip
PARAMETERS = (LAYOUT, THEME, HEADLINE, MARKING, QUOTES, MADE, ADDRESS, SCALE, view_state.MAP)
NONE = "none"
THEMES = ("light", "dark", "grey")
SCALES = (1, 2, 4)
LONGEST = {HEADLINE: 240, MARKING: 80, ADDRESS: 200}
"""Characters that are read; whether they fit on the page is measured when it is set."""
MOST_QUOTES = 6
MOST_OFFERED = 60
"""Quotations that a reader is offered to choose from, the newest; any other can be asked for by its name."""
TLP = ("TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR")
"""The labels of the Traffic Light Protocol 2.0 (first.org/tlp); it knows no others and no other spelling."""
ADDRESS_FORM = re.compile(
    r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:(?P<port>\d{1,5}))?(/[A-Za-z0-9._~-]+)*/?", re.ASCII
)
MOST_PORT = 65_535
JOINERS = "\u200c\u200d\u200e\u200f"
"""Signs without a shape that spelling needs: between letters that join or do not, and between directions."""
YEARS = (2000, 2100)
"""The years in which a briefing can have been made."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A page: its size in points, and the pixels an inch of it has in a picture at scale 1."""

    name: str
    words: str
    width_pt: float
    height_pt: float
    ppi: int

    def pixels(self, scale: int = 1) -> tuple[int, int]:
        """Return width and height of the picture in pixels."""
        per_point = self.ppi * scale / 72
        return round(self.width_pt * per_point), round(self.height_pt * per_point)


LAYOUTS: Mapping[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout("slide", "Slide 16:9", 960, 540, 144),
        Layout("a4", "A4 portrait", 595.28, 841.89, 150),
        Layout("letter", "Letter portrait", 612, 792, 150),
        Layout("square", "Square", 540, 540, 144),
    )
}


@dataclass(frozen=True, slots=True)
class Extent:
    """The middle of the map in degrees and its zoom, as the page's address spells it."""

    zoom: float
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Options:
    """How a briefing is laid out and marked; everything that is not the view and goes into its bytes."""

    layout: Layout = LAYOUTS["slide"]
    theme: str = "light"
    headline: str = ""  # empty: the proposed one
    marking: str = ""  # empty: none
    quotes: tuple[str, ...] | None = None  # identifiers; None: those proposed
    extent: Extent | None = None  # None: all of Iraq
    made: dt.datetime | None = None  # with its time zone; None: not printed
    address: str = ""  # where the atlas is found; empty: the permalink is printed without it
    scale: int = 1  # of a picture


def parse(params: Mapping[str, Sequence[str]]) -> Options:
    """Return the options that parameters name; QuestionError with what would be right where one is not understood."""
    given = {name: _one(params, name) for name in PARAMETERS}
    layout = _choice(LAYOUT, given[LAYOUT], tuple(LAYOUTS), "slide")
    scale = _choice(SCALE, given[SCALE], tuple(str(scale) for scale in SCALES), "1")
    return Options(
        layout=LAYOUTS[layout],
        theme=_choice(THEME, given[THEME], THEMES, "light"),
        headline=_text(HEADLINE, given[HEADLINE]),
        marking=_marking(given[MARKING]),
        quotes=_quotes(given[QUOTES]),
        extent=_extent(given[view_state.MAP]),
        made=_made(given[MADE]),
        address=_address(given[ADDRESS]),
        scale=int(scale),
    )


def format_options(options: Options) -> dict[str, str]:
    """Return the parameters that `parse` reads back; what is as it is without them is left out."""
    plain, extent = Options(), options.extent
    found = {
        LAYOUT: options.layout.name if options.layout != plain.layout else "",
        THEME: options.theme if options.theme != plain.theme else "",
        HEADLINE: options.headline,
        MARKING: options.marking,
        QUOTES: "" if options.quotes is None else ",".join(options.quotes) or NONE,
        view_state.MAP: f"{extent.zoom:g}/{extent.lat:g}/{extent.lon:g}" if extent else "",
        MADE: options.made.isoformat() if options.made else "",
        ADDRESS: options.address,
        SCALE: str(options.scale) if options.scale != plain.scale else "",
    }
    return {name: value for name, value in found.items() if value}


def _one(params: Mapping[str, Sequence[str]], name: str) -> str:
    values = [value for value in params.get(name, ()) if value.strip()]
    if len(values) > 1:
        raise QuestionError(f"{name} is given {len(values)} times; give it once")
    return values[0].strip() if values else ""


def _choice(name: str, value: str, offered: Sequence[str], default: str) -> str:
    if value and value not in offered:
        raise QuestionError(f"{name}={echo(value)} is not understood; it is one of {', '.join(offered)}")
    return value or default


def _text(name: str, value: str) -> str:
    """Return a text on one line; it may be in any script, and is refused rather than cut."""
    line = " ".join(value.split())
    if strange := next((sign for sign in line if not sign.isprintable() and sign not in JOINERS), ""):
        raise QuestionError(
            f"the {name} has a sign that cannot be printed, U+{ord(strange):04X}; leave it out"
        )
    if name != ADDRESS and (undrawn := alphabet.undrawn(line)):
        raise QuestionError(
            f"the {name} has signs that our typefaces do not have: {echo(undrawn)}; write it in Latin, Greek, Cyrillic or Arabic letters"
        )
    if len(line) > LONGEST[name]:
        raise QuestionError(
            f"the {name} has {len(line)} characters; at most {LONGEST[name]} are read, so shorten it"
        )
    return line


def _marking(value: str) -> str:
    marking = _text(MARKING, value)
    if marking.lower() == NONE:
        return ""
    if marking.upper().startswith("TLP") and marking not in TLP:
        raise QuestionError(f"marking={echo(marking)} is no label of TLP 2.0; they are {', '.join(TLP)}")
    return marking


def _quotes(value: str) -> tuple[str, ...] | None:
    if not value:
        return None
    if value.lower() == NONE:
        return ()
    asked = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    if len(asked) > MOST_QUOTES:
        raise QuestionError(f"{len(asked)} quotations are asked for; a briefing takes at most {MOST_QUOTES}")
    return asked


def _extent(value: str) -> Extent | None:
    if not value:
        return None
    if not view_state.readable(value):
        raise QuestionError(
            f"map={echo(value)} is no extent; it is zoom/latitude/longitude, such as 7.5/33.3/44.4"
        )
    return Extent(*map(float, value.split("/")))


def _made(value: str) -> dt.datetime | None:
    if not value:
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not YEARS[0] <= moment.year < YEARS[1]:
        raise QuestionError(
            f"made={echo(value)} is no moment with its time zone; write it as 2026-01-18T14:05+03:00"
        )
    return moment


def _address(value: str) -> str:
    address = _text(ADDRESS, value)
    match = ADDRESS_FORM.fullmatch(address)
    if address and (match is None or int(match["port"] or 0) > MOST_PORT):
        raise QuestionError(
            f"address={echo(address)} is not where an atlas is found; it is written as https://atlas.example.org"
        )
    return address.rstrip("/")

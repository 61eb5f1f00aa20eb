"""The colours of a briefing: those of the screen, read from where they are named, and greys for a printer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

import components
from geodata.control import Category

TOKENS = Path(components.__file__).parent / "browser" / "tokens.css"
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9a-fA-F]{6});")
BLOCKS = {"light": ":root", "dark": ':root[data-theme="dark"]'}
"""The rule of tokens.css that holds the colours of each theme."""

GREY = {
    "ink": "#111111", "mute": "#4d4d4d", "line": "#c4c4c4", "paper": "#ffffff", "wash": "#ffffff", "raise": "#ffffff",
    "accent": "#111111", "late": "#111111",
    "sea": "#dcdcdc", "land": "#eeeeee", "land-line": "#c9c9c9", "federal": "#ffffff", "kurdistan": "#f4f4f4", "gov-line": "#d6d6d6",
    "border": "#6e6e6e", "kr-line": "#555555", "river": "#bababa", "lake": "#dcdcdc", "map-label": "#5a5a5a", "halo": "#ffffff",
    "c-coalition-federal": "#1b1b1b", "c-coalition-kurdistan": "#565656", "c-iraqi-forces": "#8b8b8b",
    "c-kurdistan-forces": "#bdbdbd", "c-islamic-state": "#000000", "c-not-sourced": "#6e6e6e",
}  # fmt: skip
"""For a printer without colour: the filled shapes stand some 18 steps of lightness apart, paper is white."""

TLP_INK: Mapping[str, str] = {
    "TLP:RED": "#ff2b2b", "TLP:AMBER+STRICT": "#ffc000", "TLP:AMBER": "#ffc000", "TLP:GREEN": "#33ff00", "TLP:CLEAR": "#ffffff",
}  # fmt: skip
"""The colours of the labels of TLP 2.0 (first.org/tlp), each on `TLP_GROUND`, whatever the theme."""
TLP_GROUND = "#000000"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, each "#rrggbb"."""

    name: str
    ink: str
    mute: str
    line: str
    paper: str
    wash: str
    raise_: str
    accent: str
    late: str
    sea: str
    land: str
    land_line: str
    federal: str
    kurdistan: str
    gov_line: str
    border: str
    kr_line: str
    river: str
    lake: str
    map_label: str
    halo: str
    category: Mapping[Category, str] = field(hash=False)

    def edge(self, category: Category, *, share: float = 0.68) -> str:
        """Return the darker edge of a category's mark: `share` of its colour, the rest ink."""
        return mix(self.category[category], self.ink, share)

    def faded(self, category: Category) -> str:
        """Return the fill of a mark whose evidence is old."""
        return mix(self.category[category], self.halo, 0.4)


@cache
def palette(theme: str) -> Palette:
    """Return the colours of a theme: light, dark, or grey."""
    tokens = GREY if theme == "grey" else _tokens(theme)
    named = {
        name.replace("-", "_"): colour.lower() for name, colour in tokens.items() if not name.startswith("c-")
    }
    named["raise_"] = named.pop("raise")
    category = {kind: tokens.get(f"c-{kind.value}", tokens["ink"]).lower() for kind in Category}
    return Palette(name=theme, category=MappingProxyType(category), **named)


def mix(one: str, other: str, share: float) -> str:
    """Return `share` of one colour and the rest of another, as `color-mix(in srgb, ...)` does."""
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def _tokens(theme: str) -> Mapping[str, str]:
    """Return the colours that tokens.css names for a theme; what the dark rule leaves out is as in the light one."""
    text = re.sub(r"/\*.*?\*/", "", TOKENS.read_text("utf-8"), flags=re.DOTALL)
    screen = text.partition("@media print")[0]
    found: dict[str, str] = {}
    for selector, body in RULE.findall(screen):
        if selector.strip() in (BLOCKS["light"], BLOCKS[theme]):
            found |= dict(TOKEN.findall(body))
    return found

"""Who is measured: how each is started and moved, and how its page is read."""

from __future__ import annotations

import json
from dataclasses import dataclass

SITE = "ain-al-asad"
"""The selected site, for all alike: its dossier is one of the longest."""

COLOURS = {
    "coalition-federal": "#0b63a5",
    "coalition-kurdistan": "#3fa3dc",
    "changing-hands": "#a0408f",
    "iraqi-forces": "#e08a00",
    "kurdistan-forces": "#00886a",
    "islamic-state": "#222222",
    "not-sourced": "#777777",
}
"""The peer's markers by category; it has no shapes, so `changing-hands` needs a colour of its own."""


@dataclass(frozen=True)
class Contestant:
    """One app under measurement; `category` and `ready` are JavaScript functions that read its page."""

    name: str
    title: str
    entry: str
    address: str
    """Path and query to open; `{day}` stands for the first day."""
    key: str
    """What is pressed on the slider to get to the next change."""
    panels: str
    """Selector of the element whose texts follow the day; `[data-shown]` in it names the day they show."""
    category: str
    """(window of the map, site id) -> the category its marks show, null if they are not there."""
    ready: str
    """(window of the map) -> true once the map can be used."""


ATLAS = Contestant(
    name="atlas",
    title="Handover Atlas",
    entry="app.py",
    address=f"/?as_of={{day}}&site={SITE}",
    key="Shift+ArrowRight",
    panels=".st-key-atlas-body",
    # A site may have two marks, on the map and in the inset: both must show the same. The glyph itself is read.
    category="""(map, site) => {
      const glyphs = [...map.document.querySelectorAll(`[data-site="${site}"] > .atlas-glyph-box > svg`)].map((svg) =>
        svg.querySelector(".atlas-turn") ? "changing-hands"
          : svg.querySelector(".atlas-shape")?.classList.item(1).replace("atlas-shape-", ""));
      return glyphs.length && new Set(glyphs).size === 1 ? glyphs[0] : null;
    }""",
    ready="(map) => Boolean(map.controlLayer?.ready && map.controlLayer.day)",
)

REBUILT = Contestant(
    name="rebuilt",
    title="rebuilt map",
    entry="tools/bench/peer_app.py",
    address="/",
    key="ArrowRight",
    panels=".st-key-peer-panels",
    category=f"""(map, site) => {{
      const colours = {json.dumps(COLOURS)};
      const fill = map.document.querySelector(`path.site-${{site}}`)?.getAttribute("fill");
      return Object.keys(colours).find((category) => colours[category] === fill) ?? null;
    }}""",
    ready="""(map) => map.document.querySelector("path[class*=site-]") !== null""",
)

PEERS = (REBUILT,)

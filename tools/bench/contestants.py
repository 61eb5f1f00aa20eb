"""Who is measured: how each is started, moved and played, and how its page is read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.bench.facts import Facts

COLOURS = {
    "coalition-federal": "#0b63a5",
    "coalition-kurdistan": "#3fa3dc",
    "changing-hands": "#a0408f",
    "iraqi-forces": "#e08a00",
    "kurdistan-forces": "#00886a",
    "islamic-state": "#222222",
    "not-sourced": "#777777",
}
"""The peers' markers by category; they have no shapes, so `changing-hands` needs a colour of its own."""


@dataclass(frozen=True)
class Mode:
    """One way to play: how it is set and started in the page."""

    name: str
    """`time`: the whole span in a minute; `change`: so many changes in a second."""
    set: str = "() => {}"
    """JavaScript, run in the page first."""


@dataclass(frozen=True)
class Contestant:
    """One app under measurement; `categories`, `ready` and `stamp` are JavaScript functions that read its page.

    Each gets the window of the map: `categories` with an object whose keys are sites returns what their marks show,
    `ready` whether the map can be used, `stamp` something that differs whenever another date is shown.
    """

    name: str
    title: str
    entry: str
    environment: Mapping[str, str]
    address: str
    """Path and query to open; `{day}` stands for the first day, `{site}` for the selected site."""
    key: str
    """What is pressed to get to the next change."""
    focus: str
    """What has the focus then, on the page or, with `in_map`, in the map's frame."""
    slider: str
    """What has the focus when Home and End jump across the whole span."""
    play: str
    """What is clicked to play."""
    pause: str
    """What ends it."""
    categories: str
    ready: str
    stamp: str
    modes: tuple[Mode, ...]
    panels: str | None = None
    """Selector of the element whose texts follow the day; `[data-shown]` in it names the day they show."""
    in_map: bool = False
    """Whether the slider is in the map's frame."""
    start: str | None = None
    """JavaScript that gets the map's window and the first day in milliseconds, where no address can name that day."""
    in_page: bool = False
    """Whether the date reaches the markers without the server."""
    needs_npm: bool = False
    knows_evidence: bool = False
    """Whether Home and End lead to the first and last evidence instead of the ends of the axis."""

    def ends(self, facts: Facts) -> tuple[int, int]:
        """Return the days to which Home and End lead, counted from 1970-01-01."""
        if self.knows_evidence:
            return facts.first_sourced, facts.last_evidence
        return (facts.first, facts.last) if self.in_map else (facts.change_days[0], facts.change_days[-1])


ATLAS = Contestant(
    name="atlas",
    title="Handover Atlas",
    entry="app.py",
    environment={},
    address="/?as_of={day}&site={site}",
    key="Shift+ArrowRight",
    focus="[role=slider][aria-label='Date']",
    slider="[role=slider][aria-label='Date']",
    play="() => window.__atlas.actions.play()",
    pause="() => window.__atlas.actions.pause()",
    panels=".st-key-atlas-body",
    categories="""(map, sites) => Object.fromEntries(
      Object.keys(sites).map((site) => [site, map.controlLayer.category(site)]))""",
    ready="(map) => Boolean(map.controlLayer?.ready && map.controlLayer.day)",
    stamp="(map) => map.controlLayer.day",
    modes=(
        Mode("time 1x", "() => window.__atlas.set({ rhythm: 'time', speed: 1, loop: true })"),
        Mode("change 8x", "() => window.__atlas.set({ rhythm: 'change', speed: 8, loop: true })"),
        Mode("change 1x", "() => window.__atlas.set({ rhythm: 'change', speed: 1, loop: true })"),
    ),
    in_page=True,
    knows_evidence=True,
)

SLIDER = "[role=slider], input[type=range]"
SWITCH = "() => document.querySelector('.st-key-playing input').click()"

_FIND = f"""(map, sites) => {{
  const categories = {json.dumps({colour: category for category, colour in COLOURS.items()})};
  const found = {{}};
  map.map?.eachLayer((layer) => {{
    const site = layer.options?.className?.slice(5);
    if (site && Object.hasOwn(sites, site)) found[site] = categories[layer.options.fillColor];
  }});
  return found;
}}"""
_READY = """(map) => {
  let there = false;
  map.map?.eachLayer((layer) => { there ||= layer.options?.className?.startsWith("site-"); });
  return there;
}"""

REBUILT = Contestant(
    name="rebuilt",
    title="map rebuilt",
    entry="tools/bench/peers/entry.py",
    environment={"BENCH_PEER": "rebuilt"},
    address="/?as_of={day}",
    key="ArrowRight",
    focus=SLIDER,
    slider=SLIDER,
    play=SWITCH,
    pause=SWITCH,
    panels=".st-key-peer-panels",
    categories=_FIND,
    ready=_READY,
    stamp="(map) => map.map",
    modes=(Mode("change 1x"),),
)

ADDED = Contestant(
    name="added",
    title="feature_group_to_add",
    entry="tools/bench/peers/entry.py",
    environment={"BENCH_PEER": "added"},
    address="/?as_of={day}",
    key="ArrowRight",
    focus=SLIDER,
    slider=SLIDER,
    play=SWITCH,
    pause=SWITCH,
    panels=".st-key-peer-panels",
    categories=_FIND,
    ready=_READY,
    stamp="(map) => map.feature_group?.at(-1)",
    modes=(Mode("change 1x"),),
)

TIMELINE = Contestant(
    name="timeline",
    title="folium Timeline",
    entry="tools/bench/peers/entry.py",
    environment={"BENCH_PEER": "timeline"},
    address="/",
    key="ArrowRight",
    focus=".leaflet-timeline-control button.next",
    slider="input.time-slider",
    play="(map) => map.document.querySelector('.leaflet-timeline-control button.play').click()",
    pause="(map) => map.document.querySelector('.leaflet-timeline-control button.pause').click()",
    categories=_FIND,
    ready="""(map) => Boolean(map.document.querySelector("input.time-slider")) && (%s)(map)""" % _READY,  # noqa: UP031  # braces
    stamp="(map) => map.document.querySelector('output.time-text').textContent",
    start="""(map, time) => {
      const slider = map.document.querySelector("input.time-slider");
      slider.value = time;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }""",
    in_map=True,
    in_page=True,
    modes=(Mode("time 1x"),),
    needs_npm=True,
)

PEERS = (REBUILT, ADDED, TIMELINE)

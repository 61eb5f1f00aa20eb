"""What the peers have in common: the data, the base map, the markers, the slider and the panels.

Everything but the way of the date to the markers is the dashboard's own or the same for all peers.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import streamlit as st

from components import base_map as ours
from components import paths, view
from components.view_state import ViewState
from geodata import boundaries, load
from pages import overview
from tools.bench import facts
from tools.bench.contestants import COLOURS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geodata.model import Ledger

TODAY = dt.date.fromisoformat(os.environ["ATLAS_TODAY"])
EPOCH = dt.date(1970, 1, 1)
CHANGE_SECONDS = 1.2
"""Playing, a change takes so long, as in the dashboard at single speed."""
DAY, PLAYING, ADVANCE = "day", "playing", "advance"


@st.cache_resource(show_spinner=False)
def ledger() -> Ledger:
    """Return the data, read once."""
    return load.load(Path(os.environ["GEODATA"]))


@st.cache_resource(show_spinner=False)
def known() -> facts.Facts:
    """Return the categories of all sites by day, folded beforehand."""
    return facts.read(Path(os.environ["BENCH_FACTS"]))


@st.cache_resource(show_spinner=False)
def layers() -> Mapping[str, Mapping[str, Any]]:
    """Return the lines and areas of the base map."""
    return boundaries.load().layers()


@st.cache_resource(show_spinner=False)
def days() -> Sequence[dt.date]:
    """Return the days on which anything changes."""
    return [EPOCH + dt.timedelta(days=each) for each in known().change_days]


def base_map(**options: Any) -> folium.Map:
    """Return the map without markers; markers are drawn on a canvas, which suits many of them best."""
    base = folium.Map(location=list(ours.CENTRE), zoom_start=6, tiles=None, prefer_canvas=True, **options)
    base.default_js = [
        ("leaflet", paths.url("vendor/leaflet/leaflet.js")),
        ("jquery", paths.url("vendor/jquery/jquery.min.js")),
    ]
    base.default_css = [("leaflet_css", paths.url("vendor/leaflet/leaflet.css"))]
    for name, _ in ours.LAYERS:
        folium.GeoJson(layers()[name], style_function=_thin).add_to(base)
    return base


def _thin(_feature: Mapping[str, Any]) -> dict[str, Any]:
    return {"color": "#a8a294", "weight": 1, "fillColor": "#f4f1ea", "fillOpacity": 0.3}


def markers(day: dt.date) -> Iterator[folium.CircleMarker]:
    """Yield the markers as they were on a day."""
    number = (day - EPOCH).days
    for site in known().sites:
        if site["lat"] is not None:
            at = bisect_right(site["spans"], number, key=lambda span: span[0]) - 1
            yield folium.CircleMarker(
                location=[site["lat"], site["lon"]],
                radius=7,
                color="#ffffff",
                weight=1,
                fill=True,
                fill_color=COLOURS[site["spans"][max(at, 0)][1]],
                fill_opacity=1,
                tooltip=site["name"],
                class_name=f"site-{site['id']}",
            )


def chosen_day() -> dt.date:
    """Draw the slider, which stops where anything changes, and the switch that plays; return the day."""
    if DAY not in st.session_state:
        st.session_state[DAY] = dt.date.fromisoformat(st.query_params["as_of"])
    if st.session_state.pop(ADVANCE, False):
        following = bisect_right(days(), st.session_state[DAY])
        st.session_state[DAY] = days()[following % len(days())]
    day: dt.date = st.select_slider("Date", options=days(), key=DAY)
    st.toggle("Play", key=PLAYING)
    return day


def play_on(started: float) -> None:
    """Go on to the next change once this one has been on screen long enough, if it plays."""
    if st.session_state[PLAYING]:
        time.sleep(max(0, CHANGE_SECONDS - (time.monotonic() - started)))
        st.session_state[ADVANCE] = True
        st.rerun()


def panels(day: dt.date) -> None:
    """Draw the dashboard's own panels."""
    with st.container(key="peer-panels"):
        st.html(f'<div hidden data-shown="{day}"></div>')
        for name, html in overview.parts(
            view.build(ledger(), ViewState(as_of=day, site=known().site), now=TODAY)
        ):
            st.html(f'<div class="panels" data-panel="{name}">{html}</div>')

"""The peer: a plain streamlit-folium app, which rebuilds its map from the payload for the date on the slider.

Everything but the way of the date to the markers is the dashboard's own: the data, the base map, the panels.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Any

import folium
import streamlit as st
from streamlit_folium import st_folium

from components import assets, panels, site_map, view
from components.view_state import ViewState
from geodata import boundaries, load
from tools.bench.contestants import COLOURS, SITE
from tools.bench.moves import category_on, change_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.model import Ledger

TODAY = dt.date.fromisoformat(os.environ["ATLAS_TODAY"])
EPOCH = dt.date(1970, 1, 1)


@st.cache_resource(show_spinner=False)
def ledger() -> Ledger:
    """Return the data, read once."""
    return load.load()


@st.cache_resource(show_spinner=False)
def payload() -> Mapping[str, Any]:
    """Return the dated states of all sites, as the dashboard sends them."""
    return view.browser_payload(ledger(), None, TODAY)


@st.cache_resource(show_spinner=False)
def layers() -> Mapping[str, Mapping[str, Any]]:
    """Return the lines and areas of the base map."""
    return boundaries.load().layers()


def build(day: dt.date) -> folium.Map:
    """Return the map as it was on a day."""
    base = folium.Map(location=list(site_map.CENTRE), zoom_start=6, tiles=None)
    base.default_js = [
        ("leaflet", assets.url("vendor/leaflet/leaflet.js")),
        ("jquery", assets.url("vendor/jquery/jquery.min.js")),
    ]
    base.default_css = [("leaflet_css", assets.url("vendor/leaflet/leaflet.css"))]
    for name, _ in site_map.LAYERS:
        folium.GeoJson(layers()[name], style_function=_thin).add_to(base)
    for site in payload()["sites"]:
        if site["lat"] is None:
            continue
        category = category_on(site, (day - EPOCH).days)
        folium.CircleMarker(
            location=[site["lat"], site["lon"]],
            radius=7,
            color="#ffffff",
            weight=1,
            fill=True,
            fill_color=COLOURS[category],
            fill_opacity=1,
            tooltip=site["name"],
            class_name=f"site-{site['id']}",
        ).add_to(base)
    return base


def _thin(_feature: Mapping[str, Any]) -> dict[str, Any]:
    return {"color": "#a8a294", "weight": 1, "fillColor": "#f4f1ea", "fillOpacity": 0.3}


def main() -> None:
    """Draw slider, map and panels."""
    st.set_page_config(layout="wide")
    days = [EPOCH + dt.timedelta(days=each) for each in change_days(payload())]
    day = st.select_slider("Date", options=days)
    left, right = st.columns([3, 2])
    with left:
        st_folium(
            build(day), key="map", height=site_map.HEIGHT_PX, use_container_width=True, returned_objects=[]
        )
    with right, st.container(key="peer-panels"):
        st.html(f'<div hidden data-shown="{day}"></div>')
        panels.render(view.build(ledger(), ViewState(as_of=day, site=SITE), now=TODAY))


main()

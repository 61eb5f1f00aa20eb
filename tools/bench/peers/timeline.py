"""The way in the browser: folium's Timeline with its slider; Python hears nothing of the date, so no panels follow."""

from __future__ import annotations

from typing import Any

import streamlit as st
from folium.plugins import Timeline, TimelineSlider
from folium.utilities import JsCode
from streamlit_folium import st_folium

from components import paths, site_map
from tools.bench.contestants import COLOURS
from tools.bench.peers import parts

MS_A_DAY = 86_400_000
SPAN_SECONDS = 60
"""Playing, the whole span takes so long, as in the dashboard at single speed."""
FRAMES_A_SECOND = 60
SCRIPTS = [
    ("timeline", paths.url("npm/leaflet.timeline.js")),
    ("moment", paths.url("npm/moment.min.js")),
]
MARKER = JsCode("""(feature, at) => L.circleMarker(at, { radius: 7, color: "#ffffff", weight: 1, fill: true, fillOpacity: 1,
  fillColor: feature.properties.colour, className: feature.properties.class_name }).bindTooltip(feature.properties.name)""")


@st.cache_resource(show_spinner=False)
def spans() -> dict[str, Any]:
    """Return one feature for each span of each placed site."""
    found = []
    end = parts.known().last + 1
    for site in parts.known().sites:
        if site["lat"] is None:
            continue
        ends = [*(span[0] for span in site["spans"][1:]), end]
        for (first, category), after in zip(site["spans"], ends, strict=True):
            about = {
                "start": first * MS_A_DAY, "end": after * MS_A_DAY, "endExclusive": True, "colour": COLOURS[category],
                "class_name": f"site-{site['id']}", "name": site["name"],
            }  # fmt: skip
            place = {"type": "Point", "coordinates": [site["lon"], site["lat"]]}
            found.append({"type": "Feature", "properties": about, "geometry": place})
    return {"type": "FeatureCollection", "features": found}


st.set_page_config(layout="wide")
shown = parts.base_map(keyboard=False)
timeline = Timeline(spans(), point_to_layer=MARKER)
timeline.add_to(shown)
slider = TimelineSlider(
    start=parts.known().first * MS_A_DAY,
    end=parts.known().last * MS_A_DAY,
    auto_play=False,
    date_options="YYYY-MM-DD",
    enable_keyboard_controls=True,
    steps=SPAN_SECONDS * FRAMES_A_SECOND,
    playback_duration=SPAN_SECONDS * 1000,
)
timeline.default_js = slider.default_js = SCRIPTS
slider.add_timelines(timeline).add_to(shown)  # type: ignore[no-untyped-call]
st_folium(shown, key="map", height=site_map.HEIGHT_PX, use_container_width=True, returned_objects=[])

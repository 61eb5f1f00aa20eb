"""The plain way: the map is built anew for the date on the slider."""

import time

import streamlit as st
from streamlit_folium import st_folium

from components import site_map
from tools.bench.peers import parts

started = time.monotonic()
st.set_page_config(layout="wide")
day = parts.chosen_day()
left, right = st.columns([3, 2])
with left:
    shown = parts.base_map()
    for marker in parts.markers(day):
        marker.add_to(shown)
    st_folium(shown, key="map", height=site_map.HEIGHT_PX, use_container_width=True, returned_objects=[])
with right:
    parts.panels(day)
parts.play_on(started)

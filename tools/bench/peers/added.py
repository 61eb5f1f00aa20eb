"""The careful way: the base map stays, its markers come as a feature group for the date on the slider."""

import time

import folium
import streamlit as st
from streamlit_folium import st_folium

from components import site_map
from tools.bench.peers import parts

started = time.monotonic()
st.set_page_config(layout="wide")
day = parts.chosen_day()
left, right = st.columns([3, 2])
with left:
    group = folium.FeatureGroup(name="sites")
    for marker in parts.markers(day):
        marker.add_to(group)
    st_folium(
        parts.base_map(),
        key="map",
        feature_group_to_add=group,
        height=site_map.HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
    )
with right:
    parts.panels(day)
parts.play_on(started)

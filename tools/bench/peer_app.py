"""The entry of the peer: Streamlit, with Leaflet's files served by us instead of a CDN."""

import streamlit as st

from components import assets

app = st.App("peer_page.py", routes=assets.routes())

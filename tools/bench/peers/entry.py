"""The entry of every peer: the environment's BENCH_PEER names the page; Leaflet's files are served by us, not a CDN."""

import os
from pathlib import Path

import streamlit as st
from starlette.routing import Mount

from components import assets

scripts = os.environ.get("BENCH_SCRIPTS")
"""Where the scripts from npm lie unpacked; only the timeline needs them."""
routes = [Mount("/npm", assets.Files(directory=Path(scripts)))] if scripts else []
app = st.App(f"{os.environ['BENCH_PEER']}.py", routes=[*routes, *assets.routes()])

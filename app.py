"""The dashboard's entry: `streamlit run app.py` starts it."""

import streamlit as st
from starlette.middleware import Middleware

from components import assets, export_route, frame, lives_route
from components.addresses import KnownAddresses
from components.door import SameOrigin

frame.check_data()
app = st.App(
    "components/frame.py",
    routes=[*lives_route.routes(), *export_route.routes(), *assets.routes()],
    middleware=[Middleware(SameOrigin), Middleware(KnownAddresses, pages=frame.PAGES)],
    on_script_error=frame.on_error,
)

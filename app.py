"""The dashboard's entry: `streamlit run app.py` starts it."""

import streamlit as st
from starlette.middleware import Middleware

from components import assets, frame
from components.door import SameOrigin

frame.check_data()
app = st.App(
    "components/frame.py",
    routes=assets.routes(),
    middleware=[Middleware(SameOrigin)],
    on_script_error=frame.on_error,
)

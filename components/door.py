"""Who may open the live connection: pages this server served, and origins the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class SameOrigin:
    """Refuses a WebSocket that a page of another origin opens, before Streamlit looks at it.

    Streamlit 1.67 refuses it too, but first asks an outside address for the machine's own, to compare, whatever
    `browser.serverAddress` and `server.corsAllowedOrigins` say (`server_util.is_url_from_allowed_origins`).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the connection on, or answer 403."""
        if scope["type"] == "websocket" and not welcome(Headers(scope=scope)):
            await PlainTextResponse("This origin may not connect.", status_code=403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def welcome(headers: Headers) -> bool:
    """Tell whether the connection comes from no page, from our own page, or from an origin the settings name."""
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        asked = urlsplit(origin)
    except ValueError:  # an origin no browser sends, such as http://[
        return False
    named = {urlsplit(each.strip()).hostname for each in st.get_option("server.corsAllowedOrigins")}
    return asked.netloc == headers.get("host") or asked.hostname in LOOPBACK | (named - {None})

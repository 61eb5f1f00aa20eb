"""An address that names nothing here is answered with a sentence and a way back, and with 404.

Streamlit answers every unknown path with its own page and 200: a reader who mistypes gets an empty screen, or a box in
Streamlit's words over the map (streamlit 1.67).
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import HTMLResponse

from components.paths import base_path
from components.view_state import echo

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Receive, Scope, Send

STREAMLIT = frozenset({"_stcore", "component", "media", "static", "app"})
"""First parts of paths that Streamlit answers itself."""
OURS = frozenset({"browser", "vendor", "export"})
FILES = frozenset(
    {"lives.json", "favicon.png", "favicon.ico", "manifest.json", "index.html", "browser", "vendor", "export"}
)
"""What is answered at the root, be it with a 404 of its own."""


class KnownAddresses:
    """Lets through what somebody here answers, and answers the rest; `pages` are the addresses of pages."""

    def __init__(self, app: ASGIApp, pages: Collection[str]) -> None:
        self.app = app
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and self.strange(scope["path"]):
            await _sorry(scope["path"])(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def strange(self, path: str) -> bool:
        """Tell whether nobody here answers a path."""
        base = base_path()
        if base and not (path == base or path.startswith(base + "/")):
            return False  # not ours to say
        parts = [part for part in path[len(base) :].split("/") if part]
        if len(parts) <= 1 and "".join(parts) in {"", *self.pages}:
            return False
        if len(parts) == 1:
            return parts[0] not in FILES
        # Folders answer for themselves, also with their own 404; Streamlit looks for its server beside every page.
        return not (parts[0] in STREAMLIT | OURS or parts[1] == "_stcore")


def _sorry(path: str) -> HTMLResponse:
    home = html.escape(quote(base_path() + "/"))
    return HTMLResponse(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>No such page · Handover Atlas</title>'
        '<meta name="viewport" content="width=device-width"><style>body{font:18px/1.5 system-ui,sans-serif;'
        "max-width:34rem;margin:15vh auto;padding:0 1.5rem;color-scheme:light dark}</style>"
        f"<h1>No such page</h1><p>There is nothing at {html.escape(echo(path))}. "
        f'<a href="{home}">Open the map</a>.</p></html>',
        status_code=404,
    )

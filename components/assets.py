"""The app's own routes: browser modules, style sheets, and the vendored files from installed packages.

Nothing is copied into the repository and nothing comes from outside at run time: Leaflet and jQuery are served from
the XStatic packages, the typeface from Streamlit's own files.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from xstatic.pkg import jquery, leaflet

from components.paths import base_path, serve_under

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Scope

BROWSER = Path(__file__).parent / "browser"
TYPEFACE = "SourceSansVF-Upright"

# Not left to the machine's table of types: a module served as text/plain is refused by the browser.
MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
}


serve_under(str(st.get_option("server.baseUrlPath") or ""))


class Files(StaticFiles):
    """A folder over HTTP: an ETag on each file, and the browser asks each time whether it changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file, with 304 if the browser has it, or with a plain 404."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        media_type = MEDIA_TYPES.get(Path(path).suffix)
        if media_type and response.status_code == 200:  # noqa: PLR2004
            response.headers["Content-Type"] = media_type
        return response


def exists(name: str) -> bool:
    """Tell whether the browser folder has this file."""
    return (BROWSER / name).is_file()


def text(name: str) -> str:
    """Return a file of the browser folder, "" if it is not there."""
    return (BROWSER / name).read_text(encoding="utf-8") if exists(name) else ""


def routes() -> list[BaseRoute]:
    """Return the routes to mount in front of Streamlit's; unknown paths under them are 404, not Streamlit's page."""
    base = base_path()
    return [
        Mount(f"{base}/browser", Files(directory=BROWSER)),
        Mount(f"{base}/vendor/leaflet", Files(directory=leaflet.BASE_DIR)),
        Mount(f"{base}/vendor/jquery", Files(directory=jquery.BASE_DIR)),
        Route(f"{base}/vendor/type/upright.woff2", _typeface),
        Mount(f"{base}/vendor", _nothing_here),
        # A mount answers below its path only; without these the bare folders would be Streamlit's page.
        Route(f"{base}/browser", _not_found),
        Route(f"{base}/vendor", _not_found),
    ]


async def _typeface(_request: Request) -> Response:
    """Point to the typeface the page has loaded anyway; its name carries a hash that changes with Streamlit."""
    media = Path(st.__file__).parent / "static" / "static" / "media"
    for file in sorted(media.glob(f"{TYPEFACE}*.woff2")):
        return RedirectResponse(
            f"{base_path()}/static/media/{file.name}", headers={"Cache-Control": "no-cache"}
        )
    raise HTTPException(404)


async def _nothing_here(*_: object) -> None:
    raise HTTPException(404)


async def _not_found(_request: Request) -> Response:
    raise HTTPException(404)

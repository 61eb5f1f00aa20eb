"""The route that gives the browser the lives of all sites: GET /lives.json?known_on=...&without=...

Not through Streamlit's message: there every reader's copy would be made anew, uncompressed, and kept. The parameters
are those of the page's address and are read by the same rules; what they get wrong is left out, as there.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from anyio import CapacityLimiter, to_thread
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from components import lives, session, view_state
from components.desk import load_ledger, today
from components.paths import base_path, url
from components.view_state import ViewState
from geodata.errors import LedgerError
from geodata.knowledge import EVERYTHING

if TYPE_CHECKING:
    import datetime as dt

    from starlette.requests import Request

    from geodata.knowledge import Knowledge
    from geodata.model import Ledger

PATH = "lives.json"
MOST_PARAMETERS = 30


def offer(knowledge: Knowledge) -> dict[str, str]:
    """Return what the ear brings to the page: the version of the lives that belong to it, and where they are."""
    ledger, now = load_ledger(), today()
    asked = view_state.format_view(ViewState(as_of=now, knowledge=knowledge), default=now)
    version = lives.version(ledger, knowledge, now)
    return {"version": version, "url": f"{url(PATH)}?{urlencode({**asked, 'version': version})}"}


def routes() -> list[BaseRoute]:
    """Return the route to mount in front of Streamlit's."""
    return [Route(f"{base_path()}/{PATH}", _answer, methods=["GET"])]


async def _answer(request: Request) -> Response:
    """Answer with the gzipped lives, with 304 if the browser has them, with a sentence if the data are not right."""
    try:
        params = parse_qs(request.url.query, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return PlainTextResponse(f"At most {MOST_PARAMETERS} parameters are read.", status_code=400)
    try:
        ledger, now = load_ledger(), today()
    except LedgerError:
        return PlainTextResponse("The data are not right; the page says what is wrong.", status_code=503)
    knowledge = session.Limits.of(ledger, now).parse(params)[0].knowledge
    tag = f'"{lives.version(ledger, knowledge, now)}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if tag in {
        each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")
    }:
        return Response(status_code=304, headers=headers)
    body = await to_thread.run_sync(_packed, knowledge, limiter=_one_at_a_time())
    headers["Content-Encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=headers)


@cache
def _one_at_a_time() -> CapacityLimiter:
    """Return the queue in which questions wait, beside the pool of threads that serves files."""
    return CapacityLimiter(1)


def _packed(knowledge: Knowledge) -> bytes:
    return packed(load_ledger(), knowledge, today())


@lru_cache(maxsize=2)
def _of_everything(ledger: Ledger, now: dt.date) -> bytes:
    """Return what nearly every reader asks for; it is not pushed out by odd questions."""
    return lives.packed(ledger, EVERYTHING, now)


def packed(ledger: Ledger, knowledge: Knowledge, now: dt.date) -> bytes:
    """Return the bytes that answer a question."""
    return _of_everything(ledger, now) if knowledge == EVERYTHING else lives.packed(ledger, knowledge, now)

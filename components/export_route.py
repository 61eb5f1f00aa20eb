"""The routes by which data leave: every path under /export is answered here, wrong ones with a line that says what is right.

    GET /export/{claims,states,segments,statements}.{csv,geojson,parquet}
    GET /export/{renderings,dated_statements,sources}.csv
    GET /export/data.zip
    GET /export/citation.{txt,bib,ris}?item=Q0-1
    GET /export/briefing.{png,svg,pdf,pptx,html,zip,mp4,webm,gif}   see components/briefing_route.py

The parameters are those of the page's address, and `everything=1`; a citation takes `accessed=2026-11-21` too. Work is
bounded: one file is made at a time, a few may wait, and what is too large is left to the command.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from anyio import create_task_group, to_thread
from anyio.lowlevel import checkpoint
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from components import briefing_route, view_state
from components.answer import AT_ONCE, SLOW, Answer, Refused
from components.desk import load_ledger, today
from components.paths import base_path
from exports import citation, names, package, request
from exports.files import MEDIA_TYPES
from exports.forms import FORMS
from exports.tables import PLACED, SPECS, count
from geodata.errors import LedgerError, QuestionError

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from components.view_state import ViewState

FORM = 1
"""The form of the files; raised when their columns change, so that no browser keeps an old one."""
MOST_PARAMETERS = 30
RETRY_SECONDS = 10
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?", re.ASCII)
METHODS = ("GET", "HEAD")
LOG = logging.getLogger("handover_atlas")


class Exports:
    """Answers every request under /export, whatever its method."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a live connection is closed, there is none here."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        try:
            response = await _answer(Request(scope, receive))
        except Refused as refused:
            response = _line(refused.status, refused.words, refused.headers)
        except Exception:
            LOG.exception("An export could not be made")
            response = _line(500, "The file could not be made. The reason is in the server's log.", {})
        await response(scope, receive, send)


def routes() -> list[BaseRoute]:
    """Return the routes to mount in front of Streamlit's."""
    path, exports = f"{base_path()}/export", Exports()
    return [Route(path, exports), Mount(path, app=exports)]


def _line(status: int, words: str, headers: dict[str, str]) -> PlainTextResponse:
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", **headers}
    return PlainTextResponse(words + "\n", status_code=status, headers=headers)


async def _answer(asked: Request) -> Response:
    if asked.method not in METHODS:
        raise Refused(405, f"Data are read here: use {' or '.join(METHODS)}.", Allow=", ".join(METHODS))
    try:
        with AT_ONCE.place() as limiter:
            found = await to_thread.run_sync(_find, asked, limiter=limiter)
    except QuestionError as wrong:
        raise Refused(400, _sorry(wrong)) from None
    except LedgerError:
        raise Refused(503, "The data are not right; the page says what is wrong.") from None
    headers = {
        "ETag": _tag(asked.url.path, found),
        "Cache-Control": "no-cache",
        "Content-Disposition": f'{"inline" if found.inline else "attachment"}; filename="{found.name}"',
        "X-Content-Type-Options": "nosniff",
        **found.headers,
    }
    known = {each.strip().removeprefix("W/") for each in asked.headers.get("if-none-match", "").split(",")}
    if headers["ETag"] in known or "*" in known:
        return Response(status_code=304, headers={k: headers[k] for k in ("ETag", "Cache-Control")})
    if found.queue.full:
        wait = str(RETRY_SECONDS)
        raise Refused(
            503, f"Many files are being made; ask again in {wait} seconds.", **{"Retry-After": wait}
        )
    if asked.method == "HEAD" and found.queue is SLOW:
        response = Response(media_type=found.media_type, headers=headers)
        del response.headers["content-length"]  # how long it is, nobody knows before it is made
        return response
    try:
        body = await _patiently(asked, found)
    except QuestionError as wrong:
        raise Refused(400, _sorry(wrong)) from None
    return Response(body, media_type=found.media_type, headers=headers)


def _sorry(wrong: QuestionError) -> str:
    return f"Not answered: {str(wrong).rstrip('.')}."


async def _patiently(asked: Request, found: Answer) -> bytes:
    """Return the bytes when their turn has come; who goes away meanwhile is not worked for any longer."""
    body, failure = b"", None

    async def watch() -> None:
        while (await asked.receive())["type"] != "http.disconnect":
            await checkpoint()
        found.given_up.set()

    async with create_task_group() as group:
        group.start_soon(watch)
        try:
            with found.queue.place() as limiter:
                body = await to_thread.run_sync(_made, found, limiter=limiter)
        except Exception as error:  # noqa: BLE001 - raised below: the group would wrap it
            failure = error
        group.cancel_scope.cancel()
    if failure:
        raise failure
    return body


def _made(found: Answer) -> bytes:
    """Return the bytes, unless there are too many rows for somebody who waits, or nobody waits any more."""
    if found.given_up.is_set():
        raise Refused(503, "Nobody waits for this any more.")
    if (rows := found.rows()) > found.most:
        raise Refused(
            413,
            f"That would be {rows:,} rows; at most {found.most:,} are made here. Narrow it, take the tables one by one, "
            "or run python -m exports where the ledger is.",
        )
    return found.make()


def _find(asked: Request) -> Answer:
    """Return what a path asks for; QuestionError where its parameters are wrong."""
    name, ending = _file(asked)
    try:
        params = parse_qs(
            asked.url.query, keep_blank_values=False, max_num_fields=MOST_PARAMETERS, errors="strict"
        )
    except ValueError:
        raise QuestionError(f"at most {MOST_PARAMETERS} parameters are read, in UTF-8") from None
    ledger, now = load_ledger(), today()
    if name == briefing_route.NAME:
        return briefing_route.find(params, ending, ledger, now)
    more = [request.ACCESSED, request.EVERYTHING] if name == "citation" else [request.EVERYTHING]
    state, everything = request.read(params, ledger, now, more)
    shown = request.shown(ledger, state, now)
    kind, address = MEDIA_TYPES[ending], _view_address(asked, state)
    if name == "citation":
        accessed = request.day(params, request.ACCESSED)
        cited = (
            citation.of_item(ledger, state.item, accessed)
            if state.item
            else citation.of_view(shown, everything=everything, address=address, accessed=accessed)
        )
        body = citation.FORMS[ending](cited)
        file = f"handover-atlas_{state.item or 'view_' + state.as_of.isoformat()}.{ending}"
        return Answer(file, shown, kind, body.encode, everything, told=body)
    file = names.file_name(name, ending, shown, everything=everything)
    if name == "data":
        return Answer(
            file, shown, kind, lambda: package.zipped(shown, everything=everything, address=address), everything,
            lambda: sum(count(table, shown, everything=everything) for table in SPECS), request.MOST_PACKED_ROWS, address,
        )  # fmt: skip
    return Answer(
        file, shown, kind, lambda: package.file_bytes(name, ending, shown, everything=everything), everything,
        lambda: count(name, shown, everything=everything), request.MOST_ROWS,
    )  # fmt: skip


def _file(asked: Request) -> tuple[str, str]:
    """Return the name and the ending that a path asks for."""
    path = asked.url.path.removeprefix(f"{base_path()}/export").lstrip("/")
    name, _, ending = path.partition(".")
    offered = {
        **{table: ("csv", "geojson", "parquet") if table in PLACED else ("csv",) for table in SPECS},
        "data": ("zip",),
        "citation": tuple(citation.FORMS),
        briefing_route.NAME: (*FORMS, *briefing_route.ABOUT),
    }
    if ending in offered.get(name, ()):
        return name, ending
    if name in offered:
        raise Refused(404, f"{name} has no such form; it leaves as {' or '.join(offered[name])}.")
    files = ", ".join(f"{table}.{'|'.join(endings)}" for table, endings in offered.items())
    raise Refused(404, f"There is nothing here; under /export there are {files}.")


def _view_address(asked: Request, state: ViewState) -> str:
    """Return where the reader finds this view, as the reader called the server; "" where that is no address."""
    host = asked.headers.get("host", "")
    if not HOST.fullmatch(host):
        return ""
    return f"{asked.url.scheme}://{host}{base_path()}/?{urlencode(view_state.format_view(state))}"


def _tag(path: str, found: Answer) -> str:
    """Return what names the bytes: it differs wherever form, ledger, question, day or address do."""
    shown = found.shown
    asked = (
        FORM, path, shown.ledger.version, shown.today.isoformat(), view_state.format_view(shown.state), found.everything, found.told,
    )  # fmt: skip
    return f'"{hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:20]}"'

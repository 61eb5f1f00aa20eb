"""Ask an ASGI app without a server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from anyio import sleep_forever

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def get(app: ASGIApp, address: str, headers: dict[str, str] | None = None) -> Answer:
    """Return what `app` answers to a GET of a path with its query."""
    path, _, query = address.partition("?")
    answer = Answer()
    scope: dict[str, Any] = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "root_path": "", "scheme": "http", "http_version": "1.1", "server": ("localhost", 80), "client": ("localhost", 1),
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
    }  # fmt: skip

    told: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not told:
            await sleep_forever()  # nothing more comes until the client goes away
        return told.pop()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    async def ask() -> None:
        await app(scope, receive, send)

    asyncio.run(ask())
    return answer

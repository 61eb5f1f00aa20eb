"""One viewer without a browser: a WebSocket client that opens the page as a browser does, and then plays."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import Request

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

from tools.bench.playing import Ear, Playback
from tools.bench.protocol import PATH, SUBPROTOCOL, Conversation
from tools.bench.server import DIRECT

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

TICK_SECONDS = 0.03
ANSWER_SECONDS = 20
"""A report without an answer for so long is an error."""
OPENING_SECONDS = 60
EPOCH = dt.date(1970, 1, 1)


@dataclass
class Seen:
    """What the viewers saw while it counted; times in seconds."""

    shown: list[float] = field(default_factory=list)
    """From a report to the message that says the panels show its day."""
    complete: list[float] = field(default_factory=list)
    """From a report to the last message of the run that answers it."""
    errors: list[str] = field(default_factory=list)
    received: int = 0
    """Bytes."""
    counting: bool = False


@dataclass
class Report:
    """A report under way."""

    day: str
    sent: float
    answered: bool = False


@dataclass
class Viewer:
    """One viewer without a browser: opens the page as a browser does, then plays."""

    address: str
    query: str
    playback: Playback
    seen: Seen

    async def watch(self, over: asyncio.Event) -> None:
        """Open the page, and play until it is `over`."""
        socket_address = f"ws://{urlsplit(self.address).netloc}{PATH}"
        try:
            async with connect(
                socket_address,
                origin=Origin(self.address),
                subprotocols=[Subprotocol(SUBPROTOCOL)],
                max_size=None,
                compression=None,
                proxy=None,
            ) as socket:
                talk = Conversation(self.query, f"{self.address}/")
                await self._open(socket, talk)
                await self._play(socket, talk, over)
        except (WebSocketException, OSError, TimeoutError) as error:
            self.seen.errors.append(f"{type(error).__name__}: {error}"[:200])

    async def _open(self, socket: ClientConnection, talk: Conversation) -> None:
        await socket.send(talk.opening())
        async with asyncio.timeout(OPENING_SECONDS):
            async for body in socket:
                heard = talk.hear(_bytes(body))
                if heard.problem:
                    self.seen.errors.append(heard.problem)
                if heard.finished:
                    break
        if talk.lives:
            await asyncio.to_thread(_fetch, self.address + talk.lives)

    async def _play(self, socket: ClientConnection, talk: Conversation, over: asyncio.Event) -> None:
        ear, begun = Ear(self.playback.changes, by_change=self.playback.by_change), time.monotonic()
        way: Report | None = None
        listening = asyncio.create_task(socket.recv())
        try:
            while not over.is_set():
                await asyncio.wait({listening}, timeout=TICK_SECONDS)
                while listening.done():
                    way = self._hear(talk, _bytes(listening.result()), way)
                    listening = asyncio.create_task(socket.recv())
                    await asyncio.sleep(0)
                now = time.monotonic()
                if way is not None and now - way.sent > ANSWER_SECONDS:
                    self.seen.errors.append(f"no answer in {ANSWER_SECONDS} s")
                    way = None
                day = self.playback.day(now - begun)
                if way is None and ear.due(day, now):
                    iso = (EPOCH + dt.timedelta(days=day)).isoformat()
                    way = Report(iso, time.monotonic())
                    await socket.send(talk.report({**talk.view, "day": iso}))
        finally:
            listening.cancel()

    def _hear(self, talk: Conversation, body: bytes, way: Report | None) -> Report | None:
        """Take one message and return the report that is still under way."""
        heard, now = talk.hear(body), time.monotonic()
        if self.seen.counting:
            self.seen.received += len(body)
        if heard.problem:
            self.seen.errors.append(heard.problem)
        if way is None:
            return None
        if heard.shown == way.day and not way.answered:
            way.answered = True
            if self.seen.counting:
                self.seen.shown.append(now - way.sent)
        if heard.finished and way.answered:
            if self.seen.counting:
                self.seen.complete.append(now - way.sent)
            return None
        return way


def _bytes(body: str | bytes) -> bytes:
    return body if isinstance(body, bytes) else body.encode()


def _fetch(address: str) -> None:
    """Take what the page would take over HTTP, and throw it away."""
    asked = Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310  # our own server
    with DIRECT.open(asked, timeout=OPENING_SECONDS) as answer:
        answer.read()

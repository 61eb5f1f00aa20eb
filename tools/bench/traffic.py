"""What a page receives over the wire, and what it asks for, as the browser itself counts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tools.bench.server import is_local

if TYPE_CHECKING:
    from playwright.sync_api import Page

STREAMLIT = ("/static/", "/component/", "/_stcore/component")
"""Streamlit's own files and the shells of its components: the same for every contestant that uses them."""
LIVES = "/lives.json"
BASE64 = 3 / 4
BINARY = 2


class Traffic:
    """Counts bytes from the server: compressed bodies with their headers, and WebSocket messages."""

    def __init__(self, page: Page) -> None:
        self.received = 0
        self.lives = 0
        self.outside: set[str] = set()
        self._addresses: dict[str, str] = {}
        page.on("request", lambda asked: self._ask(asked.url))
        page.on("websocket", lambda opened: self._ask(opened.url))
        self.session = page.context.new_cdp_session(page)
        self.session.on("Network.responseReceived", self._answer)
        self.session.on("Network.loadingFinished", self._load)
        self.session.on("Network.webSocketFrameReceived", self._message)
        self.session.send("Network.enable")

    def _ask(self, address: str) -> None:
        if not is_local(address):
            self.outside.add(address)

    def _answer(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["response"]["url"]

    def _load(self, event: dict[str, Any]) -> None:
        path = urlsplit(self._addresses.get(event["requestId"], "")).path
        if not path.startswith(STREAMLIT):
            self.received += int(event["encodedDataLength"])
        if path.endswith(LIVES):
            self.lives += int(event["encodedDataLength"])

    def _message(self, event: dict[str, Any]) -> None:
        frame = event["response"]
        size = len(frame["payloadData"])
        self.received += int(size * BASE64) if frame["opcode"] == BINARY else size

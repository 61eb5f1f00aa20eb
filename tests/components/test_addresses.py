"""Addresses that name nothing are answered in words, the others by whoever owns them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.responses import PlainTextResponse

from components.addresses import KnownAddresses
from tests.components.asgi import get

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("inner")(scope, receive, send)


APP = KnownAddresses(inner, pages=("", "sources"))


@pytest.mark.parametrize(
    "path",
    [
        "/", "/sources", "/sources/", "/_stcore/health", "/sources/_stcore/health", "/component/st_folium/index.html",
        "/static/js/a.js", "/media/x", "/browser/store.js", "/vendor/leaflet/leaflet.js", "/lives.json", "/favicon.png",
    ],
)  # fmt: skip
def test_what_somebody_answers_is_let_through(path: str) -> None:
    assert get(APP, path).body == b"inner"


@pytest.mark.parametrize(
    "path",
    [
        "/nonsense",
        "/sources/x",
        "/a/b/c",
        "/sourcesx",
        "/foo.bar",
        "/sources.html",
        "/static",
        "/app",
        "/LIVES.JSON",
        "/%00",
        "/<script>alert(1)</script>/x",
    ],
)
def test_what_nobody_answers_is_a_404_with_a_way_back(path: str) -> None:
    answer = get(APP, path)
    assert answer.status == 404
    text = answer.body.decode()
    assert "No such page" in text
    assert 'href="/"' in text
    assert "<script" not in text

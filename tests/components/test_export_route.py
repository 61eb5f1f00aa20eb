"""Every path under /export: files equal to the view, one line where something is wrong, work that is bounded."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from anyio import sleep_forever
from starlette.applications import Starlette

from components import export_route
from components.answer import MOST_WAITING, QUICK
from components.desk import load_ledger
from exports import package, request, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Message

APP = Starlette(routes=export_route.routes())


@dataclass
class Answer:
    """What came back."""

    status_code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""

    @property
    def text(self) -> str:
        return self.content.decode()


async def ask(method: str, address: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Ask the app as a server would; to HEAD a server sends no body."""
    path, _, query = address.partition("?")
    answer = Answer()
    scope: dict[str, Any] = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "scheme": "http", "http_version": "1.1", "server": ("testserver", 80), "client": ("localhost", 1),
        "headers": [(n.lower().encode(), v.encode()) for n, v in ({"Host": "testserver"} | dict(headers or {})).items()],
    }  # fmt: skip

    told: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not told:
            await sleep_forever()  # nothing more comes until the client goes away
        return told.pop()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status_code = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        elif method != "HEAD":
            answer.content += message.get("body", b"")

    await APP(scope, receive, send)
    return answer


class Client:
    """Asks one question at a time."""

    def request(self, method: str, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        return asyncio.run(ask(method, address, headers))

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self.request("GET", address, headers)

    def head(self, address: str) -> Answer:
        return self.request("HEAD", address)


@pytest.fixture
def client() -> Client:
    return Client()


def line(answer: Answer, status: int) -> str:
    """The one line of a refusal."""
    assert answer.status_code == status, answer.text[:200]
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.count("\n") == 1
    assert "Traceback" not in answer.text
    return answer.text


FILES = [f"{name}.{ending}" for name in tables.PLACED for ending in ("csv", "geojson", "parquet")] + ["renderings.csv", "dated_statements.csv", "sources.csv", "data.zip"]  # fmt: skip


@pytest.mark.parametrize("file", FILES)
def test_every_file_is_an_attachment_with_a_name_and_a_type(client: Client, file: str) -> None:
    answer = client.get(f"/export/{file}?as_of=2026-01-18")
    assert answer.status_code == 200
    name, _, ending = file.partition(".")
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith(f'attachment; filename="handover-atlas_{name}')
    assert disposition.endswith(f'.{ending}"')
    assert answer.headers["x-content-type-options"] == "nosniff"
    head = client.head(f"/export/{file}?as_of=2026-01-18")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == answer.headers["content-length"]
    assert head.headers["etag"] == answer.headers["etag"]
    again = client.get(f"/export/{file}?as_of=2026-01-18")
    assert again.content == answer.content
    kept = client.get(f"/export/{file}?as_of=2026-01-18", headers={"If-None-Match": answer.headers["etag"]})
    assert (kept.status_code, kept.content) == (304, b"")


def states(answer: Answer) -> dict[str, dict[str, str]]:
    return {row["site"]: row for row in csv.DictReader(io.StringIO(answer.text, newline=""))}


@pytest.mark.parametrize(
    ("day", "category"),
    [("2026-01-12", "coalition-federal"), ("2026-01-13", "changing-hands"), ("2026-01-17", "changing-hands"), ("2026-01-18", "iraqi-forces")],
)  # fmt: skip
def test_the_states_are_those_of_the_day_asked_about(client: Client, day: str, category: str) -> None:
    assert states(client.get(f"/export/states.csv?as_of={day}"))["ain-al-asad"]["category"] == category


def test_the_parameters_are_those_of_the_page(client: Client) -> None:
    def rows(query: str) -> int:
        return len(json.loads(client.get(f"/export/claims.geojson?{query}").content)["features"])

    every = len(load_ledger().claims)
    assert rows("as_of=2026-01-18") == every
    assert rows("as_of=2026-01-18&without=S0") == sum(c.source != "S0" for c in load_ledger().claims)
    assert rows("as_of=2026-01-18&about=ain-al-asad&everything=1") == every
    assert rows("as_of=2026-01-18&about=ain-al-asad") < every
    assert rows("q=nothing+has+these+words") == 0
    assert client.get("/export/states.csv?map=7/33/44&axis=dense").status_code == 200
    hidden = states(client.get("/export/states.csv?as_of=2026-01-18&hide=iraqi-forces"))
    assert "ain-al-asad" not in hidden


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("as_of=soon", "2026-01-18"), ("as_of=1066-10-14", "before the time covered"), ("as_of=2999-01-01", "in the future"),
        ("asof=2026-01-18", "as_of"), ("without=nobody", "no source"), ("hide=red", "categories are"), ("everything=yes", "everything=1"),
        ("as_of=2026-01-18&as_of=2026-01-19", "more than once"), ("q=%FF", "UTF-8"), ("site=atlantis", "no site"),
        ("&".join(f"a{n}=1" for n in range(40)), "30 parameters"), ("q=" + "x" * 101, "100 characters"), ("accessed=2026-01-18", "no parameter"),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_400_and_says_what_is_right(client: Client, query: str, words: str) -> None:
    assert words in line(client.get(f"/export/states.csv?{query}"), 400)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/export", "claims.csv"), ("/export/", "data.zip"), ("/export/states", "csv or geojson or parquet"), ("/export/states.xlsx", "csv or geojson or parquet"),
        ("/export/sources.parquet", "csv"), ("/export/../etc/passwd", "claims.csv"), ("/export/a/b/c.csv", "claims.csv"), ("/export/citation.doc", "txt or bib or ris"),
    ],
)  # fmt: skip
def test_an_unknown_path_is_404_and_says_what_there_is(client: Client, path: str, words: str) -> None:
    assert words in line(client.get(path), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_other_methods_are_405(client: Client, method: str) -> None:
    for path in ("/export", "/export/states.csv", "/export/nothing"):
        answer = client.request(method, path)
        line(answer, 405)
        assert answer.headers["allow"] == "GET, HEAD"


def test_a_live_connection_is_closed() -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    for path in ("/export", "/export/states.csv"):
        scope: dict[str, Any] = {
            "type": "websocket",
            "path": path,
            "root_path": "",
            "headers": [],
            "query_string": b"",
        }
        asyncio.run(APP(scope, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"] * 2


def test_citations_are_given_of_items_and_of_the_view(client: Client) -> None:
    assert client.get("/export/citation.bib?item=Q0-1").text.startswith("@misc{atlas-Q0-1,")
    assert client.get("/export/citation.ris?item=G4").text.startswith("TY  - GEN\r\n")
    view = client.get("/export/citation.txt?as_of=2026-01-18&without=S0&accessed=2026-11-21").text
    assert view.endswith("http://testserver/?as_of=2026-01-18&without=S0\n")
    assert "Accessed 21 November 2026" in view
    assert "no item" in line(client.get("/export/citation.txt?item=Q99-9"), 400)
    assert "2026-01-18" in line(client.get("/export/citation.txt?accessed=today"), 400)


def test_an_address_that_is_none_gets_into_no_citation(client: Client) -> None:
    answer = client.get("/export/citation.txt?as_of=2026-01-18", headers={"Host": "<script>"})
    assert "script" not in answer.text
    other = client.get("/export/citation.txt?as_of=2026-01-18", headers={"Host": "atlas.example:8443"})
    assert "http://atlas.example:8443/?as_of=2026-01-18" in other.text
    assert other.headers["etag"] != answer.headers["etag"]


def test_one_file_is_made_at_a_time_and_the_queue_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    go, running, most = threading.Event(), [0], [0]

    def slow(*_: object, **__: object) -> bytes:
        running[0] += 1
        most[0] = max(most[0], running[0])
        go.wait(20)
        running[0] -= 1
        return b"done"

    monkeypatch.setattr(package, "file_bytes", slow)

    async def crowd() -> tuple[Answer, list[Answer]]:
        asking = [asyncio.create_task(ask("GET", "/export/states.csv")) for _ in range(1 + MOST_WAITING + 3)]
        async with asyncio.timeout(20):
            while not running[0] or not QUICK.full:  # noqa: ASYNC110 - the queue tells nobody
                await asyncio.sleep(0.01)
        refused = await ask("GET", "/export/states.csv")
        go.set()
        return refused, await asyncio.gather(*asking)

    refused, made = asyncio.run(crowd())
    assert "again" in line(refused, 503)
    assert int(refused.headers["retry-after"]) > 0
    statuses = sorted(answer.status_code for answer in made)
    assert (statuses, most) == ([200] * (1 + MOST_WAITING) + [503] * 3, [1])
    assert not QUICK.there


def test_what_is_too_large_is_refused_in_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "MOST_ROWS", 21)
    assert "python -m exports" in line(client.get("/export/states.csv"), 413)
    monkeypatch.setattr(request, "MOST_PACKED_ROWS", 100)
    assert "one by one" in line(client.get("/export/data.zip"), 413)


def test_a_fault_is_a_sentence_and_no_trace(client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:  # fmt: skip
    def fail(*_: object, **__: object) -> bytes:
        raise RuntimeError("secret path")

    monkeypatch.setattr(package, "file_bytes", fail)
    assert "secret" not in line(client.get("/export/states.csv"), 500)
    assert "secret path" in caplog.text

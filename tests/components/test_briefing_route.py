"""Briefings by address: the bytes of the command line, one line where something is wrong, work that is bounded."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from components import answer, briefing_route
from components.answer import QUICK, SLOW, Refused
from components.desk import load_ledger, today
from exports import forms
from exports.__main__ import FORMS, main
from exports.options import Options
from tests.components.test_export_route import APP, Client, line

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import Message

DAY = "as_of=2026-01-18"
STARTS = {
    "png": b"\x89PNG\r\n\x1a\n", "svg": b"<svg", "pdf": b"%PDF-", "pptx": b"PK\x03\x04", "html": b"<!doctype html>",
    "zip": b"PK\x03\x04", "gif": b"GIF89a", "webm": b"\x1aE\xdf\xa3", "mp4": b"\x00\x00\x00",
}  # fmt: skip
SHORT = "rhythm=change&from=2020-03-17&until=2020-03-26&as_of=2020-03-26"


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.mark.parametrize("form", ["png", "svg", "pdf", "pptx", "html"])
def test_it_is_what_it_says_and_the_bytes_of_the_command(form: str, client: Client, tmp_path: Path) -> None:
    answer = client.get(
        f"/export/briefing.{form}?{DAY}&marking=TLP:AMBER&headline={quote('Überschrift & mehr')}"
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == forms.MEDIA_TYPES[form]
    assert answer.content[:15].lower().startswith(STARTS[form].lower())
    assert (
        f'filename="handover-atlas_briefing_2026-01-18_slide.{form}"' in answer.headers["content-disposition"]
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    sealed = answer.headers.get("content-security-policy", "")
    assert sealed.startswith("sandbox") == (form in ("svg", "html"))
    assert "allow-same-origin" not in sealed
    out = tmp_path / f"b.{form}"
    arguments = [
        "briefing",
        "--as-of",
        "2026-01-18",
        "--marking",
        "TLP:AMBER",
        "--headline",
        "Überschrift & mehr",
    ]
    assert main([*arguments, "--format", form, "--out", str(out)]) == 0
    assert out.read_bytes() == answer.content


def test_a_film_is_the_command_s_too_and_tells_how_far_it_is(client: Client, tmp_path: Path) -> None:
    before = client.get(f"/export/briefing.progress?{SHORT}&marking=first")
    assert json.loads(before.text) == {"done": 0, "of": 0}
    answer = client.get(f"/export/briefing.mp4?{SHORT}&marking=first")
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(STARTS["mp4"])
    after = json.loads(client.get(f"/export/briefing.progress?{SHORT}&marking=first").text)
    assert after["done"] == after["of"] > 2
    out = tmp_path / "b.mp4"
    arguments = ["--rhythm", "change", "--from", "2020-03-17", "--until", "2020-03-26", "--marking", "first"]
    assert main(["briefing", "--as-of", "2020-03-26", "--format", "mp4", *arguments, "--out", str(out)]) == 0
    assert out.read_bytes() == answer.content


def test_a_series_has_a_file_for_every_day_of_its_rhythm(tmp_path: Path) -> None:
    arguments = ["--series", "--rhythm", "month", "--from", "2025-11-15", "--until", "2026-01-18"]
    out = tmp_path / "series"
    assert main(["briefing", "--as-of", "2026-01-18", "--format", "svg", *arguments, "--out", str(out)]) == 0
    days = ["2025-11-15", "2025-12-01", "2026-01-01", "2026-01-18"]
    assert [path.name for path in sorted(out.iterdir())] == [
        f"handover-atlas_briefing_{day}_slide.svg" for day in days
    ]
    assert main(["briefing", "--as-of", "2026-01-18", "--format", "svg", *arguments, "--out", str(out)]) == 2


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("layout=a3", "one of slide, a4, letter, square"),
        ("marking=TLP:WHITE", "TLP:CLEAR"),
        ("quotes=Q99", "there is no quotation “Q99”"),
        ("as_of=2026-13-01", "2026-13-01"),
        ("as_of=3000-01-01", "3000-01-01"),
        ("site=nowhere", "nowhere"),
        ("q=base", "there is no parameter “q”"),
        ("map=1/2/3", "zoom/latitude/longitude"),
        ("scale=8", "one of 1, 2, 4"),
        ("rhythm=hour", "change"),
        ("everything=1", "there is no parameter “everything”"),
        ("headline=%FF", "UTF-8"),
        ("made=now", "2026-01-18T14:05+03:00"),
        ("made=0001-01-01T00:00%2B14:00", "2026-01-18T14:05+03:00"),
        ("marking=%EE%80%80", "U+E000"),
        ("headline=%E6%BC%A2%E5%AD%97", "漢字"),
        ("as_of=2020-08-32", "a day that does not exist.\n"),
        ("address=file:///etc", "https://atlas.example.org"),
    ],
)
@pytest.mark.parametrize("form", ["png", "pptx", "json"])
def test_what_is_not_understood_is_refused_in_a_line(
    query: str, words: str, form: str, client: Client
) -> None:
    answer = client.get(f"/export/briefing.{form}?{query if 'as_of' in query else f'{DAY}&{query}'}")
    assert words in line(answer, 400)


@pytest.mark.parametrize(
    "path", ["briefing", "briefing.bmp", "briefing.png/more", "briefings.png", "briefing."]
)
def test_other_paths_are_404_and_say_what_is_there(path: str, client: Client) -> None:
    assert "png" in line(client.get(f"/export/{path}?{DAY}"), 404)


def test_it_tells_what_it_says_before_it_is_made(client: Client) -> None:
    found = json.loads(client.get(f"/export/briefing.json?{DAY}&scale=2").text)
    made = forms.read({"as_of": ["2026-01-18"]}, load_ledger(), today()).briefing()
    assert found["headline"] == found["proposed"] == made.headline
    assert (found["fits"], found["pixels"]) == ([], [3840, 2160])
    assert found["quotes"][0] == {
        "item": "G1",
        "text": forms.read({"as_of": ["2026-01-18"], "quotes": ["G1"]}, load_ledger(), today())
        .briefing()
        .quotations[0]
        .text,
        "by": "Higher Military Committee",
    }


def test_the_same_request_is_not_sent_twice(client: Client) -> None:
    first = client.get(f"/export/briefing.svg?{DAY}")
    again = client.get(f"/export/briefing.svg?{DAY}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"/export/briefing.svg?{DAY}&theme=dark")
    assert other.headers["etag"] != first.headers["etag"]


def test_asking_for_the_head_of_a_film_makes_none(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "make", lambda *_: pytest.fail("a film was made"))
    answer = client.head(f"/export/briefing.mp4?{DAY}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    assert "content-length" not in answer.headers


def test_a_film_keeps_no_page_waiting(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    go, begun, true = threading.Event(), threading.Event(), forms.make

    def make(form: str, *more: Any) -> bytes:
        if form != "gif":
            return true(form, *more)
        begun.set()
        go.wait(20)
        return b"film"

    monkeypatch.setattr(forms, "make", make)

    async def both() -> tuple[Any, Any]:
        film = asyncio.create_task(_ask(f"/export/briefing.gif?{DAY}"))
        await asyncio.to_thread(begun.wait, 20)
        page = await _ask(f"/export/briefing.svg?{DAY}")
        go.set()
        return page, await film

    page, film = asyncio.run(both())
    assert (page[0], film) == (200, (200, b"film"))
    assert client.get(f"/export/briefing.svg?{DAY}").status_code == 200


async def _ask(address: str, *, leaves: asyncio.Event | None = None) -> tuple[int, bytes]:
    """Ask for an address; with `leaves` the client goes away when it is set."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "root_path": "", "scheme": "http", "http_version": "1.1", "headers": [(b"host", b"testserver")],
        "server": ("testserver", 80), "client": ("localhost", 1),
    }  # fmt: skip
    told: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    status, body = [0], [b""]

    async def receive() -> Message:
        if told:
            return told.pop()
        await (leaves or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        status[0] = message.get("status", status[0])
        body[0] += message.get("body", b"")

    await APP(scope, receive, send)
    return status[0], body[0]


def test_who_goes_away_is_not_worked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    frames: list[int] = []
    step = threading.Event()

    def make(_form: str, _asked: object, progress: Any) -> bytes:
        for done in range(1000):
            progress(done, 1000)
            frames.append(done)
            step.wait(0.01)
        return b"film"

    monkeypatch.setattr(forms, "make", make)

    async def leaving() -> tuple[int, bytes]:
        leaves = asyncio.Event()
        asking = asyncio.create_task(_ask(f"/export/briefing.gif?{DAY}", leaves=leaves))
        while not frames:  # noqa: ASYNC110 - the thread tells nobody
            await asyncio.sleep(0.01)
        leaves.set()
        return await asking

    status, _ = asyncio.run(leaving())
    assert status == 503
    assert len(frames) < 900


def test_queues_of_pages_and_films_are_apart() -> None:
    assert QUICK is not SLOW
    assert (QUICK.at_a_time, SLOW.at_a_time) == (1, 1)
    assert issubclass(Refused, Exception)
    assert answer.MOST_WAITING >= 8
    assert set(briefing_route.SHOWN) < set(forms.FORMS)


def test_hostile_words_stay_words(client: Client) -> None:
    harm = '</title><script>alert(1)</script>#panic("x")&<img src=x onerror=alert(1)>'
    for form in ("svg", "html"):
        answer = client.get(
            f"/export/briefing.{form}?{DAY}&headline={quote(harm)}&marking={quote('<b>x</b>')}"
        )
        assert answer.status_code == 200, answer.text
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert "<b>x</b>" not in answer.text
        assert "alert(1)" in answer.text


def test_page_and_command_know_the_same_forms() -> None:
    assert FORMS == forms.FORMS


def test_what_is_asked_for_by_default_is_a_light_slide() -> None:
    asked = forms.read({"as_of": ["2026-01-18"]}, load_ledger(), today())
    assert asked.options == Options()
    assert forms.file_name("png", asked) == "handover-atlas_briefing_2026-01-18_slide.png"
    assert forms.file_name("gif", asked) == "handover-atlas_film_by-change.gif"

"""GET /lives.json: the lives of the asked-for knowledge, gzipped, with an ETag; nonsense is left out as in the page."""

from __future__ import annotations

import gzip
import json

import pytest
from starlette.applications import Starlette

from components import lives_route
from components.desk import load_ledger
from geodata.knowledge import EVERYTHING, Knowledge
from tests.components.asgi import get

APP = Starlette(routes=lives_route.routes())


def asked(query: str = "") -> dict[str, object]:
    answer = get(APP, f"/lives.json{query}")
    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    found: dict[str, object] = json.loads(gzip.decompress(answer.body))
    return found


def test_what_is_offered_is_what_is_found_there() -> None:
    for knowledge in (EVERYTHING, Knowledge(each_day=True), Knowledge(without=frozenset({"S0"}))):
        offer = lives_route.offer(knowledge)
        assert asked("?" + offer["url"].partition("?")[2])["version"] == offer["version"]


def test_the_parameters_are_those_of_the_page() -> None:
    assert asked()["known_on"] is None
    assert asked("?known_on=2026-01-05")["known_on"] == "2026-01-05"
    assert asked("?known_on=each-day")["known_on"] == "each-day"
    assert asked("?without=S0")["without"] == ["S0"]
    derived = load_ledger().derived(frozenset({"S4"}))
    assert asked("?without=S4&derived=out")["without"] == sorted(derived)


@pytest.mark.parametrize(
    "query", ["?known_on=soon", "?without=zzz", "?derived=1", "?x=%FF%FE", "?without_grade=Z&&&="]
)
def test_nonsense_is_left_out(query: str) -> None:
    assert asked(query)["version"] == asked()["version"]


def test_what_the_browser_has_is_not_sent_again() -> None:
    tag = get(APP, "/lives.json").headers["etag"]
    again = get(APP, "/lives.json", {"If-None-Match": tag})
    assert (again.status, again.body) == (304, b"")
    assert get(APP, "/lives.json?known_on=2026-01-05", {"If-None-Match": tag}).status == 200


def test_too_many_parameters_are_refused_in_words() -> None:
    answer = get(APP, "/lives.json?" + "&".join(f"a{number}=1" for number in range(40)))
    assert answer.status == 400
    assert b"parameters" in answer.body

"""The page of the data: every link leads to a file with the rows the page says it has."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
from urllib.parse import parse_qs, urlsplit

import duckdb
import geopandas
import pytest
from starlette.applications import Starlette

from components import downloads, export_route, view
from components.desk import load_ledger, today
from components.templating import list_link
from components.view_state import Filters, ViewState
from exports import request, tables
from geodata.knowledge import Knowledge
from pages import data
from tests.components.asgi import get

APP = Starlette(routes=export_route.routes())
NARROW = ViewState(
    dt.date(2026, 1, 18), Knowledge(known_on=dt.date(2026, 1, 5)), hidden=frozenset({"not-sourced"}), item="Q0-1",
    filters=Filters(words="<b>&\"'", about="harir", sort="-day"),
)  # fmt: skip
PLAIN = ViewState(dt.date(2026, 1, 18))


def page(state: ViewState) -> dict[str, str]:
    return dict(data.parts(view.build(load_ledger(), state, now=today())))


def text(part: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", part)).split())


@pytest.mark.parametrize("state", [PLAIN, NARROW], ids=["plain", "narrow"])
def test_every_link_is_a_download_that_is_there(state: ViewState) -> None:
    links = re.findall(r'<a [^>]*download href="([^"]+)"', page(state)["data-files"])
    assert len(links) == 2 + 2 * (4 * 3 + 3)
    for link in links:
        assert get(APP, html.unescape(link)).status == 200, link


@pytest.mark.parametrize("state", [PLAIN, NARROW], ids=["plain", "narrow"])
def test_the_rows_are_as_many_as_the_page_says(state: ViewState) -> None:
    part = page(state)["data-files"]
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', part, re.DOTALL)
    assert len(rows) == len(tables.ALL)
    for row in rows:
        said = [
            int(n.replace(",", "")) for n in re.findall(r'data-label="(?:rows shown|of all)">([\d,]+)<', row)
        ]
        links = [html.unescape(link) for link in re.findall(r'href="([^"]+\.csv[^"]*)"', row)]
        for count, link in zip(said, links, strict=True):
            body = get(APP, link).body.decode()
            assert len(list(csv.reader(io.StringIO(body, newline="")))) - 1 == count, link


def test_what_narrows_is_said_and_stays_text() -> None:
    part = page(NARROW)["data-files"]
    assert "<b>&\"'" in text(part)
    assert "<b>&amp;" not in part
    assert "about Harir" in text(part)
    assert 'data-filter-clear=""' in part
    assert 'data-filter-clear=""' not in page(PLAIN)["data-files"]


def test_the_links_carry_the_view_but_not_what_is_of_the_screen() -> None:
    found = parse_qs(
        urlsplit(downloads.address("states.csv", view.build(load_ledger(), NARROW, now=today()))).query
    )
    assert found == {"as_of": ["2026-01-18"], "known_on": ["2026-01-05"], "hide": ["not-sourced"], "q": ["<b>&\"'"], "about": ["harir"]}  # fmt: skip


def test_a_list_links_here_with_what_narrows_it() -> None:
    link = str(list_link(NARROW))
    carried = re.search(r'data-with="([^"]*)"', link)
    assert carried
    assert parse_qs(html.unescape(carried[1])) == {"q": ["<b>&\"'"], "about": ["harir"]}
    plain = str(list_link(PLAIN))
    assert 'data-with=""' in plain


def test_citations_are_copied_in_three_forms() -> None:
    copies = re.findall(r'data-copy-from="([^"]+)"', page(PLAIN)["data-cite"])
    assert [urlsplit(copy).path for copy in copies] == ["/export/citation.txt", "/export/citation.bib", "/export/citation.ris"]  # fmt: skip
    assert all(get(APP, html.unescape(copy)).status == 200 for copy in copies)


def test_the_page_stays_small_and_what_does_not_follow_the_view_stays() -> None:
    plain, narrow = page(PLAIN), page(NARROW)
    assert sum(len(part.encode()) for part in plain.values()) < 100_000
    assert plain["data-columns"] == narrow["data-columns"]
    assert plain["clock"] == ""
    assert narrow["clock"]
    assert sum(part.count("<h1") for part in plain.values()) == 1


def test_what_is_too_large_has_no_link_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "MOST_ROWS", 100)
    monkeypatch.setattr(request, "MOST_PACKED_ROWS", 100)
    part = page(PLAIN)["data-files"]
    assert "data.zip" not in part
    assert "export/claims.csv" not in part
    assert "export/states.csv" in part
    assert text(part).count("python -m exports data") == 2


def test_the_examples_do_what_they_say(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    shown = view.build(load_ledger(), PLAIN, now=today())
    examples = dict(downloads.examples(shown))
    address = re.search(r'"\$ATLAS(/[^"]+)"', examples["curl"])
    assert address
    with open("states.parquet", "wb") as file:  # noqa: PTH123
        file.write(get(APP, address[1]).body)
    space: dict[str, object] = {}
    exec(examples["Python"], space)  # noqa: S102 - our own example
    states = space["states"]
    assert isinstance(states, geopandas.GeoDataFrame)
    assert len(states) == 22
    counted = duckdb.sql(examples["DuckDB"]).fetchall()
    assert sum(count for _, count in counted) == 22
    assert "sf::st_read" in examples["R"]

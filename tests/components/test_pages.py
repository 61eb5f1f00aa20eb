"""Every page answers every address: one heading, no exception, and nothing of the address as markup."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from components import assets, frame, session, view
from components.desk import load_ledger

NOW = dt.date(2026, 11, 20)
HARM = "<img src=x onerror=alert(1)>"
ODD: tuple[dict[str, str], ...] = (
    {},
    {"item": "<script>alert(1)</script>"},
    {"q": f"\x00\ufffd{HARM}"},
    {"sort": "../../etc", "phase": "PH-9", "about": "nowhere", "outlet": "\N{BOMB}"},
    {"sort": "-nothing", "speaker": HARM, "outlet": HARM, "about": HARM, "phase": HARM},
    {"since": "2026-13-45", "speaker": "x" * 5000},
    {"since": "2026-01-01", "item": "E018.S2", "q": "\u0627\u0644\u0627\u062f\u0627\u0631\u0629"},
    {"site": "nowhere", "hide": "iraqi-forces,nothing", "without": "S9", "without_grade": "A,B,C,D"},
    {"as_of": "1900-01-01", "known_on": "each-day", "compare": "3000-01-01"},
    {"site": "fb-saham", "known_on": "2014-01-02", "without": "S0,S1,S2,S3,S4", "derived": "out"},
)


@pytest.mark.parametrize("address", sorted(frame.PAGES))
@pytest.mark.parametrize("odd", range(len(ODD)))
def test_every_page_answers_every_address(address: str, odd: int) -> None:
    ledger = load_ledger()
    asked = {"as_of": "2026-01-18", "site": "ain-al-asad"} | ODD[odd]
    state, _ = session.Limits.of(ledger, NOW).parse({name: [value] for name, value in asked.items()})
    html = "".join(text for _, text in frame.PAGES[address][1](view.build(ledger, state, now=NOW)))
    assert html.count("<h1") == (1 if address else 0)  # the map has its own in its frame
    assert "<img" not in html
    assert "<script" not in html


def test_every_page_but_the_map_is_named_where_the_stylesheet_covers_the_map() -> None:
    css = (assets.BROWSER / "frame.css").read_text(encoding="utf-8")
    listed = set(re.findall(r"st-key-atlas-page-([a-z]+)", css.split(":has(", 1)[1].split(") {", 1)[0]))
    assert listed == {page for page in frame.PAGES if page}

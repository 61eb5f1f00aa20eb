"""The file that plays without us, opened as somebody opens it who was handed it: from a disk, without a network."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from components import view, wording
from components.view_state import ViewState
from exports import capsule, edition
from exports.options import parse
from geodata import control
from tests.exports.views import NOW, ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

DAY = dt.date(2026, 1, 18)
DAYS = ("2014-08-01", "2016-03-15", "2020-04-02", "2026-01-17", "2026-01-18", "2026-09-30")
GO = '(iso) => window.__atlas.set({day: Date.parse(iso + "T00:00:00Z") / 864e5})'
WATCH = "document.addEventListener('securitypolicyviolation', (one) => console.error('refused: ' + one.violatedDirective + ' ' + one.blockedURI))"


class Quiet(SimpleHTTPRequestHandler):
    """A plain server of files that prints nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the standard library's
        pass


@dataclass
class Opened:
    """A page from a file, and everything it should not have done."""

    page: Page
    requests: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def day(self) -> str:
        return str(self.page.evaluate("() => window.controlLayer.day"))

    def clean(self) -> None:
        assert not self.troubles
        assert all(address == self.page.url.partition("#")[0] for address in self.requests), self.requests


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stick") / "briefing.html"
    path.write_bytes(capsule.html(ledger(), ViewState(DAY), parse({"marking": ["TLP:GREEN"]}), NOW))
    return path


@pytest.fixture
def open_file(browser: Browser, file: Path) -> Iterator[Callable[..., Opened]]:
    """Opens the file in a browser that has no network: `open_file("#as_of=2018-03-01", width=390, touch=True)`."""
    contexts: list[BrowserContext] = []

    def open_it(fragment: str = "", width: int = 1440, height: int = 900, *, touch: bool = False) -> Opened:
        context = browser.new_context(
            viewport={"width": width, "height": height}, has_touch=touch, is_mobile=touch, offline=True
        )
        contexts.append(context)
        context.add_init_script(WATCH)
        opened = Opened(context.new_page())
        opened.page.on("request", lambda asked: opened.requests.append(asked.url.partition("#")[0]))
        opened.page.on("pageerror", lambda error: opened.troubles.append(str(error)))
        opened.page.on(
            "console",
            lambda said: opened.troubles.append(said.text) if said.type in ("error", "warning") else None,
        )
        opened.page.goto(file.as_uri() + fragment)
        opened.page.wait_for_function("() => window.controlLayer?.ready")
        return opened

    yield open_it
    for context in contexts:
        context.close()


def test_it_shows_the_fold_of_every_day_and_asks_for_nothing(open_file: Callable[..., Opened]) -> None:
    opened = open_file()
    page = opened.page
    assert opened.day() == "2026-01-18"
    for iso in DAYS:
        page.evaluate(GO, iso)
        folded = {
            state.site: state.span.category.value
            for state in control.control_at(ledger(), dt.date.fromisoformat(iso))
        }
        assert page.evaluate("() => window.controlLayer.categories()") == folded
        page.wait_for_function(
            "(words) => document.querySelector('[data-clock-day]').textContent === words",
            arg=wording.day_words(dt.date.fromisoformat(iso)),
        )
        told: dict[str, Any] = page.evaluate(
            "() => Object.fromEntries([...document.querySelectorAll('#cap-sites tr[data-site]')].map((row) =>"
            " [row.dataset.site, [row.querySelector('[data-words]').textContent, window.controlLayer.said(row.dataset.site).words]]))"
        )
        assert len(told) == len(folded)
        assert all(shown == said for shown, said in told.values())
    # On the day of the export the table says what Python says.
    page.evaluate(GO, DAY.isoformat())
    page.wait_for_function(
        "() => document.querySelector('[data-clock-day]').textContent === '18 January 2026'"
    )
    rows = view.build(ledger(), ViewState(DAY), now=NOW).rows
    for row in rows:
        assert (
            page.locator(f"#cap-sites tr[data-site={row.site.site}] [data-words]").text_content() == row.words
        )
    assert page.evaluate("() => document.fonts.check('600 15px \"Source Sans 3\"')")
    for theme in ("dark", "grey", "light"):
        page.get_by_role("button", name=theme, exact=True).click()
        assert page.evaluate("() => document.documentElement.dataset.theme") == theme
    opened.clean()


def test_playing_moves_the_date_and_later_words_recede(open_file: Callable[..., Opened]) -> None:
    opened = open_file("#as_of=2019-01-01")
    page = opened.page
    assert opened.day() == "2019-01-01"
    before = page.evaluate("() => window.controlLayer.categories()")
    page.evaluate("() => window.__atlas.actions.setSpeed(8)")
    page.keyboard.press("Space")
    page.wait_for_function("() => window.controlLayer.day > '2020-03-30'")
    page.keyboard.press("Space")
    day = opened.day()
    assert page.evaluate("() => window.__atlas.state.playing") is False
    assert page.evaluate("() => window.controlLayer.categories()") != before
    page.wait_for_function("() => document.querySelector('[data-later-of]').textContent !== ''")
    page.wait_for_timeout(50)
    wrong = page.evaluate(
        "(iso) => { const day = Date.parse(iso + 'T00:00:00Z') / 864e5;"
        " return [...document.querySelectorAll('#cap-said-list [data-day]')].filter((one) => (Number(one.dataset.day) > day) !== one.classList.contains('is-later')).length }",
        day,
    )
    assert wrong == 0
    assert page.locator("#cap-said-list .is-later").count() > 50
    # The address is kept behind the "#", and opens the same day again.
    page.wait_for_function("(iso) => location.hash.includes(`as_of=${iso}`)", arg=day)
    page.reload()
    page.wait_for_function("() => window.controlLayer?.ready")
    assert opened.day() == day
    opened.clean()


def test_play_goes_on_from_the_exported_day_and_what_was_exported_stands_apart(
    open_file: Callable[..., Opened],
) -> None:
    opened = open_file()
    page = opened.page
    said, still = page.locator("#cap-elsewhere"), page.locator("#briefing")
    assert said.is_hidden()
    page.keyboard.press("Space")
    page.wait_for_function("() => window.controlLayer.day !== '2026-01-18'")
    page.keyboard.press("Space")
    assert "2026-01-18" < opened.day() <= "2026-03-02"  # towards the next change
    page.evaluate(GO, "2015-03-02")
    page.wait_for_function(
        "() => document.getElementById('cap-elsewhere').textContent.includes('2 March 2015')"
    )
    assert said.is_visible()
    assert "is-elsewhere" in (still.get_attribute("class") or "")
    said.get_by_role("button", name="back to 18 January 2026").click()
    page.wait_for_function("() => document.getElementById('cap-elsewhere').hidden")
    assert opened.day() == "2026-01-18"
    assert "is-elsewhere" not in (still.get_attribute("class") or "")
    opened.clean()


@pytest.mark.parametrize("iso", ["2026-03-20", "2026-04-20"], ids=["last evidence", "later"])
def test_play_tells_the_whole_story_where_nothing_is_left_to_be_told(
    open_file: Callable[..., Opened], iso: str
) -> None:
    opened = open_file(f"#as_of={iso}")
    assert opened.day() == iso
    opened.page.keyboard.press("Space")
    opened.page.wait_for_function("() => window.controlLayer.day < '2016-01-01'")
    opened.clean()


def test_the_keys_are_those_of_the_dashboard(open_file: Callable[..., Opened]) -> None:
    opened = open_file()
    page = opened.page
    for key, day in (
        ("ArrowLeft", "2026-01-17"), ("PageUp", "2025-01-17"), ("End", "2026-03-20"), ("ArrowRight", "2026-03-21"),
        ("PageUp", "2025-03-21"), ("Shift+ArrowRight", "2025-07-21"),
    ):  # fmt: skip
        page.keyboard.press(key)
        if key.startswith("Shift"):
            assert page.evaluate(
                "() => window.__atlas.lives.changes.some((one) => window.__atlas.state.day === one.day)"
            )
        else:
            assert opened.day() == day
    page.keyboard.press("/")
    page.keyboard.type("balad")
    page.keyboard.press("Enter")
    assert page.evaluate("() => window.__atlas.state.site") == "balad"
    assert page.locator("details[data-dossier=balad]").get_attribute("open") is not None
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.evaluate("() => window.__atlas.state.site") is None
    for name in ("Statements", "About", "Sites"):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        assert page.evaluate("() => [document.scrollingElement.scrollHeight - innerHeight, scrollY]") == [
            0,
            0,
        ]
        assert page.locator(f"#{name.lower()}").evaluate(
            "(node) => Math.abs(node.getBoundingClientRect().top - document.getElementById('cap-texts').getBoundingClientRect().top) < 40 || node.id === 'about'"
        )
    page.keyboard.press("?")
    page.wait_for_function(
        "() => { const at = document.getElementById('keys').getBoundingClientRect(); return at.top > 0 && at.bottom < innerHeight }"
    )
    opened.clean()


def test_on_a_phone_it_is_whole(open_file: Callable[..., Opened]) -> None:
    opened = open_file(width=390, height=844, touch=True)
    page = opened.page
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    # The clock and the lower marking stay in sight, one above the other.
    clock, lower = page.locator("#cap-clock").bounding_box(), page.locator(".cap-marking").last.bounding_box()
    assert clock is not None
    assert lower is not None
    assert clock["y"] + clock["height"] <= lower["y"] + 1 <= 844
    page.locator(".atlas-mark[data-site=balad]").tap()
    page.get_by_role("button", name="Who says so").tap()
    page.wait_for_function(
        "() => { const at = document.querySelector('details[data-dossier=balad]').getBoundingClientRect(); return at.top >= 0 && at.top < innerHeight }"
    )
    assert page.locator("details[data-dossier=balad]").get_attribute("open") is not None
    opened.clean()


def test_an_address_that_is_wrong_does_no_harm(open_file: Callable[..., Opened]) -> None:
    opened = open_file(
        "#as_of=2026-13-99&site=<img src=x onerror=alert(1)>&hide=nobody&known_on=2015-01-01&map=9/0/0"
    )
    page = opened.page
    assert opened.day() == "2026-01-18"
    # What counts was chosen at the export: an address cannot claim another.
    assert page.evaluate("() => [window.__atlas.state.known, window.__atlas.state.site]") == [None, None]
    page.evaluate("() => { location.hash = '#sources' }")
    page.keyboard.press("ArrowLeft")
    assert opened.day() == "2026-01-17"
    opened.clean()


def test_a_published_folder_works_under_any_path(browser: Browser, tmp_path: Path) -> None:
    edition.publish(ledger(), tmp_path / "some" / "path", now=NOW)
    served = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    Thread(target=served.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{served.server_port}/some/path/"
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(WATCH)
    page = context.new_page()
    troubles: list[str] = []
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
    try:
        page.goto(base)
        page.wait_for_function("() => window.controlLayer?.ready")
        folded = {state.site: state.span.category.value for state in control.control_at(ledger(), DAY)}
        page.evaluate(GO, DAY.isoformat())
        assert page.evaluate("() => window.controlLayer.categories()") == folded
        page.goto(f"{base}?as_of=2019-12-10")  # as a briefing prints it
        page.wait_for_function("() => window.controlLayer?.ready")
        assert page.evaluate("() => window.controlLayer.day") == "2019-12-10"
        page.evaluate(GO, DAY.isoformat())
        page.wait_for_function("() => location.hash.includes('2026')")
        assert urlsplit(page.url).query == ""
        page.get_by_role("button", name="dark", exact=True).click()
        for name, place in (
            ("Statements", "statements"),
            ("Sites", "sites"),
            ("Sources", "sources"),
            ("Data", "data"),
            ("Map", "index"),
        ):
            page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
            page.wait_for_url(f"{base}{place}.html*")
            assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
        page.goto(f"{base}sites.html")
        assert page.locator("[data-sign] svg").count() == len(ledger().sites)
    finally:
        context.close()
        served.shutdown()
        served.server_close()
    assert troubles == []
    assert all(address.startswith(base) for address in asked)

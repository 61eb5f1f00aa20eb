"""Fixtures: a server of this repository's dashboard, a real browser, and pages opened in it.

Browser tests never skip. Without a browser they fail with the sentence that says how to get one.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

import pytest

from tools.browser import ARGUMENTS, NoBrowserError, find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Frame, Page

ROOT = Path(__file__).resolve().parent.parent
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# A proxy of the machine's environment must not stand between the tests and their own server.
DIRECT = build_opener(ProxyHandler({}))
START_SECONDS = 90  # far beyond what it takes; a machine may be slow, a test may not hang


@dataclass
class Server:
    """One running `streamlit run app.py`, with what it has printed."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """End the server and whatever it started, and nothing else: it leads a process group of its own."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


@dataclass
class Screen:
    """One browser page on the dashboard, its map frame, and what went wrong in it."""

    page: Page
    errors: list[str] = field(default_factory=list)

    @property
    def map(self) -> Frame:
        """The frame the map lives in, looked up anew each time, so a test can tell a remount."""
        frame = find_map(self.page)
        if frame is None:
            raise AssertionError(f"no map frame on {self.page.url}")
        return frame

    def day(self) -> str:
        """The date the map shows, as YYYY-MM-DD."""
        return str(self.map.evaluate("() => window.controlLayer.day"))


StartServer = Callable[..., Server]
OpenPage = Callable[..., Screen]
Devices = Callable[..., "BrowserContext"]


def find_map(page: Page) -> Frame | None:
    """Return the frame whose control layer has painted a day, or None."""
    for frame in page.frames:
        # A frame being replaced answers with an error; it is not the map yet.
        try:
            if frame.evaluate("() => Boolean(window.controlLayer?.day)"):
                return frame
        except Exception:  # noqa: BLE001, S112  # Playwright's own error types differ by the moment of the loss
            continue
    return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def launch(env: Mapping[str, str] | None = None, port: int | None = None) -> Server:
    """Start the dashboard and return when it answers; raise with all it printed when it ends instead."""
    port = port or free_port()
    with tempfile.NamedTemporaryFile(prefix="atlas-server-", suffix=".log", delete=False) as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env=os.environ | dict(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(port, process, Path(log.name))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}:\n{server.output()}")
        try:
            with DIRECT.open(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return server
        except (URLError, OSError):
            pass
        time.sleep(0.1)
    server.stop()
    raise RuntimeError(f"the server did not answer within {START_SECONDS} s:\n{server.output()}")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The dashboard on the repository's own data, shared by the tests that only read."""
    running = launch()
    yield running
    running.stop()
    running.log.unlink()


@pytest.fixture
def start_server() -> Iterator[StartServer]:
    """Starts further servers: `start_server(env={"GEODATA": folder}, port=8600)`. All end with the test."""
    started: list[Server] = []

    def start(env: Mapping[str, str] | None = None, port: int | None = None) -> Server:
        started.append(launch(env, port))
        return started[-1]

    yield start
    for each in started:
        each.stop()
        each.log.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The browser to drive: ATLAS_BROWSER, else what `make test` found or installed."""
    try:
        return find_browser()
    except NoBrowserError as problem:
        pytest.fail(str(problem), pytrace=False)


@pytest.fixture(scope="session")
def browser(browser_path: str) -> Iterator[Browser]:
    """One headless browser for the whole run; each opened page has a fresh context in it."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # other tests need no Playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser_path, args=[*ARGUMENTS, NOWHERE])
        yield running
        running.close()


@pytest.fixture(scope="session")
def devices(browser: Browser) -> Iterator[Devices]:
    """A desk and a phone, each with one cache of files for the whole run: Streamlit's own are megabytes."""
    made: dict[bool, BrowserContext] = {}

    def device(*, touch: bool) -> BrowserContext:
        if touch not in made:
            made[touch] = browser.new_context(
                viewport={"width": 1440, "height": 900},
                has_touch=touch,
                is_mobile=touch,
                locale="en-GB",
                timezone_id="Asia/Baghdad",
            )
        return made[touch]

    yield device
    for context in made.values():
        context.close()


@pytest.fixture
def outside_requests() -> list[str]:
    """Addresses off this machine that a page asked for; none resolves, and the test fails at its end."""
    return []


@pytest.fixture
def open_page(
    devices: Devices, request: pytest.FixtureRequest, outside_requests: list[str]
) -> Iterator[OpenPage]:
    """Opens the dashboard: `open_page("/?as_of=2026-01-15", width=390, height=844, touch=True)`.

    It returns when the map has painted its day. `base` names another server than the shared one; `wait=False`
    returns after the page's load instead, for pages that show no map.
    """
    opened: list[Page] = []

    def note_outside(address: str) -> None:
        if not is_local(address):
            outside_requests.append(address)

    def open_it(  # one argument for each thing a reader's device differs in
        path: str = "/",
        width: int = 1440,
        height: int = 900,
        color_scheme: Literal["light", "dark"] = "light",
        *,
        touch: bool = False,
        base: str | None = None,
        wait: bool = True,
    ) -> Screen:
        address = base or request.getfixturevalue("server").url
        page = devices(touch=touch).new_page()
        opened.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=color_scheme)
        # What an earlier reader left behind; only the files of the page stay in the cache.
        forget = {"origin": address, "storageTypes": "local_storage,cookies,indexeddb"}
        page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", forget)
        screen = Screen(page)
        page.on("pageerror", lambda error: screen.errors.append(str(error)))
        page.on("request", lambda asked: note_outside(asked.url))
        page.on("websocket", lambda socket: note_outside(socket.url))
        page.goto(address + path)
        if wait:
            wait_for_map(screen)
        return screen

    yield open_it
    for context in {page.context for page in opened}:
        context.set_offline(False)
        context.clear_permissions()
        for page in context.pages:
            page.close()
    assert not outside_requests, f"asked for something outside this machine: {outside_requests}"


def wait_for_map(screen: Screen, seconds: float = 60) -> None:
    """Wait until the map has painted a day; fail with what the page shows instead."""
    deadline = time.monotonic() + seconds
    while find_map(screen.page) is None:
        if time.monotonic() > deadline:
            shown = screen.page.locator("body").inner_text()
            raise AssertionError(
                f"no map after {seconds:.0f} s; errors: {screen.errors}; the page shows:\n{shown}"
            )
        screen.page.wait_for_timeout(50)
    screen.map.wait_for_function("() => window.controlLayer.ready")  # labels placed, the opening extent taken


def is_local(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"data", "blob", "about"} or parts.hostname in LOOPBACK

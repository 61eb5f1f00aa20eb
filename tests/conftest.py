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
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

import pytest

from tools.browser import ARGUMENTS, NoBrowserError, find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Frame, Page, Request, WebSocket

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
Devices = Callable[..., "Device"]
DESK, PHONE = (1440, 900), (390, 844)  # width, height in CSS pixels
FAILED = pytest.StashKey[bool]()


@dataclass
class Device:
    """A desk or a phone: one cache of files, and the page that stays open on it, once a test has asked for it."""

    context: BrowserContext
    standing: Screen | None = None
    outside: list[str] = field(default_factory=list)  # what the standing page asked for off this machine

    def open_standing(self, address: str, size: tuple[int, int]) -> Screen:
        """Open the page that stays, with the card of the first visit put away."""
        page = self.context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        screen = Screen(page)
        watch(screen, self.outside)
        page.goto(address)
        wait_for_map(screen)
        put_guide_away(page)
        self.standing = screen
        return screen

    def close_standing(self) -> None:
        if self.standing:
            self.standing.page.close()
            self.standing = None


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
    made: dict[bool, Device] = {}

    def device(*, touch: bool) -> Device:
        if touch not in made:
            context = browser.new_context(
                viewport={"width": DESK[0], "height": DESK[1]},
                has_touch=touch,
                is_mobile=touch,
                locale="en-GB",
                timezone_id="Asia/Baghdad",
            )
            context.new_page()  # a context without any page gives up what makes the next one open faster
            made[touch] = Device(context)
        return made[touch]

    yield device
    for each in made.values():
        each.context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember on a test that it has failed: its standing pages are not handed on."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture
def outside_requests() -> list[str]:
    """Addresses off this machine that a page asked for; none resolves, and the test fails at its end."""
    return []


def watch(screen: Screen, outside: list[str]) -> None:
    """Note the errors of a page, and what it asks for outside this machine."""

    def note(asked: Request | WebSocket) -> None:
        if not is_local(asked.url):
            outside.append(asked.url)

    screen.page.on("pageerror", lambda error: screen.errors.append(str(error)))
    screen.page.on("request", note)
    screen.page.on("websocket", note)


@pytest.fixture
def open_page(
    devices: Devices, request: pytest.FixtureRequest, outside_requests: list[str]
) -> Iterator[OpenPage]:
    """Opens the dashboard: `open_page("/?as_of=2026-01-15", width=390, height=844, touch=True)`.

    It returns when the map has painted its day. `base` names another server than the shared one; `wait=False`
    returns after the page's load instead, for pages that show no map. Where a test is not about opening, reloading,
    storage or history, `turn_to` does the same in a tenth of the time.
    """
    used: dict[int, tuple[BrowserContext, list[Page]]] = {}

    def open_it(  # one argument for each thing a reader's device differs in
        path: str = "/",
        width: int = DESK[0],
        height: int = DESK[1],
        color_scheme: Literal["light", "dark"] = "light",
        *,
        touch: bool = False,
        base: str | None = None,
        wait: bool = True,
    ) -> Screen:
        address = base or request.getfixturevalue("server").url
        context = devices(touch=touch).context
        used.setdefault(id(context), (context, context.pages))
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=color_scheme)
        # What an earlier reader left behind; only the files of the page stay in the cache.
        forget = {"origin": address, "storageTypes": "local_storage,cookies,indexeddb"}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", forget)
        screen = Screen(page)
        watch(screen, outside_requests)
        page.goto(address + path)
        if wait:
            wait_for_map(screen)
        return screen

    yield open_it
    for context, before in used.values():
        context.set_offline(False)
        context.clear_permissions()
        for page in context.pages:
            if page not in before:
                page.close()
    assert not outside_requests, f"asked for something outside this machine: {outside_requests}"


# As it was when it had just been opened: nothing open, typed, focused, playing, unfolded on the map or put in the way.
# A test that changes something else of the page pushes onto `window.undo` what puts it right.
RESET = """() => {
  const store = window.__atlas;
  for (const undo of (window.undo ?? []).splice(0).reverse()) undo();
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  document.activeElement?.blur();
  document.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  for (const input of document.querySelectorAll(".atlas-bar input")) input.value = "";
  store.announce("escape");
  for (const scrolled of document.querySelectorAll(".st-key-atlas-body, [data-testid=stMain]")) scrolled.scrollTop = 0;
  store.set({ playing: false, rhythm: "change", speed: 1, loop: false, ghost: false, start: null, theme: "light" }, { url: false });
}"""
# Take over the view of an address as on Back. The store leaves an address alone that it has written itself, so it goes
# there by way of another one.
TURN = """(path) => {
  const store = window.__atlas;
  const to = (address) => {
    history.pushState(null, "", address);
    window.dispatchEvent(new PopStateEvent("popstate", { state: null }));
  };
  if (new URL(path, location.href).search === location.search) to("?axis=" + (store.state.axis === "dense" ? "all" : "dense"));
  to(path);
  store.set({}, { rest: true }); // what the address got wrong is put right at once
}"""
# What of a page does not show the view of its store yet: nothing once page, lives, ear and panels agree about it.
LAGGING = """(name) => {
  const { state, lives, settled, page } = window.__atlas, { shown, wanted } = window.__atlasEar;
  const day = new Date(state.day * 864e5).toISOString().slice(0, 10);
  const told = JSON.parse(shown); // day, day compared with, derived, site, known on, off, day compared with, without, ...
  const shows = {
    address: settled, server: state.online, lives: lives.version === wanted?.version && lives.known_on === state.known,
    page: page() === name && Boolean(document.querySelector(`.st-key-atlas-page-${page() || "map"}`)),
    ear: told[0] === day && (told[1] === null) === (state.compare === null) && told[3] === state.site && told[4] === state.known
      && told[5].join() === state.off.join() && told[7].join() === state.without.join(),
    panels: document.querySelector("[data-shown]")?.dataset.shown === day,
  };
  return Object.keys(shows).filter((part) => !shows[part]);
}"""
# Names are placed some 200 ms after the last reason to: still are those that have not moved for longer.
STILL = """() => new Promise((done) => {
  let before = "", same = 0;
  const look = () => {
    const now = [...document.querySelectorAll(".atlas-mark, .atlas-label, .atlas-names-pane span, .atlas-legend, .atlas-inset, .atlas-head > *")]
      .map((node) => { const at = node.getBoundingClientRect(); return [at.x, at.y, at.width, at.height]; }).join();
    same = now === before ? same + 1 : 0;
    before = now;
    if (same > 5) done();
    else setTimeout(look, 45);
  };
  look();
})"""


@pytest.fixture
def turn_to(devices: Devices, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Turns a page that is already open to an address: `turn_to("/?as_of=2026-01-15", touch=True)`.

    The page stands as if just opened there, but for what only a first visit shows (the card that says how to read the
    map) and for the history, which holds this one entry. There is one page for each device, so a second call turns the
    same page. A width of 900 px or more is for the desk, less is for the phone (touch).
    """
    used: dict[int, Device] = {}

    def turn(path: str = "/", width: int = 0, height: int = 0, *, touch: bool = False) -> Screen:
        device = devices(touch=touch)
        used[id(device)] = device
        size = (width, height) if width else PHONE if touch else DESK
        device.outside.clear()
        screen = device.standing or device.open_standing(request.getfixturevalue("server").url, size)
        page = screen.page
        page.bring_to_front()  # frames come slowly to a page that stands behind another
        screen.errors.clear()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="light", media="screen", reduced_motion="reduce")
        page.mouse.move(5, 5)
        page.evaluate(RESET)
        page.evaluate(TURN, path)
        wait_until_followed(screen, urlsplit(path).path.strip("/"))
        if page.evaluate("() => window.__atlas.state.map === null && !window.__atlas.page()"):
            page.evaluate("() => window.__atlas.announce('resetView')")  # at once, as motion is reduced
        page.emulate_media(color_scheme="light", media="screen", reduced_motion="no-preference")
        page.context.new_cdp_session(page).send("Page.resetNavigationHistory")
        return screen

    yield turn
    for device in used.values():
        device.context.clear_permissions()
        if request.node.stash.get(FAILED, False):
            device.close_standing()
        assert not device.outside, f"asked for something outside this machine: {device.outside}"


def put_guide_away(page: Page) -> None:
    """Dismiss the card of the first visit, whether it is shown or not."""
    page.evaluate("() => document.querySelector('.ab-guide .ab-close').click()")


def wait_until_followed(screen: Screen, name: str, seconds: float = 60) -> None:
    """Wait until all of the page shows the view of its store; `name` is the page's, "" for the map."""
    deadline = time.monotonic() + seconds
    while lagging := screen.page.evaluate(LAGGING, name):
        if time.monotonic() > deadline:
            raise AssertionError(f"{screen.page.url} is not followed by {lagging}; errors: {screen.errors}")
        screen.page.wait_for_timeout(20)


def wait_until_still(frame: Frame) -> None:
    """Wait until all marks and names of the map are where they stay."""
    frame.evaluate(STILL)


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

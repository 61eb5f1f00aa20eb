"""Drives the contestants in a real browser and writes down what its page and its network saw."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.bench.server import is_local, serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser, Page, Request, Route, WebSocket

    from tools.bench.contestants import Contestant
    from tools.bench.moves import Move

PROBE = Path(__file__).with_name("probe.js")
WIDTH, HEIGHT = 1440, 900
LONGEST_MS = 60_000
"""Far beyond what anything takes here; a machine may be busy, a measurement may not hang."""
SLIDER = "[role=slider], input[type=range]"
QUIET_MS = 300
"""Panels that have not changed for so long are settled."""
ZOOM_MS = 800
"""Leaflet's zoom is over by then."""
WHEEL_PX = -120


@dataclass
class Traffic:
    """What a page received and asked for."""

    received: int = 0
    """Bytes from the server over the page's WebSocket."""
    outside: list[str] = field(default_factory=list)
    """Addresses off this machine; they were refused."""


@dataclass
class Raw:
    """What was seen of one contestant; times in milliseconds."""

    usable: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    """Bytes a move brought over the WebSocket."""
    opening: int = 0
    """Bytes that the first map took over the WebSocket."""
    remounts: int = 0
    zoomed: tuple[float, ...] = ()
    """Zoom, latitude and longitude of the centre before the moves."""
    left: tuple[float, ...] = ()
    """The same after the moves."""
    outside: list[str] = field(default_factory=list)


def measure(
    browser: Browser, contestants: Sequence[Contestant], first: str, moves: Sequence[Move], loads: int
) -> dict[str, Raw]:
    """Open each contestant so many times, then take all through the moves; `first` is the day before them.

    They take turns, load by load and move by move: what else the machine does meanwhile meets all alike.
    """
    found = {each.name: Raw() for each in contestants}
    with ExitStack() as running:
        urls = {
            each.name: running.enter_context(serve(each.entry)) + each.address.format(day=first)
            for each in contestants
        }
        for each in contestants:
            with _opened(browser, each, urls[each.name]):
                pass  # the server reads its data for the first reader; later ones are measured
        for _ in range(loads):
            for each in contestants:
                raw = found[each.name]
                with _opened(browser, each, urls[each.name]) as (page, traffic):
                    raw.usable.append(page.evaluate("() => window.__bench.usable"))
                    raw.opening = traffic.received
                    raw.outside += traffic.outside
        opened = {
            each.name: running.enter_context(_opened(browser, each, urls[each.name])) for each in contestants
        }
        for each in contestants:
            page, _ = opened[each.name]
            page.wait_for_selector(f"{each.panels} [data-shown]", state="attached", timeout=LONGEST_MS)
            page.wait_for_timeout(ZOOM_MS)
            found[each.name].zoomed = _zoom(page)
        for move in moves:
            for each in contestants:
                _take(each, move, found[each.name], *opened[each.name])
        for name, (page, traffic) in opened.items():
            found[name].left = tuple(page.evaluate("() => window.__bench.extent()"))
            found[name].outside += traffic.outside
    return found


@contextmanager
def _opened(browser: Browser, contestant: Contestant, url: str) -> Iterator[tuple[Page, Traffic]]:
    """Open the contestant in a browser without a past, until its map can be used."""
    traffic = Traffic()
    with browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB", timezone_id="Asia/Baghdad"
    ) as context:
        context.add_init_script(_probe(contestant))
        context.route("**/*", lambda route, asked: _watch(route, asked, traffic))
        page = context.new_page()
        page.on("websocket", lambda opened: _listen(opened, traffic))
        page.goto(url)
        page.wait_for_function("() => window.__bench.usable !== null", timeout=LONGEST_MS, polling=50)
        yield page, traffic


def _probe(contestant: Contestant) -> str:
    reader = (
        f"{{ category: {contestant.category}, ready: {contestant.ready}, panels: '{contestant.panels}' }}"
    )
    return PROBE.read_text(encoding="utf-8").replace("= CONTESTANT;", f"= {reader};")


def _watch(route: Route, asked: Request, traffic: Traffic) -> None:
    if is_local(asked.url):
        route.fallback()
    else:
        traffic.outside.append(asked.url)
        route.abort()


def _listen(opened: WebSocket, traffic: Traffic) -> None:
    if not is_local(opened.url):
        traffic.outside.append(opened.url)

    def count(message: bytes | str) -> None:
        traffic.received += len(message if isinstance(message, bytes) else message.encode())

    opened.on("framereceived", count)


def _zoom(page: Page) -> tuple[float, ...]:
    """Turn the wheel over the map as a reader would, and return where it looks then."""
    box = page.locator("iframe").first.bounding_box()
    if box is None:
        raise RuntimeError("the map has no place on the page")
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + min(box["height"], HEIGHT - box["y"]) * 0.6)
    before = page.evaluate("() => window.__bench.extent()")
    page.mouse.wheel(0, WHEEL_PX)
    page.wait_for_timeout(ZOOM_MS)
    after = page.evaluate("() => window.__bench.extent()")
    if after == before:
        raise RuntimeError("the wheel did not zoom the map")
    return tuple(after)


def _take(contestant: Contestant, move: Move, raw: Raw, page: Page, traffic: Traffic) -> None:
    """Press the key once, wait until everything rests, and note what it took."""
    page.locator(SLIDER).focus()
    before = traffic.received
    page.evaluate(
        "(move) => window.__bench.arm(move)", {"expected": dict(move.expected), "day": move.day.isoformat()}
    )
    page.keyboard.press(contestant.key)
    page.wait_for_function(
        "(quiet) => window.__bench.settled(quiet)", arg=QUIET_MS, timeout=LONGEST_MS, polling=50
    )
    seen: dict[str, Any] = page.evaluate("() => window.__bench.result()")
    if not seen["kept"]:
        raise RuntimeError(
            f"{contestant.title}: the panels' place was replaced, so they could not be watched"
        )
    raw.remounts += seen["remounted"]
    raw.received.append(traffic.received - before)
    raw.settled.append(seen["settled"])
    if seen["told"] is not None:
        raw.told.append(seen["told"])
    if move.expected:
        raw.painted.append(seen["painted"])
        raw.frames.append(seen["frames"])

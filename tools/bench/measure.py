"""Drives one contestant after the other in a real browser and writes down what page, network and server saw."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error
from playwright.sync_api import TimeoutError as Late

from tools.bench import usage
from tools.bench.moves import busiest, day_of, jumps, steps
from tools.bench.seen import Played, Raw
from tools.bench.server import ServerError, running
from tools.bench.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from playwright.sync_api import Browser, Page

    from tools.bench.contestants import Contestant, Mode
    from tools.bench.facts import Facts
    from tools.bench.moves import Move
    from tools.bench.server import Server

PROBE = Path(__file__).with_name("probe.js")
WIDTH, HEIGHT = 1440, 900
QUIET_MS = 200
"""Panels that have not changed for so long are settled."""
ZOOM_MS = 800
"""Leaflet's zoom is over by then."""
WHEEL_PX = -120
SETTLE_PLAY_MS = 1000
"""A playback runs for so long before it is counted."""
SECOND = 1000
MS_A_DAY = 86_400_000


@dataclass(frozen=True)
class Plan:
    """How much is measured of each contestant, and how long each part may take."""

    loads: int
    steps: int
    jumps: int
    play_seconds: float
    limit_seconds: float = 60
    """No single opening or move may take longer."""
    budget_seconds: float = 60
    """After so long no further opening, step or jump is begun."""


def measure(
    browser: Browser, contestant: Contestant, facts: Facts, plan: Plan, environment: Mapping[str, str]
) -> Raw:
    """Start a contestant, open it, take it through the moves, and let it play."""
    raw = Raw()
    days = busiest(facts.placed_change_days if contestant.in_map else facts.change_days, plan.steps)
    limit_ms = plan.limit_seconds * SECOND
    try:
        with running(
            contestant.entry, {**contestant.environment, **environment}, seconds=2 * plan.limit_seconds
        ) as server:
            raw.start_seconds = server.seconds
            url = server.address + contestant.address.format(day=day_of(days[0]), site=facts.site)
            _open_often(browser, contestant, url, plan, raw)
            with opened(browser, contestant, url, limit_ms) as (page, traffic):
                _note_opening(page, traffic, raw)
                drive = Drive(page, traffic, contestant, plan, raw)
                drive.prepare(days[0])
                raw.memory_mib = usage.memory_mib(server.pid)
                drive.take(steps(facts, days), "step")
                drive.take(jumps(facts, *contestant.ends(facts), plan.jumps), "jump")
                raw.left = drive.extent()
                for mode in contestant.modes:
                    drive.play(mode, server)
                raw.outside |= traffic.outside
    except Late:
        raw.unfinished["open"] = _did_not(plan.limit_seconds)
    except ServerError as problem:
        raw.unfinished["open"] = str(problem).splitlines()[0]
    return raw


def _did_not(seconds: float) -> str:
    return f"did not finish in {seconds:g} s"


def _open_often(browser: Browser, contestant: Contestant, url: str, plan: Plan, raw: Raw) -> None:
    """Open the page in empty browsers, all but the last time; the first is not counted: the server reads its data for it."""
    began = time.monotonic()
    for load in range(plan.loads):
        if load and time.monotonic() - began > plan.budget_seconds:
            return
        with opened(browser, contestant, url, plan.limit_seconds * SECOND) as (page, traffic):
            raw.outside |= traffic.outside
            if load:
                _note_opening(page, traffic, raw)


def _note_opening(page: Page, traffic: Traffic, raw: Raw) -> None:
    raw.usable.append(page.evaluate("() => window.__bench.usable"))
    page.wait_for_timeout(QUIET_MS)
    raw.opening, raw.lives = traffic.received, traffic.lives or None


@contextmanager
def opened(
    browser: Browser, contestant: Contestant, url: str, limit_ms: float
) -> Iterator[tuple[Page, Traffic]]:
    """Open the contestant in a browser without a past, until its map can be used."""
    with browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB", timezone_id="Asia/Baghdad"
    ) as context:
        context.add_init_script(probe(contestant))
        page = context.new_page()
        page.set_default_timeout(limit_ms)
        traffic = Traffic(page)
        page.goto(url)
        page.wait_for_function("() => window.__bench.usable !== null", polling=50)
        yield page, traffic


def probe(contestant: Contestant) -> str:
    """Return the script that watches this contestant's page."""
    panels = f"'{contestant.panels}'" if contestant.panels else "null"
    reader = (
        f"{{ categories: {contestant.categories}, ready: {contestant.ready}, stamp: {contestant.stamp}, "
        f"panels: {panels}, inMap: {str(contestant.in_map).lower()} }}"
    )
    return PROBE.read_text(encoding="utf-8").replace("= CONTESTANT;", f"= {reader};")


@dataclass
class Drive:
    """One open page of a contestant under measurement."""

    page: Page
    traffic: Traffic
    contestant: Contestant
    plan: Plan
    raw: Raw

    def prepare(self, first: int) -> None:
        """Bring the page to the first day, zoom in as a reader would, and let everything rest."""
        if self.contestant.panels:
            self.page.wait_for_selector(f"{self.contestant.panels} [data-shown]", state="attached")
        self.page.wait_for_timeout(ZOOM_MS)
        self._zoom()
        if self.contestant.start:
            self.page.evaluate(
                f"(time) => window.__bench.start({self.contestant.start}, time)", first * MS_A_DAY
            )

    def _zoom(self) -> None:
        """Turn the wheel over the map as a reader would, and note where it looks then."""
        box = self.page.locator("iframe").first.bounding_box()
        if box is None:
            raise RuntimeError("the map has no place on the page")
        height = min(box["height"], HEIGHT - box["y"])
        self.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + height * 0.5)
        before = self.extent()
        self.page.mouse.wheel(0, WHEEL_PX)
        self.page.wait_for_timeout(ZOOM_MS)
        self.raw.zoomed = self.extent()
        if self.raw.zoomed == before:
            raise RuntimeError(f"{self.contestant.title}: the wheel did not zoom the map")

    def extent(self) -> tuple[float, ...]:
        """Return zoom, latitude and longitude of the map's centre."""
        return tuple(self.page.evaluate("() => window.__bench.extent()"))

    def take(self, moves: Sequence[Move], kind: str) -> None:
        """Make the moves one by one, as many as the budget allows; stop at the first that does not finish."""
        began = time.monotonic()
        for number, move in enumerate(moves):
            if number and time.monotonic() - began > self.plan.budget_seconds:
                return
            jump = "End" if number % 2 == 0 else "Home"
            try:
                seen = (
                    self._press(move, self.contestant.key, self.contestant.focus)
                    if kind == "step"
                    else self._press(move, jump, self.contestant.slider)
                )
            except Late:
                self.raw.unfinished[kind] = _did_not(self.plan.limit_seconds)
                return
            self._note(move, seen, kind)

    def _press(self, move: Move, key: str, focus: str) -> dict[str, Any]:
        """Press the key once, wait until everything rests, and return what it took."""
        page = self.page
        page.evaluate("(focus) => window.__bench.focus(focus)", focus)
        received, worked = self.traffic.received, self._worked()
        page.evaluate(
            "(move) => window.__bench.arm(move)",
            {"expected": dict(move.expected), "day": move.day.isoformat()},
        )
        page.keyboard.press(key)
        page.wait_for_function("(quiet) => window.__bench.settled(quiet)", arg=QUIET_MS, polling=50)
        seen: dict[str, Any] = page.evaluate("() => window.__bench.result()")
        if not seen["kept"]:
            raise RuntimeError(f"{self.contestant.title}: the panels' place was replaced while watched")
        return seen | {"received": self.traffic.received - received, "worked": self._worked() - worked}

    def _worked(self) -> float:
        """Return how long the page's main thread has worked so far, in ms; all frames of one origin share it."""
        self.traffic.session.send("Performance.enable")
        metrics = self.traffic.session.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration")) * SECOND

    def _note(self, move: Move, seen: Mapping[str, Any], kind: str) -> None:
        raw = self.raw
        raw.remounts += seen["remounted"]
        if kind == "step":
            raw.received.append(seen["received"])
            raw.main_thread.append(seen["worked"])
            raw.settled += [] if seen["settled"] is None else [seen["settled"]]
            raw.told += [] if seen["told"] is None else [seen["told"]]
        if not move.expected:
            return  # no marker changes, so nothing could be waited for
        paints = raw.steps if kind == "step" else raw.jumps
        paints.painted.append(seen["painted"])
        paints.frames.append(seen["frames"])
        paints.handler.append(seen["handler"])
        paints.work.append(seen["work"])
        paints.frame.append(seen["frame"])
        paints.layer += [] if seen["layer"] is None else [seen["layer"]]

    def play(self, mode: Mode, server: Server) -> None:
        """Let it play and count; a page that is too busy to answer has not finished."""
        page = self.page
        try:
            page.evaluate(mode.set)
            page.evaluate(f"() => window.__bench.play({self.contestant.play})")
            page.wait_for_timeout(SETTLE_PLAY_MS)
            cpu = usage.cpu_seconds(server.pid)
            page.evaluate("() => window.__bench.watch()")
            page.wait_for_timeout(self.plan.play_seconds * SECOND)
            seen = page.evaluate("() => window.__bench.watched()")
            page.evaluate(f"() => window.__bench.play({self.contestant.pause})")
        except Error as problem:
            self.raw.unfinished["play"] = str(problem).splitlines()[0][:80]
            return
        self.raw.remounts += seen["remounted"]
        self.raw.played[mode.name] = Played(
            seconds=seen["seconds"], frames=seen["frames"], dates=seen["dates"], longest_ms=seen["longest"],
            cpu_seconds=usage.cpu_seconds(server.pid) - cpu,
        )  # fmt: skip

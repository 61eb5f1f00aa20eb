"""Many viewers at once against one server: `python -m tools.bench.viewers [--viewers 50] [--minutes 10]`.

Each viewer is a WebSocket client that speaks Streamlit's protocol and plays; one of them is a real browser. Fifty
browsers on two cores would measure themselves.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import psutil

from geodata.load import HERE
from tools.bench import usage
from tools.bench.facts import gather
from tools.bench.figures import p95
from tools.bench.moves import day_of
from tools.bench.playing import Playback
from tools.bench.server import running
from tools.bench.viewer import ANSWER_SECONDS, OPENING_SECONDS, Seen, Viewer
from tools.browser import ARGUMENTS, find_browser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.async_api import Page

    from tools.bench.facts import Facts
    from tools.bench.server import Server

ARRIVAL_SECONDS = 0.2
"""Viewers arrive one after the other, so far apart."""
SETTLE_SECONDS = 10
"""So long everybody plays before anything is counted."""
CORES = 2
MINUTE = 60
START_SECONDS = 300
"""A large made-up ledger takes its time."""
WATCH = Path(__file__).with_name("watch.js")


async def crowd(server: Server, executable: str, facts: Facts, count: int, minutes: float) -> dict[str, Any]:
    """Let so many viewers play for so long and return the figures; a real browser watches and plays too."""
    from playwright.async_api import async_playwright  # noqa: PLC0415  # slow to import, and only needed here

    chance = random.Random(1)  # noqa: S311  # the same viewers in each run
    seen, over = Seen(), asyncio.Event()
    before = usage.memory_mib(server.pid)
    tasks = []
    for number in range(count):
        by_change, offset = bool(number % 2), chance.random() * 60
        playback = Playback(facts.first, facts.last, facts.change_days, by_change, offset)
        query = f"as_of={day_of(playback.day(0))}&site={facts.site}"
        tasks.append(asyncio.create_task(Viewer(server.address, query, playback, seen).watch(over)))
        await asyncio.sleep(ARRIVAL_SECONDS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.add_init_script(WATCH.read_text(encoding="utf-8"))
        await page.goto(f"{server.address}/?as_of={day_of(facts.first)}&site={facts.site}")
        await page.wait_for_function("() => window.__watch?.ready()", timeout=OPENING_SECONDS * 1000)
        await page.evaluate("() => window.__watch.play()")
        await asyncio.sleep(SETTLE_SECONDS)
        figures = await _count(server, page, seen, minutes)
        await browser.close()
    over.set()
    if tasks:
        await asyncio.wait(tasks, timeout=ANSWER_SECONDS)
    first = figures["memory_mib"][0]
    return {"viewers": count} | figures | {
        "memory_before_mib": round(before, 1), "memory_a_viewer_mib": round((first - before) / (count + 1), 2),
    }  # fmt: skip


async def _count(server: Server, page: Page, seen: Seen, minutes: float) -> dict[str, Any]:
    """Count for so many minutes; the memory is read at the start and then each minute."""
    memory = [usage.memory_mib(server.pid)]
    cpu, own, started = usage.cpu_seconds(server.pid), _own_cpu(), time.monotonic()
    await page.evaluate("() => window.__watch.start()")
    seen.counting = True
    while (left := started + MINUTE * minutes - time.monotonic()) > 0:
        await asyncio.sleep(min(MINUTE, left))
        memory.append(usage.memory_mib(server.pid))
    seen.counting = False
    real = await page.evaluate("() => window.__watch.result()")
    seconds = time.monotonic() - started
    spent = usage.cpu_seconds(server.pid) - cpu
    reports = len(seen.complete) + len(real["delays"])
    return {
        "minutes": round(seconds / MINUTE, 2), "reports": reports, "reports_a_second": round(reports / seconds, 1),
        "shown_median_ms": _ms(seen.shown, median), "shown_p95_ms": _ms(seen.shown, p95),
        "panels_median_ms": _ms(seen.complete, median), "panels_p95_ms": _ms(seen.complete, p95),
        "panels_worst_ms": _ms(seen.complete, max), "errors": len(seen.errors),
        "error_words": [f"{times}x {words}" for words, times in Counter(seen.errors).most_common(5)],
        "server_cpu_share": round(spent / seconds, 2),
        "server_cpu_a_report_ms": round(1000 * spent / max(1, reports), 1),
        "clients_cpu_share": round((_own_cpu() - own) / seconds, 2),
        "received_bytes_a_second": round(seen.received / seconds),
        "memory_mib": [round(each, 1) for each in memory], "memory_growth_mib": round(memory[-1] - memory[0], 1),
        "browser_panels_median_ms": _rounded(real["delays"], median), "browser_panels_p95_ms": _rounded(real["delays"], p95),
        "browser_reports": len(real["delays"]), "browser_unanswered": real["unanswered"],
        "browser_fps": round(real["frames"] / real["seconds"], 1),
    }  # fmt: skip


def _ms(values: Sequence[float], of: Any) -> float | None:
    return _rounded([1000 * value for value in values], of)


def _rounded(values: Sequence[float], of: Any) -> float | None:
    return round(float(of(values)), 1) if values else None


def _own_cpu() -> float:
    """Return the processor time of this process alone, which plays the viewers; the browser is another."""
    times = psutil.Process().cpu_times()
    return float(times.user + times.system)


def bound_to_two_cores() -> int:
    """Keep this process, and what it starts, to two cores where the system lets us; return how many there are then."""
    own = psutil.Process()
    if not hasattr(own, "cpu_affinity"):  # macOS
        return os.cpu_count() or 1
    cores: list[int] = list(own.cpu_affinity() or [])
    own.cpu_affinity(cores[:CORES])
    return len(cores[:CORES])


def measure(folder: Path, count: int, minutes: float) -> dict[str, Any]:
    """Start a server on a data folder and return the figures of so many viewers."""
    facts = gather(folder)
    executable = find_browser()  # it starts Playwright itself, which cannot be done once the loop runs
    cores = bound_to_two_cores()
    with running("app.py", {"GEODATA": str(folder)}, seconds=START_SECONDS) as server:
        found = asyncio.run(crowd(server, executable, facts, count, minutes))
    return {"cores": cores, "sites": len(facts.sites)} | found


def main() -> int:
    """Measure, print and return 0 where no viewer saw an error."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.viewers", description=__doc__)
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--folder", type=Path, default=HERE, help="data folder; the real ledger by default")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server we started ends with us
    found = measure(options.folder, options.viewers, options.minutes)
    print(json.dumps(found, indent=2))
    return 1 if found["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())

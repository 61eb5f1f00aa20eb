"""Many exports at once against one server: `python -m tools.bench.crowd [--requests 200] [--at-once 8]`.

Pages, pictures, slides, files that play, tables and citations of many days, mixed. Told are the answers that were no
200, the server's memory as it goes, how long answers took, and how quickly the dashboard answered a viewer who played meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import TYPE_CHECKING
from urllib.error import HTTPError

from geodata.load import HERE
from tools.bench.facts import gather
from tools.bench.figures import p95
from tools.bench.moves import day_of
from tools.bench.playing import Playback
from tools.bench.server import DIRECT, running
from tools.bench.usage import memory_mib
from tools.bench.viewer import Seen, Viewer

if TYPE_CHECKING:
    from tools.bench.facts import Facts
    from tools.bench.figures import Figures
    from tools.bench.server import Server

KINDS = (
    "briefing.png?", "briefing.svg?theme=dark&", "briefing.pdf?layout=a4&", "briefing.pptx?", "briefing.html?theme=grey&",
    "briefing.png?layout=square&quotes=none&", "briefing.json?", "briefing.png?layout=letter&marking=TLP:AMBER&", "states.csv?",
    "segments.geojson?", "statements.parquet?", "citation.bib?", "briefing.pdf?site=camp-taji&", "briefing.png?compare=2020-01-01&",
)  # fmt: skip
SECONDS = 120
OK = 200


def main() -> int:
    """Ask, and print one JSON object; 1 where an answer was no 200."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench.crowd", description="Ask for many exports at once."
    )
    parser.add_argument("--requests", type=int, default=200, help="how many in all")
    parser.add_argument("--at-once", type=int, default=8, help="how many at a time")
    options = parser.parse_args()
    with running("app.py", {}, seconds=60) as server:
        found = ask(server, options.requests, options.at_once)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 1 if found["not_200"] else 0


def ask(server: Server, count: int, at_once: int) -> Figures:
    """Send `count` requests, `at_once` at a time, after one of each kind; a viewer plays meanwhile. Return the figures."""
    about = gather(HERE)
    asked = [
        f"{KINDS[n % len(KINDS)]}as_of={day_of(about.change_days[(7 * n) % len(about.change_days)])}"
        for n in range(count)
    ]
    for kind in KINDS:
        _get(server, f"export/{kind}as_of={day_of(about.first)}")
    seen, memory, over = Seen(counting=True), [memory_mib(server.pid)], threading.Event()
    playing = threading.Thread(target=lambda: asyncio.run(_play(server, about, seen, over)))
    playing.start()
    begin = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        under_way = [pool.submit(_get, server, f"export/{path}") for path in asked]
        while not all(each.done() for each in under_way):
            time.sleep(0.5)
            memory.append(memory_mib(server.pid))
    seconds = time.perf_counter() - begin
    over.set()
    playing.join()
    answers = [each.result() for each in under_way]
    wrong = [f"{path}: {status}" for path, (status, _) in zip(asked, answers, strict=True) if status != OK]
    half = len(memory) // 2
    return {
        "requests": count, "at_once": at_once, "seconds": round(seconds, 1), "not_200": len(wrong), "wrong": "; ".join(wrong[:5]),
        "answer_median_s": round(median(took for _, took in answers), 2), "answer_p95_s": round(p95([took for _, took in answers]), 2),
        "memory_first_mib": round(memory[0], 1), "memory_most_mib": round(max(memory), 1),
        "memory_growth_of_second_half_mib": round(max(memory[half:]) - max(memory[: half + 1]), 1),
        "viewer_reports": len(seen.complete), "viewer_errors": len(seen.errors),
        "viewer_panels_median_s": round(median(seen.complete), 3) if seen.complete else None,
        "viewer_panels_p95_s": round(p95(seen.complete), 3) if seen.complete else None,
    }  # fmt: skip


async def _play(server: Server, about: Facts, seen: Seen, over: threading.Event) -> None:
    """Let one viewer play on the dashboard until the requests are answered."""
    playback, ended = (
        Playback(about.first, about.last, about.change_days, by_change=True, offset=0),
        asyncio.Event(),
    )
    viewer = Viewer(server.address, f"as_of={day_of(about.first)}&site={about.site}", playback, seen)
    watching = asyncio.create_task(viewer.watch(ended))
    await asyncio.to_thread(over.wait)
    ended.set()
    await watching


def _get(server: Server, path: str) -> tuple[int, float]:
    begin = time.perf_counter()
    try:
        with DIRECT.open(f"{server.address}/{path}", timeout=SECONDS) as answer:
            answer.read()
            status = int(answer.status)
    except HTTPError as refused:
        status = refused.code
    return status, time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())

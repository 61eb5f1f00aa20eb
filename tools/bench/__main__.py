"""Measure the dashboard beside its peers: the same data, the same browser, one run, one table, one JSON file.

    python -m tools.bench [--json build/bench.json] [--moves 40] [--loads 5]

Median and 95th percentile of single key presses; opening a page is the median of fresh, empty browsers.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import sys
import time
from importlib import metadata
from pathlib import Path

from components import view
from geodata import load
from tools.bench.contestants import ATLAS, PEERS
from tools.bench.figures import figures, table
from tools.bench.measure import HEIGHT, WIDTH, measure
from tools.bench.moves import EPOCH, change_days, moves
from tools.bench.server import TODAY
from tools.browser import ARGUMENTS, NoBrowserError, find_browser


def main() -> int:
    """Run all measurements, print the table and write the JSON file."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="Measure the dashboard.")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), help="file to write")
    parser.add_argument("--moves", type=int, default=40, help="changes to step through, at most")
    parser.add_argument("--loads", type=int, default=5, help="times to open each page")
    options = parser.parse_args()
    if options.moves < 1 or options.loads < 1:
        parser.error("--moves and --loads start at 1")
    try:
        executable = find_browser()
    except NoBrowserError as problem:
        print(problem, file=sys.stderr)
        return 1

    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # find_browser says what is missing

    started = time.monotonic()
    busy = round(os.getloadavg()[0], 1)  # before we add to it: times of a busy machine are longer
    payload = view.browser_payload(load.load(), None, dt.date.fromisoformat(TODAY))
    steps = moves(payload, options.moves)
    first = (EPOCH + dt.timedelta(days=change_days(payload)[0])).isoformat()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        conditions = {
            "date": dt.datetime.now(dt.UTC).date().isoformat(),
            "cores": os.cpu_count(),
            "load before": busy,
            "system": platform.system(),
            "browser": f"Chromium {browser.version}",
            "window": f"{WIDTH}x{HEIGHT}",
            **{name: metadata.version(name) for name in ("streamlit", "folium", "streamlit-folium")},
            "sites": len(payload["sites"]),
            "moves": len(steps),
            "loads": options.loads,
        }
        print("Measuring, this takes one to four minutes ...", file=sys.stderr)
        seen = measure(browser, (ATLAS, *PEERS), first, steps, options.loads)
        found = {name: figures(raw) for name, raw in seen.items()}
        browser.close()
    lives = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
    found[ATLAS.name]["lives_bytes"] = len(lives)
    conditions["seconds"] = round(time.monotonic() - started)

    options.json.parent.mkdir(parents=True, exist_ok=True)
    report = {"conditions": conditions, "figures": found}
    options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(table(found, {each.name: each.title for each in (ATLAS, *PEERS)}))
    print("\n" + ", ".join(f"{name} {value}" for name, value in conditions.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())

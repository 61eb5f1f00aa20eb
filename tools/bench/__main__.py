"""Measure the dashboard beside its peers: the same data, the same browser, one run, tables and one JSON file.

    python -m tools.bench [--json build/bench.json] [--sizes 22,1000,10000] [--viewers 50] [--minutes 2] [--no-briefings] [--quick]

docs/measurements.md says how each figure is made.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.load import HERE
from tools.bench import briefings, facts, made_up, tables, viewers
from tools.bench.contestants import ATLAS, PEERS
from tools.bench.figures import figures, growth
from tools.bench.measure import HEIGHT, WIDTH, Plan, measure
from tools.bench.npm import NoScriptsError, scripts
from tools.bench.server import ROOT, TODAY
from tools.browser import ARGUMENTS, NoBrowserError, find_browser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.bench.contestants import Contestant
    from tools.bench.figures import Figures

BUILD = ROOT / "build" / "bench"
NPM = ROOT / "build" / "npm"
REAL = 22
"""The size that stands for the real ledger; the others are made up."""
CLAIMS_A_SITE = 10
TITLES = {each.name: each.title for each in (ATLAS, *PEERS)}
NAMES = ("streamlit", "folium", "streamlit-folium", "websockets")


def main() -> int:
    """Run all measurements, print the tables and write the JSON file."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers we started end with us
    try:
        executable = find_browser()
    except NoBrowserError as problem:
        print(problem, file=sys.stderr)
        return 1
    started = time.monotonic()
    report: dict[str, Any] = {"conditions": _conditions(executable)}
    folders = {size: _folder(size) for size in options.sizes}
    report["ledger"] = {str(size): _ledger_work(folder) for size, folder in folders.items()}
    sizes = [report["ledger"][str(size)] for size in sorted(options.sizes) if size != REAL]
    report["growth"] = growth(sizes[-2], sizes[-1]) if len(sizes) > 1 else {}
    report["sizes"] = {}
    for size, folder in folders.items():
        _say(f"{size} sites, in the browser ...")
        report["sizes"][str(size)] = _contest(executable, size, folder, options)
    if options.briefings:
        _say("briefings ...")
        report["briefings"] = briefings.measure(executable)
    if options.viewers:
        _say(f"{options.viewers} viewers, {options.minutes:g} minutes ...")
        report["viewers"] = viewers.measure(HERE, options.viewers, options.minutes)
    report["conditions"]["seconds"] = round(time.monotonic() - started)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(text(report))
    return 0


def text(report: dict[str, Any]) -> str:
    """Return the report as Markdown: a table for each size, one for the work in Python, one for the viewers."""
    parts = []
    for size, found in report["sizes"].items():
        parts += [
            f"### {int(size):,} sites\n",
            tables.contest(found, {name: TITLES[name] for name in found}),
            "",
        ]
    if report["ledger"]:
        heads = {f"{int(size):,} sites": found for size, found in report["ledger"].items()}
        parts += ["### In Python\n", tables.ledgers(heads, report["growth"]), ""]
    if "briefings" in report:
        parts += ["### Briefings\n", tables.briefings(report["briefings"]), ""]
    if "viewers" in report:
        parts += [
            f"### {report['viewers']['viewers']} viewers at once\n",
            tables.viewers(report["viewers"]),
            "",
        ]
    parts.append(", ".join(f"{name} {value}" for name, value in report["conditions"].items()))
    return "\n".join(parts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="Measure the dashboard.")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), help="file to write")
    parser.add_argument(
        "--sizes", type=_sizes, default=[REAL, 1000, 10_000], help="sites, by commas; 22 is the real ledger"
    )
    parser.add_argument("--only", default="", help="contestants, by commas: " + ", ".join(TITLES))
    parser.add_argument("--viewers", type=int, default=50, help="viewers at once; 0 leaves them out")
    parser.add_argument("--minutes", type=float, default=2, help="how long they play")
    parser.add_argument(
        "--briefings", action=argparse.BooleanOptionalAction, default=True, help="how long they take to make"
    )
    parser.add_argument("--quick", action="store_true", help="a few moves of each, to see that it runs")
    options = parser.parse_args()
    if options.viewers < 0 or options.minutes <= 0:
        parser.error("--viewers starts at 0, --minutes above it")
    if strange := sorted(set(filter(None, options.only.split(","))) - set(TITLES)):
        parser.error(f"--only does not know {strange[0]!r}; there are {', '.join(TITLES)}")
    return options


def _sizes(words: str) -> list[int]:
    sizes = [int(each) for each in words.split(",") if each]
    if any(size < 1 for size in sizes):
        raise argparse.ArgumentTypeError("a size starts at 1")
    return sizes


def plan(size: int, *, quick: bool) -> Plan:
    """Return how much is measured at a size: fewer moves where each takes a peer longer."""
    if quick:
        return Plan(loads=1, steps=4, jumps=2, play_seconds=3, budget_seconds=10)
    if size <= REAL:
        return Plan(loads=4, steps=40, jumps=30, play_seconds=8, budget_seconds=20)
    loads = 2 if size <= 1000 else 1  # noqa: PLR2004  # beyond, the first two peers take a minute to open
    return Plan(loads=loads, steps=40, jumps=30, play_seconds=8, budget_seconds=14)


def _folder(size: int) -> Path:
    """Return the data folder of a size, writing it if it is made up."""
    if size == REAL:
        return HERE
    folder = BUILD / f"made-up-{size}"
    made_up.write(folder, sites=size, claims=CLAIMS_A_SITE * size)
    return folder


def _ledger_work(folder: Path) -> Figures:
    _say(f"Python on {folder.name} ...")
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.ledger_work", str(folder)],
        cwd=ROOT, env=os.environ | {"ATLAS_TODAY": TODAY}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: Figures = json.loads(done.stdout)
    return found


def _contest(executable: str, size: int, folder: Path, options: argparse.Namespace) -> dict[str, Figures]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # find_browser says what is missing

    file = BUILD / f"facts-{size}.json"
    about = facts.gather(folder)
    about.write(file)
    environment = {"GEODATA": str(folder), "BENCH_FACTS": str(file)}
    found: dict[str, Figures] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        for contestant in _chosen(options.only):
            if contestant.needs_npm:
                try:
                    environment["BENCH_SCRIPTS"] = str(scripts(NPM))
                except NoScriptsError as problem:
                    print(problem, file=sys.stderr)
                    found[contestant.name] = {"painted_median_ms": "not measured: no scripts from npm"}
                    continue
            raw = measure(browser, contestant, about, plan(size, quick=options.quick), environment)
            found[contestant.name] = figures(raw, in_page=contestant.in_page)
            _say(f"  {contestant.title}: painted in {found[contestant.name]['painted_median_ms']} (ms)")
        browser.close()
    return found


def _chosen(only: str) -> Sequence[Contestant]:
    names = set(filter(None, only.split(",")))
    return [each for each in (ATLAS, *PEERS) if not names or each.name in names]


def _conditions(executable: str) -> dict[str, Any]:
    version = subprocess.run(
        [executable, "--version"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "cores": os.cpu_count(),
        "load before": round(
            os.getloadavg()[0], 1
        ),  # before we add to it: times of a busy machine are longer
        "system": platform.system(),
        "Python": platform.python_version(),
        "browser": version,
        "window": f"{WIDTH}x{HEIGHT}",
        **{name: metadata.version(name) for name in NAMES},
    }


def _say(words: str) -> None:
    print(words, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())

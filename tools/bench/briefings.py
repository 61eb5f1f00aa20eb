"""How long a briefing takes to make, beside a plot of the map alone and a picture of a browser's screen.

`python -m tools.bench.briefings` measures it by itself. All are 1920x1080, of the same ledger; every run is of another
day, so that nothing is answered from a memory; "again" is the same view typeset anew, as for another size or a changed word. (a) ours, the whole page; (b) geopandas with matplotlib, the map only, its
layers read beforehand; (c) a screenshot of the dashboard by a Chromium that already runs, opening the view included.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import time
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from components import lives
from components.theme import LABELS
from components.view_state import ViewState
from exports import forms
from exports.options import LAYOUTS
from geodata import boundaries, control, load
from geodata.knowledge import EVERYTHING
from tools.bench.server import TODAY, running
from tools.browser import ARGUMENTS, NoBrowserError, find_browser

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geodata.model import Ledger
    from tools.bench.figures import Figures

WIDTH, HEIGHT = LAYOUTS["slide"].pixels()
WARM, RUNS, PICTURES = 3, 30, 8
LAYERS = ("neighbours", "regions", "lakes", "rivers", "governorates", "outline", "kr_boundary", "towns")
READY = "() => [...document.querySelectorAll('iframe')].some((f) => f.contentWindow.controlLayer?.ready)"


def main() -> int:
    """Measure and print one JSON object."""
    try:
        executable = find_browser()
    except NoBrowserError as problem:
        print(problem, file=sys.stderr)
        return 1
    sys.stdout.write(json.dumps(measure(executable), indent=2) + "\n")
    return 0


def measure(executable: str) -> Figures:
    """Return medians and p95 in milliseconds, and how many times longer the others take."""
    ledger, now = load.load(), dt.date.fromisoformat(TODAY)
    days = lives.change_days(ledger, EVERYTHING, now)
    found: Figures = {}
    for form in ("png", "svg", "pdf", "pptx", "html"):

        def make(day: dt.date, form: str = form) -> object:
            return forms.make(form, forms.Request(ledger, ViewState(as_of=day), now))

        found |= _figures(f"{form}_ms", _times(make, days, RUNS))
    again = forms.Request(ledger, ViewState(as_of=days[-1]), now).briefing()
    for form in ("png", "svg", "pdf"):

        def once_more(_: dt.date, form: str = form) -> object:
            return forms.STILL[form](again)

        found |= _figures(f"{form}_again_ms", _times(once_more, days, RUNS))
    found |= _figures("geopandas_ms", _times(_plotter(ledger), days, PICTURES))
    found |= _figures("chromium_ms", _screens(executable, days))
    png = float(str(found["png_ms"]))
    for peer in ("geopandas", "chromium"):
        found[f"{peer}_times"] = round(float(str(found[f"{peer}_ms"])) / png, 1)
        found[f"{peer}_again_times"] = round(
            float(str(found[f"{peer}_ms"])) / float(str(found["png_again_ms"])), 1
        )
    return found


def _figures(name: str, times: Sequence[float]) -> Figures:
    milliseconds = [1000 * seconds for seconds in times]
    return {name: round(median(milliseconds), 1), f"{name}_p95": round(quantiles(milliseconds, n=20)[-1], 1)}


def _times(make: Callable[[dt.date], object], days: Sequence[dt.date], runs: int) -> list[float]:
    """Return the seconds of each run after a few that warm up."""
    taken = []
    for number in range(WARM + runs):
        day = days[number % len(days)]
        begin = time.perf_counter()
        make(day)
        taken.append(time.perf_counter() - begin)
    return taken[WARM:]


def _plotter(ledger: Ledger) -> Callable[[dt.date], object]:
    """Return what plots the map of a day as a PNG, as one would with geopandas; the layers are read once."""
    import geopandas as gpd  # noqa: PLC0415 - only here
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    collections = boundaries.load().layers()
    layers = [
        gpd.GeoDataFrame.from_features(collections[name]["features"], crs=4326).to_crs(3857)
        for name in LAYERS
    ]
    found = control.lives(ledger)
    placed = [site for site in ledger.sites.values() if site.lon is not None]
    points = gpd.GeoSeries(
        gpd.points_from_xy([s.lon for s in placed], [s.lat for s in placed]), crs=4326
    ).to_crs(3857)
    colours = dict(zip(LABELS, ("#0b63a5", "#3fa3dc", "#888888", "#e08a00", "#00886a", "#222222", "#777777"), strict=True))  # fmt: skip

    def plot(day: dt.date) -> bytes:
        figure, axes = plt.subplots(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
        for layer in layers:
            layer.plot(ax=axes, facecolor="none", edgecolor="#888888", linewidth=0.6, markersize=2)
        shown: Any = gpd.GeoDataFrame({"colour": [colours[found[s.site].at(day).category] for s in placed]}, geometry=points)  # fmt: skip
        shown.plot(ax=axes, color=shown["colour"], markersize=60, zorder=5)
        for site, point in zip(placed, points, strict=True):
            axes.annotate(
                site.short_name, (point.x, point.y), xytext=(6, 0), textcoords="offset points", fontsize=9
            )
        west, south, east, north = layers[LAYERS.index("outline")].total_bounds
        axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
        out = io.BytesIO()
        figure.savefig(out, format="png")
        plt.close(figure)
        return out.getvalue()

    return plot


def _screens(executable: str, days: Sequence[dt.date]) -> list[float]:
    """Return how long a running browser takes from asking for a view to the PNG of its screen."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - find_browser says what is missing

    taken = []
    with running("app.py", {}, seconds=60) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for number in range(1 + PICTURES):
            begin = time.perf_counter()
            page.goto(f"{server.address}/?as_of={days[number % len(days)]}")
            page.wait_for_function(READY, polling=20)
            page.screenshot()
            taken.append(time.perf_counter() - begin)
        browser.close()
    return taken[1:]


if __name__ == "__main__":
    sys.exit(main())

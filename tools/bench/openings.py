"""How long each page takes to open from its link in a browser without a past: `python -m tools.bench.openings [--times 7]`.

From the start of navigation until the heading and the page's own content stand there. The first opening of each page is
left out: the server reads its data for it.
"""

from __future__ import annotations

import argparse
import sys
from statistics import median

from components.frame import PAGES
from tools.bench.measure import HEIGHT, WIDTH
from tools.bench.server import running
from tools.browser import ARGUMENTS, NoBrowserError, find_browser

QUERY = "?as_of=2026-01-18&site=ain-al-asad"
SECONDS = 60
# The last part of the page is there, and it says something.
OPEN = """(() => {
  const look = () => {
    const parts = [...document.querySelectorAll(".st-key-atlas-body [data-panel]")].filter((part) => part.textContent.trim());
    const whole = parts.length && document.querySelector("[data-shown]");
    if (whole) window.__opened ??= performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""


def main() -> int:
    """Open every page some times and print the medians."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench.openings", description="Measure how pages open."
    )
    parser.add_argument("--times", type=int, default=7, help="openings of each page that are counted")
    options = parser.parse_args()
    try:
        executable = find_browser()
    except NoBrowserError as problem:
        print(problem, file=sys.stderr)
        return 1

    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # find_browser says what is missing

    print("| page | median, ms | slowest, ms |\n| --- | ---: | ---: |")
    with running("app.py", {}, seconds=SECONDS) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        for address in PAGES:
            taken = []
            for number in range(options.times + 1):
                with browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}) as context:
                    context.add_init_script(OPEN)
                    page = context.new_page()
                    page.goto(f"{server.address}/{address}{QUERY}")
                    page.wait_for_function("() => window.__opened", polling=20, timeout=SECONDS * 1000)
                    if number:
                        taken.append(page.evaluate("() => window.__opened"))
            print(f"| /{address} | {median(taken):,.0f} | {max(taken):,.0f} |", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Take the pictures of the README, and a set for review: `python -m tools.shots [--no-review]`.

Pictures of the README go to docs/pictures, those for review (dates, sizes, light and dark) to build/shots. Date, "today"
and data are fixed, so a picture changes only when the dashboard does.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PIL import Image

from components.view_state import ViewState
from geodata import load
from tools.bench.server import ROOT, TODAY, serve
from tools.browser import ARGUMENTS, NoBrowserError, find_browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

PICTURES = ROOT / "docs" / "pictures"
REVIEW = ROOT / "build" / "shots"
DESK, PHONE = (1440, 900), (390, 844)
LARGEST_BYTES = 600_000
COLOURS = 256
LONGEST_MS = 60_000
STILL_MS = 1_200
"""Fonts, labels and fading are done by then."""
BRIEFED = "2026-01-18"
DATES = ("2015-06-01", "2017-06-01", "2020-04-05", "2026-01-15", TODAY)
# The map has painted the day, the panels show it, and every typeface is there.
SHOWN = """(day) => {
  const panels = document.querySelector("[data-shown]")?.dataset.shown;
  const layers = [...document.querySelectorAll("iframe")].map((frame) => frame.contentWindow?.controlLayer);
  const painted = layers.some((layer) => layer?.ready && layer.day === day);
  return panels === day && painted && document.fonts.status === "loaded";
}"""
# The card of the first visit has been read (bar.js).
SEEN = 'localStorage.setItem("atlas-how-to-read", "1")'


@dataclass(frozen=True)
class Shot:
    """One picture: which view, on which screen."""

    name: str
    day: str
    site: str | None = None
    phone: bool = False
    scheme: Literal["light", "dark"] = "light"
    whole: bool = False
    """The page down to its end, not the first screen only."""
    more: str = ""
    """Further parameters of the address, such as "&compare=2020-01-01"."""
    page: str = ""
    """The address of the page, empty for the map."""

    @property
    def query(self) -> str:
        """The explicit link to the view."""
        return f"{self.page}?as_of={self.day}" + (f"&site={self.site}" if self.site else "") + self.more


README = (
    Shot("overview", "2026-01-15", "ain-al-asad"),
    Shot("overview-dark", "2026-01-15", "ain-al-asad", scheme="dark"),
    Shot("phone", "2026-01-15", phone=True),
    Shot("today", TODAY),
    Shot("compare", "2020-12-31", more="&compare=2020-01-01"),
    Shot("each-day", "2026-01-05", "ain-al-asad", more="&known_on=each-day"),
    Shot("statements", "2026-01-18", page="statements", more="&item=G4"),
    Shot("promises", "2026-03-20", page="promises"),
)


def review() -> list[Shot]:
    """Return the set for review: every date on both screens, light and dark."""
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    return [
        Shot(f"{day}-{'phone' if phone else 'desk'}-{scheme}", day, phone=phone, scheme=scheme, whole=phone)
        for day in DATES
        for phone in (False, True)
        for scheme in schemes
    ]


def take(browser: Browser, address: str, shot: Shot) -> bytes:
    """Return one picture as PNG."""
    with _page(browser, shot) as page:
        page.goto(f"{address}/{shot.query}")
        page.wait_for_function(SHOWN, arg=shot.day, timeout=LONGEST_MS, polling=100)
        if shot.whole:
            # Streamlit scrolls inside the page, so the browser's own full page would end with the first screen.
            height = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
            page.set_viewport_size({"width": PHONE[0] if shot.phone else DESK[0], "height": height})
        page.wait_for_timeout(STILL_MS)
        return small(page.screenshot(scale="css" if shot.whole else "device"))


@contextmanager
def _page(browser: Browser, shot: Shot) -> Iterator[Page]:
    width, height = PHONE if shot.phone else DESK
    with browser.new_context(
        viewport={"width": width, "height": height},
        # A phone's picture is shown small; without its real density the words would be mush.
        device_scale_factor=2 if shot.phone else 1,
        has_touch=shot.phone,
        is_mobile=shot.phone,
        color_scheme=shot.scheme,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Asia/Baghdad",
    ) as context:
        context.add_init_script(SEEN)
        yield context.new_page()


def briefing(day: str) -> bytes:
    """Return the briefing of a day as the picture that everybody gets."""
    from exports import forms  # noqa: PLC0415  # the typesetter takes a moment, and the review needs none

    ledger, now = load.load(), dt.date.fromisoformat(TODAY)
    return forms.make("png", forms.Request(ledger, ViewState(dt.date.fromisoformat(day)), now))


def small(png: bytes, largest: int = LARGEST_BYTES) -> bytes:
    """Return a PNG of the same picture, with fewer colours only if it is too large otherwise."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    packed = _pack(picture)
    if len(packed) <= largest:
        return packed
    return _pack(picture.quantize(COLOURS, dither=Image.Dither.NONE))


def _pack(picture: Image.Image) -> bytes:
    packed = io.BytesIO()
    picture.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def main() -> int:
    """Take all pictures and print where they are."""
    parser = argparse.ArgumentParser(prog="python -m tools.shots", description="Take the pictures.")
    parser.add_argument(
        "--review", action=argparse.BooleanOptionalAction, default=True, help="the set for review too"
    )
    options = parser.parse_args()
    try:
        executable = find_browser()
    except NoBrowserError as problem:
        print(problem, file=sys.stderr)
        return 1

    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # find_browser says what is missing

    wanted: list[tuple[Path, Shot]] = [(PICTURES, shot) for shot in README]
    if options.review:
        wanted += [(REVIEW, shot) for shot in review()]
    slide = PICTURES / "briefing.png"
    slide.write_bytes(small(briefing(BRIEFED)))
    print(f"{slide.relative_to(ROOT)}  {slide.stat().st_size // 1000} kB")
    with serve() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        for folder, shot in wanted:
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / f"{shot.name}.png"
            file.write_bytes(take(browser, address, shot))
            print(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1000} kB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Finds a Chromium or Chrome for the tests and pictures, and installs one where that can be done without asking.

`python -m tools.browser` prints its path; it exits 1 with one sentence when there is none to be had.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPS = ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium")
# A profile of its own per start is Playwright's doing; these keep the browser from calling home.
ARGUMENTS = (
    "--no-sandbox",  # Chromium refuses to start as root without it; the pages are our own
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    # Names outside this machine do not exist for the browser, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]",
)
REMEDY = (
    "No browser was found for the browser tests: install Chromium or Chrome (Debian: apt-get install chromium, "
    "macOS: brew install --cask google-chrome), or set ATLAS_BROWSER to the path of one."
)
NO_DRIVER = (
    "Playwright's driver does not start, so no browser can be driven: install its missing library "
    "(Debian: apt-get install libatomic1), then run the same command again."
)


class NoBrowserError(RuntimeError):
    """No usable browser; the message says in one sentence how to get one."""


def find_browser() -> str:
    """Return the path of a browser that starts, or raise NoBrowserError."""
    chosen = os.environ.get("ATLAS_BROWSER")
    if chosen:
        if starts(chosen):
            return chosen
        message = (
            f"ATLAS_BROWSER is {chosen!r}, which does not start: set it to a Chromium or Chrome that does."
        )
        raise NoBrowserError(message)
    for path in candidates():
        if starts(path):
            return path
    raise NoBrowserError(REMEDY)


def candidates() -> list[str]:
    """Return paths where a browser may be: the system's commands, macOS applications, Playwright's download."""
    found = [path for name in COMMANDS if (path := shutil.which(name))]
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        found += [str(folder / app) for app in MAC_APPS if (folder / app).is_file()]
    downloaded = playwright_browser()
    return [*found, downloaded] if downloaded else found


def playwright_browser() -> str | None:
    """Return where Playwright keeps its own Chromium, if it has been downloaded."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # `make run` has no Playwright

    if not driver_starts():
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def driver_starts() -> bool:
    """Tell whether Playwright's own program runs: on a slim Debian 12 it lacks libatomic (playwright 1.65.2)."""
    return starts(sys.executable, "-m", "playwright")


def starts(*command: str) -> bool:
    """Tell whether the program runs: Ubuntu's `chromium-browser` may be a stub, a download may lack libraries."""
    try:
        done = subprocess.run([*command, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def prepare() -> str:
    """Return the path of a browser Playwright can drive, installing what is missing; else raise NoBrowserError."""
    if not driver_starts():
        apt_install("libatomic1")
        if not driver_starts():
            raise NoBrowserError(NO_DRIVER)
    try:
        return find_browser()
    except NoBrowserError:
        if os.environ.get("ATLAS_BROWSER"):
            raise
    print("Installing a browser for the tests ...", file=sys.stderr)
    apt_install("chromium")
    try:
        return find_browser()
    except NoBrowserError:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], check=False, stdout=sys.stderr
        )
    return find_browser()


def apt_install(package: str) -> None:
    """Install a Debian package where that needs no question: on Debian, as root. Elsewhere do nothing.

    Not on Ubuntu, whose `chromium` is a stub that wants snap.
    """
    try:
        debian = platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return
    if not debian or os.geteuid() != 0:
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        command = ["apt-get", *arguments]
        if subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL).returncode != 0:
            return


def main() -> int:
    """Print the browser's path, after installing one if need be."""
    try:
        path = prepare()
    except NoBrowserError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"Browser: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

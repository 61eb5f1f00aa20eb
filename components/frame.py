"""The frame around every page: header, map and clock, drawn once and kept, and the page beside them.

Streamlit runs this file as its script. Header, map and clock are drawn here and not by a page, so they stay mounted
when the reader changes the page: the map keeps its zoom, the clock its place.
"""

from __future__ import annotations

import html
import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from components import assets, browser_parts, lives_route, paths, session, site_map, view
from components.desk import load_boundaries, load_ledger, today
from geodata.errors import LedgerError
from geodata.knowledge import EVERYTHING
from pages import briefing, data, disagreements, overview, promises, site, sites, sources, statements

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from components.view import View
    from geodata.model import Ledger

TITLE = "Handover Atlas"
# Rows of problems on the page; a browser stalls over tens of thousands. No bare string: Streamlit writes those on the page.
MOST_PROBLEMS = 1000
LOG = logging.getLogger("handover_atlas")
STYLES = (
    "tokens.css", "frame.css", "bar.css", "clock.css", "panels.css", "statements.css", "promises.css",
    "disagreements.css", "sites.css", "sources.css", "data.css", "composer.css",
)  # fmt: skip
# In the order of the header: address, name, what it shows.
PAGES: dict[str, tuple[str, Callable[[View], list[tuple[str, str]]]]] = {
    "": ("Map", overview.parts),
    "statements": ("Statements", statements.parts),
    "promises": ("Promises", promises.parts),
    "disagreements": ("Disagreements", disagreements.parts),
    "sites": ("Sites", sites.parts),
    "site": ("Site", site.parts),
    "sources": ("Sources", sources.parts),
    "briefing": ("Briefing", briefing.parts),
    "data": ("Data", data.parts),
}
UNLISTED = {"site": "sites"}
"""Pages without a place in the header, and the page they belong to."""


def load_limits() -> session.Limits:
    """Return what a view of the ledger may ask for."""
    return _limits(load_ledger(), today())


@lru_cache(maxsize=4)
def _limits(ledger: Ledger, now: dt.date) -> session.Limits:
    return session.Limits.of(ledger, now)


def main() -> None:
    """Draw the frame and the page the address names."""
    page = _choose_page()
    st.set_page_config(
        page_title=f"{PAGES[page][0]} · {TITLE}" if page else TITLE,
        page_icon=str(assets.BROWSER / "icon.svg"),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    st.html("<style>" + "\n".join(assets.text(name) for name in STYLES) + "</style>")
    try:
        limits = load_limits()
        layers = load_boundaries()
    except LedgerError as error:
        log_problems(error)
        st.html(problems_html(error))
        return
    _, notices = session.open_view(limits)
    with st.container(key="atlas-header"):
        st.html(header_html(page))
        browser_parts.draw("bar.js")
    with st.container(key="atlas-notices"):
        st.html(notices_html(notices))
    with st.container(key="atlas-map"):
        _draw_map(layers)
    with st.container(key="atlas-clock"):
        browser_parts.draw("clock.js")
    # Last, so that a panel that fails takes nothing with it.
    with st.container(key="atlas-body"):
        _draw_page(page)


@st.fragment
def _draw_map(layers: Mapping[str, Mapping[str, Any]]) -> None:
    """Draw the map; as a fragment of its own it runs only with the whole script."""
    site_map.draw(layers)


@st.fragment
def _draw_page(page: str) -> None:
    """Draw the page beside the map, and the ear that makes it follow the reader."""
    limits = load_limits()
    shown = session.current_view(limits)
    # What the ear is told is what is drawn: after a server restart a report becomes known here that may be older than the
    # address or newer, and the ear, which knows, says what is wanted.
    browser_parts.ear(page=page, shown=session.shown(shown), lives=lives_route.offer(shown.knowledge))
    with st.container(key=f"atlas-page-{page or 'map'}"):
        browser_parts.panels(PAGES[page][1](view.build(load_ledger(), shown, now=today())))
    st.html(f'<div hidden data-shown="{shown.as_of}"></div>')  # what the panels show, for tests


def _choose_page() -> str:
    """Return the address of the page asked for, "" for the map.

    The pages are drawn by `_draw_page`, not by Streamlit's own `run`: so the ear and its report belong to the frame
    and outlive a change of page.
    """
    pages = [
        st.Page(
            _nothing, title=f"{name} · {TITLE}" if address else TITLE, url_path=address, default=not address
        )
        for address, (name, _) in PAGES.items()
    ]
    return st.navigation(pages, position="hidden").url_path


def _nothing() -> None:
    """Stand in for a page where Streamlit wants something to call."""


def header_html(page: str) -> str:
    """Return the name and the links between pages; the browser adds the present view to them (ear.js)."""
    links = "".join(
        f'<a href="{paths.url(address)}" data-page="{address}"'
        + (' aria-current="page">' if address == UNLISTED.get(page, page) else ">")
        + f"{html.escape(name)}</a>"
        for address, (name, _) in PAGES.items()
        if address not in UNLISTED
    )
    skip = '<a class="atlas-skip" href="#atlas-body" data-skip="">Skip to the page</a>'
    return f'{skip}<div class="atlas-brand">{TITLE}</div><nav class="atlas-nav" aria-label="Pages" data-page-shown="{page}">{links}</nav>'


def notices_html(notices: tuple[str, ...]) -> str:
    """Word what was wrong with the address, calmly; the reader can put it away."""
    lines = "".join(
        f'<p class="atlas-notice" data-notice="">{html.escape(notice)}'
        '<button type="button" data-dismiss="" aria-label="Dismiss this notice">×</button></p>'
        for notice in notices
    )
    return f'<div role="status">{lines}</div>'


def problems_html(error: LedgerError) -> str:
    """Return what is wrong with the data, on one page, with the count of what a browser could not hold."""
    noun = "problem" if len(error.problems) == 1 else "problems"
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{html.escape(str(cell))}</td>"
            for cell in (
                problem.file,
                problem.line or "",
                problem.column,
                problem.value,
                problem.problem,
                problem.remedy,
            )
        )
        + "</tr>"
        for problem in error.problems[:MOST_PROBLEMS]
    )
    more = len(error.problems) - MOST_PROBLEMS
    rest = (
        f"<p>{more:,} more are in the server's log; <code>python -m geodata check</code> lists them all.</p>"
        if more > 0
        else ""
    )
    return (
        f'<section class="atlas-failure"><h1>{len(error.problems):,} {noun} in the data</h1>'
        "<p>Nothing is shown until the data are right, because a map drawn from a part of them would mislead. "
        "Put the lines below right and reload this page.</p>"
        "<table><thead><tr><th>File</th><th>Line</th><th>Column</th><th>Found</th><th>Problem</th>"
        f"<th>What would be right</th></tr></thead><tbody>{rows}</tbody></table>{rest}</section>"
    )


def log_problems(error: LedgerError) -> None:
    """Write the complete list to the server's log."""
    LOG.error("%s", error)


def on_error(error: Exception) -> bool:
    """Show one calm sentence instead of a trace, and log the trace; True tells Streamlit that this is all."""
    if isinstance(error, LedgerError):
        log_problems(error)
        st.html(problems_html(error))
        return True
    LOG.error("The page could not be drawn", exc_info=error)
    st.html(
        '<div class="atlas-failure" role="alert"><p>This part of the page could not be drawn. The reason is in the '
        "server's log; the address above still holds your view, so reloading the page is safe.</p></div>"
    )
    return True


def check_data() -> None:
    """Load everything at the server's start: bad data are in its log at once, good data are there for the first reader."""
    try:
        lives_route.packed(load_ledger(), EVERYTHING, today())
        load_boundaries()
    except LedgerError as error:
        log_problems(error)


if __name__ == "__main__":
    # Streamlit executes this file anew on each run; what it keeps between runs lives in the imported copy.
    from components.frame import main as draw

    draw()

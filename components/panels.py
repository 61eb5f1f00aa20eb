"""The panels beside the map: phases, quotations, the dossier and the table of sites, each a text of a view.

Everything is drawn by Jinja templates with autoescape on, and shown by `st.html`, which sanitises once more.
"""

import datetime as dt
import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import streamlit as st
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from components import theme, wording
from components.view import View
from geodata import boundaries, control, dates
from geodata.control import CARRY_YEARS, Category
from geodata.dates import Possible
from geodata.model import Grade, Source
from geodata.phases import Progress
from geodata.statements import Said

SHOWN_QUOTES, FOLDED_QUOTES = 4, 20
"""How many quotations stand open, and how many more are folded away: older ones appear when the date moves back."""

RECENT_DAYS = 365
"""How long a phase that is over stays open on the page."""

REGIONS = {"federal": "federal Iraq", "kurdistan": "Kurdistan Region", "disputed": "disputed territory"}


def _source_title(source: Source) -> str:
    published = (
        dates.words(source.published) if source.published else source.published_words or wording.NOT_RECORDED
    )
    title = source.title or "no headline"
    return f"{title}. Published {published}. Grade {source.grade}. {source.note}".strip()


def _glyph(category: Category) -> Markup:
    return Markup('<i class="glyph g-{} g-small" aria-hidden="true"></i>').format(category.value)


def _edtf(text: str) -> str:
    return dates.words(dates.parse(text))


def _verdict(progress: Progress, known_on: dt.date | None = None) -> dict[str, object]:
    """Return what became of a phase's promise by the day, and whether it is late."""
    slip = progress.slippage_days
    if progress.done:
        if slip is None or slip == 0:
            return {"text": "declared done", "late": False}
        text = f"declared done, {wording.days(abs(slip))} {'late' if slip > 0 else 'early'}"
        return {"text": text, "late": slip > 0}
    if progress.overdue_days is not None:
        unknown = progress.phase.done is None or known_on is not None  # a later end may not be known yet
        text = "past, outcome not sourced" if unknown else "late, still open"
        return {"text": f"{wording.days(progress.overdue_days)} {text}", "late": True}
    if progress.planned_days is not None and progress.elapsed_days is not None:
        return {"text": f"{wording.days(progress.planned_days - progress.elapsed_days)} left", "late": False}
    return {"text": "no end promised", "late": False}


def _bar(progress: Progress) -> dict[str, float]:
    """Return how far the bar is filled and where the promise stands on it, in percent of the longer of both."""
    planned, elapsed = progress.planned_days or 0, progress.elapsed_days or 0
    whole = max(planned, elapsed, 1)
    return {"gone": round(100 * elapsed / whole, 2), "promise": round(100 * planned / whole, 2)}


def _short(possible: Possible) -> str:
    """Return a date as narrow as a table needs it: "19 Mar 2020"."""
    day = possible.last
    return f"{day.day} {day:%b %Y}" if possible.is_day else dates.words(possible)


def _marks(language: str) -> tuple[str, str]:
    """Return the quotation marks of a language."""
    return ("«", "»") if language in ("ar", "fa", "ckb") else ("“", "”")


@pass_context
def _named(context: Context, text: str) -> Markup:
    """Return a text with the identifiers of sources replaced by their publishers."""
    sources = context["ledger"].sources

    def name(match: re.Match[str]) -> str:
        source = sources.get(match.group())
        return str(escape(source.publisher)) if source else match.group()

    return Markup(re.sub(r"\b[SP][0-9A-F]{1,3}\b", name, str(escape(text))))  # noqa: S704 - escaped piece by piece


def _outlets(items: Sequence[Said]) -> int:
    return len({rendering.source for item in items for rendering in item.renderings})


ENVIRONMENT = Environment(
    loader=PackageLoader("components"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.globals.update(
    words=dates.words, edtf=_edtf, day=wording.day_words, epoch=dates.epoch_day, source_title=_source_title, glyph_of=_glyph,
    verdict=_verdict, bar=_bar, outlets=_outlets, category_of=control.category_of, labels=theme.LABELS, bases=theme.BASES,
    regions=REGIONS, short=_short, marks=_marks,
)  # fmt: skip

ENVIRONMENT.filters["named"] = _named


def _render(name: str, view: View, **more: Any) -> str:
    return ENVIRONMENT.get_template(name).render(
        ledger=view.ledger, first=view.first, today=view.today, known_on=view.state.known_on, **more
    )


def phases_html(view: View) -> str:
    """Return the phases: those under way or done within a year, the earlier ones folded away."""
    begun = [p for p in view.progress if p.started]
    recent = dt.timedelta(days=RECENT_DAYS)
    current = [p for p in begun if not p.done or view.state.as_of - p.done.last <= recent]
    earlier = [p for p in begun if p not in current]
    rows = {row.site.site: row.state.span for row in view.rows}
    return _render("phases.html", view, current=current, earlier=earlier, rows=rows)


def quotes_html(view: View) -> str:
    """Return the quotations, newest first; the sentences of one statement stand together."""
    groups = [
        list(items)
        for _, items in groupby(view.said, key=lambda s: s.sentence.statement if s.sentence else s.key)
    ]
    return _render("quotes.html", view, groups=groups, shown=SHOWN_QUOTES, folded=FOLDED_QUOTES)


def dossier_html(view: View) -> str:
    """Return the dossier of the selected site, empty where none is selected."""
    return _render("dossier.html", view, d=view.dossier) if view.dossier else ""


def sites_html(view: View) -> str:
    """Return the table of all sites, equal to the map."""
    selected = view.dossier.site.site if view.dossier else None
    return _render("sites.html", view, rows=view.rows, selected=selected)


def sources_html(view: View) -> str:
    """Return the page about sources, method and limits."""
    ledger = view.ledger
    rejected = [claim for claim in ledger.claims if claim.grade is Grade.REJECTED]
    weak = [claim for claim in ledger.claims if claim.grade is Grade.WEAK]
    used = {
        s.source: [c.claim for c in ledger.claims if c.source == s.source] for s in ledger.sources.values()
    }
    return _render(
        "sources.html", view, rejected=rejected, weak=weak, used=used, years=CARRY_YEARS, grades=theme.GRADES,
        footnote=boundaries.FOOTNOTE_LONG, credits=boundaries.CREDITS,
    )  # fmt: skip


def render(view: View) -> None:
    """Draw the panels for a view; the dossier comes first where a site is selected.

    Each panel is an element of its own, so that the browser redraws only those whose text changed.
    """
    parts = (
        ("dossier", dossier_html),
        ("phases", phases_html),
        ("quotes", quotes_html),
        ("sites", sites_html),
        ("stamp", stamp_html),
    )
    for name, panel in parts:
        st.html(f'<div class="panels" data-panel="{name}">{panel(view)}</div>')


def stamp_html(view: View) -> str:
    """Return the line that only paper carries: what is shown, from which data, printed when."""
    return _render("stamp.html", view, caption=view.caption)


def render_sources(view: View) -> None:
    """Draw the page about sources."""
    st.html(f'<div class="panels page">{sources_html(view)}</div>')

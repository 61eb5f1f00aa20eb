"""The panels beside the map, each a text of a view: two dates, sources left out, dossier, phases, quotations, sites.

Everything is drawn by Jinja templates with autoescape on; browser/panels.js shows it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby, islice
from typing import Any

from markupsafe import Markup

from components import hindsight, progress, stamp, theme, view, wording
from components.site_table import MOST_SITES
from components.templating import ENVIRONMENT
from components.view import ClaimLine, View
from geodata import dates, differences
from geodata.control import Category
from geodata.knowledge import Knowledge, reported_by
from geodata.model import Claim, Ledger
from geodata.phases import Progress
from geodata.statements import Said

SHOWN_QUOTES, FOLDED_QUOTES = 4, 20
"""How many quotations stand open, and how many more are folded away: older ones appear when the date moves back."""

MOST_NAMED = 100
"""How many sources are named in one list; the others are counted."""

MOST_IN_SCOPE = 40
"""How many sites of one phase are named; the others are counted."""


def _outlets(items: Sequence[Said]) -> int:
    return len({rendering.source for item in items for rendering in item.renderings})


def _lower_first(text: str) -> str:
    return wording.lower_first(text)


def _has_evidence(ledger: Ledger) -> bool:
    return ledger.last_evidence > dates.EPOCH


ENVIRONMENT.globals.update(
    verdict=progress.verdict,
    bar=progress.bar,
    outlets=_outlets,
    falls_words=wording.falls,
    has_evidence=_has_evidence,
)
ENVIRONMENT.filters["lower_first"] = _lower_first


def _render(name: str, shown: View, **more: Any) -> str:
    return ENVIRONMENT.get_template(name).render(
        ledger=shown.ledger,
        first=shown.first,
        today=shown.today,
        known_on=shown.state.known_on,
        as_of=shown.state.as_of,
        narrow=shown.state.knowledge.narrow,
        **more,
    )


def clock_html(shown: View, *, notes: bool = False) -> str:
    """Return the line that says by which clock the panels go; empty where all that is known today counts.

    It says too that editors' notes are not shown, except on the page of sources, which keeps its `notes`.
    """
    if shown.state.known_on is None:
        return ""
    knowledge = shown.state.knowledge
    left_out = knowledge.left_out(shown.ledger)
    undated = [shown.ledger.sources[s] for s in _undated(shown.ledger) if s not in left_out]
    return _render(
        "clock.html", shown, each_day=knowledge.each_day, undated=undated, most=MOST_NAMED, notes=notes
    )


@lru_cache(maxsize=4)
def _undated(ledger: Ledger) -> tuple[str, ...]:
    return differences.undated(ledger)


def comparison_html(shown: View) -> str:
    """Return what changed between two dates; empty where only one is asked about."""
    if shown.compared is None:
        return ""
    state = shown.state
    return _render(
        "comparison.html", shown, c=shown.compared, each_day=state.knowledge.each_day, hidden=state.hidden
    )


def omission_html(shown: View) -> str:
    """Return what falls without the sources left out; empty where every source counts."""
    if shown.omitted is None:
        return ""
    left = shown.omitted
    alone = len(left.named) + sum(len(group) for group in left.graded.values()) == 1
    return _render("omission.html", shown, o=left, alone=alone, most=MOST_NAMED, hidden=shown.state.hidden)


def phases_html(shown: View) -> str:
    """Return the phases: those under way or done within a year, the earlier ones folded away."""
    current, earlier = progress.under_way(shown)
    lives, day = view.lives(shown.ledger, shown.state.knowledge), shown.state.as_of

    def scope(of: Progress) -> Iterable[tuple[str, Category, str | None]]:
        for site, category in islice(of.sites.items(), MOST_IN_SCOPE):
            yield site, category, lives[site].at(day).since

    return _render(
        "phases.html", shown, current=current, earlier=earlier, scope=scope, most=MOST_IN_SCOPE,
        left_out=shown.state.knowledge.left_out(shown.ledger),
    )  # fmt: skip


def quotes_html(shown: View) -> str:
    """Return the quotations, newest first; the sentences of one statement stand together."""
    grouped = groupby(shown.said, key=lambda s: s.sentence.statement if s.sentence else s.key)
    groups = [tuple(items) for _, items in islice(grouped, SHOWN_QUOTES + FOLDED_QUOTES)]
    words = _Words(tuple(_told_by(item) for group in groups for item in group), tuple(groups))
    older = len(shown.said) - sum(len(group) for group in groups)
    return _quotes(shown.ledger, words, older, narrow=shown.state.knowledge.narrow)


@dataclass(frozen=True, slots=True)
class _Words:
    """Quotations with what they are told apart by: the same ones are drawn once, whatever the day."""

    told_by: tuple[tuple[object, ...], ...]
    groups: tuple[tuple[Said, ...], ...] = field(compare=False)


def _told_by(item: Said) -> tuple[object, ...]:
    """Return what tells an utterance apart: of a sentence, not every rendering and original counts in every view."""
    renderings = tuple(rendering.rendering for rendering in item.renderings)
    return item.key, item.source.source, renderings, bool(item.sentence and item.sentence.arabic)


@lru_cache(maxsize=64)
def _quotes(ledger: Ledger, words: _Words, older: int, *, narrow: bool) -> str:
    return ENVIRONMENT.get_template("quotes.html").render(
        ledger=ledger, groups=words.groups, older=older, most=SHOWN_QUOTES, narrow=narrow
    )


def dossier_html(shown: View) -> str:
    """Return the dossier of the selected site, empty where none is selected."""
    if shown.dossier is None:
        return ""
    ledger, state, knowledge = shown.ledger, shown.state, shown.state.knowledge
    site, otherwise = shown.dossier.site.site, shown.otherwise
    report = (
        hindsight.difference(ledger, site, state.as_of, state.known_on or state.as_of, knowledge)
        if otherwise
        else None
    )

    def claim_line(line: ClaimLine) -> Markup:
        refuted_by = tuple(claim.claim for claim in line.refuted_by)
        return _claim_line(ledger, _Line((line.claims, line.role, refuted_by), line), narrow=knowledge.narrow)

    return _render(
        "dossier.html", shown, d=shown.dossier, otherwise=otherwise, report=report, claim_line=claim_line,
        left_out=_left_out_claims(ledger, site, knowledge, state.known_on), named=knowledge.without, grades=knowledge.without_grades,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a dossier with what it is told apart by."""

    told_by: tuple[object, ...]
    line: ClaimLine = field(compare=False)


@lru_cache(maxsize=4096)
def _claim_line(ledger: Ledger, line: _Line, *, narrow: bool) -> Markup:
    text = ENVIRONMENT.get_template("claim.html").render(ledger=ledger, c=line.line, narrow=narrow)
    return Markup(text)  # noqa: S704 - drawn by a template that escapes


def _left_out_claims(
    ledger: Ledger, site: str, knowledge: Knowledge, known_on: dt.date | None
) -> list[Claim]:
    """Return the claims about a site that had been reported and whose sources are left out, the latest first."""
    left_out = knowledge.left_out(ledger)
    if not left_out:
        return []
    claims = [
        claim
        for claim in hindsight.claims_about(ledger, site)
        if claim.source in left_out and reported_by(ledger.sources[claim.source], known_on)
    ]
    return sorted(claims, key=lambda claim: (claim.occurred.last, claim.claim), reverse=True)


def sites_html(shown: View) -> str:
    """Return the table of sites, equal to the map; of a large ledger only the first few, and it says so."""
    selected = shown.dossier.site.site if shown.dossier else None
    return _render(
        "sites.html", shown, rows=shown.rows, total=len(shown.ledger.sites), selected=selected,
        otherwise=_otherwise(shown),
    )  # fmt: skip


def _otherwise(shown: View) -> Mapping[str, str]:
    """Return for the sites whose category is another by the other clock what that clock says, in words."""
    ledger, day, knowledge = shown.ledger, shown.state.as_of, shown.state.knowledge
    by_clock = shown.state.known_on is not None
    if not by_clock and len(ledger.sites) > MOST_SITES:
        return {}  # every report would have to be folded anew for every site
    other = view.lives(ledger, replace(knowledge, known_on=None, each_day=not by_clock))
    words = "Known today" if by_clock else "As our sources had reported by that day"
    return {
        row.site.site: f"{words}: {wording.lower_first(theme.LABELS[category])}"
        for row in shown.rows
        if (category := other[row.site.site].at(day).category) is not row.state.span.category
    }


def stamp_html(shown: View) -> str:
    """Return the line that only paper carries: what is shown, from which data, printed when."""
    return _render("stamp.html", shown, caption=shown.caption, lines=stamp.kept_out(shown))


PARTS = (
    ("clock", clock_html), ("comparison", comparison_html), ("omission", omission_html), ("dossier", dossier_html),
    ("phases", phases_html), ("quotes", quotes_html), ("sites", sites_html), ("stamp", stamp_html),
)  # fmt: skip
"""The panels from top to bottom."""


def parts(shown: View) -> list[tuple[str, str]]:
    """Return the panels of a view by name; what was asked for beside the day stands first, then the selected site."""
    return [(name, panel(shown)) for name, panel in PARTS]


def fallen_html(shown: View) -> str:
    """Return the line by which the page of sources says what falls on the day; empty where every source counts."""
    if shown.omitted is None:
        return ""
    left_out = len(shown.state.knowledge.left_out(shown.ledger))
    return _render("fallen.html", shown, o=shown.omitted, left_out=left_out)

"""How files that leave are called, and how the view they hold is put in words."""

from typing import TYPE_CHECKING

from components import wording
from components.theme import LABELS
from components.view import View
from components.view_state import Filters
from exports.tables import LISTS, SPECS, Spec

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE = "Handover Atlas"
SUBJECT = "Who held the bases in federal Iraq and the Kurdistan Region that hosted the coalition"
SUBTITLE = f"{SUBJECT[0].lower()}{SUBJECT[1:]}, day by day"
FOLLOWING_DAY = ("states", "statements", "renderings", "dated_statements")
"""The tables that follow the as-of date; of "everything" only the states do."""


def file_name(name: str, ending: str, shown: View, *, everything: bool) -> str:
    """Return a speaking name: what, of which day, and whether anything is kept out; `name` is a table or "data"."""
    state = shown.state
    parts = ["handover-atlas", name]
    if name in ("data", "states") or (name in FOLLOWING_DAY and not everything):
        parts.append(state.as_of.isoformat())
        if state.compare and name != "data":
            parts.append(state.compare.isoformat())
    if everything:
        parts.append("everything")
    else:
        if state.knowledge.each_day:
            parts.append("known-each-day")
        elif state.knowledge.known_on:
            parts.append(f"known-on-{state.knowledge.known_on.isoformat()}")
        if state.knowledge.without or state.knowledge.without_grades:
            parts.append("without-some-sources")
        if narrowed(SPECS.get(name), shown):
            parts.append("narrowed")
    return "_".join(parts) + f".{ending}"


def narrowed(spec: Spec | None, shown: View) -> tuple[str, ...]:
    """Return in words what narrows a table of a view, or any table where `spec` is None."""
    state, asked = shown.state, shown.state.filters
    found = []
    if state.hidden and (spec is None or spec.name in ("states", "segments")):
        labels = [label for category, label in LABELS.items() if category.value in state.hidden]
        found.append("without " + wording.listed([f"“{label}”" for label in labels], len(labels)))
    words = {
        "words": f"with the words “{_line(asked.words)}”",
        "speaker": f"said by {_line(asked.speaker)}",
        "outlet": f"of what {_line(asked.outlet)} carried",
        "about": f"about {site.short_name if (site := shown.ledger.sites.get(asked.about)) else _line(asked.about)}",
        "phase": f"of the phase “{phase.label if (phase := shown.ledger.phases.get(asked.phase)) else _line(asked.phase)}”",
        "since": f"since {wording.day_words(asked.since)}" if asked.since else "",
    }
    applying = spec.narrowed_by if spec else LISTS
    found += [words[field] for field in applying if getattr(asked, field) != getattr(Filters(), field)]
    return tuple(found)


def _line(text: str) -> str:
    """Return what somebody wrote on one line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def question(shown: View, *, everything: bool) -> str:
    """Return the question that the files answer, in one sentence."""
    day = wording.day_words(shown.state.as_of)
    if everything:
        return f"Everything in the ledger, and the states of {day} as all of it decides them."
    out: Sequence[str] = sorted(shown.state.knowledge.left_out(shown.ledger))
    left_out = f" Sources left out: {wording.listed(out, 100)}." if out else ""
    parts = narrowed(None, shown)
    return f"Who held each site as of {shown.caption}{'; ' + '; '.join(parts) if parts else ''}.{left_out}"

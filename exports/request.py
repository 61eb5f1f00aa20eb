"""What somebody asks for in the words of an address, read strictly: a file never holds something else than was asked.

The page shows the nearest sensible view and says so; a file has nobody to tell, so what the page would put into a
notice is refused here.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache

from components import lives, view, view_state
from components.theme import LABELS
from components.view import View
from components.view_state import ViewState
from geodata.errors import QuestionError
from geodata.knowledge import GRADES
from geodata.model import Ledger

EVERYTHING, ACCESSED = "everything", "accessed"
PAGE = (
    view_state.AS_OF, view_state.KNOWN_ON, view_state.SITE, view_state.HIDE, view_state.COMPARE, view_state.WITHOUT,
    view_state.DERIVED, view_state.WITHOUT_GRADE, view_state.ITEM, *view_state.FILTERS, view_state.SINCE,
)  # fmt: skip
MOST_ROWS, MOST_PACKED_ROWS = 120_000, 60_000
"""Rows of one table, and of all tables of a package, that are made while somebody waits."""
RIGHT = ("write", "only", "one ", "it is", "at most", "they are")
"""How the part of a notice begins that says what would be right."""
IGNORED = (view_state.MAP, view_state.AXIS)
"""What the page's address says about the screen alone; a briefing shows the map's extent too."""
BRIEFED = tuple(name for name in PAGE if name not in (view_state.ITEM, *view_state.FILTERS, view_state.SINCE))
"""What the page's address says that a briefing shows; what narrows a list is no part of it."""


def read(
    params: Mapping[str, Sequence[str]],
    ledger: Ledger,
    now: dt.date,
    more: Sequence[str] = (EVERYTHING,),
    page: Sequence[str] = PAGE,
) -> tuple[ViewState, bool]:
    """Return the view asked for, and whether everything is; raises QuestionError where anything is not understood.

    `page` are the parameters of the page's address that count, `more` those that something else reads.
    """
    known = (*page, *IGNORED, *more)
    if strange := [name for name in params if name not in known]:
        raise QuestionError(
            f"there is no parameter {view_state.echo(strange[0])}; they are {', '.join(sorted({*page, *more}))}"
        )
    everything = params.get(EVERYTHING, ())
    if set(everything) - {"1"}:
        raise QuestionError(
            f"everything={view_state.echo(everything[0])} is not understood; only everything=1 is"
        )
    state, notices = view_state.parse(
        {name: values for name, values in params.items() if name in page and name not in IGNORED},
        first=_ends(ledger, now)[0],
        last=now,
        default=_ends(ledger, now)[1],
        sites=ledger.sites,
        categories=[category.value for category in LABELS],
        sources=ledger.sources,
    )
    if notices:
        raise QuestionError(_asked_wrongly(notices[0], ledger, now))
    return state, bool(everything)


def _asked_wrongly(notice: str, ledger: Ledger, now: dt.date) -> str:
    """Return what a notice of the page says is wrong, and what would be right instead of what the page shows: no file is made."""
    quoted = notice.rfind("”") + 1  # what somebody wrote may hold any sign
    wrong, _, instead = notice[quoted:].split(". ", maxsplit=1)[0].rstrip(".").partition("; ")
    hints = {
        "There is no site": f"sites are named as in states.csv, such as {', '.join([*ledger.sites][:2])}",
        "There is no source": f"sources are named as in sources.csv, such as {', '.join([*ledger.sources][:2])}",
        "There is no grade": f"the grades are {', '.join(GRADES)}",
        "There is no category": f"the categories are {', '.join(category.value for category in LABELS)}",
    }
    right = next((hint for words, hint in hints.items() if notice.startswith(words)), "")
    if "time covered" in wrong or "in the future" in wrong:
        right = f"the time covered is {_ends(ledger, now)[0]} to {now}"
    if not right and instead.startswith(RIGHT):
        right = instead
    return notice[:quoted] + wrong + (f"; {right}" if right else "")


@lru_cache(maxsize=4)
def _ends(ledger: Ledger, now: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first day of the axis and the day a bare address opens on."""
    return view.first_day(ledger, now), lives.default_day(ledger, now)


def day(params: Mapping[str, Sequence[str]], name: str) -> dt.date | None:
    """Return a day, which may lie anywhere; QuestionError where it is none."""
    values = [value.strip() for value in params.get(name, ()) if value.strip()]
    if not values:
        return None
    try:
        if not view_state.ISO_DATE.fullmatch(values[0]):
            raise ValueError  # noqa: TRY301 - one message for both
        return dt.date.fromisoformat(values[0])
    except ValueError:
        raise QuestionError(
            f"{name}={view_state.echo(values[0])} is not a day; write it as 2026-01-18"
        ) from None


def shown(ledger: Ledger, state: ViewState, now: dt.date) -> View:
    """Return what the selections of files read of a view; what the page words beside them is not made."""
    return View(
        ledger=ledger, state=state, first=_ends(ledger, now)[0], today=now, caption=view.caption(state), rows=(),
        progress=(), said=(), dossier=None, otherwise=None, compared=None, omitted=None,
    )  # fmt: skip

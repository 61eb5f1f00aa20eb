"""What Streamlit remembers between two runs: the only module that touches its session state and query parameters.

Two voices say what to show. The address speaks when the page opens, on Back and on a link; the ear (ear.js) speaks
whenever the reader moves. The address wins only when it says something new: Streamlit keeps repeating the query of
the last navigation, long after the page has rewritten its address bar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from components import view_state
from components.lives import default_day
from components.theme import LABELS
from components.view import first_day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from components.view_state import ViewState
    from geodata.model import Ledger

ADDRESS, VIEW, NOTICES, REPORT = "atlas_address", "atlas_view", "atlas_notices", "atlas_report"
EAR = "ear"
CATEGORY_IDS = frozenset(category.value for category in LABELS)


@dataclass(frozen=True)
class Limits:
    """What a view may ask for."""

    first: dt.date
    last: dt.date
    default: dt.date
    sites: Collection[str]
    categories: Collection[str]
    sources: Collection[str]

    @classmethod
    def of(cls, ledger: Ledger, now: dt.date) -> Limits:
        """Return the limits a ledger sets; `now` is today in Baghdad."""
        return cls(
            first=first_day(ledger, now),
            last=now,
            default=default_day(ledger, now),
            sites=ledger.sites,
            categories=CATEGORY_IDS,
            sources=ledger.sources,
        )

    def parse(self, params: Mapping[str, list[str]]) -> tuple[ViewState, tuple[str, ...]]:
        """Read a view from parameters, with notices about what could not be followed."""
        return view_state.parse(
            params,
            first=self.first,
            last=self.last,
            default=self.default,
            sites=self.sites,
            categories=self.categories,
            sources=self.sources,
        )


def open_view(limits: Limits) -> tuple[ViewState, tuple[str, ...]]:
    """Return the view of a full run, and the notices about the address it came from."""
    params = {name: st.query_params.get_all(name) for name in st.query_params}
    view, notices = limits.parse(params)
    asked = view_state.format_view(view)
    report = _report(limits)
    remembered = st.session_state.get(ADDRESS)
    # A session without a memory but with a report is a reader who was here before the server restarted.
    if (remembered is None and report is not None) or remembered == asked:
        view = report or st.session_state.get(VIEW) or view
    else:
        st.session_state[REPORT] = dict(_value(st.session_state.get(EAR)) or {})  # said before: overtaken
        st.session_state[NOTICES] = notices
    st.session_state[ADDRESS] = asked
    st.session_state[VIEW] = view
    return view, st.session_state.get(NOTICES, ())


def current_view(limits: Limits) -> ViewState:
    """Return the view of a fragment's run: what the ear reported last, unless the address has spoken since."""
    view = _report(limits) or st.session_state[VIEW]
    st.session_state[VIEW] = view
    return view


def shown(view: ViewState) -> dict[str, object]:
    """Spell a view as the ear does, so that it can see whether Python shows what the reader sees."""
    knowledge = view.knowledge
    known = knowledge.known_on.isoformat() if knowledge.known_on else None
    return {
        "day": view.as_of.isoformat(),
        "site": view.site,
        "known": view_state.EACH_DAY if knowledge.each_day else known,
        "off": sorted(view.hidden),
        "compare": view.compare.isoformat() if view.compare else None,
        "without": sorted(knowledge.without),
        "derived": knowledge.and_derived,
        "grades": sorted(knowledge.without_grades),
        "item": view.item,
        **{name: getattr(view.filters, field) for name, field in view_state.FILTERS.items()},
        "since": view.filters.since.isoformat() if view.filters.since else "",
    }


def _value(raw: object) -> Mapping[str, Any] | None:
    value = raw.get("view") if isinstance(raw, Mapping) else None
    return value if isinstance(value, Mapping) else None


def _report(limits: Limits) -> ViewState | None:
    """Read the ear's last report, None if there is none or if the address has overtaken it.

    It comes from a browser, so it is read by the same rules as an address and cannot ask for more.
    """
    value = _value(st.session_state.get(EAR))
    if value is None or dict(value) == st.session_state.get(REPORT):
        return None
    params = {
        view_state.AS_OF: value.get("day"),
        view_state.KNOWN_ON: value.get("known"),
        view_state.SITE: value.get("site"),
        view_state.HIDE: _joined(value.get("off")),
        view_state.COMPARE: value.get("compare"),
        view_state.WITHOUT: _joined(value.get("without")),
        view_state.DERIVED: view_state.DERIVED_OUT if value.get("derived") else None,
        view_state.WITHOUT_GRADE: _joined(value.get("grades")),
        **{name: value.get(name) for name in (view_state.ITEM, view_state.SINCE, *view_state.FILTERS)},
    }
    return limits.parse({name: [str(each)] for name, each in params.items() if each})[0]


def _joined(values: object) -> str:
    return ",".join(str(each) for each in values) if isinstance(values, list) else ""

"""What Streamlit remembers between two runs: the only module that touches its session state and query parameters.

Two voices say what to show. The address speaks when the page opens, on Back and on a link; the ear (ear.js) speaks
whenever the reader moves. The address wins only when it says something new: Streamlit keeps repeating the query of
the last navigation, long after the page has rewritten its address bar.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from components import view_state

if TYPE_CHECKING:
    from components.view_state import ViewState

ADDRESS, VIEW, NOTICES, REPORT = "atlas_address", "atlas_view", "atlas_notices", "atlas_report"
EAR = "ear"
EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Limits:
    """What a view may ask for, taken from the payload the browser gets."""

    first: dt.date
    last: dt.date
    default: dt.date
    sites: frozenset[str]
    categories: frozenset[str]

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Limits:
        """Read the limits from a payload; its days are counted from 1970-01-01."""
        return cls(
            first=EPOCH + dt.timedelta(days=payload["first"]),
            last=EPOCH + dt.timedelta(days=payload["last"]),
            default=EPOCH + dt.timedelta(days=payload["default_day"]),
            sites=frozenset(site["id"] for site in payload["sites"]),
            categories=frozenset(category["id"] for category in payload["categories"]),
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


def shown(view: ViewState, version: str) -> dict[str, object]:
    """Spell a view and the version of its lives as the ear does, so that it sees whether both show the same."""
    return {
        "version": version,
        "day": view.as_of.isoformat(),
        "site": view.site,
        "known": view.known_on.isoformat() if view.known_on else None,
        "off": sorted(view.hidden),
    }


def browser_version() -> str | None:
    """Return the version of the lives the page said it has, None if it has not said."""
    value = _value(st.session_state.get(EAR))
    version = value.get("version") if value else None
    return version if isinstance(version, str) else None


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
        view_state.HIDE: ",".join(str(each) for each in value.get("off") or ()),
    }
    return limits.parse({name: [str(each)] for name, each in params.items() if each})[0]

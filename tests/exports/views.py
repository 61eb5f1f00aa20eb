"""Views of the ledger for the tests of what leaves."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

from components import view
from components.view_state import ViewState
from geodata.load import load

if TYPE_CHECKING:
    from geodata.model import Ledger

NOW = dt.date(2026, 11, 20)


@cache
def ledger() -> Ledger:
    return load()


def show(day: str = "2026-01-18", **more: Any) -> view.View:
    state = ViewState(dt.date.fromisoformat(day), **more)
    return view.build(ledger(), state, now=NOW)

"""The page of promises: what was to be done by when, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components import promises

if TYPE_CHECKING:
    from components.view import View


def parts(view: View) -> list[tuple[str, str]]:
    """Return the commitments on one axis and in words."""
    return promises.parts(view)

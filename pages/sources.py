"""The page of the sources: everything the map stands on, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components import sources

if TYPE_CHECKING:
    from components.view import View


def parts(view: View) -> list[tuple[str, str]]:
    """Return what is not known, the method and its limits, and the sources."""
    return sources.parts(view)

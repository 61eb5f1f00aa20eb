"""The map's page: the panels that follow the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components import panels

if TYPE_CHECKING:
    from components.view import View


def parts(view: View) -> list[tuple[str, str]]:
    """Return the panels beside the map."""
    return panels.parts(view)

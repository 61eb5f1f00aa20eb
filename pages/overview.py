"""The map's page: the panels that follow the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components import panels

if TYPE_CHECKING:
    from components.view import View


def render(view: View) -> None:
    """Draw the panels beside the map."""
    panels.render(view)

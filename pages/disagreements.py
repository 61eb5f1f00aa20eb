"""The page of disagreements: what sources contradict each other about, and what that changes on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components import disagreements

if TYPE_CHECKING:
    from components.view import View


def parts(view: View) -> list[tuple[str, str]]:
    """Return the clock's line, what narrows the register, and the register."""
    return disagreements.parts(view)

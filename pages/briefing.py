"""The page of the briefing: the present view as it will leave, what is chosen for it, and the forms it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components import composer

if TYPE_CHECKING:
    from components.view import View


def parts(view: View) -> list[tuple[str, str]]:
    """Return the picture with its exports, the choices, the quotations, the film and the command."""
    return composer.parts(view)

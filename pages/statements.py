"""The page of the statements: who said what, in whose words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components import statements

if TYPE_CHECKING:
    from components.view import View


def parts(view: View) -> list[tuple[str, str]]:
    """Return the sentences, the quotations and the dates of the articles."""
    return statements.parts(view)

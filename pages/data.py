"""The page of the data: what leaves the atlas, in which forms, and how to cite it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components import downloads

if TYPE_CHECKING:
    from components.view import View


def parts(view: View) -> list[tuple[str, str]]:
    """Return the tables with their links, the citation, the examples and the meaning of the columns."""
    return downloads.parts(view)

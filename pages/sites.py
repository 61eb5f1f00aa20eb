"""The page of all sites: a table equal to the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components import sites

if TYPE_CHECKING:
    from components.view import View


def parts(view: View) -> list[tuple[str, str]]:
    """Return what narrows the table, its legend and the table."""
    return sites.table_parts(view)

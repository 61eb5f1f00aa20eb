"""The page of one site: its life, every claim about it, where it lies, what changed in the same days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components import sites

if TYPE_CHECKING:
    from components.view import View


def parts(view: View) -> list[tuple[str, str]]:
    """Return the selected site, or where to choose one."""
    return sites.site_parts(view)

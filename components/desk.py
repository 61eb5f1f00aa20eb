"""What the running dashboard works on: one ledger, one set of boundaries, and today's date."""

import datetime as dt
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from components import view
from geodata import boundaries, load
from geodata.model import Ledger


def _folder() -> Path:
    return Path(os.environ.get("GEODATA") or load.HERE)


@cache
def load_ledger() -> Ledger:
    """Return the ledger in the folder the environment's GEODATA names, or the one that comes with the app."""
    return load.load(_folder())


@cache
def load_boundaries() -> Mapping[str, Mapping[str, Any]]:
    """Return the base map's GeoJSON collections by name."""
    return boundaries.load().layers()


def today() -> dt.date:
    """Return the date in Baghdad, or the one that a test puts into ATLAS_TODAY."""
    fixed = os.environ.get("ATLAS_TODAY")
    try:
        return dt.date.fromisoformat(fixed) if fixed else view.today()
    except ValueError:
        raise SystemExit(
            f"ATLAS_TODAY={fixed!r} is not a day; write it as 2026-11-20, or unset it."
        ) from None

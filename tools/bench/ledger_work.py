"""What loading, folding and viewing a data folder takes in Python: `python -m tools.bench.ledger_work FOLDER`.

Runs in a process of its own, so that its memory is its own; prints one JSON object.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, TypeVar

from components import lives as browser_lives
from components import view
from components.view_state import ViewState
from geodata import control, load
from geodata.knowledge import EVERYTHING, Knowledge
from tools.bench import usage
from tools.bench.server import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.bench.figures import Figures

T = TypeVar("T")
DAYS = 20


def main() -> int:
    """Measure the folder named on the command line."""
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))) + "\n")
    return 0


def measure(folder: Path) -> Figures:
    """Return the figures; each step is measured once, from a fresh process, as the server meets it."""
    now = dt.date.fromisoformat(TODAY)
    ledger, load_s = _timed(lambda: load.load(folder))
    lives, fold_s = _timed(lambda: control.lives(ledger))
    _, each_day_s = _timed(lambda: control.lives(ledger, Knowledge(each_day=True)))
    middle = dt.date(2020, 6, 1)
    _, state_s = _timed(lambda: [control.state_on(ledger, life, middle) for life in lives.values()])
    view.lives(ledger)  # the payload and the views share one fold, as in the server
    packed, lives_s = _timed(lambda: browser_lives.packed(ledger, EVERYTHING, now))
    site = next(iter(ledger.sites))

    def build(day: dt.date) -> object:
        return view.build(ledger, ViewState(as_of=day, site=site), now=now)

    _, view_first_s = _timed(lambda: build(middle))
    views = [_timed(lambda n=n: build(middle + dt.timedelta(days=37 * n)))[1] for n in range(1, DAYS + 1)]  # type: ignore[misc]
    found = {
        "sites": len(ledger.sites), "claims": len(ledger.claims), "load_s": load_s, "fold_s": fold_s, "each_day_s": each_day_s,
        "state_s": state_s, "lives_s": lives_s, "lives_bytes": len(packed), "view_first_s": view_first_s, "view_s": median(views),
        "memory_mib": usage.memory_mib(os.getpid()),
    }  # fmt: skip
    return {key: round(value, 4) for key, value in found.items()}


def _timed(act: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    result = act()
    return result, time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())

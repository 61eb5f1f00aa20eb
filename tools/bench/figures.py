"""From what was seen to figures, and from figures to a table: pure arithmetic and words."""

from __future__ import annotations

import math
from statistics import median
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.bench.measure import Raw

Figure: TypeAlias = float | int | bool | None
Figures: TypeAlias = dict[str, Figure]

# Key: words, unit, whether a ratio says something.
ROWS: Mapping[str, tuple[str, str, bool]] = {
    "painted_median_ms": ("input to painted marker, median", "ms", True),
    "painted_p95_ms": ("input to painted marker, p95", "ms", True),
    "frames_median": ("frame that shows it, median", "", False),
    "frames_worst": ("frame that shows it, worst", "", False),
    "told_median_ms": ("input to the message to the server, median", "ms", False),
    "settled_median_ms": ("input to settled panels, median", "ms", True),
    "settled_p95_ms": ("input to settled panels, p95", "ms", True),
    "remounts": ("map remounted, times", "", False),
    "zoom_kept": ("zoom and centre kept", "", False),
    "usable_median_ms": ("opening to usable map, median", "ms", True),
    "opening_bytes": ("sent by the server for the first map", "bytes", True),
    "move_median_bytes": ("sent by the server for a move, median", "bytes", True),
    "lives_bytes": ("of which the dated states, once", "bytes", False),
    "outside": ("requests outside the machine", "", False),
}
SAME_DEGREES = 0.02
"""A centre that differs by less has not moved."""
SAME_ZOOM = 0.01
BEYOND = 0.95


def p95(values: Sequence[float]) -> float:
    """Return the least value that 95 of 100 do not exceed."""
    return sorted(values)[math.ceil(BEYOND * len(values)) - 1]


def figures(raw: Raw) -> Figures:
    """Return the figures of one contestant; times in milliseconds."""
    return {
        "painted_median_ms": _ms(median(raw.painted)),
        "painted_p95_ms": _ms(p95(raw.painted)),
        "frames_median": median(raw.frames),
        "frames_worst": max(raw.frames),
        "told_median_ms": _ms(median(raw.told)) if raw.told else None,
        "settled_median_ms": _ms(median(raw.settled)),
        "settled_p95_ms": _ms(p95(raw.settled)),
        "remounts": raw.remounts,
        "zoom_kept": kept(raw.zoomed, raw.left),
        "usable_median_ms": _ms(median(raw.usable)),
        "opening_bytes": raw.opening,
        "move_median_bytes": round(median(raw.received)),
        "outside": len(raw.outside),
    }


def _ms(value: float) -> float:
    return round(value, 1)


def kept(before: Sequence[float], after: Sequence[float]) -> bool:
    """Tell whether two extents (zoom, latitude, longitude) are the same to the eye."""
    return abs(before[0] - after[0]) < SAME_ZOOM and all(
        abs(one - other) < SAME_DEGREES for one, other in zip(before[1:], after[1:], strict=True)
    )


def table(found: Mapping[str, Figures], titles: Mapping[str, str]) -> str:
    """Return a Markdown table: a row for each figure; the first of `titles` is ours, the others stand beside it.

    A ratio says how many times ours the peer's figure is.
    """
    ours, *peers = titles
    heads = ["figure", titles[ours]]
    for peer in peers:
        heads += [titles[peer], "ratio"]
    lines = []
    for key, (words, unit, compared) in ROWS.items():
        own = found[ours].get(key)
        cells = [words + (f", {unit}" if unit else ""), spell(own)]
        for peer in peers:
            other = found[peer].get(key)
            cells += [spell(other), ratio(own, other) if compared else ""]
        lines.append(cells)
    widths = [max(len(line[at]) for line in (heads, *lines)) for at in range(len(heads))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_row(cells, widths) for cells in (heads, rule, *lines))


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    others = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
    return "| " + " | ".join([cells[0].ljust(widths[0]), *others]) + " |"


def spell(value: Figure) -> str:
    """Word a figure: yes or no, thousands apart, a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def ratio(own: Figure, other: Figure) -> str:
    """Return how many times ours the other figure is, in two significant digits or more."""
    if not own or not other:
        return ""
    times = other / own
    return f"{times:.0f}×" if times >= 10 else f"{times:.1f}×"  # noqa: PLR2004

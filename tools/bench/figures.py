"""From what was seen to figures: pure arithmetic."""

from __future__ import annotations

import math
from statistics import median
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tools.bench.seen import Paints, Raw

Figure: TypeAlias = float | int | bool | str | None
"""A number, yes or no, words in place of a figure that could not be had, or nothing."""
Figures: TypeAlias = dict[str, Figure]

SAME_DEGREES = 0.02
"""A centre that differs by less has not moved."""
SAME_ZOOM = 0.01
BEYOND = 0.95
MINUTE = 60
STAGES = {
    "open": ("usable", "painted"),
    "step": ("painted", "frames", "settled"),
    "jump": ("jump_painted", "jump_frames"),
}
"""Which figures a stage that did not finish leaves without a number, by the beginning of their names."""


def p95(values: Sequence[float]) -> float:
    """Return the least value that 95 of 100 do not exceed."""
    return sorted(values)[math.ceil(BEYOND * len(values)) - 1]


def figures(raw: Raw, *, in_page: bool) -> Figures:
    """Return the figures of one contestant; times in milliseconds.

    Where the date goes through the server, handler and first frame do not yet draw it: `in_page` tells that apart.
    """
    found: Figures = {
        **_paints(raw.steps, in_page=in_page),
        **{f"jump_{key}": value for key, value in _paints(raw.jumps, in_page=in_page).items()},
        "main_thread_median_ms": _of(median, raw.main_thread),
        "told_median_ms": _of(median, raw.told),
        "settled_median_ms": _of(median, raw.settled),
        "settled_p95_ms": _of(p95, raw.settled),
        "remounts": raw.remounts if raw.steps.painted else None,
        "zoom_kept": kept(raw.zoomed, raw.left) if raw.left else None,
        "usable_median_ms": _of(median, raw.usable),
        "opening_bytes": raw.opening or None,
        "lives_bytes": raw.lives,
        "move_median_bytes": _whole(_of(median, raw.received)),
        "memory_mib": None if raw.memory_mib is None else round(raw.memory_mib, 1),
        "steps": len(raw.steps.painted),
        "jumps": len(raw.jumps.painted),
        "openings": len(raw.usable),
        "outside": len(raw.outside),
    }
    for mode, played in raw.played.items():
        name = mode.replace(" ", "_")
        found[f"fps_{name}"] = round(played.frames / played.seconds, 1)
        found[f"dates_{name}"] = round(played.dates / played.seconds, 1)
        found[f"longest_{name}_ms"] = round(played.longest_ms, 1)
        found[f"cpu_{name}_s"] = round(MINUTE * played.cpu_seconds / played.seconds, 2)
    for stage, words in raw.unfinished.items():
        for key in list(found):
            if key.startswith(STAGES.get(stage, ())) and found[key] is None:
                found[key] = words
    if "play" in raw.unfinished:
        found["playback"] = raw.unfinished["play"]
    return found


def _paints(paints: Paints, *, in_page: bool) -> Figures:
    return {
        "painted_median_ms": _of(median, paints.painted),
        "painted_p95_ms": _of(p95, paints.painted),
        "frames_median": _of(median, paints.frames),
        "frames_worst": _of(max, paints.frames),
        "work_p95_ms": _of(p95, paints.work) if in_page else None,
        "handler_p95_ms": _of(p95, paints.handler) if in_page else None,
        "frame_p95_ms": _of(p95, paints.frame) if in_page else None,
        "layer_p95_ms": _of(p95, paints.layer),
    }


def _of(how: Callable[[Sequence[float]], float], values: Sequence[float]) -> float | None:
    """Return a figure of some values, None where there are none."""
    return round(float(how(values)), 1) if values else None


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def kept(before: Sequence[float], after: Sequence[float]) -> bool:
    """Tell whether two extents (zoom, latitude, longitude) are the same to the eye."""
    return abs(before[0] - after[0]) < SAME_ZOOM and all(
        abs(one - other) < SAME_DEGREES for one, other in zip(before[1:], after[1:], strict=True)
    )


def growth(smaller: Mapping[str, Figure], larger: Mapping[str, Figure]) -> dict[str, float]:
    """Return how many times as much each figure is at the larger size; one is linear where the sizes are equal."""
    found = {}
    for key, value in larger.items():
        before = smaller.get(key)
        if _number(value) and _number(before) and before:
            found[key] = round(float(value) / float(before), 1)  # type: ignore[arg-type]
    return found


def _number(value: Figure) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)

"""Figures in Markdown tables, in words a reader understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.bench.figures import Figure, Figures

# Key: words, unit.
ROWS: Mapping[str, tuple[str, str]] = {
    "painted_median_ms": ("input to painted marker, median", "ms"),
    "painted_p95_ms": ("input to painted marker, p95", "ms"),
    "frames_median": ("frame that shows it, median", ""),
    "frames_worst": ("frame that shows it, worst", ""),
    "work_p95_ms": ("handler and drawing, p95", "ms"),
    "handler_p95_ms": ("of which the handler, p95", "ms"),
    "layer_p95_ms": ("of which the layer, by its own count, p95", "ms"),
    "frame_p95_ms": ("with the browser's own layout and painting, p95", "ms"),
    "jump_painted_p95_ms": ("jump across the span: painted, p95", "ms"),
    "jump_frames_worst": ("jump across the span: frame, worst", ""),
    "jump_work_p95_ms": ("jump across the span: handler and drawing, p95", "ms"),
    "jump_handler_p95_ms": ("of which the handler, p95", "ms"),
    "jump_layer_p95_ms": ("of which the layer, by its own count, p95", "ms"),
    "jump_frame_p95_ms": ("with the browser's own layout and painting, p95", "ms"),
    "main_thread_median_ms": ("browser's main thread a move, all told, median", "ms"),
    "told_median_ms": ("input to the message to the server, median", "ms"),
    "settled_median_ms": ("input to settled panels, median", "ms"),
    "settled_p95_ms": ("input to settled panels, p95", "ms"),
    "fps_time_1x": ("frames a second, playing by time at 1x", ""),
    "longest_time_1x_ms": ("its longest frame", "ms"),
    "dates_time_1x": ("dates shown a second, by time at 1x", ""),
    "fps_change_8x": ("frames a second, playing by change at 8x", ""),
    "dates_change_8x": ("dates shown a second, by change at 8x", ""),
    "dates_change_1x": ("dates shown a second, by change at 1x", ""),
    "cpu_time_1x_s": ("server's processor a minute, by time at 1x", "s"),
    "cpu_change_1x_s": ("server's processor a minute, by change at 1x", "s"),
    "playback": ("playback", ""),
    "remounts": ("map remounted, times", ""),
    "zoom_kept": ("zoom and centre kept", ""),
    "usable_median_ms": ("opening to usable map, median", "ms"),
    "opening_bytes": ("received for the first map, compressed", "bytes"),
    "lives_bytes": ("of which the dated states, once", "bytes"),
    "move_median_bytes": ("received for a move, median", "bytes"),
    "memory_mib": ("server's memory with one reader", "MiB"),
    "outside": ("requests outside the machine", ""),
    "steps": ("steps measured", ""),
    "jumps": ("jumps measured", ""),
    "openings": ("openings measured", ""),
}
LEDGER: Mapping[str, tuple[str, str]] = {
    "load_s": ("load and check", "s"),
    "fold_s": ("fold: the lives of all sites", "s"),
    "each_day_s": ("fold, as reported by each day", "s"),
    "state_s": ("who held which site on one day, from the lives", "s"),
    "lives_s": ("the browser's payload: worded, packed", "s"),
    "lives_bytes": ("the browser's payload, compressed", "bytes"),
    "view_first_s": ("the panels' view, first", "s"),
    "view_s": ("the panels' view, median of 20 other days", "s"),
    "memory_mib": ("memory after all that", "MiB"),
}
BRIEFINGS: Mapping[str, tuple[str, str]] = {
    **{f"{form}_ms": (f"the whole page as {words}, median", "ms") for form, words in (("png", "PNG, 1920x1080"), ("svg", "SVG"), ("pdf", "PDF/UA"), ("pptx", "PPTX"), ("html", "HTML that plays"))},
    "png_ms_p95": ("as PNG, p95", "ms"),
    "png_again_ms": ("the same view typeset again, as PNG, median", "ms"),
    "svg_again_ms": ("as SVG, median", "ms"),
    "pdf_again_ms": ("as PDF/UA, median", "ms"),
    "geopandas_ms": ("geopandas with matplotlib, the map alone, median", "ms"),
    "geopandas_times": ("which is longer than our PNG, times", ""),
    "geopandas_again_times": ("than our PNG of the same view again, times", ""),
    "chromium_ms": ("Chromium, from the view's address to the screenshot, median", "ms"),
    "chromium_times": ("which is longer than our PNG, times", ""),
    "chromium_again_times": ("than our PNG of the same view again, times", ""),
}  # fmt: skip
VIEWERS: Mapping[str, tuple[str, str]] = {
    "reports_a_second": ("reports answered a second", ""),
    "panels_median_ms": ("panels' delay, median", "ms"),
    "panels_p95_ms": ("panels' delay, p95", "ms"),
    "panels_worst_ms": ("panels' delay, worst", "ms"),
    "shown_p95_ms": ("until the panels name the day, p95", "ms"),
    "errors": ("errors", ""),
    "memory_a_viewer_mib": ("memory a viewer", "MiB"),
    "memory_growth_mib": ("memory, from the first reading to the last", "MiB"),
    "server_cpu_share": ("server's share of one core", ""),
    "server_cpu_a_report_ms": ("server's processor time a report", "ms"),
    "clients_cpu_share": ("the viewers' own share of one core", ""),
    "browser_panels_p95_ms": ("the real browser's panels' delay, p95", "ms"),
    "browser_fps": ("the real browser's frames a second", ""),
}


def contest(found: Mapping[str, Figures], titles: Mapping[str, str]) -> str:
    """Return the table of one size: a row for each figure that anybody has, a column for each contestant."""
    rows = [
        [_head(*ROWS[key]), *(spell(found[name].get(key)) for name in titles)]
        for key in ROWS
        if any(found[name].get(key) is not None for name in titles)
    ]
    return markdown(["figure", *titles.values()], rows)


def ledgers(found: Mapping[str, Figures], ratio: Mapping[str, float]) -> str:
    """Return the table of the work in Python: a column for each size, then how it grows for ten times the sites."""
    rows = [
        [_head(*LEDGER[key]), *(spell(figures.get(key)) for figures in found.values()), times(ratio.get(key))]
        for key in LEDGER
    ]
    return markdown(["figure", *found, "last ten times"], rows)


def viewers(found: Figures) -> str:
    """Return the table of the viewers."""
    return markdown(["figure", "value"], [[_head(*VIEWERS[key]), spell(found.get(key))] for key in VIEWERS])


def briefings(found: Figures) -> str:
    """Return the table of the briefings."""
    return markdown(
        ["figure", "value"], [[_head(*BRIEFINGS[key]), spell(found.get(key))] for key in BRIEFINGS]
    )


def _head(words: str, unit: str) -> str:
    return words + (f", {unit}" if unit else "")


def times(ratio: float | None) -> str:
    """Word a ratio, "" where there is none."""
    return "" if ratio is None else f"{ratio:g}×"


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns are as wide as their widest cell."""
    widths = [max(len(line[at]) for line in (heads, *rows)) for at in range(len(heads))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_row(cells, widths) for cells in (heads, rule, *rows))


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    others = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
    return "| " + " | ".join([cells[0].ljust(widths[0]), *others]) + " |"


def spell(value: Figure) -> str:
    """Word a figure: yes or no, thousands apart, words as they are, a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if abs(value) < 1 and not float(value).is_integer():
        return f"{value:.2g}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"

"""What a slide tells beside its map, row by row: counter, legend, keys, finding, selected site, phases, quotations."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pptx.enum.shapes import MSO_SHAPE

from exports import legend
from exports.briefing import Briefing, Quotation
from exports.evidence import PhaseLine
from exports.glyphs import Look
from exports.legend import Mark
from exports.slide_shapes import Brush, Pen
from exports.slide_text import BAR, LANGUAGE, LINE, SYMBOL, Box, Para, Row, Run, cites, clean
from geodata.control import Category


def rows(briefing: Briefing) -> list[Row]:
    """Return what is told beside the map, in the order in which it is read."""
    rows = [Row("Counter", (Para((Run(briefing.counter, bold=True),), 11.5),), air=4)]
    for item in briefing.legend:
        count = f"{item.count:,}" if item.before is None else f"{item.before:,} → {item.count:,}"
        rows.append(Row(
            f"Legend: {item.label}",
            (Para((Run(f"{item.label}: "), Run(count, bold=True), Run(f" {cites(item.cited)}".rstrip(), role="mute")), 10.5),),
            sign=item.category,
        ))  # fmt: skip
    rows += [
        Row(f"Key: {sign}", (Para((Run(words, role="mute"),), 9.0),), sign=sign, air=1)
        for sign, words in briefing.keys
    ]
    rows += [Row("Not drawn", (Para((Run(told, role="mute"),), 9.0),), air=1) for told in briefing.not_drawn]
    if briefing.compared or briefing.account:
        rows[-1] = replace(rows[-1], air=rows[-1].air + 5)
    if briefing.compared:
        where = " Site by site: on the next slide." if briefing.changes else ""
        rows.append(
            Row(
                "What changed",
                (
                    Para(
                        (Run(f"What changed: {briefing.compared}", bold=True), Run(where, role="mute")),
                        10.5,
                    ),
                ),
            )
        )
    if briefing.account:
        told = briefing.account
        rows.append(Row("Selected site", (
            Para((Run(told.full_name or told.name, bold=True),), 11.0), Para((Run(told.words),), 10.5), Para((Run(told.staleness, role="mute"),), 9.5),
        )))  # fmt: skip
    if rows:
        rows[-1] = replace(rows[-1], air=rows[-1].air + 5)
    rows += [_phase(phase) for phase in briefing.phases]
    if briefing.earlier_phases:
        rows.append(
            Row(
                "Earlier phases",
                (Para((Run(briefing.earlier_phases, role="mute"),), 9.0),),
                part="Phases",
                air=6,
            )
        )
    rows += [_quotation(quotation) for quotation in briefing.quotations]
    return rows


def _phase(phase: PhaseLine) -> Row:
    told = Run(phase.verdict, bold=phase.late, role="late" if phase.late else "ink")
    return Row(
        f"Phase: {phase.label}",
        (
            Para((Run(f"{phase.label}: ", bold=True), told), 10.5),
            Para((Run(f"{phase.detail} {cites(phase.cited)}".strip(), role="mute"),), 9.0),
        ),
        part="Phases", bar=phase, air=5,
    )  # fmt: skip


def _quotation(quotation: Quotation) -> Row:
    paras = [Para((Run(f"“{quotation.text}”", language=_language(quotation)),), 10.5)]
    if quotation.original:
        paras.append(Para((Run(f"«{quotation.original}»", language="ar-IQ"),), 10.5))
    paras.append(Para((Run(f"{quotation.by} {cites(quotation.cited)}".rstrip(), role="mute"),), 9.0))
    return Row(f"Quotation {quotation.item}", tuple(paras), part="In their words", air=7)


def _language(quotation: Quotation) -> str:
    known = {"en": LANGUAGE, "ar": "ar-IQ", "ckb": "ku-Arab-IQ"}
    plain = re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", quotation.language)
    return known.get(quotation.language, quotation.language if plain else LANGUAGE)


def write(brush: Brush, shapes: Any, row: Row, box: Box, marks: Sequence[Mark]) -> None:
    """Write a row into its box: its symbol, as some mark of the map has it, before it, its bar below it."""
    scale = row.paras[0].size / 10.5 if row.sign is not None else 1.0
    indent = 0.0
    if row.sign is not None:
        indent = SYMBOL * min(scale, 1.0)
        middle = box.y + row.paras[0].size * LINE / 2
        symbol = brush.symbol(shapes, row.name, clean(row.paras[0].text))
        pen = Pen(brush, symbol, box.x + indent * 0.42, middle, 0.68 * (indent / SYMBOL))
        if isinstance(row.sign, Category):
            pen.mark(Look(row.sign, legend.turn(marks, row.sign)))
        else:
            pen.key(row.sign, *legend.example(row.sign, marks))
    bar = row.bar if row.bar is not None and row.bar.gone is not None else None
    height = box.height - row.air - (BAR if bar else 0)
    brush.text(shapes, row.name, Box(box.x + indent, box.y, box.width - indent, height), row.paras)
    if bar:
        _bar(brush, shapes, bar, Box(box.x, box.y + height + 1, box.width, 3.5))


def _bar(brush: Brush, shapes: Any, phase: PhaseLine, box: Box) -> None:
    """Draw the time gone, thin and grey, and the promised end as a tick on it."""
    pieces = [
        ("Time planned", 0.0, 100.0, brush.colours.line, 0.0),
        ("Time gone", 0.0, phase.gone or 0.0, brush.colours.mute, 0.0),
    ]
    if phase.promise is not None and phase.promise < 100:  # noqa: PLR2004
        pieces.append(("Promised end", phase.promise, 0.4, brush.colours.late, 1.5))
    for name, start, share, colour, over in pieces:
        if share > 0:
            x = box.x + box.width * start / 100
            shape = brush.shape(
                shapes,
                MSO_SHAPE.RECTANGLE,
                Box(x, box.y - over, box.width * share / 100, box.height + 2 * over),
                colour,
            )
            shape.name = f"{name}: {phase.label}"

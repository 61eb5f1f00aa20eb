"""The data package: tables with a Frictionless descriptor, a README and the licence, in one ZIP of equal bytes."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from components import wording
from components.view import View
from exports import bundle, citation, names
from exports.columns import Column
from exports.files import MEDIA_TYPES, WRITERS
from exports.tables import ALL, Spec, Table, count, table
from geodata import dates
from geodata.control import CARRY_YEARS
from geodata.staleness import STALE_AFTER_DAYS

ROOT = Path(__file__).resolve().parent.parent
LICENCE_FILE = "LICENSE-DATA.md"
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International; quotations remain their publishers'",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet may take for a formula."""


@cache
def licence() -> str:
    """Return the licence of the data."""
    return (ROOT / LICENCE_FILE).read_text(encoding="utf-8")


def about(shown: View, *, everything: bool) -> dict[str, Any]:
    """Return what describes a whole GeoJSON file."""
    return {
        "description": names.question(shown, everything=everything),
        "data_version": shown.ledger.version,
        "license": LICENCE["name"],
    }


def file_bytes(name: str, ending: str, shown: View, *, everything: bool) -> bytes:
    """Return one table as one file."""
    return WRITERS[ending](
        table(name, shown, everything=everything), about=about(shown, everything=everything)
    )


def zipped(shown: View, *, everything: bool, address: str = "") -> bytes:
    """Return the whole package as a ZIP; `address` is where the view is found, for the citation."""
    return bundle.archive(parts(shown, everything=everything, address=address))


def parts(shown: View, *, everything: bool, address: str = "") -> Mapping[str, bytes]:
    """Return the files of the package by their paths, the descriptor first."""
    found: dict[str, bytes] = {}
    resources: list[dict[str, Any]] = []
    formulas = 0
    for spec in ALL:
        made = table(spec.name, shown, everything=everything)
        formulas += formula_like(made)
        files: list[tuple[str, str]] = []
        for ending, write in WRITERS.items():
            if ending != "csv" and spec.site is None:
                continue
            path = f"data/{spec.name}.{ending}"
            found[path] = write(made, about=about(shown, everything=everything))
            files.append((path, ending))
        resources.append(_resource(spec, [_file(path, ending, found[path]) for path, ending in files]))
    plain_citation = citation.of_view(shown, everything=everything, address=address).plain()
    readme = _readme(shown, formulas, plain_citation, everything=everything)
    descriptor = _descriptor(shown, resources, everything=everything)
    return {
        "datapackage.json": (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode(),
        "README.md": readme.encode(),
        LICENCE_FILE: licence().encode(),
        **found,
    }


def formula_like(made: Table) -> int:
    """Return how many cells of text begin as a formula does in a spreadsheet."""
    texts = [column for column in made.spec.columns if column.kind == "string"]
    return sum(
        isinstance(value, str) and value.startswith(FORMULA)
        for column in texts
        for value in made.column(column)
    )


def _descriptor(shown: View, resources: list[dict[str, Any]], *, everything: bool) -> dict[str, Any]:
    ledger = shown.ledger
    return {
        "profile": "data-package",
        "name": "handover-atlas",
        "title": f"{names.TITLE}: {names.SUBTITLE}",
        "description": names.question(shown, everything=everything),
        "version": ledger.version,
        "licenses": [LICENCE],
        "keywords": ["Iraq", "Kurdistan Region", "military bases", "coalition withdrawal"],
        "resources": resources,
    }


def _file(path: str, ending: str, body: bytes) -> dict[str, Any]:
    return {
        "path": path,
        "format": ending,
        "mediatype": MEDIA_TYPES[ending].partition(";")[0],
        "bytes": len(body),
        "hash": f"sha256:{hashlib.sha256(body).hexdigest()}",
    }


def _resource(spec: Spec, files: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the resource of a table: its CSV; the same rows in other formats stand under `alternatives`.

    As resources of their own, frictionless 5.21 would take GeoParquet for a table it can count the bytes of, and cannot.
    """
    described: dict[str, Any] = {
        "name": spec.name.replace("_", "-"),
        "profile": "tabular-data-resource",
        "title": spec.title,
        "description": spec.description,
        "encoding": "utf-8",
        **files[0],
        "schema": _schema(spec),
    }
    return described | ({"alternatives": files[1:]} if files[1:] else {})


def _schema(spec: Spec) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in spec.columns],
        "missingValues": [""],
        "primaryKey": list(spec.key),
    }
    if spec.links:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": other, "fields": [target]}}
            for column, other, target in spec.links
        ]
    return schema


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.kind, "description": column.description}
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.choices:
        constraints["enum"] = list(column.choices)
    return field | ({"constraints": constraints} if constraints else {})


def _readme(shown: View, formulas: int, cited: str, *, everything: bool) -> str:
    ledger, narrow = shown.ledger, shown.state.knowledge.narrow and not everything
    lines = [
        f"# {names.TITLE}: {names.SUBTITLE}",
        "",
        f"**The question:** {names.question(shown, everything=everything)}",
        "",
        f"Data version {ledger.version}; computed for {wording.day_words(shown.today)} in Baghdad, up to which segments run. "
        f"The last evidence about any site is of {wording.day_words(ledger.last_evidence)}."
        if ledger.last_evidence > dates.EPOCH
        else f"Data version {ledger.version}; without evidence.",
        "",
        "## What is here",
        "",
        "| table | rows | of all | narrowed | what it is |",
        "|---|---|---|---|---|",
    ]
    for spec in ALL:
        here, total = (count(spec.name, shown, everything=e) for e in (everything, True))
        how = "" if everything else "; ".join(names.narrowed(spec, shown)).replace("|", "\\|")
        lines.append(f"| {spec.name} | {here:,} | {total:,} | {how} | {spec.description} |")
    lines += [
        "",
        (
            "Each table is `data/TABLE.csv`; those with positions are `data/TABLE.geojson` and `data/TABLE.parquet` (GeoParquet) too, "
            "with the same rows. `datapackage.json` describes the CSV files and gives the checksum of every one (Frictionless Data Package)."
        ),
        "",
        "## How to cite",
        "",
        cited,
        "",
        f"The compiled data are under CC BY 4.0, see `{LICENCE_FILE}`. Quotations remain their publishers': quote them short, with their source.",
        "",
        "## What it says, and what not",
        "",
        *(f"- {caveat}" for caveat in caveats(formulas, narrow=narrow)),
        "",
        "What is not known, as the ledger lists it:",
        "",
        *(f"- {unknown.text}" for unknown in ledger.unknowns),
        "",
        "## Columns",
    ]
    for spec in ALL:
        lines += ["", f"### {spec.name}", "", "| column | type | meaning |", "|---|---|---|"]
        lines += [f"| `{c.name}` | {c.kind} | {_meaning(c)} |" for c in spec.columns]
    return "\n".join(lines) + "\n"


def _meaning(column: Column) -> str:
    listed = f" One of: {', '.join(column.choices)}." if column.choices else ""
    return column.description.replace("|", "\\|") + listed


def caveats(formulas: int | None = 0, *, narrow: bool = False) -> list[str]:
    """Return the boundary of what the data say, a sentence or two each; `formulas` is None where no files are made yet."""
    found = [
        "Nobody sets a state: it is computed from claims, each of which is what one source said. A state says what the sources say, not what was.",
        "not-sourced is no state but the absence of one: no source that counts says who held the site that day. It is not evidence of anybody's absence.",
        "changing-hands means that the day of a change is uncertain or told differently; it does not mean a fight.",
        "Iraqi bases and sites of the Kurdistan Region hosted the coalition as a guest; no state here says that it controlled one.",
        (
            f"An ended presence holds until somebody reports otherwise; a presence is carried {CARRY_YEARS} years at most beyond its last evidence. "
            f"A state whose latest evidence is older than {STALE_AFTER_DAYS} days is marked `stale`."
        ),
        "Claims are listed whatever day they tell of. Rejected ones are listed and marked, and never decide anything.",
        "A known-on date counts what our sources had reported by then. Sources are often retrospective: it is not what the world knew.",
        "Dates are EDTF, with the first and the last possible day beside them. An empty value means: not recorded, or none. Nothing was filled in.",
        "Positions are of the site or of the place named in `position_basis`, exact to `radius_m` metres. A site without a known position has none here.",
        "The order of rows is that of their keys, whatever order the page was sorted in.",
    ]
    if narrow:
        found.append(
            "Some sources do not count in this view. An editor's note may rest on them, so the columns for notes are empty; “everything” has them."
        )
    if formulas:
        verb = "cell begins" if formulas == 1 else "cells begin"
        found.append(
            f"Careful with spreadsheets: {formulas:,} {verb} with =, +, -, @, a tab or a line break and could be taken for a formula. "
            "The text is exact, not defused; import these columns as text."
        )
    elif formulas is None:
        found.append(
            "Text is exact, also where it begins with a sign that a spreadsheet takes for a formula; the README of a package counts such cells."
        )
    else:
        found.append("No text in these files begins with a sign that a spreadsheet takes for a formula.")
    return found

"""Browser modules linked into one classic script, for pages that have no server to ask for the others.

Each module becomes a function of its own, called once and in the order of what needs what; so names stay apart as they
do in modules. What the linker does not understand it refuses, with the file and the line.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

IMPORT = re.compile(r'^import\s*\{([^{}]*)\}\s*from\s*"(\.{1,2}/[^"]+)";[ \t]*$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|class|function|async function)\b)", re.MULTILINE)
DECLARED = re.compile(r"^export (?:const|class|(?:async )?function\*?)\s+([A-Za-z_$][\w$]*)", re.MULTILINE)
NAMED = re.compile(r"([A-Za-z_$][\w$]*)(?:\s+as\s+([A-Za-z_$][\w$]*))?")
PLACE = "import.meta.url"
"""Where a module lies; linked, it lies in the page."""
COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.MULTILINE)
"""A comment that has its lines for itself; one behind code stays, since it may stand in a text."""
LEFT_OVER = (
    (re.compile(r"^\s*export\s+default\b", re.MULTILINE), "a default export"),
    (re.compile(r"^\s*export\s+(?:let|var)\b", re.MULTILINE), "an export that can change; only const, class and function can be linked"),
    (re.compile(r"^\s*export\b", re.MULTILINE), "an export that is neither const, class nor function"),
    (re.compile(r"\bimport\s*\("), "a dynamic import"),
    (re.compile(r"\bimport\s*\.\s*meta\b"), f"import.meta; only {PLACE} is understood"),
    (re.compile(r"^\s*import\b", re.MULTILINE), 'an import that is not of the form import { a, b } from "./x.js";'),
)  # fmt: skip


class LinkError(ValueError):
    """A module that cannot be linked, and why."""


@dataclass(frozen=True, slots=True)
class Module:
    """One file: its code without imports and the word export, what it needs and what it offers."""

    path: Path
    code: str
    needs: tuple[tuple[Path, tuple[tuple[str, str], ...]], ...]  # file: name there, name here
    offers: tuple[str, ...]


def link(entry: Path) -> str:
    """Return the module and all it imports as one strict script; LinkError where that is not possible."""
    modules = tuple(_ordered(entry.resolve(), {}, ()))
    numbers = {module.path: f"m{number}" for number, module in enumerate(modules)}
    offers = {module.path: {*module.offers} for module in modules}
    parts = []
    for module in modules:
        taken = []
        for path, names in module.needs:
            if missing := [there for there, _ in names if there not in offers[path]]:
                raise LinkError(f"{module.path.name}: {path.name} has no {missing[0]}")
            pairs = ", ".join(there if there == here else f"{there}: {here}" for there, here in names)
            taken.append(f"const {{ {pairs} }} = {numbers[path]};\n")
        body = "".join(taken) + module.code
        last = f"return {{ {', '.join(module.offers)} }};\n" if module.offers else ""
        parts.append(f"const {numbers[module.path]} = (() => {{\n{body}{last}}})();\n")
    return '(() => {\n"use strict";\n' + "".join(parts) + "})();\n"


def _ordered(path: Path, done: dict[Path, Module], under_way: Sequence[Path]) -> Iterator[Module]:
    """Yield what a module needs, then the module; each once."""
    if path in under_way:
        ring = " → ".join(one.name for one in (*under_way[under_way.index(path) :], path))
        raise LinkError(f"{path.name}: the imports go in a circle: {ring}")
    if path in done:
        return
    module = read(path)
    for needed, _ in module.needs:
        yield from _ordered(needed, done, (*under_way, path))
    done[path] = module
    yield module


def read(path: Path) -> Module:
    """Return one module taken apart; LinkError for what is not understood."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise LinkError(f"{path.name}: cannot be read: {problem.strerror}") from None
    bare = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    for at, row in enumerate(bare.splitlines(), 1):
        if row.count("`") % 2:
            raise LinkError(f"{path.name}, line {at}: a text over several lines is not understood")
    needs = tuple(
        ((path.parent / found[2]).resolve(), _names(path, found[1])) for found in IMPORT.finditer(bare)
    )
    offers = tuple(DECLARED.findall(bare))
    code = IMPORT.sub(lambda found: "\n" * found[0].count("\n"), bare)
    code = EXPORT.sub("", code).replace(PLACE, "document.baseURI")
    for pattern, what in LEFT_OVER:
        if found := pattern.search(code):
            line = code.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1
            raise LinkError(f"{path.name}, line {line}: {what} is not understood")
    code = re.sub(r"\n{2,}", "\n", code).lstrip("\n")
    return Module(path, code if code.endswith("\n") else code + "\n", needs, offers)


def _names(path: Path, listed: str) -> tuple[tuple[str, str], ...]:
    """Return the names in the braces of an import, each as there and as here."""
    found = []
    for part in filter(None, (one.strip() for one in listed.split(","))):
        match = NAMED.fullmatch(part)
        if match is None:
            raise LinkError(f"{path.name}: {json.dumps(part)} in an import is not understood")
        found.append((match[1], match[2] or match[1]))
    return tuple(found)

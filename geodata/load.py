"""Loading a data folder: every row validated, every problem collected, nothing dropped."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from geodata import check
from geodata.errors import LedgerError, Problem
from geodata.model import FILES, Ledger, Row

NOT_CSV = "the line is not CSV"
"""After such a line the rest of the file cannot be read."""

LONGEST_READ = 131_072
"""Characters of a cell that are read at all, before a quotation mark without its partner fills the memory."""

LONGEST_CELL = 20_000
"""Characters; the longest quotation or note is far shorter."""

UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows; right-to-left text needs none of them."""

HERE = Path(__file__).parent / "files"
KEYED = {"sources": "source", "sites": "site", "statements": "statement", "sentences": "sentence",
         "phases": "phase", "disagreements": "disagreement"}  # fmt: skip


def load(folder: Path = HERE, texts: Path | None = None) -> Ledger:
    """Return the ledger in `folder`, or raise LedgerError with the complete list of what is wrong.

    `texts` is a folder with the full texts of the articles, where they are at hand: quotations are then
    checked to be exact substrings.
    """
    if not is_folder(folder):
        fault = Problem(
            str(folder)[:80],
            0,
            "",
            str(folder),
            "there is no such folder",
            "name a folder that holds claims.csv",
        )
        raise LedgerError((fault,))
    problems: list[Problem] = []
    rows: dict[str, list[Row]] = {}
    lines: dict[str, list[int]] = {}
    spoilt: dict[str, set[str]] = {name: set() for name in FILES}  # identifiers of rows that are not valid
    digest = hashlib.sha256()
    for name, model in FILES.items():
        rows[name], lines[name] = [], []
        path = folder / f"{name}.csv"
        try:
            body = path.read_bytes()
            text = body.decode("utf-8-sig")
        except OSError as error:
            remedy = f"put {name}.csv into the data folder, with a header even if it has no rows"
            problems.append(
                Problem(path.name, 0, "", error.strerror or "", "the file cannot be read", remedy)
            )
            continue
        except UnicodeDecodeError as error:
            problems.append(
                Problem(path.name, 0, "", f"byte {error.start}", "the file is not UTF-8", "save it as UTF-8")
            )
            continue
        digest.update(name.encode() + b"\0" + body)
        for line, row in _rows(path.name, text, model, problems):
            if isinstance(row, Row):
                rows[name].append(row)
                lines[name].append(line)
            else:
                spoilt[name].add(row.get(check.KEYS.get(name, "")) or "")
    unread = {p.file.removesuffix(".csv") for p in problems if p.line <= 1 or p.problem == NOT_CSV}
    problems += check.problems(rows, lines, spoilt, texts, unread=unread)
    if problems:
        raise LedgerError(tuple(sorted(set(problems))))
    parts: dict[str, Any] = {
        name: {getattr(row, KEYED[name]): row for row in found} if name in KEYED else tuple(found)
        for name, found in rows.items()
    }
    return Ledger(**parts, version=digest.hexdigest()[:12])


def is_folder(path: Path) -> bool:
    """Tell whether there is such a folder; a name that no folder can have names none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _rows(
    file: str, text: str, model: type[Row], problems: list[Problem]
) -> Iterator[tuple[int, Row | Mapping[str, str]]]:
    """Yield each row with its line number, valid or as read; what is wrong is added to `problems`."""
    csv.field_size_limit(LONGEST_READ)  # the whole process has one limit: another library may have moved it
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    wanted = list(model.model_fields)
    remedy, start = "quote values that hold commas or quotes", 1
    plain = not UNSEEN.search(text)  # one look at the whole file instead of one at each cell
    try:
        header = list(reader.fieldnames or [])
        problems += (broken := _header(file, header, model))
        while not broken:
            start = reader.line_num + 1
            record = next(reader)
            if faults := _count(file, start, record, wanted) or _unreadable(file, start, record, plain=plain):
                problems += faults
                yield start, record
                continue
            try:
                yield start, model.model_validate(record)
            except ValidationError as error:
                problems += [_problem(file, start, model, record, detail) for detail in error.errors()]
                yield start, record
    except StopIteration:
        return
    except csv.Error as error:
        problems.append(Problem(file, start, "", str(error), NOT_CSV, remedy))


def _header(file: str, header: list[str], model: type[Row]) -> list[Problem]:
    wanted, given = list(model.model_fields), ",".join(header)[:80]
    missing = [column for column in wanted if column not in header]
    strange = sorted({column for column in header if header.count(column) > 1 or column not in wanted})
    known = f"the columns are {', '.join(wanted)}"
    return [
        *(
            Problem(file, 1, c, given, "a column is missing", f"add it: {_meaning(model, c)}")
            for c in missing
        ),
        *(Problem(file, 1, c, c, "the column is not known, or stands twice", known) for c in strange),
    ]


def _count(file: str, line: int, record: Mapping[Any, Any], wanted: list[str]) -> list[Problem]:
    """Return the problem of a line with too few or too many values; csv keeps the surplus under None."""
    if None not in record and None not in record.values():
        return []
    given = sum(value is not None for column, value in record.items() if column is not None)
    given += len(record.get(None, ()))
    count = "1 value" if given == 1 else f"{given} values"
    fault = "the line has too few or too many values"
    return [Problem(file, line, "", count, fault, f"a line has {len(wanted)}")]


def _unreadable(file: str, line: int, record: Mapping[str, str], *, plain: bool) -> list[Problem]:
    """Return the values no reader could make sense of: with control characters, unless `plain`, or without end."""
    if plain and max(map(len, record.values())) <= LONGEST_CELL:
        return []
    found = []
    for column, value in record.items():
        if strange := UNSEEN.search(value):
            fault = f"a control character (U+{ord(strange[0]):04X})"
            found.append(Problem(file, line, column, value, fault, "delete it, and look where it came from"))
        elif len(value) > LONGEST_CELL:
            fault = f"{len(value):,} characters in one cell"
            found.append(Problem(file, line, column, value, fault, f"keep it under {LONGEST_CELL:,}"))
    return found


def _problem(file: str, line: int, model: type[Row], record: Mapping[str, str], detail: Any) -> Problem:
    column = str(detail["ctx"]["column"] if detail["type"] == "misfit" else detail["loc"][0])
    said = str(detail["msg"]).removeprefix("Value error, ")
    return Problem(file, line, column, record.get(column, ""), said, _meaning(model, column))


def _meaning(model: type[Row], column: str) -> str:
    return model.model_fields[column].description or ""

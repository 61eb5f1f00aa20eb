"""What the tests of the data share: the ledger, copies of it to spoil, and the texts it was made from."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from geodata import control, errors, model
from geodata.load import HERE, load

# The same examples on every machine, however slow: a failure here is a failure everywhere.
settings.register_profile(
    "atlas", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("atlas")

ROOT = Path(__file__).resolve().parents[2]
GOLDENS = Path(__file__).parent / "goldens"


@cache
def facts() -> dict[str, Any] | None:
    """Return the fact base the ledger restates, where it lies in a folder beside the repository, else None."""
    found = sorted(ROOT.parent.glob("*/facts/facts.json"))
    return json.loads(found[0].read_text("utf-8")) if found else None


@cache
def texts() -> Path | None:
    """Return the folder with the articles in full, where it lies beside the repository, else None.

    The articles are under copyright: only short quotations from them are in the repository.
    """
    found = sorted(ROOT.parent.glob("*/seeds/*.txt"))
    return found[0].parent if found else None


@dataclass(frozen=True)
class Folder:
    """A copy of the data folder that a test may spoil."""

    path: Path

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def line(self, name: str, key: str) -> int:
        """Return the line on which the row starts whose first cell is `key`, counted from 1."""
        reader = csv.reader(io.StringIO((self.path / f"{name}.csv").read_text("utf-8"), newline=""))
        before = 0
        for cells in reader:
            if cells[0] == key:
                return before + 1
            before = reader.line_num
        raise AssertionError(f"no row {key} in {name}.csv")

    def write(self, name: str, rows: list[dict[str, str]]) -> None:
        with (self.path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(model.FILES[name].model_fields), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def change(self, name: str, key: str, /, **cells: str) -> None:
        """Write other values into the row whose first cell is `key`."""
        rows = self.rows(name)
        (row,) = (row for row in rows if next(iter(row.values())) == key)
        row.update(cells)
        self.write(name, rows)

    def append(self, name: str, like: str, /, **cells: str) -> None:
        """Append a copy of the row whose first cell is `like`, with other values."""
        rows = self.rows(name)
        (row,) = (row for row in rows if next(iter(row.values())) == like)
        rows.append({**row, **cells})
        self.write(name, rows)

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace one passage of the file's text; it must be there exactly once."""
        path = self.path / f"{name}.csv"
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}.csv"
        path.write_text(text.replace(old, new), "utf-8")

    def problems(self, texts: Path | None = None) -> tuple[errors.Problem, ...]:
        """Return what is wrong with the copy; nothing where it loads."""
        try:
            load(self.path, texts)
        except errors.LedgerError as error:
            return error.problems
        return ()


@pytest.fixture(scope="session")
def ledger() -> model.Ledger:
    return load()


@pytest.fixture(scope="session")
def lives(ledger: model.Ledger) -> dict[str, control.Life]:
    return dict(control.lives(ledger))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    for name in model.FILES:
        shutil.copy(HERE / f"{name}.csv", tmp_path)
    return Folder(tmp_path)

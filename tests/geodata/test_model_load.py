"""The rows and the loading: what a model promises, and that nothing is dropped on the way from the files."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from geodata import load as loading
from geodata.control import Held
from geodata.errors import LedgerError, QuestionError
from geodata.load import HERE, load
from geodata.model import FILES, Basis, Coalition, Controller, Kind, Ledger, Row
from tests.geodata import build
from tests.geodata.conftest import Folder

if TYPE_CHECKING:
    from tests.geodata.conftest import Folder


def test_every_row_of_every_file_is_loaded(ledger: Ledger) -> None:
    for name in FILES:
        with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        assert len(getattr(ledger, name)) == len(rows), name


def test_every_value_comes_back_as_written(ledger: Ledger) -> None:
    """No cell is shortened, translated or filled on loading."""
    for name, model in FILES.items():
        loaded = getattr(ledger, name)
        values = list(loaded.values()) if name in loading.KEYED else list(loaded)
        with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row, cells in zip(values, csv.DictReader(file), strict=True):
                for column in model.model_fields:
                    value, cell = getattr(row, column), cells[column]
                    same = float(cell) == value if isinstance(value, float) else written(value) == cell
                    assert same, f"{name} {cells} {column}"


def written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return str(value)


def test_a_row_cannot_be_changed(ledger: Ledger) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        ledger.claims[0].text = "something else"


def test_every_column_says_what_it_means() -> None:
    for name, model in FILES.items():
        assert (model.__doc__ or "").strip().endswith("."), name
        for column, info in model.model_fields.items():
            assert (info.description or "").endswith("."), f"{name} {column}"


def test_every_file_has_a_model_and_every_model_a_file() -> None:
    assert {path.stem for path in HERE.glob("*.csv")} == set(FILES) | {"origins"}
    assert set(FILES.values()) == set(Row.__subclasses__())


def test_the_files_are_plain(ledger: Ledger) -> None:
    """UTF-8 without a mark, one line end, one at the end: what changes in a file is what was decided."""
    assert ledger.sources
    for name in FILES:
        body = (HERE / f"{name}.csv").read_bytes()
        assert not body.startswith(b"\xef\xbb\xbf"), name
        assert b"\r" not in body, name
        assert body.endswith(b"\n"), name
        assert not body.endswith(b"\n\n"), name
        assert b"\x00" not in body, name


def test_the_version_changes_with_the_content_and_with_nothing_else(folder: Folder) -> None:
    before = load(folder.path)
    assert before.version == load().version
    assert len(before.version) == 12
    folder.change("unknowns", "U01", text="Something else.")
    assert load(folder.path).version != before.version


def test_the_version_is_a_digest_of_names_and_bytes(folder: Folder) -> None:
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(name.encode() + b"\0" + (folder.path / f"{name}.csv").read_bytes())
    assert load(folder.path).version == digest.hexdigest()[:12]


def test_the_folder_may_hold_other_files(folder: Folder) -> None:
    (folder.path / "README.txt").write_text("read me", "utf-8")
    assert load(folder.path).version == load().version


def test_errors_are_value_errors() -> None:
    assert issubclass(LedgerError, ValueError)
    assert issubclass(QuestionError, ValueError)


@pytest.mark.parametrize(
    ("words", "cells"),
    [
        ("a plan has the basis announced", {"basis": "announced"}),
        ("confirmed is computed", {"basis": "confirmed"}),
        ("a change names the state it leads to", {"to_controller": "", "to_coalition": ""}),
        ("both a controller and a coalition", {"to_coalition": ""}),
        ("is about one site \\[", {"site": ""}),
        ("about one site and has no scope", {"scope": "base"}),
        ("String should match pattern", {"claim": "no blanks"}),
        ("String should match pattern", {"source": ""}),
        ("String should match pattern", {"primary": "maybe"}),
        ("Extra inputs are not permitted", {"colour": "red"}),
    ],
)
def test_a_change_that_is_not_whole(words: str, cells: dict[str, Any]) -> None:
    after = Held(Controller.IRAQI_FEDERAL, Coalition.ABSENT)
    assert build.claim("C", "change", "2020", after).kind is Kind.CHANGE
    with pytest.raises(ValidationError, match=words):
        build.claim("C", "change", "2020", after, **cells)


def test_bases_are_ordered_from_the_weakest() -> None:
    assert list(Basis) == ["announced", "claimed", "reported", "official", "confirmed"]


def test_roots_follow_derivation_then_the_agency_then_the_publisher() -> None:
    sources = [
        build.source("A", agency="Wire"),
        build.source("B", derives_from="A", agency=""),
        build.source("C", derives_from="B"),
        build.source("D"),
    ]
    ledger = build.ledger([], sources)
    assert [ledger.root(key) for key in "ABCD"] == ["Wire", "Wire", "Wire", "Publisher of D"]
    assert ledger.derived(frozenset("A")) == set("ABC")
    assert ledger.derived(frozenset("C")) == set("C")
    assert ledger.derived(frozenset()) == set()


def test_a_circle_of_derivation_ends() -> None:
    ledger = build.ledger([], [build.source("A", derives_from="B"), build.source("B", derives_from="A")])
    assert ledger.root("A") in {"Publisher of A", "Publisher of B"}
    assert ledger.derived(frozenset("A")) == {"A", "B"}


def test_ledgers_are_compared_by_identity() -> None:
    assert load() != load()
    assert len({load(), load()}) == 2


def test_a_folder_with_a_name_no_folder_can_have_is_named() -> None:
    for name in ("x" * 5_000, "two\0names"):
        with pytest.raises(LedgerError, match="there is no such folder"):
            load(Path(name))


def test_a_chain_of_many_sources_is_followed_to_its_end(folder: Folder) -> None:
    """Each rewrites the one before: that must neither nest calls nor be walked from every link."""
    rows = folder.rows("sources")
    (first,) = (row for row in rows if row["source"] == "P018")
    chain = [
        {**first, "source": f"X{n}", "agency": "", "derives_from": f"X{n - 1}" if n else "P018"}
        for n in range(3_000)
    ]
    folder.write("sources", [*rows, *chain])
    ledger = load(folder.path)
    assert ledger.root("X2999") == ledger.root("P018")
    assert len(ledger.derived(frozenset({"P018"}))) == len(chain) + 1
    folder.write("sources", [*rows, {**chain[0], "derives_from": "X9"}, *chain[1:10]])
    assert [(p.line, p.problem) for p in folder.problems()][:1] == [
        (folder.line("sources", "X0"), "the row leads back to itself")
    ]

"""The data package: valid, complete, and it says what it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import frictionless
import pytest

from components.view_state import Filters
from exports import names, package, tables
from exports.__main__ import main
from geodata.knowledge import Knowledge
from tests.exports.views import ledger, show

if TYPE_CHECKING:
    from pathlib import Path

NARROW: dict[str, Any] = {
    "knowledge": Knowledge(known_on=dt.date(2026, 1, 5), without=frozenset({"S0"})),
    "hidden": frozenset({"islamic-state"}),
    "filters": Filters(about="ain-al-asad"),
}


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("more", [{}, NARROW], ids=["all of it", "narrowed"])
def test_frictionless_finds_it_valid(tmp_path: Path, more: dict[str, Any], everything: bool) -> None:  # noqa: FBT001
    body = package.zipped(show(**more), everything=everything)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        archive.extractall(tmp_path)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["taskNumber", "type", "message"])[:5]
    assert report.stats["tasks"] == len(tables.ALL)


def test_every_file_is_there_once_with_its_checksum_and_no_date_of_its_own() -> None:
    with zipfile.ZipFile(io.BytesIO(package.zipped(show(), everything=False))) as archive:
        descriptor = json.loads(archive.read("datapackage.json"))
        listed = [file for r in descriptor["resources"] for file in (r, *r.get("alternatives", ()))]
        assert {file["path"] for file in listed} == {n for n in archive.namelist() if n.startswith("data/")}
        for file in listed:
            body = archive.read(file["path"])
            assert (file["bytes"], file["hash"]) == (len(body), f"sha256:{hashlib.sha256(body).hexdigest()}")
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("LICENSE-DATA.md").decode() == package.licence()
        assert descriptor["version"] == ledger().version
        assert "created" not in descriptor
        for resource in descriptor["resources"]:
            assert all(field["description"] for field in resource["schema"]["fields"])


def test_the_readme_states_question_version_citation_limits_and_columns() -> None:
    shown = show(**NARROW)
    text = package.parts(shown, everything=False)["README.md"].decode()
    for words in (
        "Who held each site as of 18 January 2026, as our sources had reported by 5 January 2026, without some sources",
        "without “Held by ISIS”", "about Ain al-Asad", "Sources left out: S0", ledger().version, "## How to cite", "CC BY 4.0",
        "not what was", "`occurred_earliest`", "An editor's note may rest on them", ledger().unknowns[0].text,
    ):  # fmt: skip
        assert words in text
    whole = package.parts(shown, everything=True)["README.md"].decode()
    assert "Everything in the ledger, and the states of 18 January 2026" in whole
    assert "Sources left out" not in whole


@pytest.mark.parametrize(
    ("table", "everything", "more", "expected"),
    [
        ("states", False, {}, "handover-atlas_states_2026-01-18.csv"),
        ("claims", False, {}, "handover-atlas_claims.csv"),
        ("claims", True, NARROW, "handover-atlas_claims_everything.csv"),
        ("states", False, NARROW, "handover-atlas_states_2026-01-18_known-on-2026-01-05_without-some-sources_narrowed.csv"),
        ("statements", False, {"knowledge": Knowledge(each_day=True)}, "handover-atlas_statements_2026-01-18_known-each-day.csv"),
    ],
)  # fmt: skip
def test_file_names_speak(table: str, everything: bool, more: dict[str, Any], expected: str) -> None:  # noqa: FBT001
    assert names.file_name(table, "csv", show(**more), everything=everything) == expected


def test_the_command_writes_the_same_bytes(tmp_path: Path) -> None:
    day = ["--as-of", "2026-01-18"]
    assert main(["table", "states", *day, "--format", "geojson", "--out", str(tmp_path / "s.geojson")]) == 0
    assert (tmp_path / "s.geojson").read_bytes() == package.file_bytes("states", "geojson", show(), everything=False)  # fmt: skip
    assert main(["data", *day, "--without", "S0", "--without", "S4", "--out", str(tmp_path / "new")]) == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"datapackage.json", "README.md", "LICENSE-DATA.md", "data"}  # fmt: skip
    assert main(["data", *day, "--everything", "--out", str(tmp_path / "d.zip")]) == 0
    assert zipfile.is_zipfile(tmp_path / "d.zip")


@pytest.mark.parametrize(
    "arguments",
    [
        ["data", "--as-of", "soon", "--out", "x.zip"],
        ["data", "--as-of", "2026-01-18", "--without", "nobody", "--out", "x.zip"],
        ["data", "--as-of", "2026-01-18", "--out", "."],
        ["data", "--out", "x.zip"],
        ["table", "states", "--as-of", "2026-01-18", "--format", "xlsx", "--out", "x"],
        ["table", "sources", "--as-of", "2026-01-18", "--format", "geojson", "--out", "x"],
        ["table", "states", "--as-of", "1066-10-14", "--out", "x"],
        ["table", "states", "--as-of", "2026-01-18", "--out", "no/such/folder/x"],
    ],
)
def test_bad_input_is_one_line_and_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").touch()
    try:
        code = main(arguments)
    except SystemExit as left:
        code = int(str(left.code))
    assert code == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["there"]

"""Bad data stops at the door: each thing that can be wrong is named with file, line, column, value and remedy."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest
from pydantic import StringConstraints

from geodata import check, control, phases, statements
from geodata.__main__ import record
from geodata.errors import LedgerError, Problem
from geodata.load import load
from geodata.model import FILES
from tests.geodata.conftest import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.geodata.conftest import Folder

HOSTILE = "<img src=x onerror=alert(1)>"
DATE = "a date is a year, a month, a day"


@dataclass(frozen=True)
class Case:
    """One thing done to a copy of the data, and the one problem it must cause."""

    name: str
    file: str
    row: str | int  # the key of the row in which the problem is, or its line
    column: str
    value: str
    problem: str
    remedy: str
    spoil: Callable[[Folder], object]


def cell(
    file: str, row: str, column: str, value: str, problem: str, remedy: str, found: str | None = None
) -> Case:
    """Return the case of one wrong value in one cell."""
    name = f"{file} {row} {column} {value[:24]}"
    shown = value if found is None else found
    return Case(
        name, file, row, column, shown, problem, remedy, lambda f: f.change(file, row, **{column: value})
    )


def whole(
    name: str, file: str, line: int, column: str, value: str, problem: str, remedy: str, old: str, new: str
) -> Case:
    """Return the case of a passage of a file written otherwise."""
    return Case(name, file, line, column, value, problem, remedy, lambda f: f.replace(file, old, new))


def edit(file: str, row: str, column: str, value: str, problem: str, remedy: str, **cells: str) -> Case:
    """Return the case of values that are wrong only together; `column` is the one named, with its `value`."""
    name = f"{file} {row} {' '.join(cells)}"
    return Case(name, file, row, column, value, problem, remedy, lambda f: f.change(file, row, **cells))


def add_row(folder: Folder, file: str, column: str) -> None:
    """Append a row of its own that refers to nowhere."""
    rows = folder.rows(file)
    own: dict[str, str] = {key: "99" for key in ("position", "name") if key in rows[0]}
    folder.write(file, [*rows, {**rows[0], **own, column: "nowhere"}])


def double(folder: Folder, file: str, key: str) -> None:
    """Append a row that is there already."""
    folder.append(file, key)


NO_ROW, ADD_ROW = "has no such row", "add the row there"
CASES = [
    # the file
    whole("a column nobody knows", "unknowns", 1, "colour", "colour", "not known", "the columns are unknown, text",
          "unknown,text\n", "unknown,text,colour\n"),
    whole("a column missing", "unknowns", 1, "text", "unknown", "a column is missing", "What is not known",
          "unknown,text\n", "unknown\n"),
    Case("a file missing", "phases", 0, "", "No such file or directory", "cannot be read", "put phases.csv into",
         lambda f: (f.path / "phases.csv").unlink()),
    Case("a file that is not UTF-8", "unknowns", 0, "", "byte 20", "not UTF-8", "save it as UTF-8",
         lambda f: (f.path / "unknowns.csv").write_bytes(b"unknown,text\nU01,caf\xe9\n")),
    whole("too few values", "unknowns", 2, "", "1 value", "too few or too many", "a line has 2",
          "U01,Outcome of the September 2026 deadline: nothing found.", "U01"),
    whole("too many values", "unknowns", 2, "", "3 values", "too few or too many", "a line has 2",
          "U01,Outcome of", "U01,and,Outcome of"),
    # dates
    cell("milestones", "M05", "occurred", "2026-02-30", DATE, "EDTF"),
    cell("milestones", "M05", "occurred", "2026-1-5", DATE, "EDTF"),
    cell("claims", "E053", "occurred", "banana", DATE, "EDTF"),
    cell("claims", "E014", "occurred", "2026-01-14/2026-01-13", "starts before it ends", "EDTF"),
    cell("sources", "P066", "published", "29 March 2020", DATE, "EDTF"),
    cell("phases", "PH-2", "planned_end", "2026-13", DATE, "EDTF"),
    cell("claims", "E055.P066", "occurred", "2020-03-30", "published before that (2020-03-29)", "make it a plan"),
    cell("milestones", "M05", "occurred", "1917", "before anything", "from 2003 on"),
    cell("phases", "PH-C", "done", "2019", "ends before it starts", "after 2020-03-17"),
    # positions
    cell("sites", "k1", "lat", "200", "less than or equal to 90", "decimal degrees"),
    cell("sites", "k1", "lat", "north", "valid number", "decimal degrees"),
    cell("sites", "k1", "lat", "nan", "", "decimal degrees"),
    cell("sites", "harir", "radius_m", "-1", "greater than or equal to 0", "metres"),
    Case("lat and lon exchanged", "sites", "harir", "lon", "36.5337, 44.3399", "not inside Iraq", "look exchanged",
         lambda f: f.change("sites", "harir", lon="36.5337", lat="44.3399")),
    Case("a position in Iran", "sites", "k1", "lon", "51.4, 35.7", "not inside Iraq", "give a position inside Iraq",
         lambda f: f.change("sites", "k1", lon="51.4", lat="35.7")),
    cell("sites", "k1", "cluster", "Baghdad", "should match pattern", "the one inset there is"),
    cell("sites", "k1", "cluster", "erbil", "should match pattern", "the one inset there is"),
    edit("sites", "k1", "lon", "", "together or not at all", "decimal degrees", lon=""),
    edit("sentences", "G1", "arabic_source", "", "together or not at all", "Source of the Arabic", arabic_source=""),
    # duplicates
    *(
        Case(f"two rows {key} in {file}", file, -1, check.KEYS[file], key, "stands already in line", "its own",
             partial(double, file=file, key=key))
        for file, key in (("unknowns", "U01"), ("sites", "k1"), ("sources", "P066"), ("phases", "PH-C"), ("renderings", "Q4-1"))
    ),
    *(
        Case(f"a pair twice in {file}", file, -1, column, value, "stands already in line 2", "keep one of them",
             lambda f, file=file: f.write(file, [*f.rows(file), f.rows(file)[0]]))  # type: ignore[misc]
        for file, column, value in (("site_names", "name", "Al Asad"), ("positions", "position", "1"))
    ),
    Case("two primary texts of one phase", "claims", "PH-1.S1", "primary", "yes", "its primary text in line", "write no",
         lambda f: f.change("claims", "PH-1.S1", primary="yes")),
    Case("one claim twice", "claims", "E999", "text", "Iraqi special forces retake K-1.", "the same claim", "one row a claim",
         lambda f: f.append("claims", "E053", claim="E999")),
    # words that mean nothing
    cell("claims", "E053", "kind", "rumour", "Input should be 'change'", "change, observation, plan or general"),
    cell("claims", "E053", "grade", "sure", "Input should be 'verified'", "listed, never decides"),
    cell("claims", "E053", "to_controller", "coalition", "Input should be 'iraqi_federal'", "Controller after"),
    cell("sites", "k1", "region", "north", "Input should be 'federal'", "never decides"),
    cell("sources", "P066", "grade", "E", "String should match", "D unreliable"),
    cell("sources", "P066", "url", "javascript:alert(1)", "String should match", "http:// or https://"),
    cell("sources", "P066", "url", 'https://example.org/" onclick="x', "String should match", "http:// or https://"),
    cell("sources", "P066", "archive_url", "data:text/html,x", "String should match", "archived copy"),
    cell("sources", "P066", "language", "english", "String should match", "ISO 639"),
    cell("unknowns", "U01", "text", "   ", "at least 1 character", "not known"),
    cell("claims", "E053", "claim", "E 53", "String should match", "Identifier"),
    cell("claims", "E053", "claim", "E\x0053", "a control character (U+0000)", "delete it"),
    cell("claims", "E053", "note", "a\x1bb", "a control character (U+001B)", "delete it"),
    cell("claims", "E053", "note", "x" * 20_001, "20,001 characters in one cell", "keep it under 20,000"),
    # claims that are not whole
    cell("claims", "E053", "source", "", "String should match", "The one source"),
    edit("claims", "E053", "basis", "announced", "a plan has the basis announced, and nothing else has", "official", basis="announced"),
    edit("claims", "E078", "basis", "official", "a plan has the basis announced, and nothing else has", "announced", basis="official"),
    edit("claims", "E053", "basis", "confirmed", "confirmed is computed", "reported", basis="confirmed"),
    edit("claims", "E078", "scope", "", "a plan names a site, a scope or a phase", "the sites it covers", scope="", phase=""),
    edit("claims", "E053", "to_coalition", "", "both a controller and a coalition", "Coalition after", to_coalition=""),
    edit("claims", "E053", "to_controller", "", "a change names the state it leads to", "Controller after",
         to_controller="", to_coalition=""),
    edit("claims", "E001", "from_controller", "none", "no state before", "Controller before",
         from_controller="none", from_coalition="absent"),
    edit("claims", "E001", "site", "", "about one site", "The site", site=""),
    edit("claims", "G001", "scope", "", "a scope instead of a site", "the controller whose sites", scope=""),
    cell("claims", "E078", "scope", "erbil-ab nowhere", "names nothing known", "sites of sites.csv", "nowhere"),
    cell("claims", "G001", "scope", "coalition", "names nothing known", "a controller"),
    Case("rivals that lead elsewhere", "claims", "E050", "transition", "al-qaim-2020", "lead to different states", "differ in date",
         lambda f: f.change("claims", "E050", to_coalition="unknown")),
    # references
    *(
        cell(file, row, column, "nowhere", f"{target}.csv {NO_ROW}", ADD_ROW)
        for file, row, column, target in (
            ("sources", "S1", "derives_from", "sources"), ("claims", "E053", "site", "sites"),
            ("claims", "E053", "source", "sources"), ("claims", "PH-1.S0", "phase", "phases"),
            ("claims", "E053", "supersedes", "claims"), ("statements", "unsc-2025-08", "sources", "sources"),
            ("sentences", "G1", "statement", "statements"), ("sentences", "G1", "arabic_source", "sources"),
            ("renderings", "R3-1", "source", "sources"), ("renderings", "R3-1", "statement", "statements"),
            ("renderings", "R3-1", "sentence", "sentences"), ("dated_statements", "A01", "source", "sources"),
            ("phases", "PH-C", "sites", "sites"), ("phases", "PH-C", "start_source", "sources"),
            ("phases", "PH-C", "done_source", "sources"), ("phases", "PH-C", "sources", "sources"),
            ("milestones", "M05", "source", "sources"), ("disagreements", "D05", "sites", "sites"),
            ("disagreements", "D05", "phases", "phases"),
        )
    ),
    *(
        Case(f"{file} {column} nowhere", file, -1, column, "nowhere", f"{target}.csv {NO_ROW}", ADD_ROW,
             partial(add_row, file=file, column=column))
        for file, column, target in (
            ("site_names", "site", "sites"), ("positions", "disagreement", "disagreements"), ("positions", "sources", "sources"),
            ("positions", "claims", "claims"),
        )
    ),
    # circles
    Case("a source that derives from itself", "sources", "S4", "derives_from", "S4", "leads back", "break the circle",
         lambda f: f.change("sources", "S4", derives_from="S4")),
]  # fmt: skip


def where(folder: Folder, case: Case) -> int:
    """Return the line on which the problem must be named; -1 stands for the last row."""
    if isinstance(case.row, str):
        key = case.value if case.column == check.KEYS.get(case.file) else case.row
        return folder.line(case.file, key)
    return case.row if case.row >= 0 else len(folder.rows(case.file)) + 1


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_one_thing_wrong_is_one_problem(folder: Folder, case: Case) -> None:
    case.spoil(folder)
    found = folder.problems()
    assert len(found) == 1, "\n".join(map(str, found)) or "nothing found"
    (problem,) = found
    assert (problem.file, problem.line) == (f"{case.file}.csv", where(folder, case))
    assert (problem.column, problem.value) == (case.column, case.value)
    assert case.problem in problem.problem
    assert case.remedy in problem.remedy
    assert problem.problem
    assert problem.remedy


@pytest.mark.parametrize("column", [column for file, column, _ in check.REFERENCES if file != "claims"])
def test_every_column_that_refers_is_tried_above(column: str) -> None:
    assert any(case.column == column and "nowhere" in case.value for case in CASES)


@pytest.mark.parametrize("value", ["x" * 200_000, 'said "so'], ids=["200 kB", "an open quotation mark"])
def test_a_line_that_is_not_csv_is_named_by_its_own_number(folder: Folder, value: str) -> None:
    path = folder.path / "unknowns.csv"
    path.write_text(path.read_text("utf-8") + f'U99,"{value}\n', "utf-8")
    (problem,) = folder.problems()
    assert problem.problem == "the line is not CSV"
    assert problem.line == 14


def test_a_date_left_empty_is_named_in_the_words_of_dates(folder: Folder) -> None:
    folder.change("claims", "E053", occurred="")
    (problem,) = folder.problems()
    assert problem.value == ""
    assert DATE in problem.problem


def test_a_longest_cell_is_cut_where_it_is_shown(folder: Folder) -> None:
    folder.change("milestones", "M05", occurred="x" * 100_000)
    (problem,) = folder.problems()
    assert len(problem.value) == 100_000
    assert len(str(problem)) < 400
    assert "x..." in str(problem)


def test_a_circle_is_named_at_each_of_its_rows(folder: Folder) -> None:
    folder.change("sources", "S4", derives_from="S1")
    found = {(p.line, p.column, p.value, p.remedy) for p in folder.problems()}
    lines = {key: folder.line("sources", key) for key in ("S1", "S4")}
    assert found == {(line, "derives_from", key, "break the circle") for key, line in lines.items()}


def test_a_circle_of_corrections(folder: Folder) -> None:
    folder.change("claims", "E052", supersedes="E053")
    folder.change("claims", "E053", supersedes="E052")
    assert [(p.file, p.column, p.value) for p in folder.problems()] == [
        ("claims.csv", "supersedes", "E052"),
        ("claims.csv", "supersedes", "E053"),
    ]


def test_a_misquoted_article(folder: Folder) -> None:
    """The words are compared where the articles are at hand; without them the row loads."""
    folder.change(
        "renderings", "Q1-1", text="the stage of bilateral security relations with the United Kingdom,"
    )
    found = [(p.file, p.line, p.column) for p in folder.problems(texts())]
    line = folder.line("renderings", "Q1-1")
    wanted = [("renderings.csv", line, "line"), ("renderings.csv", line, "text")]
    assert found == (wanted if texts() else [])


def test_everything_is_listed_at_once(folder: Folder) -> None:
    folder.change("sites", "k1", lat="200")
    folder.change("sites", "harir", lon="36.5337", lat="44.3399")
    folder.change("sources", "P066", url="javascript:alert(1)")
    folder.change("claims", "E053", occurred="banana", grade="sure", source="P999")
    folder.change("claims", "E056", source="P998")
    folder.change("claims", "E078", scope="nowhere nothing")
    folder.change("milestones", "M05", occurred="2026-02-30")
    folder.change("milestones", "M06", source="P997")
    found = [(p.file, p.line, p.column, p.value) for p in folder.problems()]
    line = folder.line
    assert found == sorted(
        [
            ("sites.csv", line("sites", "k1"), "lat", "200"),
            ("sites.csv", line("sites", "harir"), "lon", "36.5337, 44.3399"),
            ("sources.csv", line("sources", "P066"), "url", "javascript:alert(1)"),
            ("claims.csv", line("claims", "E053"), "occurred", "banana"),
            ("claims.csv", line("claims", "E053"), "grade", "sure"),
            ("claims.csv", line("claims", "E056"), "source", "P998"),
            ("claims.csv", line("claims", "E078"), "scope", "nowhere"),
            ("claims.csv", line("claims", "E078"), "scope", "nothing"),
            ("milestones.csv", line("milestones", "M05"), "occurred", "2026-02-30"),
            ("milestones.csv", line("milestones", "M06"), "source", "P997"),
        ]
    )


def test_a_spoilt_row_does_not_make_others_dangle(folder: Folder) -> None:
    folder.change("sites", "ain-al-asad", region="west")
    folder.change("sources", "S0", grade="Z")
    assert [(p.file, p.column) for p in folder.problems()] == [
        ("sites.csv", "region"),
        ("sources.csv", "grade"),
    ]


def test_a_broken_file_hides_nothing_else(folder: Folder) -> None:
    """Neither a header nor a missing file keeps what is wrong between the others, nor makes their references dangle."""
    folder.replace("sources", "source,kind,", "source,sort,")
    (folder.path / "sentences.csv").unlink()
    folder.change("claims", "E053", site="nowhere")
    folder.change("sites", "harir", lon="36.5337", lat="44.3399")
    found = [(p.file, p.line, p.column) for p in folder.problems()]
    assert found == [
        ("claims.csv", folder.line("claims", "E053"), "site"),
        ("sentences.csv", 0, ""),
        ("sites.csv", folder.line("sites", "harir"), "lon"),
        ("sources.csv", 1, "kind"),
        ("sources.csv", 1, "sort"),
    ]


@pytest.mark.parametrize("more", [",more", '"'], ids=["too many values", "not CSV"])
def test_a_line_that_cannot_be_read_does_not_make_others_dangle(folder: Folder, more: str) -> None:
    path = folder.path / "sites.csv"
    lines = path.read_text("utf-8").splitlines()
    lines[2] = f'{lines[2].split(",")[0]},"x"y{lines[2]}' if more == '"' else lines[2] + more
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert [(p.file, p.line) for p in folder.problems()] == [("sites.csv", 3)]


@pytest.mark.parametrize("case", ["a primary text", "a grade", "where rivals lead"])
def test_a_correction_is_no_second_row(folder: Folder, case: str) -> None:
    """A row is corrected by one that supersedes it, so check must let the two stand together."""
    cells = {"a primary text": {"occurred": "2025-09-29"}, "a grade": {"grade": "weak"}}
    rivals = {"a primary text": ["PH-1.P037"], "a grade": ["E053"]}
    for key in rivals.get(case, ["E049.P061", "E049.P062", "E050"]):
        new = cells.get(case, {"to_coalition": "residual", "text": f"Corrected {key}."})
        folder.append("claims", key, claim=f"{key}b", supersedes=key, **new)
    assert folder.problems() == ()


@pytest.mark.parametrize("value", ["a\x7fb", "a\x85b"], ids=["delete", "next line"])
def test_no_control_character_of_any_kind_is_let_in(folder: Folder, value: str) -> None:
    folder.change("claims", "E053", note=value)
    (problem,) = folder.problems()
    assert (problem.column, problem.value) == ("note", value)


def test_20_000_characters_are_let_in(folder: Folder) -> None:
    folder.change("claims", "E053", note="x" * 20_000)
    assert folder.problems() == ()


def test_an_empty_folder_names_every_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(LedgerError) as caught:
        load(tmp_path_factory.mktemp("empty"))
    assert {p.file for p in caught.value.problems} == {f"{name}.csv" for name in FILES}


def test_a_problem_is_one_line() -> None:
    problem = Problem("claims.csv", 76, "grade", "sure", "not a grade", "use verified")
    assert str(problem) == "claims.csv:76 [grade]: not a grade; found 'sure'; use verified"
    assert "\n" not in str(Problem("claims.csv", 76, "text", "two\nlines", "wrong", "right"))


def test_the_error_words_the_count_and_the_list(folder: Folder) -> None:
    folder.change("claims", "E053", grade="sure")
    with pytest.raises(LedgerError, match=re.escape("1 problem in the data:\nclaims.csv:")):
        load(folder.path)
    folder.change("claims", "E053", kind="rumour")
    with pytest.raises(LedgerError, match="2 problems in the data"):
        load(folder.path)


def test_files_from_other_programs_load(folder: Folder) -> None:
    """A byte order mark, line ends of Windows and empty lines at the end are no problem."""
    for name in FILES:
        path = folder.path / f"{name}.csv"
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n\r\n")
    assert folder.problems() == ()


def free_text(name: str) -> list[str]:
    """Return the columns of a file that hold any text."""
    refers = {column for file, column, _ in check.REFERENCES if file == name}
    found = []
    for column, info in FILES[name].model_fields.items():
        patterns = [m.pattern for m in info.metadata if isinstance(m, StringConstraints)]
        if info.annotation is str and column not in refers and set(patterns) <= {r"\S"}:
            found.append(column)
    return found


def test_markup_is_text_like_any_other(folder: Folder) -> None:
    """It loads as it stands, and every answer holds it unchanged: to escape it is the screens' business."""
    tried = 0
    for name in FILES:
        columns = [column for column in free_text(name) if column != "transition"]
        tried += len(columns)
        rows = folder.rows(name)
        for number, row in enumerate(
            rows
        ):  # an original without a source is refused, so an empty one stays so
            row.update({c: f"{HOSTILE} {number}" for c in columns if c != "arabic" or row[c]})
        folder.write(name, rows)
    assert tried > 50
    ledger = load(folder.path)
    day = dt.date(2026, 1, 18)
    lives = control.lives(ledger)
    assert all(HOSTILE in site.name for site in ledger.sites.values())
    for state in control.control_at(ledger, day):
        assert HOSTILE in json.dumps(record(ledger, state))
    assert phases.progress(ledger, lives, day)
    assert all(HOSTILE in said.speaker for said in statements.said_by(ledger, day))


def test_markup_in_the_name_of_a_transition(folder: Folder) -> None:
    for key in ("E049.P061", "E049.P062", "E050"):
        folder.change("claims", key, transition=HOSTILE)
    span = control.lives(load(folder.path))["al-qaim"].at(dt.date(2020, 3, 17))
    assert span.category is control.Category.CHANGING_HANDS


def test_markup_in_identifiers_is_refused(folder: Folder) -> None:
    folder.change("unknowns", "U01", unknown=HOSTILE)
    (problem,) = folder.problems()
    assert (problem.column, problem.value) == ("unknown", HOSTILE)

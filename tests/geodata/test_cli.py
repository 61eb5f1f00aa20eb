"""The command line: a contract that scripts rely on."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from geodata import __main__ as cli
from geodata import dictionary
from geodata.control import Category
from geodata.model import Basis, Coalition, Controller, Region
from tests.geodata.conftest import ROOT, Folder

if TYPE_CHECKING:
    from geodata.model import Ledger

KEYS = [
    "site", "name", "region", "controller", "coalition", "category", "basis", "since", "decided_by", "rivals",
    "last_evidence", "sources",
]  # fmt: skip


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    return Ask(capsys)


class Ask:
    """Runs one command in this process and keeps what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        try:
            code = cli.main(arguments)
        except SystemExit as exit_:
            code = int(str(exit_.code))
        out, err = self.capsys.readouterr()
        return code, out, err

    def json(self, *arguments: str) -> dict[str, Any]:
        code, out, err = self("control", *arguments, "--format", "json")
        assert (code, err) == (0, "")
        found: dict[str, Any] = json.loads(out)
        return found


# control --format json -------------------------------------------------------------------------------------


def test_the_contract_of_the_json(ask: Ask, ledger: Ledger) -> None:
    answer = ask.json("--as-of", "2026-01-17")
    assert list(answer) == ["as_of", "known_on", "sites"]
    assert (answer["as_of"], answer["known_on"]) == ("2026-01-17", None)
    assert [row["site"] for row in answer["sites"]] == sorted(ledger.sites)
    for row in answer["sites"]:
        assert list(row) == KEYS
        assert row["name"] == ledger.sites[row["site"]].name
        assert row["region"] in set(Region)
        assert row["controller"] in set(Controller)
        assert row["coalition"] in set(Coalition)
        assert row["category"] in set(Category)
        assert row["basis"] is None or row["basis"] in set(Basis)
        for column in ("since", "last_evidence"):
            assert row[column] is None or isinstance(row[column], str)
        for column, known in (
            ("decided_by", ledger.claim),
            ("rivals", ledger.claim),
            ("sources", ledger.sources),
        ):
            assert isinstance(row[column], list)
            assert set(row[column]) <= set(known)
            assert len(row[column]) == len(set(row[column]))
        assert row["sources"] == sorted(row["sources"])


def test_a_transfer_in_full(ask: Ask) -> None:
    (row,) = ask.json("--as-of", "2020-03-29", "--site", "k1")["sites"]
    assert row == {
        "site": "k1",
        "name": "K-1 Air Base (Kirkuk)",
        "region": "federal",
        "controller": "iraqi_federal",
        "coalition": "absent",
        "category": "iraqi-forces",
        "basis": "official",
        "since": "2020-03-29",
        "decided_by": ["E055.P065", "E055.P066", "E055.P067"],
        "rivals": [],
        "last_evidence": "2020-03-29",
        "sources": ["P065", "P066", "P067"],
    }


def test_a_site_without_any_claim(ask: Ask) -> None:
    (row,) = ask.json("--as-of", "2020-03-29", "--site", "speicher")["sites"]
    assert [row[key] for key in KEYS[3:]] == [
        "unknown",
        "unknown",
        "not-sourced",
        None,
        None,
        [],
        [],
        None,
        [],
    ]


def test_dates_are_edtf(ask: Ask) -> None:
    (row,) = ask.json("--as-of", "2014-07-03", "--site", "erbil-ab")["sites"]
    assert (row["since"], row["last_evidence"]) == ("../2014-07-03", "../2014-07-03")
    (row,) = ask.json("--as-of", "2026-01-14", "--site", "ain-al-asad")["sites"]
    assert (row["category"], row["since"], row["last_evidence"]) == (
        "changing-hands",
        "2026-01-13",
        "2026-01-13/2026-01-14",
    )
    assert "E012" in row["rivals"]
    assert {"E014", "E016.P002", "E018.S0"} <= set(row["decided_by"])


def test_known_on_is_answered_back_and_counts(ask: Ask) -> None:
    answer = ask.json("--as-of", "2025-09-20", "--known-on", "2025-09-18", "--site", "ain-al-asad")
    assert answer["known_on"] == "2025-09-18"
    assert answer["sites"][0]["category"] == "not-sourced"
    assert (
        ask.json("--as-of", "2025-09-20", "--site", "ain-al-asad")["sites"][0]["category"]
        == "coalition-federal"
    )


def test_sources_may_be_left_out_one_after_the_other(ask: Ask) -> None:
    def category(*without: str) -> str:
        named = [word for source in without for word in ("--without", source)]
        (row,) = ask.json("--as-of", "2026-01-18", "--site", "union-iii", *named)["sites"]
        return str(row["category"])

    assert [category(), category("S2"), category("S2", "P037")] == [
        "iraqi-forces",
        "not-sourced",
        "coalition-federal",
    ]


def test_what_derives_is_left_out_if_asked(ask: Ask) -> None:
    plain = ask.json("--as-of", "2026-01-18", "--without", "S4")
    derived = ask.json("--as-of", "2026-01-18", "--without", "S4", "--and-derived")
    assert [row["category"] for row in plain["sites"]] == [row["category"] for row in derived["sites"]]
    assert not [row for row in derived["sites"] if {"S1", "S4"} & set(row["sources"])]


def test_a_whole_grade_is_left_out(ask: Ask) -> None:
    def row(*grades: str) -> dict[str, Any]:
        named = [word for grade in grades for word in ("--without-grade", grade)]
        (found,) = ask.json("--as-of", "2019-02-09", "--site", "fb-saham", *named)["sites"]
        return dict(found)

    assert (row()["category"], row()["decided_by"]) == ("coalition-federal", ["E051"])  # P10C, grade C
    assert row("B", "D") == row()
    assert (row("B", "C")["category"], row("C")["last_evidence"]) == ("not-sourced", None)


def test_two_answers_are_equal_byte_for_byte(ask: Ask) -> None:
    arguments = ("control", "--as-of", "2026-01-17", "--format", "json")
    assert ask(*arguments) == ask(*arguments)


# The other formats -----------------------------------------------------------------------------------------


def test_csv_holds_the_same(ask: Ask) -> None:
    answer = ask.json("--as-of", "2026-01-17", "--known-on", "2026-01-17")
    code, out, err = ask("control", "--as-of", "2026-01-17", "--known-on", "2026-01-17", "--format", "csv")
    assert (code, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == ["as_of", "known_on", *KEYS]
    assert len(rows) == 22
    for row, wanted in zip(rows, answer["sites"], strict=True):
        assert (row["as_of"], row["known_on"]) == ("2026-01-17", "2026-01-17")
        for key in KEYS:
            value = wanted[key]
            assert row[key] == (" ".join(value) if isinstance(value, list) else value or "")


def test_csv_leaves_known_on_empty(ask: Ask) -> None:
    _, out, _ = ask("control", "--as-of", "2026-01-17", "--format", "csv")
    assert {row["known_on"] for row in csv.DictReader(io.StringIO(out))} == {""}


def test_a_table_is_the_default(ask: Ask, ledger: Ledger) -> None:
    code, out, err = ask("control", "--as-of", "2026-01-17")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(ledger.sites)
    assert len({line.index(line.split()[1]) for line in lines}) == 1  # one column under the other
    assert all("last evidence" in line for line in lines)
    assert ask("control", "--as-of", "2026-01-17", "--format", "table") == (code, out, err)


# Bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "required"),
        (("conquer",), "invalid choice"),
        (("control",), "--as-of"),
        (("control", "--as-of", "yesterday"), "write it as 2026-01-17"),
        (("control", "--as-of", "2026-02-30"), "write it as 2026-01-17"),
        (("control", "--as-of", "2026-1-5"), "write it as 2026-01-17"),
        (("control", "--as-of", "20260117"), "write it as 2026-01-17"),
        (("control", "--as-of", "2026-W03-6"), "write it as 2026-01-17"),
        (("control", "--as-of", ""), "write it as 2026-01-17"),
        (("control", "--as-of", "2026-01-17", "--known-on", "soon"), "write it as 2026-01-17"),
        (("control", "--as-of", "2026-01-17", "--site", "atlantis"), "the sites are abu-ghraib, ain-al-asad"),
        (("control", "--as-of", "2026-01-17", "--site", ""), "the sites are"),
        (("control", "--as-of", "2026-01-17", "--without", "P999"), "named as in sources.csv"),
        (("control", "--as-of", "2026-01-17", "--without", ""), "no source ''"),
        (("control", "--as-of", "2026-01-17", "--without-grade", "E"), "A, B, C, D"),
        (("control", "--as-of", "2026-01-17", "--without-grade", "AB"), "A, B, C, D"),
        (("control", "--as-of", "2026-01-17", "--without-grade", ""), "A, B, C, D"),
        (("control", "--as-of", "2026-01-17", "--without-grade"), "expected one argument"),
        (("control", "--as-of", "2026-01-17", "--format", "yaml"), "table"),
        (("control", "--as-of", "2026-01-17", "--folder", "no/such/folder"), "is not a folder"),
        (("control", "--as-of", "2026-01-17", "--colour", "red"), "unrecognized"),
        (("check", "no/such/folder"), "is not a folder"),
        (("check", "--texts", "no/such/folder"), "is not a folder"),
        (("check", ""), "'' is not a folder"),
        (("check", "--texts", ""), "'' is not a folder"),
        (("check", "x" * 5000), "is not a folder"),
        (("check", "two\0names"), "is not a folder"),
        (("control", "--as-of", "2026-01-17", "--folder", "x" * 5000), "is not a folder"),
    ],
)
def test_a_bad_question_exits_2_with_one_line_that_says_what_would_be_right(
    ask: Ask, arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = ask(*arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert words in err
    assert "Traceback" not in err


def test_a_long_wrong_value_is_cut(ask: Ask) -> None:
    code, _, err = ask("control", "--as-of", "x" * 5000)
    assert code == 2
    assert len(err) < 200


# check -----------------------------------------------------------------------------------------------------


def test_check_says_that_nothing_is_wrong(ask: Ask, ledger: Ledger) -> None:
    code, out, err = ask("check")
    assert (code, err) == (0, "")
    assert "Nothing is wrong" in out
    assert f"138 sources, 22 sites, {len(ledger.claims)} claims, data version {ledger.version}" in out


def test_check_lists_every_problem_and_exits_1(ask: Ask, folder: Folder) -> None:
    folder.change("claims", "E053", grade="sure", occurred="banana")
    folder.change("sites", "k1", lat="200")
    code, out, err = ask("check", str(folder.path))
    assert code == 1
    lines = out.splitlines()
    assert len(lines) == 3
    line = folder.line("claims", "E053")
    assert lines[0].startswith(f"claims.csv:{line} [grade]: ")
    assert "found 'sure'" in lines[0]
    assert "found 'banana'" in lines[1]
    assert lines[2].startswith(f"sites.csv:{folder.line('sites', 'k1')} [lat]: ")
    assert err == f"3 problem(s) in {folder.path}\n"


def test_control_on_bad_data_exits_1_with_the_list(ask: Ask, folder: Folder) -> None:
    folder.change("claims", "E053", grade="sure")
    code, out, err = ask("control", "--as-of", "2026-01-17", "--folder", str(folder.path))
    assert code == 1
    assert "claims.csv:" in out
    assert "Traceback" not in err


def test_another_folder_can_be_asked(ask: Ask, folder: Folder) -> None:
    folder.change("sites", "k1", name="Another name")
    (row,) = ask.json("--as-of", "2020-03-29", "--site", "k1", "--folder", str(folder.path))["sites"]
    assert row["name"] == "Another name"


def test_the_environment_names_the_folder(ask: Ask, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.change("sites", "k1", name="Another name")
    monkeypatch.setenv("GEODATA", str(folder.path))
    (row,) = ask.json("--as-of", "2020-03-29", "--site", "k1")["sites"]
    assert row["name"] == "Another name"


@pytest.mark.parametrize("name", ["no/such/folder", "x" * 5000])
def test_an_environment_that_names_no_folder_is_a_bad_question(
    ask: Ask, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEODATA", name)
    for arguments in (("check",), ("control", "--as-of", "2026-01-17")):
        code, out, err = ask(*arguments)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "is not a folder" in err


def test_an_empty_environment_names_the_folder_of_the_package(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEODATA", "")
    assert ask("check")[0] == 0


def test_the_dictionary_is_printed(ask: Ask) -> None:
    assert ask("dictionary") == (0, dictionary.markdown(), "")


# As a program ----------------------------------------------------------------------------------------------


def run(*arguments: str, into: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program; `into` is what a shell does with its output, such as `>&-`."""
    command = [sys.executable, "-m", "geodata", *arguments]
    return subprocess.run(
        ["sh", "-c", f'"$@" {into}', "sh", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )


def test_it_runs_as_a_module() -> None:
    done = run("control", "--as-of", "2026-01-17", "--site", "ain-al-asad", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["sites"][0]["category"] == "changing-hands"
    done = run("control", "--as-of", "tomorrow")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("into", "words"),
    [
        (">&-", "standard output is closed"),
        (">/dev/full", "could not be written: No space left"),
        ("| true", "could not be written: Broken pipe"),  # gone long before the first line is written
    ],
)
def test_an_answer_nobody_can_take_is_one_line(into: str, words: str) -> None:
    done = run("dictionary", into=into)
    assert words in done.stderr
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)
    if "|" not in into:  # a shell's pipe ends with the code of its last part
        assert done.returncode == 2


def test_an_answer_the_terminal_cannot_show_is_one_line(folder: Folder) -> None:
    folder.change("sites", "k1", name="Kirkūk")
    asked = (
        "control",
        "--as-of",
        "2026-01-17",
        "--site",
        "k1",
        "--format",
        "csv",
        "--folder",
        str(folder.path),
    )
    assert "Kirkūk" in run(*asked, PYTHONIOENCODING="utf-8").stdout
    done = run(*asked, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "PYTHONUTF8=1" in done.stderr

"""The page that explains the rules: its examples hold, and what it names is in the ledger."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from geodata import control
from geodata.knowledge import Knowledge
from tests.geodata.conftest import ROOT

if TYPE_CHECKING:
    from geodata.model import Ledger

PAGE = (ROOT / "docs" / "rules-of-the-fold.md").read_text("utf-8")
ROW = re.compile(r"^\| ([\w-]+) \| (\d{4}-\d\d-\d\d) \| ([\d-]*) ?\| ([\w ]*) ?\| ([\w-]+) \|$", re.MULTILINE)
EXAMPLES = [tuple(cell.strip() for cell in found) for found in ROW.findall(PAGE)]


@pytest.mark.parametrize(("site", "as_of", "known_on", "without", "shows"), EXAMPLES)
def test_the_examples_hold(
    ledger: Ledger, site: str, as_of: str, known_on: str, without: str, shows: str
) -> None:
    known = dt.date.fromisoformat(known_on) if known_on else None
    life = control.lives(ledger, Knowledge(known, without=frozenset(without.split())))[site]
    assert life.at(dt.date.fromisoformat(as_of)).category.value == shows


def test_the_whole_table_is_read() -> None:
    table = PAGE.split("| site | as of |")[1].strip().splitlines()[2:]
    assert len(EXAMPLES) == len(table) >= 40


def test_every_claim_and_source_it_names_is_in_the_ledger(ledger: Ledger) -> None:
    known = (
        {event for claim in ledger.claims for event in claim.event} | set(ledger.claim) | set(ledger.sources)
    )
    named = set(re.findall(r"\b(?:[EGRPS]\d{1,3}|PH-\d\w*)(?:\.\w+)?\b", PAGE))
    assert len(named) > 25
    assert not named - known


def test_the_number_that_was_chosen_is_the_code_s() -> None:
    assert f"`CARRY_YEARS = {control.CARRY_YEARS}`" in PAGE
    assert control.CARRY_YEARS == 2
    assert "**two years**" in PAGE


def test_the_statement_about_temporary_departures_holds(ledger: Ledger) -> None:
    for claim in ledger.claims:
        if set(claim.event) & {"E074", "E075", "E080"}:
            assert claim.to_coalition == "present"

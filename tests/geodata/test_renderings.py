"""How the renderings of a sentence differ, word by word."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.renderings import Piece, Term, compare, marked, named, own_source, reference

if TYPE_CHECKING:
    from geodata.model import Ledger, Rendering

WORDS = st.lists(
    st.sampled_from(["full", "control", "IS", "ISIS", "Iraq’s", "US-led", ",", ".", " ", "  ", "\n", "الإدارة", "…", "'"]),
    max_size=14,
).map(" ".join)  # fmt: skip
TEXTS = WORDS | st.text(max_size=40)


@given(TEXTS, TEXTS)
def test_the_pieces_give_back_both_texts(one: str, other: str) -> None:
    pieces = compare(one, other)
    assert "".join(p.text for p in pieces if p.kind != "added") == one
    assert "".join(p.text for p in pieces if p.kind != "cut") == other
    assert all(p.text for p in pieces)


@given(TEXTS)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert compare(text, text) == ((Piece("same", text),) if text else ())


@given(TEXTS, TEXTS)
def test_two_neighbouring_pieces_differ_in_kind_and_a_cut_stands_before_what_replaces_it(
    one: str, other: str
) -> None:
    kinds = [p.kind for p in compare(one, other)]
    assert all(a != b for a, b in pairwise(kinds))
    assert ("added", "cut") not in set(pairwise(kinds))


@given(TEXTS, st.lists(st.text(min_size=1, max_size=6), max_size=4))
def test_marking_changes_no_letter(text: str, words: list[str]) -> None:
    assert "".join(part for part, _ in marked(text, [Term(word) for word in words])) == text


@pytest.mark.parametrize(
    ("one", "other", "pieces"),
    [
        ("reappearance of IS in Iraq", "reappearance of ISIS in Iraq", "reappearance of |-IS|+ISIS| in Iraq"),
        ("under the full administration", "under the full control", "under the full |-administration|+control"),
        ("full control", "full and exclusive control", "full |+and exclusive |control"),
        ("across the borders.", "across borders,", "across |-the |borders|-.|+,"),
        ("its reemergence in", "the reappearance of IS in", "-its reemergence|+the reappearance of IS| in"),
        ("Iraq’s federal", "Iraq's federal", "-Iraq’s|+Iraq's| federal"),
    ],
)  # fmt: skip
def test_differences_are_told_word_by_word(one: str, other: str, pieces: str) -> None:
    sign = {"same": "", "added": "+", "cut": "-"}
    assert "|".join(sign[p.kind] + p.text for p in compare(one, other)) == pieces


def test_punctuation_alone_has_no_word() -> None:
    assert [p.worded for p in compare("borders.", "borders,")] == [True, False, False]


def test_a_note_names_words_and_says_which_are_added() -> None:
    note = 'S0 "full administration"; S3 "full and exclusive control" (adds "exclusive"); "second ... begun".'
    assert named(note) == (
        Term("full administration"),
        Term("full and exclusive control"),
        Term("exclusive", added=True),
        Term("second"),
        Term("begun"),
    )


def test_only_whole_words_are_named_and_what_is_added_stands_out() -> None:
    assert marked("ISIS and IS", [Term("IS")]) == (("ISIS and ", None), ("IS", Term("IS")))
    whole, added = Term("full and exclusive control"), Term("exclusive", added=True)
    assert marked("full and exclusive control", [added, whole]) == (
        ("full and ", whole),
        ("exclusive", added),
        (" control", whole),
    )


def quotations(ledger: Ledger, sentence: str) -> list[Rendering]:
    return [r for r in ledger.renderings if r.sentence == sentence and r.kind == "quotation"]


@pytest.mark.parametrize(
    ("sentence", "fullest"),
    [("G1", "Q2-2"), ("G2", "Q0-1"), ("G3", "Q0-3"), ("G4", "Q0-4"), ("G5a", "Q4-3"), ("G5b", "Q2-5"), ("G9", None)],
)  # fmt: skip
def test_the_reference_is_the_fullest_quotation(ledger: Ledger, sentence: str, fullest: str | None) -> None:
    found = reference(quotations(ledger, sentence), ledger.sources)
    assert (found and found.rendering) == fullest


def test_a_chosen_quotation_is_the_reference_unless_it_was_taken_from_another(ledger: Ledger) -> None:
    four = quotations(ledger, "G4")
    chosen = {r.rendering: reference(four, ledger.sources, r.rendering) for r in four}
    assert {key: found and found.rendering for key, found in chosen.items()} == {
        "Q0-4": "Q0-4",
        "Q2-4": "Q2-4",
        "Q4-4": "Q4-4",
        "Q1-2": "Q0-4",  # Kurdistan24 rewrites AFP
    }


def test_what_an_outlet_rewrites_is_found(ledger: Ledger) -> None:
    four = quotations(ledger, "G4")
    own = {r.rendering: own_source(r, four, ledger.sources) for r in four}
    assert {key: found and found.rendering for key, found in own.items()} == {
        "Q0-4": None, "Q1-2": "Q4-4", "Q2-4": None, "Q4-4": None,
    }  # fmt: skip
    changed = compare(own["Q1-2"].text, next(r for r in four if r.rendering == "Q1-2").text)  # type: ignore[union-attr]
    assert [(p.kind, p.text) for p in changed if p.kind != "same" and p.worded] == [
        ("cut", "IS"),
        ("added", "ISIS"),
    ]

"""The page of sources: what is not known first, every source with what rests on it alone, found, sorted, cited."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest

from components import panels, sources, view
from components.view_state import Filters, ViewState
from geodata import dates
from geodata.control import Held
from geodata.knowledge import Knowledge
from geodata.model import Coalition, Controller, Grade
from tests.components.test_panels import (
    NARROW,
    NO_NOTES,
    QUESTIONS,
    Tags,
    hostile_ledger,
    is_whole,
    ledger,
    plain,
    show,
    stays_text,
)
from tests.geodata import build

if TYPE_CHECKING:
    from geodata.model import Ledger

DAY = "2026-01-18"
HOST = Held(Controller.IRAQI_FEDERAL, Coalition.PRESENT)


def page(on: Ledger, day: str = DAY, **more: Any) -> str:
    return "".join(text for _, text in sources.parts(show(on, day, **more)))


def part(name: str, day: str = DAY, **more: Any) -> str:
    return dict(sources.parts(show(ledger(), day, **more)))[f"sources-{name}"]


def rows(text: str) -> dict[str, str]:
    """The rows of the list by source."""
    return {row.split('"')[0]: row.split("</tr>")[0] for row in text.split('<tr id="')[1:]}


def cell(row: str, column: str) -> str:
    return plain(row.split(f'<td class="c-{column}')[1].partition("</td>")[0].partition(">")[2])


def record(row: str) -> dict[str, str]:
    """What the record of a source says, by its term."""
    terms = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", row, flags=re.DOTALL)
    return {term: plain(said) for term, said in terms}


# The page as a whole -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_hostile_text_stays_text(question: str) -> None:
    stays_text(page(hostile_ledger(), **QUESTIONS[question]))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_page_is_whole_and_every_button_has_a_name(question: str) -> None:
    is_whole(page(ledger(), **QUESTIONS[question]))


def test_what_is_not_known_stands_first_and_is_whole() -> None:
    drawn = sources.parts(show(ledger(), DAY))
    first = next(text for _, text in drawn if text)
    assert first.count("<li data-item=") == len(ledger().unknowns) == 12
    for unknown in ledger().unknowns:
        assert unknown.text.replace('"', "") in plain(first).replace(" ,", ",").replace(" )", ")").replace(
            "( ", "("
        ).replace('"', "")
    assert plain(first).index("What is not known", 150) < plain(first).index("Outcome of the September 2026")
    assert 'href="/statements?item=G7"' in first  # an identifier in such a sentence leads to what it names
    assert 'href="/sources?item=P112"' in first


def test_the_contents_lead_to_headings_of_the_page_and_headings_are_in_order() -> None:
    found = Tags()
    found.feed(page(ledger()))
    ids = {attributes["id"] for _, attributes in found.elements if "id" in attributes}
    wanted = [a["href"] for tag, a in found.elements if tag == "a" and (a.get("href") or "").startswith("#")]
    assert len(wanted) == 9
    assert {str(link)[1:] for link in wanted} <= ids
    headings = [tag for tag, _ in found.elements if re.fullmatch(r"h[1-6]", tag)]
    assert headings[0] == "h1"
    assert {*headings[1:]} == {"h2"}


def test_addresses_are_safe_and_ours_carry_the_page() -> None:
    for address in re.findall(r'href="([^"]*)"', page(ledger())):
        assert address.startswith(("http://", "https://", "/", "#"))


def test_parts_have_names_of_their_own_and_the_controls_do_not_follow_the_filters() -> None:
    one = dict(sources.parts(show(ledger(), DAY)))
    other = dict(
        sources.parts(show(ledger(), "2020-01-01", filters=Filters(words="reuters", sort="-claims")))
    )
    assert [*one] == [*other]
    assert {name for name in one if one[name] != other[name]} == {"sources-list"}


def test_the_page_says_how_to_cite_it() -> None:
    said = plain(part("method"))
    assert f"Handover Atlas, data of 20 March 2026, data version {ledger().version} ." in said
    for form in ("txt", "bib", "ris"):
        assert f'data-copy-from="/export/citation.{form}"' in part("method")
    assert "138 no recorded archive link" in said
    assert "2 of 22 sites have none" in said


def test_a_ledger_without_evidence_names_no_day() -> None:
    drawn = page(build.ledger([]), "2026-11-20")
    assert "1970" not in drawn
    assert "without evidence" in plain(drawn)
    assert "None in this ledger." in plain(drawn)


# Every source ------------------------------------------------------------------------------------------------


def test_every_source_has_a_row_with_what_the_ledger_says_of_it() -> None:
    found = rows(part("list"))
    assert [*found] == [*ledger().sources]
    claims = {key: [c for c in ledger().claims if c.source == key] for key in ledger().sources}
    for key, source in ledger().sources.items():
        row, said = found[key], record(found[key])
        assert f'data-item="{key}"' in row
        assert cell(row, "grade") == source.grade
        assert cell(row, "claims") == str(len(claims[key]))
        assert said["grade"].startswith(f"{source.grade} , {sources.GRADE_WORDS[source.grade]}.")
        assert said["grade"].endswith("Note: not recorded.") == (not source.note)
        assert said["archive"] == "not recorded"  # the facts give none
        assert ("language not recorded" in row) == (not source.language)
        day = dates.words(source.published) if source.published else source.published_words or "not recorded"
        assert said["published"].startswith(f"{day}; basis: ")
        assert ("claims" in said) == bool(claims[key])
        for claim in claims[key]:
            assert f"item={claim.claim if claim.site or claim.scope else claim.phase}" in row
        for form in ("txt", "bib", "ris"):
            assert f'data-copy-from="/export/citation.{form}?item={key}"' in row
        assert f'data-copy-link="{key}"' in row
        assert f'data-leaveout="{key}"' in row


@pytest.mark.parametrize(
    ("source", "term", "said"),
    [
        ("S1", "grade", "A , official text, wire or established outlet. NOT INDEPENDENT of AFP, carried by SpaceWar.com:"),
        ("S1", "origin", "AFP; one witness with S4, P106, P113, P126"),
        ("S2", "publisher", "A guess: the dateline"),
        ("S2", "address", "No URL found."),
        ("S2", "title", "basis: the article has no headline"),
        ("S3", "published", '18 to 19 January 2026; basis: article text: "late Sunday"'),
        ("P109", "published", "undated; basis: mirror"),
        ("P109", "on it alone", "K-1 : Kurdistan Region forces alone, 31 Dec 2014 to 15 Oct 2017"),
        ("P039", "archive", "not recorded"),
        ("S2", "on it alone", "Union III : Iraqi forces alone, since 18 Jan 2026"),
    ],
)  # fmt: skip
def test_records(source: str, term: str, said: str) -> None:
    assert record(rows(part("list"))[source])[term].startswith(said)


def test_derivation_is_told_both_ways() -> None:
    found = rows(part("list"))
    assert "Derives from AFP, carried by SpaceWar.com S4 : one independent origin." in plain(found["S1"])
    assert "From it derives Kurdistan24 S1 : one independent origin." in plain(found["S4"])
    assert sum("one independent origin." in row for row in found.values()) == 2


def test_derivation_is_followed_at_any_remove_and_in_circles() -> None:
    keys = {"A": "B", "B": "C", "C": "A", "D": "C"}
    on = build.ledger([], [build.source(key, derives_from=parent) for key, parent in keys.items()])
    found = rows(sources.list_html(show(on, DAY)))
    assert plain(found["D"]).count("Derives from Publisher of C C , Publisher of A A , Publisher of B B") == 1
    assert "From it derive Publisher of B B , Publisher of C C , Publisher of D D" in plain(found["A"])


def test_claims_say_whether_another_source_makes_them_and_what_became_of_them() -> None:
    found = rows(part("list"))
    assert plain(found["P109"]).count("no other source") == 2
    assert "no other source" not in plain(found["P078"])
    rejected = {c.source for c in ledger().claims if c.grade is Grade.REJECTED}
    assert {key for key, row in found.items() if 'class="role-rejected"' in row} == rejected


# Resting on one source ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "said", "named"),
    [
        ("2026-01-17", "On 17 January 2026 1 of 22 states rests on one source alone : Camp Singara on Il Messaggero (IT)", {"P10B": "Camp Singara"}),
        ("2026-01-18", "On 18 January 2026 3 of 22 states rest on one source alone :",
         {"P10B": "Camp Singara", "S2": "Union III Victoria"}),
        ("2026-03-12", "On 12 March 2026 1 of 22 states rests on one source alone :", {"S2": "Union III"}),
        ("2014-01-01", "On 1 January 2014 none of the 22 states rests on one source alone.", {}),
    ],
)  # fmt: skip
def test_single_source_states_follow_the_day(day: str, said: str, named: dict[str, str]) -> None:
    text = part("list", day)
    assert said in plain(text)
    cells = {key: cell(row, "alone") for key, row in rows(text).items()}
    assert {key: words for key, words in cells.items() if words and "of other days" not in words} == named


def test_single_source_states_follow_what_counts() -> None:
    text = part("list", "2026-02-01", knowledge=Knowledge(without=frozenset({"S2"})))
    assert not cell(rows(text)["S2"], "alone")
    assert cell(rows(text)["P037"], "alone") == "Union III"  # its promised end has passed
    # What is refuted only later stands on a day before.
    text = part("list", "2026-01-05", knowledge=Knowledge(each_day=True))
    assert "Ain al-Asad" in cell(rows(text)["P023"], "alone")  # refuted only later


def test_states_on_one_root_are_told_apart_from_states_on_one_source() -> None:
    claims = [
        build.claim("1", "observation", "2010-02-01", HOST, source="A"),
        build.claim("2", "observation", "2010-02-01", HOST, source="B"),
    ]
    on = build.ledger(claims, [build.source(key, agency="Wire") for key in "AB"])
    text = sources.list_html(show(on, "2010-02-02"))
    assert (
        "none of the 1 states rests on one source alone. 1 more rests on several sources of one origin."
        in plain(text)
    )
    assert {cell(row, "alone") for row in rows(text).values()} == {"base one origin"}
    assert "on sources of one origin, A, B" in plain(text)


# Finding and sorting -----------------------------------------------------------------------------------------


def listed(**filters: str) -> list[str]:
    return [*rows(part("list", filters=Filters(**filters)))]  # type: ignore[arg-type]


def keys(**wanted: str) -> list[str]:
    return [
        k
        for k, s in ledger().sources.items()
        if all(getattr(s, name) == value for name, value in wanted.items())
    ]


def test_the_search_finds_by_publisher_title_identifier_and_language() -> None:
    assert "P037" in listed(words="p037")
    assert listed(words="yeni safak") == ["S3"]  # without accents
    assert listed(words="AFP spacewar") == ["S4"]
    assert set(listed(words="arabic")) >= set(keys(language="ar"))
    assert set(listed(words="language not recorded")) == set(keys(language=""))
    assert listed(words="machine-written prima parthica") == []
    assert listed(words="Prima Parthica") == ["P10B"]


@pytest.mark.parametrize("grade", "ABCD")
def test_the_list_shows_one_grade_and_the_map_stays(grade: str) -> None:
    assert listed(words=f"grade {grade}") == keys(grade=grade)
    assert f'data-filter-set="q=grade {grade}"' in part("list")
    assert listed(words=f"grade {grade}", outlet="Rudaw") == keys(grade=grade, publisher="Rudaw")


def test_what_fits_nothing_says_so_and_leads_back() -> None:
    text = part("list", filters=Filters(words="no such thing", outlet="Nobody"))
    assert "0 of 138 sources" in plain(text)
    assert "No source in the ledger fits “no such thing” by Nobody." in plain(text)
    assert 'data-filter-clear=""' in text


@pytest.mark.parametrize("column", sources.COLUMNS)
def test_the_list_is_sorted_both_ways_with_nothing_lost(column: str) -> None:
    up, down = listed(sort=column), listed(sort=f"-{column}")
    assert set(up) == set(down) == {*ledger().sources}
    assert up != down
    head = part("list", filters=Filters(sort=column))
    assert head.count('aria-sort="ascending"') == 1
    assert head.count('aria-sort="none"') == len(sources.COLUMNS) - 1


def test_the_orders() -> None:
    assert listed(sort="-claims")[:2] == ["S0", "S3"]  # six claims each
    assert listed(sort="-alone")[:2] == ["S2", "P10B"]
    days = [ledger().sources[key].published for key in listed(sort="published")]
    dated = [day.last for day in days if day]
    assert dated == sorted(dated)
    assert days[len(dated) :] == [None] * 9  # not recorded stands last, both ways
    assert [ledger().sources[k].published for k in listed(sort="-published")[-9:]] == [None] * 9
    assert listed(sort="nonsense") == [*ledger().sources]


def large() -> Ledger:
    items = [
        build.source(f"L{n:04}", publisher=f"Outlet {n % 700}", grade="ABCD"[n % 4]) for n in range(5000)
    ]
    claims = [
        build.claim(f"C{n}", "observation", "2010-02-01", HOST, source=f"L{n:04}") for n in range(0, 5000, 7)
    ]
    return build.ledger(claims, items)


def test_a_long_list_is_cut_counted_and_any_source_is_found() -> None:
    on = large()
    text = sources.list_html(show(on, DAY))
    assert len(rows(text)) == sources.SHORTENED
    assert "All 5,001 sources ; 75 are listed, 4,926 more are found by" in plain(text)
    assert len(page(on).encode()) < 300_000
    assert [*rows(sources.list_html(show(on, DAY, filters=Filters(words="l4999"))))] == ["L4999"]
    # What a link points at and what is left out are always there.
    assert next(iter(rows(sources.list_html(show(on, DAY, item="L4999"))))) == "L4999"
    out = Knowledge(without=frozenset({"L4000"}))
    assert [*rows(sources.list_html(show(on, DAY, knowledge=out)))][:2] == ["L4000", "A"]
    assert (
        len(rows(sources.list_html(show(on, DAY, knowledge=out, filters=Filters(sort="-claims")))))
        == sources.SHORTENED
    )


def test_a_record_a_link_points_at_stands_open() -> None:
    text = part("list", item="P037")
    assert text.count("<details open>") == 1
    assert "<details open>" in rows(text)["P037"]
    assert "<details open>" not in part("list", item="E018.S0")


def test_what_a_link_points_at_is_there_whatever_narrows_the_list() -> None:
    text = part("list", item="P037", filters=Filters(words="grade D"))
    assert [*rows(text)] == ["P037", *keys(grade="D")]
    assert "7 of 138 sources . The link points at P037, which is not among them and stands first." in plain(
        text
    )


# Left out ----------------------------------------------------------------------------------------------------


def test_what_is_left_out_is_struck_and_can_be_taken_back() -> None:
    found = rows(part("list", "2026-01-17", knowledge=Knowledge(without=frozenset({"S4"}), and_derived=True)))
    assert {key for key, row in found.items() if 'class="gone"' in row} == {"S1", "S4"}
    assert 'data-takeback="S4"' in found["S4"]
    assert "left out, derives from S4" in found["S1"]
    for key, row in found.items():
        assert ('data-leaveout="' in row) == (key not in {"S1", "S4"})


def test_the_buttons_of_grades_leave_out_and_the_list_narrows() -> None:
    text = part("grades")
    for grade, count in {"A": 63, "B": 55, "C": 13, "D": 7}.items():
        assert f'data-grade="{grade}" aria-pressed="false"' in text
        assert f"{grade} {sources.GRADE_WORDS[grade]} {count}" in plain(text)
    out = part("grades", knowledge=Knowledge(without_grades=frozenset("D")))
    assert 'data-grade="D" aria-pressed="true"' in out
    assert "7 of 138 left out." in plain(out)
    assert "data-filter" not in text
    assert "data-grade" not in part("list")


def test_the_page_keeps_its_notes_and_says_so() -> None:
    said = "This page lists the whole ledger with the editors’ notes, also what does not count here."
    assert said not in plain(page(ledger()))
    for knowledge in NARROW.values():
        text = plain(page(ledger(), "2026-11-20", knowledge=knowledge))
        assert said in text
        assert NO_NOTES not in text


# Beside the list ---------------------------------------------------------------------------------------------


def test_weak_and_rejected_claims_are_all_there_and_rejected_ones_struck() -> None:
    text = part("aside")
    for grade in (Grade.WEAK, Grade.REJECTED):
        of_grade = [c.claim for c in ledger().claims if c.grade is grade]
        items = re.findall(rf'class="claim role-{grade.value}" data-item="([^"]+)"', text)
        assert items == of_grade
    assert plain(text).startswith("Where sources disagree 24 disagreements have a page of their own")
    assert 'data-page="disagreements"' in text


def test_the_page_draws_the_same_clock_and_omission_as_the_others() -> None:
    shown = view.build(
        ledger(),
        ViewState(dt.date(2026, 2, 1), Knowledge(without=frozenset({"S2"}))),
        now=dt.date(2026, 11, 20),
    )
    drawn = dict(sources.parts(shown))
    assert drawn["omission"] == panels.fallen_html(shown) != ""
    assert drawn["clock"] == ""

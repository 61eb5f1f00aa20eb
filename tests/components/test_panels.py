"""The panels: what they say, and that text from data stays text wherever it lands."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import fields, replace
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from components import panels, site_table, view
from components.frame import problems_html
from components.templating import ENVIRONMENT
from components.view_state import ViewState
from geodata import differences
from geodata.control import Held
from geodata.dates import epoch_day
from geodata.errors import LedgerError, Problem
from geodata.knowledge import Knowledge, reporting
from geodata.load import load
from geodata.model import Coalition, Controller
from tests.geodata import build

if TYPE_CHECKING:
    from geodata.model import Ledger, Row

HOSTILE = "<img src=x onerror=alert(1)>\"'`{{7*7}}&lt;script&gt;"
DAYS = ("2014-01-01", "2015-06-01", "2020-03-18", "2026-01-15", "2026-01-18", "2026-11-20")


@cache
def ledger() -> Ledger:
    return load()


def show(on: Ledger, day: str, site: str | None = None, **more: Any) -> view.View:
    state = ViewState(dt.date.fromisoformat(day), site=site, **more)
    return view.build(on, state, now=dt.date(2026, 11, 20))


def plain(text: str) -> str:
    """The text a reader sees, without elements and with single blanks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def poisoned(row: Row) -> Row:
    """The row with hostile text in every field of free text; identifiers, dates and addresses keep their form."""
    kept = {"source", "site", "claim", "statement", "sentence", "rendering", "phase", "disagreement", "unknown", "milestone",
            "dated_statement", "kind", "grade", "script", "url", "archive_url", "language", "quotation_language", "transition",
            "primary", "supersedes", "start_source", "done_source", "arabic_source"}  # fmt: skip
    update = {
        name: HOSTILE
        for name in type(row).model_fields
        if name not in kept and type(getattr(row, name)) is str
    }
    return row.model_copy(update=update)


@cache
def hostile_ledger() -> Ledger:
    clean = ledger()
    changed: dict[str, Any] = {}
    for part in fields(clean):
        value = getattr(clean, part.name)
        if isinstance(value, tuple):
            changed[part.name] = tuple(poisoned(row) for row in value)
        elif isinstance(value, dict):
            changed[part.name] = {key: poisoned(row) for key, row in value.items()}
    return replace(clean, **changed)


class Tags(HTMLParser):
    """Collects the elements and attributes a text really has."""

    EMPTY = ("br", "hr", "img", "input", "meta", "link")

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.unnamed: list[dict[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.elements.append((tag, dict(attrs)))
        if tag == "button":
            self.text = ""
        if tag not in self.EMPTY:
            self.open.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        opened, attributes = self.open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"
        if tag == "button" and not (
            self.text.strip() or attributes.get("aria-label") or attributes.get("title")
        ):
            self.unnamed.append(attributes)


def everything(on: Ledger, day: str, site: str | None, **more: Any) -> str:
    shown = show(on, day, site, **more)
    return "".join(part(shown) for _, part in panels.PARTS)


QUESTIONS: dict[str, dict[str, Any]] = {
    "as known today": {},
    "by one day": {"knowledge": Knowledge(known_on=dt.date(2026, 1, 15))},
    "by each day": {"knowledge": Knowledge(each_day=True), "compare": dt.date(2014, 2, 1)},
    "two dates": {"compare": dt.date(2020, 1, 1)},
    "without some": {
        "knowledge": Knowledge(
            without=frozenset({"S2", "S4", "P031"}), and_derived=True, without_grades=frozenset("BD")
        )
    },
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("day", DAYS)
def test_hostile_text_stays_text_in_every_panel(day: str, question: str) -> None:
    for site in [*ledger().sites][:: 1 if question == "as known today" else 6]:
        stays_text(everything(hostile_ledger(), day, site, **QUESTIONS[question]))


def stays_text(drawn: str) -> None:
    found = Tags()
    found.feed(drawn)
    assert not found.tags & {"img", "script", "iframe", "style", "link", "object"}
    assert not {name for name in found.attributes if name.startswith("on")}
    assert "49" not in re.findall(r"&gt;&#34;.{0,8}`(\d+)", drawn)
    assert "&lt;img src=x onerror=alert(1)&gt;" in drawn


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("day", DAYS)
def test_every_panel_is_whole_and_every_button_has_a_name(day: str, question: str) -> None:
    is_whole(everything(ledger(), day, "ain-al-asad", **QUESTIONS[question]))


def is_whole(drawn: str) -> None:
    found = Tags()
    found.feed(drawn)
    assert not found.open
    assert not found.unnamed
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in found.elements:
        assert tag != "button" or attributes["type"] == "button"
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in ids


def test_hostile_problems_stay_text() -> None:
    found = Tags()
    found.feed(problems_html(LedgerError((Problem(HOSTILE, 3, HOSTILE, HOSTILE, HOSTILE, HOSTILE),))))
    assert "img" not in found.tags


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("site", sorted(ledger().sites))
def test_every_dossier_leads_to_its_sources(day: str, site: str) -> None:
    """A click on a marker opens the dossier; from there the source is one click away."""
    shown = show(ledger(), day, site)
    text = panels.dossier_html(shown)
    about = [c for c in ledger().claims if c.site == site]
    for claim in about:
        address = ledger().sources[claim.source].url
        assert not address or address.replace("&", "&amp;") in text


def test_only_safe_addresses_become_links() -> None:
    drawn = everything(ledger(), "2026-11-20", "ain-al-asad")
    for address in re.findall(r'href="([^"]*)"', drawn):
        assert re.match(r"https?://|/(sources|sites?|statements|promises|disagreements|data)(\?|$)", address)


@pytest.mark.parametrize(
    ("day", "phase", "said"),
    [
        ("2025-09-29", "PH-1", "1 day left"),
        ("2025-09-30", "PH-1", "0 days left"),
        ("2025-10-01", "PH-1", "1 day late, still open"),
        ("2026-01-15", "PH-1", "107 days late, still open"),
        ("2026-01-18", "PH-1", "declared done, 110 days late"),
        ("2026-11-20", "PH-1", "declared done, 110 days late"),
        ("2026-09-30", "PH-2K", "0 days left"),
        ("2026-11-20", "PH-2K", "51 days past, outcome not sourced"),
        ("2020-12-01", "PH-C", "declared done, 130 days early"),
    ],
)
def test_a_phase_says_what_became_of_its_promise(day: str, phase: str, said: str) -> None:
    text = panels.phases_html(show(ledger(), day))
    card = text.split(f'data-phase="{phase}"')[1].split("</article>")[0]
    assert said in card


@pytest.mark.parametrize(
    ("day", "done"), [("2026-01-17", "0 of 4"), ("2026-01-18", "4 of 4"), ("2026-03-02", "3 of 4")]
)
def test_a_phase_counts_the_sites_handed_over(day: str, done: str) -> None:
    text = re.sub(r"<[^>]+>", "", panels.phases_html(show(ledger(), day)))
    assert f"{done} sourced as handed over" in text


def test_quotations_are_newest_first_and_none_is_later_than_the_day() -> None:
    for day in DAYS:
        said = show(ledger(), day).said
        days = [item.day.last for item in said if item.day]
        assert len(days) == len(said)
        assert days == sorted(days, reverse=True)
        assert all(d <= dt.date.fromisoformat(day) for d in days)


def test_all_twelve_sentences_show_their_renderings_and_the_arabic_where_it_was_found() -> None:
    text = panels.quotes_html(show(ledger(), "2026-01-18"))
    for sentence in ledger().sentences.values():
        block = text.split(f'data-sentence="{sentence.sentence}"')[1]
        assert not sentence.arabic or sentence.arabic in block
    for rendering in ledger().renderings:
        if rendering.sentence:
            assert ENVIRONMENT.from_string("{{ t }}").render(t=rendering.text) in text
    for sentence in ledger().sentences.values():
        if not sentence.arabic:
            assert sentence.arabic_note in text.split(f'data-sentence="{sentence.sentence}"')[1]


def test_the_table_has_a_row_for_every_site_placed_or_not() -> None:
    text = panels.sites_html(show(ledger(), "2026-01-15"))
    assert text.count("<tr") == 1 + len(ledger().sites)
    assert text.count("not placed") == 2


# Two dates -------------------------------------------------------------------------------------------------


def test_two_dates_stand_first_with_their_sentence_their_changes_and_who_says_so() -> None:
    shown = show(ledger(), "2020-12-31", compare=dt.date(2020, 1, 1))
    text = panels.comparison_html(shown)
    said = plain(text)
    assert "Between 1 January 2020 and 31 December 2020" in said
    assert "8 sites changed category; 6 did not; 8 were not sourced on either day." in said
    assert text.count("data-passage=") == 8
    taji = text.split('data-passage="camp-taji"')[1].split("data-passage")[0]
    assert f'data-day="{epoch_day(dt.date(2020, 8, 23))}"' in taji
    assert 'data-site="camp-taji"' in taji
    assert "23 Aug 2020 handed over, Iraqi forces alone · UPI A · Just the News B" in plain(taji)
    assert "Coalition hosted, federal Iraq → , then Iraqi forces alone" in plain(taji)
    folded = text.split("<details")[1:]
    assert [part.count('data-site="') for part in folded] == [6, 8]


def test_the_same_day_twice_says_so() -> None:
    text = panels.comparison_html(show(ledger(), "2020-12-31", compare=dt.date(2020, 12, 31)))
    assert "Both dates are the same day: nothing lies between them." in plain(text)


def test_a_site_that_ended_as_it_began_has_a_line_of_its_own() -> None:
    shown = show(ledger(), "2025-10-21", compare=dt.date(2025, 9, 15), knowledge=Knowledge(each_day=True))
    text = plain(panels.comparison_html(shown))
    assert "Changed in between but ended as they began: Ain al-Asad , Victoria ." in text
    assert "Each date as our sources had reported by it" in text
    assert "16 Sep 2025 promised end passed, outcome not sourced (promised by Shafaq News (EN) B )" in text


def test_one_date_has_no_comparison() -> None:
    assert not panels.comparison_html(show(ledger(), "2020-12-31"))


# Sources left out ------------------------------------------------------------------------------------------


def test_what_falls_is_told_with_and_without() -> None:
    shown = show(ledger(), "2026-02-01", "union-iii", knowledge=Knowledge(without=frozenset({"S2"})))
    text = panels.omission_html(shown)
    said = plain(text)
    assert "On 1 February 2026 2 states fall:" in said
    assert "with Iraqi forces alone, by general statement" in said
    assert "without Not sourced: the promised end, 30 September 2025, has passed" in said
    assert "3 states stand on other sources" in said
    assert "17 sites are not mentioned by what is left out" in said
    assert 'data-takeback="S2"' in text
    assert 'data-takeback=""' in text
    assert 'data-derived="out"' in text
    folded = dict(zip(("stand", "nothing"), text.split("<details")[1:], strict=True))
    assert folded["stand"].count('data-site="') == 3
    assert folded["nothing"].count('data-site="') == 17
    # The dossier keeps what is left out in sight, and a way back.
    dossier = panels.dossier_html(shown)
    left = dossier.split("Left out (1)")[1]
    assert 'data-claim="G001"' in left
    assert 'data-takeback="S2"' in left


def test_one_state_falls_and_none_falls() -> None:
    one = show(ledger(), "2016-01-01", knowledge=Knowledge(without=frozenset({"P109"})))
    assert "On 1 January 2016 1 state falls:" in plain(panels.omission_html(one))
    none = show(ledger(), "2026-01-17", knowledge=Knowledge(without=frozenset({"P023"})))
    assert "On 17 January 2026 no state falls." in plain(panels.omission_html(none))


def test_what_falls_only_on_other_days_is_named() -> None:
    shown = show(ledger(), "2026-01-17", knowledge=Knowledge(without=frozenset({"P109"})))
    assert "On other days 1 site is shown differently: K-1 ." in plain(panels.omission_html(shown))


def test_derived_sources_and_grades_are_named() -> None:
    more = Knowledge(without=frozenset({"S4"}), and_derived=True, without_grades=frozenset("C"))
    text = panels.omission_html(show(ledger(), "2026-01-17", knowledge=more))
    said = plain(text)
    assert "all 13 sources of grade C" in said
    assert "and 1 source that derives from them Kurdistan24 A S1" in said
    assert 'data-grade="C"' in text
    assert 'data-derived=""' in text


@pytest.mark.parametrize("site", sorted(ledger().sites))
def test_every_source_of_a_dossier_can_be_left_out(site: str) -> None:
    text = panels.dossier_html(show(ledger(), "2026-01-18", site))
    told = {claim.source for claim in ledger().claims if site in (claim.site, *claim.scope)}
    assert told <= set(re.findall(r'data-leaveout="([^"]+)"', text))


# Two clocks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("knowledge", "said"),
    [
        (Knowledge(each_day=True), "As our sources had reported by 18 September 2025 , the day shown."),
        (Knowledge(known_on=dt.date(2026, 1, 5)), "As our sources had reported by 5 January 2026 ."),
    ],
)
def test_the_clock_is_named_with_the_undated_sources(knowledge: Knowledge, said: str) -> None:
    text = panels.clock_html(show(ledger(), "2025-09-18", knowledge=knowledge))
    assert plain(text).startswith(said)
    undated = differences.undated(ledger())
    assert f"{len(undated)} undated sources are left out" in plain(text)
    for source in undated:
        assert source in plain(text)
        assert str(ENVIRONMENT.from_string("{{ t }}").render(t=ledger().sources[source].publisher)) in text


def test_as_known_today_needs_no_line() -> None:
    assert not panels.clock_html(show(ledger(), "2025-09-18"))


@pytest.mark.parametrize(
    ("day", "site", "knowledge", "said"),
    [
        # E012, published on 31 December, said that nobody was left; E016 of 17 January widened it.
        (
            "2026-01-15", "ain-al-asad", Knowledge(each_day=True),
            "Known today: changing, day uncertain What makes the difference, published 17 January 2026:",
        ),
        (
            "2026-01-15", "ain-al-asad", Knowledge(),
            "As our sources had reported by that day: Iraqi forces alone",
        ),
        (
            "2025-09-20", "ain-al-asad", Knowledge(each_day=True),
            "published 20 October 2025: 20 October 2025: PM Sudani: 250-350 advisers and security personnel stay",
        ),
        (
            "2016-01-01", "k1", Knowledge(),
            "not sourced What makes the difference, published on no recorded day:",
        ),
        (
            "2026-01-16", "joc-hq", Knowledge(known_on=dt.date(2026, 1, 15)),
            "Known today: changing, day uncertain What makes the difference, published 18 January 2026:",
        ),
    ],
)  # fmt: skip
def test_a_dossier_says_where_the_clocks_differ_and_what_makes_the_difference(
    day: str, site: str, knowledge: Knowledge, said: str
) -> None:
    assert said in plain(panels.dossier_html(show(ledger(), day, site, knowledge=knowledge)))


def test_a_dossier_says_nothing_of_clocks_that_agree() -> None:
    for knowledge in (Knowledge(), Knowledge(each_day=True)):
        text = panels.dossier_html(show(ledger(), "2026-02-01", "ain-al-asad", knowledge=knowledge))
        assert "data-otherwise" not in text


def test_the_table_marks_where_the_clocks_differ() -> None:
    for knowledge, words in (
        (Knowledge(), "As our sources had reported by that day: Iraqi forces alone"),
        (Knowledge(each_day=True), "Known today: changing, day uncertain"),
    ):
        text = panels.sites_html(show(ledger(), "2026-01-15", knowledge=knowledge))
        row = text.split('data-site="ain-al-asad"')[1].split("</tr>")[0]
        assert f'aria-label="{words}"' in row
        assert "differs" not in text.split('data-site="camp-taji"')[1].split("</tr>")[0]


def test_a_promise_known_by_its_day_is_past_and_not_called_open() -> None:
    """What ended later was not reported by then: nobody could know that the phase was still open."""
    text = panels.phases_html(show(ledger(), "2026-01-15", knowledge=Knowledge(each_day=True)))
    assert "107 days past, outcome not sourced" in text
    without = Knowledge(without=frozenset({ledger().phases["PH-1"].done_source}))
    text = panels.phases_html(show(ledger(), "2026-02-01", knowledge=without))
    assert "124 days past; the recorded source of its end is left out" in card(text, "PH-1")


def test_no_panel_quotes_what_was_published_later_by_the_clock_of_each_day() -> None:
    for day in DAYS:
        shown = show(ledger(), day, "ain-al-asad", knowledge=Knowledge(each_day=True))
        on = dt.date.fromisoformat(day)
        for item in shown.said:
            assert item.source.published
            assert item.source.published.last <= on
            assert all((p := ledger().sources[r.source].published) and p.last <= on for r in item.renderings)


# Nothing rests on what does not count ---------------------------------------------------------------------------


def card(text: str, phase: str) -> str:
    return plain(text.partition(f'data-phase="{phase}"')[2].partition("</article>")[0])


def without(*sources: str, **more: Any) -> Knowledge:
    return Knowledge(without=frozenset(sources), **more)


EACH_DAY = Knowledge(each_day=True)
PARTLY = "scope rests in part on sources that do not count"
END_PARTLY = "the promised end rests in part on sources that do not count"
LEFT = "the recorded source of its end is left out"


@pytest.mark.parametrize(
    ("day", "knowledge", "phase", "said", "unsaid"),
    [
        # An end whose source is left out is recorded all the same; one that nobody had reported yet is not known.
        ("2026-11-21", without("S0"), "PH-1", [f"417 days past; {LEFT}"], ["not sourced", "still open"]),
        ("2026-11-21", without("S0", known_on=dt.date(2026, 1, 17)), "PH-1", ["417 days past, outcome not sourced"], [LEFT]),
        ("2026-11-21", without("S0", known_on=dt.date(2026, 1, 18)), "PH-1", [f"417 days past; {LEFT}"], ["not sourced"]),
        ("2026-01-15", Knowledge(known_on=dt.date(2026, 2, 1)), "PH-1", ["107 days late, still open"], ["not sourced"]),
        ("2026-11-20", without("S0"), "PH-2K", ["51 days past, outcome not sourced"], [LEFT]),
        ("2020-10-01", without("P078"), "PH-C", [f"{END_PARTLY}; {LEFT}"], ["91 days left", "declared"]),
        # A scope and an end that name no source of their own wait for every source of the phase.
        ("2020-03-18", EACH_DAY, "PH-C", [END_PARTLY, PARTLY],
         ["days left", "promised 2020", "through 2020", "of 8", "Taji", "eight federal", "base consolidation"]),
        ("2020-08-23", EACH_DAY, "PH-C", [PARTLY], ["of 8", "declared"]),
        ("2020-08-24", EACH_DAY, "PH-C", ["8 of 8", "eight federal sites", "promised 2020", "through 2020"],
         [PARTLY, "last of the eight found", "will relocate"]),
        ("2020-03-18", Knowledge(), "PH-C", ["288 days left", "of 8", "eight federal sites", "will relocate", "base consolidation"], [PARTLY]),
        ("2025-10-01", Knowledge(known_on=dt.date(2026, 1, 18)), "PH-1", [PARTLY, "promised 30 September 2025"],
         ["of 4", "Victoria", "developments in Syria", "ending the coalition mission"]),
        ("2026-02-01", Knowledge(known_on=dt.date(2026, 1, 19)), "PH-1", ["of 4", "declared 18 January 2026"], [PARTLY, "do not use the word"]),
        ("2026-11-20", without("P021", "P037", "S1", "S4", "P139"), "PH-2K", ["only rival dates in the sources that count"], ["days past", "no end promised"]),
        ("2026-01-20", without("S0", "S3", "S1", "S4"), "PH-1", ["112 days past", LEFT], ["also said"]),
        ("2025-11-01", without("P037", "S0", "S1", "S4"), "PH-2K", ["days left"], ["no end promised"]),
        ("2026-02-01", without("P037", "S3"), "PH-2", ["no end promised in the sources that count"], ["days left"]),
        ("2026-02-01", without("S1"), "PH-3", ["no end promised"], ["in the sources that count"]),
        # A phase names only sources that count.
        ("2022-01-01", without("P046"), "PH-D", [END_PARTLY, PARTLY, LEFT], ["P046", "invited guests", "promised 31", "declared", "all Iraq"]),
        ("2022-01-01", Knowledge(), "PH-D", ["P046", "invited guests", "promised 31 December 2021", "declared"], [PARTLY]),
    ],
)  # fmt: skip
def test_a_phase_says_nothing_that_rests_on_what_does_not_count(
    day: str, knowledge: Knowledge, phase: str, said: list[str], unsaid: list[str]
) -> None:
    text = panels.phases_html(show(ledger(), day, knowledge=knowledge))
    seen = text.partition(f'data-phase="{phase}"')[2].partition("</article>")[0]
    seen = " ".join(re.findall(r'title="([^"]*)"', seen)) + " " + plain(seen)
    for words in said:
        assert words in seen
    for words in unsaid:
        assert words not in seen


@pytest.mark.parametrize(
    ("sentence", "knowledge", "said", "unsaid"),
    [
        ("G7", without("S4"), "no quotation in the sources that count here", "no verbatim quotation found"),
        ("G8", without("S4"), "no quotation in the sources that count here", "no verbatim quotation found"),
        ("G9", without("S4"), "no verbatim quotation found", "no quotation in the sources"),
        ("G9", Knowledge(), "no verbatim quotation found", "no quotation in the sources"),
        ("G7", Knowledge(), "“", "no quotation in the sources"),
    ],
)
def test_a_sentence_tells_no_quotation_from_none_that_counts(
    sentence: str, knowledge: Knowledge, said: str, unsaid: str
) -> None:
    text = panels.quotes_html(show(ledger(), "2026-02-01", knowledge=knowledge))
    block = plain(text.split(f'data-sentence="{sentence}"')[1].split("</li>")[0])
    assert said in block
    assert unsaid not in block


NARROW = {
    "left out": without("P031"),
    "a grade": Knowledge(without_grades=frozenset("D")),
    "known on": Knowledge(known_on=dt.date(2026, 11, 1)),
    "each day": EACH_DAY,
    "both": without("P031", each_day=True),
}
NO_NOTES = "Editors’ notes are not shown while some sources do not count."


def noted() -> Ledger:
    """The ledger with every note of an editor marked."""
    marked = ledger()
    notes = {"note", "difference", "done_note", "region_note", "position_source", "arabic_note"}

    def mark(row: Row) -> Row:
        names = notes & type(row).model_fields.keys()
        return row.model_copy(update=dict.fromkeys(names, "EDITOR"))

    parts = ("sources", "sites", "claims", "phases", "sentences", "renderings", "statements")
    changed: dict[str, Any] = {}
    for name in parts:
        rows = getattr(marked, name)
        changed[name] = (
            {k: mark(r) for k, r in rows.items()} if isinstance(rows, dict) else tuple(map(mark, rows))
        )
    return replace(marked, **changed)


@pytest.mark.parametrize("question", NARROW)
def test_editors_notes_are_shown_only_where_everything_counts(question: str) -> None:
    marked = noted()
    for day, site in (("2026-02-01", "joc-hq"), ("2021-12-31", "k1"), ("2026-11-20", "mosul-dam")):
        # In turn, so that nothing kept from one view is shown in the other.
        for _ in range(2):
            whole = everything(marked, day, site)
            assert whole.count("EDITOR") > 10
            assert NO_NOTES not in whole
            narrow = everything(marked, day, site, knowledge=NARROW[question])
            assert "EDITOR" not in narrow
            assert plain(narrow).count(NO_NOTES) == 1


def test_the_real_notes_that_misled_are_gone() -> None:
    shown = {"joc-hq": "P031 places it in the Green Zone", "ain-al-asad": "hosted a coalition area 2014-2026"}
    for site, words in shown.items():
        assert words in everything(ledger(), "2026-02-01", site)
        assert words not in everything(ledger(), "2026-02-01", site, knowledge=without("P031"))
    for words in ("How they differ", "DO NOT USE"):
        assert any(words in everything(ledger(), "2026-02-01", site) for site in ledger().sites)
        assert not any(
            words in everything(ledger(), "2026-02-01", site, knowledge=without("P025"))
            for site in ledger().sites
        )


@pytest.mark.parametrize(
    "knowledge", [without("S0"), without("S4", "P031"), without("P046", "P062", "P078"), *NARROW.values()]
)
def test_no_panel_names_a_source_that_does_not_count(knowledge: Knowledge) -> None:
    """But where it says what is left out, or what the other clock would show."""
    for day in DAYS:
        on = knowledge.on(dt.date.fromisoformat(day))
        counting = reporting(ledger(), on, knowledge.left_out(ledger()))
        for site in ("joc-hq", "k1", "erbil-ab"):
            shown = show(ledger(), day, site, knowledge=knowledge)
            dossier = re.sub(
                r'<div class="otherwise".*?</div>', "", panels.dossier_html(shown), flags=re.DOTALL
            )
            dossier = re.sub(r"<summary>Left out .*?</details>", "", dossier, flags=re.DOTALL)
            text = dossier + panels.phases_html(shown) + panels.quotes_html(shown)
            assert set(re.findall(r'"Source (\w+), grade', text)) <= counting


def test_what_is_left_out_is_listed_only_where_it_had_been_reported() -> None:
    def left(knowledge: Knowledge) -> bool:
        return "Left out (" in panels.dossier_html(
            show(ledger(), "2026-02-01", "union-iii", knowledge=knowledge)
        )

    assert left(without("S2"))
    assert left(without("S2", known_on=dt.date(2026, 1, 19)))
    assert not left(without("S2", known_on=dt.date(2026, 1, 17)))


def test_silence_is_not_laid_on_the_ledger_while_some_sources_do_not_count() -> None:
    every = Knowledge(without_grades=frozenset("ABCD"))
    shown = show(ledger(), "2026-02-01", "union-iii", knowledge=every)
    assert "No source that counts speaks about this site." in plain(panels.dossier_html(shown))
    assert "No quotation in the sources that count is as early as this day." in plain(
        panels.quotes_html(shown)
    )


# Large ledgers and paper -----------------------------------------------------------------------------------


@cache
def large_ledger() -> Ledger:
    sites = [build.site(f"s{number:04d}", short_name=f"Site {number:04d}") for number in range(1000)]
    held = Held(Controller.IRAQI_FEDERAL, Coalition.PRESENT), Held(Controller.IRAQI_FEDERAL, Coalition.ABSENT)
    claims = [
        build.claim(f"C{number}", "change", "2020-03-01/2020-03-10", held[1], held[0], site=f"s{number:04d}")
        for number in (700, 900, 901)
    ]
    return build.ledger(claims, sites=sites)


def test_a_large_table_shows_the_selected_the_changing_and_then_by_name() -> None:
    text = panels.sites_html(show(large_ledger(), "2020-03-05", "s0950"))
    listed = re.findall(r'data-site="([^"]+)"', text)
    assert listed[:5] == ["s0950", "s0700", "s0900", "s0901", "s0000"]
    assert len(listed) == len(set(listed)) == site_table.SHOWN_SITES
    assert "200 of 1,000 sites; find any other by the search (/)." in plain(text)


def test_a_large_comparison_counts_all_and_tells_the_first() -> None:
    shown = show(large_ledger(), "2020-03-05", compare=dt.date(2020, 2, 1))
    text = panels.comparison_html(shown)
    assert "3 sites changed category; 997 were not sourced on either day." in plain(text)
    assert text.count('data-site="') == 3 + 100
    assert "and 897 more" in plain(text)


def test_a_ledger_without_evidence_names_no_day() -> None:
    empty = build.ledger([])
    page = show(empty, "2026-11-20")
    assert "1970" not in panels.stamp_html(page)
    assert "without evidence" in plain(panels.stamp_html(page))
    assert "without evidence" not in plain(panels.stamp_html(show(ledger(), "2026-11-20")))


def test_the_stamp_names_all_that_was_asked() -> None:
    knowledge = Knowledge(
        each_day=True, without=frozenset({"S4"}), and_derived=True, without_grades=frozenset("D")
    )
    text = plain(
        panels.stamp_html(show(ledger(), "2020-12-31", compare=dt.date(2020, 1, 1), knowledge=knowledge))
    )
    for part in (
        "1 January 2020 and 31 December 2020", "reported by that day",
        "without AFP, carried by SpaceWar.com (S4), all sources of grade D and what derives from them (1)",
        "changed category", "printed 20 November 2026",
    ):  # fmt: skip
        assert part in text

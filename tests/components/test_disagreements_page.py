"""The register of disagreements: all of it is there, ordered and narrowed as asked, linked, and nothing breaks it."""

from __future__ import annotations

import datetime as dt
import html
import itertools
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import disagreements, view
from components.view_state import Filters, ViewState
from geodata.dates import epoch_day
from geodata.knowledge import Knowledge
from geodata.load import load
from pages import disagreements as page
from tools.bench import made_up

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.model import Ledger

TODAY = dt.date(2026, 11, 20)
HOSTILE = "<img src=x onerror=alert(1)>\"'`{{7*7}}"
PARTS = ["disagreements-filters", "disagreements-list"]


@cache
def ledger() -> Ledger:
    return load()


def show(on: Ledger | None = None, day: str = "2026-01-18", **more: Any) -> dict[str, str]:
    knowledge = more.pop("knowledge", Knowledge())
    state = ViewState(dt.date.fromisoformat(day), knowledge=knowledge, filters=Filters(**more))
    return dict(page.parts(view.build(on or ledger(), state, now=TODAY)))


def listed(**more: Any) -> list[str]:
    """The disagreements in the order of the page."""
    return re.findall(r'class="disagreement" data-item="(\w+)"', show(**more)["disagreements-list"])


def one(key: str, **more: Any) -> str:
    """The HTML of one disagreement."""
    text = show(**more)["disagreements-list"]
    start = text.index(f'data-item="{key}"')
    return text[start : text.index("</details>", start)]


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


# ----------------------------------------------------------------------------------------------- all of it is there


def test_all_24_are_there_and_each_has_a_link_of_its_own() -> None:
    text = show()["disagreements-list"]
    assert sorted(listed()) == sorted(ledger().disagreements)
    assert len(listed()) == 24
    assert sorted(re.findall(r'data-copy-link="(\w+)"', text)) == sorted(ledger().disagreements)
    assert "24 disagreements" in plain(text)
    assert len(re.findall("data-item=", text)) == 24


def test_every_position_stands_there_with_who_holds_it() -> None:
    text = show()["disagreements-list"]
    assert text.count('<section class="disagreement-side') == len(ledger().positions) == 106
    for key, row in ledger().disagreements.items():
        mine = one(key)
        assert html.escape(row.treatment, quote=False).replace('"', "&#34;") in mine
        for position in (p for p in ledger().positions if p.disagreement == key):
            for source in position.sources:
                assert f"?item={source}" in mine, (key, source)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("D02", "5 sources, 4 independent origins : 964media English, AFP, The New Region (inferred), Yeni Şafak English"),
        ("D02", "goes back to AFP"),
        ("X01", "15 sources, 11 independent origins"),
        ("X01", "2 sources, 1 independent origin: Kurdistan24"),
        ("X01", "according to Iraqi JOC"),
        ("X01", "1 Jan 2026 (rejected)"),
        ("X01", "Changes at most 1 site on 18 days , as known today."),
        ("X01", "Show Ain al-Asad on 31 December 2025"),
        ("D01", "4 sites, 204 days in all"),
        ("D02", "Changes nothing on the map as known today; at most 3 sites, 141 days in all , read day by day"),
        ("D07", "nothing said"),
        ("D05", "no site shows another category on any day"),
        ("D14", "others"),
        ("X10", "AA and others"),
        ("X10", "no source recorded"),
    ],
)  # fmt: skip
def test_what_an_entry_says(key: str, words: str) -> None:
    assert words in plain(one(key))


@pytest.mark.parametrize("knowledge", [Knowledge(each_day=True), Knowledge(known_on=dt.date(2026, 1, 18))])
def test_the_register_is_whole_by_every_clock(knowledge: Knowledge) -> None:
    assert len(listed(knowledge=knowledge)) == 24
    assert list(show(knowledge=knowledge)) == ["clock", *PARTS]


def test_a_link_to_one_leads_to_all() -> None:
    link = '<a href="#h-disagreements">all 24 disagreements</a>'
    state = ViewState(dt.date(2026, 1, 18), item="X01")
    text = dict(page.parts(view.build(ledger(), state, now=TODAY)))["disagreements-list"]
    assert text.index(link) < text.index('data-item="X01"') < text.index(link) + 300
    assert "#h-disagreements" not in show()["disagreements-list"]
    assert 'id="h-disagreements"' in show()["disagreements-filters"]


def test_between_whom_is_said_in_words() -> None:
    assert "among the five articles" in plain(one("D01"))
    assert "the five articles against other pages" in plain(one("X01"))
    assert "articles vs pages" not in plain(show()["disagreements-list"])


def test_read_day_by_day_the_deadline_counts_first() -> None:
    words = plain(one("D02", knowledge=Knowledge(each_day=True)))
    assert "Changes at most 3 sites, 141 days in all , read day by day." in words


def test_a_position_whose_sources_do_not_count_says_so() -> None:
    assert "does not count now" in plain(one("X01", knowledge=Knowledge(without=frozenset({"P023"}))))
    assert "does not count now" not in plain(one("X01"))


# -------------------------------------------------------------------------------------------------------- its links


def test_the_button_leads_to_the_first_day_on_which_the_map_would_differ() -> None:
    mine = one("X05")
    day = epoch_day(dt.date(2020, 3, 17))
    assert f'class="disagreement-show" data-site="al-qaim" data-day="{day}"' in mine
    # What only another clock shows is not offered as if the map showed it.
    assert "data-day" not in one("D02")


def test_claims_lead_to_where_they_stand() -> None:
    # To the site, at the line that lists the assertion; the committee's stands there under its first claim.
    assert "?site=ain-al-asad&amp;item=E012" in one("X01")
    assert "?site=ain-al-asad&amp;item=E018.P001" in one("D03")
    # A promise to its phase, a general statement to the sentence it rests on.
    assert "promises?item=PH-2K" in one("D01")
    assert "statements?item=G1" in one("X08")


def test_every_linked_claim_is_there() -> None:
    """Each claim of a position is told by a line: by its own words and day."""
    for position in ledger().positions:
        mine = plain(one(position.disagreement))
        for claim in position.claims:
            assert ledger().claim[claim].text in mine


# ----------------------------------------------------------------------------------------------- order and narrowing


def test_the_greatest_effect_comes_first_unless_asked_otherwise() -> None:
    first = ["X08", "D01", "X01", "X05", "D03", "D02"]
    assert listed()[:6] == first
    assert listed(sort="-effect") == listed() == listed(sort="nothing")
    assert listed(sort="effect")[-6:] == first[::-1]
    assert listed(sort="-positions")[0] == "X01"
    assert listed(sort="topic")[:2] == ["D04", "D14"]
    assert listed(sort="-topic") == listed(sort="topic")[::-1]
    assert set(listed(sort="roots")) == set(ledger().disagreements)


def test_the_headings_say_the_order_and_offer_the_other() -> None:
    text = show()["disagreements-list"]
    assert 'data-sort="effect" aria-pressed="true"' in text
    assert 'data-sort="topic" aria-pressed="false"' in text
    assert 'data-sort="-effect" aria-pressed="true"' in show(sort="effect")["disagreements-list"]
    assert 'data-sort="-topic" aria-pressed="true"' in show(sort="topic")["disagreements-list"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"about": "al-qaim"}, {"X05"}),
        ({"about": "harir"}, {"D01", "X03", "X07"}),
        ({"about": "speicher"}, set()),
        ({"phase": "PH-C"}, {"X05", "X06", "X10"}),
        ({"phase": "PH-1", "about": "joc-hq"}, {"D02", "D08", "D10", "X02"}),
        ({"words": "exclusive"}, {"D10"}),
        ({"words": "EXCLUSIVE Administration"}, {"D10"}),
        ({"words": "ISIS in Syria"}, {"D04"}),
        ({"words": "الإدارة"}, {"D10"}),
        ({"words": "بيان الحكومة"}, {"D06"}),
        ({"words": "nothing of the kind"}, set()),
        ({"outlet": "Rudaw"}, {"X01"}),
    ],
)
def test_narrowing(asked: dict[str, str], found: set[str]) -> None:
    if asked.get("outlet"):
        assert found <= set(listed(**asked)) < set(ledger().disagreements)
    else:
        assert set(listed(**asked)) == found


def test_what_fits_nothing_says_so_and_offers_the_way_back() -> None:
    text = show(about="nowhere")["disagreements-list"]
    assert "No disagreement fits what is chosen." in plain(text)
    assert 'data-filter-clear=""' in text


def test_the_controls_do_not_depend_on_what_is_chosen() -> None:
    asked = show(words="Harir", about="harir", sort="topic")
    assert asked["disagreements-filters"] == show()["disagreements-filters"]
    assert asked["disagreements-list"] != show()["disagreements-list"]
    options = re.findall(r'<option value="([^"]+)"', show()["disagreements-filters"])
    assert {"ain-al-asad", "PH-1", "Rudaw"} <= set(options)


WORDS = st.text(max_size=100)


@settings(deadline=None)  # the first example folds the ledger
@given(words=WORDS, about=WORDS, phase=WORDS, outlet=WORDS, sort=WORDS)
def test_whatever_is_asked_the_answer_is_a_part_of_the_register(**asked: Any) -> None:
    every = disagreements.entries(ledger(), Knowledge(), TODAY)
    found = [entry.row.disagreement for entry in disagreements.selected(every, Filters(**asked))]
    assert set(found) <= set(ledger().disagreements)
    assert len(set(found)) == len(found)


# -------------------------------------------------------------------------------------------------------- its strips


def test_strips_cover_their_days_without_gap_or_overlap() -> None:
    for entry in disagreements.entries(ledger(), Knowledge(), TODAY):
        for strip in (*entry.strips, *entry.strips_otherwise):
            for bars in (strip.now, *(row.bars for row in strip.rows)):
                assert bars[0].first == strip.first
                assert bars[-1].last == strip.last <= TODAY
                for bar, following in itertools.pairwise(bars):
                    assert bar.last + dt.timedelta(days=1) == following.first
                assert abs(sum(bar.width for bar in bars) - 100) < 1e-9
            days = {
                side.number: sum((bar.last - bar.first).days + 1 for bar in row.runs)
                for row in strip.rows
                for side in row.sides
            }
            told = {
                side.number: sum(
                    d.days
                    for d in (side.effect if strip in entry.strips else side.otherwise).differences
                    if d.site == strip.sites[0]
                )
                for side in entry.sides
            }
            assert days == {number: count for number, count in told.items() if count}


def test_sites_that_fare_alike_share_one_strip() -> None:
    (strip,) = next(
        e for e in disagreements.entries(ledger(), Knowledge(), TODAY) if e.row.disagreement == "D01"
    ).strips
    assert set(strip.sites) == {"erbil-ab", "harir", "camp-singara", "makhmour-malaqara"}
    assert [[side.number for side in row.sides] for row in strip.rows] == [[1]]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-01-13", "2026-01-13", "13 Jan 2026"),
        ("2026-01-13", "2026-01-17", "13 to 17 Jan 2026"),
        ("2025-10-01", "2025-12-31", "1 Oct to 31 Dec 2025"),
        ("2025-12-31", "2026-01-12", "31 Dec 2025 to 12 Jan 2026"),
        ("2025-01-13", "2026-01-17", "13 Jan 2025 to 17 Jan 2026"),
    ],
)
def test_days_in_words(first: str, last: str, words: str) -> None:
    assert disagreements.between(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == words


# ------------------------------------------------------------------------------------------------- HTML and its size


class Checked(HTMLParser):
    """Counts headings and remembers elements that no template of ours writes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def test_text_from_data_stays_text_and_headings_are_in_order() -> None:
    real = ledger()
    poisoned = replace(
        real,
        disagreements={
            key: row.model_copy(update=dict.fromkeys(("topic", "scope", "assessment", "treatment"), HOSTILE))
            for key, row in real.disagreements.items()
        },
        positions=tuple(p.model_copy(update={"held_by": HOSTILE, "text": HOSTILE}) for p in real.positions),
        claims=tuple(c.model_copy(update={"text": HOSTILE, "asserted_by": HOSTILE}) for c in real.claims),
        sites={key: site.model_copy(update={"short_name": HOSTILE}) for key, site in real.sites.items()},
        phases={key: phase.model_copy(update={"label": HOSTILE}) for key, phase in real.phases.items()},
    )
    checked = Checked()
    checked.feed("".join(show(poisoned).values()))
    assert "img" not in checked.tags
    assert "script" not in checked.tags
    assert not checked.handlers
    headings = [int(tag[1]) for tag in checked.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(headings))


def test_the_page_stays_small() -> None:
    assert sum(map(len, show().values())) < 300_000


def test_a_large_ledger_is_cut_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_up.write(tmp_path, sites=400, claims=4000, seed=1)
    large = load(tmp_path)
    assert len(large.disagreements) == 24
    monkeypatch.setattr(disagreements, "MOST_LISTED", 10)
    text = show(large)["disagreements-list"]
    assert text.count('class="disagreement" data-item') == 10
    assert "and 14 more: narrow the list to see them." in plain(text)


def test_a_ledger_without_disagreements_has_an_empty_register() -> None:
    empty = replace(ledger(), disagreements={}, positions=())
    assert "0 disagreements" in plain(show(empty)["disagreements-list"])

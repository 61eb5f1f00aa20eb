"""The pages of sites: the table equals the map, every claim stands on its site's page, strips are whole."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import lives, sites, theme, view
from components.locator import SIDE, locator
from components.view_state import Filters, ViewState
from geodata import control
from geodata.control import Category
from geodata.knowledge import Knowledge
from geodata.load import load
from geodata.model import Grade, Ledger
from geodata.neighbours import Change, Neighbour
from geodata.staleness import STALE_AFTER_DAYS, is_stale
from pages import site as site_page
from pages import sites as sites_page
from tests.geodata import build

TODAY = dt.date(2026, 11, 20)
QUESTIONS = {
    "everything": Knowledge(),
    "known on 15 January 2026": Knowledge(known_on=dt.date(2026, 1, 15)),
    "as reported by each day": Knowledge(each_day=True),
    "without Kurdistan24 and AFP, and what derives": Knowledge(
        without=frozenset({"S0", "P001"}), and_derived=True
    ),
    "without grades C and D": Knowledge(without_grades=frozenset({"C", "D"})),
}


@cache
def ledger() -> Ledger:
    return load()


def show(
    day: str | dt.date,
    site: str | None = None,
    knowledge: Knowledge = QUESTIONS["everything"],
    hidden: frozenset[str] = frozenset(),
    **filters: str,
) -> view.View:
    as_of = day if isinstance(day, dt.date) else dt.date.fromisoformat(day)
    state = ViewState(as_of, knowledge, site, hidden=hidden, filters=Filters(**filters))  # type: ignore[arg-type]
    return view.build(ledger(), state, now=TODAY)


def named(shown: view.View) -> list[str]:
    return [row.row.site.site for row in sites.table(shown).rows]


class Page(HTMLParser):
    """What the tests ask of a page's HTML."""

    def __init__(self, parts: list[tuple[str, str]]) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed("".join(text for _, text in parts))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def every(self, attribute: str) -> list[str]:
        return [found for _, attrs in self.tags if (found := attrs.get(attribute)) is not None]


# ------------------------------------------------------------------------------------- equal to the map


@pytest.mark.parametrize("asked", QUESTIONS)
def test_on_every_day_of_change_the_table_shows_what_the_map_shows(asked: str) -> None:
    knowledge = QUESTIONS[asked]
    changes = lives.change_days(ledger(), knowledge, TODAY)
    days = {day + dt.timedelta(days=n) for day in changes for n in (-1, 0, 1)}
    folded = control.lives(ledger(), knowledge)
    for day in sorted(day for day in days if day <= TODAY):
        if knowledge.each_day:
            expected = {state.site: state for state in control.control_at(ledger(), day, known_on=day)}
        else:
            expected = {site: control.state_on(ledger(), life, day) for site, life in folded.items()}
        rows = sites.table(show(day, knowledge=knowledge)).rows
        assert {row.row.site.site for row in rows} == set(ledger().sites)
        for row in rows:
            site = row.row.site.site
            assert row.row.state.span.category is expected[site].span.category, (day, site)
            assert row.row.state.last_evidence == expected[site].last_evidence, (day, site)


def test_each_row_draws_its_category_in_words() -> None:
    html = dict(sites_page.parts(show("2026-01-15")))["sites-table"]
    rows = re.findall(r'<tr data-row="([^"]+)">(.*?)</tr>', html, re.DOTALL)
    assert [site for site, _ in rows] == list(ledger().sites)
    text = dict(rows)
    assert "<b>Changing, day uncertain</b>" in text["ain-al-asad"]
    assert "عين الأسد" in text["ain-al-asad"]
    assert "known today" not in text["ain-al-asad"]
    assert "as our sources had reported by that day: Iraqi forces alone" in text["ain-al-asad"]
    assert "not placed" in text["mosul-dam"]
    assert "within 20 km" in text["besmaya"]
    assert "exact" in text["balad"]


def test_by_the_other_clock_the_rows_say_what_is_known_today() -> None:
    knowledge = Knowledge(known_on=dt.date(2026, 1, 16))
    shown = show("2026-01-16", knowledge=knowledge)
    rows = {row.row.site.site: row for row in sites.table(shown).rows}
    today = view.lives(ledger())
    for site, row in rows.items():
        same = row.row.state.span.category is today[site].at(shown.state.as_of).category
        assert bool(row.otherwise) is not same, site
        assert not row.otherwise or row.otherwise.startswith("known today: ")


# -------------------------------------------------------------------------------------------- the strips


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_strip_of_each_life_is_whole_and_shows_the_category_of_every_span(asked: str) -> None:
    for life in view.lives(ledger(), QUESTIONS[asked]).values():
        first = view.first_day(ledger(), TODAY)
        found = sites.pieces(life, first, TODAY)
        assert sum(piece.width for piece in found) == pytest.approx(100)
        assert found[0].first == first
        assert all(
            (one.category, one.stale) != (other.category, other.stale) for one, other in pairwise(found)
        )
        for span in life.spans:
            if span.first <= TODAY and span.last >= first:
                day = max(span.first, first)
                piece = [piece for piece in found if piece.first <= day][-1]
                assert piece.category is span.category


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)),
    st.integers(0, 9000),
    st.sampled_from(sorted(load().sites)),
)
def test_any_stretch_of_a_life_is_drawn_day_by_day(first: dt.date, length: int, site: str) -> None:
    life, last = view.lives(ledger())[site], first + dt.timedelta(days=length)
    found = sites.pieces(life, first, last)
    assert sum(piece.width for piece in found) == pytest.approx(100)
    begins = first
    for piece in found:
        assert piece.first == begins
        days = round(piece.width * (length + 1) / 100)
        assert life.at(begins).category is piece.category
        assert life.at(begins + dt.timedelta(days=days - 1)).category is piece.category
        assert all(
            is_stale(life, begins + dt.timedelta(days=n)) is piece.stale
            for n in {0, 1, days // 2, days - 2, days - 1} & {*range(days)}
        )
        begins += dt.timedelta(days=days)


@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize("site", ["camp-taji", "ain-al-asad", "erbil-ab", "qayyarah-west"])
def test_a_strip_is_pale_on_exactly_the_stale_days(asked: str, site: str) -> None:
    """Every day of the covered time: the dossier's strip and the spark say of each what staleness says."""
    life, first = view.lives(ledger(), QUESTIONS[asked])[site], view.first_day(ledger(), TODAY)
    days = [first + dt.timedelta(days=n) for n in range((TODAY - first).days + 1)]
    expected = [is_stale(life, day) for day in days]
    runs = list(view.freshness(life, first, TODAY))
    assert [stale for one, last, stale in runs for _ in range((last - one).days + 1)] == expected
    found = sites.pieces(life, first, TODAY)
    assert [[p for p in found if p.first <= day][-1].stale for day in days] == expected


def test_a_stretch_turns_pale_a_year_and_a_day_after_its_evidence() -> None:
    """Taji: the last evidence is of 23 August 2020; 23 August 2021 still carries it, the day after does not."""
    life = view.lives(ledger())["camp-taji"]
    turn = dt.date(2020, 8, 23) + dt.timedelta(days=STALE_AFTER_DAYS + 1)
    found = sites.pieces(life, dt.date(2020, 9, 1), TODAY)
    assert [(piece.first, piece.stale) for piece in found][:2] == [
        (dt.date(2020, 9, 1), False),
        (turn, True),
    ]
    for day, stale in ((-1, False), (0, True), (1, True)):
        assert is_stale(life, turn + dt.timedelta(days=day)) is stale
    shown = show("2026-01-18", "camp-taji").dossier
    assert shown is not None
    faces = [face for stretch in shown.strip for face in stretch.faces]
    assert sum(face.width for face in faces) == pytest.approx(100)
    assert all(one.left + one.width == pytest.approx(other.left) for one, other in pairwise(faces))
    assert (turn, True) in [(face.first, face.stale) for face in faces]
    assert sites.life_words(found) == "Iraqi forces alone"  # a life is told by its categories


# --------------------------------------------------------------------------------- search, phase, order


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("عين الاسد", ["ain-al-asad"]),
        ("أسد", ["ain-al-asad"]),
        ("العمليات", ["joc-hq"]),
        ("ayn asad", ["ain-al-asad"]),
        ("Q-West", ["qayyarah-west"]),
        ("kirkuk", ["k1"]),
        ("BASHUR", ["harir"]),
        ("anbar airfield", []),
        ("anbar", ["ain-al-asad", "al-taqaddum", "al-qaim", "fb-saham"]),
        ("nowhere at all", []),
    ],
)
def test_a_site_is_found_by_its_names_in_any_script_and_by_its_place(words: str, found: list[str]) -> None:
    assert named(show("2026-01-18", words=words)) == found


def test_a_phase_narrows_the_table_to_its_scope() -> None:
    for phase in ledger().phases.values():
        if phase.sites:
            assert set(named(show("2026-01-18", phase=phase.phase))) == set(phase.sites)
    html = dict(sites_page.parts(show("2026-01-18", phase="PH-9999")))["sites-table"]
    assert "<table" not in html
    assert "There is no phase “PH-9999”" in html
    assert 'data-filter-clear=""' in html


@pytest.mark.parametrize("column", ["name", "place", "state", "since", "evidence", "claims", "position"])
def test_an_order_keeps_every_site_and_turned_round_it_keeps_what_is_unknown_last(column: str) -> None:
    up, down = (sites.ordered(show("2026-01-18", sort=sort)) for sort in (column, "-" + column))
    assert set(up) == set(down) == set(ledger().sites)
    shown = show("2026-01-18")
    key = sites._KEYS[column]
    unknown = [site for site in ledger().sites if key(shown, site) is None]
    known = [key(shown, site) for site in up if site not in unknown]
    assert known == sorted(known)
    assert [key(shown, site) for site in down if site not in unknown] == sorted(known, reverse=True)
    assert list(up[len(known) :]) == list(down[len(known) :]) == unknown


def test_an_order_nobody_knows_is_the_ledgers_and_the_heading_says_which_holds() -> None:
    assert sites.ordered(show("2026-01-18", sort="colour")) == tuple(ledger().sites)
    html = dict(sites_page.parts(show("2026-01-18", sort="-claims")))["sites-table"]
    assert re.findall(r'<th[^>]*aria-sort="(\w+)"[^>]*><button type="button" data-sort="(\w+)"', html) == [
        ("descending", "claims")
    ]


def test_what_a_category_hides_is_counted() -> None:
    hidden = frozenset({Category.NOT_SOURCED.value})
    shown = show("2026-01-18", hidden=hidden)
    found = sites.table(shown)
    silent = [
        r for r in sites.table(show("2026-01-18")).rows if r.row.state.span.category is Category.NOT_SOURCED
    ]
    assert found.hidden == len(silent) > 0
    assert len(found.rows) + found.hidden == found.fitting == len(ledger().sites)


def test_typing_draws_the_controls_no_anew() -> None:
    one, other = (dict(sites_page.parts(show("2026-01-18", words=w)))["sites-filters"] for w in ("", "erbil"))
    assert one == other


def test_of_many_sites_the_first_two_hundred_are_shown_and_the_rest_counted() -> None:
    many = build.ledger([], sites=[build.site(f"s{n:04}") for n in range(1000)])
    state = ViewState(dt.date(2026, 1, 18), filters=Filters(sort="-name"))
    shown = view.build(many, state, now=TODAY)
    found = sites.table(shown)
    assert [row.row.site.site for row in found.rows] == [f"s{n:04}" for n in range(999, 799, -1)]
    assert "800 more" in dict(sites_page.parts(shown))["sites-table"]
    asked = view.build(many, ViewState(dt.date(2026, 1, 18), filters=Filters(words="s0007")), now=TODAY)
    assert named(asked) == ["s0007"]


# -------------------------------------------------------------------------------------- the page of a site


@pytest.mark.parametrize("site", sorted(load().sites))
def test_every_claim_about_a_site_stands_once_on_its_page_with_quotation_source_and_note(site: str) -> None:
    shown = show("2026-01-15", site)
    html = dict(site_page.parts(shown))["site-claims"]
    listed = Page([("", html)]).every("data-item")
    about = {c.claim for c in ledger().claims if site in (c.site, *c.scope)}
    assert len(listed) == len(set(listed))
    assert about <= set(listed) <= about | {"G001"}
    row = next(row for row in sites.table(show("2026-01-15")).rows if row.row.site.site == site)
    assert row.claims == len(listed)
    from markupsafe import escape  # noqa: PLC0415 - as the templates do

    for claim in listed:
        assert str(escape(ledger().claim[claim].text)) in html
        assert str(escape(ledger().claim[claim].quotation)) in html
        assert str(escape(ledger().sources[ledger().claim[claim].source].publisher)) in html
    assert "<details" not in html


def test_the_page_says_what_each_assertion_does_and_strikes_out_what_is_rejected() -> None:
    found = {a.line.claim.claim: a for a in sites.assertions(show("2026-01-15", "ain-al-asad"))}
    assert found["E014"].line.role == "decides"
    assert found["E012"].line.role == "refuted"
    assert [claim.claim for claim in found["E012"].line.refuted_by] == ["E013"]
    assert found["R004"].line.role == "rejected"
    assert ledger().claim["R004"].grade is Grade.REJECTED
    html = dict(site_page.parts(show("2026-01-15", "ain-al-asad")))["site-claims"]
    struck = re.search(r'<li class="site-assertion role-rejected">.*?</li>', html, re.DOTALL)
    assert struck is not None
    assert 'data-item="R004"' in struck.group()


def test_a_promise_decides_nothing() -> None:
    html = dict(site_page.parts(show("2026-11-20", "erbil-ab")))["site-claims"]
    promises = [
        each
        for each in re.findall(r'<li class="site-assertion .*?</li>', html, re.DOTALL)
        if ">deadline<" in each
    ]
    assert promises
    assert all(
        "promised: " in each and "· decides" not in each and "decides this day" not in each
        for each in promises
    )
    assert any("its passing leaves the site not sourced" in each for each in promises)


def test_what_is_left_out_or_not_reported_yet_does_not_count_on_the_page() -> None:
    without = Knowledge(without=frozenset({"P002"}))
    html = dict(site_page.parts(show("2026-01-15", "ain-al-asad", without)))["site-claims"]
    gone = html[html.index("Left out") :]
    assert 'data-item="E016.P002"' in gone
    assert 'data-item="E016.P002"' not in html[: html.index("Left out")]
    assert 'data-takeback="P002"' in gone
    early = Knowledge(known_on=dt.date(2025, 12, 1))
    listed = Page(site_page.parts(show("2026-01-15", "ain-al-asad", early))).every("data-item")
    published = [ledger().sources[ledger().claim[c].source].published for c in listed]
    assert listed
    assert all(day is not None and day.last <= dt.date(2025, 12, 1) for day in published)


def test_headings_follow_each_other_and_there_is_one_of_the_first() -> None:
    for parts in (
        sites_page.parts(show("2026-01-15")),
        site_page.parts(show("2026-01-15")),
        *(site_page.parts(show("2026-01-15", site)) for site in ledger().sites),
    ):
        levels = [int(tag[1]) for tag, _ in Page(parts).tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        ids = Page(parts).every("id")
        assert len(ids) == len(set(ids))


def test_from_each_site_the_way_leads_to_its_neighbours_in_the_table() -> None:
    order = named(show("2026-01-18", sort="-name"))
    for before, site, after in zip(order, order[1:], order[2:], strict=False):
        head = dict(site_page.parts(show("2026-01-18", site, sort="-name")))["site-head"]
        assert re.findall(r'href="/site\?site=([\w-]+)"', head) == [before, after]
        assert 'href="/sites?sort=-name"' in head


def test_without_a_site_the_page_says_what_would_be_right() -> None:
    html = dict(site_page.parts(show("2026-01-18")))["site-none"]
    assert "/site?site=ain-al-asad" in html
    assert 'data-page="sites"' in html


def test_names_and_position_say_what_is_not_recorded() -> None:
    speicher = dict(site_page.parts(show("2026-01-18", "speicher")))["site-place"]
    assert speicher.count("not recorded") == 2
    asad = dict(site_page.parts(show("2026-01-18", "ain-al-asad")))["site-place"]
    assert "the site itself is located" in asad
    assert asad.count("not recorded") == 1
    dam = dict(site_page.parts(show("2026-01-18", "mosul-dam")))["site-place"]
    assert "<svg" not in dam
    assert "no coordinate found" in dam
    union = dict(site_page.parts(show("2026-01-18", "union-iii")))["site-place"]
    assert "recorded at the same coordinates" in union
    assert 'href="/site?site=joc-hq"' in union


def test_as_known_on_each_day_a_report_is_no_neighbour() -> None:
    knowledge = Knowledge(each_day=True)
    shown = show("2026-11-20", "ain-al-asad", knowledge)
    known = show("2026-11-20", "ain-al-asad", Knowledge(known_on=TODAY))
    assert list(sites.neighbourhoods(shown)) == list(sites.neighbourhoods(known))
    assert [hood.change.last for hood in sites.neighbourhoods(shown)] == [dt.date(2026, 1, 18)]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((0, 0), "the same day"),
        ((1, 1), "1 day later"),
        ((-3, -3), "3 days earlier"),
        ((0, 5), "0 to 5 days later"),
        ((-5, 0), "0 to 5 days earlier"),
        ((-5, -2), "2 to 5 days earlier"),
        ((-18, 5), "between 18 days earlier and 5 days later"),
    ],
)
def test_days_between_changes_are_said_without_more_than_is_known(days: tuple[int, int], words: str) -> None:
    change = Change("a", TODAY, TODAY, Category.COALITION_FEDERAL, Category.IRAQI_FORCES, general=False)
    assert sites.apart_words(Neighbour(change, change, *days)) == words


# --------------------------------------------------------------------------------------------- the locator


def test_the_locator_shows_each_site_that_is_placed_with_its_radius_to_scale() -> None:
    for site in ledger().sites.values():
        found = locator(site)
        assert (found is None) is (site.lat is None)
        if found is None:
            continue
        x, y = found.country_at
        assert 0 < x < SIDE
        assert 0 < y < SIDE
        left, top, width, height = found.window
        assert left + width / 2 == pytest.approx(x, abs=0.2)
        assert top + height / 2 == pytest.approx(y, abs=0.2)
        assert found.radius * found.reach_km * 2 / SIDE == pytest.approx((site.radius_m or 0) / 1000, abs=0.1)
        assert found.radius < SIDE / 2
        assert found.bar * found.reach_km * 2 / SIDE == pytest.approx(found.bar_km, abs=0.1)
        assert sum(len(one.path) for one in (*found.country, *found.around)) < 20_000


# --------------------------------------------------------------------------- what stands first, and what is pale


def test_what_decides_the_day_stands_first_and_the_rest_follows_the_oldest_first() -> None:
    html = dict(site_page.parts(show("2026-01-18", "ain-al-asad")))["site-claims"]
    first, rest = html.split("All else that is claimed")
    assert first.index("What decides this day") < first.index('class="site-assertion role-decides')
    assert "role-earlier" not in first
    assert "role-decides" not in rest.split("</ul>", 1)[1]
    days = [int(day) for day in re.findall(r'<p class="site-when num"><button[^>]* data-day="(\d+)"', rest)]
    assert days == sorted(days)
    assert len(days) > 10


def test_a_day_that_no_claim_decides_says_so() -> None:
    html = dict(site_page.parts(show("2014-02-01", "camp-taji")))["site-claims"]
    assert "No claim decides 1 February 2014." in html
    assert "role-later" in html


def test_the_key_of_what_is_paler_stands_only_beside_pale_rows() -> None:
    key = "Paler: no evidence for more than a year"
    assert key in dict(sites_page.parts(show("2026-01-18")))["sites-table"]
    assert key in dict(site_page.parts(show("2026-01-18", "camp-taji")))["site-head"]
    bare = view.build(build.ledger([], sites=[build.site("one")]), ViewState(dt.date(2026, 1, 18)), now=TODAY)
    assert key not in dict(sites_page.parts(bare))["sites-table"]


def test_the_chips_are_short_and_say_the_full_name_to_whoever_asks() -> None:
    html = dict(sites_page.parts(show("2026-01-18")))["sites-legend"]
    assert set(theme.SHORT) == set(theme.LABELS)
    for category, label in theme.LABELS.items():
        chip = re.search(rf'<button[^>]*data-category="{category}"[^>]*>', html)
        assert chip is not None
        assert f'title="{label}"' in chip.group()
        assert f'aria-label="{theme.SHORT[category]} ' in chip.group()


@pytest.mark.parametrize(
    ("words", "short"),
    [
        ("18 January 2026", "18 Jan 2026"),
        ("between 30 September and 2 October 2025", "between 30 Sep and 2 Oct 2025"),
        ("May 2020", "May 2020"),
        ("3 March 2020, reports differ", "3 Mar 2020, reports differ"),
        ("Marches in Augusta", "Marches in Augusta"),
    ],
)
def test_a_row_has_one_short_form_of_a_date(words: str, short: str) -> None:
    assert sites.shorten(words) == short


def test_no_row_of_the_table_has_a_long_date() -> None:
    html = dict(sites_page.parts(show("2026-01-18")))["sites-table"]
    rows = re.sub(r"<[^>]+>", " ", html[html.index("<tbody>") :])
    assert not re.findall(r"\d (?:January|February|March|April|August|September|October|November)", rows)

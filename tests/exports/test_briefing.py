"""What a briefing says: the words and numbers of the view, every source numbered, nothing left out in silence."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any

import pytest

from components import panels, view
from components.theme import LABELS
from components.view_state import ViewState
from exports import briefing, evidence, legend
from exports.glyphs import Look
from exports.options import Extent, Options
from geodata import control
from geodata.control import Category
from geodata.errors import QuestionError
from geodata.knowledge import Knowledge
from geodata.model import Basis
from geodata.statements import claims_quoting
from tests.exports.views import NOW, ledger, show

DAYS = (
    "2014-06-10",
    "2017-12-09",
    "2020-03-17",
    "2020-08-23",
    "2025-12-31",
    "2026-01-17",
    "2026-01-18",
    "2026-03-20",
)
YEAR: dict[str, Any] = {"compare": dt.date(2020, 1, 1)}


def told(day: str = "2026-01-18", options: Options = Options(), **more: Any) -> briefing.Briefing:  # noqa: B008
    return briefing.compose(show(day, **more), options)


@pytest.mark.parametrize("day", DAYS)
def test_every_site_is_counted_once_and_as_the_fold_has_it(day: str) -> None:
    made = told(day)
    states = {state.site: state for state in control.control_at(ledger(), dt.date.fromisoformat(day))}
    counts = Counter(state.span.category for state in states.values())
    assert {item.category: item.count for item in made.legend if item.count} == counts
    halves = {category for mark in made.marks for category in mark.half or ()}
    assert {item.category for item in made.legend} == {*counts, *halves}
    assert [item.label.removesuffix(legend.TURNING) for item in made.legend] == [
        label for c, label in LABELS.items() if c in {*counts, *halves}
    ]
    assert sum(item.count for item in made.legend) == len(ledger().sites)
    assert {row.site: row.category for row in made.rows} == {
        s: state.span.category for s, state in states.items()
    }
    placed = {site for site, place in ledger().sites.items() if place.lon is not None}
    assert {mark.site for mark in made.marks} == placed
    assert {mark.site: mark.category for mark in made.marks} == {s: states[s].span.category for s in placed}
    unplaced = [ledger().sites[site].short_name for site in sorted(set(states) - placed)]
    assert all(name in made.not_drawn[0] for name in unplaced)


@pytest.mark.parametrize("day", DAYS)
def test_its_words_are_those_of_the_page(day: str) -> None:
    shown, made = show(day), told(day)
    page = panels.phases_html(shown)
    for phase in made.phases:
        assert phase.label in page
        assert phase.verdict in page
    assert {row.words for row in made.rows} == {row.words for row in shown.rows}
    assert {row.evidence for row in made.rows} == {row.staleness for row in shown.rows}
    for quotation in made.quotations:
        assert quotation.text in panels.quotes_html(shown).replace("&#39;", "'").replace("&#34;", '"')


def test_the_headline_is_the_finding_of_the_day() -> None:
    assert (
        told("2026-01-18").headline
        == "No federal site is sourced as hosting the coalition; 3 in the Kurdistan Region are."
    )
    assert told("2025-12-31").headline == "The day of change is uncertain at Joint Operations Command."
    assert told("2020-12-31", **YEAR).headline == (
        "Between 1 January 2020 and 31 December 2020, 8 sites changed category: all to “Iraqi forces alone”."
    )
    assert told("2020-08-23", site="camp-taji").headline == "Taji: Iraqi forces alone."
    mine = told(options=Options(headline="My finding"))
    assert (mine.headline, mine.proposed) == ("My finding", told().headline)


def test_every_number_names_a_source_and_every_source_is_cited() -> None:
    made = told("2020-12-31", site="camp-taji", **YEAR)
    told_of: list[Any] = [*made.legend, *made.phases, *made.changes, *made.quotations, *made.rows]
    lists = [item.cited for item in told_of]
    lists += [numbers for _, numbers in made.account.lines] if made.account else []
    cited = {number for numbers in lists for number in numbers}
    assert cited == {source.number for source in made.sources} == set(range(1, len(made.sources) + 1))
    assert len({source.source for source in made.sources}) == len(made.sources)


def test_what_is_put_forward_is_said_by_a_party_in_a_source_that_can_be_opened() -> None:
    """On these days a reporter's description, a guess at the publisher and a repost were the newest words in English."""
    ledger = show("2026-01-18").ledger
    for day in ("2014-12-27", "2017-11-30", "2019-12-10", "2025-07-21", "2026-01-18", "2026-03-12"):
        offered = {briefing.item_of(said): said for said in briefing.quotable(show(day))}
        for quotation in told(day).quotations:
            said = offered[quotation.item]
            claims = claims_quoting(ledger).get((said.source.source, said.quotation), ())
            assert said.source.grade in ("A", "B")
            assert said.source.url
            assert not said.weak
            assert said.speaker != "press"
            assert not claims or {claim.basis for claim in claims} != {Basis.REPORTED}
    assert "E051" not in [quotation.item for quotation in told("2019-12-10").quotations]
    assert [quotation.item for quotation in told("2026-01-18").quotations] == ["G2", "G3"]
    mine = told("2026-01-18", options=Options(quotes=("G1",)))  # chosen, it is there
    assert "The New Region (inferred)" in mine.quotations[0].by


def test_the_sources_of_words_have_the_first_numbers() -> None:
    """A list that has no room for all begins with those that stand behind a sentence, not behind a whole category."""
    made = told("2026-01-18")
    lines: list[Any] = [*made.quotations, *made.phases]
    words = {number for line in lines for number in line.cited}
    assert words == set(range(1, len(words) + 1))


def test_only_a_headline_is_a_headline() -> None:
    sources = show("2026-01-18").ledger.sources
    headed = {key: evidence.numbered(source, 1).headed for key, source in sources.items()}
    assert {sources[key].title_basis for key, one in headed.items() if one} >= {"shown"}
    assert not any(headed[key] for key in sources if sources[key].title.startswith("("))
    assert not any(headed[key] for key in sources if sources[key].title_basis.startswith("from URL"))


def test_the_sources_of_a_category_are_those_that_decide_its_sites() -> None:
    made = told("2026-01-18")
    names = {source.number: source.source for source in made.sources}
    for item in made.legend:
        rows = [row for row in made.rows if row.category is item.category]
        decided = (
            {names[n] for row in rows for n in row.cited}
            if item.category is not Category.NOT_SOURCED
            else set()
        )
        assert {names[n] for n in item.cited} == decided
    erbil = next(row for row in made.rows if row.site == "erbil-ab")
    state = next(s for s in control.control_at(ledger(), dt.date(2026, 1, 18)) if s.site == "erbil-ab")
    assert {names[n] for n in erbil.cited} == set(state.sources)


def test_two_days_are_drawn_as_the_later_one_beside_the_earlier() -> None:
    made, other = told("2020-12-31", **YEAR), told("2020-01-01", compare=dt.date(2020, 12, 31))
    assert made == other
    assert [phase.label for phase in made.phases] == ["2020 consolidation"]
    assert {quotation.item for quotation in made.quotations} == {"E039.P079", "E041.P076"}
    changed = {mark.site for mark in made.marks if mark.changed}
    assert changed == {line.site for line in made.changes}
    assert len(changed) == 8
    taji = next(line for line in made.changes if line.site == "camp-taji")
    assert (taji.before.category, taji.after.category) == (Category.COALITION_FEDERAL, Category.IRAQI_FORCES)
    assert taji.words.endswith("23 August 2020: handed over, Iraqi forces alone")


def test_each_of_two_states_is_as_doubtful_as_on_its_own_day() -> None:
    made, early = told("2026-01-18", compare=dt.date(2019, 12, 10)), told("2019-12-10")
    alone = {mark.site: mark.look for mark in early.marks}
    assert {mark.site: mark.earlier for mark in made.marks} == alone
    assert (alone["al-taqaddum"].weak, alone["al-taqaddum"].stale) == (True, True)
    for site in ("ain-al-asad", "camp-taji", "victoria-bdsc"):
        assert (alone[site].weak, alone[site].stale) == (False, True)
    later, rows = {mark.site: mark.look for mark in made.marks}, {row.site: row.look for row in early.rows}
    for line in made.changes:
        assert line.before == rows[line.site]
        assert line.after == later.get(line.site, line.after)
    assert {site: rows[site] for site in alone} == alone
    assert (rows["fb-saham"].weak, rows["fb-saham"].stale) == (True, False)  # on no map, but in the table
    # Only an earlier mark is hollow there, and its key is told.
    assert not any(mark.weak for mark in made.marks)
    assert {"weak", "stale", "earlier"} <= dict(made.keys).keys()
    assert legend.example("weak", made.marks)[0] == Look(Category.COALITION_FEDERAL, weak=True)


@pytest.mark.parametrize(
    ("moment", "group"),
    [
        (dt.datetime(2026, 1, 17, 14, 5, tzinfo=dt.UTC), "171705C JAN 26"),
        (dt.datetime(2026, 1, 17, 22, 0, tzinfo=dt.UTC), "180100C JAN 26"),
    ],
)
def test_date_time_groups_are_those_of_baghdad(moment: dt.datetime, group: str) -> None:
    assert briefing.group(moment) == group


@pytest.mark.parametrize(
    ("made", "group"),
    [
        (None, "182359C JAN 26"),
        (dt.datetime(2026, 1, 17, 20, 59, tzinfo=dt.UTC), "182359C JAN 26"),
        (dt.datetime(2026, 1, 17, 21, 0, tzinfo=dt.UTC), "180000C JAN 26"),
        (dt.datetime(2026, 1, 18, 11, 5, tzinfo=dt.UTC), "181405C JAN 26"),
        (dt.datetime(2026, 1, 18, 21, 0, tzinfo=dt.UTC), "182359C JAN 26"),
    ],
)
def test_a_briefing_vouches_for_no_hour_that_is_to_come(made: dt.datetime | None, group: str) -> None:
    assert told("2026-01-18", Options(made=made)).date_time_group == group


def test_the_caveat_stays_while_anything_is_not_confirmed() -> None:
    for day in DAYS:
        made = told(day)
        states = control.control_at(ledger(), dt.date.fromisoformat(day))
        assert any(state.span.basis is not Basis.CONFIRMED for state in states)
        assert "What the sources say, not what was." in " ".join(made.caveats)
        numbers = re.findall(r"(?:: |; )(\d+) ", made.caveats[0])
        assert sum(map(int, numbers)) == len(states), made.caveats[0]


def test_what_does_not_count_is_said() -> None:
    narrow = told("2026-01-18", knowledge=Knowledge(known_on=dt.date(2026, 1, 5), without=frozenset({"S0"})))
    assert "had reported by 5 January 2026, without some sources" in narrow.subtitle
    assert any("known-on date" in caveat for caveat in narrow.caveats)
    assert any("without 964media English (S0)" in caveat for caveat in narrow.caveats)
    assert "S0" not in {source.source for source in narrow.sources}
    hidden = told("2026-01-18", hidden=frozenset({"iraqi-forces"}))
    assert hidden.not_drawn[-1] == "Not shown, by choice: “Iraqi forces alone” (13)"
    assert hidden.counter == "9 sites, 7 of them with a known position"


def test_hiding_a_category_changes_no_count_of_another() -> None:
    whole, part = told("2020-09-01", **YEAR), told("2020-09-01", hidden=frozenset({"iraqi-forces"}), **YEAR)
    kept = {item.category: (item.before, item.count) for item in part.legend}
    assert kept == {
        item.category: (item.before, item.count) for item in whole.legend if item.category in kept
    }
    assert Category.IRAQI_FORCES not in kept


def test_the_caveat_stays_though_only_confirmed_sites_are_left() -> None:
    hidden = frozenset({"iraqi-forces", "not-sourced"})
    assert "1 without evidence for more than a year." in told("2026-01-18", hidden=hidden).caveats
    compared = told("2026-01-18", hidden=hidden, compare=dt.date(2015, 6, 1))
    assert any(caveat.startswith("What the sources say, not what was.") for caveat in compared.caveats)


def test_quotations_are_verbatim_and_chosen_by_name() -> None:
    made = told(options=Options(quotes=("G2", "G1")))
    assert (
        made.quotations[0].text
        == "these sites are now under the full administration of the Iraqi security forces."
    )
    assert made.quotations[0].original == ledger().sentences["G2"].arabic
    assert told(options=Options(quotes=())).quotations == ()
    with pytest.raises(QuestionError, match="there is no quotation “nothing” in this view; there are"):
        told(options=Options(quotes=("nothing",)))


def offered() -> list[str]:
    return [briefing.item_of(said) for said in briefing.quotable(show())]


def test_every_quotation_that_is_offered_has_a_name_of_its_own() -> None:
    for day in DAYS:
        names = [briefing.item_of(said) for said in briefing.quotable(show(day))]
        assert len(names) == len(set(names))


def test_a_quotation_that_is_proposed_is_no_more_than_a_year_old() -> None:
    assert [quotation.item for quotation in told("2026-01-18").quotations] == ["G2", "G3"]
    assert told("2014-01-01").quotations == ()
    assert "E029" in [briefing.item_of(said) for said in briefing.quotable(show("2014-01-01"))]


def test_of_a_site_its_own_words_are_proposed_and_none_about_another() -> None:
    for site, items in (("camp-taji", ["E039.P079"]), ("k1", ["E055.P065"]), ("speicher", [])):
        assert [quotation.item for quotation in told("2020-08-23", site=site).quotations] == items


def test_rival_accounts_are_told() -> None:
    for day, names in (
        ("2019-12-31", []),
        ("2020-08-23", ["Al-Qaim"]),
        ("2026-01-18", ["Ain al-Asad", "Joint Operations Command", "Al-Qaim"]),
    ):
        states = control.control_at(ledger(), dt.date.fromisoformat(day))
        assert {ledger().sites[state.site].short_name for state in states if state.span.rivals} == set(names)
        told_of = [caveat for caveat in told(day).caveats if caveat.startswith("There are rival accounts of")]
        assert len(told_of) == bool(names)
        assert all(name in told_of[0] for name in names)


def test_a_quotation_of_a_later_day_is_not_offered() -> None:
    assert "G1" in offered()
    assert "G1" not in [briefing.item_of(said) for said in briefing.quotable(show("2026-01-17"))]


def test_the_link_leads_back_to_the_view() -> None:
    more = {"site": "camp-taji", "hidden": frozenset({"not-sourced"}), **YEAR}
    made = told("2020-12-31", Options(address="https://a.example/x", extent=Extent(7.5, 33.3, 44.4)), **more)
    assert made.permalink.startswith("https://a.example/x/?")
    for part in (
        "as_of=2020-12-31",
        "compare=2020-01-01",
        "site=camp-taji",
        "hide=not-sourced",
        "map=7.5/33.3/44.4",
    ):
        assert part in made.permalink
    assert told().permalink == "/?as_of=2026-01-18"


def test_it_does_not_depend_on_the_day_on_which_it_is_made() -> None:
    state = ViewState(dt.date(2026, 1, 18), site="camp-singara")
    made = [
        briefing.compose(view.build(ledger(), state, now=now), Options())
        for now in (NOW, dt.date(2026, 4, 1), dt.date(2031, 1, 1))
    ]
    assert made[0] == made[1] == made[2]


def test_the_map_in_words_names_every_site() -> None:
    made = told("2026-01-18")
    for site in ledger().sites.values():
        assert site.short_name in made.alternative


def test_an_account_tells_what_decides() -> None:
    made = told("2026-01-18", site="ain-al-asad")
    assert made.account is not None
    assert made.account.words == "Iraqi forces alone"
    assert all(numbers for _, numbers in made.account.lines)


def test_days_before_anything_is_known_are_briefed_too() -> None:
    early = view.build(ledger(), ViewState(dt.date(2014, 1, 1)), now=NOW)
    made = briefing.compose(early, Options())
    assert made.headline == "No source places the coalition at any of the sites."
    assert made.quotations == ()

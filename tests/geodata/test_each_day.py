"""Two clocks: on each day only what had been reported by then, beside what is known today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import control
from geodata.control import Held, Life, State, control_at, lives, state_on
from geodata.differences import apart
from geodata.errors import QuestionError
from geodata.knowledge import EVERYTHING, Knowledge
from geodata.model import Coalition, Controller
from tests.geodata import build
from tests.geodata.test_control_properties import CALM, any_claim, any_claims, days_that_matter, made, on

if TYPE_CHECKING:
    from geodata.model import Claim, Ledger

EACH_DAY = Knowledge(each_day=True)
DAY = dt.timedelta(days=1)


def around(days: set[dt.date]) -> list[dt.date]:
    """Return the days with the day before and the day after each."""
    near = {day + step * DAY for day in days - {dt.date.min, dt.date.max} for step in (-1, 0, 1)}
    return sorted(near | days)


def relevant(ledger: Ledger, life: Life) -> list[dt.date]:
    """Return every day on which a site's state can differ from the day before, with its neighbours."""
    reports = {s.published.last for s in ledger.sources.values() if s.published}
    return around({*days_that_matter(life), *reports})


def told(state: State) -> State:
    """Return the state without the days over which its span stretches: what is known cuts a span in two."""
    return replace(state, span=state.span._replace(first=dt.date.min, last=dt.date.max))


def agree(ledger: Ledger, knowledge: Knowledge) -> None:
    """Check every relevant day of every site against the question asked of that day alone."""
    found = lives(ledger, knowledge)
    for day in sorted({day for life in found.values() for day in relevant(ledger, life)}):
        for alone in control_at(
            ledger, day, day, knowledge.without,
            and_derived=knowledge.and_derived, without_grades=knowledge.without_grades,
        ):  # fmt: skip
            assert told(state_on(ledger, found[alone.site], day)) == told(alone), f"{alone.site} on {day}"


@st.composite
def corrected_claims(draw: st.DrawFn) -> tuple[Claim, ...]:
    """Claims of which some correct others, reported earlier, later or never."""
    claims = list(draw(any_claims()))
    for number in range(draw(st.integers(0, 2))):
        if claims:
            old = draw(st.sampled_from(claims))
            new = draw(any_claim(f"N{number}"))
            claims.append(new.model_copy(update={"supersedes": old.claim}))
    return tuple(claims)


def test_two_clocks_at_once_are_refused() -> None:
    with pytest.raises(QuestionError, match="each day has its own"):
        Knowledge(on(0), each_day=True)


def test_the_reader_of_a_day_knows_what_was_reported_by_then() -> None:
    assert Knowledge(each_day=True).on(on(3)) == on(3)
    assert Knowledge(on(1)).on(on(3)) == on(1)
    assert EVERYTHING.on(on(3)) is None


@given(
    claims=corrected_claims(),
    without=st.sampled_from((frozenset[str](), frozenset("A"), frozenset("B"))),
    and_derived=st.booleans(),
)
@settings(CALM, max_examples=60)
def test_each_day_is_what_is_answered_of_that_day(
    claims: tuple[Claim, ...], without: frozenset[str], *, and_derived: bool
) -> None:
    agree(made(claims), Knowledge(each_day=True, without=without, and_derived=and_derived))


@given(corrected_claims())
@CALM
def test_spans_cover_every_day_once(claims: tuple[Claim, ...]) -> None:
    for life in lives(made(claims), EACH_DAY).values():
        assert (life.spans[0].first, life.spans[-1].last) == (dt.date.min, dt.date.max)
        for span, following in pairwise(life.spans):
            assert span.first <= span.last == following.first - DAY
            assert span[2:] != following[2:]  # a report that changes nothing cuts nothing


@given(any_claims())
@CALM
def test_what_is_undated_is_never_known(claims: tuple[Claim, ...]) -> None:
    dated = [claim for claim in claims if claim.source != "D"]
    assert lives(made(claims), EACH_DAY) == lives(made(dated), EACH_DAY)


@given(any_claims())
@CALM
def test_in_the_end_all_that_is_dated_is_known(claims: tuple[Claim, ...]) -> None:
    late = lives(made(claims), Knowledge(dt.date.max))
    for key, life in lives(made(claims), EACH_DAY).items():
        assert life.evidence == late[key].evidence
        assert life.at(dt.date.max)[2:] == late[key].at(dt.date.max)[2:]


def test_the_order_of_the_rows_says_nothing_on_any_day(ledger: Ledger) -> None:
    turned = replace(ledger, claims=ledger.claims[::-1])
    assert lives(turned, EACH_DAY) == lives(ledger, EACH_DAY)


@pytest.mark.parametrize("knowledge", [EACH_DAY, replace(EACH_DAY, without_grades=frozenset("AC"))])
def test_the_ledger_on_each_day_is_what_is_answered_of_that_day(ledger: Ledger, knowledge: Knowledge) -> None:
    agree(ledger, knowledge)


def test_a_site_is_folded_again_only_for_what_is_reported_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """So a ledger of many sites grows with its claims, and not with its claims times its sites."""
    folded: list[str] = []
    fold = control._life

    def counted(ledger: Ledger, site: str, *about: list[Claim]) -> Life:
        folded.append(site)
        return fold(ledger, site, *about)

    monkeypatch.setattr(control, "_life", counted)
    host = Held(Controller.IRAQI_FEDERAL, Coalition.PRESENT)
    sites = [build.site(f"site{n}") for n in range(20)]
    sources = [build.source(f"S{n}", published=str(on(n))) for n in range(60)]
    claims = [
        build.claim(f"C{n}", "observation", "2009-12-01", host, site=f"site{n % 20}", source=f"S{n}")
        for n in range(60)
    ]
    found = lives(build.ledger(claims, sources, sites), EACH_DAY)
    assert len(folded) == len(claims) + len(sites)  # once for each report, once for the days before any
    assert all(len(life.learned) == 4 for life in found.values())


# The ledger ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stretch:
    """Days on which what had been reported by then says another thing than what is known today, and why."""

    site: str
    first: str
    last: str
    then: str
    today: str
    reported: str  # the claims this rests on, each with the day of publication of its source
    why: str


NOT, FED, KUR = "not-sourced", "coalition-federal", "coalition-kurdistan"
IRAQ, PESH, CHANGING, ISIS = "iraqi-forces", "kurdistan-forces", "changing-hands", "islamic-state"
STRETCHES = [
    Stretch("abu-ghraib", "2015-03-31", "2020-04-06", NOT, FED, "E042=2019-03-30 E043.P073=2020-04-07",
            "The French of March 2015 came out in 2019, when two years without news had passed; the handover told of its eve."),
    Stretch("ain-al-asad", "2016-12-21", "2021-12-19", NOT, FED, "E003=2015-01-06 E004=2021-12-20 E005=2021-12-21",
            "Nothing was reported between 20 December 2014 and December 2021: two years were carried, today the two ends bridge it."),
    Stretch("ain-al-asad", "2023-12-21", "2025-08-18", NOT, FED, "E005=2021-12-21 E006=2025-08-19",
            "Again two years after the last evidence; the next, of 18 August 2025, came out the day after."),
    Stretch("ain-al-asad", "2025-09-16", "2025-10-19", NOT, FED, "E009=2025-08-19 E010=2025-10-20",
            "The 15 September announced for the last soldier had passed; on 20 October the prime minister spoke of advisers."),
    Stretch("ain-al-asad", "2025-12-31", "2026-01-12", IRAQ, FED, "E012=2025-12-31 E013=2026-01-14",
            "On 31 December it was claimed that nobody was left; the convoys of 13 January refute it."),
    Stretch("ain-al-asad", "2026-01-13", "2026-01-17", IRAQ, CHANGING,
            "E012=2025-12-31 E014=2026-01-14 E016.P002=2026-01-17 E018.S0=2026-01-18",
            "By then the claim of 31 December, the night to the 14th, then the 17th: each the latest, each complete. "
            "Only with the committee's 18 January do they become rivals about one change."),
    Stretch("al-qaim", "2014-12-31", "2017-10-31", NOT, ISIS, "E046=2020-03-16 E047=2017-11-09",
            "The years under the Islamic State are told in retrospect, weakly in March 2020, and of the eve of its end in 2017."),
    Stretch("al-qaim", "2017-11-01", "2017-11-08", NOT, CHANGING, "E047=2017-11-09",
            "That it was retaken in November was reported on the 9th."),
    Stretch("al-qaim", "2019-12-01", "2020-03-16", NOT, FED, "E048=2017-11-09 E049.P062=2020-03-17",
            "Two years after November 2017 nothing newer had been reported; the handover told of its eve."),
    Stretch("al-qaim", "2020-03-17", "2020-03-18", IRAQ, CHANGING, "E049.P062=2020-03-17 E050=2020-03-19",
            "The coalition's ceremony was on the 17th; that the Iraqi army dates it to the 19th came out that day."),
    Stretch("al-taqaddum", "2015-06-10", "2015-06-10", NOT, FED, "E044.P086=2015-06-11 E044.P085=2015-06",
            "The first report is of the day after; the other is dated to the month, so it counts from the 30th."),
    Stretch("al-taqaddum", "2017-06-11", "2020-04-03", NOT, FED, "E044.P086=2015-06-11 E045.P060=2020-04-04",
            "Two years after June 2015 nothing newer had been reported; the handover told of its eve."),
    Stretch("besmaya", "2017-01-24", "2020-07-24", NOT, FED, "E040=2015-01-23 E041.P076=2020-07-25",
            "Two years after January 2015 nothing newer had been reported; the handover told of its eve."),
    Stretch("camp-singara", "2019-07-31", "2019-11-29", NOT, KUR, "E079=2019-11",
            "What was seen in July was published in November, on a day not recorded, so it counts from the 30th."),
    Stretch("camp-singara", "2021-08-01", "2026-03-11", NOT, KUR, "E079=2019-11 E080.P121=2026-03-12",
            "Two years after July 2019 nothing newer had been reported until March 2026."),
    Stretch("camp-taji", "2014-12-27", "2015-01-05", NOT, FED, "E038=2015-01-06",
            "That training began there was published ten days later."),
    Stretch("camp-taji", "2016-12-28", "2020-08-22", NOT, FED, "E038=2015-01-06 E039.P079=2020-08-23",
            "Two years after December 2014 nothing newer had been reported; the handover told of its eve."),
    Stretch("erbil-ab", "2014-07-03", "2014-07-30", NOT, KUR, "E068=2014-07",
            "The page is dated to the month, so it counts from the 31st."),
    Stretch("erbil-ab", "2017-02-12", "2025-11-25", NOT, KUR, "E070=2015-02-11 E071=2025-11-26",
            "The longest silence: between February 2015 and November 2025 no source of the ledger speaks of it."),
    Stretch("fb-saham", "2019-02-09", "2019-03-05", NOT, FED, "E051=2019-03-06",
            "The one claim about it, a weak one, was published a month later."),
    Stretch("harir", "2023-12-22", "2025-10-19", NOT, KUR, "E083.P047=2021-12-21 E084.P026=2025-10-20",
            "Two years after December 2021 nothing newer had been reported until October 2025."),
    Stretch("jccc-zerevani", "2015-09-02", "2015-09-03", NOT, KUR, "E086.P089=2015-09-04",
            "Published two days later."),
    Stretch("joc-hq", "2025-08-31", "2025-09-29", NOT, FED, "E021=2025-09 E022=2025-10-01",
            "The weak report of 31 August is dated to September, so it counts from the 30th, a day before the next one."),
    Stretch("joc-hq", "2025-12-31", "2026-01-13", FED, CHANGING, "E023=2025-11-26 E024=2026-01-14",
            "That nobody was left there on 31 December was only reported on 14 January."),
    Stretch("joc-hq", "2026-01-14", "2026-01-17", IRAQ, CHANGING, "E024=2026-01-14 E025.S0=2026-01-18",
            "Then that report stood alone; the committee's date of 18 January makes it one of two rivals."),
    Stretch("k1", "2014-12-31", "2017-10-15", NOT, PESH, "E052=",
            "Its one source bears no date and counts on no day of this clock."),
    Stretch("k1", "2017-10-16", "2017-10-16", NOT, IRAQ, "E053=", "The same undated source."),
    Stretch("k1", "2017-10-17", "2017-12-30", NOT, CHANGING, "E053= E054=2020-03-29",
            "That the coalition came in 2017 was told in a report on its leaving."),
    Stretch("k1", "2017-12-31", "2020-03-28", NOT, FED, "E054=2020-03-29 E055.P065=2020-03-29",
            "The presence first becomes known with the report on its end."),
    Stretch("makhmour-malaqara", "2026-03-12", "2026-03-12", NOT, KUR, "E067.P123=2026-03-13",
            "Published the day after."),
    Stretch("nineveh-ops", "2014-12-31", "2016-12-31", NOT, ISIS, "E060.1=2020-03-30",
            "The years under the Islamic State are told in a report on the handover."),
    Stretch("nineveh-ops", "2017-01-01", "2017-12-30", NOT, CHANGING, "E060.2=2020-03-30", "The same report."),
    Stretch("nineveh-ops", "2020-03-29", "2020-03-29", NOT, FED, "E061.P069=2020-03-30",
            "The handover is the first to speak of its eve."),
    Stretch("qayyarah-west", "2014-12-31", "2016-06-30", NOT, ISIS, "E056=2017-03-19",
            "A report of March 2017 tells of 2014."),
    Stretch("qayyarah-west", "2016-07-01", "2016-07-30", NOT, CHANGING, "E057=2017-03-19", "The same report."),
    Stretch("qayyarah-west", "2016-07-31", "2016-09-30", NOT, IRAQ, "E057=2017-03-19 E058.P092=2016-10-26",
            "The same report; the first one known is of 26 October 2016."),
    Stretch("qayyarah-west", "2016-10-01", "2016-10-25", NOT, CHANGING, "E058.P092=2016-10-26",
            "That the coalition came in October was reported on the 26th."),
    Stretch("qayyarah-west", "2018-11-01", "2020-03-25", NOT, FED, "E058.P092=2016-10-26 E059.P063=2020-03-26",
            "Two years after October 2016 nothing newer had been reported; the handover told of its eve."),
    Stretch("union-iii", "2025-07-21", "2025-07-30", NOT, FED, "E026.P104=2025-07 E026.P105=2025-07",
            "Both pages are dated to the month, so they count from the 31st."),
    Stretch("union-iii", "2025-10-01", "2026-01-17", NOT, FED, "PH-1.P037=2024-09-27/2024-09-28 G001=2026-01-18",
            "The promised 30 September had passed; only the general statement says what came of it."),
    Stretch("victoria-bdsc", "2011-12-03", "2014-06-30", IRAQ, NOT, "E029=2011-12-02 E030=2014-07-03",
            "An ended presence holds until somebody says otherwise. Today somebody does, and the return is undated: "
            "a day on which less is known today."),
    Stretch("victoria-bdsc", "2014-07-01", "2014-07-02", IRAQ, FED, "E029=2011-12-02 E030=2014-07-03",
            "The return was reported two days later."),
    Stretch("victoria-bdsc", "2016-07-02", "2024-09-30", NOT, FED, "E030=2014-07-03 E031=2024-10-01",
            "Two years after July 2014 nothing newer had been reported until October 2024."),
    Stretch("victoria-bdsc", "2025-10-01", "2025-10-19", NOT, FED, "PH-1.P037=2024-09-27/2024-09-28 E033=2025-10-20",
            "The promised 30 September had passed; on 20 October the prime minister spoke of advisers."),
]  # fmt: skip


def walked(ledger: Ledger) -> list[tuple[str, str, str, str, str]]:
    """Return the stretches on which the two clocks differ, found by walking from day to day."""
    today, then = lives(ledger), lives(ledger, EACH_DAY)
    found: list[tuple[str, str, str, str, str]] = []
    for key in sorted(today):
        before = None
        for number in range(dt.date(2003, 1, 1).toordinal(), dt.date(2030, 1, 1).toordinal()):
            day = dt.date.fromordinal(number)
            pair = (then[key].at(day).category, today[key].at(day).category)
            if pair[0] is pair[1]:
                before = None
                continue
            first = found.pop()[1] if pair == before else f"{day}"
            found.append((key, first, f"{day}", *pair))
            before = pair
    return found


def test_the_two_clocks_differ_where_it_is_argued_and_nowhere_else(ledger: Ledger) -> None:
    assert walked(ledger) == [(s.site, s.first, s.last, s.then, s.today) for s in STRETCHES]


@pytest.mark.parametrize("stretch", STRETCHES, ids=lambda s: f"{s.site} {s.first}")
def test_the_argument_is_in_the_ledger(ledger: Ledger, stretch: Stretch) -> None:
    """The claims are about the site, and published when the argument says; no report falls into a day before it."""
    for part in stretch.reported.split():
        key, published = part.split("=")
        claim = ledger.claim[key]
        day = ledger.sources[claim.source].published
        assert (day.text if day else "") == published
        assert claim.site == stretch.site or stretch.site in claim.scope or claim.kind == "general"
    assert stretch.why.endswith(".")


@pytest.mark.parametrize("stretch", STRETCHES, ids=lambda s: f"{s.site} {s.first}")
def test_the_day_before_the_days_and_the_day_after(ledger: Ledger, stretch: Stretch) -> None:
    first, last = dt.date.fromisoformat(stretch.first), dt.date.fromisoformat(stretch.last)

    def shown(day: dt.date) -> tuple[str, str]:
        asked = (control_at(ledger, day, known) for known in (day, None))
        then, today = (next(s.span.category for s in states if s.site == stretch.site) for states in asked)
        return then, today

    for day in {first, last}:
        assert shown(day) == (stretch.then, stretch.today)
    for day in (first - DAY, last + DAY):
        assert shown(day) != (stretch.then, stretch.today)


def test_apart_says_the_same(ledger: Ledger) -> None:
    today, then = lives(ledger), lives(ledger, EACH_DAY)
    found = {key: apart(then[key], today[key]) for key in today}
    # The two stretches of the headquarters are one: what is known today is the same in both.
    assert sum(map(len, found.values())) == len(STRETCHES) - 1
    for stretch in STRETCHES:
        first, last = dt.date.fromisoformat(stretch.first), dt.date.fromisoformat(stretch.last)
        assert any(a <= first and last <= b and c == stretch.today for a, b, c in found[stretch.site])


def test_sites_of_which_the_two_clocks_say_the_same(ledger: Ledger) -> None:
    """Published the day they tell of, or never more than not sourced."""
    assert set(ledger.sites) - {s.site for s in STRETCHES} == {
        "balad",
        "makhmour-swift",
        "mosul-dam",
        "speicher",
    }


def test_the_last_evidence_on_a_day_is_what_had_been_reported_by_then(ledger: Ledger) -> None:
    then, today = lives(ledger, EACH_DAY)["joc-hq"], lives(ledger)["joc-hq"]
    for day, known, now in (
        ("2026-01-13", "E023", "E024"), ("2026-01-14", "E024", "E024"), ("2025-09-29", None, "E021"), ("2025-09-30", "E021", "E021"),
    ):  # fmt: skip
        found = [life.last_evidence(dt.date.fromisoformat(day)) for life in (then, today)]
        assert [claim.claim if claim else None for claim in found] == [known, now], day

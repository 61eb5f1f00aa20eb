"""Who held which site: the golden of 40 days, and the days around every change that readers will look up."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import re
from typing import TYPE_CHECKING

import pytest

from geodata import control, dates
from geodata.control import Category, Held, Reason, control_at
from geodata.errors import QuestionError
from geodata.model import Basis, Coalition, Controller
from tests.geodata import build
from tests.geodata.conftest import GOLDENS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geodata.model import Claim, Ledger

Lives = dict[str, control.Life]

NS, CF, CK, CH = "not-sourced", "coalition-federal", "coalition-kurdistan", "changing-hands"
IF, KF, IS = "iraqi-forces", "kurdistan-forces", "islamic-state"

DAYS = (
    "2014-01-01", "2014-12-31", "2015-06-30", "2016-07-15", "2016-10-15", "2017-06-30", "2017-10-15", "2017-10-16",
    "2017-10-17", "2018-01-01", "2019-03-01", "2020-03-16", "2020-03-17", "2020-03-18", "2020-03-19", "2020-03-25",
    "2020-03-26", "2020-03-28", "2020-03-29", "2020-03-30", "2020-04-03", "2020-04-04", "2020-04-07", "2020-07-25",
    "2020-08-23", "2021-12-31", "2025-09-20", "2025-10-01", "2025-12-31", "2026-01-12", "2026-01-13", "2026-01-14",
    "2026-01-17", "2026-01-18", "2026-01-19", "2026-03-02", "2026-03-12", "2026-09-30", "2026-10-01", "2026-11-20",
)  # fmt: skip
"""The days of the golden: the first and the last covered, and those on which something turns."""


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def category(found: Lives, site: str, on: str) -> str:
    return found[site].at(day(on)).category.value


def days_from(first: str, last: str) -> Iterator[str]:
    for number in range(day(first).toordinal(), day(last).toordinal() + 1):
        yield dt.date.fromordinal(number).isoformat()


def asked(
    ledger: Ledger,
    site: str,
    on: str,
    known_on: str | None = None,
    without: Iterable[str] = (),
    *,
    and_derived: bool = False,
) -> control.State:
    known = day(known_on) if known_on else None
    (state,) = (
        s for s in control_at(ledger, day(on), known, without, and_derived=and_derived) if s.site == site
    )
    return state


def golden() -> Iterator[tuple[str, str, str, str]]:
    with (GOLDENS / "control_40_days.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for on in DAYS:
                if row["first_day"] <= on <= row["last_day"]:
                    yield row["site"], on, row["category"], row["because"]


# The golden ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", DAYS)
def test_all_sites_on_the_days_that_matter(ledger: Ledger, on: str) -> None:
    wanted = {site: (what, because) for site, d, what, because in golden() if d == on}
    found = {state.site: state.span.category.value for state in control_at(ledger, day(on))}
    assert set(found) == set(wanted)
    wrong = [
        f"{site}: {found[site]}, not {what}. {why}"
        for site, (what, why) in wanted.items()
        if found[site] != what
    ]
    assert not wrong, "\n".join(wrong)


def test_the_golden_argues_every_cell_once(ledger: Ledger) -> None:
    cells = [(site, on) for site, on, _, _ in golden()]
    assert len(DAYS) == 40
    assert len(cells) == len(set(cells)) == 880 == len(DAYS) * len(ledger.sites)
    named = set(ledger.claim) | {event for claim in ledger.claims for event in claim.event}
    for site, _, _, because in golden():
        cited = set(re.findall(r"(?:[EGR]\d{3}|PH-\w+)(?:\.\w+)?", because))
        assert cited, f"{site}: no claim named in {because!r}"
        assert cited <= named, f"{site}: no such claim: {cited - named}"


# The eight transfers of 2020 -------------------------------------------------------------------------------

TRANSFERS = {
    "al-qaim": {"2020-03-16": CF, "2020-03-17": CH, "2020-03-18": CH, "2020-03-19": IF, "2020-03-20": IF},
    "qayyarah-west": {"2020-03-25": CF, "2020-03-26": IF, "2020-03-27": IF},
    "k1": {"2020-03-28": CF, "2020-03-29": IF, "2020-03-30": IF},
    "nineveh-ops": {"2020-03-28": NS, "2020-03-29": CF, "2020-03-30": IF, "2020-03-31": IF},
    "al-taqaddum": {"2020-04-03": CF, "2020-04-04": IF, "2020-04-05": IF},
    "abu-ghraib": {"2020-04-06": CF, "2020-04-07": IF, "2020-04-08": IF},
    "besmaya": {"2020-07-24": CF, "2020-07-25": IF, "2020-07-26": IF},
    "camp-taji": {"2020-08-22": CF, "2020-08-23": IF, "2020-08-24": IF},
}


@pytest.mark.parametrize(
    ("site", "on", "wanted"), [(s, d, c) for s, row in TRANSFERS.items() for d, c in row.items()]
)
def test_the_transfers_of_2020(ledger: Ledger, site: str, on: str, wanted: str) -> None:
    assert asked(ledger, site, on).span.category == wanted


def test_only_al_qaim_shows_its_transfer_of_2020_as_changing(lives: Lives) -> None:
    for site in TRANSFERS:
        changing = [d for d in days_from("2020-01-01", "2020-12-31") if category(lives, site, d) == CH]
        assert changing == (["2020-03-17", "2020-03-18"] if site == "al-qaim" else [])


def test_both_ceremonies_at_al_qaim_stay_on_record(lives: Lives) -> None:
    during, after = lives["al-qaim"].at(day("2020-03-17")), lives["al-qaim"].at(day("2020-03-19"))
    assert during.decided_by == ("E049.P061", "E049.P062", "E050")
    assert during.was == Held(Controller.IRAQI_FEDERAL, Coalition.PRESENT)
    assert during.becoming == Held(Controller.IRAQI_FEDERAL, Coalition.ABSENT)
    assert (after.decided_by, after.rivals) == (("E050",), ("E049.P061", "E049.P062"))
    assert after.basis is Basis.CONFIRMED  # CJTF-OIR and the Iraqi command, from two roots


# January 2026 ----------------------------------------------------------------------------------------------

JANUARY = {  # from 12 to 19 January 2026
    "ain-al-asad": (CF, CH, CH, CH, CH, CH, IF, IF),
    "joc-hq": (CH, CH, CH, CH, CH, CH, IF, IF),
    "union-iii": (CF, CF, CF, CF, CF, CF, IF, IF),
    "victoria-bdsc": (CF, CF, CF, CF, CF, CF, IF, IF),
}


@pytest.mark.parametrize(
    ("site", "on", "wanted"),
    [
        (site, on, what)
        for site, row in JANUARY.items()
        for on, what in zip(days_from("2026-01-12", "2026-01-19"), row, strict=True)
    ],
)
def test_the_end_of_the_first_phase(ledger: Ledger, site: str, on: str, wanted: str) -> None:
    assert asked(ledger, site, on).span.category == wanted


def test_the_refuted_rival_stays_listed_with_what_refutes_it(lives: Lives) -> None:
    for on in ("2026-01-13", "2026-01-17", "2026-01-18"):
        span = lives["ain-al-asad"].at(day(on))
        assert "E012" in span.rivals
        assert dict(span.refuted) == {"E012": ("E013",)}


def test_the_residual_soldiers_of_17_january_are_a_rival_and_refute_nothing(lives: Lives) -> None:
    span = lives["ain-al-asad"].at(day("2026-01-17"))
    assert span.category is Category.CHANGING_HANDS
    assert "E017" in span.rivals
    assert "E017" not in {by for _, refuting in span.refuted for by in refuting}


def test_the_bases_the_statement_names_rest_on_more_than_the_general_statement(lives: Lives) -> None:
    on = day("2026-01-18")
    assert {site for site in JANUARY if lives[site].at(on).general} == {"union-iii", "victoria-bdsc"}
    assert lives["union-iii"].at(on).decided_by == ("G001",)
    assert lives["ain-al-asad"].at(on).basis is Basis.CONFIRMED
    assert "E018.S0" in lives["ain-al-asad"].at(on).decided_by


def test_the_general_statement_reaches_only_federal_sites_carried_as_hosting(lives: Lives) -> None:
    reached = {s for s, life in lives.items() if any("G001" in span.decided_by for span in life.spans)}
    assert reached == set(JANUARY)


def test_nothing_before_the_deadline_of_the_first_phase_expires_as_known_today(lives: Lives) -> None:
    for site in JANUARY:
        assert {category(lives, site, d) for d in days_from("2025-09-15", "2025-12-30")} == {CF}


# Lives -----------------------------------------------------------------------------------------------------


def sequence(life: control.Life) -> list[str]:
    found = [span.category.value for span in life.spans]
    return [what for what, _ in itertools.groupby(found)]


def test_k1_through_peshmerga_iraqi_coalition_iraqi(lives: Lives) -> None:
    assert sequence(lives["k1"]) == [NS, KF, IF, CH, CF, IF]
    around = {"2014-12-30": NS, "2014-12-31": KF, "2017-10-15": KF, "2017-10-16": IF, "2017-10-17": CH,
              "2017-12-30": CH, "2017-12-31": CF, "2020-03-28": CF, "2020-03-29": IF}  # fmt: skip
    assert {on: category(lives, "k1", on) for on in around} == around


def test_qayyarah_west_through_isis_iraqi_coalition_iraqi(lives: Lives) -> None:
    assert sequence(lives["qayyarah-west"]) == [NS, IS, CH, IF, CH, CF, IF]
    around = {"2014-12-30": NS, "2014-12-31": IS, "2016-06-30": IS, "2016-07-01": CH, "2016-07-30": CH,
              "2016-07-31": IF, "2016-09-30": IF, "2016-10-01": CH, "2016-10-30": CH, "2016-10-31": CF}  # fmt: skip
    assert {on: category(lives, "qayyarah-west", on) for on in around} == around


def test_nineveh_operations_is_not_isis_after_2017(lives: Lives) -> None:
    assert sequence(lives["nineveh-ops"]) == [NS, IS, CH, NS, CF, IF]
    around = {"2014-12-30": NS, "2014-12-31": IS, "2016-12-31": IS, "2017-01-01": CH, "2017-12-30": CH,
              "2017-12-31": NS, "2020-03-28": NS, "2020-03-29": CF, "2020-03-30": IF}  # fmt: skip
    assert {on: category(lives, "nineveh-ops", on) for on in around} == around
    later = [span for span in lives["nineveh-ops"].spans if span.last >= day("2017-12-31")]
    assert all(span.held.controller is not Controller.ISLAMIC_STATE for span in later)


def test_harir_is_disused_then_not_sourced_then_hosting(lives: Lives) -> None:
    assert sequence(lives["harir"]) == [NS, CK, NS]
    assert lives["harir"].at(day("2014-11-12")).held == Held(Controller.NONE, Coalition.ABSENT)
    assert category(lives, "harir", "2021-08-30") == NS
    assert category(lives, "harir", "2021-08-31") == CK
    assert category(lives, "harir", "2024-10-21") == CK  # the page that has it evacuated is rejected


@pytest.mark.parametrize("site", ["erbil-ab", "harir", "camp-singara", "makhmour-malaqara"])
def test_the_kurdistan_region_expires_with_september_2026(lives: Lives, site: str) -> None:
    assert category(lives, site, "2026-09-30") == CK
    span = lives[site].at(day("2026-10-01"))
    assert (span.category, span.reason) == (Category.NOT_SOURCED, Reason.DEADLINE)
    assert span.decided_by == ("E078",)
    assert span.last == dt.date.max


def test_what_is_no_longer_carried_has_no_deadline_to_pass(lives: Lives) -> None:
    assert lives["jccc-zerevani"].at(day("2026-10-01")).reason is Reason.CARRIED_OUT


@pytest.mark.parametrize(
    ("site", "last"),
    [("jccc-zerevani", "2017-09-02"), ("fb-saham", "2021-02-09"), ("mosul-dam", "2021-03-01")],
)
def test_a_presence_is_carried_two_years(lives: Lives, site: str, last: str) -> None:
    assert control.CARRY_YEARS == 2
    assert category(lives, site, last) in {CF, CK}
    after = lives[site].at(day(last) + dt.timedelta(days=1))
    assert (after.category, after.reason) == (Category.NOT_SOURCED, Reason.CARRIED_OUT)


def test_an_ended_presence_is_carried_without_limit(lives: Lives) -> None:
    for site in (*TRANSFERS, "ain-al-asad", "joc-hq", "union-iii", "balad"):
        assert lives[site].at(dt.date.max).category is Category.IRAQI_FORCES


def test_victoria_after_the_war_that_ended_in_2011(lives: Lives) -> None:
    around = {"2011-12-01": NS, "2011-12-02": IF, "2011-12-03": NS, "2014-06-30": NS, "2014-07-01": CF,
              "2026-03-01": IF, "2026-03-02": NS, "2026-03-25": NS}  # fmt: skip
    assert {on: category(lives, "victoria-bdsc", on) for on in around} == around
    span = lives["victoria-bdsc"].at(day("2026-03-02"))
    assert span.reason is Reason.CONTRADICTION
    assert span.decided_by == ("E035.P115", "E035.P116")


def test_an_arrival_starts_on_the_latest_possible_day(lives: Lives) -> None:
    for site, first in (
        ("abu-ghraib", "2015-03-31"),
        ("besmaya", "2015-01-23"),
        ("camp-singara", "2019-07-31"),
    ):
        span = lives[site].spans[1]
        assert span.first == day(first)
        assert span.category in {Category.COALITION_FEDERAL, Category.COALITION_KURDISTAN}
        assert lives[site].spans[0].reason is Reason.BEFORE_FIRST


def test_weak_claims_decide_only_where_nothing_better_speaks_and_say_so(lives: Lives) -> None:
    weak = {site for site, life in lives.items() if any(span.weak for span in life.spans)}
    assert weak == {"al-qaim", "al-taqaddum", "fb-saham", "joc-hq"}
    assert lives["joc-hq"].at(day("2025-09-30")).weak
    assert not lives["joc-hq"].at(day("2025-10-01")).weak
    assert lives["al-taqaddum"].at(day("2015-06-10")).decided_by == ("E044.P085", "E044.P086")


def test_claims_that_say_nothing_about_control_decide_no_state(ledger: Ledger, lives: Lives) -> None:
    silent = {c.claim for c in ledger.claims if "decides no state" in c.note or "decide no state" in c.note}
    assert {claim.split(".")[0] for claim in silent} >= {"E019", "E028", "E036"}
    silent |= {c.claim for c in ledger.claims if c.event in {("E037",), ("E065",)}}
    used = {
        claim for life in lives.values() for span in life.spans for claim in (*span.decided_by, *span.rivals)
    }
    assert not silent & used


def test_rejected_claims_decide_nothing_and_are_no_rivals(lives: Lives) -> None:
    for life in lives.values():
        assert not any(c.claim.startswith("R0") for c in life.evidence)
        assert not any(
            claim.startswith("R0") for span in life.spans for claim in (*span.decided_by, *span.rivals)
        )


def test_every_claimed_state_names_what_decides_it(lives: Lives) -> None:
    for life in lives.values():
        for span in life.spans:
            if span.reason in (Reason.CLAIMS, Reason.CHANGING, Reason.CONTRADICTION, Reason.DEADLINE):
                assert span.decided_by, f"{life.site} {span.first}"
            if span.reason is Reason.CLAIMS and span.category is not Category.NOT_SOURCED:
                assert span.basis, f"{life.site} {span.first}"


# Known on, and sources left out ----------------------------------------------------------------------------

KNOWN_ON = [
    # site, as of, known on, category, why
    ("ain-al-asad", "2025-09-20", "2025-09-18", NS, "the announced 15 September has passed"),
    ("ain-al-asad", "2025-09-15", "2025-09-18", CF, "the announced day itself is still in the promise"),
    ("ain-al-asad", "2025-09-20", None, CF, "advisers are seen on 20 October"),
    (
        "ain-al-asad",
        "2025-09-20",
        "2025-10-20",
        CF,
        "advisers are seen on 20 October, and it was said that day",
    ),
    ("ain-al-asad", "2026-01-05", "2026-01-05", IF, "E012 is not yet refuted"),
    ("ain-al-asad", "2026-01-05", "2026-01-13", IF, "E012 is not yet refuted"),
    ("ain-al-asad", "2026-01-05", "2026-01-14", CF, "the departures of 13 January are reported on the 14th"),
    ("ain-al-asad", "2026-01-13", "2026-01-14", CH, "the night of 13 to 14 January"),
    ("ain-al-asad", "2026-01-14", "2026-01-14", IF, "the night of 13 to 14 January, and no rival yet"),
    ("ain-al-asad", "2026-01-14", "2026-01-17", CH, "the ministry names 17 January"),
    ("ain-al-asad", "2014-11-30", "2014-11-09", NS, "nothing is reported yet"),
    ("joc-hq", "2026-01-05", "2026-01-13", CF, "nothing newer than the residual presence of November"),
    ("joc-hq", "2026-01-05", "2026-01-14", IF, "E024, reported on 14 January, dates it to 31 December"),
    ("joc-hq", "2026-01-05", "2026-01-18", CH, "E025 is a rival date"),
    ("joc-hq", "2026-01-05", None, CH, "31 December or 18 January"),
    ("union-iii", "2025-09-30", "2025-12-01", CF, "the last day of the promise"),
    ("union-iii", "2025-10-01", "2025-12-01", NS, "the promise has passed and nobody speaks of it"),
    ("union-iii", "2025-10-01", None, CF, "the committee ends it only in January"),
    ("al-qaim", "2020-03-17", "2020-03-17", IF, "the second ceremony is not known yet"),
    ("al-qaim", "2020-03-17", "2020-03-19", CH, "two ceremonies"),
    ("erbil-ab", "2026-11-20", "2026-11-20", NS, "no source after March"),
]


@pytest.mark.parametrize(("site", "on", "known_on", "wanted", "why"), KNOWN_ON)
def test_what_our_sources_had_reported_by_then(
    ledger: Ledger, site: str, on: str, known_on: str | None, wanted: str, why: str
) -> None:
    assert asked(ledger, site, on, known_on).span.category == wanted, why


def test_the_passed_announcement_is_named(ledger: Ledger) -> None:
    span = asked(ledger, "ain-al-asad", "2025-09-20", "2025-09-18").span
    assert (span.reason, span.decided_by) == (Reason.DEADLINE, ("E009",))


def test_undated_sources_count_only_without_a_known_on_date(ledger: Ledger) -> None:
    assert ledger.sources["P109"].published is None
    assert asked(ledger, "k1", "2015-01-01").span.category == KF
    assert asked(ledger, "k1", "2015-01-01", "2026-11-20").span.category == NS


def test_a_month_of_publication_counts_from_its_last_day(ledger: Ledger) -> None:
    assert ledger.sources["P104"].published == dates.parse("2025-07")
    without = {"P105"}
    assert asked(ledger, "union-iii", "2025-07-25", "2025-07-30", without).span.category == NS
    assert asked(ledger, "union-iii", "2025-07-25", "2025-07-31", without).span.category == CF


WITHOUT = [
    # site, as of, sources left out, category, why
    ("al-qaim", "2020-03-17", ("P061",), IF, "P061 alone carries the second ceremony"),
    (
        "union-iii",
        "2026-01-18",
        ("S2",),
        NS,
        "S2 alone carries the general statement, so the promise has expired",
    ),
    (
        "union-iii",
        "2025-10-01",
        ("S2",),
        NS,
        "S2 alone carries the general statement, so the promise has expired",
    ),
    ("union-iii", "2026-01-18", ("S2", "P037"), CF, "without the promise, the presence is carried two years"),
    ("victoria-bdsc", "2026-03-02", ("P116",), IF, "P115 alone agrees with the general statement"),
    ("victoria-bdsc", "2026-03-02", ("P115", "P116"), IF, "nothing contradicts the general statement"),
    ("erbil-ab", "2026-10-01", ("P037",), CK, "no primary promise is left, and the presence is carried"),
    ("harir", "2015-01-01", ("P101",), NS, "no source before August 2021"),
    (
        "k1",
        "2020-03-29",
        ("P065", "P066", "P067"),
        IF,
        "retaken in October 2017; the coalition was never seen",
    ),
    ("speicher", "2017-06-30", ("P108",), NS, "a rejected claim less changes nothing"),
]


@pytest.mark.parametrize(("site", "on", "without", "wanted", "why"), WITHOUT)
def test_without_a_source(
    ledger: Ledger, site: str, on: str, without: tuple[str, ...], wanted: str, why: str
) -> None:
    assert asked(ledger, site, on, without=without).span.category == wanted, why


def test_what_derives_from_a_source_left_out_goes_only_if_asked(ledger: Ledger) -> None:
    assert ledger.sources["S1"].derives_from == ("S4",)
    assert ledger.derived(frozenset({"S4"})) == {"S1", "S4"}
    others = {source for source in ledger.sources if source not in {"S1", "S4"}}
    with_rewrite = asked(ledger, "erbil-ab", "2026-01-18", without={*others, "S4"})
    assert (with_rewrite.span.category, with_rewrite.sources) == (Category.COALITION_KURDISTAN, ("S1",))
    alone = asked(ledger, "erbil-ab", "2026-01-18", without={*others, "S4"}, and_derived=True)
    assert (alone.span.category, alone.sources) == (Category.NOT_SOURCED, ())


def test_a_source_that_is_not_there_is_refused(ledger: Ledger) -> None:
    with pytest.raises(QuestionError, match="no source 'P999'"):
        control_at(ledger, day("2026-01-18"), without=["P999"])


# The table of categories -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("controller", "coalition", "wanted"),
    [
        ("iraqi_federal", "present", CF), ("iraqi_federal", "residual", CF), ("iraqi_federal", "absent", IF),
        ("iraqi_federal", "unknown", NS), ("kurdistan_region", "present", CK), ("kurdistan_region", "residual", CK),
        ("kurdistan_region", "absent", KF), ("kurdistan_region", "unknown", NS), ("islamic_state", "absent", IS),
        ("islamic_state", "unknown", IS), ("none", "present", NS), ("none", "residual", NS), ("none", "absent", NS),
        ("none", "unknown", NS), ("unknown", "present", NS), ("unknown", "residual", NS), ("unknown", "absent", NS),
        ("unknown", "unknown", NS),
    ],
)  # fmt: skip
def test_the_category_follows_from_controller_and_coalition(
    controller: str, coalition: str, wanted: str
) -> None:
    assert control.category_of(Held(Controller(controller), Coalition(coalition))) == wanted


def test_last_evidence_is_that_of_the_day_asked_about(ledger: Ledger) -> None:
    assert asked(ledger, "erbil-ab", "2014-01-01").last_evidence is None
    assert asked(ledger, "erbil-ab", "2015-01-23").last_evidence == "2015-01-23"
    assert asked(ledger, "erbil-ab", "2026-11-20").last_evidence == "2026-03-11"
    assert asked(ledger, "speicher", "2026-11-20").last_evidence is None
    assert ledger.last_evidence == day("2026-03-20")


def test_every_site_answers_on_any_day(ledger: Ledger) -> None:
    for on in (dt.date.min, day("1999-12-31"), day("2026-11-20"), dt.date.max):
        states = control_at(ledger, on)
        assert [state.site for state in states] == sorted(ledger.sites)


# Where rules meet --------------------------------------------------------------------------------------------

HOST = Held(Controller.IRAQI_FEDERAL, Coalition.PRESENT)
ALONE = Held(Controller.IRAQI_FEDERAL, Coalition.ABSENT)
KURDISH = Held(Controller.KURDISTAN_REGION, Coalition.PRESENT)


def only(*claims: Claim) -> control.Life:
    return control.lives(build.ledger(claims))["base"]


def sight(key: str, on: str, held: Held, grade: str = "verified") -> Claim:
    return build.claim(key, "observation", on, held, grade=grade)


def promise(grade: str = "verified", **cells: str) -> Claim:
    return build.claim("P", "plan", "2010-03-01", ALONE, HOST, grade=grade, **cells)


def statement(on: str, grade: str) -> Claim:
    return build.claim("G", "general", on, ALONE, HOST, site="", scope="iraqi_federal", grade=grade)


def test_rival_dates_show_even_where_no_older_source_is_left(ledger: Ledger) -> None:
    """The claims themselves say who was there before, so this is no first appearance."""
    older = {"P093", "P144"}
    shown = [
        asked(ledger, "al-qaim", d, without=older).span.category
        for d in days_from("2020-03-15", "2020-03-19")
    ]
    assert shown == [NS, CF, CH, CH, IF]


def test_a_verified_change_is_not_called_weak(lives: Lives) -> None:
    """The change of November 2017 speaks for its own eve; only what lies before rests on the weak claim of 2014."""
    on = {
        d: lives["al-qaim"].at(day(d))
        for d in ("2017-10-30", "2017-10-31", "2017-11-01", "2017-11-15", "2017-11-30")
    }
    assert [span.category for span in on.values()] == [IS, IS, CH, CH, CF]
    assert [span.weak for span in on.values()] == [True, False, False, False, False]
    assert {span.decided_by for span in [*on.values()][1:]} == {("E047",)}


def test_a_passed_promise_leaves_the_state_open() -> None:
    life = only(sight("O", "2010-01-01", HOST), promise())
    assert [life.at(day(d)).category for d in ("2010-03-01", "2010-03-02")] == [CF, NS]
    assert life.at(day("2010-03-02")).decided_by == ("P",)


@pytest.mark.parametrize(
    "plan", [promise("weak"), promise("rejected"), promise(primary="no")], ids=lambda p: p.grade
)
def test_a_weak_promise_and_one_beside_the_primary_text_let_nothing_expire(plan: Claim) -> None:
    seen = sight("O", "2010-01-01", HOST)
    assert only(seen, plan).spans == only(seen).spans


@pytest.mark.parametrize("grade", ["verified", "weak"])
def test_any_later_claim_about_the_site_keeps_a_promise_from_expiring(grade: str) -> None:
    later = sight("W", "2010-06-01", HOST, grade)
    for on in ("2010-03-02", "2010-05-31", "2010-06-01", "2010-12-31"):
        assert only(sight("O", "2010-01-01", HOST), later, promise()).at(day(on)).category == CF


WEAK = {
    "seen before the promised day": sight("W", "2010-02-01", ALONE, "weak"),
    "seen about the promised day": sight("W", "2010-02-20/2010-03-10", ALONE, "weak"),
    "seen after the promised day": sight("W", "2010-06-01", ALONE, "weak"),
    "another holder": sight("W", "2010-02-01", KURDISH, "weak"),
    "a change before": build.claim("W", "change", "2010-02-01", ALONE, HOST, grade="weak"),
    "a change after": build.claim("W", "change", "2010-06-01", ALONE, HOST, grade="weak"),
    "a general statement": statement("2010-06-01", "weak"),
}


@pytest.mark.parametrize("weak", [pytest.param(claim, id=name) for name, claim in WEAK.items()])
def test_a_promise_hands_nothing_over_to_a_weak_claim_either(weak: Claim) -> None:
    seen = sight("O", "2010-01-01", HOST)
    without, with_promise = only(seen, weak), only(seen, weak, promise())
    for on in ("2010-03-01", "2010-03-02", "2010-03-10", "2010-05-31", "2010-06-01", "2010-12-31"):
        allowed = {without.at(day(on)).category, Category.NOT_SOURCED}
        assert with_promise.at(day(on)).category in allowed, on


def test_a_weak_general_claim_does_not_overrule_a_verified_one() -> None:
    seen, general = sight("O", "2010-01-01", HOST), statement("2010-02-01", "weak")
    assert only(seen, general).at(day("2010-03-01")).category is Category.COALITION_FEDERAL
    assert (
        only(seen, statement("2010-02-01", "verified")).at(day("2010-03-01")).category
        is Category.IRAQI_FORCES
    )


def test_a_weak_general_claim_reaches_a_site_carried_as_hosting_by_weak_claims() -> None:
    span = only(sight("O", "2010-01-01", HOST, "weak"), statement("2010-02-01", "weak")).at(day("2010-03-01"))
    assert (span.category, span.weak, span.general) == (IF, True, True)


def test_a_weak_rival_is_listed_all_the_same(lives: Lives) -> None:
    """The United States side dates the end of January 2026 to the 16th: weak, but never dropped."""
    shown = {
        d: "E015" in lives["ain-al-asad"].at(day(d)).rivals for d in days_from("2026-01-12", "2026-01-19")
    }
    assert [d for d, listed in shown.items() if listed] == [*days_from("2026-01-13", "2026-01-19")]
    assert not any("E015" in span.decided_by for span in lives["ain-al-asad"].spans)
    assert not any(span.weak for span in lives["ain-al-asad"].spans if span.first >= day("2026-01-12"))

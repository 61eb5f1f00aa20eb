"""What must hold for any ledger: no gap, no order, no say for plans, and agreement with a naive second fold."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geodata.control import Category, Held, category_of, control_at, lives
from geodata.knowledge import Knowledge
from geodata.model import Coalition, Controller, Grade
from tests.geodata import build, oracle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.control import Life
    from geodata.model import Claim, Ledger

ZERO = dt.date(2010, 1, 1)
CALM = settings(max_examples=60)
HELD = [
    Held(controller, coalition)
    for controller in Controller
    for coalition in Coalition
    if controller is not Controller.ISLAMIC_STATE or coalition in {Coalition.ABSENT, Coalition.UNKNOWN}
]
SOURCED = [held for held in HELD if category_of(held) is not Category.NOT_SOURCED]

GRADES = ("verified", "verified", "weak", "rejected")

# Most days lie close together, so that claims meet; some lie beyond the two years for which a presence is carried.
numbers = st.builds(
    lambda block, within: block + within, st.sampled_from((0, 0, 0, 40, 760)), st.integers(0, 25)
)
held = st.one_of(st.sampled_from(SOURCED), st.sampled_from(SOURCED), st.sampled_from(HELD))


def on(number: int) -> dt.date:
    return ZERO + dt.timedelta(days=number)


@st.composite
def occurred(draw: st.DrawFn) -> str:
    last = draw(numbers)
    return draw(
        st.sampled_from(
            (
                f"{on(last)}",
                f"{on(last)}",
                f"{on(last - draw(st.integers(0, 12)))}/{on(last)}",
                f"../{on(last)}",
                f"{on(last):%Y-%m}",
            )
        )
    )


@st.composite
def simple_claims(draw: st.DrawFn) -> tuple[Claim, ...]:
    """Observations and dated changes at one site, verified; no two changes end on one day."""
    found: list[Claim] = []
    ends: set[dt.date] = set()
    for number in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(("observation", "change")))
        was = draw(st.one_of(st.none(), held)) if kind == "change" else None
        made = build.claim(f"C{number}", kind, draw(occurred()), draw(held), was)
        if kind == "change":
            if made.occurred.last in ends:
                continue
            ends.add(made.occurred.last)
        found.append(made)
    return tuple(found)


SITES = (build.site("base"), build.site("camp", "kurdistan"), build.site("dam", "disputed"))
SOURCES = tuple(
    build.source(key, published=published, agency=agency, derives_from=parents)
    for key, published, agency, parents in (
        ("A", "2010-01-10", "", ""), ("B", "2010-02-20", "Wire", ""), ("C", "2012-03-01", "Wire", "B"), ("D", "", "", "A"),
    )
)  # fmt: skip


@st.composite
def any_claim(
    draw: st.DrawFn,
    key: str,
    kinds: tuple[str, ...] = ("observation", "observation", "change", "general", "plan"),
) -> Claim:
    kind = draw(st.sampled_from(kinds))
    cells: dict[str, str] = {
        "site": draw(st.sampled_from([s.site for s in SITES])),
        "source": draw(st.sampled_from([s.source for s in SOURCES])),
        "grade": draw(st.sampled_from(GRADES)),
        "party": draw(st.sampled_from(("iraq", "us"))),
    }
    to: Held | None = draw(held)
    was = draw(held) if kind in {"general", "plan"} or (kind == "change" and draw(st.booleans())) else None
    if kind == "general":
        cells |= {"site": "", "scope": draw(st.sampled_from(("iraqi_federal", "kurdistan_region")))}
        to, was = (
            Held(Controller(cells["scope"]), Coalition.ABSENT),
            Held(Controller(cells["scope"]), Coalition.PRESENT),
        )
    elif kind == "plan":
        cells |= {"scope": "base dam", "primary": draw(st.sampled_from(("yes", "no", "")))}
    elif kind == "change" and draw(st.booleans()):  # rivals lead to one state, as the check demands
        cells["transition"] = "handover"
        to, was = (
            Held(Controller.IRAQI_FEDERAL, Coalition.ABSENT),
            Held(Controller.IRAQI_FEDERAL, Coalition.PRESENT),
        )
    elif kind == "observation" and draw(st.integers(0, 9)) == 0:
        to = None
    return build.claim(key, kind, draw(occurred()), to, was, **cells)


@st.composite
def any_claims(draw: st.DrawFn) -> tuple[Claim, ...]:
    return tuple(draw(any_claim(f"C{number}")) for number in range(draw(st.integers(0, 9))))


known_days = st.one_of(
    st.none(),
    st.sampled_from([dt.date(2010, 1, 9), dt.date(2010, 1, 10), dt.date(2010, 3, 1), dt.date(2013, 1, 1)]),
)


def folded(claims: Sequence[Claim], known_on: dt.date | None = None) -> dict[str, Life]:
    return dict(lives(made(claims), Knowledge(known_on)))


def made(claims: Sequence[Claim]) -> Ledger:
    return build.ledger(claims, SOURCES, SITES)


def days_that_matter(life: Life) -> list[dt.date]:
    """Return the first and the last day of every span: between them nothing changes."""
    return sorted({day for span in life.spans for day in (span.first, span.last)})


def shown(found: dict[str, Life]) -> dict[str, list[tuple[dt.date, Category]]]:
    """Return what a reader sees: each day on which a site's category changes, and to what."""
    return {
        key: [
            (s.first, s.category)
            for n, s in enumerate(life.spans)
            if n == 0 or life.spans[n - 1].category is not s.category
        ]
        for key, life in found.items()
    }


def days_around(claims: Sequence[Claim]) -> list[dt.date]:
    last = max(c.occurred.last for c in claims)
    first = min(c.occurred.earliest for c in claims)
    near = [first + dt.timedelta(days=n) for n in range(-3, (last - first).days + 4)]
    late = [c.occurred.last + dt.timedelta(days=n) for c in claims for n in range(728, 734)]
    return [dt.date.min, *near, *late, dt.date.max]


@given(simple_claims())
@settings(CALM, max_examples=300)
def test_the_fold_equals_a_naive_walk_from_day_to_day(claims: tuple[Claim, ...]) -> None:
    (life,) = lives(build.ledger(claims)).values()
    points = oracle.points(claims)
    for day in days_around(claims):
        assert life.at(day).category == oracle.category_on(points, day), f"{day}: {life.at(day)}"


@given(any_claims(), known_days)
@CALM
def test_spans_cover_every_day_once(claims: tuple[Claim, ...], known_on: dt.date | None) -> None:
    for life in folded(claims, known_on).values():
        assert (life.spans[0].first, life.spans[-1].last) == (dt.date.min, dt.date.max)
        for span, following in zip(life.spans, life.spans[1:], strict=False):
            assert span.first <= span.last
            assert following.first == span.last + dt.timedelta(days=1)
        for span in life.spans:
            assert span.category in {category_of(span.held), Category.CHANGING_HANDS}
            assert (span.category is Category.CHANGING_HANDS) == (span.becoming is not None)


@given(any_claims(), known_days, st.data())
@settings(CALM, max_examples=30)
def test_a_day_asked_alone_equals_the_spans(
    claims: tuple[Claim, ...], known_on: dt.date | None, data: st.DataObject
) -> None:
    ledger = made(claims)
    found = lives(ledger, Knowledge(known_on))
    days = {day for life in found.values() for day in days_that_matter(life)}
    days |= {on(data.draw(st.integers(-5, 1600))) for _ in range(5)}
    for day in days:
        for state in control_at(ledger, day, known_on):
            assert state.span == found[state.site].at(day)
            assert state.span.first <= day <= state.span.last


@given(any_claims(), st.randoms(use_true_random=False))
@CALM
def test_the_order_of_the_rows_says_nothing(claims: tuple[Claim, ...], random: object) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert folded(shuffled) == folded(claims)


@given(any_claims(), any_claim("plan", ("plan",)), known_days)
@settings(CALM, max_examples=150)
def test_an_announced_plan_hands_nothing_over(
    claims: tuple[Claim, ...], plan: Claim, known_on: dt.date | None
) -> None:
    without, with_plan = folded(claims, known_on), folded([*claims, plan], known_on)
    for key, life in without.items():
        for day in {*days_that_matter(life), *days_that_matter(with_plan[key])}:
            after = with_plan[key].at(day).category
            assert after in {life.at(day).category, Category.NOT_SOURCED}, f"{key} on {day}"


@st.composite
def hosts_with_a_promise(draw: st.DrawFn) -> tuple[tuple[Claim, ...], Claim]:
    """Return claims of all grades about a site that hosted, and a promise to end it: what a promise meets most."""
    host, alone = (Held(Controller.IRAQI_FEDERAL, c) for c in (Coalition.PRESENT, Coalition.ABSENT))
    general = {"site": "", "scope": "iraqi_federal"}
    claims = [build.claim("O", "observation", str(on(draw(st.integers(0, 10)))), host)]
    for number in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(("observation", "change", "general")))
        was = host if kind == "general" or (kind == "change" and draw(st.booleans())) else None
        to = alone if kind == "general" else draw(st.one_of(st.sampled_from((host, alone)), held))
        cells = {"grade": draw(st.sampled_from(("weak", "weak", "verified")))} | (
            general if kind == "general" else {}
        )
        claims.append(build.claim(f"C{number}", kind, draw(occurred()), to, was, **cells))
    return tuple(claims), build.claim("P", "plan", str(on(draw(st.integers(8, 25)))), alone, host)


@given(hosts_with_a_promise())
@settings(CALM, max_examples=100)
def test_a_promise_to_a_host_hands_nothing_over(case: tuple[tuple[Claim, ...], Claim]) -> None:
    claims, plan = case
    (without,), (kept,) = lives(build.ledger(claims)).values(), lives(build.ledger([*claims, plan])).values()
    for day in {*days_that_matter(without), *days_that_matter(kept)}:
        assert kept.at(day).category in {without.at(day).category, Category.NOT_SOURCED}, day


@given(any_claims(), any_claims(), known_days)
@CALM
def test_rejected_claims_change_nothing(
    claims: tuple[Claim, ...], more: tuple[Claim, ...], known_on: dt.date | None
) -> None:
    rejected = [c.model_copy(update={"claim": f"R{c.claim}", "grade": Grade.REJECTED}) for c in more]
    assert folded([*claims, *rejected], known_on) == folded(claims, known_on)


@given(any_claims(), any_claims())
@CALM
def test_what_is_reported_later_changes_nothing(claims: tuple[Claim, ...], more: tuple[Claim, ...]) -> None:
    known_on = dt.date(2010, 2, 28)
    later = [c.model_copy(update={"claim": f"L{c.claim}"}) for c in more if c.source in {"C", "D"}]
    assert folded([*claims, *later], known_on) == folded(claims, known_on)


@given(any_claims(), any_claim("new"), st.data())
@CALM
def test_a_superseded_row_stays_and_no_longer_counts(
    claims: tuple[Claim, ...], new: Claim, data: st.DataObject
) -> None:
    assume(claims)
    old = data.draw(st.sampled_from(claims))
    correcting = new.model_copy(update={"supersedes": old.claim})
    others = [c for c in claims if c is not old]
    corrected, replaced = folded([*claims, correcting]), folded([*others, new])
    assert {key: life.spans for key, life in corrected.items()} == {
        key: life.spans for key, life in replaced.items()
    }


@given(any_claims(), any_claim("new"), st.data())
@CALM
def test_a_correction_counts_from_the_day_it_was_reported(
    claims: tuple[Claim, ...], new: Claim, data: st.DataObject
) -> None:
    assume(claims)
    old = data.draw(st.sampled_from(claims))
    correcting = new.model_copy(update={"supersedes": old.claim, "source": "C"})
    assert folded([*claims, correcting], dt.date(2012, 2, 29)) == folded(claims, dt.date(2012, 2, 29))


@given(any_claims(), st.sets(st.sampled_from("ABCD")))
@CALM
def test_leaving_sources_out_equals_never_having_had_their_claims(
    claims: tuple[Claim, ...], left_out: set[str]
) -> None:
    kept = [c for c in claims if c.source not in left_out]
    assert dict(lives(made(claims), Knowledge(without=frozenset(left_out)))) == folded(kept)
    derived = {"B": {"B", "C"}, "A": {"A", "D"}}
    gone = set().union(*(derived.get(key, {key}) for key in left_out))
    kept = [c for c in claims if c.source not in gone]
    assert dict(lives(made(claims), Knowledge(without=frozenset(left_out), and_derived=True))) == folded(kept)


@given(any_claims())
@CALM
def test_only_changes_make_it_changing(claims: tuple[Claim, ...]) -> None:
    seen = [c for c in claims if c.kind == "observation"]
    for moves in shown(folded(seen)).values():
        assert Category.CHANGING_HANDS not in {category for _, category in moves}


@given(any_claims())
@CALM
def test_a_weak_claim_never_overrules_a_verified_one(claims: tuple[Claim, ...]) -> None:
    """Where verified claims decide a day, weak ones leave it as it is."""
    strong, every = folded([c for c in claims if c.grade is not Grade.WEAK]), folded(claims)
    for key, life in strong.items():
        for day in days_that_matter(life):
            if life.at(day).decided_by and life.at(day).reason != "deadline":
                assert every[key].at(day).category is life.at(day).category

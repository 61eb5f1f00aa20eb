"""The page of promises: every commitment with a date on one axis with the phases, and in words below it."""

import datetime as dt
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from components import hindsight, panels, view, wording
from components.templating import ENVIRONMENT
from components.view import View
from components.view_state import Filters
from geodata import control, dates, promises
from geodata.control import Category, Life
from geodata.dates import Possible
from geodata.knowledge import Knowledge
from geodata.model import Disagreement, Kind, Ledger
from geodata.phases import ENDED, Progress
from geodata.promises import AtSite, Commitment, Delivery, End, Outcome, Standing, Wording

MOST_DRAWN, MOST_LISTED = 40, 40
"""How many commitments the axis draws and how many the list tells in full; the others are counted."""

MOST_NAMED, MOST_WORDINGS, MOST_OFFERED = 8, 20, 150
"""How many sites and claims one commitment names, how many wordings it lists, how many sites the filter offers."""

MOST_KEPT = 50_000
"""How many lives of sites as known on some day are kept for one question."""

WIDE = 8
"""How many times as wide as the others the years are drawn that matter."""

LABELS = {
    Delivery.RUNNING: "still running",
    Delivery.KEPT: "over in time",
    Delivery.LATE: "over late",
    Delivery.UNCERTAIN: "reports differ",
    Delivery.OPEN: "late, still open",
    Delivery.NOT_SOURCED: "outcome not sourced",
    Delivery.NOT_MADE: "made later",
    Delivery.VOID: "rejected or corrected",
}
"""What became of a commitment, in words; the page's search finds these too."""

STANDINGS = {
    Standing.PRIMARY: "primary text",
    Standing.ONLY: "",
    Standing.RECORDED: "as recorded for the phase",
    Standing.TOLD: "",
    Standing.RIVAL: "also said",
    Standing.CORRECTED: "corrected by a later row",
    Standing.REJECTED: "rejected",
}

OUTCOME = re.compile(r"; outcome\b.*$")
"""What the text of a milestone says of its outcome: no part of its name while the deadline is ahead."""

SORTS = {"deadline": "deadline", "slippage": "slippage", "made": "day it was made"}
"""What the list can be sorted by."""


# words


def slippage_words(slippage: tuple[int | None, int]) -> str:
    """Return how far from its deadline something was delivered: "110 days late", "120 to 125 days late"."""
    first, last = slippage
    if first is None:
        return f"at most {wording.days(last)} late" if last > 0 else _apart(last)
    if first == last:
        return _apart(last)
    if first > 0:
        return f"{first:,} to {wording.days(last)} late"
    if last < 0:
        return f"{-last:,} to {wording.days(-first)} early"
    return f"{_apart(first)} to {_apart(last)}"


def _apart(days: int) -> str:
    if not days:
        return "on the day"
    return f"{wording.days(abs(days))} {'late' if days > 0 else 'early'}"


def outcome_words(outcome: Outcome) -> str:
    """Return what became of a deadline, in a few words with its days."""
    if outcome.slippage is not None:
        return slippage_words(outcome.slippage)
    if outcome.left is not None:
        return f"{wording.days(outcome.left)} left" if outcome.left else "due on this day"
    if outcome.past is not None:
        told = {Delivery.OPEN: "still open", Delivery.UNCERTAIN: "changing, reports differ"}
        return f"{wording.days(outcome.past)} past, {told.get(outcome.delivery, 'no source')}"
    return LABELS[outcome.delivery]


def end_words(end: End) -> str:
    """Return when something was over: "18 January 2026", "13 to 18 January 2026"."""
    if end.first is None:
        return f"by {wording.day_words(end.last)}"
    if end.first == end.last:
        return wording.day_words(end.last)
    return dates.words(dates.parse(f"{end.first.isoformat()}/{end.last.isoformat()}"))


def name_of(ledger: Ledger, commitment: Commitment) -> str:
    """Return what a commitment is called: its phase, its sites, or its own words."""
    if commitment.phase:
        return commitment.phase.label
    first = commitment.wordings[0]
    if first.sites:
        return wording.listed(
            [ledger.sites[s].short_name for s in first.sites if s in ledger.sites] or [first.text]
        )
    ahead = commitment.outcome.delivery in (Delivery.RUNNING, Delivery.NOT_MADE)
    text = OUTCOME.sub("", first.text) if ahead else first.text
    return text[:1].upper() + text[1:]


def recorded(commitment: Commitment) -> str:
    """Return the recorded text of a commitment that has no other name, where what it says of the outcome is still ahead."""
    first = commitment.wordings[0]
    named = commitment.phase or first.sites
    ahead = commitment.outcome.delivery in (Delivery.RUNNING, Delivery.NOT_MADE)
    return first.text if not named and ahead and OUTCOME.search(first.text) else ""


# what is shown


def known(shown: View) -> tuple[Commitment, ...]:
    """Return the commitments of a view, before any filter."""
    return _known(shown.ledger, shown.state.knowledge, shown.state.as_of)


@lru_cache(maxsize=16)
def _known(ledger: Ledger, knowledge: Knowledge, day: dt.date) -> tuple[Commitment, ...]:
    lives = _lives_then(ledger, knowledge, day) if knowledge.each_day else view.lives(ledger, knowledge)
    return promises.commitments(ledger, lives, day, knowledge.on(day), knowledge.left_out(ledger))


def _lives_then(ledger: Ledger, knowledge: Knowledge, day: dt.date) -> Mapping[str, Life]:
    """Return the lives of the sites that something was promised about, as known on one day.

    When something ended is asked of one knowledge, so where each day has its own, of that of the day. Only sites
    about which something has been reported since are folded anew.
    """
    with view.FOLDING:
        kept = _kept(ledger, knowledge)
        if len(kept) > MOST_KEPT:
            kept.clear()
        steps = {site: _last_report(ledger, site, day) for site in promises.promised(ledger)}
        new = {site: ledger.sites[site] for site, step in steps.items() if (site, step) not in kept}
        if new:
            claims = {c.claim: c for site in new for c in hindsight.claims_about(ledger, site)}
            part = replace(ledger, sites=new, claims=tuple(claims.values()))
            folded = control.lives(part, replace(knowledge, known_on=day, each_day=False))
            kept |= {(site, steps[site]): life for site, life in folded.items()}
        return {site: kept[site, step] for site, step in steps.items()}


@lru_cache(maxsize=4)
def _kept(ledger: Ledger, knowledge: Knowledge) -> dict[tuple[str, dt.date], Life]:  # noqa: ARG001 - what it is kept for
    """Return the lives folded so far, by site and by the day of the last report about it."""
    return {}


def _last_report(ledger: Ledger, site: str, day: dt.date) -> dt.date:
    reports = _reports(ledger, site)
    upto = bisect_right(reports, day)
    return reports[upto - 1] if upto else dt.date.min


@lru_cache(maxsize=32_768)
def _reports(ledger: Ledger, site: str) -> tuple[dt.date, ...]:
    """Return the days on which something about a site was published."""
    published = (ledger.sources[c.source].published for c in hindsight.claims_about(ledger, site))
    return tuple(sorted({each.last for each in published if each}))


def chosen(shown: View) -> tuple[Commitment, ...]:
    """Return the commitments that the filters leave, in the order asked for."""
    found = [c for c in known(shown) if _fits(shown.ledger, c, shown.state.filters)]
    return tuple(_sorted(found, shown.state.filters.sort))


def _fits(ledger: Ledger, commitment: Commitment, filters: Filters) -> bool:
    words = filters.words.strip().casefold()
    days = [w.deadline.last for w in commitment.wordings] + ([commitment.end.last] if commitment.end else [])
    return (
        (not filters.phase or filters.phase in _phases(commitment))
        and (not filters.about or any(filters.about in w.sites for w in commitment.wordings))
        and (not filters.speaker or any(filters.speaker == w.asserted_by for w in commitment.wordings))
        and (filters.since is None or max(days) >= filters.since)
        and (not words or _matches(ledger, commitment, words))
    )


def _phases(commitment: Commitment) -> tuple[str, ...]:
    """Return the phases that a commitment belongs to: its own, or those whose plans carry the same words."""
    return (commitment.phase.phase,) if commitment.phase else commitment.same_words


def _matches(ledger: Ledger, commitment: Commitment, words: str) -> bool:
    label = LABELS[commitment.outcome.delivery]
    if words in (each.casefold() for each in LABELS.values()):
        return words == label.casefold()
    texts = [name_of(ledger, commitment), label, *commitment.rows]
    for w in commitment.wordings:
        texts += [w.text, w.quotation, w.asserted_by, dates.words(w.deadline)]
        texts += [ledger.sources[source].publisher for source in w.sources]
        texts += [ledger.sites[site].name for site in w.sites if site in ledger.sites]
    return any(words in text.casefold() for text in texts)


def _sorted(found: Iterable[Commitment], sort: str) -> list[Commitment]:
    column, backwards = sort.removeprefix("-"), sort.startswith("-")
    keys: dict[str, Callable[[Commitment], Any]] = {
        "deadline": lambda c: c.deadline.last,
        "slippage": lambda c: _lateness(c.outcome),
        "made": lambda c: c.begun or dt.date.max,
    }
    key = keys.get(column, keys["deadline"])
    ordered = sorted(found, key=lambda c: c.key)
    ordered.sort(key=key, reverse=backwards and column in keys)
    # What can tell nothing in this order stands last in either direction.
    return sorted(ordered, key=lambda c: c.outcome.delivery in (Delivery.NOT_MADE, Delivery.VOID))


def _lateness(outcome: Outcome) -> int:
    if outcome.slippage:
        return outcome.slippage[1]
    return outcome.past if outcome.past is not None else -(outcome.left or 0)


# the axis


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the axis, in percent of its width."""

    year: int
    left: float
    width: float
    wide: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """The years, those that matter drawn wider; within a year a day is as wide as the other."""

    years: tuple[Year, ...]

    def at(self, day: dt.date) -> float:
        """Return where a day begins, in percent; days beyond the axis stand at its ends."""
        first = self.years[0]
        if day.year < first.year:
            return 0.0
        if day.year > self.years[-1].year:
            return 100.0
        year = self.years[day.year - first.year]
        begin = dt.date(day.year, 1, 1)
        length = (dt.date(day.year, 12, 31) - begin).days + 1
        return round(year.left + year.width * (day - begin).days / length, 3)

    def stretch(self, first: dt.date, last: dt.date) -> tuple[float, float]:
        """Return where the days from `first` through `last` begin and how wide they are."""
        left = self.at(first)
        after = 100.0 if last >= dt.date.max else self.at(last + dt.timedelta(days=1))
        return left, round(max(after - left, 0), 3)

    @property
    def narrow(self) -> tuple[tuple[int, int, float, float], ...]:
        """The runs of narrow years: the first, the last, where the run begins and how wide it is."""
        runs: list[list[Year]] = []
        for before, year in pairwise((None, *self.years)):
            if year and not year.wide:
                if before and not before.wide and runs:
                    runs[-1].append(year)
                else:
                    runs.append([year])
        return tuple((run[0].year, run[-1].year, run[0].left, sum(y.width for y in run)) for run in runs)


def axis_of(first: int, last: int, marked: set[int], day: dt.date) -> Axis:
    """Return the axis of the years from `first` through `last`.

    Wide is the latest unbroken run of years in which something was made, due or delivered, or the run of `day` where
    that stands in another; all years are alike where no other is left.
    """
    around = {day.year} if day.year in marked else set()
    end = max(around or {year for year in marked if first <= year <= last}, default=last)
    while end + 1 in marked and end + 1 <= last:
        end += 1
    start = end
    while start - 1 in marked and start - 1 >= first:
        start -= 1
    wide = {*range(start, end + 1)}
    weights = [WIDE if year in wide else 1 for year in range(first, last + 1)]
    unit, left, years = 100 / sum(weights), 0.0, []
    for year, weight in zip(range(first, last + 1), weights, strict=True):
        years.append(Year(year, round(left, 3), round(unit * weight, 3), year in wide))
        left += unit * weight
    return Axis(tuple(years))


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a track, in percent of the axis; a mark without a width is a day."""

    kind: str
    left: float
    width: float = 0.0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """One line of the axis: a commitment, or a phase that promises no end."""

    key: str
    name: str
    due: str
    verdict: str
    tone: str
    marks: tuple[Mark, ...]
    label: float  # where the verdict stands
    right: bool  # whether it ends there or begins


def _track(ledger: Ledger, axis: Axis, commitment: Commitment, day: dt.date) -> Track:
    outcome, deadline, end = commitment.outcome, commitment.deadline.last, commitment.end
    marks = _band(axis, commitment.progress, day) if commitment.progress else []
    far = end.last if end else min(day, deadline)
    begun = commitment.begun
    if begun and begun <= far:
        reached = min(far, deadline) if not end else min(end.first or end.last, deadline)
        marks.append(Mark("made", axis.at(begun)) if commitment.made else Mark("begun", axis.at(begun)))
        marks.append(Mark("course", *axis.stretch(begun, max(reached, begun))))
    marks += _after(axis, outcome, deadline, end, day)
    seen = set()
    for w in commitment.wordings:
        if w.standing not in promises.VOID and w.deadline.last not in seen:
            seen.add(w.deadline.last)
            kind = "deadline" if w.deadline.last == deadline else "rival"
            marks.append(Mark(kind, _close(axis, w.deadline.last), title=f"due {dates.words(w.deadline)}"))
    marks += [
        Mark(f"site f-{category.value}", *axis.stretch(at.end.first or at.end.last, at.end.last), ledger.sites[at.site].short_name)
        for at in commitment.sites[:MOST_NAMED]
        if at.end and commitment.phase
        for category in [Category.IRAQI_FORCES if at.span.category not in ENDED else at.span.category]
    ]  # fmt: skip
    if end:
        left, width = axis.stretch(end.first or end.last, end.last)
        marks.append(Mark("done", round(left + width / 2, 3), width))
    label = max(
        [axis.at(far), *(m.left + m.width for m in marks if m.kind in ("late", "unknown", "open", "done"))]
    )
    others = sorted(
        {w.deadline for w in commitment.wordings if w.deadline.last != deadline}, key=lambda d: d.last
    )
    also = f" · also {', '.join(_short(d) for d in others)}" if others else ""
    return Track(
        key=commitment.key, name=name_of(ledger, commitment), due=f"due {_short(commitment.deadline)}{also}",
        verdict=outcome_words(outcome), tone=outcome.delivery.value, marks=tuple(marks), label=label, right=label > 50,  # noqa: PLR2004
    )  # fmt: skip


def _short(possible: Possible) -> str:
    last = possible.last
    return f"{last.day} {last:%b %Y}" if possible.is_day else dates.words(possible)


def _close(axis: Axis, day: dt.date) -> float:
    """Return where a day ends."""
    left, width = axis.stretch(day, day)
    return round(left + width, 3)


def _band(axis: Axis, progress: Progress, day: dt.date) -> list[Mark]:
    """Return the time of a phase up to the day; open where no end is known."""
    if not progress.started:
        return []
    until = progress.done.last if progress.done else day
    first = progress.phase.start.earliest
    return [Mark("band" if progress.done else "band open", *axis.stretch(first, max(until, first)))]


def _after(axis: Axis, outcome: Outcome, deadline: dt.date, end: End | None, day: dt.date) -> list[Mark]:
    """Return what lies between a deadline and its delivery, or the day where none is known."""
    due = _close(axis, deadline)
    if end:
        done, _ = axis.stretch(end.first or end.last, end.last)
        if outcome.delivery is Delivery.KEPT:
            left = _close(axis, end.last)
            return [Mark("early", left, round(max(due - left, 0), 3))]
        return [Mark("late", due, round(max(done - due, 0), 3))]
    if outcome.delivery is Delivery.RUNNING:
        left = _close(axis, day)
        return [Mark("ahead", left, round(max(due - left, 0), 3))]
    if outcome.past is not None:
        kind = "unknown" if outcome.delivery is Delivery.NOT_SOURCED else "open"
        return [Mark(kind, due, round(max(_close(axis, day) - due, 0), 3))]
    return []


def _axis(shown: View, found: Sequence[Commitment]) -> Axis:
    """Return the axis of all commitments that count, whatever the filters, so that it moves with none but `since`."""
    everything = known(shown)
    state = shown.state
    days = {w.deadline.last for c in everything for w in c.wordings if w.standing not in promises.VOID}
    last = max([shown.today, *(c.deadline.last for c in found), *days]).year
    begun = {c.begun for c in everything if c.begun}
    marked = {d.year for d in days | begun | {c.end.last for c in everything if c.end}}
    first = state.filters.since or shown.first
    return axis_of(min(first.year, state.as_of.year), min(last, shown.today.year + 10), marked, state.as_of)


# the page


@dataclass(frozen=True, slots=True)
class Listed:
    """One commitment as the list tells it."""

    commitment: Commitment
    name: str
    recorded: str
    wordings: tuple[tuple[Wording, Outcome], ...]
    counts: tuple[tuple[str, tuple[AtSite, ...]], ...]
    disagreements: tuple[Disagreement, ...]


def counts(sites: Iterable[AtSite]) -> tuple[tuple[str, tuple[AtSite, ...]], ...]:
    """Return the sites of a commitment by what they show on the day, in words; no group is empty."""
    groups: dict[str, list[AtSite]] = {
        words: []
        for words in ("handed over", "handed over by general statement", "changing, reports differ", "hosting the coalition", "held by ISIS", "not sourced")
    }  # fmt: skip
    for at in sites:
        groups[_shows(at)].append(at)
    return tuple((words, tuple(group)) for words, group in groups.items() if group)


def _shows(at: AtSite) -> str:
    category = at.span.category
    if category in ENDED:
        return "handed over by general statement" if at.span.general else "handed over"
    return {
        Category.CHANGING_HANDS: "changing, reports differ",
        Category.ISLAMIC_STATE: "held by ISIS",
        Category.NOT_SOURCED: "not sourced",
    }.get(category, "hosting the coalition")


@lru_cache(maxsize=4)
def _disagreements(ledger: Ledger) -> dict[str, tuple[Disagreement, ...]]:
    """Return the disagreements by what they name: phases, and claims of their positions."""
    found: dict[str, dict[str, Disagreement]] = {}
    for each in ledger.disagreements.values():
        for phase in each.phases:
            found.setdefault(phase, {})[each.disagreement] = each
    for position in ledger.positions:
        for claim in position.claims:
            found.setdefault(claim, {})[position.disagreement] = ledger.disagreements[position.disagreement]
    return {key: tuple(each.values()) for key, each in found.items()}


def _listed(ledger: Ledger, commitment: Commitment) -> Listed:
    named = _disagreements(ledger)
    touching = {d.disagreement: d for row in commitment.rows for d in named.get(row, ())}
    return Listed(
        commitment=commitment, name=name_of(ledger, commitment), recorded=recorded(commitment),
        wordings=tuple(zip(commitment.wordings, commitment.outcomes, strict=True)),
        counts=counts(commitment.sites), disagreements=tuple(touching.values()),
    )  # fmt: skip


ENVIRONMENT.globals.update(
    promise_outcome=outcome_words, promise_slippage=slippage_words, promise_end=end_words,
    promise_labels=LABELS, promise_standings=STANDINGS,
)  # fmt: skip


def _render(part: str, shown: View, **more: Any) -> str:
    state = shown.state
    return ENVIRONMENT.get_template("promises.html").render(
        part=part, ledger=shown.ledger, as_of=state.as_of, known_on=state.known_on, narrow=state.knowledge.narrow,
        filters=state.filters, most=MOST_NAMED, most_wordings=MOST_WORDINGS, **more,
    )  # fmt: skip


def count_html(shown: View) -> str:
    """Return how many commitments there are on the day, how many of them are shown, and what became of them."""
    everything = known(shown)
    tally = Counter(c.outcome.delivery for c in everything)
    return _render(
        "count", shown, total=len(everything), found=len(chosen(shown)), tally=[(d, tally[d]) for d in Delivery if tally[d]]
    )  # fmt: skip


def filters_html(shown: View) -> str:
    """Return the heading and the controls that narrow the list; they are the same whatever is chosen."""
    return _filters(shown.ledger)


@lru_cache(maxsize=4)
def _filters(ledger: Ledger) -> str:
    plans = [claim for claim in ledger.claims if claim.kind is Kind.PLAN]
    named = {site for plan in plans for site in (*plan.scope, *([plan.site] if plan.site else []))}
    named |= {site for phase in ledger.phases.values() if phase.planned_end for site in phase.sites}
    sites = sorted(named & ledger.sites.keys(), key=lambda site: ledger.sites[site].short_name.casefold())
    speakers = sorted({plan.asserted_by for plan in plans if plan.asserted_by}, key=str.casefold)
    return ENVIRONMENT.get_template("promises.html").render(
        part="filters", ledger=ledger, sites=sites[:MOST_OFFERED], more_sites=len(sites[MOST_OFFERED:]),
        speakers=speakers[:MOST_OFFERED], more_speakers=len(speakers[MOST_OFFERED:]),
        phases=[p for p in ledger.phases.values() if p.planned_end or p.phase in ledger.promises],
    )  # fmt: skip


def chart_html(shown: View) -> str:
    """Return every commitment made by the day on one axis with the phases."""
    found, day = chosen(shown), shown.state.as_of
    made = [c for c in found if c.outcome.delivery not in (Delivery.NOT_MADE, Delivery.VOID)]
    axis, narrowed = _axis(shown, found), _narrowed(shown.state.filters)
    tracks = [_track(shown.ledger, axis, c, day) for c in made[:MOST_DRAWN]]
    bare = [] if narrowed else _bare(shown, axis, {c.key for c in known(shown)})
    focus = next((year.year for year in axis.years if year.wide), None)
    return _render(
        "axis", shown, axis=axis, tracks=tracks, bare=bare, undrawn=len(made) - len(tracks), now=_close(axis, day),
        focus=dt.date(focus, 1, 1) if focus and focus > axis.years[0].year else None, total=len(found),
    )  # fmt: skip


def _narrowed(filters: Filters) -> bool:
    return bool(filters.words or filters.speaker or filters.about or filters.phase)


def _bare(shown: View, axis: Axis, promised: set[str]) -> list[Track]:
    """Return the phases that promise no end and that had begun by the day, those before the axis apart."""
    first = dt.date(axis.years[0].year, 1, 1)
    return [
        Track(p.phase.phase, p.phase.label, "no end promised", "", "none", tuple(_band(axis, p, shown.state.as_of)), 0, right=False)
        for p in shown.progress
        if p.started and p.phase.phase not in promised and (not p.done or p.done.last >= first)
    ]  # fmt: skip


def list_html(shown: View) -> str:
    """Return the commitments in words: every wording of the deadline, what happened, and what says so."""
    found, ledger = chosen(shown), shown.ledger
    standing = shown.state.item
    first = [c for c in found if standing and standing in c.rows]
    ordered = found[:MOST_LISTED]
    listed = [*(c for c in first if c not in ordered), *ordered]
    return _render(
        "list", shown, listed=[_listed(ledger, c) for c in listed], more=len(found) - len(listed),
        total=len(known(shown)), found=len(found), narrowed=_narrowed(shown.state.filters) or bool(shown.state.filters.since),
        sorts=SORTS, sort=shown.state.filters.sort or "deadline",
    )  # fmt: skip


def parts(shown: View) -> list[tuple[str, str]]:
    """Return the page from top to bottom."""
    return [
        ("clock", panels.clock_html(shown)),
        ("promises-filters", filters_html(shown)),
        ("promises-count", count_html(shown)),
        ("promises-axis", chart_html(shown)),
        ("promises-list", list_html(shown)),
    ]

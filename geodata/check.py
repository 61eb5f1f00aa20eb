"""Cross-checks between rows: references, duplicates, dates, positions and quotations."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from geodata import boundaries
from geodata.errors import Problem
from geodata.model import Claim, DatedStatement, Grade, Kind, Milestone, Phase, Rendering, Row, Site, Source

EARLIEST = dt.date(2003, 1, 1)
PAIRS = {"site_names": ("site", "name"), "positions": ("disagreement", "position")}
KEYS = {"sources": "source", "sites": "site", "claims": "claim", "statements": "statement", "sentences": "sentence",
        "renderings": "rendering", "dated_statements": "dated_statement", "phases": "phase", "milestones": "milestone",
        "disagreements": "disagreement", "unknowns": "unknown"}  # fmt: skip
REFERENCES = (  # file, column, file it points into
    ("sources", "derives_from", "sources"), ("site_names", "site", "sites"),
    ("claims", "site", "sites"), ("claims", "source", "sources"), ("claims", "phase", "phases"),
    ("claims", "supersedes", "claims"), ("statements", "sources", "sources"),
    ("sentences", "statement", "statements"), ("sentences", "arabic_source", "sources"),
    ("renderings", "source", "sources"), ("renderings", "statement", "statements"),
    ("renderings", "sentence", "sentences"), ("dated_statements", "source", "sources"),
    ("phases", "sites", "sites"), ("phases", "start_source", "sources"), ("phases", "done_source", "sources"),
    ("phases", "sources", "sources"), ("milestones", "source", "sources"),
    ("disagreements", "sites", "sites"), ("disagreements", "phases", "phases"),
    ("positions", "disagreement", "disagreements"), ("positions", "sources", "sources"),
    ("positions", "claims", "claims"),
)  # fmt: skip

Rows = Mapping[str, Sequence[Row]]
Lines = Mapping[str, Sequence[int]]
Claims = Sequence[tuple[int, Claim]]
"""The claims that no other row corrects, with their line numbers."""


def problems(
    rows: Rows,
    lines: Lines,
    spoilt: Mapping[str, set[str]],
    texts: Path | None = None,
    *,
    unread: Collection[str] = (),
) -> list[Problem]:
    """Return everything wrong between the rows; `lines` holds each row's line number, in the same order.

    `spoilt` holds the identifiers of rows that are not valid themselves: to refer to them is no second fault,
    nor to refer into the files named in `unread`, which could not be read.
    """
    corrected = {row.supersedes for row in rows["claims"] if isinstance(row, Claim) and row.supersedes}
    kept = [
        (line, row)
        for line, row in _each(rows, lines, "claims")
        if isinstance(row, Claim) and row.claim not in corrected
    ]
    known = {name: {getattr(row, key) for row in rows[name]} | spoilt[name] for name, key in KEYS.items()}
    readable = tuple(reference for reference in REFERENCES if reference[2] not in unread)
    found = [*_duplicates(rows, lines), *_same_claims(kept), *_references(rows, lines, known, readable)]
    found += [] if "sites" in unread else _scopes(rows, lines, known)
    if "sites" not in unread and not rows["sites"] and not spoilt["sites"]:
        found.append(Problem("sites.csv", 1, "", "", "there is no site", "a ledger has one site at least"))
    found += [
        *_primaries(kept),
        *_positions(rows, lines),
        *_dates(rows, lines),
        *_transitions(kept),
        *_cycles(rows, lines),
    ]
    if texts is not None:
        found += _quotations(rows, lines, texts)
    return found


def _each(rows: Rows, lines: Lines, name: str) -> Iterator[tuple[int, Row]]:
    return zip(lines[name], rows[name], strict=True)


def _duplicates(rows: Rows, lines: Lines) -> Iterator[Problem]:
    for name, column in KEYS.items():
        first: dict[str, int] = {}
        for line, row in _each(rows, lines, name):
            key = getattr(row, column)
            if key in first:
                yield Problem(
                    f"{name}.csv",
                    line,
                    column,
                    key,
                    f"the identifier stands already in line {first[key]}",
                    "give each row its own",
                )
            first.setdefault(key, line)
    for name, columns in PAIRS.items():
        pairs: dict[tuple[object, ...], int] = {}
        for line, row in _each(rows, lines, name):
            pair = tuple(getattr(row, column) for column in columns)
            if pair in pairs:
                fault = f"the row stands already in line {pairs[pair]}"
                yield Problem(f"{name}.csv", line, columns[-1], str(pair[-1]), fault, "keep one of them")
            pairs.setdefault(pair, line)


def _same_claims(claims: Claims) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], int] = {}
    for line, row in claims:
        same = (str(row.site), row.source, row.occurred.text, row.text, row.quotation)
        if same in seen:
            fault = f"the same claim of the same source stands in line {seen[same]}"
            yield Problem("claims.csv", line, "text", row.text, fault, "keep one row a claim")
        seen.setdefault(same, line)


def _references(
    rows: Rows, lines: Lines, known: Mapping[str, set[str]], readable: Sequence[tuple[str, str, str]]
) -> Iterator[Problem]:
    for name, column, target in readable:
        for line, row in _each(rows, lines, name):
            value = getattr(row, column)
            for key in value if isinstance(value, tuple) else ([value] if value else []):
                if key not in known[target]:
                    yield Problem(
                        f"{name}.csv",
                        line,
                        column,
                        key,
                        f"{target}.csv has no such row",
                        f"use an identifier of {target}.csv, or add the row there",
                    )


def _scopes(rows: Rows, lines: Lines, known: Mapping[str, set[str]]) -> Iterator[Problem]:
    sites = known["sites"]
    for line, row in _each(rows, lines, "claims"):
        if not isinstance(row, Claim):
            continue
        allowed, what = (
            (sites, "sites of sites.csv")
            if row.kind is Kind.PLAN
            else ({"iraqi_federal", "kurdistan_region"}, "a controller")
        )
        for key in row.scope:
            if key not in allowed:
                yield Problem(
                    "claims.csv",
                    line,
                    "scope",
                    key,
                    "the scope names nothing known",
                    f"a {row.kind} claim's scope lists {what}",
                )


def _positions(rows: Rows, lines: Lines) -> Iterator[Problem]:
    for line, row in _each(rows, lines, "sites"):
        if (
            isinstance(row, Site)
            and row.lon is not None
            and row.lat is not None
            and not boundaries.iraq_contains(lon=row.lon, lat=row.lat)
        ):
            swapped = boundaries.iraq_contains(lon=row.lat, lat=row.lon)
            remedy = (
                "lon and lat look exchanged: lon is about 39 to 49, lat 29 to 38"
                if swapped
                else "give a position inside Iraq, or leave lon, lat and radius_m empty"
            )
            yield Problem(
                "sites.csv", line, "lon", f"{row.lon}, {row.lat}", "the position is not inside Iraq", remedy
            )


def _dates(rows: Rows, lines: Lines) -> Iterator[Problem]:
    published = {s.source: s.published for s in rows["sources"] if isinstance(s, Source)}
    dated: tuple[tuple[str, type[Row]], ...] = (
        ("claims", Claim),
        ("milestones", Milestone),
        ("dated_statements", DatedStatement),
    )
    for name, model in dated:
        for line, row in _each(rows, lines, name):
            if not isinstance(row, model):
                continue
            occurred = row.occurred  # type: ignore[attr-defined]
            if occurred.earliest < EARLIEST:
                yield Problem(
                    f"{name}.csv",
                    line,
                    "occurred",
                    occurred.text,
                    "the date lies before anything this ledger is about",
                    f"use a date from {EARLIEST:%Y} on",
                )
            reported = published.get(row.source)  # type: ignore[attr-defined]
            promised = (
                getattr(row, "kind", "") in (Kind.PLAN, "deadline")
                or getattr(row, "grade", "") == Grade.REJECTED
            )
            if reported and not promised and occurred.earliest > reported.last:
                yield Problem(
                    f"{name}.csv",
                    line,
                    "occurred",
                    occurred.text,
                    f"its source was published before that ({reported.text})",
                    "correct the date, or make it a plan",
                )
    for line, row in _each(rows, lines, "phases"):
        if isinstance(row, Phase) and row.done and row.done.last < row.start.earliest:
            yield Problem(
                "phases.csv",
                line,
                "done",
                row.done.text,
                "the phase ends before it starts",
                f"use a date after {row.start.text}",
            )


def _transitions(claims: Claims) -> Iterator[Problem]:
    ends: dict[tuple[str, str], tuple[int, Claim]] = {}
    for line, row in claims:
        if not row.transition or row.kind is not Kind.CHANGE or not row.site or row.grade is Grade.REJECTED:
            continue
        first, other = ends.setdefault((row.site, row.transition), (line, row))
        if (other.to_controller, other.to_coalition) != (row.to_controller, row.to_coalition):
            fault = f"rival claims lead to different states (line {first})"
            remedy = "rivals of one transition differ in date, not in where it leads"
            yield Problem("claims.csv", line, "transition", row.transition, fault, remedy)


def _primaries(claims: Claims) -> Iterator[Problem]:
    """Yield the second primary text of a phase: one deadline drives."""
    first: dict[str, int] = {}
    for line, row in claims:
        if row.primary == "yes" and row.phase and row.grade is not Grade.REJECTED:
            if row.phase in first:
                fault = f"the phase has its primary text in line {first[row.phase]}"
                yield Problem(
                    "claims.csv", line, "primary", row.primary, fault, "write no: its deadline is then shown"
                )
            first.setdefault(row.phase, line)


def _cycles(rows: Rows, lines: Lines) -> Iterator[Problem]:
    def walk(name: str, column: str, parents: Callable[[Row], Sequence[str]], key: str) -> Iterator[Problem]:
        graph = {getattr(row, key): found for row in rows[name] if (found := parents(row))}
        with suppress(CycleError):  # only where there is a circle is it worth walking from each row
            TopologicalSorter(graph).prepare()
            graph = {}
        for line, row in _each(rows, lines, name):
            seen, todo = set(), list(graph.get(getattr(row, key), ()))
            while todo:
                step = todo.pop()
                if step == getattr(row, key):
                    yield Problem(
                        f"{name}.csv", line, column, step, "the row leads back to itself", "break the circle"
                    )
                    break
                if step not in seen:
                    seen.add(step)
                    todo += graph.get(step, ())

    yield from walk("sources", "derives_from", lambda row: row.derives_from, "source")  # type: ignore[attr-defined]
    yield from walk("claims", "supersedes", lambda row: (row.supersedes,) if row.supersedes else (), "claim")  # type: ignore[attr-defined]


def _quotations(rows: Rows, lines: Lines, texts: Path) -> Iterator[Problem]:
    bodies: dict[str, str] = {}
    for line, row in _each(rows, lines, "sources"):
        if isinstance(row, Source) and row.text_file:
            try:
                bodies[row.source] = (texts / row.text_file).read_text("utf-8")
            except (OSError, ValueError) as error:
                encoded = isinstance(error, UnicodeDecodeError)
                yield Problem(
                    "sources.csv",
                    line,
                    "text_file",
                    row.text_file,
                    "the text is not UTF-8" if encoded else "the text is not in the folder of texts",
                    "save it as UTF-8" if encoded else f"put it into {texts.name}/ or empty the cell",
                )
    for name, column in (
        ("renderings", "text"),
        ("dated_statements", "quotation"),
        ("claims", "quotation"),
        ("milestones", "quotation"),
    ):
        for line, row in _each(rows, lines, name):
            quotation, source = getattr(row, column), row.source  # type: ignore[attr-defined]
            if quotation and source in bodies and quotation not in bodies[source]:
                yield Problem(
                    f"{name}.csv",
                    line,
                    column,
                    quotation,
                    f"the words do not stand in the text of {source}",
                    "copy them exactly, quotation marks and spelling included",
                )
            if isinstance(row, Rendering) and row.line and source in bodies:
                body = bodies[source].splitlines()
                if row.line > len(body) or row.text not in body[row.line - 1]:
                    yield Problem(
                        f"{name}.csv",
                        line,
                        "line",
                        str(row.line),
                        "the words do not stand on that line",
                        "give the line on which they stand, counted from 1",
                    )

"""A made-up data folder: every file the loader asks for, the same bytes for the same seed."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING

from geodata.model import FILES
from tools.bench.made_up.chance import Chance
from tools.bench.made_up.claims import TIMES, claims
from tools.bench.made_up.places import site_names, sites
from tools.bench.made_up.publications import Publications

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tools.bench.made_up.places import Cells

CLAIMS_A_SOURCE = 10
FEWEST_SOURCES = 60
DISAGREEMENTS = 24
"""So many points at most are in dispute."""

IN_SCOPE = 200
"""So many sites at most are in a phase's scope."""


def write(folder: Path, *, sites: int, claims: int, seed: int = 1) -> Mapping[str, int]:
    """Write a made-up ledger into `folder` and return the number of rows in each file."""
    rows = ledger(sites, claims, seed)
    folder.mkdir(parents=True, exist_ok=True)
    for file, model in FILES.items():
        with (folder / f"{file}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(model.model_fields), restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[file])
    return {file: len(rows[file]) for file in FILES}


def ledger(count_sites: int, count_claims: int, seed: int) -> dict[str, Sequence[Cells]]:
    """Return the rows of each file; each has a stream of chance of its own, so that one can grow without the others."""

    def chance(of: str) -> Chance:
        return Chance(f"{seed} {of}")

    places = sites(chance("sites"), count_sites)
    publications = Publications(chance("sources"), max(FEWEST_SOURCES, count_claims // CLAIMS_A_SOURCE))
    phases = _phases(publications, places)
    told = claims(chance("claims"), publications, places, count_claims, phases)
    return {
        "sources": publications.rows,
        "sites": places,
        "site_names": site_names(chance("site_names"), count_sites),
        "claims": told,
        "phases": phases,
        **_words(publications),
        **_disagreements(told, phases),
    }


def _phases(publications: Publications, places: Sequence[Cells]) -> list[Cells]:
    """Return one phase for each time in which changes crowd; every second one has promised its end."""
    federal = [str(site["site"]) for site in places if site["region"] == "federal"]
    found: list[Cells] = []
    for number, (first, last) in enumerate(TIMES.values(), start=1):
        source = _source_of(publications, first)
        promised = number % 2 == 0
        found.append(
            {
                "phase": f"MP-{number}", "name": f"Made-up phase {number}", "label": f"Made-up phase {number}",
                "scope": "made up", "sites": " ".join(federal[number::8][:IN_SCOPE]), "start": first.isoformat(),
                "start_words": "made up", "start_source": source,
                "planned_end": (last - dt.timedelta(days=30)).isoformat() if promised else "",
                "planned_end_words": "made up" if promised else "", "done": last.isoformat() if number < len(TIMES) else "",
                "done_words": "made up", "done_source": _source_of(publications, last), "done_note": "made up",
                "sources": source, "note": "This phase is made up.",
            }
        )  # fmt: skip
    return found


def _source_of(publications: Publications, day: dt.date) -> str:
    """Return the first source with a recorded date on `day` or later."""
    days = enumerate(publications.days)
    index = next(
        n for n, each in days if each >= day and publications.rows[n]["published"] == each.isoformat()
    )
    return str(publications.rows[index]["source"])


def _disagreements(told: Sequence[Cells], phases: Sequence[Cells]) -> dict[str, list[Cells]]:
    """Return disagreements about the first changes that rival claims date differently, one position for each date."""
    changes: dict[tuple[object, object], dict[object, list[Cells]]] = {}
    for claim in told:
        if claim.get("transition") and claim["kind"] == "change":
            dates = changes.setdefault((claim["site"], claim["transition"]), {})
            dates.setdefault(claim["occurred"], []).append(claim)
    rivals = [(site, dates) for (site, _), dates in changes.items() if len(dates) > 1][:DISAGREEMENTS]
    disagreements: list[Cells] = []
    positions: list[Cells] = []
    for number, (site, dates) in enumerate(rivals, start=1):
        disagreements.append(
            {
                "disagreement": f"MX{number}", "topic": f"Made-up point {number}", "scope": "made up",
                "assessment": f"About {site}: made up.", "sites": site, "phases": phases[number % len(phases)]["phase"],
                "treatment": "Made up.",
            }
        )  # fmt: skip
        positions += [
            {
                "disagreement": f"MX{number}", "position": side, "held_by": f"Made-up side {side}",
                "sources": " ".join(dict.fromkeys(str(claim["source"]) for claim in claims)), "text": f"Made up: {day}.",
                "claims": " ".join(str(claim["claim"]) for claim in claims),
            }
            for side, (day, claims) in enumerate(dates.items(), start=1)
        ]  # fmt: skip
    return {"disagreements": disagreements, "positions": positions}


def _words(publications: Publications) -> dict[str, list[Cells]]:
    """Return the files about words: a few rows each, about as many as the real ledger has."""
    day = dt.date(2026, 1, 18)
    first = _source_of(publications, day)
    after = [
        str(row["source"]) for row in publications.rows if row["published"] and str(row["source"]) >= first
    ]
    after = after[:4]
    statements: list[Cells] = [
        {
            "statement": f"made-up-{number}", "occurred": day.isoformat(), "speaker": f"Made-up committee {number}",
            "title": f"Made-up statement {number}", "sources": " ".join(after), "note": "",
        }
        for number in (1, 2, 3)
    ]  # fmt: skip
    sentences: list[Cells] = [
        {
            "sentence": f"MS{number}", "statement": f"made-up-{1 + number % 3}", "summary": f"Made-up summary {number}",
            "arabic": f"كلمات مختلقة {number}", "arabic_source": first, "arabic_note": "made up", "difference": "made up",
        }
        for number in range(12)
    ]  # fmt: skip
    renderings: list[Cells] = [
        {
            "rendering": f"Q{number}", "kind": "quotation", "source": after[number % len(after)],
            "statement": f"made-up-{1 + number % 12 % 3}", "sentence": f"MS{number % 12}", "text": f"Made-up quotation {number}",
        }
        for number in range(36)
    ]  # fmt: skip
    milestones: list[Cells] = [
        {
            "milestone": f"MM{number}", "occurred": last.isoformat(), "kind": "deadline" if number % 2 else "event",
            "text": f"Made-up milestone {number}", "source": _source_of(publications, last), "quotation": "made-up words",
            "grade": "verified",
        }
        for number, (_, last) in enumerate(TIMES.values())
    ]  # fmt: skip
    return {
        "statements": statements,
        "sentences": sentences,
        "renderings": renderings,
        "milestones": milestones,
        "dated_statements": [
            {
                "dated_statement": "MD1", "source": first, "occurred": day.isoformat(), "precision": "day",
                "kind": "event", "text": "Made-up event", "quotation": "made-up words",
            }
        ],
        "unknowns": [{"unknown": "MU1", "text": "Everything here is made up."}],
    }  # fmt: skip

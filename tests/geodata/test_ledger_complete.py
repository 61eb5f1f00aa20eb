"""Nothing dropped: the ledger holds every item of the fact base it was made from, and every deviation is named.

The fact base and the articles are not in the repository. Where they lie beside it, every item is compared with
them; everywhere, the counts and the joints of the ledger are.
"""

from __future__ import annotations

import calendar
import collections
import re
from typing import TYPE_CHECKING, Any

import pytest

from geodata import dates
from geodata.errors import LedgerError
from geodata.load import load
from geodata.model import Grade, Kind
from tests.geodata.conftest import facts, texts

if TYPE_CHECKING:
    from geodata.model import Claim, Ledger
    from tests.geodata.conftest import Folder

# Where the ledger says something else than the fact base, on purpose: the reason stands in docs/rules-of-the-fold.md
# or in the row's note.
SITELESS = {"E027", "E034", "E078"}  # about a class of sites or a scope
REDATED = {
    "E009": {"2025-09-15"},
    "E060": {"2014", "2017"},
    "E073": {"2026-09"},
}  # deadlines, and one split in two
REGRADED = {"E044": "weak"}  # authorised, not arrived
REWORDED = {"E027", "E034", "E035", "E060", "E078"}  # said once for all sites, or once for each source or end
RENOTED = {"E016", "E035", "E027", "E028", "E034"}


def test_the_counts() -> None:
    """Kept here so that a lost row is noticed without the fact base."""
    ledger = load()
    events = {event for claim in ledger.claims for event in claim.event}
    assert {f"E{n:03d}" for n in range(1, 87)} | {f"R{n:03d}" for n in range(1, 5)} == events
    assert len(ledger.sources) == 138
    assert collections.Counter(s.kind for s in ledger.sources.values()) == {
        "article": 5,
        "page": 131,
        "package": 2,
    }
    assert len(ledger.sites) == 22
    assert collections.Counter(r.kind for r in ledger.renderings) == {"quotation": 22, "paraphrase": 19}
    assert len(ledger.sentences) == 12
    assert sum(bool(s.arabic) for s in ledger.sentences.values()) == 8
    assert len(ledger.dated_statements) == 33
    assert len(ledger.phases) == 8
    assert len(ledger.milestones) == 23
    assert len(ledger.disagreements) == 24
    assert len(ledger.unknowns) == 12


def test_only_the_four_rejected_claims_are_rejected(ledger: Ledger) -> None:
    assert {c.claim for c in ledger.claims if c.grade is Grade.REJECTED} == {"R001", "R002", "R003", "R004"}


def test_rivals_stand_together(ledger: Ledger) -> None:
    named: dict[str, set[str]] = collections.defaultdict(set)
    for claim in ledger.claims:
        if claim.transition:
            named[claim.transition] |= set(claim.event)
    assert named == {
        "al-qaim-2020": {"E049", "E050"},
        "qayyarah-west-2020": {"E059"},
        "k1-2020": {"E055"},
        "nineveh-ops-2020": {"E061"},
        "al-taqaddum-2020": {"E045"},
        "abu-ghraib-2020": {"E043"},
        "besmaya-2020": {"E041"},
        "camp-taji-2020": {"E039"},
        "federal-2026": {
            "E012",
            "E014",
            "E015",
            "E016",
            "E017",
            "E018",
            "E024",
            "E025",
            "E027",
            "E034",
            "R004",
        },
    }


def test_each_phase_that_moves_sites_has_one_primary_promise(ledger: Ledger) -> None:
    plans = [c for c in ledger.claims if c.kind is Kind.PLAN and c.phase]
    for phase in ("PH-1", "PH-2", "PH-2K"):
        primary = [c for c in plans if c.phase == phase and c.primary == "yes"]
        assert [c.source for c in primary] == ["P037"]
        assert primary[0].occurred == ledger.phases[phase].planned_end
        assert all(c.primary for c in plans if c.phase == phase)
    (first,) = (c for c in plans if c.phase == "PH-1" and c.primary == "yes")
    assert (
        first.scope == ("ain-al-asad", "joc-hq", "union-iii", "victoria-bdsc") == ledger.phases["PH-1"].sites
    )
    (last,) = (c for c in plans if c.phase == "PH-2K" and c.primary == "yes")
    assert set(last.scope) == set(ledger.phases["PH-2K"].sites)
    assert set(last.scope) == {"erbil-ab", "harir", "camp-singara", "makhmour-malaqara", "jccc-zerevani"}


def test_one_wire_is_one_root(ledger: Ledger) -> None:
    assert ledger.root("S1") == ledger.root("S4") == "AFP"
    assert ledger.root("S0") != ledger.root("S2")


# With the fact base at hand --------------------------------------------------------------------------------


def told(name: str) -> list[dict[str, Any]]:
    """Return one list of the fact base; nothing where it is not at hand."""
    found = facts()
    return list(found[name]) if found else []


def worded(text: str | None) -> str:
    """Return a text of the fact base in the words the ledger uses."""
    return (
        (text or "")
        .replace("seeds", "articles")
        .replace("seed", "article")
        .replace("S0-S4", "S0 to S4")
        .replace("inside S0", "inside one article (S0)")
    )


def rows_of(ledger: Ledger) -> dict[str, list[Claim]]:
    rows = collections.defaultdict(list)
    for claim in ledger.claims:
        for event in claim.event:
            rows[event].append(claim)
    return rows


def dated(event: dict[str, Any]) -> str:
    if event["date_end"]:
        return f"{event['date']}/{event['date_end']}"
    return f"../{event['date']}" if event["date_precision"] == "by-deadline" else str(event["date"])


def test_every_event_is_a_claim_of_each_of_its_sources(ledger: Ledger) -> None:
    rows = rows_of(ledger)
    for event in [*told("control_events"), *told("rejected_claims")]:
        key, found = event["id"], rows[event["id"]]
        assert {c.source for c in found} == set(event["source_ids"]), key
        assert {c.site for c in found} == ({None} if key in SITELESS else {event["site_id"]}), key
        assert {c.occurred.text for c in found} == REDATED.get(key, {dated(event)}), key
        assert {c.grade.value for c in found} == {REGRADED.get(key, event["verification"])}, key
        assert {c.asserted_by for c in found} == {event["asserted_by"]}, key
        assert {c.event_type for c in found} == {event["event_type"]} or key in SITELESS | {"E060"}, key
        assert {c.text for c in found} == {event["claim"]} or key in REWORDED, key
        assert not event["quote"] or event["quote"] in {c.quotation for c in found}, key
        assert all(worded(event["conflicts"]) in c.note for c in found) or key in RENOTED, key
        assert all((c.kind is Kind.PLAN) == event.get("is_plan", False) for c in found), key


def test_a_site_named_by_a_scope_is_the_event_s_own(ledger: Ledger) -> None:
    for event in told("control_events"):
        if event["id"] in SITELESS:
            (row,) = rows_of(ledger)[event["id"]]
            sites = (
                row.scope
                if row.kind is Kind.PLAN
                else [s.site for s in ledger.sites.values() if s.region == "federal"]
            )
            assert event["site_id"] in sites


def test_every_source_is_there(ledger: Ledger) -> None:
    assert not told("sources") or [s["id"] for s in told("sources")] == list(ledger.sources)
    for told_source in told("sources"):
        source = ledger.sources[told_source["id"]]
        assert told_source["publisher"].startswith(source.publisher.removesuffix(" (inferred)")), (
            source.source
        )
        assert source.title in told_source["title"], source.source
        assert source.title or "no headline" in source.title_basis, source.source
        assert source.url in told_source["url"], source.source
        assert source.url or not told_source["url"].startswith("http"), source.source
        assert source.grade == told_source["quality"], source.source
        assert worded(source.note) == worded(told_source["notes"]), source.source
        assert (
            source.published_words or (source.published and source.published.text) == told_source["published"]
        )
        assert not source.published_words or source.published_words == told_source["published"]


def test_a_source_the_facts_leave_undated_stays_undated(ledger: Ledger) -> None:
    undated = {
        s["id"]
        for s in told("sources")
        if not re.match(r"\d", s["published"]) or "or later" in s["published"]
    }
    found = {key for key, source in ledger.sources.items() if source.published is None}
    assert found == {"P053", "P055", "P109", "P10A", "P112", "P132", "P143", "K002", "K003"}
    assert not undated or undated == found


def test_every_site_is_there(ledger: Ledger) -> None:
    assert not told("sites") or {s["id"] for s in told("sites")} == set(ledger.sites)
    for told_site in told("sites"):
        site = ledger.sites[told_site["id"]]
        assert (site.name, site.type, site.governorate) == (
            told_site["name"],
            told_site["type"],
            told_site["governorate"],
        )
        assert (site.lat, site.lon) == (told_site["lat"], told_site["lon"]), site.site
        assert site.note == told_site["notes"], site.site
        names = {n.name for n in ledger.site_names if n.site == site.site}
        for name in told_site["aka"]:
            assert any(known in name for known in names), f"{site.site}: {name}"
    assert {key for key, site in ledger.sites.items() if site.lat is None} == {"fb-saham", "mosul-dam"}


def test_every_quotation_and_paraphrase_is_there(ledger: Ledger) -> None:
    renderings = {r.rendering: r for r in ledger.renderings}
    for kind, name in (("quotation", "quotes"), ("paraphrase", "paraphrases")):
        for item in told(name):
            found = renderings[item["id"]]
            assert (found.kind, found.source, found.text) == (kind, item["seed"], item["exact"])
            assert found.sentence == ("" if item["group"] == "none" else item["group"])
            assert item.get("line") == (found.line if kind == "quotation" else None)
            assert found.note == worded(item.get("notes")), item["id"]


def test_every_sentence_is_there_with_its_arabic(ledger: Ledger) -> None:
    for item in told("quote_variants"):
        found = ledger.sentences[item["group"]]
        assert (found.summary, found.difference) == (item["sentence"], worded(item["difference"]))
        assert (found.arabic_source or None) == item["arabic_source"]
        assert (
            item["arabic"].startswith("(not ")
            if not found.arabic
            else item["arabic"].startswith(found.arabic)
        )
        assert bool(found.arabic_note) == (found.arabic != item["arabic"]), item["group"]
        carried = [r.rendering for r in ledger.renderings if r.sentence == item["group"]]
        assert carried == [*item["quotes"], *item["paraphrases"]]


def test_a_missing_arabic_says_why(ledger: Ledger) -> None:
    missing = {s.sentence: s.arabic_note for s in ledger.sentences.values() if not s.arabic}
    archive, nowhere = "Not in any archived excerpt.", "Not found."
    assert missing == {"G7": archive, "G9": archive, "G10": nowhere, "G11": nowhere}


def test_every_dated_statement_is_there(ledger: Ledger) -> None:
    items = [
        (i["seed"], i["date"], i["precision"], i["kind"], i["what"], i["exact"])
        for i in told("seed_dated_statements")
    ]
    found = [
        (d.source, d.occurred.text, d.precision, d.kind, d.text, d.quotation) for d in ledger.dated_statements
    ]
    assert not items or items == found


def test_every_phase_is_there(ledger: Ledger) -> None:
    for item, found in zip(told("phases"), ledger.phases.values(), strict=bool(told("phases"))):
        assert (found.phase, found.name, found.scope, found.note) == (
            item["id"],
            item["name"],
            item["scope"],
            item["notes"],
        )
        assert (found.start_words, found.planned_end_words or None) == (item["start"], item["planned_end"])
        assert (found.done_words or None, list(found.sources)) == (item["actual_end"], item["sources"])


def test_every_milestone_is_there(ledger: Ledger) -> None:
    items = [
        (i["date"], i["what"], i["source_id"], i["quote"], i["verification"]) for i in told("milestones")
    ]
    found = [(m.occurred.text, m.text, m.source, m.quotation, m.grade.value) for m in ledger.milestones]
    assert not items or items == found


def test_every_disagreement_is_there_with_every_position(ledger: Ledger) -> None:
    assert not told("disagreements") or [i["id"] for i in told("disagreements")] == list(ledger.disagreements)
    for item in told("disagreements"):
        found = ledger.disagreements[item["id"]]
        assert (found.topic, found.scope) == (item["topic"], worded(item["scope"]))
        assert found.assessment == worded(item["assessment"])
        held = {p.held_by: p.text for p in ledger.positions if p.disagreement == item["id"]}
        assert held == {who: worded(text) for who, text in item["positions"].items()}


def test_positions_are_numbered_without_a_hole(ledger: Ledger) -> None:
    for disagreement in ledger.disagreements:
        numbers = [p.position for p in ledger.positions if p.disagreement == disagreement]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= 2


def test_every_unknown_is_there(ledger: Ledger) -> None:
    items = [worded(text) for text in (facts() or {}).get("unverified", [])]
    assert not items or items == [u.text for u in ledger.unknowns]


def test_the_dates_quoted_most_are_those_of_the_transfers(ledger: Ledger) -> None:
    items = (facts() or {}).get("quoted_dates_check", [])
    days = {c.occurred.text for c in ledger.claims} | {m.occurred.text for m in ledger.milestones}
    for item in items:
        words = re.search(r"(\d{1,2}) (\w{3}) (\d{4})", item["item"])
        if words:
            number = [*calendar.month_abbr].index(words[2])
            assert f"{words[3]}-{number:02d}-{int(words[1]):02d}" in days, item["item"]


# With the articles at hand ---------------------------------------------------------------------------------


def test_every_quotation_stands_in_its_article() -> None:
    found = texts()
    ledger = load(texts=found)
    checkable = {key for key, source in ledger.sources.items() if source.text_file}
    assert checkable == {"S0", "S1", "S2", "S3", "S4"}
    quoted = {r.source for r in ledger.renderings} | {d.source for d in ledger.dated_statements}
    assert quoted == checkable


def flipped(text: str) -> str:
    """Return the text with one letter in the middle in the other case."""
    at = next(n for n in range(len(text) // 2, len(text)) if text[n].isalpha())
    return text[:at] + text[at].swapcase() + text[at + 1 :]


@pytest.mark.parametrize(
    ("name", "key", "column"),
    [
        ("renderings", "Q0-1", "text"),
        ("renderings", "Q2-5", "text"),
        ("renderings", "Q4-6", "text"),
        ("renderings", "R3-1", "text"),
        ("dated_statements", "A01", "quotation"),
        ("claims", "E018.S0", "quotation"),
        ("claims", "PH-1.S4", "quotation"),
        ("milestones", "M18", "quotation"),
    ],
)
def test_one_flipped_letter_is_found(folder: Folder, name: str, key: str, column: str) -> None:
    (row,) = (row for row in folder.rows(name) if next(iter(row.values())) == key)
    wrong = flipped(row[column])
    folder.change(name, key, **{column: wrong})
    found = folder.problems(texts())
    if texts():
        assert {(p.file, p.line, p.column, p.value) for p in found if p.column == column} == {
            (f"{name}.csv", folder.line(name, key), column, wrong)
        }
    else:
        assert not found


def test_straight_quotation_marks_are_not_curly_ones(folder: Folder) -> None:
    folder.change(
        "renderings",
        "Q2-6",
        text="Iraq's military strength is the fundamental guarantee of regional stability,",
    )
    assert bool(folder.problems(texts())) == bool(texts())


def test_a_text_that_is_not_in_the_folder_of_texts_is_named(folder: Folder) -> None:
    with pytest.raises(LedgerError) as caught:
        load(folder.path, folder.path)
    assert {(p.file, p.column) for p in caught.value.problems} == {("sources.csv", "text_file")}
    assert len(caught.value.problems) == 5


def test_a_text_that_is_not_utf_8_is_named(folder: Folder) -> None:
    checkable = [row for row in folder.rows("sources") if row["text_file"]]
    for row in checkable:
        (folder.path / row["text_file"]).write_bytes("Ain al-Asad\u2019s".encode("utf-16"))
    found = folder.problems(folder.path)
    assert {(p.file, p.line, p.value) for p in found} == {
        ("sources.csv", folder.line("sources", row["source"]), row["text_file"]) for row in checkable
    }
    assert {(p.problem, p.remedy) for p in found} == {("the text is not UTF-8", "save it as UTF-8")}


@pytest.mark.parametrize("name", ["x" * 5_000, "boundaries", ".."])
def test_a_text_no_file_can_hold_is_named(folder: Folder, name: str) -> None:
    (folder.path / "boundaries").mkdir()
    folder.change("sources", "S0", text_file=name)
    found = folder.problems(folder.path)
    assert ("text_file", name) in {(p.column, p.value) for p in found}
    assert {p.problem for p in found} == {"the text is not in the folder of texts"}


def test_the_arabic_name_of_ain_al_asad_is_there(ledger: Ledger) -> None:
    arabic = {n.name: n.site for n in ledger.site_names if n.script == "Arab"}
    assert arabic["عين الأسد"] == "ain-al-asad"
    assert arabic["قيادة العمليات المشتركة"] == "joc-hq"


def test_the_last_day_with_evidence(ledger: Ledger) -> None:
    assert ledger.last_evidence == dates.parse("2026-03-20").last

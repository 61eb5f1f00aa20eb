"""Citations: verbatim, parsed back by others, and nothing in them that is not recorded."""

from __future__ import annotations

import datetime as dt

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware, RemoveEnclosingMiddleware
from hypothesis import given
from hypothesis import strategies as st

from exports import citation
from exports.citation import Citation
from geodata import dates
from geodata.errors import QuestionError
from tests.exports.views import ledger, show
from tests.test_project import ROOT

ITEMS = (
    *(r.rendering for r in ledger().renderings), *ledger().claim, *ledger().sources, *ledger().sentences,
    *(d.dated_statement for d in ledger().dated_statements), *(m.milestone for m in ledger().milestones), *ledger().disagreements, *ledger().phases,
)  # fmt: skip
FREE = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" \n"), max_size=60
)


def bibtex(cited: Citation) -> dict[str, str]:
    """The fields that a parser reads, LaTeX decoded."""
    library = parse_string(
        cited.bibtex(), append_middleware=[LatexDecodingMiddleware(keep_braced_groups=False)]
    )
    assert not library.failed_blocks, cited.bibtex()
    (entry,) = library.entries
    fields = {"key": entry.key, **{field.key: str(field.value) for field in entry.fields}}
    # An address is verbatim in BibTeX: "%" is no comment there.
    (raw,) = parse_string(cited.bibtex()).entries
    return fields | ({"url": str(raw["url"])} if "url" in fields else {})


def ris(cited: Citation) -> dict[str, object]:
    (entry,) = rispy.loads(cited.ris())
    return dict(entry)


@pytest.mark.parametrize("item", ["Q0-1", "E018.S0", "A07", "G4"])
def test_the_quotation_is_verbatim_in_every_form_with_its_language(item: str) -> None:
    cited = citation.of_item(ledger(), item)
    words = {
        "Q0-1": "these sites are now under the full administration of the Iraqi security forces.",
        "A07": "with the remainder leaving by the end of 2026",
        "G4": ledger().sentences["G4"].arabic,
        "E018.S0": ledger().claim["E018.S0"].quotation,
    }[item]
    language = "ar" if item == "G4" else "en"
    for text in (cited.plain(), bibtex(cited)["note"], " ".join(ris(cited)["notes"])):  # type: ignore[arg-type]
        assert f"“{words}” [{language}]" in text


def test_a_rendering_is_cited_by_its_outlet_and_its_speaker() -> None:
    cited = citation.of_item(ledger(), "Q0-1", dt.date(2026, 11, 21))
    source = ledger().sources["S0"]
    assert cited.plain() == (
        "“these sites are now under the full administration of the Iraqi security forces.” [en], said by Higher Military "
        f"Committee. “{source.title}”. 964media English. 18 January 2026. From: Higher Military Committee, Statement on the "
        "evacuation of all bases and headquarters in the federal areas, 18 January 2026. Via Handover Atlas, rendering Q0-1, "
        f"data version {ledger().version}. Accessed 21 November 2026. https://en.964media.com/?p=44318"
    )
    read = bibtex(cited)
    assert (read["key"], read["title"], read["howpublished"]) == (
        "atlas-Q0-1",
        source.title,
        "964media English",
    )
    assert (read["year"], read["month"], read["day"], read["urldate"]) == ("2026", "jan", "18", "2026-11-21")
    record = ris(cited)
    assert (record["title"], record["publisher"], record["date"]) == (
        source.title,
        "964media English",
        "2026/01/18/",
    )
    assert record["type_of_reference"] == "NEWS"
    assert record["access_date"] == "2026/11/21"


def test_every_item_is_read_back_and_nothing_is_filled_in() -> None:
    for item in ITEMS:
        _check(item)


def _check(item: str) -> None:
    cited = citation.of_item(ledger(), item)
    read, record = bibtex(cited), ris(cited)
    assert read["key"] == f"atlas-{item}"
    assert read.get("url", "") == record.get("urls", [""])[0] == cited.url  # type: ignore[index]
    assert "urldate" not in read
    assert "access_date" not in record
    assert ("year" in read) == (cited.published is not None and "/" not in cited.published.text)
    assert ("author" in read) == bool(cited.author)
    assert not any(value.strip() in ("", "None", "not recorded", "n.d.") for value in read.values())
    if source := ledger().sources.get(item):
        assert (cited.author, cited.language, cited.published) == ("", source.language, source.published)
        assert ("title" in read) == bool(source.title)


def test_an_interval_is_no_year() -> None:
    cited = citation.of_item(ledger(), "P037")
    assert cited.published == dates.parse("2024-09-27/2024-09-28")
    assert bibtex(cited)["date"] == "2024-09-27/2024-09-28"
    assert "publication_year" not in ris(cited)
    assert "Published 27 to 28 September 2024" in ris(cited)["notes"]  # type: ignore[operator]


@given(title=FREE, quotation=FREE, url=st.text("ab/?&=%{}\\_#~", max_size=20))
def test_any_text_comes_back_as_it_went(title: str, quotation: str, url: str) -> None:
    cited = Citation(key="atlas-X", title=title, quotation=quotation, url="https://x.org/" + url)
    library = parse_string(cited.bibtex(), parse_stack=[RemoveEnclosingMiddleware()])
    (entry,) = library.entries
    fields = {field.key: str(field.value) for field in entry.fields}
    assert unescaped(fields.get("title", "{}")[1:-1]) == " ".join(title.split())
    if quotation:
        assert unescaped(fields["note"]) == " ".join(f"“{quotation}”".split())
    assert not {"{", "}", "\\"} & set(fields["url"])
    assert ris(cited).get("title", "") == " ".join(title.split())


def unescaped(text: str) -> str:
    """The signs that LaTeX writes for ours, read back; the longest first."""
    for sign, written in sorted(citation.LATEX.items(), key=lambda pair: -len(str(pair[1]))):
        text = text.replace(str(written), f"\0{sign}\0")
    parts = text.split("\0")
    return "".join(chr(int(part)) if index % 2 else part for index, part in enumerate(parts))


def test_the_dashboard_is_cited_with_its_view_and_version() -> None:
    cited = citation.of_view(show(), address="http://localhost/?as_of=2026-01-18")
    assert "Who held each site as of 18 January 2026" in cited.plain()
    assert f"Data version {ledger().version}" in cited.plain()
    assert cited.plain().endswith(" http://localhost/?as_of=2026-01-18")
    read = bibtex(cited)
    assert read["version"] == ledger().version
    assert "year" not in read
    assert ris(cited)["type_of_reference"] == "DATA"
    assert "accessed" not in cited.plain().lower()


def test_it_is_cited_as_citation_cff_says() -> None:
    cff = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    cited = citation.of_view(show())
    assert f'title: "{cited.title}"' in cff
    assert f'- name: "{cited.author}"' in cff
    assert "license: CC-BY-4.0" in cff


def test_an_item_that_is_not_there_is_refused_with_what_would_be_right() -> None:
    with pytest.raises(QuestionError, match="such as Q0-1"):
        citation.of_item(ledger(), "Q99-9")

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from pptx import Presentation
from pptx.enum.dml import MSO_FILL
from pptx.enum.text import PP_ALIGN
from pptx.util import Pt

from components.theme import LABELS
from exports import picture, slide_deck, slide_text, slides
from exports.briefing import Briefing, Quotation, compose
from exports.evidence import ChangeLine, NumberedSource
from exports.glyphs import Look
from exports.options import LAYOUTS, Options
from exports.palette import palette
from geodata.control import Category
from geodata.errors import QuestionError
from tests.exports.views import show

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
COMPARED = dt.date(2019, 12, 1)
CASES: dict[str, tuple[dict[str, Any], Options]] = {
    "slide": ({}, Options(marking="TLP:AMBER", address="https://atlas.example.org")),
    "site": ({"site": "ain-al-asad"}, Options(theme="dark", made=dt.datetime(2026, 1, 18, 14, 5, tzinfo=dt.UTC))),
    "compared": ({"compare": COMPARED, "hidden": frozenset({"not-sourced"})}, Options(theme="grey")),
    "a4": ({}, Options(layout=LAYOUTS["a4"], headline="Ein Satz mit „Ü“ & <Zeichen>")),
    "letter": ({"day": "2026-01-10"}, Options(layout=LAYOUTS["letter"], quotes=())),
    "square": ({}, Options(layout=LAYOUTS["square"], marking="UNCLASSIFIED // OPEN SOURCE")),
}  # fmt: skip


@cache
def case(name: str) -> tuple[Briefing, bytes]:
    asked, options = CASES[name]
    briefing = compose(show(**asked), options)
    return briefing, slides.pptx(briefing)


def opened(body: bytes) -> Any:
    return Presentation(io.BytesIO(body))


def shapes(of: Any) -> Iterator[Any]:
    for shape in of:
        yield shape
        if shape.shape_type is not None and hasattr(shape, "shapes"):
            yield from shapes(shape.shapes)


def texts(slide: Any) -> str:
    """Return all text of a slide, one paragraph or cell a line."""
    found = []
    for shape in shapes(slide.shapes):
        if shape.has_text_frame:
            found += [paragraph.text for paragraph in shape.text_frame.paragraphs]
        if shape.has_table:
            found += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def rows(deck: Any, title: str) -> list[tuple[str, ...]]:
    """Return the rows of a table over all its slides, without the heads."""
    found = []
    for slide in deck.slides:
        if slide.shapes.title.text_frame.text.split(",")[0] == title:
            for shape in slide.shapes:
                if shape.has_table:
                    cells = [tuple(cell.text_frame.text for cell in row.cells) for row in shape.table.rows]
                    found += cells[1:]
    return found


@pytest.mark.parametrize("name", CASES)
def test_every_word_and_number_of_the_briefing_is_text_in_the_slides(name: str) -> None:
    briefing, body = case(name)
    deck = opened(body)
    first, everything = texts(deck.slides[0]), "\n".join(texts(slide) for slide in deck.slides)
    told = deck.slides[0].shapes.title.text_frame.text
    assert told == briefing.headline
    for words in (
        briefing.subtitle, briefing.date_time_group, briefing.counter, *briefing.caveats, briefing.footnote, briefing.credits,
        briefing.permalink, briefing.version, briefing.made, *briefing.not_drawn, briefing.compared,
        *(f"{item.label}: " for item in briefing.legend), *(words for _, words in briefing.keys), briefing.marking,
    ):  # fmt: skip
        assert words in first
    for item in briefing.legend:
        count = f"{item.count}" if item.before is None else f"{item.before} → {item.count}"
        assert f"{item.label}: {count} {slide_text.cites(item.cited)}".rstrip() in first.split("\n")
    for phase in briefing.phases:
        assert f"{phase.label}: {phase.verdict}" in everything
        assert f"{phase.detail} {slide_text.cites(phase.cited)}" in everything
    assert briefing.earlier_phases in everything
    for quotation in briefing.quotations:
        assert f"“{quotation.text}”" in everything.split("\n")
        assert not quotation.original or f"«{quotation.original}»" in everything.split("\n")
        assert f"{quotation.by} {slide_text.cites(quotation.cited)}" in everything
    if briefing.account:
        for words in (briefing.account.full_name, briefing.account.words, briefing.account.staleness):
            assert words in first


def host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


@pytest.mark.parametrize("name", CASES)
def test_the_tables_hold_sources_sites_and_changes_row_by_row(name: str) -> None:
    briefing, body = case(name)
    deck = opened(body)
    assert rows(deck, "Sources") == [
        (str(s.number), s.publisher, s.title, s.published, s.grade, host(s.url)) for s in briefing.sources
    ]
    assert rows(deck, "Sites") == [
        (row.name if row.placed else f"{row.name} (no position)", row.words, row.since, row.evidence, slide_text.cites(row.cited))
        for row in briefing.rows
    ]  # fmt: skip
    assert len(rows(deck, "What changed")) == len(briefing.changes) == (14 if name == "compared" else 0)
    if briefing.account:
        assert rows(deck, briefing.account.full_name) == [
            (words, slide_text.cites(cited)) for words, cited in briefing.account.lines
        ]


@pytest.mark.parametrize("name", CASES)
def test_tables_keep_clear_of_the_foot_and_share_their_rows_evenly(name: str) -> None:
    briefing, body = case(name)
    counts: dict[str, list[int]] = {}
    for slide in opened(body).slides:
        foot = min(s.top for s in slide.shapes if s.name in ("Stamp", "Footnote", "Caveats"))
        for table in (s for s in slide.shapes if s.has_table):
            assert table.top + sum(row.height for row in table.table.rows) <= foot - Pt(12 + 20)
            title = slide.shapes.title.text_frame.text.split(",")[0]
            counts.setdefault(title, []).append(len(table.table.rows) - 1)
    assert len(counts["Sources"]) > 1
    for shares in (counts["Sources"], counts["Sites"]):
        assert min(shares) > max(shares) / 2
    assert sum(counts["Sites"]) == len(briefing.rows)


def test_rows_of_sites_and_changes_have_the_symbols_of_their_categories_at_their_side() -> None:
    briefing, body = case("compared")
    for title, wanted in (
        ("Sites", [[row.look] for row in briefing.rows]),
        ("What changed", [[line.before, line.after] for line in briefing.changes]),
    ):
        found = []
        for slide in opened(body).slides:
            if slide.shapes.title.text_frame.text.split(",")[0] == title:
                (table,) = (s for s in slide.shapes if s.has_table)
                symbols = [s for s in slide.shapes if s.name.startswith("Symbol, ")]
                top = table.top + table.table.rows[0].height
                for row, symbol in zip([*table.table.rows][1:], symbols, strict=True):
                    assert symbol.name == f"Symbol, {row.cells[0].text_frame.text}"
                    assert top <= symbol.top + symbol.height / 2 <= top + row.height
                    assert symbol.left + symbol.width <= table.left + row.cells[0].margin_left
                    top += row.height
                    found.append(symbol._element.nvGrpSpPr.cNvPr.get("descr"))
        assert found == [" to ".join(told(look) for look in one) for one in wanted]


def told(look: Look) -> str:
    doubts = {(True, True): " (hollow, faded)", (True, False): " (hollow)", (False, True): " (faded)"}
    return LABELS[look.category] + doubts.get((look.weak, look.stale), "")


def paints(shapes_of: Any) -> list[tuple[str, str]]:
    """Return fill and line of each shape, "" for none."""
    found = []
    for one in shapes_of:
        drawn = hasattr(one, "fill")  # a connector has none
        fill = str(one.fill.fore_color.rgb).lower() if drawn and one.fill.type == MSO_FILL.SOLID else ""
        line = str(one.line.color.rgb).lower() if one.line.fill.type == MSO_FILL.SOLID else ""
        found.append((f"#{fill}" if fill else "", f"#{line}" if line else ""))
    return found


def groups(body: bytes, title: str) -> dict[str, Any]:
    return {
        shape.name.removeprefix("Symbol, "): shape
        for slide in opened(body).slides
        for shape in slide.shapes
        if slide.shapes.title.text_frame.text.split(",")[0] == title and shape.name.startswith("Symbol, ")
    }


def doubtful() -> tuple[Briefing, bytes]:
    briefing = compose(show("2026-01-18", compare=dt.date(2019, 12, 10)), Options(headline="Two days"))
    return briefing, slides.pptx(briefing)


def test_symbols_of_tables_are_as_hollow_and_faded_as_on_the_map() -> None:
    _, body = doubtful()
    colours = palette("light")
    host, iraqi = Category.COALITION_FEDERAL, Category.IRAQI_FORCES
    pale = [(colours.faded(host), colours.edge(host))]
    both = [(colours.halo, colours.edge(host)), ("", colours.faded(host))]
    changed, sites = groups(body, "What changed"), groups(body, "Sites")
    for name, earlier in (("Al-Taqaddum", both), ("Ain al-Asad", pale), ("Taji", pale), ("Victoria", pale)):
        later = [colours.category[iraqi] if name in ("Ain al-Asad", "Victoria") else colours.faded(iraqi), colours.edge(iraqi)]  # fmt: skip
        assert paints(changed[name].shapes)[: len(earlier)] == earlier, name
        assert paints(changed[name].shapes)[len(earlier)] == tuple(later), name
        assert paints(sites[name].shapes) == [tuple(later)], name
    words = changed["Al-Taqaddum"]._element.nvGrpSpPr.cNvPr.get("descr")
    assert words == "Coalition hosted, federal Iraq (hollow, faded) to Iraqi forces alone (faded)"


def test_keys_show_their_sign_on_a_category_that_bears_it() -> None:
    _, body = doubtful()
    colours = palette("light")
    host, iraqi = Category.COALITION_FEDERAL, Category.IRAQI_FORCES
    keys = groups(body, "Two days")
    assert paints(keys["Key: weak"].shapes) == [(colours.halo, colours.edge(host, share=0.8))]
    assert paints(keys["Key: stale"].shapes) == [(colours.faded(iraqi), colours.edge(iraqi))]
    own, small = keys["Key: earlier"].shapes
    assert paints([own, small]) == [(colours.category[c], colours.edge(c)) for c in (iraqi, host)]
    assert small.width < 0.7 * own.width
    assert small.left < own.left
    assert small.top < own.top
    # On a day without Iraqi forces alone no key shows their amber square.
    early = compose(show("2016-06-01"), Options(headline="Early"))
    assert {"weak", "stale"} <= {sign for sign, _ in early.keys}
    assert iraqi not in {mark.category for mark in early.marks}
    for name, group in groups(slides.pptx(early), "Early").items():
        assert not any(
            colours.category[iraqi] in pair or colours.faded(iraqi) in pair for pair in paints(group.shapes)
        ), name


def test_both_halves_of_a_symbol_are_what_was_and_what_comes() -> None:
    briefing = compose(show("2026-01-15"), Options(headline="Turning"))
    turning = [row for row in briefing.rows if row.category is Category.CHANGING_HANDS]
    assert turning
    row = replace(
        turning[0], look=Look(Category.CHANGING_HANDS, (Category.KURDISTAN_FORCES, Category.ISLAMIC_STATE))
    )
    body = slides.pptx(replace(briefing, rows=(row,)))
    ring, left, right = groups(body, "Sites")[row.name].shapes
    colours = palette("light").category
    assert paints([left, right])[0][0] == colours[Category.KURDISTAN_FORCES]
    assert paints([left, right])[1][0] == colours[Category.ISLAMIC_STATE]
    middle = ring.left + ring.width / 2
    assert ring.left <= left.left
    assert left.left + left.width <= middle <= right.left
    assert right.left + right.width <= ring.left + ring.width


def test_sources_lead_to_their_pages() -> None:
    briefing, body = case("slide")
    links = [
        run.hyperlink.address
        for slide in opened(body).slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
        for run in cell.text_frame.paragraphs[0].runs
        if run.hyperlink.address
    ]
    assert links == [source.url for source in briefing.sources if source.url]
    assert len(links) > 30


@pytest.mark.parametrize("name", CASES)
def test_the_map_is_a_picture_with_words_and_of_its_own_shape(name: str) -> None:
    briefing, body = case(name)
    first = opened(body).slides[0]
    (map_,) = (shape for shape in first.shapes if shape.name == "Map")
    assert map_._element.nvPicPr.cNvPr.get("descr") == briefing.alternative
    width, height = Image.open(io.BytesIO(map_.image.blob)).size
    assert width == pytest.approx(map_.width / Pt(1) * slides.MAP_PPI / 72, abs=1)
    assert width / height == pytest.approx(map_.width / map_.height, rel=0.005)


def test_a_mark_on_the_map_has_the_colour_of_its_category() -> None:
    briefing, body = case("slide")
    (map_,) = (shape for shape in opened(body).slides[0].shapes if shape.name == "Map")
    drawn = picture.draw(briefing, map_.width / Pt(1), map_.height / Pt(1))
    image, scale = Image.open(io.BytesIO(map_.image.blob)).convert("RGB"), slides.MAP_PPI / 72
    for site, category in (("ain-al-asad", Category.IRAQI_FORCES), ("harir", Category.COALITION_KURDISTAN)):
        x, y = drawn.spots[site]
        found = image.getpixel((round(x * scale), round(y * scale)))
        assert "#" + bytes(found).hex() == palette("light").category[category]  # type: ignore[arg-type]


def test_the_legend_is_drawn_in_shapes_of_the_palette() -> None:
    _, body = case("slide")
    first = opened(body).slides[0]
    symbols = {shape.name: shape for shape in first.shapes if shape.name.startswith("Symbol, Legend")}
    found = {
        name.rpartition(": ")[2]: (str(one.auto_shape_type).split()[0].split(".")[-1], str(one.fill.fore_color.rgb).lower())
        for name, group in symbols.items()
        for one in group.shapes
    }  # fmt: skip
    colours = palette("light").category
    assert found == {
        "Coalition hosted, Kurdistan Region": ("DIAMOND", colours[Category.COALITION_KURDISTAN][1:]),
        "Iraqi forces alone": ("RECTANGLE", colours[Category.IRAQI_FORCES][1:]),
        "Not sourced": ("OVAL", palette("light").halo[1:]),
    }


def test_a_screen_reader_comes_from_the_title_over_map_and_legend_to_the_foot() -> None:
    names = [shape.name for shape in opened(case("slide")[1]).slides[0].shapes]
    assert names[1:4] == ["Subtitle", "Map", "Counter"]
    assert names[-5:] == ["Caveats", "Footnote", "Stamp", "Marking, top", "Marking, bottom"]


def test_arabic_reads_from_the_right_and_says_its_language() -> None:
    briefing, body = case("slide")
    original = f"«{briefing.quotations[0].original}»"
    (paragraph,) = (
        p
        for shape in opened(body).slides[0].shapes
        if shape.has_text_frame
        for p in shape.text_frame.paragraphs
        if p.text == original
    )
    assert paragraph._p.pPr.get("rtl") == "1"
    assert paragraph.runs[0]._r.rPr.get("lang") == "ar-IQ"
    english = [
        run._r.rPr.get("lang")
        for shape in opened(body).slides[0].shapes
        if shape.has_text_frame
        for p in shape.text_frame.paragraphs
        for run in p.runs
        if p.text.isascii()
    ]
    assert set(english) == {"en-GB"}


@pytest.mark.parametrize("name", ["slide", "site"])
def test_the_notes_carry_scope_caveats_sources_and_where_it_comes_from(name: str) -> None:
    briefing, body = case(name)
    notes = opened(body).slides[0].notes_slide.notes_text_frame.text
    lines = notes.split("\n")
    for words in (
        briefing.subtitle,
        *briefing.caveats,
        briefing.footnote,
        briefing.permalink,
        f"data version {briefing.version}",
    ):
        assert words in lines
    for source in briefing.sources:
        assert (
            f"{source.number}. {source.publisher}: {source.title}, {source.published} ({source.grade}) {source.url}".rstrip()
            in lines
        )


@pytest.mark.parametrize("name", CASES)
def test_every_slide_has_its_title_stamp_and_markings_and_nothing_leaves_the_page(name: str) -> None:
    briefing, body = case(name)
    deck = opened(body)
    layout = briefing.options.layout
    assert deck.slide_width == pytest.approx(Pt(layout.width_pt), abs=1)
    assert deck.slide_height == pytest.approx(Pt(layout.height_pt), abs=1)
    for slide in deck.slides:
        assert slide.shapes.title.text_frame.text
        words = texts(slide)
        assert briefing.permalink in words
        assert briefing.version in words
        assert " ".join(briefing.caveats) in words
        banners = [shape for shape in slide.shapes if shape.name.startswith("Marking")]
        assert [banner.text_frame.text for banner in banners] == [briefing.marking] * (
            2 if briefing.marking else 0
        )
        if banners:
            assert banners[0].top == 0
            assert banners[1].top + banners[1].height == pytest.approx(deck.slide_height, abs=2)
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width + 1, shape.name
            assert shape.top + shape.height <= deck.slide_height + 1, shape.name
    if briefing.marking == "TLP:AMBER":
        assert str(banners[0].text_frame.paragraphs[0].runs[0].font.color.rgb) == "FFC000"
        assert str(banners[0].fill.fore_color.rgb) == "000000"
        for banner in banners:
            assert banner.text_frame.paragraphs[0].alignment == PP_ALIGN.RIGHT
            assert banner.text_frame.paragraphs[0].runs[0].font.size >= Pt(12)


@pytest.mark.parametrize("name", CASES)
def test_no_two_boxes_of_text_overlap(name: str) -> None:
    for slide in opened(case(name)[1]).slides:
        boxes = [
            s
            for s in slide.shapes
            if (s.has_text_frame and s.text_frame.text) or s.has_table or s.name == "Map"
        ]
        for at, one in enumerate(boxes):
            for other in boxes[at + 1 :]:
                across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
                down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
                assert min(across, down) <= Pt(0.5), f"{one.name} and {other.name}"


HOSTILE = "a\x00\x0b<script>alert(1)</script> _x000D_ &amp; \u202eevil\u202c \ud800\ufffe\r\nنص {b} #x $y"
KEPT = "a <script>alert(1)</script> _x000D_ &amp; evil   نص {b} #x $y"


def test_hostile_strings_stay_text() -> None:
    briefing = case("compared")[0]
    quotation = Quotation("H1", HOSTILE, "xx<", HOSTILE, HOSTILE, (1,))
    source = NumberedSource(1, "H", HOSTILE, HOSTILE, True, HOSTILE, "A", "javascript:alert(1)")
    change = ChangeLine("h", HOSTILE, Look(Category.IRAQI_FORCES), Look(Category.NOT_SOURCED), HOSTILE, (1,))
    hostile = replace(
        briefing, headline=HOSTILE, subtitle=HOSTILE, marking=HOSTILE, quotations=(quotation,), sources=(source,), changes=(change,),
        caveats=(HOSTILE,), permalink=HOSTILE, alternative=HOSTILE, counter=HOSTILE,
    )  # fmt: skip
    body = slides.pptx(hostile)
    deck = opened(body)
    first = deck.slides[0]
    assert first.shapes.title.text_frame.text == KEPT
    lines = "\n".join(texts(slide) for slide in deck.slides).split("\n")
    assert f"“{KEPT}”" in lines
    assert f"«{KEPT}»" in lines
    assert rows(deck, "Sources") == [("1", KEPT, KEPT, KEPT, "A", "javascript:alert(1)")]
    assert rows(deck, "What changed") == [(KEPT, KEPT, "[1]")]
    assert KEPT in first.notes_slide.notes_text_frame.text
    with zipfile.ZipFile(io.BytesIO(body)) as written:
        assert not any(
            b"javascript:" in written.read(name) for name in written.namelist() if name.endswith(".rels")
        )


def test_a_long_table_goes_on_and_nothing_is_cut() -> None:
    briefing = case("slide")[0]
    long = replace(briefing.sources[0], title=" ".join(f"word{n}" for n in range(3000)))
    many = tuple(replace(briefing.sources[1], number=n) for n in range(2, 90))
    deck = opened(slides.pptx(replace(briefing, sources=(long, *many), more_sources="and 7 more")))
    found = rows(deck, "Sources")
    assert " ".join(title for number, _, title, *_ in found if "word" in title) == long.title
    assert [number for number, *_ in found if number not in ("", "1")] == [str(n) for n in range(2, 90)]
    assert "and 7 more" in "\n".join(texts(slide) for slide in deck.slides)


def test_what_has_no_room_beside_the_map_moves_and_the_slide_says_so() -> None:
    briefing = case("slide")[0]
    quotations = tuple(
        replace(briefing.quotations[0], item=f"Q{n}", text=f"{n} " + "word " * 90) for n in range(6)
    )
    deck = opened(slides.pptx(replace(briefing, quotations=quotations)))
    assert "In their words: on the next slide" in texts(deck.slides[0])
    assert deck.slides[1].shapes.title.text_frame.text == "In their words"
    later = "\n".join(texts(slide) for slide in [*deck.slides][1:])
    assert all(slide_text.clean(f"“{q.text}”") in later for q in quotations)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_headline_that_does_not_fit_is_refused_with_a_length_that_does(layout: str) -> None:
    briefing = replace(case("slide")[0], options=Options(layout=LAYOUTS[layout]), headline="WORDS " * 40)
    with pytest.raises(
        QuestionError, match=r"the headline does not fit .*; shorten it to about \d+ characters"
    ) as refused:
        slides.pptx(briefing)
    room = int(re.findall(r"about (\d+)", str(refused.value))[0])
    shorter = replace(briefing, headline=("WORDS " * 40)[: room - 6])
    assert opened(slides.pptx(shorter)).slides[0].shapes.title.text_frame.text == shorter.headline


def test_a_quotation_that_fits_no_slide_is_refused() -> None:
    briefing = case("slide")[0]
    endless = replace(briefing.quotations[0], text="word " * 3000)
    with pytest.raises(QuestionError, match="does not fit on the page “slide”; leave it out"):
        slides.pptx(replace(briefing, quotations=(endless,)))


def test_the_same_briefing_gives_the_same_bytes_at_another_time_and_in_another_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    briefing, before = case("site")
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    monkeypatch.setattr(time, "localtime", lambda *_: time.struct_time((2033, 5, 18, 3, 33, 20, 2, 138, 0)))
    assert slides.pptx(briefing) == before
    code = "import sys; from tests.exports.test_slides import case; sys.stdout.buffer.write(case('site')[1])"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert other.stdout == before


def test_only_what_is_declared_dates_the_file() -> None:
    made, undated = opened(case("site")[1]).core_properties, opened(case("slide")[1]).core_properties
    assert (made.created, made.modified) == (dt.datetime(2026, 1, 18, 14, 5),) * 2  # noqa: DTZ001
    assert (undated.created, undated.modified) == (slide_deck.NEVER,) * 2
    assert undated.title == case("slide")[0].headline
    assert undated.language == "en-GB"
    with zipfile.ZipFile(io.BytesIO(case("slide")[1])) as written:
        assert {entry.date_time for entry in written.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = written.namelist()
        assert names[0] == "[Content_Types].xml"
        assert not [name for name in names if "thumbnail" in name or "printer" in name]


def test_a_line_never_holds_more_than_its_width() -> None:
    text = "Coalition advisers have left https://example.org/" + "x" * 80 + " والقواعد اليوم"
    lines = slide_text.wrapped(text, 10, 120)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(slide_text.width_of(line, bold=False) * 10 <= 120 for line in lines)
    assert slide_text.wrapped("", 10, 120) == [""]

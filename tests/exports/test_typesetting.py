"""Briefings as PNG, SVG and PDF: exact sizes, equal bytes, every word, nothing cut, and no markup out of data."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import io
import os
import re
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
from PIL import Image

from exports import briefing as account
from exports import compositor, picture, setting, typesetting
from exports.briefing import Briefing, Quotation
from exports.evidence import NumberedSource
from exports.options import LAYOUTS, SCALES, THEMES, parse
from exports.palette import palette
from geodata.control import Category
from geodata.errors import QuestionError
from geodata.knowledge import Knowledge
from tests.exports.views import show

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://atlas.example.org"
VIEWS: dict[str, dict[str, Any]] = {
    "plain": {"day": "2026-01-18"},
    "uncertain": {"day": "2025-12-31"},
    "earlier": {"day": "2020-08-23"},
    "compared": {"day": "2020-12-31", "compare": dt.date(2020, 1, 1)},
    "site": {"day": "2026-01-18", "site": "camp-taji"},
    "known-on": {"day": "2026-01-18", "knowledge": Knowledge(dt.date(2026, 1, 10))},
}
HOSTILE = (
    '#panic("x")', "$x$ #x", "*b* _i_ `c` = h", "<script>alert(1)</script>", "]]>&amp;\\u{41}", "// /* @ref <label> ~ --",
    "a\u202eb\u2066c", "W" * 500, "\U0001f6f0 \U0001f600 中 \u0928", "ع" * 300, "#" * 200, "a\tb\x07c\nd",
)  # fmt: skip


@cache
def made(view: str = "plain", **options: str) -> Briefing:
    return account.compose(
        show(**VIEWS[view]), parse({name: [value] for name, value in {"address": ADDRESS, **options}.items()})
    )


@cache
def png(view: str = "plain", **options: str) -> bytes:
    return typesetting.png(made(view, **options))


@cache
def pdf(view: str = "plain", **options: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(typesetting.pdf(made(view, **options))))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def on_paper(data: pypdf.PdfReader, pages: slice = slice(None)) -> str:
    """Return the text without any white space: where a line ends is the typesetter's choice."""
    return "".join("".join(page.extract_text() for page in data.pages[pages]).split())


UNSAID = {
    "options",
    "proposed",
    "stem",
    "alternative",
    "marks",
    "site",
    "item",
    "source",
    "language",
    "cluster",
    "url",
}
"""Fields that are identifiers, or are told elsewhere than in the text."""


def said(of: object, leave: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield every text of a briefing, whatever fields it may get."""
    if isinstance(of, Category):
        return
    if isinstance(of, str):
        yield of
    elif dataclasses.is_dataclass(of):
        for field in dataclasses.fields(of):
            if field.name not in UNSAID | leave:
                value = getattr(of, field.name)
                yield from said([words for _, words in value] if field.name == "keys" else value, leave)
    elif isinstance(of, (tuple, list)):
        for one in of:
            yield from said(one, leave)


def missing(of: Briefing, text: str, leave: frozenset[str] = frozenset()) -> list[str]:
    """Return the words of a briefing that a text without white space does not have."""
    words = {word for line in said(of, leave) for word in line.split()}
    return sorted(
        word for word in words if word not in text and not (ARABIC.search(word) and in_some_order(word, text))
    )


ARABIC = re.compile("[\u0600-\u06ff]")


def in_some_order(word: str, text: str) -> bool:
    """Whether pypdf, which does not put all Arabic into the order in which it is read, has the letters side by side."""
    marks = "[\u200b-\u202e«»()]"
    letters, plain = sorted(re.sub(marks, "", word)), re.sub(marks, "", text)
    return any(sorted(plain[at : at + len(letters)]) == letters for at in range(len(plain)))


# ---------------------------------------------------------------------------------------------------- size and bytes


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_picture_has_exactly_the_pixels_of_its_layout(layout: str, scale: int) -> None:
    width, height = struct.unpack(">II", png(layout=layout, scale=str(scale))[16:24])
    assert (width, height) == LAYOUTS[layout].pixels(scale)


PRINT = """
import hashlib, sys
from exports import typesetting
from tests.exports.test_typesetting import made
of = made(layout="a4", theme="dark", marking="TLP:AMBER")
print(*(hashlib.sha256(form(of)).hexdigest() for form in (typesetting.pdf, typesetting.svg, typesetting.png)))
"""


def test_the_same_briefing_gives_the_same_bytes_in_another_process_and_surroundings(tmp_path: Path) -> None:
    of = made(layout="a4", theme="dark", marking="TLP:AMBER")
    here = [
        hashlib.sha256(form(of)).hexdigest() for form in (typesetting.png, typesetting.svg, typesetting.pdf)
    ]
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    other = compositor._faces()[0]
    (fonts / "SourceSansPro-Regular.otf").write_bytes(other.with_name("SourceSansPro-Black.otf").read_bytes())
    (tmp_path / "fonts.conf").write_text(f"<fontconfig><dir>{fonts}</dir></fontconfig>")
    surroundings = {
        **os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "LANG": "ar_IQ.UTF-8", "LC_ALL": "C",
        "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "77", "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"),
        "TYPST_FONT_PATHS": str(fonts), "SOURCE_DATE_EPOCH": "1", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    found = subprocess.run(
        [sys.executable, "-c", PRINT],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=surroundings,
    )
    assert found.stdout.split() == [here[2], here[1], here[0]]


def test_the_same_briefing_gives_the_same_bytes_whatever_was_made_before_and_beside_it() -> None:
    several = [made(view, layout=layout) for view in ("plain", "compared") for layout in ("slide", "square")]
    one_by_one = [typesetting.svg(of) for of in several]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(typesetting.svg, reversed(several))) == one_by_one[::-1]


def test_only_declared_inputs_change_the_date_in_a_document() -> None:
    assert pdf().metadata.creation_date == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # type: ignore[union-attr]
    stamped = pdf(made="2026-01-19T08:00+03:00")
    assert stamped.metadata.creation_date == dt.datetime(2026, 1, 19, 5, tzinfo=dt.UTC)  # type: ignore[union-attr]
    assert "made190800CJAN26" in on_paper(stamped)


# ---------------------------------------------------------------------------------------------------- every word


@pytest.mark.parametrize("view", VIEWS)
def test_every_word_stands_in_the_document(view: str) -> None:
    for layout in ("slide", "a4"):
        text = on_paper(pdf(view, layout=layout, marking="TLP:GREEN"))
        assert not missing(made(view, layout=layout, marking="TLP:GREEN"), text)


@pytest.mark.parametrize("view", VIEWS)
def test_every_word_of_the_page_stands_in_the_drawing_and_in_the_picture(view: str) -> None:
    of = made(view, layout="square", marking="TLP:RED")
    beside = frozenset({"rows", "more_rows", "title"})  # the pages behind the first have them
    drawing = typesetting.svg(of).decode()
    told = re.search(r"<desc[^>]*>(.*?)</desc>", drawing, re.DOTALL)
    assert told
    assert not missing(of, "".join(unescape(told[1]).split()), beside)
    assert of.alternative in unescape(told[1])
    assert f">{of.headline}</title>" in unescape(drawing)
    image = opened(png(view, layout="square", marking="TLP:RED"))
    assert not missing(of, "".join(image.text["Description"].split()), beside)  # type: ignore[attr-defined]
    assert image.text["Title"] == of.headline  # type: ignore[attr-defined]
    assert image.text["Source"] == of.permalink  # type: ignore[attr-defined]


def test_a_drawing_needs_no_font() -> None:
    drawing = typesetting.svg(made())
    assert b"<text" not in drawing
    assert b"font-family" not in drawing
    assert b"@font-face" not in drawing


@pytest.mark.parametrize("layout", LAYOUTS)
def test_sources_that_have_no_room_on_the_page_are_counted_on_it(layout: str) -> None:
    of = made("uncertain", layout=layout)
    first = on_paper(pdf("uncertain", layout=layout), slice(1))
    shown = 0
    while shown < len(of.sources) and f"{shown + 1}{''.join(of.sources[shown].line.split())}" in first:
        shown += 1
    left = len(of.sources) - shown
    assert shown > 0
    assert (f"and{left}moreonthenextpage" in first) == (left > 0)


def test_what_is_proposed_makes_room_and_says_so_while_what_is_chosen_stays() -> None:
    first = on_paper(pdf("plain", layout="square"), slice(1))
    assert "branchesandformations" not in first
    assert "and1moreonthepagesthatfollow" in first
    assert "branchesandformations" in on_paper(pdf("plain", layout="square"))
    assert "branchesandformations" in on_paper(pdf("plain", layout="square", quotes="G3"), slice(1))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_change_of_a_comparison_stands_on_the_page_before_what_is_only_proposed(layout: str) -> None:
    of = made("compared", layout=layout)
    first = on_paper(pdf("compared", layout=layout), slice(1))
    assert len(of.changes) == 8
    for line in of.changes:
        assert "".join(f"{line.name} {line.words}".split()) in first


def test_more_is_on_the_pages_that_follow_or_at_the_address_or_else_in_the_atlas(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = []

    def typeset(_template: str, data: dict[str, Any], *_: object, **_size: object) -> bytes:
        found.append((data["pages"], data["addressed"]))
        return b""

    with monkeypatch.context() as patch:
        patch.setattr(typesetting, "typeset", typeset)
        for form, address in (
            (typesetting.pdf, ADDRESS),
            (typesetting.png, ADDRESS),
            (typesetting.png, ""),
        ):
            form(account.compose(show(**VIEWS["uncertain"]), parse({"address": [address]})))
    assert found == [(True, True), (False, True), (False, False)]
    assert "moreonthenextpage;(A)to(D):gradeofthesource" in on_paper(pdf("uncertain"), slice(1))


def test_the_legend_has_a_name_that_is_true_and_its_counts_before_its_words() -> None:
    first = on_paper(pdf(), slice(1))
    assert "Sitesbywhoheldthem" in first
    for item in made().legend:
        assert f"{item.count}{''.join(item.label.split())}" in first
    placed = dataclasses.replace(
        made(), rows=(),
        legend=tuple(
            dataclasses.replace(item, count=sum(mark.category is item.category for mark in made().marks)) for item in made().legend
        ),
    )  # fmt: skip
    assert "Onthemap" in on_paper(pypdf.PdfReader(io.BytesIO(typesetting.pdf(placed))), slice(1))


def test_bars_say_what_they_are_where_some_are_drawn() -> None:
    assert "Bar:timegone;tick:thepromisedend." in on_paper(pdf(), slice(1))
    bare = tuple(dataclasses.replace(line, gone=None, promise=None) for line in made().phases)
    found = typesetting.pdf(dataclasses.replace(made(), phases=bare))
    assert "Bar:" not in on_paper(pypdf.PdfReader(io.BytesIO(found)), slice(1))


def test_a_quotation_that_is_only_arabic_has_its_line_at_the_right() -> None:
    of = made(layout="slide", quotes="none")
    accent = tuple(int(palette("light").accent[at : at + 2], 16) for at in (1, 3, 5))
    sides = []
    for text in ("left as they stood", "العراق يعلن إخلاء القواعد"):
        told = Quotation("G1", text, "ar", "", "somebody", ())
        image = opened(typesetting.png(dataclasses.replace(of, quotations=(told,)))).convert("RGB")
        panel = image.crop((1190, 170, image.width, 830))
        at = [
            x
            for x in range(panel.width)
            for y in range(0, panel.height, 4)
            if panel.getpixel((x, y)) == accent
        ]
        sides.append(sum(at) / len(at) > panel.width / 2)
    assert sides == [False, True]


def test_no_quotation_is_set_where_none_is_chosen() -> None:
    assert "Intheirwords" not in on_paper(pdf(quotes="none"))


# ---------------------------------------------------------------------------------------------------- PDF/UA


def tags(node: Any) -> Iterator[dict[str, Any]]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from tags(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from tags(node["/K"])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_document_is_tagged_and_named_and_has_its_faces_in_it(layout: str) -> None:
    of, found = made(layout=layout), pdf(layout=layout)
    root: Any = found.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  # an object of pypdf
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert found.metadata is not None
    assert found.metadata.title == of.headline
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    assert found.pages[0].mediabox.width == pytest.approx(of.options.layout.width_pt, abs=0.01)
    assert found.pages[0].mediabox.height == pytest.approx(of.options.layout.height_pt, abs=0.01)
    nodes = list(tags(root["/StructTreeRoot"]))
    kinds = [node["/S"] for node in nodes]
    assert [node["/Alt"] for node in nodes if node["/S"] == "/Figure"] == [of.alternative]
    assert kinds.count("/H1") == 1
    assert kinds.index("/H1") < kinds.index("/Figure") < kinds.index("/H2")
    assert kinds.count("/LI") >= len(of.legend) + len(of.phases) + len(of.sources)
    assert kinds.count("/TR") == len(of.rows) + 1
    assert sum("ar" in str(node.get("/Lang", "")) for node in nodes) >= len(of.quotations)
    assert kinds.count("/Link") == sum(bool(source.url) for source in of.sources)
    pages: Any = found.pages
    faces = {
        str(font.get_object()["/BaseFont"]): font.get_object()["/DescendantFonts"][0].get_object()[
            "/FontDescriptor"
        ]
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {re.sub(r"^/[A-Z]{6}\+|-?(Regular|Semibold|Bold|It|Identity-H)", "", face).strip("-") for face in faces} == {"SourceSansPro", "DejaVuSans"}  # fmt: skip
    assert all({"/FontFile2", "/FontFile3"} & set(face.get_object()) for face in faces.values())


def test_a_source_links_only_to_the_web() -> None:
    links = {
        note.get_object()["/A"]["/URI"]
        for page in pdf().pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    }
    assert links == {source.url for source in made().sources if source.url}
    evil = dataclasses.replace(made().sources[0], url="javascript:alert(1)")
    found = typesetting.pdf(dataclasses.replace(made(), sources=(evil,)))
    assert not any("/Annots" in page for page in pypdf.PdfReader(io.BytesIO(found)).pages)


# ---------------------------------------------------------------------------------------------------- what has no room

LONG = "Nobody knows which of the many bases that hosted the coalition " * 4
CHOSEN = "G1,G2,G3,G4"
ROOM = [
    ("plain", {"layout": layout, "theme": theme}, ()) for layout in LAYOUTS for theme in ("light", "grey")
] + [
    (view, {"layout": layout, "marking": "TLP:AMBER+STRICT", "made": "2026-01-19T08:00+03:00"}, ())
    for view in VIEWS for layout in LAYOUTS
] + [
    ("plain", {"layout": "slide", "headline": LONG[:235]}, ()),
    ("plain", {"layout": "a4", "headline": LONG[:235]}, ()),
    ("plain", {"layout": "a4", "quotes": CHOSEN}, ()),
    ("plain", {"layout": "slide", "quotes": "none"}, ()),
    ("plain", {"layout": "slide", "quotes": CHOSEN}, ("The fourth quotation does not fit on a slide: leave it out, choose a shorter one or take the A4 page.",)),
    ("plain", {"layout": "square", "quotes": CHOSEN}, ("The second quotation does not fit on the square: leave it out, choose a shorter one or take the slide or the A4 page.",)),
    ("plain", {"layout": "letter", "quotes": CHOSEN + ",G5a,G6"}, ("The fifth quotation does not fit on the page: leave it out or choose a shorter one.",)),
    ("plain", {"layout": "square", "headline": "WM" * 119}, ("The headline does not fit on the square: shorten it or take the slide or the A4 page.",)),
    ("plain", {"layout": "square", "marking": "Ǆ" * 80}, ("The handling marking does not fit on the square: shorten it or take the slide or the A4 page.",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("view", "options", "sentences"),
    ROOM,
    ids=[f"{n}-{view}-{'-'.join(o)}"[:60] for n, (view, o, _) in enumerate(ROOM)],
)
def test_what_has_no_room_is_said_before_anything_is_made(
    view: str, options: dict[str, str], sentences: tuple[str, ...]
) -> None:
    of = made(view, **options)
    assert typesetting.overflow(of) == sentences
    if sentences:
        for form in (typesetting.png, typesetting.svg, typesetting.pdf):
            with pytest.raises(QuestionError, match=re.escape(sentences[0])):
                form(of)


def test_several_things_without_room_are_all_said() -> None:
    of = made(layout="square", marking="Ǆ" * 80, headline="WM" * 119, quotes=CHOSEN)
    assert [sentence.split(" does")[0] for sentence in typesetting.overflow(of)] == [
        "The headline", "The second quotation", "The handling marking",
    ]  # fmt: skip


# ---------------------------------------------------------------------------------------------------- hostile text


def with_words(words: str, layout: str) -> Briefing:
    of = made(layout=layout, quotes="none")
    source = NumberedSource(
        1, "P000", words, words, True, "2026", "A", f"https://example.org/{words.encode().hex()}"
    )
    quotation = Quotation("G1", words[:200], "en", "", words[:40], (1,))
    return dataclasses.replace(
        of, headline=words[:60], marking=words[:20], subtitle=words[:90], sources=(source,), quotations=(quotation,),
        rows=tuple(dataclasses.replace(row, name=words, words=words) for row in of.rows[:1]),
        legend=tuple(dataclasses.replace(item, label=words[:40]) for item in of.legend),
    )  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE, ids=[f"{n}" for n in range(len(HOSTILE))])
def test_hostile_text_stays_text_and_stays_on_the_page(words: str) -> None:
    of = with_words(words, "slide")
    plain = "".join(sign for sign in words if sign.isprintable() or sign.isspace())
    text = on_paper(pypdf.PdfReader(io.BytesIO(typesetting.pdf(of))))
    letters = set("".join(plain.split()))
    assert letters <= set(text)
    if plain.isascii():
        assert text.count("".join(plain.split())[:40]) >= 5  # headline, source, title, site, quotation
    drawing = typesetting.svg(of)
    assert b"<script" not in drawing
    assert b"\x07" not in drawing
    image = opened(typesetting.png(of)).convert("RGB")
    assert_margins(image, of)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("view", ["compared", "known-on"])
def test_nothing_reaches_into_the_margins(view: str, layout: str) -> None:
    of = made(view, layout=layout, marking="TLP:AMBER+STRICT")
    assert_margins(opened(png(view, layout=layout, marking="TLP:AMBER+STRICT")).convert("RGB"), of)


def assert_margins(image: Image.Image, of: Briefing) -> None:
    """Between the banners, left and right of the columns, there is nothing but paper; the bar of the caveats hangs out."""
    per_point = of.options.layout.ppi / 72
    left = typesetting.PICTURES[of.options.layout.name][0]
    top, bottom = round(19 * per_point), image.height - round(19 * per_point)
    paper = [(int(palette(of.options.theme).paper[i : i + 2], 16)) for i in (1, 3, 5)]
    for x0, x1 in (
        (0, int((left - 3) * per_point)),
        (int(image.width - (left - 3) * per_point), image.width),
    ):
        strip = image.crop((x0, top, x1, bottom))
        assert strip.getextrema() == tuple((value, value) for value in paper)
    # Nor is anything set across the lines between head, map, caveats and foot.
    strip = image.crop((0, image.height - round(20 * per_point), image.width, bottom))
    assert strip.getextrema() == tuple((value, value) for value in paper)


def test_a_text_that_reads_from_the_right_is_set_from_the_right() -> None:
    arabic = "العراق يعلن إخلاء القواعد"
    of = made(layout="slide", headline=arabic, marking="مقيد", quotes="none")
    found = pypdf.PdfReader(io.BytesIO(typesetting.pdf(of)))
    assert not [word for word in arabic.split() if word not in on_paper(found, slice(1))]
    root: Any = found.trailer["/Root"]
    heading = next(node for node in tags(root["/StructTreeRoot"]) if node["/S"] == "/H1")
    assert any("ar" in str(node.get("/Lang", "")) for node in tags(heading))
    image = opened(typesetting.png(of)).convert("RGB")
    ink = [x for x in range(image.width) for y in range(70, 126, 2) if sum(image.getpixel((x, y))) < 250]  # type: ignore[arg-type]
    assert min(ink) > image.width / 2
    assert max(ink) > image.width - 75


# ---------------------------------------------------------------------------------------------------- pixels


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("view", ["plain", "uncertain", "compared"])
def test_marks_have_the_colour_of_their_category(view: str, theme: str) -> None:
    of = made(view, theme=theme, quotes="none")
    left, top, width, height = typesetting.PICTURES["slide"]
    drawn = picture.draw(of, width, height)
    image = opened(png(view, theme=theme, quotes="none")).convert("RGB")
    silent = (Category.NOT_SOURCED, Category.CHANGING_HANDS)
    checked = 0
    for mark in of.marks:
        if mark.stale or mark.weak or mark.category in silent or (mark.before and not mark.changed):
            continue
        x, y = drawn.spots[mark.site]
        found = image.getpixel((round((left + x) * 2), round((top + y) * 2)))
        assert "#{:02x}{:02x}{:02x}".format(*found) == palette(theme).category[mark.category], mark.site  # type: ignore[misc]
        checked += 1
    assert checked >= 4


def told(day: str, compare: dt.date | None = None) -> dict[str, Any]:
    of = account.compose(show(day, compare=compare), parse({}))
    return typesetting.page(of, picture.draw(of, 552, 309), pages=True)


def test_symbols_of_tables_and_pairs_are_as_hollow_and_faded_as_on_the_map() -> None:
    colours, host, iraqi = palette("light"), Category.COALITION_FEDERAL, Category.IRAQI_FORCES
    page = told("2026-01-18", dt.date(2019, 12, 10))
    rows, changes = ({one["name"]: one for one in page[part]} for part in ("rows", "changes"))
    hollow, pale = f'fill="{colours.halo}" stroke="{colours.edge(host)}"', f'fill="{colours.faded(host)}"'
    for name, earlier in (("Al-Taqaddum", hollow), ("Ain al-Asad", pale), ("Taji", pale), ("Victoria", pale)):
        assert earlier in changes[name]["before"], name
        assert f'fill="{colours.category[host]}"' not in changes[name]["before"], name
    for name, fresh in (("Ain al-Asad", True), ("Taji", False)):
        fill = colours.category[iraqi] if fresh else colours.faded(iraqi)
        for svg in (changes[name]["after"], rows[name]["svg"]):
            assert f'fill="{fill}"' in svg, name
    stood = {one["name"]: one["svg"] for one in told("2019-12-10")["rows"]}
    assert hollow in stood["Al-Taqaddum"]
    assert f'fill="{colours.halo}" stroke="{colours.edge(host, share=0.8)}"' in stood["Firebase Saham"]
    assert pale in stood["Taji"]


def test_keys_show_their_sign_on_a_category_that_bears_it() -> None:
    colours, host, iraqi = palette("light"), Category.COALITION_FEDERAL, Category.IRAQI_FORCES
    keys = {one["sign"]: one["svg"] for one in told("2026-01-18", dt.date(2019, 12, 10))["keys"]}
    assert colours.edge(host, share=0.8) in keys["weak"]  # only an earlier mark is hollow
    assert colours.faded(iraqi) in keys["stale"]
    assert f'fill="{colours.category[iraqi]}"' in keys["earlier"].partition("scale(0.58)")[0]
    assert f'fill="{colours.category[host]}"' in keys["earlier"].partition("scale(0.58)")[2]
    assert keys["line"] == keys["vague"] == ""
    for svg in (one["svg"] for one in told("2019-12-10")["keys"]):
        assert colours.edge(iraqi) not in svg
        assert colours.edge(iraqi, share=0.8) not in svg


@pytest.mark.parametrize(
    ("marking", "colour"),
    [
        ("TLP:RED", (255, 43, 43)), ("TLP:AMBER", (255, 192, 0)), ("TLP:AMBER+STRICT", (255, 192, 0)),
        ("TLP:GREEN", (51, 255, 0)), ("TLP:CLEAR", (255, 255, 255)),
    ],
)  # fmt: skip
def test_labels_of_tlp_stand_in_their_colour_on_black_above_and_below(
    marking: str, colour: tuple[int, int, int]
) -> None:
    image = opened(png(layout="square", marking=marking)).convert("RGB")
    for box in ((0, 0, image.width, 35), (0, image.height - 35, image.width, image.height)):
        band = image.crop(box)
        counted: Any = band.getcolors(100_000)
        colours = {found: count for count, found in counted}
        assert max(colours, key=colours.__getitem__) == (0, 0, 0)
        near = [
            found for found in colours if all(abs(a - b) <= 2 for a, b in zip(found, colour, strict=True))
        ]
        assert near, "the letters’ middle has the colour, but for a rounding"
        at = [x for x in range(band.width) for y in range(band.height) if band.getpixel((x, y)) in near]
        assert max(at) == pytest.approx(band.width - 48, abs=5), "it ends at the margin"
        assert min(at) > band.width / 2
        tall = [y for x in at for y in range(band.height) if band.getpixel((x, y)) in near]
        assert max(tall) - min(tall) + 1 >= 2 * 12 * 0.6, "its capitals have the height of 12 points"


@pytest.mark.parametrize(
    ("cited", "words"),
    [
        ((), ""),
        ((3,), "3"),
        ((1, 2), "1, 2"),
        ((1, 2, 3, 7), "1–3, 7"),
        ((2, 4, 5, 6, 9, 10), "2, 4–6, 9, 10"),
    ],
)
def test_numbers_that_follow_each_other_are_a_range(cited: tuple[int, ...], words: str) -> None:
    assert setting.numbers(cited) == words

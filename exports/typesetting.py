"""A briefing as PNG, SVG and PDF: typeset by Typst from templates/, with typefaces of our own; same briefing, same bytes."""

import datetime as dt
import importlib.util
import json
import re
import shutil
import struct
import tempfile
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from threading import Lock
from typing import Any, Literal, cast

import typst

from exports import lettering, picture
from exports.briefing import Briefing, Mark
from exports.options import TLP, Layout
from exports.palette import TLP_GROUND, TLP_INK, Palette, palette
from geodata.control import Category
from geodata.errors import QuestionError

TEMPLATES = Path(__file__).with_name("templates")
FACES = {
    "font_source_sans_pro": (
        "files",
        ("Regular", "It", "Semibold", "SemiboldIt", "Bold"),
        "SourceSansPro-{}.otf",
    ),
    "matplotlib": ("mpl-data/fonts/ttf", ("DejaVuSans", "DejaVuSans-Bold", "LastResortHE-Regular"), "{}.ttf"),
}
"""Package, its folder, and the files of it; the last typeface has a sign for what no other one draws, so nothing is lost."""
FAMILIES = ("Source Sans Pro", "DejaVu Sans", "Last Resort High-Efficiency")
PICTURES: Mapping[str, tuple[float, float, float, float]] = {
    "slide": (30, 86, 552, 309),
    "a4": (36, 108.96, 523.2, 300.96),
    "letter": (36, 108.96, 540, 261.6),
    "square": (24, 80, 292, 234),
}
"""Of each layout the left and the upper edge, the width and the height of its map in points; layouts.typ places the rest around it.

Each is a whole number of pixels of the picture, so that a drawing is not stretched by a part of one.
"""
MADE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""The date in a PDF whose maker names none: a fixed one, since the clock is no input."""
LONGEST_WORD, PIECE = 22, 8
"""Characters of a word that is set in one piece, and of the pieces of a longer one, between which a line may end."""
KEPT_FORMAT = "\u200c\u200d\u200e\u200f"
"""Signs without a glyph that spelling needs; others, above all those that turn the direction of what follows, are left out."""
JOINED = KEPT_FORMAT + "\ufe0e\ufe0f"
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")

Format = Literal["png", "svg", "pdf"]


def png(briefing: Briefing) -> bytes:
    """Return a briefing as a picture that carries its words; QuestionError where something has no room."""
    options = briefing.options
    image = _compiled(briefing, "png", ppi=options.layout.ppi * options.scale)
    texts = {"Title": briefing.headline, "Description": words(briefing), "Source": briefing.permalink}
    return image[:PNG_HEAD] + b"".join(_text_chunk(*text) for text in texts.items()) + image[PNG_HEAD:]


def svg(briefing: Briefing) -> bytes:
    """Return a briefing as a drawing that needs no font and carries its words; QuestionError where something has no room."""
    drawing = _compiled(briefing, "svg")
    end = drawing.index(b">") + 1
    told = f'<title id="title">{escape(_plain(briefing.headline))}</title><desc id="desc">{escape(_plain(words(briefing), lines=True))}</desc>'
    return drawing[: end - 1] + b' role="img" aria-labelledby="title desc">' + told.encode() + drawing[end:]


def pdf(briefing: Briefing) -> bytes:
    """Return a briefing as a tagged PDF/UA-1, its sources and sites in full behind; QuestionError where something has no room."""
    return _compiled(briefing, "pdf")


def overflow(briefing: Briefing) -> tuple[str, ...]:
    """Return what has no room on the page, each with what would help; empty when all has."""
    try:
        _compiled(briefing, "svg")
    except _NoRoomError as missing:
        return missing.sentences
    return ()


def words(briefing: Briefing) -> str:
    """Return all words of a briefing in the order in which they are read, one thing a line."""
    return "\n".join(line for line in _lines(briefing) if line)


def numbers(cited: Sequence[int]) -> str:
    """Return numbers of sources, those that follow each other as a range: "1–3, 7"."""
    runs: list[list[int]] = []
    for number in cited:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run))  # noqa: PLR2004  # two are no range
        for run in runs
    )


# --------------------------------------------------------------------------------------------------- the compiler


class _NoRoomError(QuestionError):
    """Something has no room; the message is its first sentence, `sentences` are all."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        self.sentences = sentences
        super().__init__(sentences[0])


_ONE_AT_A_TIME = Lock()


@cache
def _sources() -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(TEMPLATES.glob("*.typ"))}


def _faces() -> tuple[Path, ...]:
    """Return the files of our typefaces, each from the package that brings it."""
    found = []
    for package, (inside, faces, name) in FACES.items():
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
        found += [Path(spec.origin).parent / inside / name.format(face) for face in faces]
    return tuple(found)


@cache
def _compiler() -> typst.Compiler:
    """Return the compiler with exactly our typefaces.

    It takes folders only and of a face that is there twice the one that the folder lists first, so that which outlines
    are drawn would rest on the file system; hence a folder with one file a face. All are read at once and kept.
    """
    with tempfile.TemporaryDirectory() as folder:
        for face in _faces():
            shutil.copy(face, folder)
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
        compiler = typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
        trial = "".join(
            f'#text(font: "{font.family}", weight: {font.weight}, style: "{font.style}")[a ع]'
            for font in fonts.fonts()
        )
        compiler.compile(input=trial.encode(), format="svg")
    return compiler


def _compiled(briefing: Briefing, form: Format, *, ppi: float | None = None) -> bytes:
    files = _files(briefing, pages=form == "pdf")
    made = briefing.options.made or MADE
    with _ONE_AT_A_TIME:
        try:
            found = _compiler().compile(
                input=cast("bytes", files),  # a dictionary of files; the stub does not know it
                format=form,
                ppi=ppi,
                pdf_standards=["ua-1"] if form == "pdf" else [],
                timestamp=int(made.timestamp()),
            )
        except typst.TypstError as error:
            missing = re.search(r"does not fit: ([a-z0-9 -]+)", error.message)
            if missing is None:
                raise
            raise _NoRoomError(
                tuple(_sentence(part, briefing.options.layout) for part in missing[1].split())
            ) from None
    if not isinstance(found, bytes):
        raise TypeError(f"one {form} was expected")
    return found


HELP = {
    "slide": "the A4 page", "square": "the slide or the A4 page", "letter": "fewer quotations", "a4": "fewer quotations",
}  # fmt: skip


def _sentence(part: str, layout: Layout) -> str:
    """Return what has no room, and what would help."""
    where = {"slide": "on a slide", "square": "on the square"}.get(layout.name, "on the page")
    other = "" if layout.name in ("a4", "letter") else f" or take {HELP[layout.name]}"
    if found := re.fullmatch(r"quotation-(\d+)", part):
        which = ORDINALS[int(found[1]) - 1]
        return f"The {which} quotation does not fit {where}: leave it out{',' if other else ' or'} choose a shorter one{other}."
    return {
        "headline": f"The headline does not fit {where}: shorten it{other}.",
        "marking": f"The handling marking does not fit {where}: shorten it{other}.",
        "caveats": f"The caveats do not fit {where}: leave fewer sources out{other}.",
        "footnote": f"The footnote and the permalink do not fit {where}: use a shorter address{other}.",
        "beneath": f"The counter and what is not drawn do not fit {where}: hide fewer categories{other}.",
        "sources": f"Not even the number of the sources fits {where}: use a shorter address{other}.",
        "panel": f"Legend, phases and what changed do not fit {where}: choose another day, no site{other}.",
    }[part]


# --------------------------------------------------------------------------------------------------- what goes in


def _files(briefing: Briefing, *, pages: bool) -> dict[str, bytes]:
    options = briefing.options
    left, top, width, height = PICTURES[options.layout.name]
    colours = palette(options.theme)
    drawn = picture.draw(briefing, width, height)
    data = {
        "layout": options.layout.name, "width": options.layout.width_pt, "height": options.layout.height_pt,
        "pixel": 72 / options.layout.ppi, "pages": pages, "fonts": FAMILIES, "palette": _colours(colours),
        "title": _plain(briefing.headline), "keywords": ["Iraq", "Kurdistan Region", "military bases"],
        "description": _plain(briefing.subtitle),
        "marking": _marking(briefing.marking, colours),
        "addressed": bool(options.address),
        "legend_title": _legend_title(briefing, drawn),
        "clipped": _clipped(drawn),
        "picture": {
            "left": left, "top": top, "width": width, "height": height,
            "faces": {
                kind: {"weight": face.weight, "fill": getattr(colours, face.colour), "tracking": face.tracking}
                for kind, face in picture.LETTERING.items()
            },
            "labels": [
                {"text": _set(label.text), "x": round(label.x, 3), "y": round(label.y, 3), "size": round(label.size_pt, 3), "anchor": label.anchor, "kind": label.kind}
                for label in drawn.labels
            ],
        },
        **_words(briefing, colours),
        "rows": _rows(briefing, colours) if pages else [],
    }  # fmt: skip
    return {
        **_sources(),
        "main.typ": _sources()["main.typ"],
        "data.json": json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(),
        "base.svg": drawn.base.encode(),
        "marks.svg": drawn.marks.encode(),
    }


def _legend_title(briefing: Briefing, drawn: picture.Picture) -> str:
    """Return what the legend is called: it counts every site, which is more than the map where it does not show some."""
    all_drawn = sum(item.count for item in briefing.legend) == len(briefing.marks) and not drawn.outside
    return "On the map" if all_drawn else "Sites by who held them"


def _clipped(drawn: picture.Picture) -> bool:
    """Return whether a name reaches out of its map and must be cut there, which makes all of the map slower to paint."""
    areas = (label.area for label in drawn.labels)
    return any(
        left < 0 or top < 0 or right > drawn.width_pt or bottom > drawn.height_pt for left, top, right, bottom in areas
    )  # fmt: skip


def _colours(of: Palette) -> dict[str, str]:
    names = ("ink", "mute", "line", "paper", "wash", "accent", "late", "kr_line", "map_label", "halo")
    return {name: getattr(of, name) for name in names}


def _marking(text: str, colours: Palette) -> dict[str, Any] | None:
    """Return the banner: labels of TLP in their colour on black and at the right, others quiet in the page's own."""
    if not text:
        return None
    if text in TLP:
        return {"text": text, "label": True, "ground": TLP_GROUND, "ink": TLP_INK[text]}
    dark = colours.name == "dark"
    return {
        "text": _set(text),
        "label": False,
        "ground": colours.line if dark else colours.ink,
        "ink": colours.ink if dark else colours.paper,
    }


def _words(briefing: Briefing, colours: Palette) -> dict[str, Any]:
    def mark(category: Category, **more: Any) -> str:
        return _glyph(colours.name, category, **more)

    account = briefing.account
    return {
        "headline": _set(briefing.headline),
        "subtitle": _set(briefing.subtitle),
        "stamp": _set(_stamp(briefing)),
        "alternative": _plain(briefing.alternative),
        "counter": _set(briefing.counter),
        "compared": _set(briefing.compared if briefing.compared not in briefing.headline else ""),
        "not_drawn": [_set(line) for line in briefing.not_drawn],
        "legend": [
            {"label": _set(item.label), "count": item.count, "before": item.before, "cited": numbers(item.cited), "svg": mark(item.category, half=_half(briefing.marks, item.category))}
            for item in briefing.legend
        ],
        "keys": [
            {"sign": sign, "words": _set(told), "svg": _key(sign, briefing.marks, colours)} for sign, told in briefing.keys
        ],
        "phases": [
            {"label": _set(line.label), "verdict": _set(line.verdict), "late": line.late, "gone": line.gone, "promise": line.promise if line.promise is not None else 100, "detail": _set(line.detail), "cited": numbers(line.cited)}
            for line in briefing.phases
        ],
        "earlier_phases": _set(briefing.earlier_phases),
        "account": {
            "name": _set(account.full_name), "words": _set(account.words), "staleness": _set(account.staleness),
            "lines": [{"words": _set(told), "cited": numbers(cited)} for told, cited in account.lines],
        } if account else None,
        "changes": [
            {"name": _set(line.name), "words": _set(line.words), "cited": numbers(line.cited), "before": mark(line.before), "after": mark(line.after)}
            for line in briefing.changes
        ],
        "more_changes": _set(briefing.more_changes),
        "proposed": briefing.options.quotes is None,
        "quotations": [
            {"text": _quoted(told.text), "original": _quoted(told.original) if told.original else "", "by": _set(told.by), "cited": numbers(told.cited)}
            for told in briefing.quotations
        ],
        "more_rows": _set(briefing.more_rows),
        "sources": [
            {
                "number": source.number, "line": _set(source.line), "ems": _ems(source.line), "title": _set(source.title), "publisher": _set(source.publisher),
                "published": _set(source.published), "grade": source.grade, "url": _set(source.url), "link": _link(source.url),
            }
            for source in briefing.sources
        ],
        "more_sources": _set(briefing.more_sources),
        "caveats": [_set(line) for line in briefing.caveats],
        "footnote": _set(briefing.footnote),
        "credits": _set(briefing.credits),
        "permalink": _set(briefing.permalink),
        "version": _set(briefing.version),
    }  # fmt: skip


def _rows(briefing: Briefing, colours: Palette) -> list[dict[str, Any]]:
    """Return the sites of the table, which only the pages behind the first have."""
    return [
        {"name": _set(row.name), "words": _set(row.words), "since": _set(row.since), "evidence": _set(row.evidence), "cited": numbers(row.cited), "svg": _glyph(colours.name, row.category)}
        for row in briefing.rows
    ]  # fmt: skip


def _ems(text: str) -> float:
    """Return a width in ems that a text on one line surely keeps within; of what is not plain Latin, more than any line has."""
    if not text.isascii():
        return 1000
    # Figures are tabular here, and no letter is set wider than its advance but for a little kerning.
    return round(1.03 * lettering.width(text, "town", 1) + 0.3, 2)


def _stamp(briefing: Briefing) -> str:
    return " · ".join(part for part in (briefing.date_time_group, briefing.made) if part)


def _half(marks: Iterable[Mark], category: Category) -> tuple[Category, Category] | None:
    return next((mark.half for mark in marks if mark.category is category and mark.half), None)


def _key(sign: str, marks: Sequence[Mark], colours: Palette) -> str:
    """Return the mark beside a key: of a category that is drawn so, the first on the map."""
    drawn_so: Mapping[str, Callable[[Mark], bool]] = {
        "weak": lambda mark: mark.weak,
        "stale": lambda mark: mark.stale,
        "earlier": lambda mark: mark.changed,
        "unchanged": lambda mark: mark.before is not None and not mark.changed,
    }
    if sign not in drawn_so:
        return ""
    categories = (mark.category for mark in marks if drawn_so[sign](mark))
    found = next((one for one in categories if one is not Category.NOT_SOURCED), Category.IRAQI_FORCES)
    return _glyph(colours.name, found, weak=sign == "weak", stale=sign == "stale")


@lru_cache(maxsize=256)
def _glyph(
    theme: str,
    category: Category,
    *,
    half: tuple[Category, Category] | None = None,
    weak: bool = False,
    stale: bool = False,
) -> str:
    return picture.glyph(category, palette(theme), half=half, weak=weak, stale=stale, size_pt=32)


# --------------------------------------------------------------------------------------------------- text


@cache
def _dropped() -> Mapping[int, str | None]:
    """Return what becomes of signs that draw nothing, all of which stand in these planes: control characters a space, the others that are not kept nothing."""
    kinds = {code: unicodedata.category(chr(code)) for code in (*range(0x20000), *range(0xE0000, 0xE1000))}
    return {
        code: " " if kind == "Cc" else None
        for code, kind in kinds.items()
        if kind in ("Cc", "Cf", "Cs") and chr(code) not in KEPT_FORMAT
    }


def _plain(text: str, *, lines: bool = False) -> str:
    """Return a text without signs that draw nothing or turn what follows; white space is one space."""
    if lines:
        return "\n".join(_plain(line) for line in text.split("\n"))
    return " ".join(text.translate(_dropped()).split())


def _set(text: str) -> str | list[str] | dict[str, Any]:
    """Return a text as the templates take it: in pieces where a word is too long, turned where it reads from the right."""
    plain = _plain(text)
    found: str | list[str] = plain
    if any(len(word) > LONGEST_WORD for word in plain.split()):
        found = []
        for word in re.split(r"(?<= )", plain):
            found += _pieces(word) if len(word) > LONGEST_WORD else [word]
    return {"rtl": found} if not plain.isascii() and _from_the_right(plain) else found


def _pieces(word: str) -> Iterator[str]:
    """Yield a long word in pieces: at the joints of an address where it has some, else by their length."""
    for part in re.split(r"(?<=[/?&=_.,;:+-])", word):
        rest = part
        while len(rest) > PIECE:
            end = PIECE
            # What is drawn onto the sign before it, or joined to it, stays with it.
            while end < len(rest) and (unicodedata.combining(rest[end]) or rest[end] in JOINED):
                end += 1
            yield rest[:end]
            rest = rest[end:]
        yield rest


def _from_the_right(text: str) -> bool:
    """Return whether the first letter is Arabic, Kurdish in Arabic letters, or otherwise read from the right."""
    strong = (unicodedata.bidirectional(sign) for sign in text)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


def _quoted(text: str) -> Any:
    """Return verbatim words in quotation marks, those of their script."""
    return _set(f"«{text}»" if _from_the_right(text) else f"“{text}”")


def _link(url: str) -> str | None:
    return _plain(url) if re.match(r"https?://[^\s/]", url) else None


def _lines(briefing: Briefing) -> Iterator[str]:
    def told(text: str, cited: Sequence[int] = ()) -> str:
        return f"{text} [{numbers(cited)}]" if cited else text

    yield from (
        briefing.marking,
        briefing.headline,
        briefing.subtitle,
        _stamp(briefing),
        briefing.alternative,
        briefing.counter,
    )
    yield from briefing.not_drawn
    yield briefing.compared
    for item in briefing.legend:
        count = f"{item.count}" if item.before is None else f"{item.before} → {item.count}"
        yield told(f"{item.label}: {count}", item.cited)
    yield from (words for _, words in briefing.keys)
    if account := briefing.account:
        yield f"{account.full_name}: {account.words}, {account.staleness}"
        yield from (told(*line) for line in account.lines)
    yield from (told(f"{line.name}: {line.words}", line.cited) for line in briefing.changes)
    yield briefing.more_changes
    yield from (told(f"{line.label}: {line.verdict}; {line.detail}", line.cited) for line in briefing.phases)
    yield briefing.earlier_phases
    for quotation in briefing.quotations:
        original = f" “{quotation.original}”" if quotation.original else ""
        yield told(f"“{quotation.text}”{original} {quotation.by}", quotation.cited)
    yield from briefing.caveats
    yield from (f"{source.number} {source.line}" for source in briefing.sources)
    yield from (
        briefing.more_sources,
        briefing.footnote,
        briefing.credits,
        briefing.permalink,
        briefing.version,
    )


PNG_HEAD = 8 + 25
"""Bytes before the first chunk after the header: signature and IHDR."""


def _text_chunk(keyword: str, text: str) -> bytes:
    """Return international text for a PNG: uncompressed, so that a search in the bytes finds it."""
    data = keyword.encode("latin-1") + b"\0\0\0\0\0" + _plain(text, lines=True).encode()
    return (
        struct.pack(">I", len(data))
        + b"iTXt"
        + data
        + struct.pack(">I", zlib.crc32(data, zlib.crc32(b"iTXt")))
    )

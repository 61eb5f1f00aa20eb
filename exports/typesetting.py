"""A briefing as PNG, SVG and PDF: typeset from templates/, its words in its metadata too; same briefing, same bytes."""

import datetime as dt
import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from exports import compositor, legend, lettering, picture, setting
from exports.briefing import Briefing
from exports.compositor import Format, NoRoomError
from exports.evidence import GRADES
from exports.glyphs import Look
from exports.legend import Mark
from exports.options import TLP, Layout
from exports.palette import TLP_GROUND, TLP_INK, Palette, palette
from exports.picture import Picture
from exports.setting import numbers
from geodata.control import Category
from geodata.errors import QuestionError

PICTURES: Mapping[str, tuple[float, float, float, float]] = {
    "slide": (30, 86, 552, 309),
    "a4": (36, 108.96, 523.2, 300.96),
    "letter": (36, 108.96, 540, 261.6),
    "square": (24, 80, 292, 234),
}
"""Of each layout the left and the upper edge, the width and the height of its map in points; layouts.typ places the rest around it.

Each is a whole number of pixels of the picture, so that a drawing is not stretched by a part of one.
"""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
HELP = {
    "slide": "the A4 page", "square": "the slide or the A4 page", "letter": "fewer quotations", "a4": "fewer quotations",
}  # fmt: skip
PNG_HEAD = 8 + 25
"""Bytes before the first chunk after the header: signature and IHDR."""


def png(briefing: Briefing) -> bytes:
    """Return a briefing as a picture that carries its words; QuestionError where something has no room."""
    options = briefing.options
    image = _fitting(briefing, "png", ppi=options.layout.ppi * options.scale)
    texts = {"Title": briefing.headline, "Description": words(briefing), "Source": briefing.permalink}
    return image[:PNG_HEAD] + b"".join(_text_chunk(*text) for text in texts.items()) + image[PNG_HEAD:]


def svg(briefing: Briefing) -> bytes:
    """Return a briefing as a drawing that needs no font and carries its words; QuestionError where something has no room."""
    drawing = _fitting(briefing, "svg")
    end = drawing.index(b">") + 1
    told = f'<title id="title">{escape(setting.plain(briefing.headline))}</title><desc id="desc">{escape(setting.plain(words(briefing), lines=True))}</desc>'
    return drawing[: end - 1] + b' role="img" aria-labelledby="title desc">' + told.encode() + drawing[end:]


def pdf(briefing: Briefing) -> bytes:
    """Return a briefing as a tagged PDF/UA-1, its sources and sites in full behind; QuestionError where something has no room."""
    return _fitting(briefing, "pdf")


def overflow(briefing: Briefing) -> tuple[str, ...]:
    """Return what has no room on the page, each with what would help; empty when all has."""
    try:
        _made(briefing, "svg")
    except NoRoomError as missing:
        return tuple(_sentence(part, briefing.options.layout) for part in missing.parts)
    return ()


def words(briefing: Briefing) -> str:
    """Return all words of a briefing in the order in which they are read, one thing a line."""
    return "\n".join(line for line in _lines(briefing) if line)


def typeset(  # noqa: PLR0913  # what is set, and into what
    template: str,
    data: Mapping[str, Any],
    drawn: Picture,
    form: Format,
    *,
    ppi: float | None = None,
    made: dt.datetime | None = None,
) -> bytes:
    """Return a page with a map as a template sets it; `data` are a `page` with its size and that of a pixel, in points."""
    files = {
        "data.json": json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(),
        "base.svg": drawn.base.encode(),
        "marks.svg": drawn.marks.encode(),
    }
    return compositor.compiled(template, files, form, ppi=ppi, made=made or compositor.MADE)


def page(briefing: Briefing, drawn: Picture, *, pages: bool = False) -> dict[str, Any]:
    """Return what templates need to know of a briefing and of its map; `pages` says whether others follow the first."""
    colours = palette(briefing.options.theme)
    return {
        "fonts": compositor.FAMILIES, "palette": _colours(colours),
        "title": setting.plain(briefing.headline), "keywords": ["Iraq", "Kurdistan Region", "military bases"],
        "description": setting.plain(briefing.subtitle),
        "marking": _marking(briefing.marking, colours),
        "legend_title": _legend_title(briefing, drawn),
        "clipped": _clipped(drawn),
        "picture": {
            "width": drawn.width_pt, "height": drawn.height_pt,
            "faces": {
                kind: {"weight": face.weight, "fill": getattr(colours, face.colour), "tracking": face.tracking}
                for kind, face in lettering.LETTERING.items()
            },
            "labels": [
                {"text": setting.text(label.text), "x": round(label.x, 3), "y": round(label.y, 3), "size": round(label.size_pt, 3), "anchor": label.anchor, "kind": label.kind}
                for label in drawn.labels
            ],
        },
        "pages": pages, "addressed": bool(briefing.options.address),
        **_words(briefing, colours),
        "rows": _rows(briefing, colours) if pages else [],
    }  # fmt: skip


def mark(of: Category | Look, colours: Palette) -> str:
    """Return a mark as a drawing for a legend, in which templates give it its size; a category is drawn plain."""
    look = of if isinstance(of, Look) else Look(of)
    return picture.glyph(look.category, colours, half=look.half, weak=look.weak, stale=look.stale, size_pt=32)


# --------------------------------------------------------------------------------------------------- the page


def _fitting(briefing: Briefing, form: Format, *, ppi: float | None = None) -> bytes:
    """Return a briefing's page; QuestionError with what would help where something has no room."""
    try:
        return _made(briefing, form, ppi=ppi)
    except NoRoomError as missing:
        raise QuestionError(_sentence(missing.parts[0], briefing.options.layout)) from None


def _made(briefing: Briefing, form: Format, *, ppi: float | None = None) -> bytes:
    options, layout = briefing.options, briefing.options.layout
    left, top, width, height = PICTURES[layout.name]
    drawn = picture.draw(briefing, width, height)
    data = page(briefing, drawn, pages=form == "pdf")
    data["picture"] |= {"left": left, "top": top}
    data |= {
        "layout": layout.name,
        "width": layout.width_pt,
        "height": layout.height_pt,
        "pixel": 72 / layout.ppi,
    }
    return typeset("main.typ", data, drawn, form, ppi=ppi, made=options.made)


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


def _legend_title(briefing: Briefing, drawn: Picture) -> str:
    """Return what the legend is called: it counts every site, which is more than the map where it does not show some."""
    all_drawn = sum(item.count for item in briefing.legend) == len(briefing.marks) and not drawn.outside
    return "On the map" if all_drawn else "Sites by who held them"


def _clipped(drawn: Picture) -> bool:
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
        "text": setting.text(text),
        "label": False,
        "ground": colours.line if dark else colours.ink,
        "ink": colours.ink if dark else colours.paper,
    }


def _words(briefing: Briefing, colours: Palette) -> dict[str, Any]:
    account = briefing.account
    return {
        "headline": setting.text(briefing.headline),
        "subtitle": setting.text(briefing.subtitle),
        "stamp": setting.text(_stamp(briefing)),
        "alternative": setting.plain(briefing.alternative),
        "counter": setting.text(briefing.counter),
        "compared": setting.text(briefing.compared if briefing.compared not in briefing.headline else ""),
        "not_drawn": [setting.text(line) for line in briefing.not_drawn],
        "legend": [
            {"label": setting.text(item.label), "count": item.count, "before": item.before, "cited": numbers(item.cited), "svg": mark(Look(item.category, legend.turn(briefing.marks, item.category)), colours)}
            for item in briefing.legend
        ],
        "keys": [
            {"sign": sign, "words": setting.text(told), "svg": _key(sign, briefing.marks, colours)} for sign, told in briefing.keys
        ],
        "phases": [
            {"label": setting.text(line.label), "verdict": setting.text(line.verdict), "late": line.late, "gone": line.gone, "promise": line.promise if line.promise is not None else 100, "detail": setting.text(line.detail), "cited": numbers(line.cited)}
            for line in briefing.phases
        ],
        "earlier_phases": setting.text(briefing.earlier_phases),
        "account": {
            "name": setting.text(account.full_name), "words": setting.text(account.words), "staleness": setting.text(account.staleness),
            "lines": [{"words": setting.text(told), "cited": numbers(cited)} for told, cited in account.lines],
        } if account else None,
        "changes": [
            {"name": setting.text(line.name), "words": setting.text(line.words), "cited": numbers(line.cited), "before": mark(line.before, colours), "after": mark(line.after, colours)}
            for line in briefing.changes
        ],
        "more_changes": setting.text(briefing.more_changes),
        "proposed": briefing.options.quotes is None,
        "quotations": [
            {"text": setting.quoted(told.text), "original": setting.quoted(told.original) if told.original else "", "by": setting.text(told.by), "cited": numbers(told.cited)}
            for told in briefing.quotations
        ],
        "more_rows": setting.text(briefing.more_rows),
        "sources": [
            {
                "number": source.number, "line": setting.text(source.line), "ems": _ems(source.line), "title": setting.text(source.title), "publisher": setting.text(source.publisher),
                "published": setting.text(source.published), "grade": source.grade, "url": setting.text(source.url), "link": setting.link(source.url),
            }
            for source in briefing.sources
        ],
        "more_sources": setting.text(briefing.more_sources),
        "grades": GRADES,
        "caveats": [setting.text(line) for line in briefing.caveats],
        "footnote": setting.text(briefing.footnote),
        "credits": setting.text(briefing.credits),
        "permalink": setting.text(briefing.permalink),
        "version": setting.text(briefing.version),
    }  # fmt: skip


def _rows(briefing: Briefing, colours: Palette) -> list[dict[str, Any]]:
    """Return the sites of the table, which only the pages behind the first have."""
    return [
        {"name": setting.text(row.name), "words": setting.text(row.words), "since": setting.text(row.since), "evidence": setting.text(row.evidence), "cited": numbers(row.cited), "svg": mark(row.look, colours)}
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


def _key(sign: str, marks: Sequence[Mark], colours: Palette) -> str:
    """Return the drawing beside a key, "" for those that templates draw."""
    if sign in ("vague", "line"):
        return ""
    look, earlier = legend.example(sign, marks)
    if earlier:
        return picture.pair(look, earlier, colours, size_pt=32)
    return mark(look, colours)


# --------------------------------------------------------------------------------------------------- its words for machines


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


def _text_chunk(keyword: str, text: str) -> bytes:
    """Return international text for a PNG: uncompressed, so that a search in the bytes finds it."""
    data = keyword.encode("latin-1") + b"\0\0\0\0\0" + setting.plain(text, lines=True).encode()
    return (
        struct.pack(">I", len(data))
        + b"iTXt"
        + data
        + struct.pack(">I", zlib.crc32(data, zlib.crc32(b"iTXt")))
    )

"""One HTML file that plays without us: map, clock, words and sources, with no request and no network.

It runs the dashboard's own modules on the same lives, so that its map cannot show another state than the dashboard's.
A strict content-security policy names each script and style sheet by its hash: nothing else runs in it.
"""

import base64
import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from xstatic.pkg import leaflet

import components
from components import base_map, hindsight, lives, utterances, view, view_state, wording
from components.view import View
from components.view_state import Filters, ViewState
from exports import briefing, lettering, linker, package, palette
from exports.briefing import Briefing
from exports.evidence import GRADES, NumberedSource, numbered
from exports.options import Options
from geodata import boundaries, dates
from geodata.dates import Possible, epoch_day
from geodata.knowledge import reporting
from geodata.model import Claim, Grade, Kind, Ledger, Source
from geodata.statements import Said

HERE = Path(__file__).parent / "browser"
BROWSER = Path(components.__file__).parent / "browser"
SHEETS = (
    BROWSER / "tokens.css",
    BROWSER / "base_map.css",
    BROWSER / "control_layer.css",
    BROWSER / "clock.css",
    HERE / "capsule.css",
)
MOST_SAID = 1000
MOST_EVIDENCE = 400
"""Statements, and sites with all that is said of them, that one page holds; of more, the number is told."""
NAV = (
    ("#briefing", "Briefing"),
    ("#sites", "Sites"),
    ("#statements", "Statements"),
    ("#sources", "Sources"),
    ("#about", "About"),
)
KEYS = (
    (("←", "→"), "a day back or on"), (("shift", "←", "→"), "previous or next change"),
    (("page ↑", "page ↓"), "a year back or on"), (("home",), "first day with a sourced state"), (("end",), "last day with evidence"),
    (("space",), "play or pause"), (("/",), "find a site"), (("0",), "the whole map again"),
    (("esc",), "close, or let go of the site"), (("?",), "these keys"),
)  # fmt: skip
WEB = re.compile(r"https?://[^\s\"'<>]+", re.ASCII)
"""An address that a link may lead to; anything else is printed as it is."""
MEDIA = re.compile(r"@media (?=\(m(?:in|ax)-(?:width|height))")
LETTERS = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x1E0C, 0x1E0D), (0x1E24, 0x1E25), (0x1E62, 0x1E63), (0x1E6C, 0x1E6D), (0x1E92, 0x1E93),
    (0x2BB, 0x2BC), (0x2010, 0x2026), (0x2030, 0x203A), (0x20AC, 0x20AC), (0x2190, 0x2193), (0x2212, 0x2212),
)  # fmt: skip
"""Letters the page's typeface brings, first and last of each run: Latin as Europe and transliterated Arabic have it, punctuation."""
BREAKING = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""What in JSON could end the element it stands in, or begin another."""

ENVIRONMENT = Environment(
    loader=PackageLoader("exports"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Utterance:
    """One utterance as the page lists it; `day` is counted from 1970-01-01, None where none is recorded."""

    day: int | None
    when: str
    text: str
    language: str
    summary: str
    original: str
    speaker: str
    publisher: str
    cited: tuple[int, ...]
    weak: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One assertion about a site: from which day on it is no news of a later day, and who makes it."""

    day: int | None
    when: str
    text: str
    tag: str
    cited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SiteLines:
    """All that the sources that count say of one site."""

    key: str
    name: str
    name_local: str | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a page says, whichever page it is."""

    shown: View
    briefing: Briefing
    one_file: bool
    title: str
    exported: str
    day: str  # the day shown, in words; of two that are compared, the one the clock stands on
    plain_day: bool  # one day is shown, not two
    rows: tuple[view.SiteRow, ...]
    more_rows: str
    selected: str
    evidence: tuple[SiteLines, ...]
    said: tuple[Utterance, ...]
    more_said: int
    sources: tuple[NumberedSource, ...]
    more_sources: str
    grades: str
    permalink_url: str
    licence: str
    keys: Sequence[tuple[Sequence[str], str]] = KEYS


class Numbers:
    """The numbers by which sources are cited: the briefing's, and further ones in the order of their citation."""

    def __init__(self, ledger: Ledger, made: Briefing) -> None:
        self.ledger = ledger
        self.found = {source.source: source for source in made.sources}

    def of(self, sources: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of some sources, ascending."""
        keys = {*sources}
        for key in sorted(keys - self.found.keys()):
            self.found[key] = numbered(self.ledger.sources[key], len(self.found) + 1)
        return tuple(sorted(self.found[key].number for key in keys))


def html(ledger: Ledger, state: ViewState, options: Options, now: dt.date) -> bytes:
    """Return the page as one HTML file; `now` is today in Baghdad, where the clock's axis ends."""
    told = contents(ledger, state, options, now, one_file=True)
    styles, scripts = (style(), *paper(told.briefing.marking)), (vendored(), script())
    for text in (*styles, *scripts):
        _must_stay_inside(text)
    return page(
        "capsule.html", told, options.theme, title=told.title, description=described(told.briefing), home="", nav=NAV,
        policy=policy(scripts, styles),
        head=[Markup('<link rel="icon" href="data:,">'), *(Markup(f"<style>{text}</style>") for text in styles)],  # noqa: S704  # our own files
        scripts=[Markup(f"<script>{text}</script>") for text in scripts],  # noqa: S704
        data=data(told, options),
    )  # fmt: skip


def paper(marking: str) -> tuple[str, ...]:
    """Return the style sheet that prints a handling marking at top and bottom of every sheet of paper."""
    if not marking:
        return ()
    text = "".join(sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):x} " for sign in marking)
    box = f'{{content:"{text}";background:{palette.TLP_GROUND};color:{palette.TLP_INK.get(marking, "#ffffff")};font:700 11px sans-serif;height:18px;width:100%;text-align:center}}'
    return (f"@page{{@top-center{box}@bottom-center{box}}}\n",)


def described(made: Briefing) -> str:
    """Return a page in a sentence or two, for those who find it."""
    return f"{made.headline} {made.subtitle}. {made.counter}."


def page(template: str, told: Contents, theme: str, **more: object) -> bytes:
    """Return a template filled in."""
    b = told.briefing
    tlp = b.marking.lower().replace(":", "-").replace("+", "-") if b.marking.startswith("TLP:") else ""
    context = {"c": told, "theme": theme, "tlp": tlp} | more
    text = ENVIRONMENT.get_template(template).render(context)
    return (re.sub(r"\n\s*\n+", "\n", text).strip() + "\n").encode()


def policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """Return the content-security policy that lets exactly these texts run, and nothing load."""

    def hashes(texts: Sequence[str]) -> str:
        return " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts
        )

    return (
        f"default-src 'none'; script-src {hashes(scripts)}; style-src {hashes(styles)}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _must_stay_inside(text: str) -> None:
    if re.search(r"</(?:script|style)|<!--|\r", text, re.IGNORECASE):
        raise linker.LinkError("a script or a style sheet would end the element it stands in")


# ----------------------------------------------------------------------------------------------------- what it says


def contents(ledger: Ledger, state: ViewState, options: Options, now: dt.date, *, one_file: bool) -> Contents:
    """Return all words of the page: those of the briefing, and all statements and evidence that count, of any day."""
    state = replace(state, filters=Filters(), item=None)
    shown = view.build(ledger, state, now=now)
    made = briefing.compose(shown, options)
    numbers = Numbers(ledger, made)
    last = replace(state, as_of=now, compare=None)
    everything = utterances.everything(replace(shown, state=last))
    said = tuple(_utterance(shown, item, numbers) for item in everything[:MOST_SAID])
    rows = shown.rows
    listed = [row.site.site for row in rows][:MOST_EVIDENCE]
    evidence = tuple(_site_lines(shown, last, site, numbers) for site in listed)
    return Contents(
        shown=shown,
        briefing=made,
        one_file=one_file,
        title=f"{made.date}: {made.headline.rstrip('.')} · Handover Atlas",
        exported=made.date,
        day=wording.day_words(state.as_of),
        plain_day=state.compare is None,
        rows=rows,
        more_rows=f"and {len(ledger.sites) - len(rows):,} more sites" if len(ledger.sites) > len(rows) else "",
        selected=state.site or "",
        evidence=evidence,
        said=said,
        more_said=max(0, len(everything) - MOST_SAID),
        sources=linked(numbers.found.values()),
        more_sources=made.more_sources,
        grades=GRADES,
        permalink_url=made.permalink if options.address else "",
        licence=package.LICENCE["title"],
    )  # fmt: skip


def linked(sources: Iterable[NumberedSource]) -> tuple[NumberedSource, ...]:
    """Return sources with an address only where a link may lead to it."""
    return tuple(replace(s, url=s.url if WEB.fullmatch(s.url) else "") for s in sources)


def _utterance(shown: View, item: Said, numbers: Numbers) -> Utterance:
    carried = tuple(r.source for r in item.renderings) or (item.source.source,)
    return Utterance(
        day=_since(shown, item.day, [item.source]),
        when=dates.words(item.day) if item.day else "on no recorded day",
        text=item.quotation, language=item.language, summary=item.summary,
        original=item.sentence.arabic if item.sentence else "",
        speaker=item.speaker, publisher=wording.publisher(item.source), cited=numbers.of(carried), weak=item.weak,
    )  # fmt: skip


def _since(shown: View, said: Possible | None, sources: Sequence[Source]) -> int | None:
    """Return the day from which a thing is past; where each day counts only what was reported, not before the report."""
    if said is None:
        return None
    day = said.last
    if shown.state.knowledge.each_day:
        printed = [source.published.last for source in sources if source.published]
        day = max(day, min(printed, default=day))
    return epoch_day(day)


def _site_lines(shown: View, last: ViewState, site: str, numbers: Numbers) -> SiteLines:
    ledger = shown.ledger
    counting = reporting(ledger, last.known_on, last.knowledge.left_out(ledger))
    life = view.lives(ledger, last.knowledge)[site]
    groups: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in hindsight.claims_about(ledger, site):
        if claim.source in counting and (claim.kind is not Kind.GENERAL or claim in life.evidence):
            groups.setdefault((claim.occurred.text, claim.text, claim.kind.value), []).append(claim)
    ordered = sorted(
        groups.values(), key=lambda group: (group[0].occurred.last, group[0].claim), reverse=True
    )
    local = next((n.name for n in ledger.site_names if n.site == site and n.script == "Arab"), None)
    return SiteLines(
        site, ledger.sites[site].name, local, tuple(_line(shown, group, numbers) for group in ordered)
    )


def _line(shown: View, group: Sequence[Claim], numbers: Numbers) -> Line:
    claim, sources = group[0], [shown.ledger.sources[one.source] for one in group]
    plan = claim.kind is Kind.PLAN
    published = min((s.published for s in sources if s.published), key=lambda date: date.last, default=None)
    tag = (
        "rejected: never decides" if claim.grade is Grade.REJECTED
        else "promise" if plan
        else "weak" if all(one.grade is Grade.WEAK for one in group)
        else ""
    )  # fmt: skip
    return Line(
        # A promise stands on the day it was published, not on its deadline.
        day=_since(shown, (published if plan else None) or claim.occurred, sources),
        when=dates.words(claim.occurred),
        text=claim.text,
        tag=tag,
        cited=numbers.of(one.source for one in group),
    )


# -------------------------------------------------------------------------------------------------- what it plays


def data(told: Contents, options: Options) -> Markup:
    """Return what the script needs, as JSON that can stand in an element of a page."""
    return safe_json(
        {
            "lives": dict(payload(told.shown)),
            "map": {"options": dict(base_map.OPTIONS), "centre": base_map.CENTRE, "zoom": base_map.ZOOM},
            "outlines": outlines(),
            "layer": base_map.layer_options(_layers()),
            "start": start(told.shown.state, options),
        }
    )


def safe_json(value: object) -> Markup:
    """Return JSON without a letter that could end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign, escaped in BREAKING.items():
        text = text.replace(sign, escaped)
    return Markup(text)  # noqa: S704  # no "<", ">" or "&" is left in it


def payload(shown: View) -> Mapping[str, Any]:
    """Return the lives of all sites under what counts; the search for sources stays behind."""
    found = lives.payload(shown.ledger, shown.state.knowledge, shown.today)
    return {**found, "sources": []}


def start(state: ViewState, options: Options) -> Mapping[str, Any]:
    """Return the view on which the page opens, as the page's store has it."""
    knowledge, extent = state.knowledge, options.extent
    return {
        "day": epoch_day(state.as_of),
        "site": state.site,
        "known": view_state.EACH_DAY if knowledge.each_day else knowledge.known_on.isoformat() if knowledge.known_on else None,
        "off": sorted(state.hidden),
        "compare": epoch_day(state.compare) if state.compare else None,
        "without": sorted(knowledge.without),
        "derived": knowledge.and_derived,
        "grades": sorted(knowledge.without_grades),
        "map": f"{extent.zoom:g}/{extent.lat:g}/{extent.lon:g}" if extent else None,
        "theme": options.theme,
    }  # fmt: skip


@cache
def _layers() -> Mapping[str, Mapping[str, Any]]:
    return boundaries.load().layers()


@cache
def outlines() -> Mapping[str, Any]:
    """Return the base map's outlines packed without loss: rings of steps in whole parts of a degree, lon before lat."""
    drawn = list(base_map.outlines(_layers()))
    unit = 10 ** max(_digits(shape["coordinates"]) for _, shapes in drawn for shape in shapes)
    return {
        "unit": unit,
        "smooth": base_map.SMOOTH_FACTOR,
        "layers": [
            {"kind": kind, "shapes": [{"t": s["type"], "c": _packed(s["coordinates"], unit)} for s in shapes]}
            for kind, shapes in drawn
        ],
    }


def _digits(part: Any) -> int:
    """Return how many digits after the point the coordinates have."""
    if isinstance(part, int | float):
        return len(repr(float(part)).partition(".")[2].rstrip("0"))
    return max(_digits(one) for one in part)


def _packed(part: Any, unit: int) -> list[Any]:
    if isinstance(part[0][0], int | float):
        steps: list[int] = []
        before = (0, 0)
        for lon, lat, *_ in part:
            here = (round(lon * unit), round(lat * unit))
            steps += [here[0] - before[0], here[1] - before[1]]
            before = here
        return steps
    return [_packed(one, unit) for one in part]


# --------------------------------------------------------------------------------------------- scripts and styles


@cache
def vendored() -> str:
    """Return Leaflet without the address of its map for debuggers."""
    text = (Path(leaflet.BASE_DIR) / "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"\n//# sourceMappingURL=.*\s*$", "\n", text)


@cache
def script() -> str:
    """Return our modules as one script."""
    return linker.link(HERE / "capsule.js")


@cache
def style() -> str:
    """Return all rules, Leaflet's first; none names a file."""
    sheets = [(Path(leaflet.BASE_DIR) / "leaflet.css").read_text(encoding="utf-8")]
    for path in SHEETS:
        text = path.read_text(encoding="utf-8")
        # There the map has a frame of its own, and asks for the frame's size; here it is asked of the map's place.
        sheets.append(_contained(text) if path.name == "control_layer.css" else text)
    joined = re.sub(r"/\*.*?\*/", "", "\n".join([*sheets, _grey()]), flags=re.DOTALL)
    joined = re.sub(r"@font-face\s*\{[^}]*\}", "", joined)
    joined = re.sub(r"[\w-]+:\s*url\([^)]*\)[^;}]*;?", "", joined)
    joined = re.sub(r"[ \t]*\n\s*", "\n", joined.replace("\r", ""))
    return _faces() + joined.strip() + "\n"


def _contained(text: str) -> str:
    return re.sub(r"(?<=\d)vw\b", "cqw", MEDIA.sub("@container map ", text))


def _grey() -> str:
    """Return the variables of the theme for printers without colour."""
    grey = palette.palette("grey")
    plain = ("ink", "mute", "line", "paper", "wash", "raise_", "accent", "late", "sea", "land", "land_line", "federal", "kurdistan",
             "gov_line", "border", "kr_line", "river", "lake", "map_label", "halo")  # fmt: skip
    found = {name.strip("_").replace("_", "-"): getattr(grey, name) for name in plain}
    found |= {f"c-{category.value}": colour for category, colour in grey.category.items()}
    rules = "".join(f"--{name}:{colour};" for name, colour in found.items())
    return f':root[data-theme="grey"]{{{rules}color-scheme:light}}'


@cache
def typeface() -> Mapping[int, bytes]:
    """Return the typeface of the page by weight, cut down to the letters of Latin text."""
    return {weight: _subset(lettering.FOLDER / name) for weight, name in lettering.FACES.items()}


def _subset(path: Path) -> bytes:
    options = subset.Options(layout_features=["kern", "locl", "tnum"], hinting=False, name_IDs=[0, 1, 2, 13])
    font = TTFont(path, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[sign for first, last in LETTERS for sign in range(first, last + 1)])
    cutter.subset(font)
    out = io.BytesIO()
    font.save(out)  # not as WOFF: its compression is another on another machine
    return out.getvalue()


def _faces() -> str:
    return "".join(
        f'@font-face{{font-family:"Source Sans 3";font-weight:{weight};'
        f'src:url("data:font/ttf;base64,{base64.b64encode(body).decode()}") format("truetype")}}\n'
        for weight, body in typeface().items()
    )

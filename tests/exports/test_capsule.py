"""The file that plays without us: what stands in it, that nothing in it loads, and that its script is our modules."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from components import base_map, lives, utterances, view
from components.view_state import ViewState
from exports import briefing, capsule, linker
from exports.linker import LinkError
from exports.options import Options, parse
from geodata import boundaries
from geodata.dates import epoch_day
from geodata.knowledge import EVERYTHING, Knowledge
from tests.components.test_panels import HOSTILE, hostile_ledger
from tests.exports.views import NOW, ledger

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2026, 1, 18)
LOADING = {
    "src",
    "srcset",
    "data",
    "poster",
    "action",
    "formaction",
    "background",
    "ping",
    "manifest",
    "xlink:href",
}
"""Attributes by which a page loads or sends something; `href` does so only on a link element."""


class Read(HTMLParser):
    """The page taken apart: elements with their attributes, the text of each, and the whole text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.contents: list[tuple[str, dict[str, str | None], str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "input", "br", "img"}:
            self.inside.append((tag, dict(attrs), []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        for _, _, parts in self.inside:
            parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        name, attributes, parts = self.inside.pop()
        assert name == tag, f"<{name}> is closed by </{tag}>"
        self.contents.append((name, attributes, "".join(parts)))

    def texts(self, tag: str, **wanted: str) -> list[str]:
        return [
            text
            for name, attributes, text in self.contents
            if name == tag and all(attributes.get(k) == v for k, v in wanted.items())
        ]

    @property
    def words(self) -> str:
        shown = next(text for tag, attributes, text in self.contents if tag == "article")
        return " ".join(shown.split())


@cache
def made(day: dt.date = DAY, **_: Any) -> bytes:
    return capsule.html(ledger(), ViewState(day), Options(), NOW)


def read(body: bytes) -> Read:
    found = Read()
    found.feed(body.decode())
    found.close()
    assert not found.inside, f"not closed: {[name for name, _, _ in found.inside]}"
    return found


@cache
def page() -> Read:
    return read(made())


@cache
def shown(day: dt.date = DAY) -> view.View:
    return view.build(ledger(), ViewState(day), now=NOW)


def test_it_is_one_file_of_less_than_a_megabyte() -> None:
    assert len(made()) < 1_000_000


def test_the_same_request_gives_the_same_bytes() -> None:
    capsule.outlines.cache_clear()
    capsule.typeface.cache_clear()
    capsule.style.cache_clear()
    capsule.script.cache_clear()
    assert capsule.html(ledger(), ViewState(DAY), Options(), NOW) == made()


def test_nothing_in_it_loads_or_runs_from_elsewhere() -> None:
    for tag, attributes in page().elements:
        assert not LOADING & attributes.keys(), f"<{tag}> {attributes}"
        assert "style" not in attributes, f"<{tag}> has a style the policy refuses"
        assert not [name for name in attributes if name.startswith("on")], f"<{tag}> {attributes}"
        if tag == "link":
            assert attributes["href"] == "data:,"
        elif "href" in attributes:
            address = attributes["href"] or ""
            assert tag == "a", f"<{tag}> {attributes}"
            assert address.startswith(("#", "http://", "https://")), f"<{tag}> {attributes}"
    for sheet in page().texts("style"):
        assert "@import" not in sheet
        assert {address.strip("\"'")[:14] for address in re.findall(r"url\(([^)]*)\)", sheet)} == {
            "data:font/ttf;"
        }
    assert not re.search(r"\bimport\s*\(|\bimportScripts\b|sourceMappingURL", "".join(page().texts("script")))


def test_the_policy_names_exactly_the_scripts_and_styles_in_it() -> None:
    policy = next(
        a["content"]
        for tag, a in page().elements
        if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in (policy or "").split(";"))
    running = [
        text
        for tag, attributes, text in page().contents
        if tag == "script" and attributes.get("type") is None
    ]
    assert len(running) == 2
    for kind, texts in (("script-src", running), ("style-src", page().texts("style"))):
        wanted = [
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts
        ]
        assert rules[kind].split() == wanted
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == rules["font-src"] == "data:"
    assert "unsafe" not in (policy or "")
    # Before anything it is to rule over.
    names = [tag for tag, _ in page().elements]
    assert names.index("meta") < min(names.index("style"), names.index("script"))


def test_words_and_numbers_are_the_briefings() -> None:
    told, words = briefing.compose(shown(), Options()), page().words
    expected = [
        told.headline, told.subtitle, told.counter, told.date_time_group, *told.caveats, *told.not_drawn, told.footnote, told.credits,
        told.permalink, told.version, told.earlier_phases, *(q.text for q in told.quotations), *(q.original for q in told.quotations),
        *(part for p in told.phases for part in (p.label, p.verdict, p.detail)),
    ]  # fmt: skip
    for text in expected:
        assert " ".join(text.split()) in words, text
    assert told.counter == "22 sites, 20 of them with a known position"
    listed = [
        a["id"] for tag, a, _ in page().contents if tag == "li" and (a.get("id") or "").startswith("source-")
    ]
    assert listed == [f"source-{number}" for number in range(1, len(listed) + 1)]
    for source in told.sources:
        assert source.publisher in page().texts("li", id=f"source-{source.number}")[0]
        assert source.published in page().texts("li", id=f"source-{source.number}")[0]


def test_every_number_leads_to_a_source() -> None:
    ids = {a.get("id") for _, a in page().elements}
    asked = {a["href"] for tag, a in page().elements if tag == "a" and (a.get("href") or "").startswith("#")}
    assert len(asked) > 100
    assert {address[1:] for address in asked if address} <= ids


def test_the_table_says_what_the_view_says() -> None:
    rows = [text for tag, a, text in page().contents if tag == "tr" and a.get("data-site")]
    assert len(rows) == len(shown().rows) == len(ledger().sites)
    for row, text in zip(shown().rows, rows, strict=True):
        for words in (row.site.short_name, row.words, row.staleness):
            assert words in text


def test_all_statements_and_all_claims_that_count_are_in_it_with_their_days() -> None:
    everything = utterances.everything(view.build(ledger(), ViewState(NOW), now=NOW))
    listed = [
        (a.get("data-day"), text)
        for tag, a, text in page().contents
        if tag == "li" and a.get("class") == "cap-said"
    ]
    mine = listed[-len(everything) :]
    assert len(everything) > 100
    for said, (day, text) in zip(everything, mine, strict=True):
        assert said.quotation in text
        assert said.speaker in text
        assert day == (str(epoch_day(said.day.last)) if said.day else None)
    evidence = " ".join(text for tag, a, text in page().contents if tag == "details")
    for claim in ledger().claims:
        assert not claim.site or claim.text in evidence, claim.claim


def test_known_on_keeps_later_reports_out() -> None:
    state = ViewState(DAY, Knowledge(known_on=dt.date(2025, 9, 30)))
    found = read(capsule.html(ledger(), state, Options(), NOW))
    keys = re.findall(r"\(grade [A-D], ([A-Z0-9]+)\)", found.words)
    assert len(keys) > 20
    late = [k for k in keys if (p := ledger().sources[k].published) is None or p.last > dt.date(2025, 9, 30)]
    assert not late
    data = json.loads(found.texts("script", id="cap-data")[0])
    assert data["lives"]["known_on"] == data["start"]["known"] == "2025-09-30"


def test_the_lives_are_those_of_the_dashboard_and_open_on_the_exported_day() -> None:
    data = json.loads(page().texts("script", id="cap-data")[0])
    wanted = json.loads(json.dumps(lives.payload(ledger(), EVERYTHING, NOW)))
    differing = {key for key in wanted if wanted[key] != data["lives"][key]}
    assert differing == {"sources"}
    assert data["start"]["day"] == epoch_day(DAY) != data["lives"]["default_day"]


def test_the_outlines_come_back_exactly() -> None:
    def unpack(part: Any, unit: int) -> Any:
        if isinstance(part[0], list):
            return [unpack(one, unit) for one in part]
        x = y = 0
        ring = []
        for at in range(0, len(part), 2):
            x, y = x + part[at], y + part[at + 1]
            ring.append([x / unit, y / unit])
        return ring

    packed = capsule.outlines()
    drawn = list(base_map.outlines(boundaries.load().layers()))
    assert [layer["kind"] for layer in packed["layers"]] == [kind for kind, _ in drawn]
    for layer, (_, shapes) in zip(packed["layers"], drawn, strict=True):
        for one, shape in zip(layer["shapes"], shapes, strict=True):
            assert one["t"] == shape["type"]
            assert unpack(one["c"], packed["unit"]) == json.loads(json.dumps(shape["coordinates"]))


def test_text_from_the_data_stays_text() -> None:
    spoiled = hostile_ledger()
    options = parse({"headline": [f"</title></script><!-- {HOSTILE} \u2028"], "marking": [HOSTILE[:40]]})
    body = capsule.html(spoiled, ViewState(DAY), options, NOW)
    found = read(body)
    assert HOSTILE in found.words
    assert f"</title></script><!-- {HOSTILE}" in found.words
    tags = {tag for tag, _ in found.elements}
    assert tags == {tag for tag, _ in page().elements} | ({"p"} if options.marking else set())
    assert body.count(b"<script") == made().count(b"<script")
    raw = body.decode().partition('id="cap-data">')[2].partition("</script>")[0]
    assert not set("<>&\u2028\u2029") & set(raw)
    assert HOSTILE in json.dumps(json.loads(raw), ensure_ascii=False).replace('\\"', '"')


@pytest.mark.parametrize("theme", ["light", "dark", "grey"])
def test_it_opens_in_the_theme_that_was_asked_for(theme: str) -> None:
    found = read(capsule.html(ledger(), ViewState(DAY), parse({"theme": [theme]}), NOW))
    assert next(a["data-theme"] for tag, a in found.elements if tag == "html") == theme
    assert json.loads(found.texts("script", id="cap-data")[0])["start"]["theme"] == theme


@pytest.mark.parametrize("marking", ["TLP:RED", "TLP:AMBER+STRICT", "Embassy use only"])
def test_the_marking_stands_at_top_and_bottom(marking: str) -> None:
    found = read(capsule.html(ledger(), ViewState(DAY), parse({"marking": [marking]}), NOW))
    marks = [
        (a["class"], text)
        for tag, a, text in found.contents
        if tag == "p" and (a.get("class") or "").startswith("cap-marking")
    ]
    assert [text for _, text in marks] == [marking, marking]
    assert all(("is-tlp" in (kind or "")) == marking.startswith("TLP") for kind, _ in marks)


def test_paper_is_marked_on_every_sheet_and_the_policy_knows_it() -> None:
    found = read(capsule.html(ledger(), ViewState(DAY), parse({"marking": ['No "x"} \\ <b>']}), NOW))
    sheet = found.texts("style")[-1]
    assert sheet.count('content:"No\\20 \\22 x\\22 \\7d \\20 \\5c \\20 \\3c b\\3e "') == 2
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert any(digest in (a.get("content") or "") for tag, a in found.elements if tag == "meta")


def test_an_address_makes_the_permalink_a_link() -> None:
    found = read(
        capsule.html(ledger(), ViewState(DAY), parse({"address": ["https://atlas.example.org"]}), NOW)
    )
    assert any(
        a.get("href") == "https://atlas.example.org/?as_of=2026-01-18"
        for tag, a in found.elements
        if tag == "a"
    )
    assert not any(tag == "a" and "as_of" in (a.get("href") or "") for tag, a in page().elements)


# ------------------------------------------------------------------------------------------------------------ linker


def linked(folder: Path, **files: str) -> str:
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return linker.link(folder / "main.js")


def test_modules_come_in_the_order_of_need_each_once(tmp_path: Path) -> None:
    text = linked(
        tmp_path,
        main='import { a } from "./a.js";\nimport {\n  b as c,\n  d,\n} from "./b.js";\nconsole.log(a, c, d);\n',
        a='import { d } from "./b.js";\nexport const a = d() + 1;\n',
        b="// said once\nexport class b {}\nexport function d() {\n  return 1;\n}\n",
    )
    assert text == (
        '(() => {\n"use strict";\n'
        "const m0 = (() => {\nclass b {}\nfunction d() {\n  return 1;\n}\nreturn { b, d };\n})();\n"
        "const m1 = (() => {\nconst { d } = m0;\nconst a = d() + 1;\nreturn { a };\n})();\n"
        "const m2 = (() => {\nconst { a } = m1;\nconst { b: c, d } = m0;\nconsole.log(a, c, d);\n})();\n"
        "})();\n"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("export default 1;\n", "main.js, line 1: a default export"),
        ("const a = 1;\n\nexport { a };\n", "main.js, line 3: an export that is neither"),
        ("export let a = 1;\n", "main.js, line 1: an export that can change"),
        ('const a = 1;\nimport("./a.js");\n', "main.js, line 2: a dynamic import"),
        ('import a from "./a.js";\n', "main.js, line 1: an import that is not"),
        ('import * as a from "./a.js";\n', "main.js, line 1: an import that is not"),
        ('import { a } from "leaflet";\n', "main.js, line 1: an import that is not"),
        ("console.log(import.meta.env);\n", "main.js, line 1: import.meta"),
        ("const a = `one\ntwo`;\n", "main.js, line 1: a text over several lines"),
        ('import { no } from "./a.js";\n', "main.js: a.js has no no"),
        ('import { a-b } from "./a.js";\n', 'main.js: "a-b" in an import'),
        ('import { x } from "./missing.js";\n', "missing.js: cannot be read"),
    ],
    ids=["default", "list", "let", "dynamic", "default-import", "star", "bare", "meta", "template", "unknown", "name", "missing"],
)  # fmt: skip
def test_what_is_not_understood_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(LinkError, match=re.escape(problem)):
        linked(tmp_path, main=text, a="export const a = 1;\n")


def test_a_circle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LinkError, match=r"circle: a.js → b.js → a.js"):
        linked(
            tmp_path,
            main='import { a } from "./a.js";\n',
            a='import { b } from "./b.js";\nexport const a = 1;\n',
            b='import { a } from "./a.js";\nexport const b = 1;\n',
        )


def test_our_own_modules_are_linked_whole() -> None:
    text = capsule.script()
    needed = set(re.findall(r"^const (m\d+) = \(\(\) => \{$", text, re.MULTILINE))
    assert len(needed) > 35
    for name in (
        "function createStore()",
        "function makeStates()",
        "function placeLabels(",
        "function unpack(",
        "function drawOutlines(",
    ):
        assert text.count(name) == 1
    assert not re.search(r"^(?:import|export)\b", text, re.MULTILINE)
    assert "import.meta" not in text

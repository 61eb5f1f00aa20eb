"""The edition: a folder that leads nowhere else, says what the views say, and never overwrites what is not its own."""

from __future__ import annotations

import base64
import hashlib
import json
import posixpath
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from components import lives, utterances, view
from components.view_state import ViewState
from exports import briefing, edition, package
from exports.options import Options
from geodata.errors import QuestionError
from tests.exports.test_capsule import LOADING, Read, read
from tests.exports.views import NOW, ledger

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGES = ("index.html", "statements.html", "sites.html", "sources.html", "data.html", "404.html")


@cache
def files() -> Mapping[str, bytes]:
    return edition.files(ledger(), now=NOW)


@cache
def page(path: str) -> Read:
    return read(files()[path])


@cache
def shown() -> view.View:
    return view.build(ledger(), ViewState(lives.default_day(ledger(), NOW)), now=NOW)


def test_the_same_ledger_and_day_give_the_same_bytes() -> None:
    again = edition.files(ledger(), now=NOW)
    assert [path for path in files() if files()[path] != again[path]] == []
    assert list(files()) == list(again)


def test_the_manifest_tells_every_file_and_its_bytes() -> None:
    told = json.loads(files()["manifest.json"])
    assert told["name"] == "handover-atlas-edition"
    assert told["data_version"] == ledger().version
    assert {file["path"] for file in told["files"]} == files().keys() - {"manifest.json"}
    for file in told["files"]:
        body = files()[file["path"]]
        assert (file["bytes"], file["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())


@pytest.mark.parametrize("path", PAGES)
def test_every_page_leads_to_what_is_there_and_loads_only_that(path: str) -> None:
    for tag, attributes in page(path).elements:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("href", *LOADING & attributes.keys()):
            address = attributes.get(name)
            if (
                address is None
                or (tag == "a" and address.startswith(("https://", "http://")))
                or path == "404.html"
            ):
                continue
            assert not address.startswith(("/", "http", "data:")), f"<{tag} {name}={address}>"
            target, _, place = address.partition("#")
            found = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            assert found in files(), f"<{tag} {name}={address}>"
            if place and "=" not in place:
                assert any(a.get("id") == place for _, a in page(found).elements), f"{path}: {address}"


@pytest.mark.parametrize("path", PAGES)
def test_the_policy_lets_nothing_inline_run(path: str) -> None:
    policy = next(
        a["content"] or "" for tag, a in page(path).elements if tag == "meta" and a.get("http-equiv")
    )
    assert "unsafe" not in policy
    assert "http" not in policy
    inline = [
        a
        for tag, a, text in page(path).contents
        if tag == "script" and text.strip() and a.get("type") != "application/json"
    ]
    assert inline == []
    sheets = [
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in page(path).texts("style")
    ]
    assert all(sheet in policy for sheet in sheets)
    assert len(sheets) == (1 if path == "404.html" else 0)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_what_it_is(path: str) -> None:
    titles = page(path).texts("title")
    assert len(titles) == 1
    assert "Handover Atlas" in titles[0]
    if path != "404.html":
        descriptions = [
            a["content"] or ""
            for tag, a in page(path).elements
            if tag == "meta" and a.get("name") == "description"
        ]
        assert len(descriptions) == 1
        assert len(descriptions[0]) > 40
        assert sum(tag == "h1" for tag, _ in page(path).elements) == 1


def test_names_of_assets_carry_the_digest_of_their_bytes() -> None:
    assets = [path for path in files() if path.startswith("assets/")]
    assert len(assets) == 6
    for path in assets:
        assert Path(path).stem.rpartition("-")[2] == hashlib.sha256(files()[path]).hexdigest()[:12]


def test_words_and_numbers_are_those_of_the_views() -> None:
    told = briefing.compose(shown(), Options())
    words = page("index.html").words
    for text in (
        told.headline,
        told.subtitle,
        told.counter,
        told.footnote,
        *told.caveats,
        *(p.verdict for p in told.phases),
    ):
        assert text in words
    said = [
        text
        for tag, a, text in page("statements.html").contents
        if tag == "li" and a.get("class") == "cap-said"
    ]
    everything = utterances.everything(view.build(ledger(), ViewState(NOW), now=NOW))
    assert len(said) == len(everything)
    assert all(
        item.quotation in text and item.speaker in text for item, text in zip(everything, said, strict=True)
    )
    rows = page("sites.html").texts("tr")[1:]
    for row, text in zip(shown().rows, rows, strict=True):
        assert all(one in text for one in (row.site.short_name, row.words, row.staleness))
    sources = [
        text
        for tag, a, text in page("sources.html").contents
        if tag == "li" and (a.get("id") or "").startswith("source-")
    ]
    assert len(sources) == len(ledger().sources)
    assert all(any(f", {key})" in text for text in sources) for key in ledger().sources)


def test_the_numbers_of_a_state_lead_to_the_sources_that_decide_it() -> None:
    numbers = {
        (a.get("id") or "").removeprefix("source-"): text
        for tag, a, text in page("sources.html").contents
        if tag == "li" and (a.get("id") or "").startswith("source-")
    }
    cells = [
        text.split()
        for tag, a, text in page("sites.html").contents
        if tag == "td" and a.get("class") == "cap-numbers"
    ]
    for row, cell in zip(shown().rows, cells, strict=True):
        assert {numbers[one].rpartition(", ")[2].rstrip(")") for one in cell} == {*row.state.sources}


def test_downloads_are_those_of_the_package() -> None:
    parts = package.parts(shown(), everything=True)
    assert {path: files()[f"download/{path}"] for path in parts} == parts
    assert files()["download/handover-atlas_data.zip"] == package.zipped(shown(), everything=True)
    assert files()["download/citation.bib"].startswith(b"@")
    assert any(path.startswith("briefing/") and body.startswith(b"\x89PNG") for path, body in files().items())
    assert any(path.startswith("briefing/") and body.startswith(b"%PDF") for path, body in files().items())


def test_an_address_is_told_to_those_who_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        edition,
        "_downloads",
        lambda *_: {
            path: body for path, body in files().items() if path.startswith(("download/", "briefing/"))
        },
    )
    made = edition.files(ledger(), address="https://atlas.example.org/iraq/", now=NOW)
    links = [a for _, a in read(made["index.html"]).elements]
    assert {"rel": "canonical", "href": "https://atlas.example.org/iraq/"} in links
    picture = next(a["content"] or "" for a in links if a.get("property") == "og:image")
    assert picture.removeprefix("https://atlas.example.org/iraq/") in made
    assert b'href="https://atlas.example.org/iraq/"' in made["404.html"]
    with pytest.raises(QuestionError, match="is not where an atlas is found"):
        edition.files(ledger(), address="javascript:alert(1)", now=NOW)


# ----------------------------------------------------------------------------------------------------------- publish


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is what is tested, so its files are made once."""
    made = files()  # before it is replaced: this is what makes them
    monkeypatch.setattr(edition, "files", lambda *_, **__: made)


def inside(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("quick")
def test_it_writes_a_new_folder_and_replaces_its_own(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "site"
    assert set(edition.publish(ledger(), target, now=NOW)) == inside(target)
    assert (target / "index.html").read_bytes() == files()["index.html"]
    # What an earlier edition had and the new one has not is gone.
    told = json.loads((target / "manifest.json").read_text())
    told["files"].append({"path": "assets/old.js", "bytes": 1, "sha256": ""})
    (target / "manifest.json").write_text(json.dumps(told))
    (target / "assets" / "old.js").write_text("1")
    edition.publish(ledger(), target, now=NOW)
    assert inside(target) == files().keys()
    assert [path.name for path in target.parent.iterdir()] == ["site"]
    assert target.stat().st_mode & 0o777 == 0o755


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("notes.txt", "mine", "holds files and is no earlier edition"),
        ("manifest.json", '{"name": "another"}', "holds files and is no earlier edition"),
        ("manifest.json", "[1]", "holds files and is no earlier edition"),
        ("index.html", "mine", "holds files and is no earlier edition"),
    ],
    ids=["notes", "another-manifest", "no-manifest", "a-page"],
)
def test_it_overwrites_nothing_that_is_not_its_own(
    tmp_path: Path, name: str, text: str, problem: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(QuestionError, match=problem):
        edition.publish(ledger(), tmp_path, now=NOW)
    assert inside(tmp_path) == {name}
    assert (tmp_path / name).read_text() == text


@pytest.mark.usefixtures("quick")
def test_a_strange_file_in_an_edition_is_not_lost(tmp_path: Path) -> None:
    target = tmp_path / "site"
    edition.publish(ledger(), target, now=NOW)
    (target / "CNAME").write_text("atlas.example.org")
    with pytest.raises(QuestionError, match=r"site holds CNAME, which is of no earlier edition"):
        edition.publish(ledger(), target, now=NOW)
    assert inside(target) == {*files(), "CNAME"}


@pytest.mark.usefixtures("quick")
def test_a_failure_leaves_the_earlier_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "site"
    edition.publish(ledger(), target, now=NOW)
    rename = Path.rename

    def failing(self: Path, to: Path) -> Path:
        if self.name.startswith(".site-new-"):
            raise OSError(28, "No space left on device")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="No space"):
        edition.publish(ledger(), target, now=NOW)
    assert inside(target) == files().keys()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.usefixtures("quick")
def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine")
    with pytest.raises(QuestionError, match="site is a file; name a folder"):
        edition.publish(ledger(), tmp_path / "site", now=NOW)


@pytest.mark.parametrize(
    ("number", "words"), [(12, "1 kB"), (98_400, "98 kB"), (999_600, "1,000 kB"), (1_260_000, "1.3 MB")]
)
def test_sizes_in_words(number: int, words: str) -> None:
    assert edition.size(number) == words

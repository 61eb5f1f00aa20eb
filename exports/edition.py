"""A still copy of the atlas: a folder that any web server serves to any number of readers, with nothing behind it.

The same ledger and the same day give the same bytes. Everything in it is addressed relatively, so that it works under
any path; scripts and style sheets carry a digest of their bytes in their names, so that they can be kept for ever.
"""

import datetime as dt
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from components import lives, view
from components.view_state import ViewState
from exports import briefing, capsule, citation, forms, linker, names, package
from exports.capsule import Contents, Numbers
from exports.glyphs import half
from exports.options import LAYOUTS, Options, parse
from exports.palette import palette
from exports.tables import ALL, count
from geodata.errors import QuestionError
from geodata.model import Ledger

NAME = "handover-atlas-edition"
MANIFEST = "manifest.json"
NAV = (
    ("index.html", "Map"),
    ("statements.html", "Statements"),
    ("sites.html", "Sites"),
    ("sources.html", "Sources"),
    ("data.html", "Data"),
)
POLICY = "default-src 'self'; img-src 'self' data:; font-src data:; object-src 'none'; base-uri 'none'; form-action 'none'"
DOWNLOAD = "download/"
MEGABYTE = 1_000_000
INK, PAPER, ACCENT = (getattr(palette("light"), name) for name in ("ink", "paper", "accent"))
LOST = f"body{{max-width:36em;margin:12vh auto;padding:0 20px;font:17px/1.5 system-ui,sans-serif;color:{INK};background:{PAPER}}}a{{color:{ACCENT}}}"
ABOUT = {
    "statements.html": ("Statements", "What the data hold of what was said about the bases that hosted the coalition, with speaker, outlet and Arabic original."),
    "sites.html": ("Sites", "Each base with who held it, how sure that is, and every claim on which it rests."),
    "sources.html": ("Sources", "The publications on which the Handover Atlas rests, with grade and link."),
    "data.html": ("Data", "The whole ledger as CSV, GeoJSON and GeoParquet, with a description of every column, checksums and how to cite it."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be downloaded: where it lies, what it is called there, how many bytes it has."""

    path: str
    words: str
    bytes: int


def publish(ledger: Ledger, folder: Path, *, address: str = "", now: dt.date) -> tuple[str, ...]:
    """Write the edition into a folder, in place of an earlier one, and return the paths of its files.

    `address` is where it will be found, `now` today in Baghdad. QuestionError for a folder that holds anything else: that
    is never overwritten. Readers see the old edition or the new one: the new one is written beside and put in its place.
    """
    target = folder.resolve()
    _must_be_ours(target)
    made = files(ledger, address=address, now=now)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-new-", dir=target.parent))
    try:
        fresh.chmod(0o755)
        for path, body in made.items():
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            (fresh / path).write_bytes(body)
        _swap(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return tuple(made)


def _must_be_ours(target: Path) -> None:
    """Refuse what is neither new, empty nor an earlier edition and nothing else."""
    if not target.exists():
        return
    if not target.is_dir():
        raise QuestionError(f"{target.name} is a file; name a folder")
    found = {
        path.relative_to(target).as_posix()
        for path in target.rglob("*")
        if not path.is_dir() or path.is_symlink()
    }
    if not found:
        return
    try:
        told = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        known = {file["path"] for file in told["files"]} | {MANIFEST} if told["name"] == NAME else set()
    except (OSError, ValueError, LookupError, TypeError):
        known = set()
    if not known:
        raise QuestionError(
            f"{target.name} holds files and is no earlier edition; name a new or an empty folder"
        )
    if strange := sorted(found - known):
        raise QuestionError(
            f"{target.name} holds {strange[0]}, which is of no earlier edition; move it away first"
        )


def _swap(fresh: Path, target: Path) -> None:
    """Put a folder in the place of another, which is deleted; after a failure the old one is back."""
    if not target.exists():
        fresh.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    try:
        target.rename(old / target.name)
        try:
            fresh.rename(target)
        except OSError:
            (old / target.name).rename(target)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def files(ledger: Ledger, *, address: str = "", now: dt.date) -> Mapping[str, bytes]:
    """Return the files of an edition by their paths, the manifest last; it opens on the last day with evidence."""
    options = parse({"address": [address]})
    state = ViewState(lives.default_day(ledger, now))
    told = capsule.contents(ledger, state, options, now, one_file=False)
    numbers = Numbers(ledger, replace(told.briefing, sources=told.sources))
    cited = {row.site.site: numbers.of(row.state.sources) for row in told.rows}
    numbers.of(ledger.sources)
    told = replace(told, sources=capsule.linked(numbers.found.values()), more_sources="")
    assets, head, scripts = _assets()
    found: dict[str, bytes] = dict(assets)
    downloads = _downloads(ledger, told, state, options, now)
    found |= downloads
    found["index.html"] = _index(told, options, downloads, head, scripts["map"])
    shared = {"nav": NAV, "policy": POLICY, "home": "sources.html", "iso": state.as_of.isoformat(), "numbers": cited,
              "halves": {row.site.site: " ".join(half(row.state.span) or ()) for row in told.rows}, **_data_page(told, downloads)}  # fmt: skip
    for path, (title, description) in ABOUT.items():
        found[path] = capsule.page(
            "edition_page.html", told, "", here=path, title=f"{title} · {names.TITLE}", description=description,
            head=[*head, scripts["leaf"]], **shared,
        )  # fmt: skip
    lost = capsule.ENVIRONMENT.get_template("edition_lost.html")
    found["404.html"] = lost.render(
        policy=capsule.policy((), (LOST,)),
        style=Markup(LOST),  # noqa: S704  # our own words
        address=f"{options.address}/" if address else "./",
    ).encode()
    return found | {MANIFEST: _manifest(ledger, found, now)}


def _manifest(ledger: Ledger, found: Mapping[str, bytes], now: dt.date) -> bytes:
    listed = [
        {"path": path, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        for path, body in sorted(found.items())
    ]
    told = {"name": NAME, "data_version": ledger.version, "day": now.isoformat(), "files": listed}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _index(
    told: Contents,
    options: Options,
    downloads: Mapping[str, bytes],
    head: Iterable[Markup],
    scripts: Iterable[Markup],
) -> bytes:
    made = told.briefing
    title = f"{names.TITLE}: {names.SUBTITLE}"
    found = [
        Markup('<meta property="og:title" content="{}">').format(title),
        Markup('<meta property="og:description" content="{}">').format(capsule.described(made)),
    ]
    if options.address:
        found.append(Markup('<link rel="canonical" href="{}/">').format(options.address))
        picture = next(path for path, _, form, _ in _pictures(told.shown.state, options) if form == "png")
        if picture in downloads:
            found.append(
                Markup('<meta property="og:image" content="{}/{}">').format(options.address, picture)
            )
    start = replace(options, theme="")
    return capsule.page(
        "capsule.html", told, "", title=title, description=capsule.described(made), home="sources.html", nav=NAV, policy=POLICY,
        head=[*head, *found], scripts=scripts, data=capsule.data(told, start),
    )  # fmt: skip


def _assets() -> tuple[Mapping[str, bytes], list[Markup], Mapping[str, Any]]:
    """Return scripts and style sheet under names that carry their digest, and the elements that bring them in."""
    texts = {
        "first.js": linker.link(capsule.HERE / "first.js"), "leaf.js": linker.link(capsule.HERE / "leaf.js"),
        "leaflet.js": capsule.vendored(), "atlas.js": capsule.script(), "atlas.css": capsule.style(),
        "icon.svg": (capsule.BROWSER / "icon.svg").read_text(encoding="utf-8"),
    }  # fmt: skip
    paths = {}
    for name, text in texts.items():
        stem, _, ending = name.rpartition(".")
        paths[name] = f"assets/{stem}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.{ending}"
    found = {paths[name]: text.encode() for name, text in texts.items()}
    script = Markup('<script src="{}"></script>')
    head = [
        Markup('<link rel="icon" href="{}" type="image/svg+xml">').format(paths["icon.svg"]),
        Markup('<link rel="stylesheet" href="{}">').format(paths["atlas.css"]),
        script.format(paths["first.js"]),
    ]
    late = Markup('<script src="{}" defer></script>')
    return found, head, {
        "map": [late.format(paths["leaflet.js"]), late.format(paths["atlas.js"])], "leaf": late.format(paths["leaf.js"]),
    }  # fmt: skip


def _pictures(state: ViewState, options: Options) -> Iterator[tuple[str, str, str, Options]]:
    """Yield the forms of the briefing of the day: where each lies, what it is called there, its form and its options."""
    for form, words, layout in (
        ("png", "Briefing as a picture", options.layout),
        ("pdf", "Briefing as PDF, A4", LAYOUTS["a4"]),
        ("html", "Map and clock in one file", options.layout),
    ):
        own = replace(options, layout=layout)
        yield f"briefing/{briefing.stem(state, own)}.{form}", words, form, own


def _downloads(
    ledger: Ledger, told: Contents, state: ViewState, options: Options, now: dt.date
) -> Mapping[str, bytes]:
    plain = view.build(ledger, state, now=now)
    address = told.briefing.permalink if options.address else ""
    found = {
        DOWNLOAD + path: body for path, body in package.parts(plain, everything=True, address=address).items()
    }
    found[f"{DOWNLOAD}handover-atlas_data.zip"] = package.zipped(plain, everything=True, address=address)
    cited = citation.of_view(plain, everything=True, address=address)
    for ending, text in (("txt", cited.plain() + "\n"), ("bib", cited.bibtex()), ("ris", cited.ris())):
        found[f"{DOWNLOAD}citation.{ending}"] = text.encode()
    for path, _, form, own in _pictures(state, options):
        # A ledger with very much to say may not fit on one page; the edition goes out without that one.
        with suppress(QuestionError):
            found[path] = forms.make(form, forms.Request(ledger, state, now, own))
    return found


def _data_page(told: Contents, downloads: Mapping[str, bytes]) -> Mapping[str, Any]:
    """Return what the page of downloads lists."""

    def file(path: str, words: str) -> File:
        return File(path, words, len(downloads[path]))

    pictures = tuple(_pictures(told.shown.state, told.briefing.options))
    tables = []
    for spec in ALL:
        paths = {ending: f"{DOWNLOAD}data/{spec.name}.{ending}" for ending in ("csv", "geojson", "parquet")}
        words = {"csv": "CSV", "geojson": "GeoJSON", "parquet": "GeoParquet"}
        tables.append(
            {
                "title": spec.title, "description": spec.description, "rows": count(spec.name, told.shown, everything=True),
                "files": [file(path, words[ending]) for ending, path in paths.items() if path in downloads],
            }
        )  # fmt: skip
    return {
        "tables": tables,
        "package": file(f"{DOWNLOAD}handover-atlas_data.zip", "ZIP"),
        "takeaways": [file(path, words) for path, words, _, _ in pictures if path in downloads],
        "unmade": [words for path, words, _, _ in pictures if path not in downloads],
        "citations": [file(f"{DOWNLOAD}citation.{ending}", words) for ending, words in (("txt", "text"), ("bib", "BibTeX"), ("ris", "RIS"))],
        "citation": downloads[f"{DOWNLOAD}citation.txt"].decode().strip(),
        "descriptor": f"{DOWNLOAD}datapackage.json",
        "question": names.question(told.shown, everything=True),
        "caveats": package.caveats(),
        "size": size,
    }  # fmt: skip


def size(number: int) -> str:
    """Return a number of bytes in words: "12 kB", "1.3 MB"."""
    return f"{max(1, round(number / 1000)):,} kB" if number < MEGABYTE else f"{number / MEGABYTE:.1f} MB"

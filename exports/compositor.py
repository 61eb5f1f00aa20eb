"""The Typst compiler with typefaces of our own: the same template and the same files give the same bytes."""

import datetime as dt
import importlib.util
import re
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal, cast

import typst

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
MADE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""The date in a PDF whose maker names none: a fixed one, since the clock is no input."""

Format = Literal["png", "svg", "pdf"]

_ONE_AT_A_TIME = Lock()


class NoRoomError(Exception):
    """Some parts of a page have no room on it; `parts` are their names in the template."""

    def __init__(self, parts: tuple[str, ...]) -> None:
        self.parts = parts
        super().__init__(", ".join(parts))


def compiled(
    template: str,
    files: Mapping[str, bytes],
    form: Format,
    *,
    ppi: float | None = None,
    made: dt.datetime = MADE,
) -> bytes:
    """Return what a template makes of files, by their names; NoRoomError where it says that parts have no room."""
    found = _templates()
    with _ONE_AT_A_TIME:
        try:
            body = _compiler().compile(
                # A dictionary of files; the stub does not know it.
                input=cast("bytes", {**found, **files, "main.typ": found[template]}),
                format=form,
                ppi=ppi,
                pdf_standards=["ua-1"] if form == "pdf" else [],
                timestamp=int(made.timestamp()),
            )
        except typst.TypstError as error:
            missing = re.search(r"does not fit: ([a-z0-9 -]+)", error.message)
            if missing is None:
                raise
            raise NoRoomError(tuple(missing[1].split())) from None
    if not isinstance(body, bytes):
        raise TypeError(f"one {form} was expected")
    return body


@cache
def _templates() -> Mapping[str, bytes]:
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

"""Which signs the typefaces of the briefings have; what a reader writes in others is refused rather than drawn as boxes."""

import importlib.util
import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FACES = {
    "font_source_sans_pro": "files/SourceSansPro-Regular.ttf",
    "matplotlib": "mpl-data/fonts/ttf/DejaVuSans.ttf",
}


@cache
def signs() -> frozenset[int]:
    """Return the code points that any of our typefaces draws."""
    found: set[int] = set()
    for package, file in FACES.items():
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
        with TTFont(Path(spec.origin).parent / file, lazy=True) as face:
            found |= set(face.getBestCmap())
    return frozenset(found)


def undrawn(text: str) -> str:
    """Return the signs of a text, each once, that none of our typefaces has."""
    missing = (
        sign
        for sign in text
        if ord(sign) not in signs() and unicodedata.category(sign) not in ("Cf", "Mn", "Zs")
    )
    return "".join(dict.fromkeys(missing))

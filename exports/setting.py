"""Text as it is set: without signs that draw nothing, long words in pieces, turned where it reads from the right."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

LONGEST_WORD, PIECE = 22, 8
"""Characters of a word that is set in one piece, and of the pieces of a longer one, between which a line may end."""
KEPT_FORMAT = "\u200c\u200d\u200e\u200f"
"""Signs without a glyph that spelling needs; others, above all those that turn the direction of what follows, are left out."""
JOINED = KEPT_FORMAT + "\ufe0e\ufe0f"


def plain(words: str, *, lines: bool = False) -> str:
    """Return a text without signs that draw nothing or turn what follows; white space is one space."""
    if lines:
        return "\n".join(plain(line) for line in words.split("\n"))
    return " ".join(words.translate(_dropped()).split())


def text(words: str) -> str | list[str] | dict[str, Any]:
    """Return a text as the templates take it: in pieces where a word is too long, turned where it reads from the right."""
    kept = plain(words)
    found: str | list[str] = kept
    if any(len(word) > LONGEST_WORD for word in kept.split()):
        found = []
        for word in re.split(r"(?<= )", kept):
            found += _pieces(word) if len(word) > LONGEST_WORD else [word]
    return {"rtl": found} if not kept.isascii() and from_the_right(kept) else found


def quoted(words: str) -> str | list[str] | dict[str, Any]:
    """Return verbatim words, as `text` does, in quotation marks of their script."""
    return text(f"«{words}»" if from_the_right(words) else f"“{words}”")


def link(url: str) -> str | None:
    """Return an address that a reader may follow, without signs that draw nothing; None for anything else."""
    return plain(url) if re.match(r"https?://[^\s/]", url) else None


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


def from_the_right(words: str) -> bool:
    """Return whether the first letter is Arabic, Kurdish in Arabic letters, or otherwise read from the right."""
    strong = (unicodedata.bidirectional(sign) for sign in words)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


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


@cache
def _dropped() -> Mapping[int, str | None]:
    """Return what becomes of signs that draw nothing, all of which stand in these planes: control characters a space, the others that are not kept nothing."""
    kinds = {code: unicodedata.category(chr(code)) for code in (*range(0x20000), *range(0xE0000, 0xE1000))}
    return {
        code: " " if kind == "Cc" else None
        for code, kind in kinds.items()
        if kind in ("Cc", "Cf", "Cs") and chr(code) not in KEPT_FORMAT
    }

"""How the renderings of one sentence differ: word by word, and at the words that a note names."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from geodata.model import Rendering, Source

WORD = re.compile(r"\w+(?:['’]\w+)*")
TOKEN = re.compile(rf"{WORD.pattern}|\s+|[^\w\s]")
"""A word with the apostrophes in it, a stretch of blanks, or one other character."""

QUOTED = re.compile(r'(adds )?"([^"]+)"')
"""How a note names words of a rendering: between straight quotation marks."""

ELLIPSIS = re.compile(r"\s*(?:\.\.\.|…)\s*")

Kind = Literal["same", "added", "cut"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a comparison: in both texts, only in the other, or only in the reference."""

    kind: Kind
    text: str

    @property
    def worded(self) -> bool:
        """Whether there is a word in it: punctuation alone is the outlet's, not the speaker's."""
        return any(character.isalnum() for character in self.text)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that a note names; `added` where it says that the outlet adds them."""

    words: str
    added: bool = False


def compare(reference: str, other: str) -> tuple[Piece, ...]:
    """Return the other text as pieces against the reference.

    The pieces that are the same or cut make up the reference, those that are the same or added the other text, each
    to the letter. Of a change, what is cut stands before what is added.
    """
    was, now = TOKEN.findall(reference), TOKEN.findall(other)
    codes = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    pairs = [("".join(was[a:b]), "".join(now[c:d]), code == "equal") for code, a, b, c, d in codes]
    # Blanks between two changed words are part of one change, not a likeness between two.
    same = [
        equal and (bool(mine.strip()) or number in (0, len(pairs) - 1))
        for number, (mine, _, equal) in enumerate(pairs)
    ]
    found = []
    for alike, group in groupby(zip(pairs, same, strict=True), key=lambda pair: pair[1]):
        texts = [pair for pair, _ in group]
        cut, added = "".join(text[0] for text in texts), "".join(text[1] for text in texts)
        found += [Piece("same", cut)] if alike else [Piece("cut", cut), Piece("added", added)]
    return tuple(piece for piece in found if piece.text)


def named(note: str) -> tuple[Term, ...]:
    """Return the words that a note names, each once; an ellipsis in them separates two."""
    found: dict[str, Term] = {}
    for adds, words in QUOTED.findall(note):
        for part in ELLIPSIS.split(words):
            if part and (adds or part not in found):
                found[part] = Term(part, bool(adds))
    return tuple(found.values())


def marked(text: str, terms: Iterable[Term]) -> tuple[tuple[str, Term | None], ...]:
    """Return the text in stretches, each with the term that names it, if one does; only whole words are named.

    Where terms overlap, what a note says was added comes first, then the longest.
    """
    holders: list[Term | None] = [None] * len(text)
    ranked = sorted(terms, key=lambda term: (term.added, len(term.words)))
    for term in ranked:
        for start, end in _found(text, term.words):
            holders[start:end] = [term] * (end - start)
    parts = groupby(range(len(text)), key=lambda at: holders[at])
    return tuple(("".join(text[at] for at in places), term) for term, places in parts)


def _found(text: str, words: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text):
        yield match.span()


def reference(
    quotations: Sequence[Rendering], sources: Mapping[str, Source], chosen: str = ""
) -> Rendering | None:
    """Return the wording the others are measured against: the chosen one, else the fullest; None without quotation.

    What an outlet took from another one in the list is never the measure: its own source is.
    """
    own = [r for r in quotations if own_source(r, quotations, sources) is None] or quotations
    asked = next((r for r in own if r.rendering == chosen), None)
    return asked or max(own, key=lambda r: len(WORD.findall(r.text)), default=None)


def own_source(
    rendering: Rendering, quotations: Sequence[Rendering], sources: Mapping[str, Source]
) -> Rendering | None:
    """Return the nearest quotation of a source that this rendering's outlet rewrites, where that is recorded."""
    by_source = {r.source: r for r in reversed(quotations)}
    todo, seen = [*sources[rendering.source].derives_from], {rendering.source}
    while todo:
        key = todo.pop(0)
        if key in seen:
            continue
        if key in by_source:
            return by_source[key]
        seen.add(key)
        todo += sources[key].derives_from
    return None

"""What everything that leaves must say of itself beside its caption."""

from components import wording
from components.view import View

MOST_NAMED = 100
"""How many sources are named in one line; the others are counted."""


def kept_out(shown: View) -> list[str]:
    """Return what a stamp must name beside the caption: the sources left out, and the finding of a comparison."""
    lines = [shown.compared.sentence] if shown.compared else []
    if shown.omitted:
        lines.append(without(shown))
    return lines


def without(shown: View) -> str:
    """Return in words which sources do not count; "" where every one does."""
    if shown.omitted is None:
        return ""
    left = shown.omitted
    parts = [f"{wording.publisher(source)} ({source.source})" for source in left.named[:MOST_NAMED]]
    if len(left.named) > MOST_NAMED:
        parts.append(f"{len(left.named) - MOST_NAMED:,} more")
    parts += [f"all sources of grade {grade}" for grade in left.graded]
    if left.and_derived:
        parts.append(f"what derives from them ({len(left.derived):,})")
    return "without " + wording.listed(parts, len(parts))

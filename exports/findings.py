"""What a view amounts to, in a sentence, and what must be said with it."""

from collections import Counter
from collections.abc import Mapping, Sequence

from components import stamp, wording
from components.comparison import Comparison
from components.theme import BASES, LABELS
from components.view import View
from exports import legend
from geodata.control import Category, Life, Reason
from geodata.model import Basis
from geodata.staleness import is_stale

LATER = ", later reports included"
"""What confirms a state as known today may have been reported after the day."""


def headline(shown: View, found: Mapping[str, Life]) -> str:
    """Return the finding that is proposed as a headline: of a comparison, of the selected site, or of the day."""
    if shown.compared:
        return _difference(shown.compared)
    if shown.dossier:
        words = wording.lower_first(shown.dossier.words).replace("not sourced: ", "not sourced, ", 1)
        return f"{shown.dossier.site.short_name}: {words}."
    spans = {site: life.at(shown.state.as_of) for site, life in sorted(found.items())}
    short = {site: shown.ledger.sites[site].short_name for site in spans}
    changing = [short[site] for site, span in spans.items() if span.category is Category.CHANGING_HANDS]
    passed = [short[site] for site, span in spans.items() if span.reason is Reason.DEADLINE]
    return wording.headline(changing, passed, dict(Counter(span.category for span in spans.values())))


def _difference(compared: Comparison) -> str:
    """Return the finding of two days: how many sites changed their category, and to which."""
    one, other = wording.day_words(compared.one), wording.day_words(compared.other)
    if not compared.changed or len(compared.passages) < len(compared.changed):
        return f"Between {one} and {other}: {wording.lower_first(compared.sentence)}."
    counts = Counter(passage.after.span.category for passage in compared.passages)
    parts = [
        f"{'all' if counts[category] == len(compared.changed) > 1 else f'{counts[category]:,}'} to “{wording.lower_first(label)}”"
        for category, label in LABELS.items()
        if counts[category]
    ]
    noun = "site" if len(compared.changed) == 1 else "sites"
    return f"Between {one} and {other}, {len(compared.changed):,} {noun} changed category: {wording.listed(parts, len(parts))}."


def caveats(shown: View, found: Mapping[str, Life], visible: Sequence[str]) -> tuple[str, ...]:
    """Return what must be said with anything that is not confirmed; empty only where everything shown is."""
    day, before = shown.state.as_of, shown.state.compare
    spans = [found[site].at(day) for site in visible]
    told = []
    if shown.state.known_on is not None:
        told.append(
            "Only what our sources had reported by the known-on date counts; it is not what the world knew."
        )
    if shown.state.knowledge.left_out(shown.ledger):
        told.append(f"Counted {stamp.without(shown)}.")
    silent = sum(span.category is Category.NOT_SOURCED for span in spans)
    changing = sum(span.category is Category.CHANGING_HANDS for span in spans)
    earlier = [found[site].at(before) for site in visible] if before else []
    sure = all(span.basis is Basis.CONFIRMED for span in (*spans, *earlier))
    parts = [
        f"{count:,} {words}"
        for basis in reversed(Basis)
        if (count := sum(span.basis is basis and span.category not in (Category.NOT_SOURCED, Category.CHANGING_HANDS) for span in spans))
        and (words := BASES[basis] + (LATER if basis is Basis.CONFIRMED and shown.state.known_on is None else ""))
    ]  # fmt: skip
    parts += [f"{changing:,} changing on a day that is uncertain"] if changing else []
    parts += [f"{silent:,} not sourced, which is no evidence of anybody’s absence"] if silent else []
    if not sure:
        then = f" on {wording.day_words(day)}" if before else ""
        told.append(f"What the sources say, not what was. Of {len(spans):,} sites{then}: {'; '.join(parts)}.")
    if before and not sure:
        count = sum(span.basis is Basis.CONFIRMED for span in earlier)
        told.append(f"On {wording.day_words(before)}, {count:,} of them were confirmed.")
    contradicted = [shown.ledger.sites[site].short_name for site in visible if found[site].at(day).rivals]
    if contradicted:
        told.append(f"There are rival accounts of {wording.listed(contradicted, 8)}.")
    weak = sum(span.weak for span in spans)
    stale = sum(is_stale(found[site], day) for site in visible)
    if weak:
        told.append(f"{weak:,} on weak evidence.")
    if stale:
        told.append(f"{stale:,} without evidence for more than {legend.PERIOD}.")
    return tuple(told)

"""What the map of a briefing shows and how it is read: marks, legend, further signs, and what is not drawn."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from components import wording
from components.theme import LABELS
from components.view import View
from exports import glyphs
from exports.evidence import Numbers
from exports.glyphs import Look, half
from geodata import control
from geodata.control import Category, Life, Span
from geodata.model import Ledger
from geodata.staleness import STALE_AFTER_DAYS

TURNING = ": left before, right after"
"""What the legend says of the two halves of a mark that changes hands."""
PERIOD = "a year" if STALE_AFTER_DAYS == 365 else f"{STALE_AFTER_DAYS} days"  # noqa: PLR2004  # what people say
"""How long there must have been no evidence of a site for its mark to be faded."""
UNCLEAR = (Category.NOT_SOURCED, Category.CHANGING_HANDS)
"""Categories by which a further sign is shown worse than by the others."""
MOST_NAMED = 4
"""Sites without a position that are named; of more, the number is told."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A site as it is drawn; `lon` and `lat` in degrees, WGS 84."""

    site: str
    name: str
    lon: float
    lat: float
    radius_m: int
    cluster: str  # marks of one cluster crowd; "" for none
    look: Look
    earlier: Look | None  # how it is drawn on the earlier day, where two are compared
    selected: bool

    @property
    def category(self) -> Category:
        """The category of its state."""
        return self.look.category

    @property
    def half(self) -> tuple[Category, Category] | None:
        """From what to what it changes hands, where it does and that is known."""
        return self.look.half

    @property
    def weak(self) -> bool:
        """Whether it rests on weak evidence or on one party's claim."""
        return self.look.weak

    @property
    def stale(self) -> bool:
        """Whether there has been no evidence of it for long."""
        return self.look.stale

    @property
    def before(self) -> Category | None:
        """The category of the earlier day, where two are compared."""
        return self.earlier.category if self.earlier else None

    @property
    def changed(self) -> bool:
        """Whether the two days that are compared show different categories."""
        return self.before is not None and self.before is not self.category


@dataclass(frozen=True, slots=True)
class LegendItem:
    """A category that is shown, the number of its sites, and the sources behind them, by their numbers."""

    category: Category
    label: str
    count: int
    before: int | None  # on the earlier day, where two are compared
    cited: tuple[int, ...]


def legend(shown: View, found: Mapping[str, Life], numbers: Numbers) -> tuple[LegendItem, ...]:
    """Return the categories that are shown or were on the earlier day, counted over all sites."""
    before, day, hidden = shown.state.compare, shown.state.as_of, shown.state.hidden
    here = Counter(life.at(day).category for life in found.values())
    there = Counter(life.at(before).category for life in found.values()) if before else Counter[Category]()
    visible = [life.at(day) for life in found.values() if life.at(day).category.value not in hidden]
    halves = {category for span in visible for category in half(span) or ()}
    items = []
    for category, label in LABELS.items():
        if category.value in hidden or not (here[category] or there[category] or category in halves):
            continue
        if category is Category.CHANGING_HANDS and halves:
            label += TURNING  # noqa: PLW2901 - the same label with its key
        decided = (
            source
            for life in found.values()
            if life.at(day).category is category is not Category.NOT_SOURCED
            for source in control.state_on(shown.ledger, life, day).sources
        )
        items.append(
            LegendItem(
                category, label, here[category], there[category] if before else None, numbers.of(decided)
            )
        )
    return tuple(items)


def marks(shown: View, found: Mapping[str, Life], visible: Iterable[str]) -> Iterator[Mark]:
    """Yield the marks of the sites that have a position."""
    before, day = shown.state.compare, shown.state.as_of
    for key in visible:
        site, life = shown.ledger.sites[key], found[key]
        if site.lon is None or site.lat is None:
            continue
        yield Mark(
            site=key, name=site.short_name, lon=site.lon, lat=site.lat, radius_m=site.radius_m or 0, cluster=site.cluster or "",
            look=glyphs.look(life, day), earlier=glyphs.look(life, before) if before else None, selected=key == shown.state.site,
        )  # fmt: skip


def keys(marks: Sequence[Mark]) -> tuple[tuple[str, str], ...]:
    """Return the further signs that some marks bear, those of the earlier day included, and what they mean."""
    drawn = _drawn(marks)
    offered = (
        ("weak", "hollow: weak evidence or one party’s claim", any(look.weak for look in drawn)),
        ("stale", f"faded: no evidence for more than {PERIOD}", any(look.stale for look in drawn)),
        ("vague", "ring: approximate position", any(mark.radius_m for mark in marks)),
        ("earlier", "small mark at a corner: the earlier day", any(mark.changed for mark in marks)),
        ("unchanged", "small, alone: the same on both days", any(mark.before is not None and not mark.changed for mark in marks)),
        ("line", "Kurdistan Region, along governorate lines", True),
    )  # fmt: skip
    return tuple((sign, words) for sign, words, borne in offered if borne)


def example(sign: str, marks: Sequence[Mark]) -> tuple[Look, Look | None]:
    """Return what shows a sign beside its key, of categories that bear it on this map: a look, and the earlier one's."""
    if sign == "earlier":
        pairs = [(mark.look.plain, mark.earlier.plain) for mark in marks if mark.changed and mark.earlier]
        if pairs:
            return min(pairs, key=lambda pair: sum(one.category in UNCLEAR for one in pair))
    if sign == "unchanged":
        borne = [mark.look for mark in marks if mark.before is not None and not mark.changed]
    else:
        borne = [look for look in _drawn(marks) if getattr(look, sign, False)]
    found = min(borne, key=lambda look: look.category in UNCLEAR, default=Look(Category.IRAQI_FORCES))
    return found.plain._replace(weak=sign == "weak", stale=sign == "stale"), None


def turn(marks: Sequence[Mark], category: Category) -> tuple[Category, Category] | None:
    """Return from what to what the first mark of a category changes hands, where one does."""
    return next((mark.half for mark in marks if mark.category is category and mark.half), None)


def _drawn(marks: Sequence[Mark]) -> list[Look]:
    """Return how sourced states are drawn on the map: first those of the day, then the earlier ones beside them."""
    earlier = (mark.earlier for mark in marks if mark.changed and mark.earlier)
    looks = (*(mark.look for mark in marks), *earlier)
    return [look for look in looks if look.category is not Category.NOT_SOURCED]  # it is always hollow


def counter(ledger: Ledger, visible: Sequence[str]) -> str:
    """Return how many sites are shown, and how many of them the map can show."""
    placed = sum(ledger.sites[site].lon is not None for site in visible)
    words = f"{len(visible):,} {'site' if len(visible) == 1 else 'sites'}"
    return words if placed == len(visible) else f"{words}, {placed:,} of them with a known position"


def not_drawn(shown: View, found: Mapping[str, Life], visible: Sequence[str]) -> tuple[str, ...]:
    """Return what is counted but not on the map, and what is kept from both."""
    sites, day, hidden = shown.ledger.sites, shown.state.as_of, shown.state.hidden
    unplaced = [site for site in visible if sites[site].lon is None]
    told = []
    if unplaced:
        named = [
            f"{sites[site].short_name} ({wording.lower_first(LABELS[found[site].at(day).category])})"
            for site in unplaced
        ]
        few = len(named) <= MOST_NAMED
        told.append(
            f"No position is known of {wording.listed(named, MOST_NAMED) if few else f'{len(named):,} sites'}"
        )
    if hidden:
        kept = Counter(found[site].at(day).category for site in found.keys() - {*visible})
        labels = [
            f"“{label}” ({kept[category]:,})"
            for category, label in LABELS.items()
            if category.value in hidden
        ]
        told.append(f"Not shown, by choice: {wording.listed(labels, len(labels))}")
    return tuple(told)


def alternative(ledger: Ledger, visible: Sequence[str], spans: Mapping[str, Span], date: str) -> str:
    """Return the map in words: which sites show which category."""
    parts = []
    for category, label in LABELS.items():
        sites = [ledger.sites[site].short_name for site in visible if spans[site].category is category]
        if sites:
            parts.append(f"{label}, {len(sites):,}: {wording.listed(sites, 40)}.")
    return f"Map of federal Iraq and the Kurdistan Region on {date}. " + " ".join(parts)

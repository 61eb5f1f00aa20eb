"""The words of the categories and bases, as the screens show them; colours stand in browser/tokens.css."""

from collections.abc import Mapping

from geodata.control import Category
from geodata.model import Basis, Grade

LABELS: Mapping[Category, str] = {
    Category.COALITION_FEDERAL: "Coalition hosted, federal Iraq",
    Category.COALITION_KURDISTAN: "Coalition hosted, Kurdistan Region",
    Category.CHANGING_HANDS: "Changing, day uncertain",
    Category.IRAQI_FORCES: "Iraqi forces alone",
    Category.KURDISTAN_FORCES: "Kurdistan Region forces alone",
    Category.ISLAMIC_STATE: "Held by ISIS",
    Category.NOT_SOURCED: "Not sourced",
}
"""In the order of the legend."""

SHORT: Mapping[Category, str] = {
    Category.COALITION_FEDERAL: "Coalition, federal",
    Category.COALITION_KURDISTAN: "Coalition, Kurdistan",
    Category.CHANGING_HANDS: "Changing",
    Category.IRAQI_FORCES: "Iraqi forces",
    Category.KURDISTAN_FORCES: "Kurdistan forces",
    Category.ISLAMIC_STATE: "ISIS",
    Category.NOT_SOURCED: "Not sourced",
}
"""Where there is little room; the full name stands beside it for whoever asks."""

BASES: Mapping[Basis, str] = {
    Basis.ANNOUNCED: "announced beforehand",
    Basis.CLAIMED: "claimed by one party",
    Basis.REPORTED: "reported by the press",
    Basis.OFFICIAL: "said by the responsible authority",
    Basis.CONFIRMED: "confirmed by two independent origins",
}

GRADES: Mapping[Grade, str] = {
    Grade.VERIFIED: "the source says so",
    Grade.WEAK: "weak: decides only where nothing better speaks",
    Grade.REJECTED: "rejected: never decides",
}

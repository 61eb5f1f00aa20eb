"""Made-up sites: inside Iraq, some at one position, some only near it, some without any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from geodata import boundaries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.bench.made_up.chance import Chance

TYPES = ("air base", "camp", "headquarters", "training site", "outpost", "logistics site")
DISPUTED = frozenset({"Nineveh", "Kirkuk", "Diyala", "Salah al-Din"})
SPREAD_DEGREES = 0.25
"""How far from a town the sites around it lie."""
BAGHDAD = (44.3, 33.2, 44.5, 33.4)
INSET = 6
"""So many sites at most belong to the Baghdad inset, as in the real ledger."""

Cells = dict[str, object]


class Ground:
    """Iraq as the project's own boundary files have it: where a position may be, and what lies there."""

    def __init__(self) -> None:
        found = boundaries.load()
        self.iraq = shapely.geometry.shape(found.outline["features"][0]["geometry"])
        shapely.prepare(self.iraq)
        self.governorates = [
            (feature["properties"], shapely.geometry.shape(feature["geometry"]))
            for feature in found.governorates["features"]
        ]
        for _, outline in self.governorates:
            shapely.prepare(outline)
        self.towns = [tuple(feature["geometry"]["coordinates"]) for feature in found.towns["features"]]

    def position(self, chance: Chance) -> tuple[float, float]:
        """Return a (lon, lat) inside Iraq: half the sites around towns, half anywhere."""
        west, south, east, north = self.iraq.bounds
        town = chance.one_of(self.towns) if chance.likely(0.5) else None
        while True:
            if town:
                lon, lat = (chance.around(middle, SPREAD_DEGREES) for middle in town)
            else:
                lon, lat = west + chance.share() * (east - west), south + chance.share() * (north - south)
            lon, lat = round(lon, 4), round(lat, 4)
            if self.iraq.contains(shapely.Point(lon, lat)):
                return lon, lat

    def governorate(self, lon: float, lat: float) -> Mapping[str, str]:
        """Return the properties of the governorate around a position, or of the nearest."""
        point = shapely.Point(lon, lat)
        inside = (about for about, outline in self.governorates if outline.contains(point))
        nearest = min(self.governorates, key=lambda pair: pair[1].distance(point))
        return next(inside, nearest[0])


def name(number: int) -> str:
    """Return the identifier of a made-up site."""
    return f"m{number:05}"


def sites(chance: Chance, count: int) -> list[Cells]:
    """Return so many rows of sites.csv."""
    ground = Ground()
    found: list[Cells] = []
    inset, last = 0, None
    for number in range(1, count + 1):
        placed = number == 1 or not chance.likely(0.01)
        if not (last and chance.likely(0.03)):
            last = ground.position(chance)
        lon, lat = last  # now and then that of the site before
        radius_m = 0 if chance.likely(0.8) else 500 * (1 + chance.below(10))
        about = ground.governorate(lon, lat)
        contested = about["name"] in DISPUTED and chance.likely(0.25)
        central = placed and BAGHDAD[0] < lon < BAGHDAD[2] and BAGHDAD[1] < lat < BAGHDAD[3] and inset < INSET
        inset += central
        found.append(
            {
                "site": name(number), "name": f"Made-up site {number:05}", "short_name": f"Made-up {number}",
                "type": chance.one_of(TYPES), "region": "disputed" if contested else about["region"],
                "governorate": about["name"], "lon": lon if placed else "", "lat": lat if placed else "",
                "radius_m": radius_m if placed else "", "position_basis": "made up" if placed else "no position made up",
                "position_source": "made up", "cluster": "baghdad" if central else "", "note": "This place is made up.",
            }
        )  # fmt: skip
    return found


def site_names(chance: Chance, count: int) -> list[Cells]:
    """Return other names for a third of the sites, in both scripts."""
    found: list[Cells] = []
    for number in range(1, count + 1):
        if chance.likely(0.33):
            found += [
                {"site": name(number), "name": f"Made-up place {number}", "script": "Latn"},
                {"site": name(number), "name": f"موقع مختلق {number}", "script": "Arab"},
            ]
    return found

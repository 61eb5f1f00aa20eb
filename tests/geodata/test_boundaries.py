"""The base map's files are sound, agree with each other and with their origins, and bad ones stop the start."""

import csv
import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon, box, shape

from geodata import boundaries
from geodata.boundaries import FRAME, LAYERS, Boundaries, Collection
from geodata.errors import LedgerError
from tools import boundaries as builder

FILES = boundaries.FOLDER / boundaries.SUBFOLDER
MOST_BYTES = 260_000


@pytest.fixture(scope="module")
def base() -> Boundaries:
    return boundaries.load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the base map that a test may spoil."""
    shutil.copytree(FILES, tmp_path / boundaries.SUBFOLDER)
    shutil.copy(boundaries.FOLDER / boundaries.ORIGINS, tmp_path)
    return tmp_path


def shapes(layer: Collection) -> np.ndarray:
    return np.array([shape(feature["geometry"]) for feature in layer["features"]], dtype=object)


def by_id(layer: Collection) -> dict[str, shapely.Geometry]:
    return {feature["properties"]["id"]: shape(feature["geometry"]) for feature in layer["features"]}


def problems_of(folder: Path) -> str:
    with pytest.raises(LedgerError) as caught:
        boundaries.load(folder)
    return "\n".join(map(str, caught.value.problems))


# ------------------------------------------------------------------------------------------------- sound


@pytest.mark.parametrize("layer", LAYERS)
def test_every_geometry_is_valid_and_inside_the_frame(base: Boundaries, layer: str) -> None:
    geometries = shapes(getattr(base, layer))
    assert len(geometries) > 0
    assert shapely.is_valid(geometries).all()
    assert not shapely.is_empty(geometries).any()
    assert shapely.covers(box(*FRAME), geometries).all()


@pytest.mark.parametrize("layer", LAYERS)
def test_coordinates_have_four_decimals(base: Boundaries, layer: str) -> None:
    xy = shapely.get_coordinates(shapes(getattr(base, layer)))
    assert np.array_equal(xy, np.round(xy, builder.DECIMALS))


@pytest.mark.parametrize("layer", ["neighbours", "regions", "governorates", "lakes", "outline"])
def test_outer_rings_run_anticlockwise(base: Boundaries, layer: str) -> None:
    for polygon in shapely.get_parts(shapes(getattr(base, layer))):
        assert polygon.exterior.is_ccw
        assert not any(hole.is_ccw for hole in polygon.interiors)


def test_governorates_and_neighbours_meet_without_gap_or_overlap(base: Boundaries) -> None:
    land = np.concatenate([shapes(base.governorates), shapes(base.neighbours)])
    assert shapely.coverage_is_valid(land)
    # What the land leaves of the frame is sea, in four pieces: Mediterranean, Caspian, Red Sea, Gulf. A crack
    # along a border would be a fifth.
    sea = box(*FRAME).difference(shapely.coverage_union_all(land))
    assert len(shapely.get_parts(sea)) == 4


def test_the_two_regions_are_the_eighteen_governorates(base: Boundaries) -> None:
    governorates, regions = by_id(base.governorates), by_id(base.regions)
    members = {f["properties"]["id"]: f["properties"]["governorates"] for f in base.regions["features"]}
    assert len(governorates) == 18
    assert len(members["federal"]) == 15
    assert sorted(members["kurdistan"]) == ["IQ-AR", "IQ-DA", "IQ-SU"]
    assert sorted(members["federal"] + members["kurdistan"]) == sorted(governorates)
    for region, codes in members.items():
        assert regions[region].equals(shapely.coverage_union_all([governorates[code] for code in codes]))
    for feature in base.governorates["features"]:
        assert feature["properties"]["id"] in members[feature["properties"]["region"]]


def test_the_regional_line_is_the_edge_the_two_regions_share(base: Boundaries) -> None:
    regions = by_id(base.regions)
    (line,) = shapes(base.kr_boundary)
    assert isinstance(line, LineString)  # one line, or its dashes would start anew in the middle
    assert line.equals(shapely.intersection(regions["federal"].boundary, regions["kurdistan"].boundary))


def test_the_outline_is_iraq_and_nothing_else(base: Boundaries) -> None:
    (outline,) = shapes(base.outline)
    assert isinstance(outline, Polygon)
    assert not outline.interiors
    assert outline.equals(shapely.coverage_union_all(shapes(base.governorates)))


def test_names_stand_inside_what_they_name(base: Boundaries) -> None:
    for layer in (base.governorates, base.regions, base.neighbours):
        for feature in layer["features"]:
            if "name" in feature["properties"]:
                assert shape(feature["geometry"]).contains(Point(feature["properties"]["label"]))


def test_the_two_rivers_flow_through_iraq_into_the_shatt_al_arab(base: Boundaries) -> None:
    rivers = {f["properties"]["name"]: shape(f["geometry"]) for f in base.rivers["features"]}
    for name, place in (
        ("Tigris", (44.40, 33.33)),
        ("Tigris", (43.13, 36.35)),
        ("Euphrates", (43.30, 33.43)),
    ):
        assert rivers[name].distance(Point(place)) < builder.RIVER_REACH
    assert rivers["Shatt al-Arab"].distance(rivers["Euphrates"]) < builder.TOUCH


def test_towns_and_disputed_places_lie_in_iraq(base: Boundaries) -> None:
    assert len(base.towns["features"]) == 30
    assert len(base.disputed_places["features"]) == 15
    for layer in (base.towns, base.disputed_places, base.airfields):
        for feature in layer["features"]:
            lon, lat = feature["geometry"]["coordinates"]
            assert base.iraq_contains(lon=lon, lat=lat), feature["properties"]["name"]


def test_airfields_lie_in_the_region_they_are_said_to_be_in(base: Boundaries) -> None:
    regions = by_id(base.regions)
    for feature in base.airfields["features"]:
        assert regions[feature["properties"]["region"]].contains(shape(feature["geometry"]))


def test_sites_called_precise_lie_within_a_kilometre_of_a_known_position(base: Boundaries) -> None:
    known = [feature["geometry"]["coordinates"] for feature in base.airfields["features"]]
    with (boundaries.FOLDER / "sites.csv").open(encoding="utf-8", newline="") as file:
        precise = [row for row in csv.DictReader(file) if row["position_basis"].startswith("precise")]
    assert precise
    for row in precise:
        lon, lat = float(row["lon"]), float(row["lat"])
        nearest_km = min(
            math.hypot((x - lon) * math.cos(math.radians(lat)), y - lat) * 111.2  # km in a degree of latitude
            for x, y in known
        )
        assert nearest_km < 1, row["site"]


# ---------------------------------------------------------------------------------------- position checks


@pytest.mark.parametrize(
    ("lon", "lat", "inside"),
    [
        (44.40, 33.33, True),  # Baghdad
        (42.69, 37.149, True),  # Zakho, 6 km from the border
        (48.47, 29.98, True),  # al-Faw, where Iraq ends at the sea
        (33.33, 44.40, False),  # Baghdad with lon and lat swapped
        (0.0, 0.0, False),
        (47.98, 29.37, False),  # Kuwait City
        (51.39, 35.69, False),  # Tehran
        (40.14, 35.34, False),  # Deir ez-Zor
        (48.29, 30.36, False),  # Abadan, across the river
    ],
)
def test_a_position_is_in_iraq_or_it_is_not(*, lon: float, lat: float, inside: bool) -> None:
    assert boundaries.iraq_contains(lon=lon, lat=lat) is inside


def test_a_position_on_the_border_counts_as_inside(base: Boundaries) -> None:
    (outline,) = shapes(base.outline)
    west, _, _, _ = outline.bounds
    lon, lat = next((x, y) for x, y in outline.exterior.coords if x == west)
    assert base.iraq_contains(lon=lon - boundaries.EDGE / 2, lat=lat)
    assert not base.iraq_contains(lon=lon - boundaries.EDGE * 2, lat=lat)


# ------------------------------------------------------------------------------------------------ origins


def test_every_file_has_an_origin_and_its_checksum_holds(base: Boundaries) -> None:
    there = {f"{boundaries.SUBFOLDER}/{path.name}" for path in FILES.glob("*.geojson")}
    assert {origin.file for origin in base.origins} >= there
    assert there == {f"{boundaries.SUBFOLDER}/{layer}.geojson" for layer in LAYERS}
    # `load` compares the checksums; that it does is shown below


def test_no_origin_names_an_address(base: Boundaries) -> None:
    for origin in base.origins:
        assert "://" not in f"{origin.package} {origin.processing} {origin.credit}"


def test_credits_name_everybody_who_must_be_named(base: Boundaries) -> None:
    drawn = {origin.producer for origin in base.origins} - {"OurAirports"}
    assert drawn == {"Natural Earth", "GeoNames"}
    assert all(producer in boundaries.CREDITS for producer in drawn)
    assert "CC BY 4.0" in boundaries.CREDITS


def test_the_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in FILES.glob("*.geojson")) < MOST_BYTES


def test_the_documentation_carries_both_footnotes() -> None:
    text = " ".join((boundaries.FOLDER.parents[1] / "docs" / "boundaries.md").read_text("utf-8").split())
    text = text.replace(" > ", " ")
    assert boundaries.FOOTNOTE_SHORT in text
    assert boundaries.FOOTNOTE_LONG in text


# ------------------------------------------------------------------------------- bad files stop the start


def test_a_changed_file_is_named_with_the_line_of_its_origin(folder: Path) -> None:
    path = folder / "boundaries" / "regions.geojson"
    path.write_text(path.read_text("utf-8").replace("42.4", "42.5", 1), "utf-8")
    assert "origins.csv:3 [sha256]: is not the checksum of boundaries/regions.geojson" in problems_of(folder)


def test_every_problem_is_listed_at_once(folder: Path) -> None:
    (folder / "boundaries" / "lakes.geojson").unlink()
    (folder / "boundaries" / "towns.geojson").write_text("[]", "utf-8")
    (folder / "boundaries" / "rivers.geojson").write_bytes(b'{"type":"FeatureCollection","features":[]}')
    found = problems_of(folder)
    assert "boundaries/lakes.geojson:0: cannot be read" in found
    assert "boundaries/towns.geojson:0: is no GeoJSON" in found
    assert "boundaries/rivers.geojson:0: is empty" in found


def test_a_file_without_an_origin_and_an_origin_without_a_file_are_problems(folder: Path) -> None:
    (folder / "boundaries" / "roads.geojson").write_text("{}", "utf-8")
    origins = folder / "origins.csv"
    row = origins.read_text("utf-8").splitlines()[1]
    with origins.open("a", encoding="utf-8") as file:
        file.write(row.replace("neighbours", "railways", 1) + "\n")
    found = problems_of(folder)
    assert "'boundaries/roads.geojson'" in found
    assert "'boundaries/railways.geojson'" in found


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda _: "", "has other columns"),
        (lambda text: text.replace("licence,", "license,", 1), "has other columns"),
        (lambda text: text + "a,b\n", "wrong number of cells"),
        (lambda text: text + text.splitlines()[1] + "\n", "is listed twice"),
        (lambda text: text.replace(",public domain,", ",,", 1), "is empty"),
    ],
)
def test_bad_origins_are_problems(folder: Path, spoil: Callable[[str], str], expected: str) -> None:
    origins = folder / "origins.csv"
    origins.write_text(spoil(origins.read_text("utf-8")), "utf-8")
    assert expected in problems_of(folder)


def test_a_cell_without_end_in_the_origins_is_a_problem(folder: Path) -> None:
    origins = folder / "origins.csv"
    origins.write_text(origins.read_text("utf-8") + "x" * 200_000 + "\n", "utf-8")
    assert "is not CSV" in problems_of(folder)


TOWN = {
    "type": "Feature",
    "properties": {"name": "Anah", "rank": 2},
    "geometry": {"type": "Point", "coordinates": [41.98, 34.37]},
}
AREA = {"type": "Polygon", "coordinates": [[[40, 30], [41, 30], [41, 31], [40, 30]]]}


def feature(properties: object = None, geometry: object = None) -> dict[str, object]:
    return {**TOWN, "properties": properties or TOWN["properties"], "geometry": geometry or TOWN["geometry"]}


def point(*coordinates: object) -> dict[str, object]:
    return feature(geometry={"type": "Point", "coordinates": coordinates})


@pytest.mark.parametrize(
    ("layer", "features", "where", "expected"),
    [
        ("towns", [TOWN, "Anah"], "[features[1]]", "is no feature; found 'Anah'"),
        ("towns", [{**TOWN, "type": "Place"}], "[features[0]]", "expected a Feature with a Point"),
        ("towns", [{**TOWN, "properties": None}], "[features[0].properties]", "expected an object"),
        ("towns", [feature({"name": "Anah"})], "[features[0].properties.rank]", "expected a whole number"),
        ("towns", [feature({"name": "Anah", "rank": "2"})], "[features[0].properties.rank]", "found '2'"),
        ("towns", [feature({"name": "Anah", "rank": True})], "[features[0].properties.rank]", "found 'True'"),
        ("towns", [feature({"name": "", "rank": 2})], "[features[0].properties.name]", "expected text"),
        ("towns", [feature({"name": [["Anah"]], "rank": 2})], "[features[0].properties.name]", "found 'list'"),
        ("towns", [{**TOWN, "geometry": None}], "[features[0].geometry]", "expected a Point"),
        ("towns", [feature(geometry=AREA)], "[features[0].geometry]", "is another shape; found 'Polygon'"),
        ("towns", [point()], "[features[0].geometry]", "expected positions [lon, lat]"),
        ("towns", [point(41.98)], "[features[0].geometry]", "expected positions [lon, lat]"),
        ("towns", [point(34.37, 410.98)], "[features[0].geometry]", "expected positions [lon, lat]"),
        ("towns", [point(float("nan"), 34.37)], "[features[0].geometry]", "expected positions [lon, lat]"),
        ("towns", [point("41.98", "E")], "[features[0].geometry]", "expected positions [lon, lat]"),
        ("towns", [point([[[41.98]]], 34.37)], "[features[0].geometry]", "expected positions [lon, lat]"),
        ("kr_boundary", [feature({"id": "kr"}, AREA)], "[features[0].geometry]", "expected a LineString or MultiLineString"),
        ("neighbours", [feature({"id": "X", "label": [40]}, AREA)], "[features[0].properties.label]", "expected [lon, lat]"),
        ("neighbours", [feature({"id": "X", "label": [40, 95]}, AREA)], "[features[0].properties.label]", "expected [lon, lat]"),
        ("neighbours", [feature({"id": "X", "label": [40, 30]}, AREA)], "[features[0].properties.name]", "expected text"),
        ("neighbours", [feature({"id": 7}, AREA)], "[features[0].properties.id]", "found '7'"),
        ("regions", [feature({"id": "X", "name": "Y"}, AREA)], "[features[0].properties.label]", "found 'None'"),
    ],
)  # fmt: skip
def test_a_layer_the_map_could_not_draw_is_a_problem(
    folder: Path, layer: str, features: list[object], where: str, expected: str
) -> None:
    body = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "boundaries" / f"{layer}.geojson").write_text(body, "utf-8")
    found = problems_of(folder)
    assert f"boundaries/{layer}.geojson:0 {where}: " in found
    assert expected in found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"{",
        b"\xff\xfe",
        b'{"type":"FeatureCollection"}',
        b'{"type":"FeatureCollection","features":{}}',
        b'{"type":"Topology","features":[]}',
        b"[" * 100_000,
        b"9" * 5_000,
    ],
)
def test_what_is_no_collection_of_features_is_a_problem(folder: Path, content: bytes) -> None:
    (folder / "boundaries" / "lakes.geojson").write_bytes(content)
    assert "boundaries/lakes.geojson:0: is no GeoJSON" in problems_of(folder)


def test_nothing_nested_without_end_gets_through(folder: Path) -> None:
    for depth in (10, 300, 900, 5_000):
        nested = "[" * depth + "]" * depth
        body = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":%s,"geometry":{"type":"Polygon","coordinates":%s}}]}'
        (folder / "boundaries" / "lakes.geojson").write_text(body % (nested, nested), "utf-8")
        assert "boundaries/lakes.geojson:0" in problems_of(folder)


def test_missing_origins_are_a_problem(folder: Path) -> None:
    (folder / "origins.csv").unlink()
    assert "origins.csv:0: cannot be read" in problems_of(folder)


# ------------------------------------------------------------------------------------------------- rebuild


@pytest.mark.parametrize("layer", LAYERS)
def test_the_committed_files_are_written_as_the_builder_writes(base: Boundaries, layer: str) -> None:
    rewritten = builder.collection(
        (feature["properties"], shape(feature["geometry"])) for feature in getattr(base, layer)["features"]
    )
    assert builder.as_text(rewritten).encode() == (FILES / f"{layer}.geojson").read_bytes()


def test_the_builder_sees_what_differs(base: Boundaries) -> None:
    towns = base.towns
    assert not builder.difference(towns, towns)
    moved = json.loads(json.dumps(towns))
    moved["features"][0]["geometry"]["coordinates"][0] += 0.01
    assert "Baghdad: up to 0.0100 degrees apart" in builder.difference(moved, towns)
    renamed = json.loads(json.dumps(towns))
    renamed["features"][1]["properties"]["rank"] = 3
    assert "Mosul: rank is 1 committed, 3 rebuilt" in builder.difference(renamed, towns)
    assert "30 features committed" in builder.difference({"features": towns["features"][1:]}, towns)


def test_a_rebuild_that_differs_fails(
    base: Boundaries, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fewer: Collection = {"type": "FeatureCollection", "features": base.towns["features"][:-1]}
    (tmp_path / "towns.geojson").write_text(builder.as_text(fewer), "utf-8")
    assert builder.report(tmp_path, ["towns"], write=False) == 1
    assert "DIFF towns" in capsys.readouterr().out
    (tmp_path / "towns.geojson").write_text(builder.as_text(base.towns), "utf-8")
    assert builder.report(tmp_path, ["towns"], write=False) == 0
    assert "equal, byte for byte" in capsys.readouterr().out


def test_a_broken_invariant_fails() -> None:
    with pytest.raises(builder.BuildError, match="not: two is three"):
        builder.expect(False, "two is three")


def test_water_is_rebuilt_from_shapefiles_without_names(base: Boundaries, tmp_path: Path) -> None:
    """The committed water goes through a bare shapefile and comes out as it was, without what is not wanted."""
    far = LineString([(36.5, 38.0), (37.0, 38.5)])
    for name, layer, extra, kind in (
        (builder.RIVERS_SHP, base.rivers, [far], "MultiLineString"),
        (builder.LAKES_SHP, base.lakes, [box(37.0, 39.0, 37.01, 39.01)], "Polygon"),
    ):
        geometry = shapely.to_wkb(np.array([*shapes(layer)[::-1], *extra], dtype=object))
        pyogrio.raw.write(
            tmp_path / name,
            geometry,
            field_data=[],
            fields=[],
            geometry_type=kind,
            crs="EPSG:4326",
            driver="ESRI Shapefile",
        )
        for suffix in (".dbf", ".shx", ".prj", ".cpg"):
            (tmp_path / name).with_suffix(suffix).unlink(missing_ok=True)
    (iraq,) = shapes(base.outline)
    water = builder.build_water(tmp_path / builder.RIVERS_SHP, tmp_path / builder.LAKES_SHP, iraq)
    for name, layer in water.items():
        committed = getattr(base, name)
        assert [f["properties"] for f in layer["features"]] == [
            f["properties"] for f in committed["features"]
        ]
        # simplified once more, hence near and not equal
        assert (
            shapely.hausdorff_distance(shapes(layer), shapes(committed)) < 2 * builder.IRAQ_TOLERANCE
        ).all()

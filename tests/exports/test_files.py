"""The bytes: readable by others, equal on every run, exact."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import geopandas
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from components.view_state import Filters
from exports import files, package, tables
from geodata.knowledge import Knowledge
from tests.exports.views import show

if TYPE_CHECKING:
    from exports.columns import Column, Value

ROOT = Path(__file__).resolve().parent.parent.parent
PLACED = tables.PLACED
VIEWS: dict[str, dict[str, Any]] = {
    "plain": {},
    "narrow": {"knowledge": Knowledge(known_on=dt.date(2026, 1, 5), without=frozenset({"S4"}), and_derived=True)},
    "empty": {"filters": Filters(words="no text has these words", about="nowhere")},
}  # fmt: skip


@pytest.fixture(params=VIEWS)
def view_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def written(folder: Path, name: str, ending: str, view_name: str = "plain") -> Path:
    path = folder / f"{name}.{ending}"
    path.write_bytes(package.file_bytes(name, ending, show(**VIEWS[view_name]), everything=False))
    return path


def rows(name: str, view_name: str = "plain") -> list[tuple[Value, ...]]:
    return list(tables.table(name, show(**VIEWS[view_name])).rows())


@pytest.mark.parametrize("name", tables.SPECS)
def test_csv_is_read_back_exactly(name: str, view_name: str, tmp_path: Path) -> None:
    body = written(tmp_path, name, "csv", view_name).read_bytes()
    assert body.count(b"\n") >= body.count(b"\r\n") > 0
    header, *cells = csv.reader(io.StringIO(body.decode(), newline=""), strict=True)
    assert header == [column.name for column in tables.SPECS[name].columns]
    assert cells == [
        ["" if v is None else str(v).lower() if isinstance(v, bool) else str(v) for v in row]
        for row in rows(name, view_name)
    ]


def test_csv_leaves_what_looks_like_a_formula_as_it_is() -> None:
    made = tables.table("claims", show())
    mine = made.items[0].model_copy(update={"text": "=HYPERLINK(1)", "quotation": '-"a"\n, b'})
    poisoned = tables.Table(made.spec, made.ledger, [mine], made.notes)
    cell = next(csv.DictReader(io.StringIO(files.csv_bytes(poisoned).decode(), newline="")))
    assert (cell["text"], cell["quotation"]) == ("=HYPERLINK(1)", '-"a"\n, b')
    assert package.formula_like(poisoned) == 2
    assert package.formula_like(made) == 0  # so is no cell of our own
    assert "2 cells begin with" in " ".join(package.caveats(2))


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), include_characters="\n\r\t")))
@settings(max_examples=50, deadline=None)
def test_any_text_comes_back_from_every_form(text: str) -> None:
    made = tables.table("claims", show())
    changed = tables.Table(
        made.spec, made.ledger, [made.items[0].model_copy(update={"text": text})], made.notes
    )
    cell = next(csv.DictReader(io.StringIO(files.csv_bytes(changed).decode(), newline="")))["text"]
    assert cell == text
    (feature,) = json.loads(files.geojson_bytes(changed))["features"]
    read = geopandas.read_parquet(io.BytesIO(files.geoparquet_bytes(changed)))["text"][0]
    expected = text or None
    assert feature["properties"]["text"] == expected
    assert (None if pd.isna(read) else read) == expected


@pytest.mark.parametrize("name", PLACED)
def test_geojson_is_rfc_7946(name: str, view_name: str, tmp_path: Path) -> None:
    found = json.loads(written(tmp_path, name, "geojson", view_name).read_text(encoding="utf-8"))
    assert found["type"] == "FeatureCollection"
    assert "crs" not in found
    features = found["features"]
    assert len({feature["id"] for feature in features}) == len(features) == len(rows(name, view_name))
    for feature in features:
        lon, lat = feature["properties"]["lon"], feature["properties"]["lat"]
        assert feature["geometry"] == (None if lon is None else {"type": "Point", "coordinates": [lon, lat]})
        if lon is not None:
            assert 38 < lon < 49
            assert 29 < lat < 38


@pytest.mark.parametrize("name", PLACED)
@pytest.mark.parametrize("ending", ["csv", "geojson"])
def test_pyogrio_reads_it(name: str, ending: str, tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    frame = pyogrio.read_dataframe(written(tmp_path, name, ending))
    assert len(frame) == len(rows(name))
    if ending == "geojson":
        assert frame.crs.to_epsg() == 4326
        assert int(frame.geometry.isna().sum()) == sum(v is None for v in tables.table(name, show()).column(column(name, "lon")))  # fmt: skip
    assert not [str(w.message) for w in recwarn if w.category is not DeprecationWarning]


def column(name: str, wanted: str) -> Column:
    return next(c for c in tables.SPECS[name].columns if c.name == wanted)


@pytest.mark.parametrize("name", PLACED)
def test_geopandas_reads_the_parquet_with_its_crs_and_every_value(
    name: str, view_name: str, tmp_path: Path
) -> None:
    frame = geopandas.read_parquet(written(tmp_path, name, "parquet", view_name))
    assert frame.crs.to_authority() == ("OGC", "CRS84")
    values = frame.drop(columns="geometry").astype(object)
    read = [
        tuple(None if value is None or value != value else value for value in row)  # noqa: PLR0124 - NaN
        for row in values.where(values.notna(), None).itertuples(index=False)
    ]
    assert read == rows(name, view_name)
    names = list(values)
    for point, row in zip(frame.geometry, rows(name, view_name), strict=True):
        lon, lat = row[names.index("lon")], row[names.index("lat")]
        assert (point is None) if lon is None else (point.x, point.y) == (lon, lat)


@pytest.mark.parametrize("name", PLACED)
def test_duckdb_reads_the_parquet_with_its_crs_and_every_value(
    name: str, view_name: str, tmp_path: Path
) -> None:
    path = written(tmp_path, name, "parquet", view_name)
    with duckdb.connect() as database:
        columns = ", ".join(f'"{c.name}"' for c in tables.SPECS[name].columns)
        assert database.sql(f"SELECT {columns} FROM '{path}'").fetchall() == rows(name, view_name)  # noqa: S608
        described = {row[0]: row[1] for row in database.sql(f"DESCRIBE FROM '{path}'").fetchall()}
        assert described["geometry"] == "GEOMETRY('OGC:CRS84')"
        dates = {c.name for c in tables.SPECS[name].columns if c.kind == "date"}
        assert {described[date] for date in dates} == {"DATE"}
        # ST_AsText and ST_CRS are DuckDB's own since 1.5; other functions need its spatial extension.
        found = database.sql(f"SELECT lon, lat, ST_AsText(geometry) FROM '{path}'").fetchall()  # noqa: S608
    for lon, lat, text in found:
        if lon is None:
            assert text is None
        else:
            point = shapely.from_wkt(text)
            assert (point.x, point.y) == (lon, lat)


def digests() -> dict[str, str]:
    shown = show()
    made = {f"{name}.{ending}": package.file_bytes(name, ending, shown, everything=False) for name in PLACED for ending in files.WRITERS}  # fmt: skip
    made["data.zip"] = package.zipped(shown, everything=False)
    return {name: hashlib.sha256(body).hexdigest() for name, body in made.items()}


def test_the_same_request_gives_the_same_bytes_in_another_process_too() -> None:
    here = digests()
    assert digests() == here
    program = "import json; from tests.exports.test_files import digests; print(json.dumps(digests()))"
    other = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, env={"PYTHONHASHSEED": "7", "TZ": "UTC-9"}
    )  # fmt: skip
    assert json.loads(other.stdout) == here

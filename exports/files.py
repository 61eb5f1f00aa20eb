"""A table as the bytes of a file: CSV, GeoJSON, GeoParquet; the same table gives the same bytes."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import shapely

from exports.columns import Kind, Value
from exports.tables import Table
from geodata.model import Site

CRS = "OGC:CRS84"
"""WGS 84, longitude first: what GeoJSON is by definition, and the one that readers of Parquet name by itself."""

ARROW: Mapping[Kind, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int32(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}


def csv_bytes(table: Table, **_: object) -> bytes:
    """Return a table as CSV: RFC 4180, UTF-8, a header; an empty field is an empty value.

    The words are exact: a cell that begins with "=" stays so, as docs/data-out.md argues.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in table.spec.columns])
    writer.writerows(_cells(row) for row in table.rows())
    return out.getvalue().encode()


def _cells(row: Iterable[Value]) -> list[str]:
    return ["" if v is None else ("true" if v else "false") if isinstance(v, bool) else str(v) for v in row]


def geojson_bytes(table: Table, about: Mapping[str, Any] | None = None) -> bytes:
    """Return a table as GeoJSON: RFC 7946, one feature a line; what has no position has no geometry, and is there.

    `about` are members that describe the whole, such as its caption and licence.
    """
    names = [column.name for column in table.spec.columns]
    keys = [names.index(key) for key in table.spec.key]
    head = {"type": "FeatureCollection", "name": table.spec.name, **(about or {})}
    features = []
    for row, site in zip(table.rows(), _sites(table), strict=True):
        feature = {
            "type": "Feature",
            "id": "@".join(str(row[key]) for key in keys),
            "geometry": _geometry(site),
            "properties": dict(zip(names, row, strict=True)),
        }
        features.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":"), default=_plain))
    opening = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]
    return (opening + ',"features":[\n' + ",\n".join(features) + "\n]}\n").encode()


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"no way to write {type(value).__name__} as JSON")


def _geometry(site: Site | None) -> dict[str, Any] | None:
    if site is None or site.lon is None or site.lat is None:
        return None
    return {"type": "Point", "coordinates": [site.lon, site.lat]}


def geoparquet_bytes(table: Table, **_: object) -> bytes:
    """Return a table as GeoParquet 1.1 with its CRS; dates are dates, what is empty is null."""
    columns = {
        column.name: pd.arrays.ArrowExtensionArray(pa.array(table.column(column), ARROW[column.kind]))
        for column in table.spec.columns
    }
    points = [
        None if site is None or site.lon is None else shapely.Point(site.lon, site.lat)
        for site in _sites(table)
    ]
    frame = gpd.GeoDataFrame(pd.DataFrame(columns), geometry=gpd.GeoSeries(points, crs=CRS), crs=CRS)
    out = io.BytesIO()
    frame.to_parquet(out, index=False, compression="zstd", schema_version="1.1.0")
    return out.getvalue()


def _sites(table: Table) -> list[Site | None]:
    find = table.spec.site
    return [find(table.ledger, item) if find else None for item in table.items]


WRITERS: Mapping[str, Callable[..., bytes]] = {
    "csv": csv_bytes,
    "geojson": geojson_bytes,
    "parquet": geoparquet_bytes,
}
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
    "txt": "text/plain; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
}

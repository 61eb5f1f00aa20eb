"""Whether a file is the GeoJSON that the map reads: its shapes, and the properties looked up in it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry import shape

from geodata.errors import Problem

AREAS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
POINTS = ("Point",)
WORDS = {str: "text", int: "a whole number", list: "a list"}


class Layer(NamedTuple):
    """What the features of one file must be."""

    shapes: tuple[str, ...]
    properties: Mapping[str, type]  # in every feature
    optional: Mapping[str, type] = {}


def read(file: str, content: bytes, layer: Layer, problems: list[Problem]) -> dict[str, Any]:
    """Return the feature collection in `content`, or an empty one with what is wrong added to `problems`."""
    try:
        collection = json.loads(content)
    except (ValueError, RecursionError) as error:
        remedy = "expected a FeatureCollection in UTF-8"
        problems.append(Problem(file, 0, "", type(error).__name__, "is no GeoJSON", remedy))
        return {}
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        found = type(collection).__name__
        problems.append(Problem(file, 0, "", found, "is no GeoJSON", "expected a FeatureCollection"))
        return {}
    if not features:
        problems.append(Problem(file, 0, "", "[]", "is empty", "expected at least one feature"))
    faults = [
        Problem(file, 0, f"features[{number}]{where}", found, fault, remedy)
        for number, feature in enumerate(features)
        for where, found, fault, remedy in _faults(feature, layer)
    ]
    problems += faults
    return {} if faults else dict(collection)


def _faults(feature: Any, layer: Layer) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is wrong with one feature: where, what stands there, the fault and the remedy."""
    wanted = " or ".join(layer.shapes)
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        yield "", _short(feature), "is no feature", f"expected a Feature with a {wanted}"
        return
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in layer.shapes:
        yield ".geometry", _short(kind), "is another shape", f"expected a {wanted}"
    elif not _drawable(geometry):
        remedy = "expected positions [lon, lat] in degrees"
        yield ".geometry", str(kind), "has positions that are none", remedy
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        yield ".properties", _short(properties), "are no properties", "expected an object"
        return
    for key, kind in {**layer.properties, **layer.optional}.items():
        value = properties.get(key)
        if value is None and key in layer.optional and not (key == "name" and properties.get("label")):
            continue
        if type(value) is not kind or not value or (key == "label" and not _position(value)):
            remedy = "expected [lon, lat] in degrees" if key == "label" else f"expected {WORDS[kind]}"
            yield f".properties.{key}", _short(value), "is not what the map reads there", remedy


def _short(value: Any) -> str:
    """Return a plain value as it stands, and of any other the kind: it may be nested without end."""
    return str(value)[:80] if value is None or isinstance(value, str | int | float) else type(value).__name__


def _drawable(geometry: Any) -> bool:
    try:
        positions = shapely.get_coordinates(shape(geometry))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, shapely.errors.ShapelyError):
        return False
    inside = np.abs(positions) <= (180, 90)  # false for what is not a number
    return len(positions) > 0 and bool(inside.all())


def _position(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004
        return False
    lon_lat = all(type(number) in (int, float) for number in value)
    return lon_lat and abs(value[0]) <= 180 and abs(value[1]) <= 90  # noqa: PLR2004

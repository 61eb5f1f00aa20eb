"""What the base map is made of, whoever draws it: its extent, its layers with their classes, and its labels. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

# The opening view: federal Iraq and the Kurdistan Region with a little air, (south, west) to (north, east).
EXTENT = ((28.9, 38.6), (37.5, 48.8))
CENTRE = (33.2, 43.7)  # lat, lon
ZOOM = 6
# How far one may move away, (south, west) to (north, east): the land that is drawn around Iraq.
LIMITS = ((24.0, 33.0), (41.5, 55.0))
# Painted in this order; the class carries the look, so that a theme switch needs no Python.
LAYERS = (
    ("neighbours", "atlas-neighbours"),
    ("regions", "atlas-regions"),
    ("lakes", "atlas-lakes"),
    ("rivers", "atlas-rivers"),
    ("governorates", "atlas-governorates"),
    ("outline", "atlas-border"),
    ("kr_boundary", "atlas-kr-boundary"),
)
SMOOTH_FACTOR = 0.5
"""How far Leaflet may simplify an outline, in pixels."""

OPTIONS: Mapping[str, Any] = {
    "zoomControl": False,
    "attributionControl": False,  # credits are in the footnote, in words
    "trackResize": False,  # the control layer resizes the map itself, and keeps the centre
    "keyboard": False,  # the arrow keys belong to the clock
    "scrollWheelZoom": True,
    "touchZoom": True,
    "zoomSnap": 0,  # any zoom, so that Iraq fits the frame exactly
    "zoomDelta": 0.75,
    "wheelPxPerZoomLevel": 120,
    "minZoom": 4,
    "maxZoom": 13,
    "worldCopyJump": False,
    "noWrap": True,
}
"""How the map behaves, in Leaflet's own names."""


def layer_options(boundaries: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the control layer needs to know of the base map; positions are [lat, lon]."""
    return {
        "extent": [list(corner) for corner in EXTENT],
        "limits": [list(corner) for corner in LIMITS],
        "towns": [
            {
                "name": feature["properties"]["name"],
                "rank": feature["properties"].get("rank"),
                "at": _lat_lon(feature["geometry"]["coordinates"]),
            }
            for feature in boundaries.get("towns", {}).get("features", ())
        ],
        "countries": [
            {"name": feature["properties"]["name"], "at": _lat_lon(feature["properties"]["label"])}
            for feature in boundaries.get("neighbours", {}).get("features", ())
            if feature["properties"].get("label")
        ],
    }


def outlines(
    boundaries: Mapping[str, Mapping[str, Any]],
) -> Iterable[tuple[str, list[Mapping[str, Any]]]]:
    """Yield what is drawn, in order: the classes of a layer's like features, and their geometries, [lon, lat].

    Names and origins of the outlines stay behind: they would only make the page longer.
    """
    for name, class_name in LAYERS:
        kinds: dict[str, list[Mapping[str, Any]]] = {}
        for feature in boundaries.get(name, {}).get("features", ()):
            kind = f"{class_name} {class_name}-{feature['properties'].get('id', '')}".lower()
            kinds.setdefault(kind, []).append(feature["geometry"])
        yield from sorted(kinds.items())


def _lat_lon(position: list[float]) -> list[float]:
    """Turn GeoJSON's [lon, lat] into Leaflet's [lat, lon]."""
    return [position[1], position[0]]

"""The base map: everything that never changes, drawn once; the control layer in the browser draws the rest.

Nothing here depends on the day, the reader or the session. streamlit-folium 0.27 remounts the map, and forgets zoom
and centre, as soon as its script changes, so the script is the same on every run, down to the names in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folium
from branca.element import MacroElement
from folium.template import Template
from folium.utilities import JsCode

from components import assets, paths

if TYPE_CHECKING:
    from collections.abc import Mapping

# The opening view: federal Iraq and the Kurdistan Region with a little air, (south, west) to (north, east).
EXTENT = ((28.9, 38.6), (37.5, 48.8))
CENTRE = (33.2, 43.7)  # lat, lon
# How far one may move away, (south, west) to (north, east): the land that is drawn around Iraq.
LIMITS = ((24.0, 33.0), (41.5, 55.0))
# Before the style sheet has its say; the frame gives the iframe its real height.
HEIGHT_PX = 700
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


class ControlLayer(MacroElement):
    """Hands the Leaflet map to control_layer.js, which draws what follows the day."""

    _template = Template("""{% macro script(this, kwargs) %}
      if (window.AtlasControlLayer) {
        window.AtlasControlLayer.attach({{ this._parent.get_name() }}, {{ this.options|tojavascript }});
      }
    {% endmacro %}""")

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "ControlLayer"
        self.options = options


def draw(boundaries: Mapping[str, Mapping[str, Any]]) -> None:
    """Draw the map; `boundaries` holds GeoJSON feature collections by name, coordinates (lon, lat)."""
    # Imported before the server runs (app.py imports us), it would tell the wrong registry where its files are, and
    # the map's frame would be a 404 (streamlit 1.67, streamlit-folium 0.27.4).
    from streamlit_folium import st_folium  # noqa: PLC0415

    st_folium(
        build(boundaries),
        key="map",
        height=HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
    )


def build(boundaries: Mapping[str, Mapping[str, Any]]) -> folium.Map:
    """Return the base map, fresh: folium rewrites the names in a map that has been shown once."""
    # A finger that moves over the map scrolls the page; two fingers move and zoom the map.
    fine_pointer = JsCode("!matchMedia('(pointer: coarse)').matches")
    base = folium.Map(
        location=list(CENTRE),
        zoom_start=6,
        tiles=None,
        zoom_control=False,
        control_scale=False,
        attribution_control=False,  # credits are in the footnote, in words
        track_resize=False,  # the control layer resizes the map itself, and keeps the centre
        keyboard=False,  # the arrow keys belong to the clock
        dragging=fine_pointer,  # type: ignore[arg-type]
        scroll_wheel_zoom=True,
        touch_zoom=True,
        zoom_snap=0,  # any zoom, so that Iraq fits the frame exactly
        zoom_delta=0.75,
        wheel_px_per_zoom_level=120,
        min_zoom=4,
        max_zoom=13,
        world_copy_jump=False,
        no_wrap=True,
    )
    base._id = "atlas"  # noqa: SLF001  # a random name would make every run a new message of 250 kB
    base.default_js = [
        ("leaflet", paths.url("vendor/leaflet/leaflet.js")),
        ("jquery", paths.url("vendor/jquery/jquery.min.js")),
    ]
    base.default_css = [("leaflet_css", paths.url("vendor/leaflet/leaflet.css"))]
    for name in ("tokens.css", "base_map.css", "control_layer.css"):
        if assets.exists(name):
            base.default_css.append((name, paths.url(f"browser/{name}")))
    if assets.exists("control_layer.js"):
        base.default_js.append(("control_layer", paths.url("browser/control_layer.js")))
    for name, class_name in LAYERS:
        if name in boundaries:
            _add_layer(base, boundaries[name], class_name)
    ControlLayer(layer_options(boundaries)).add_to(base)
    return base


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


def _lat_lon(position: list[float]) -> list[float]:
    """Turn GeoJSON's [lon, lat] into Leaflet's [lat, lon]."""
    return [position[1], position[0]]


def _add_layer(base: folium.Map, collection: Mapping[str, Any], class_name: str) -> None:
    """Add the outlines only: names and origins stay behind, they would only make the message longer."""
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": feature["geometry"],
            "class": f"{class_name} {class_name}-{feature['properties'].get('id', '')}".lower(),
        }
        for feature in collection["features"]
    ]
    for kind in sorted({feature["class"] for feature in features}):
        folium.GeoJson(
            {
                "type": "FeatureCollection",
                "features": [
                    {key: value for key, value in feature.items() if key != "class"}
                    for feature in features
                    if feature["class"] == kind
                ],
            },
            smooth_factor=0.5,
            class_name=kind,
            interactive=False,
        ).add_to(base)

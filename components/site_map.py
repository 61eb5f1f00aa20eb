"""The base map: everything that never changes, drawn once; the control layer in the browser draws the rest.

Nothing here depends on the day, the reader or the session. streamlit-folium 0.27 remounts the map, and forgets zoom
and centre, as soon as its script changes, so the script is the same on every run, down to the names in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import folium
from branca.element import MacroElement
from folium.template import Template
from folium.utilities import JsCode

from components import assets, base_map, paths

if TYPE_CHECKING:
    from collections.abc import Mapping

# Before the style sheet has its say; the frame gives the iframe its real height.
HEIGHT_PX = 700
SNAKE = re.compile("([A-Z])")
"""Folium names Leaflet's options in its own way."""


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
        location=list(base_map.CENTRE),
        zoom_start=base_map.ZOOM,
        tiles=None,
        control_scale=False,
        dragging=fine_pointer,  # type: ignore[arg-type]
        **{SNAKE.sub(r"_\1", name).lower(): value for name, value in base_map.OPTIONS.items()},
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
    for kind, shapes in base_map.outlines(boundaries):
        features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
        folium.GeoJson(
            {"type": "FeatureCollection", "features": features},
            smooth_factor=base_map.SMOOTH_FACTOR,
            class_name=kind,
            interactive=False,
        ).add_to(base)
    ControlLayer(base_map.layer_options(boundaries)).add_to(base)
    return base

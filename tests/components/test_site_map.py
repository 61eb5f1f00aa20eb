"""The base map: what it tells the control layer, and that it asks nobody outside for anything."""

from __future__ import annotations

from components import assets, base_map, paths, site_map
from geodata import boundaries


def test_the_layer_is_told_how_far_one_may_go() -> None:
    options = base_map.layer_options(boundaries.load().layers())
    (south, west), (north, east) = options["limits"]
    for lat, lon in [base_map.CENTRE, *base_map.EXTENT]:
        assert south < lat < north
        assert west < lon < east
    assert {"Syria", "Iran"} <= {country["name"] for country in options["countries"]}
    for place in [*options["towns"], *options["countries"]]:
        lat, lon = place["at"]
        assert south < lat < north, place
        assert west < lon < east, place


def test_nothing_is_loaded_from_outside() -> None:
    base = site_map.build({})
    for _, address in [*base.default_js, *base.default_css]:
        assert address.startswith(f"{paths.base_path()}/"), address


def test_the_door_to_the_layer_is_a_classic_script() -> None:
    """The frame loads no modules by itself, so the one script it loads must not be one."""
    door = assets.text("control_layer.js")
    assert "import(" in door
    assert not any(line.startswith(("import ", "export ")) for line in door.splitlines())

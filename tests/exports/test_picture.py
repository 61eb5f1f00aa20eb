"""The map of a briefing: where things lie, what touches what, and that nothing of the data reaches the drawing."""

import datetime as dt
import io
import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyproj
import pytest
import shapely
import typst
from lxml import etree
from PIL import Image
from shapely import unary_union
from shapely.geometry import LineString, Point, box
from shapely.ops import nearest_points

from components import lives
from exports import briefing, lettering, options, picture
from exports.briefing import Briefing
from exports.land import graticule, layers, shown_towns
from exports.options import Extent, Options
from exports.palette import palette
from exports.picture import LETTERING, Picture, draw
from exports.plan import _kept
from exports.projection import projection
from exports.typesetting import PICTURES
from geodata.control import Category
from geodata.knowledge import EVERYTHING
from tests.exports.views import NOW, ledger, show

SIZES: dict[str, tuple[float, float]] = {
    name: (width, height) for name, (_, _, width, height) in PICTURES.items()
}
LARGE = (620.0, 430.0)
SVG = "{http://www.w3.org/2000/svg}"
WIDE = {name: size for name, size in SIZES.items() if name != "square"} | {
    "presentation": (399.0, 349.875),
    "presentation, two days": (373.125, 327.375),
    "presentation, a4": (527.25, 366.375),
}
"""Those that have room for two insets, with the maps of presentations."""

MERCATOR = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
PLACE = re.compile(r"translate\((\S+) (\S+)\) scale\((\S+)\)")


def brief(
    day: str = "2026-01-18", *, extent: Extent | None = None, theme: str = "light", **more: Any
) -> Briefing:
    return briefing.compose(show(day, **more), Options(theme=theme, extent=extent))


def on(size: str, told: Briefing) -> Picture:
    return draw(told, *(SIZES | WIDE).get(size, LARGE))


def tree(drawn: Picture) -> Any:
    return etree.fromstring(drawn.marks.encode())


def marks(drawn: Picture) -> list[tuple[float, float, float, str]]:
    """Return the drawn marks: middle, size of a unit, and the look that is used, in the picture's own points."""
    found = []
    for use in tree(drawn).iter(f"{SVG}use"):
        match = PLACE.search(use.get("transform"))
        assert match
        found.append((*map(float, match.groups()), use.get("href")[1:]))
    return found


def looks(drawn: Picture) -> dict[str, str]:
    groups = tree(drawn).iter(f"{SVG}g")
    return {group.get("id"): etree.tostring(group).decode() for group in groups if group.get("id")}


def covered(drawn: Picture) -> list[Any]:
    """Return what each mark covers; with what it was before it goes farther to the upper left."""
    found = []
    drawings = looks(drawn)
    for x, y, unit, look in marks(drawn):
        reach = (12.6 if 'r="12.6"' in drawings[look] else 9.6) * unit
        left = 13.8 * unit if "translate(-8.2 -8.2)" in drawings[look] else reach
        found.append(box(x - left, y - left, x + reach, y + reach))
        if 'r="15.6"' in drawings[look]:
            found.append(Point(x, y).buffer(16.7 * unit))
    return found


def clashes(drawn: Picture) -> list[tuple[str, str]]:
    """Return every text that covers a mark, another text, or goes beyond the edge."""
    taken, page = covered(drawn), box(0, 0, drawn.width_pt, drawn.height_pt)
    areas = [(label.text, box(*label.area)) for label in drawn.labels]
    found = [(text, one.wkt) for text, area in areas for one in taken if area.intersects(one)]
    found += [(text, "beyond the edge") for text, area in areas if not page.contains(area)]
    pairs = itertools.combinations(areas, 2)
    return found + [(text, other) for (text, area), (other, there) in pairs if area.intersects(there)]


def days() -> Iterator[str]:
    yield from (day.isoformat() for day in lives.change_days(ledger(), EVERYTHING, NOW))


def names(drawn: Picture) -> set[str]:
    return {label.text for label in drawn.labels if label.kind.startswith("site")}


@pytest.mark.parametrize("size", SIZES)
def test_names_touch_nothing_on_any_day_on_which_something_changes(size: str) -> None:
    for day in days():
        told = brief(day)
        drawn = on(size, told)
        assert clashes(drawn) == [], day
        assert names(drawn) == {mark.name for mark in told.marks}, day


PAIRS = [("2020-01-01", "2020-12-31"), ("2014-06-01", "2015-06-01"), ("2025-09-01", "2026-01-18")]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("one", "other"), PAIRS, ids=[f"{one}-{other}" for one, other in PAIRS])
def test_names_touch_nothing_where_two_days_are_compared(size: str, one: str, other: str) -> None:
    told = brief(other, compare=dt.date.fromisoformat(one))
    drawn = on(size, told)
    assert clashes(drawn) == []
    assert {mark.name for mark in told.marks if mark.changed} <= names(drawn)


def led_astray(told: Briefing, drawn: Picture) -> list[str]:
    """Return the names that a reader takes for another mark's.

    Those between which and their mark a line of another name runs, and those at the end of a line nearer to another mark.
    """
    spots = {mark.name: Point(drawn.spots[mark.site]) for mark in told.marks}
    reach = 9.6 * max(one[2] for one in marks(drawn))
    sites = [label for label in drawn.labels if label.kind.startswith("site")]
    links = {label.text: LineString(nearest_points(spots[label.text], box(*label.area))) for label in sites}
    found = [
        label.text for label in sites for other in sites
        if other.leader and other is not label and LineString([other.leader[:2], other.leader[2:]]).intersects(links[label.text])
    ]  # fmt: skip
    for label in sites:
        gaps = {name: max(0.0, box(*label.area).distance(spot) - reach) for name, spot in spots.items()}
        if label.leader and min(gap for name, gap in gaps.items() if name != label.text) < gaps[label.text]:
            found.append(label.text)
    return found


@pytest.mark.parametrize("size", WIDE)
@pytest.mark.parametrize("one", [None, "2019-12-10", "2020-12-31"])
def test_no_name_is_read_as_that_of_another_mark(size: str, one: str | None) -> None:
    told = brief(compare=dt.date.fromisoformat(one) if one else None)
    assert led_astray(told, on(size, told)) == []


@pytest.mark.parametrize(("size", "start"), [("slide", 0), ("square", 1)])
def test_a_selected_site_touches_nothing_and_has_its_name(size: str, start: int) -> None:
    for mark in brief().marks[start::2]:
        drawn = on(size, brief(site=mark.site))
        assert clashes(drawn) == [], mark.site
        assert [label.text for label in drawn.labels if label.kind == "site-selected"] == [mark.name]


def own(lon: float, lat: float) -> tuple[float, float]:
    """Return a position in metres of EPSG:3857, y downwards: another program's projection."""
    x, y = MERCATOR.transform(lon, lat)
    return x, -y


@pytest.mark.parametrize(
    "extent", [None, Extent(9, 33.3, 44.4), Extent(6.25, 34, 43)], ids=["iraq", "9", "6.25"]
)
@pytest.mark.parametrize("size", SIZES)
def test_positions_lie_where_another_programs_mercator_puts_them(size: str, extent: Extent | None) -> None:
    shown = projection(extent, *SIZES[size])
    (x0, y0), (x1, y1) = own(40, 30), own(48, 37)
    left, top = shown.at(lon=40, lat=30)
    right, bottom = shown.at(lon=48, lat=37)
    per_metre = (right - left) / (x1 - x0)
    assert (bottom - top) / (y1 - y0) == pytest.approx(per_metre, rel=1e-6)
    for lon, lat in [(44.39, 33.31), (38.8, 29.1), (48.5, 37.4), (42.4412, 33.7856)]:
        x, y = own(lon, lat)
        assert shown.at(lon=lon, lat=lat) == pytest.approx(
            (left + (x - x0) * per_metre, top + (y - y0) * per_metre)
        )
        assert shown.degrees(*shown.at(lon=lon, lat=lat)) == pytest.approx((lon, lat))


@pytest.mark.parametrize(
    ("lon", "lat", "at"),
    [
        (44.4, 33.3, (310.0, 215.0)),
        (44.4 + 360 / 256 / 2**9 * 100, 33.3, (371.43, 215.0)),
        (42.4412, 33.7856, None),
    ],
    ids=["middle", "100 px to the east", "outside"],
)
def test_an_extent_shows_at_least_what_the_pages_map_shows(
    lon: float, lat: float, at: tuple[float, float] | None
) -> None:
    shown = projection(Extent(9, 33.3, 44.4), *LARGE)
    x, y = shown.at(lon=lon, lat=lat)
    if at is None:
        assert x < 0
    else:
        assert (round(x, 2), round(y, 2)) == at
    # 900 by 700 pixels of the page's map, 430 points high: 430/700 points a pixel, and so the height decides.
    assert shown.scale / (256 * 2**9) == pytest.approx(min(620 / 900, 430 / 700))


@pytest.mark.parametrize("size", SIZES)
def test_all_of_iraq_is_shown_unless_something_else_is_asked_for(size: str) -> None:
    west, south, east, north = projection(None, *SIZES[size]).bounds
    assert west < 38.79
    assert south < 29.06
    assert east > 48.57
    assert north > 37.38


EXTENTS = [None, Extent(9, 33.3, 44.4), Extent(7.5, 36, 43.8), Extent(12, 29.5, 44)]


@pytest.mark.parametrize("extent", EXTENTS, ids=["iraq", "baghdad", "north", "desert"])
def test_every_placed_site_is_shown_or_named_as_outside(extent: Extent | None) -> None:
    told = brief(extent=extent)
    drawn = on("slide", told)
    shown, (wide, high) = projection(extent, *SIZES["slide"]), SIZES["slide"]
    at = {mark.site: shown.at(lon=mark.lon, lat=mark.lat) for mark in told.marks}
    inside = {site for site, (x, y) in at.items() if 8 <= x <= wide - 8 and 8 <= y <= high - 8}
    assert set(drawn.spots) == inside
    assert set(drawn.outside) == {mark.site for mark in told.marks} - inside
    assert clashes(drawn) == []
    for x, y in drawn.spots.values():
        assert 0 <= x <= drawn.width_pt
        assert 0 <= y <= drawn.height_pt


@pytest.mark.parametrize("size", SIZES)
def test_marks_stand_at_their_place_unless_they_would_hide_each_other(size: str) -> None:
    told = brief()
    drawn, shown = on(size, told), projection(None, *SIZES[size])
    for site in ("ain-al-asad", "al-qaim", "al-taqaddum", "speicher", "k1", "balad"):
        mark = next(mark for mark in told.marks if mark.site == site)
        assert drawn.spots[site] == pytest.approx(shown.at(lon=mark.lon, lat=mark.lat), abs=0.01)
    unit = max(one[2] for one in marks(drawn))
    for one, other in itertools.combinations(drawn.spots.values(), 2):
        assert math.dist(one, other) >= 2 * 9.6 * unit


SAME = [("joc-hq", "union-iii"), ("makhmour-swift", "makhmour-malaqara"), ("erbil-ab", "camp-singara")]


@pytest.mark.parametrize(("one", "other"), SAME, ids=[one for one, _ in SAME])
def test_sites_at_one_position_stand_beside_it_each_with_a_leader(one: str, other: str) -> None:
    drawn = on("slide", brief())
    unit = max(found[2] for found in marks(drawn))
    drawings = [path.get("d") for path in tree(drawn).iter(f"{SVG}path") if path.get("stroke-width") == "2.2"]
    number = r"(-?[\d.]+)"
    leaders = [
        tuple(map(float, found))
        for found in re.findall(rf"M{number} {number}L{number} {number}(?=M|$|\n)", "\n".join(drawings))
    ]
    feet = []
    for site in (one, other):
        # A leader ends within the edge of its mark.
        ends = [
            line for line in leaders if 0 < math.dist(line[2:], drawn.spots[site]) < 9.6 * unit
            and math.dist(line[:2], drawn.spots[site]) > 9.6 * unit
        ]  # fmt: skip
        assert len(ends) == 1, site
        feet.append(ends[0][:2])
    assert feet[0] == feet[1]


@pytest.mark.parametrize("size", SIZES)
def test_the_crowd_of_baghdad_stands_in_an_inset_in_a_free_corner(size: str) -> None:
    told = brief()
    drawn = on(size, told)
    svg = next(
        svg for svg in tree(drawn).iter(f"{SVG}svg") if svg.get("x") and svg.find(f"{SVG}rect") is not None
    )
    left, top, wide, high = (float(svg.get(name)) for name in ("x", "y", "width", "height"))
    for mark in told.marks:
        x, y = drawn.spots[mark.site]
        inside = left < x < left + wide and top < y < top + high
        assert inside is (mark.cluster == "baghdad"), mark.site
    assert "Baghdad area" in [label.text for label in drawn.labels if label.kind == "inset"]
    # Near enough, the map itself shows them.
    near = on(size, brief(extent=Extent(9, 33.3, 44.4)))
    assert not [label for label in near.labels if label.kind == "inset"]


def inset_areas(drawn: Picture) -> list[Any]:
    svgs = (
        svg for svg in tree(drawn).iter(f"{SVG}svg") if svg.get("x") and svg.find(f"{SVG}rect") is not None
    )
    sides = ([float(svg.get(name)) for name in ("x", "y", "width", "height")] for svg in svgs)
    return [box(x, y, x + wide, y + high) for x, y, wide, high in sides]


def hidden(drawn: Picture, extent: Extent | None, size: str) -> tuple[float, set[str]]:
    """Return which part of the insets lies on Iraq, and the greater towns under them."""
    shown, area = projection(extent, *SIZES[size]), unary_union(inset_areas(drawn))
    iraq = unary_union([shapely.transform(one["shape"], shown.points) for one in layers()["outline"]])
    towns = {name for name, rank, x, y in shown_towns(shown) if rank <= 2 and area.intersects(Point(x, y))}
    return iraq.intersection(area).area / area.area, towns


@pytest.mark.parametrize(
    ("extent", "size", "most"),
    [
        (None, "square", 0.0),
        (Extent(6.5, 34, 42), "slide", 0.01),
        (Extent(7, 34.5, 42.5), "slide", 0.01),
        (Extent(6.5, 34, 42), "a4", 0.01),
        (Extent(6.8, 31.5, 44), "square", 0.25),
        (Extent(7, 33, 45), "square", 0.02),
    ],
    ids=["iraq, square", "west, slide", "north, slide", "west, a4", "south, square", "east, square"],
)
def test_an_inset_stands_where_it_covers_the_least_of_iraq(
    extent: Extent | None, size: str, most: float
) -> None:
    for compared in (None, dt.date(2019, 12, 10)):
        drawn = on(size, brief(extent=extent, compare=compared))
        assert len(inset_areas(drawn)) == 1
        covers, towns = hidden(drawn, extent, size)
        assert covers <= most
        assert towns == set()


def test_the_inset_of_the_square_leaves_the_kurdistan_region_its_towns() -> None:
    for compared in (None, dt.date(2019, 12, 10)):
        drawn = on("square", brief(compare=compared))
        assert "Halabja" in {label.text for label in drawn.labels if label.kind == "town"}
        assert {mark.name for mark in brief().marks if mark.cluster} <= names(drawn)


@pytest.mark.parametrize("size", ["slide", "a4", "letter"])
def test_a_second_crowd_has_an_inset_named_by_its_town(size: str) -> None:
    told = brief()
    drawn = on(size, told)
    assert {label.text for label in drawn.labels if label.kind == "inset"} == {"Baghdad area", "Erbil area"}
    areas = inset_areas(drawn)
    inside = {
        frozenset(site for site, spot in drawn.spots.items() if area.contains(Point(spot))) for area in areas
    }
    baghdad = frozenset(mark.site for mark in told.marks if mark.cluster == "baghdad")
    assert inside == {baghdad, frozenset({"erbil-ab", "camp-singara", "jccc-zerevani"})}
    assert not areas[0].intersects(areas[1])
    # The same sites somewhere else: named by another town. Far from each other: no inset.
    named = {"erbil-ab": 0.0, "camp-singara": 0.02, "jccc-zerevani": 0.05}
    for (lon, lat), apart, expected in [
        ((45.43, 35.56), 1, {"Baghdad area", "Sulaymaniyah area"}),
        ((43.6, 36.9), 12, {"Baghdad area"}),
    ]:
        moved = tuple(
            replace(mark, lon=lon + apart * named[mark.site], lat=lat) if mark.site in named else mark
            for mark in told.marks
        )
        other = on(size, replace(told, marks=moved))
        assert {label.text for label in other.labels if label.kind == "inset"} == expected


@pytest.mark.parametrize("size", SIZES)
def test_a_town_has_its_dot_unless_something_covers_it(size: str) -> None:
    for told in (
        brief(),
        brief("2020-12-31", compare=dt.date(2020, 1, 1)),
        brief(extent=Extent(9, 33.3, 44.4)),
    ):
        drawn, shown = on(size, told), projection(told.options.extent, *SIZES[size])
        colour = palette("light").map_label
        dots = [
            Point(float(dot.get("cx")), float(dot.get("cy")))
            for dot in tree(drawn).iter(f"{SVG}circle")
            if dot.getparent().get("fill") == colour
        ]
        within = unary_union(inset_areas(drawn))
        written = {label: box(*label.area) for label in drawn.labels if label.kind == "town"}
        assert written
        bare = {
            label: area for label, area in written.items() if not any(area.distance(dot) < 6 for dot in dots)
        }
        assert len(dots) == len(written) - len(bare)
        places = {name: (rank, Point(x, y)) for name, rank, x, y in shown_towns(shown)}
        sites = [box(*label.area) for label in drawn.labels if label.kind.startswith("site")]
        for label, area in bare.items():
            rank, place = places[label.text]
            assert rank <= 2
            assert not area.intersects(within)
            assert not place.intersects(within)
            assert min(place.distance(one) for one in (*covered(drawn), *sites, *written.values())) < 6
            assert area.distance(place) < 3 * label.size_pt
        for dot in dots:
            assert not any(one.intersects(dot) for one in covered(drawn))
            assert not any(box(*label.area).intersects(dot) for label in drawn.labels)
        assert min(area.distance(site) for area in written.values() for site in sites) >= 4
        assert "<circle" not in drawn.base


@pytest.mark.parametrize("size", WIDE)
@pytest.mark.parametrize("compared", [None, dt.date(2019, 12, 10)], ids=["a day", "two days"])
def test_the_great_cities_are_named_though_marks_cover_them(size: str, compared: dt.date | None) -> None:
    drawn = on(size, brief(compare=compared))
    towns = [label.text for label in drawn.labels if label.kind == "town"]
    assert {"Mosul", "Kirkuk", "Sulaymaniyah", "Basra"} <= set(towns)
    assert len(towns) == len(set(towns))
    # In the frame of an inset a city is named by the inset.
    assert not {"Baghdad", "Erbil"} & set(towns)
    assert {"Baghdad area", "Erbil area"} == {label.text for label in drawn.labels if label.kind == "inset"}


def test_names_of_what_did_not_change_or_has_no_source_are_quiet() -> None:
    for told in (brief(), brief("2020-12-31", compare=dt.date(2020, 1, 1), site="harir")):
        drawn = on("slide", told)
        kinds = {label.text: label.kind for label in drawn.labels if label.kind.startswith("site")}
        compared = any(mark.before is not None for mark in told.marks)
        for mark in told.marks:
            loud = mark.changed if compared else mark.category is not Category.NOT_SOURCED
            expected = "site-selected" if mark.selected else "site" if loud else "site-quiet"
            assert kinds[mark.name] == expected, mark.site
        assert {"site", "site-quiet"} <= set(kinds.values())
    assert LETTERING["site-quiet"].weight < LETTERING["site"].weight


@pytest.mark.parametrize(("x", "shown"), [(7.0, False), (9.0, True), (543.0, True), (545.0, False)])
def test_a_mark_at_the_edge_counts_as_outside(x: float, shown: bool) -> None:  # noqa: FBT001
    told = brief()
    lon, lat = projection(None, *SIZES["slide"]).degrees(x, 200)
    drawn = on("slide", replace(told, marks=(replace(told.marks[0], lon=lon, lat=lat),)))
    assert drawn.outside == (() if shown else (told.marks[0].site,))
    assert bool(drawn.spots) is shown


def test_the_sea_fades_out_where_the_data_end() -> None:
    extent = Extent(7, 37.6, 51.8)
    drawn = draw(replace(brief(extent=extent), marks=()), *LARGE)
    image, where = pixels(drawn), projection(extent, *LARGE)
    start, end = (where.at(lon=lon, lat=37.63)[0] for lon in (50.9, 52.9))
    y = round(2 * where.at(lon=52, lat=37.63)[1])
    lines = [2 * x for _, x in graticule(where)[0]]
    xs = [x for x in range(round(2 * start), round(2 * end)) if all(abs(x - line) > 3 for line in lines)]
    row = [image.getpixel((x, y)) for x in xs]
    colours = palette("light")
    assert "#{:02x}{:02x}{:02x}".format(*row[-1]) == colours.land
    assert math.dist(row[0], row[-1]) > 15
    assert max(math.dist(one, other) for one, other in itertools.pairwise(row)) < 8


def test_rings_are_drawn_to_scale() -> None:
    told = brief(extent=Extent(9, 33.3, 44.4))
    drawn, shown = on("slide", told), projection(Extent(9, 33.3, 44.4), *SIZES["slide"])
    besmaya = next(mark for mark in told.marks if mark.site == "besmaya")
    geod = pyproj.Geod(ellps="sphere", a=6378137, b=6378137)
    lon, lat, _ = geod.fwd(besmaya.lon, besmaya.lat, 90, besmaya.radius_m)
    x, y = shown.at(lon=besmaya.lon, lat=besmaya.lat)
    edge, _ = shown.at(lon=lon, lat=lat)
    rings = [circle for circle in tree(drawn).iter(f"{SVG}circle") if circle.get("cx") == f"{round(x, 2):g}"]
    assert [float(ring.get("r")) for ring in rings] == [pytest.approx(edge - x, rel=0.002)]
    assert float(rings[0].get("cy")) == pytest.approx(y, abs=0.01)


@pytest.mark.parametrize("extent", EXTENTS, ids=["iraq", "baghdad", "north", "desert"])
@pytest.mark.parametrize("size", SIZES)
def test_the_scale_bar_is_true_at_the_middle_of_the_map(size: str, extent: Extent | None) -> None:
    drawn, shown = on(size, brief(extent=extent)), projection(extent, *SIZES[size])
    numbers = [label for label in drawn.labels if label.kind == "scale" and label.y > 0.8 * drawn.height_pt]
    nought, last = (
        next(one for one in numbers if one.text == "0"),
        next(one for one in numbers if "km" in one.text),
    )
    km = float(last.text.removesuffix(" km").replace(",", ""))
    length = last.x + 0.25 * last.size_pt - nought.x
    middle = drawn.width_pt / 2, drawn.height_pt / 2
    ends = [shown.degrees(middle[0] + side * length / 2, middle[1]) for side in (-1, 1)]
    geod = pyproj.Geod(ellps="sphere", a=6378137, b=6378137)
    metres = geod.inv(*ends[0], *ends[1])[2]
    assert metres / 1000 == pytest.approx(km, rel=0.002)
    assert [label.text for label in drawn.labels].count("N") == 1


def test_degrees_stand_on_their_lines() -> None:
    drawn, shown = on("large", brief()), projection(None, *LARGE)
    found = {label.text: label for label in drawn.labels if label.kind == "graticule"}
    assert {"44° E", "46° E", "34° N", "36° N"} <= set(found)
    assert found["44° E"].x == pytest.approx(shown.at(lon=44, lat=30)[0], abs=0.01)
    assert found["34° N"].y - 0.3 * found["34° N"].size_pt == pytest.approx(
        shown.at(lon=44, lat=34)[1], abs=0.01
    )


@pytest.mark.parametrize("theme", options.THEMES)
def test_the_base_depends_on_extent_size_and_theme_alone(theme: str) -> None:
    one, other = on("slide", brief(theme=theme)), on("slide", brief("2018-05-01", theme=theme, site="k1"))
    assert one.base is other.base
    assert one.marks != other.marks
    assert on("square", brief(theme=theme)).base != one.base
    assert on("slide", brief(theme=theme, extent=Extent(7, 33, 44))).base != one.base
    assert palette(theme).federal in one.base
    assert len({on("slide", brief(theme=each)).base for each in options.THEMES}) == 3


def test_the_same_question_gives_the_same_drawing() -> None:
    first = on("slide", brief("2020-08-23", site="k1"))
    _kept.cache_clear()
    assert on("slide", brief("2020-08-23", site="k1")) == first
    assert not re.search(r"\d\.\d{4,}", first.marks + first.base)


KINDS = {"circle", "path", "rect", "g", "svg", "use", "defs"}


@pytest.mark.parametrize("theme", options.THEMES)
def test_the_drawing_is_plain_svg_without_text_or_anything_from_outside(theme: str) -> None:
    told = brief("2025-12-31", theme=theme, site="joc-hq")
    drawn = on("large", told)
    for text in (drawn.base, drawn.marks, *(picture.glyph(c, palette(theme), weak=True) for c in Category)):
        root = etree.fromstring(text.encode())
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= KINDS
        names = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(names) == len(set(names))
        for element in root.iter():
            for name, value in element.attrib.items():
                assert not name.startswith("on")
                assert "url(" not in value
                assert name != "href" or value[1:] in names
    assert (tree(drawn).get("width"), tree(drawn).get("viewBox")) == ("620pt", "0 0 620 430")


def test_what_a_site_is_called_does_not_reach_the_drawing() -> None:
    told = brief()
    bad = '"/><script>alert(1)</script>&<![CDATA[#link("x")]]>\u202e\x00'
    hostile = replace(
        told, marks=tuple(replace(mark, site=f"{bad}{mark.site}", name=bad) for mark in told.marks)
    )
    drawn = on("slide", hostile)
    assert len(drawn.spots) == len(told.marks)
    for piece in ("script", "CDATA", "alert", "link", "\u202e", "\x00"):
        assert piece not in drawn.marks
        assert piece not in drawn.base
    etree.fromstring(drawn.marks.encode())


def test_changed_sites_show_both_categories_and_the_others_step_back() -> None:
    told = brief("2020-12-31", compare=dt.date(2020, 1, 1))
    drawn = on("slide", told)
    drawings = looks(drawn)
    found = {(x, y): (unit, drawings[look]) for x, y, unit, look in marks(drawn)}
    sizes = set()
    for mark in told.marks:
        unit, drawing = found[drawn.spots[mark.site]]
        sizes.add((mark.changed, unit))
        assert ("translate(-8.2 -8.2)" in drawing) is mark.changed
        if mark.changed and mark.before is Category.COALITION_FEDERAL:
            assert palette("light").edge(Category.COALITION_FEDERAL) in drawing  # whether faded or not
    assert {changed for changed, _ in sizes} == {True, False}
    assert min(unit for changed, unit in sizes if changed) > max(
        unit for changed, unit in sizes if not changed
    )


@pytest.mark.parametrize("theme", options.THEMES)
def test_the_earlier_state_is_as_hollow_or_faded_as_on_its_own_day(theme: str) -> None:
    told = brief("2026-01-18", compare=dt.date(2019, 12, 10), theme=theme)
    drawn, colours = on("large", told), palette(theme)
    image, units = pixels(drawn), {(x, y): unit for x, y, unit, _ in marks(drawn)}
    host = Category.COALITION_FEDERAL
    expected = {
        "al-taqaddum": colours.halo,
        **dict.fromkeys(("ain-al-asad", "camp-taji", "victoria-bdsc"), colours.faded(host)),
    }
    for site, colour in expected.items():
        x, y = drawn.spots[site]
        aside = 8.2 * units[x, y]
        found = image.getpixel((round(2 * (x - aside)), round(2 * (y - aside))))
        assert "#{:02x}{:02x}{:02x}".format(*found) == colour, site
    drawings, looked = looks(drawn), {(x, y): look for x, y, _, look in marks(drawn)}
    for mark in told.marks:
        if mark.changed and mark.before is host:
            tucked = drawings[looked[drawn.spots[mark.site]]].partition("translate(-8.2 -8.2)")[2]
            assert colours.faded(host) in tucked, (
                mark.site
            )  # all of them but one were stale, and so was that one
            assert f'fill="{colours.category[host]}"' not in tucked, mark.site
    assert len(drawings) < len(told.marks), "a look is drawn once and used"


def crowd(count: int) -> Briefing:
    told = brief()
    made = tuple(
        replace(
            told.marks[n % len(told.marks)], site=f"made-up-{n}", name=f"Made-up {n}", cluster="baghdad" if n % 9 == 0 else "",
            lon=39 + 9 * (n * 0.618034 % 1), lat=29.2 + 8 * (n * 0.7548777 % 1),
        )
        for n in range(count)
    )  # fmt: skip
    return replace(told, marks=made)


@pytest.mark.parametrize("count", [61, 1000, 10_000])
def test_many_sites_are_smaller_and_their_names_still_touch_nothing(count: int) -> None:
    drawn = on("slide", crowd(count))
    few = marks(on("slide", brief()))[0][2]
    assert len(drawn.spots) == count
    found = marks(drawn)
    assert len(found) == count
    assert {unit for _, _, unit, _ in found} != {few}
    assert max(unit for _, _, unit, _ in found) < few
    assert not [label for label in drawn.labels if label.kind == "inset"]
    if count <= 1000:  # the scale bar stands on a plate over what lies under it
        named = replace(drawn, labels=tuple(label for label in drawn.labels if label.kind != "scale"))
        assert clashes(named) == []
    if count == 61:
        assert len(names(drawn)) > 10


@pytest.mark.parametrize(
    ("lon", "lat", "at_left"),
    [(44.0, 33.0, True), (39.0, 29.5, False)],
    ids=["elsewhere", "in the lower left"],
)
def test_the_scale_bar_gives_way_to_a_mark(lon: float, lat: float, at_left: bool) -> None:  # noqa: FBT001
    told = brief()
    drawn = on("slide", replace(told, marks=(replace(told.marks[0], lon=lon, lat=lat),)))
    nought = next(label for label in drawn.labels if label.kind == "scale" and label.text == "0")
    assert (nought.x < drawn.width_pt / 2) is at_left
    assert clashes(drawn) == []


def test_nothing_to_show_is_an_empty_map() -> None:
    drawn = on("slide", replace(brief(), marks=()))
    assert dict(drawn.spots) == {}
    assert marks(drawn) == []
    assert {"Iran", "Syria"} <= {label.text for label in drawn.labels}


def test_room_is_reckoned_as_the_typeface_has_it() -> None:
    # Source Sans Pro, units of 1000 an em: A 544, space 200, in its regular weight.
    assert lettering.width("A A", "town", 10) == pytest.approx(12.88)
    assert lettering.width("AA", "country", 10) == pytest.approx(
        2 * (5.44 + 10 * LETTERING["country"].tracking)
    )
    assert lettering.width("Ain al-Asad", "site", 10) > lettering.width("Ain al-Asad", "town", 10)
    assert lettering.width("\u4e00", "site", 10) == pytest.approx(7.5)


def pixels(drawn: Picture) -> Any:
    """Return the picture as the typesetter rasterises it, two pixels a point."""
    inner = drawn.marks[drawn.marks.index(">") + 1 :]
    whole = drawn.base.removesuffix("</svg>") + inner
    source = f"#set page(width: {drawn.width_pt}pt, height: {drawn.height_pt}pt, margin: 0pt)\n#image(bytes(sys.inputs.map))"
    png = typst.compile(
        source.encode(), format="png", ppi=144, sys_inputs={"map": whole}, ignore_system_fonts=True
    )
    return Image.open(io.BytesIO(png)).convert("RGB")


@pytest.mark.parametrize(("theme", "size"), [("light", "slide"), ("dark", "square"), ("grey", "large")])
def test_the_raster_has_the_categorys_colour_at_every_spot(theme: str, size: str) -> None:
    told = brief("2020-03-20", theme=theme)
    drawn, colours = on(size, told), palette(theme)
    image = pixels(drawn)
    assert image.size == tuple(2 * side for side in SIZES.get(size, LARGE))
    seen = set()
    for mark in told.marks:
        if mark.category in (Category.NOT_SOURCED, Category.CHANGING_HANDS) or mark.weak:
            continue
        x, y = drawn.spots[mark.site]
        expected = colours.faded(mark.category) if mark.stale else colours.category[mark.category]
        assert "#{:02x}{:02x}{:02x}".format(*image.getpixel((round(2 * x), round(2 * y)))) == expected, (
            mark.site
        )
        seen.add(mark.category)
    assert len(seen) >= 3

"""Colours stay apart for every eye and on a grey printer, and are read from where the screen's are named."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from exports.glyphs import SHAPES, Look, glyph, paint
from exports.options import THEMES
from exports.palette import TOKENS, Palette, mix, palette
from geodata.control import Category

DRAWN = [category for category in Category if category is not Category.CHANGING_HANDS]
PAIRS = list(itertools.combinations(DRAWN, 2))

# Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# severity 1.0, for linear RGB.
EYES = {
    "all": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
    "grey": np.array([[0.2126, 0.7152, 0.0722]] * 3),
}
LEAST = 20.0
"""CIE 1976 distance in Lab that two fills have at least; nearer ones must be told apart by their shape."""


def linear(colour: str) -> np.ndarray:
    value = np.array(list(bytes.fromhex(colour[1:]))) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    ratio = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def distance(one: str, other: str, eye: str) -> float:
    seen = [lab(EYES[eye] @ linear(colour)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def fills(colours: Palette, category: Category, *, stale: bool) -> str:
    if category in (Category.ISLAMIC_STATE, Category.NOT_SOURCED):
        return colours.category[category]
    return colours.faded(category) if stale else colours.category[category]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#ffffff", "#000000", 100.0), ("#ff0000", "#00ff00", 170.6), ("#0b63a5", "#0b63a5", 0.0)],
)
def test_the_measure_of_distance_measures(one: str, other: str, expected: float) -> None:
    assert distance(one, other, "all") == pytest.approx(expected, abs=0.2)
    assert contrast("#ffffff", "#000000") == pytest.approx(21)


def test_a_red_and_a_green_are_near_for_whoever_cannot_tell_them_apart() -> None:
    assert distance("#a06000", "#708000", "deuteranopia") < 0.4 * distance("#a06000", "#708000", "all")


SHORT = dict(zip("FKIPSN", (
    Category.COALITION_FEDERAL, Category.COALITION_KURDISTAN, Category.IRAQI_FORCES, Category.KURDISTAN_FORCES,
    Category.ISLAMIC_STATE, Category.NOT_SOURCED,
), strict=True))  # fmt: skip
NEAR = {
    ("light", "all"): "", ("light", "protanopia"): "PN", ("light", "deuteranopia"): "PN", ("light", "tritanopia"): "FP KP",
    ("light", "grey"): "FP FN KI KP KN IP IN PN",
    ("dark", "all"): "", ("dark", "protanopia"): "", ("dark", "deuteranopia"): "PN", ("dark", "tritanopia"): "FK FP KP",
    ("dark", "grey"): "FK FI FP FN KI KP KS KN IP IN PN",
} | {("grey", eye): "FS KN IP IN" for eye in EYES}  # fmt: skip
"""The pairs whose colours are nearer than LEAST to an eye: there the shape tells, and no others may join them."""

OUTLINES = {
    Category.COALITION_FEDERAL: "disc", Category.COALITION_KURDISTAN: "diamond", Category.IRAQI_FORCES: "square",
    Category.KURDISTAN_FORCES: "triangle", Category.ISLAMIC_STATE: "cross", Category.NOT_SOURCED: "dashed ring with ?",
}  # fmt: skip


@pytest.mark.parametrize(("theme", "eye"), NEAR)
def test_categories_stay_apart_by_colour_or_else_by_shape(theme: str, eye: str) -> None:
    colours = palette(theme)
    near = {
        frozenset((one, other))
        for one, other in PAIRS
        if distance(fills(colours, one, stale=False), fills(colours, other, stale=False), eye) < LEAST
    }
    assert near == {frozenset(SHORT[letter] for letter in pair) for pair in NEAR[theme, eye].split()}
    for one, other in near:
        assert OUTLINES[one] != OUTLINES[other]


def test_the_shapes_are_what_they_are_called() -> None:
    corners = {category: len(re.findall(r"-?\d*\.?\d+", shape)) for category, shape in SHAPES.items()}
    assert [SHAPES[c].split()[0][1:] for c in SHORT.values()] == [
        "circle",
        "path",
        "rect",
        "path",
        "path",
        "circle",
    ]
    assert corners[Category.COALITION_KURDISTAN] > corners[Category.KURDISTAN_FORCES]
    hollow = glyph(Category.NOT_SOURCED, palette("light"))
    assert "stroke-dasharray" in hollow
    assert "stroke-dasharray" not in glyph(Category.COALITION_FEDERAL, palette("light"))
    assert (
        f'fill="{palette("light").category[Category.NOT_SOURCED]}"' in hollow
    )  # the dot of its question mark


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_coalition_or_iraqi_forces_is_told_by_colour_alone_to_every_eye(theme: str) -> None:
    colours = palette(theme).category
    for eye, here in itertools.product(
        ("all", "protanopia", "deuteranopia", "tritanopia"),
        (Category.COALITION_FEDERAL, Category.COALITION_KURDISTAN),
    ):
        assert distance(colours[here], colours[Category.IRAQI_FORCES], eye) >= 2 * LEAST, (eye, here)


def test_grey_fills_stand_in_even_steps_of_lightness() -> None:
    filled = [
        Category.COALITION_FEDERAL,
        Category.COALITION_KURDISTAN,
        Category.IRAQI_FORCES,
        Category.KURDISTAN_FORCES,
    ]
    steps = [float(lab(linear(palette("grey").category[category]))[0]) for category in filled]
    assert all(after - before >= 17 for before, after in itertools.pairwise(steps)), steps
    for colour in (value for value in vars_of(palette("grey")) if value.startswith("#")):
        assert colour[1:3] == colour[3:5] == colour[5:7]


def vars_of(colours: Palette) -> list[str]:
    named = [
        getattr(colours, name) for name in colours.__dataclass_fields__ if name not in ("category", "name")
    ]
    return [*named, *colours.category.values()]


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_everything_it_stands_on(theme: str) -> None:
    colours = palette(theme)
    grounds = {
        name: getattr(colours, name) for name in ("paper", "land", "federal", "kurdistan", "sea", "halo")
    }
    assert {
        name: contrast(colours.ink, ground)
        for name, ground in grounds.items()
        if contrast(colours.ink, ground) < 4.5
    } == {}
    for name in ("mute", "late", "accent"):
        assert contrast(getattr(colours, name), colours.paper) >= 4.5, name
    # Names of towns and countries have a halo round every letter: that is what they are read against.
    assert contrast(colours.map_label, colours.halo) >= 4.5


@pytest.mark.parametrize("stale", [False, True], ids=["fresh", "stale"])
@pytest.mark.parametrize("category", DRAWN, ids=[category.value for category in DRAWN])
@pytest.mark.parametrize("theme", THEMES)
def test_marks_stand_out_against_the_land(theme: str, category: Category, stale: bool) -> None:  # noqa: FBT001
    colours = palette(theme)
    outlined = category not in (Category.ISLAMIC_STATE, Category.NOT_SOURCED)
    drawn = [fills(colours, category, stale=stale)] + [colours.edge(category)] * outlined
    for ground in (colours.federal, colours.kurdistan, colours.halo):
        assert max(contrast(colour, ground) for colour in drawn) >= 3, (theme, category, ground)


@pytest.mark.parametrize("category", DRAWN, ids=[category.value for category in DRAWN])
@pytest.mark.parametrize("theme", THEMES)
def test_hollow_faded_and_both_are_told_apart_and_stand_out(theme: str, category: Category) -> None:
    if category is Category.NOT_SOURCED:
        return  # it is always hollow and never faded
    colours = palette(theme)
    paints = {
        (weak, stale): paint(Look(category, weak=weak, stale=stale), colours) for weak, stale in itertools.product((False, True), repeat=2)
    }  # fmt: skip
    assert len(set(paints.values())) == 4
    for (weak, stale), (fill, strokes) in paints.items():
        drawn = {colour for colour, _ in strokes} | ({fill} if fill else set())
        assert (colours.faded(category) in drawn) is stale
        if category is not Category.ISLAMIC_STATE:
            assert (fill == colours.halo) is weak
        if stale or not weak:  # what is only hollow has the screen's colour, thick
            for ground in (colours.federal, colours.kurdistan, colours.halo):
                assert max(contrast(colour, ground) for colour, _ in strokes) >= 3, (weak, stale, ground)
    widest = {key: max(width for _, width in found.strokes) for key, found in paints.items()}
    assert widest[True, True] >= widest[True, False], "as thick as what is only hollow"
    assert distance(colours.faded(category), colours.halo, "all") >= 9, "its pale band is not its paper"


def test_the_colours_of_the_screen_are_those_of_its_style_sheet() -> None:
    text = Path(TOKENS).read_text("utf-8")
    light, dark = palette("light"), palette("dark")
    assert f"--c-iraqi-forces: {light.category[Category.IRAQI_FORCES]};" in text
    assert light.category[Category.IRAQI_FORCES] == "#e08a00"
    assert dark.category[Category.IRAQI_FORCES] == "#f2a93b"
    assert (light.paper, dark.paper) == ("#ffffff", "#16191d")
    assert (light.gov_line, light.raise_, dark.kr_line) == ("#ddd6c6", "#fffdf9", "#969084")


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_is_one(theme: str) -> None:
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in vars_of(palette(theme)))
    assert set(palette(theme).category) == set(Category)
    assert palette(theme) is palette(theme)


def test_mixing_is_as_in_the_browser() -> None:
    assert mix("#000000", "#ffffff", 0.68) == "#525252"
    assert mix("#e08a00", "#23262b", 0.68) == "#a46a0e"

"""The tools that measure and take pictures: their arithmetic, their words, and that their peer shows the same data."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from components import theme, view
from geodata import control, load
from tools import shots
from tools.bench import figures, measure, moves
from tools.bench.contestants import ATLAS, COLOURS, PEERS, SITE
from tools.bench.server import ROOT, TODAY, is_local

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.fixture(scope="module")
def payload() -> Mapping[str, Any]:
    return view.browser_payload(load.load(), None, dt.date.fromisoformat(TODAY))


def test_each_move_goes_to_the_next_change_and_expects_what_the_fold_says(payload: Mapping[str, Any]) -> None:
    found = moves.moves(payload, 1000)
    days = moves.change_days(payload)
    assert [(move.day - moves.EPOCH).days for move in found] == days[1:]
    ledger = load.load()
    for move in found:
        states = {state.site: state for state in control.control_at(ledger, move.day)}
        for site, category in move.expected.items():
            assert category == states[site].span.category, f"{site} on {move.day}"


def test_no_more_moves_than_asked_for(payload: Mapping[str, Any]) -> None:
    assert len(moves.moves(payload, 3)) == 3


def test_a_site_without_a_position_has_no_marker_to_wait_for(payload: Mapping[str, Any]) -> None:
    nowhere = {site["id"] for site in payload["sites"] if site["lat"] is None}
    assert not any(nowhere & set(move.expected) for move in moves.moves(payload, 1000))


def test_the_peer_has_one_colour_for_each_category() -> None:
    assert set(COLOURS) == {category.value for category in theme.LABELS}
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_every_contestant_is_in_the_repository_and_selects_a_known_site() -> None:
    assert SITE in load.load().sites
    for contestant in (ATLAS, *PEERS):
        assert (ROOT / contestant.entry).is_file()


def test_the_probe_gets_the_contestant_s_readers() -> None:
    for contestant in (ATLAS, *PEERS):
        probe = measure._probe(contestant)
        assert contestant.category in probe
        assert "CONTESTANT;" not in probe


def test_p95_is_a_value_that_was_measured() -> None:
    assert figures.p95([7.0]) == 7.0
    assert figures.p95(range(1, 101)) == 95
    assert figures.p95([5, 1, 9]) == 9


def raw(**other: Any) -> measure.Raw:
    seen: dict[str, Any] = {
        "usable": [900.0, 1000.0], "painted": [16.0, 20.0, 18.0], "frames": [1, 1, 2], "told": [], "settled": [200.0],
        "received": [100], "opening": 5000, "zoomed": (6.5, 33.0, 44.0), "left": (6.5, 33.0, 44.0),
    }  # fmt: skip
    return measure.Raw(**(seen | other))


def test_figures_are_medians_and_say_what_was_lost() -> None:
    found = figures.figures(raw(remounts=2, left=(6.0, 33.0, 44.0), outside=["https://elsewhere.example/"]))
    assert found["painted_median_ms"] == 18.0
    assert found["painted_p95_ms"] == 20.0
    assert found["frames_worst"] == 2
    assert found["usable_median_ms"] == 950.0
    assert found["told_median_ms"] is None
    assert (found["remounts"], found["zoom_kept"], found["outside"]) == (2, False, 1)
    assert figures.figures(raw())["zoom_kept"] is True


def test_the_table_puts_each_figure_beside_its_peer_with_a_ratio() -> None:
    ours, peer = figures.figures(raw()), figures.figures(raw(painted=[180.0]))
    lines = figures.table({"a": ours, "b": peer}, {"a": "ours", "b": "peer"}).splitlines()
    assert len({len(line) for line in lines}) == 1
    painted = next(line for line in lines if "painted marker, median" in line)
    assert [cell.strip() for cell in painted.split("|")[2:5]] == ["18", "180", "10×"]
    kept = next(line for line in lines if "zoom" in line)
    assert [cell.strip() for cell in kept.split("|")[2:5]] == ["yes", "yes", ""]


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://localhost:8501/x", True),
        ("ws://127.0.0.1:8501/_stcore/stream", True),
        ("data:image/png;base64,AA", True),
        ("blob:http://localhost/1", True),
        ("https://tiles.example/1.png", False),
        ("http://localhost.example/", False),
    ],
)
def test_only_this_machine_is_local(address: str, *, local: bool) -> None:
    assert is_local(address) is local


def test_the_pictures_of_the_readme_are_explicit_links() -> None:
    assert [shot.name for shot in shots.README] == ["overview", "overview-dark", "phone", "today"]
    assert shots.README[0].query == "?as_of=2026-01-15&site=ain-al-asad"
    assert len(shots.review()) == 20


def test_a_large_picture_loses_colours_and_a_small_one_loses_nothing() -> None:
    picture = Image.effect_noise((200, 200), 90).convert("RGB")
    picture.paste((1, 2, 3), (0, 0, 100, 100))
    file = io.BytesIO()
    picture.save(file, "PNG")
    same = Image.open(io.BytesIO(shots.small(file.getvalue())))
    assert same.tobytes() == picture.tobytes()
    reduced = Image.open(io.BytesIO(shots.small(file.getvalue(), largest=1000)))
    assert reduced.mode == "P"


def test_committed_pictures_are_small() -> None:
    for file in shots.PICTURES.glob("*.png"):
        assert file.stat().st_size <= shots.LARGEST_BYTES, file.name

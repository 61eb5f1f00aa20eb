"""The tools that measure and take pictures: their arithmetic, their words, and that their peers show the same data."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from components import theme
from geodata import control, load
from tools import shots
from tools.bench import __main__ as bench
from tools.bench import facts, figures, made_up, measure, moves, npm, playing, protocol, seen, tables
from tools.bench.contestants import ATLAS, COLOURS, PEERS
from tools.bench.server import ROOT, is_local

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def known() -> facts.Facts:
    return facts.gather(load.HERE)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made-up")
    made_up.write(folder, sites=60, claims=600, seed=7)
    return folder


# ------------------------------------------------------------------------------------------------ made up


def test_a_made_up_ledger_loads_without_a_problem_and_has_the_size_asked_for(small: Path) -> None:
    ledger = load.load(small)
    assert (len(ledger.sites), len(ledger.claims)) == (60, 600)


def test_a_made_up_ledger_has_everything_that_makes_the_real_one_hard(small: Path) -> None:
    ledger = load.load(small)
    assert {claim.kind.value for claim in ledger.claims} == {"change", "observation", "plan", "general"}
    assert {claim.grade.value for claim in ledger.claims} == {"verified", "weak", "rejected"}
    assert {source.grade for source in ledger.sources.values()} == set("ABCD")
    assert any(source.published is None for source in ledger.sources.values())
    assert any(source.derives_from for source in ledger.sources.values())
    assert any(not claim.occurred.is_day for claim in ledger.claims)
    assert any(claim.occurred.first is None for claim in ledger.claims)
    rivals = [claim.transition for claim in ledger.claims if claim.transition]
    assert len(set(rivals)) < len(rivals)
    shown = {span.category.value for life in control.lives(ledger).values() for span in life.spans}
    assert shown == set(COLOURS)


def test_a_large_made_up_ledger_has_odd_positions(tmp_path: Path) -> None:
    made_up.write(tmp_path, sites=400, claims=400, seed=1)
    places = list(load.load(tmp_path).sites.values())
    at = [(site.lon, site.lat) for site in places if site.lon is not None]
    assert len(at) < len(places)
    assert len(set(at)) < len(at)
    assert any(site.radius_m for site in places)
    assert {site.region.value for site in places} == {"federal", "kurdistan", "disputed"}


def test_one_seed_writes_the_same_bytes_and_another_does_not(small: Path, tmp_path: Path) -> None:
    for seed in (7, 8):
        made_up.write(tmp_path / str(seed), sites=60, claims=600, seed=seed)
    for file in small.iterdir():
        assert file.read_bytes() == (tmp_path / "7" / file.name).read_bytes()
    assert (small / "claims.csv").read_bytes() != (tmp_path / "8" / "claims.csv").read_bytes()


def test_everything_made_up_says_so(small: Path) -> None:
    ledger = load.load(small)
    assert all(site.name.startswith("Made-up site ") for site in ledger.sites.values())
    assert all(source.publisher.startswith("Made-up Gazette ") for source in ledger.sources.values())
    assert all(claim.text.startswith("Made-up report ") for claim in ledger.claims)
    assert all(phase.label.startswith("Made-up ") for phase in ledger.phases.values())


@pytest.mark.parametrize(("sites", "claims"), [(1, 1), (1, 9), (3, 40)])
def test_a_tiny_made_up_ledger_is_sound_too(tmp_path: Path, sites: int, claims: int) -> None:
    made_up.write(tmp_path, sites=sites, claims=claims, seed=3)
    ledger = load.load(tmp_path)
    assert (len(ledger.sites), len(ledger.claims)) == (sites, claims)


# ----------------------------------------------------------------------------------------- facts and moves


def test_facts_say_what_the_fold_says(known: facts.Facts) -> None:
    ledger = load.load()
    for number in [known.first, *known.change_days, *(day - 1 for day in known.change_days), known.last]:
        states = {state.site: state for state in control.control_at(ledger, moves.day_of(number))}
        for site in known.sites:
            assert moves.category_on(site, number) == states[site["id"]].span.category


def test_facts_survive_their_file(known: facts.Facts, tmp_path: Path) -> None:
    known.write(tmp_path / "facts.json")
    again = facts.read(tmp_path / "facts.json")
    assert json.dumps(vars(again)) == json.dumps(vars(known))


def test_each_step_goes_to_the_next_change_and_expects_what_the_fold_says(known: facts.Facts) -> None:
    found = moves.steps(known, known.change_days)
    assert [(move.day - moves.EPOCH).days for move in found] == known.change_days[1:]
    ledger = load.load()
    for move in found:
        states = {state.site: state for state in control.control_at(ledger, move.day)}
        for site, category in move.expected.items():
            assert category == states[site].span.category, f"{site} on {move.day}"


def test_a_site_without_a_position_has_no_marker_to_wait_for(known: facts.Facts) -> None:
    nowhere = {site["id"] for site in known.sites if site["lat"] is None}
    assert nowhere
    assert not any(nowhere & set(move.expected) for move in moves.steps(known, known.change_days))


def test_jumps_go_to_and_fro(known: facts.Facts) -> None:
    first, last = known.first_sourced, known.last_evidence
    found = moves.jumps(known, first, last, 3)
    assert [move.day for move in found] == [moves.day_of(each) for each in (last, first, last)]
    assert found[0].expected.keys() == found[1].expected.keys()
    assert 0 < len(found[0].expected) <= moves.LOOKED_AT


def test_the_busiest_days_lie_closest_together() -> None:
    assert moves.busiest([1, 50, 51, 53, 90], 2) == [50, 51, 53]
    assert moves.busiest([1, 2], 5) == [1, 2]


# -------------------------------------------------------------------------------------------- contestants


def test_the_peers_have_one_colour_for_each_category() -> None:
    assert set(COLOURS) == {category.value for category in theme.LABELS}
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_every_contestant_is_in_the_repository_and_selects_a_known_site(known: facts.Facts) -> None:
    assert known.site in load.load().sites
    for contestant in (ATLAS, *PEERS):
        assert (ROOT / contestant.entry).is_file()
        page = contestant.environment.get("BENCH_PEER")
        assert page is None or (ROOT / contestant.entry).with_name(f"{page}.py").is_file()


def test_the_probe_gets_the_contestant_s_readers() -> None:
    for contestant in (ATLAS, *PEERS):
        probe = measure.probe(contestant)
        assert contestant.categories in probe
        assert contestant.stamp in probe
        assert "CONTESTANT;" not in probe


def archive(member: str, body: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as opened:
        info = tarfile.TarInfo(member)
        info.size = len(body)
        opened.addfile(info, io.BytesIO(body))
    return file.getvalue()


def test_a_script_from_npm_is_used_only_with_the_pinned_digest() -> None:
    packed = archive("package/dist/a.js", b"let a;")
    digest = base64.b64encode(hashlib.sha512(packed).digest()).decode()
    package = npm.Package("a", "1.0.0", digest, "package/dist/a.js")
    assert npm.unpack(package, packed) == b"let a;"
    with pytest.raises(npm.NoScriptsError, match="not the pinned one"):
        npm.unpack(package, packed + b" ")


def test_without_npm_one_sentence_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(npm.NoScriptsError, match="install Node"):
        npm.scripts(tmp_path / "npm")


# ------------------------------------------------------------------------------------------------ figures


def test_p95_is_a_value_that_was_measured() -> None:
    assert figures.p95([7.0]) == 7.0
    assert figures.p95(range(1, 101)) == 95
    assert figures.p95([5, 1, 9]) == 9


RAW = seen.Raw(
    usable=[900.0, 1000.0], steps=seen.Paints(painted=[16.0, 20.0, 18.0], frames=[1, 1, 2], work=[3.0, 4.0, 2.0]),
    settled=[200.0], received=[100], opening=5000, zoomed=(6.5, 33.0, 44.0), left=(6.5, 33.0, 44.0),
    played={"time 1x": seen.Played(seconds=10, frames=599, dates=480, longest_ms=33.4, cpu_seconds=0.5)},
)  # fmt: skip


def test_figures_are_medians_and_say_what_was_lost() -> None:
    raw = replace(RAW, remounts=2, left=(6.0, 33.0, 44.0), outside={"https://elsewhere.example/"})
    found = figures.figures(raw, in_page=True)
    assert found["painted_median_ms"] == 18.0
    assert found["painted_p95_ms"] == 20.0
    assert found["frames_worst"] == 2
    assert found["work_p95_ms"] == 4.0
    assert found["usable_median_ms"] == 950.0
    assert found["told_median_ms"] is None
    assert (found["remounts"], found["zoom_kept"], found["outside"]) == (2, False, 1)
    assert figures.figures(RAW, in_page=True)["zoom_kept"] is True


def test_playback_is_counted_by_the_second_and_the_minute() -> None:
    found = figures.figures(RAW, in_page=True)
    assert found["fps_time_1x"] == 59.9
    assert found["dates_time_1x"] == 48.0
    assert found["cpu_time_1x_s"] == 3.0


def test_work_in_the_page_is_no_figure_of_a_map_that_comes_from_the_server() -> None:
    assert figures.figures(RAW, in_page=False)["work_p95_ms"] is None


def test_what_did_not_finish_is_printed_in_words_and_what_was_measured_stays() -> None:
    raw = seen.Raw(usable=[900.0], unfinished={"step": "did not finish in 60 s"})
    found = figures.figures(raw, in_page=False)
    assert found["painted_p95_ms"] == "did not finish in 60 s"
    assert found["usable_median_ms"] == 900.0
    assert found["jump_painted_p95_ms"] is None
    part = figures.figures(replace(RAW, unfinished={"step": "did not finish in 60 s"}), in_page=True)
    assert part["painted_p95_ms"] == 20.0


def test_growth_is_a_ratio_where_both_sizes_have_a_number() -> None:
    assert figures.growth({"a": 2.0, "b": 0, "c": "late", "d": 5}, {"a": 21.0, "b": 7, "c": 3, "e": 1}) == {
        "a": 10.5
    }


# ------------------------------------------------------------------------------------------------- tables


def test_the_table_has_a_column_a_contestant_and_a_row_for_what_anybody_has() -> None:
    found = {
        "a": figures.figures(RAW, in_page=True),
        "b": figures.figures(replace(RAW, played={}), in_page=False),
    }
    lines = tables.contest(found, {"a": "ours", "b": "peer"}).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert [cell.strip() for cell in lines[0].split("|")[2:4]] == ["ours", "peer"]
    work = next(line for line in lines if "handler and drawing, p95" in line)
    assert [cell.strip() for cell in work.split("|")[2:4]] == ["4", "–"]
    assert not any("message to the server" in line for line in lines)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"), (True, "yes"), (False, "no"), (0, "0"), (1234567, "1,234,567"), (16.74, "16.7"), (0.0034, "0.0034"),
        ("did not finish in 60 s", "did not finish in 60 s"),
    ],
)  # fmt: skip
def test_a_figure_is_worded(value: figures.Figure, words: str) -> None:
    assert tables.spell(value) == words


def test_the_report_names_sizes_growth_viewers_and_conditions() -> None:
    found = figures.figures(RAW, in_page=True)
    report: dict[str, Any] = {
        "sizes": {"1000": {"atlas": found}}, "ledger": {"100": {"load_s": 1.0}, "1000": {"load_s": 11.0}},
        "growth": {"load_s": 11.0}, "viewers": {"viewers": 50, "panels_p95_ms": 321.0}, "conditions": {"cores": 2},
    }  # fmt: skip
    words = bench.text(report)
    for part in ("### 1,000 sites", "Handover Atlas", "11×", "### 50 viewers at once", "321", "cores 2"):
        assert part in words


def test_a_larger_size_gets_no_more_time_than_a_smaller_one() -> None:
    plans = [bench.plan(size, quick=False) for size in (bench.REAL, 1000, 10_000)]
    for counts in ([plan.loads for plan in plans], [plan.budget_seconds for plan in plans]):
        assert counts == sorted(counts, reverse=True)
    assert bench.plan(10_000, quick=True).steps < plans[-1].steps


# ------------------------------------------------------------------------------------------------ viewers


def test_a_playback_by_time_takes_a_minute_and_begins_again() -> None:
    playback = playing.Playback(first=100, last=700, changes=[150, 300], by_change=False, offset=0)
    assert [playback.day(at) for at in (0, 30, 59.99, 60)] == [100, 400, 699, 100]


def test_a_playback_by_change_rests_on_each_change_and_glides_to_the_next() -> None:
    playback = playing.Playback(first=100, last=700, changes=[150, 300], by_change=True, offset=0)
    assert [playback.day(at) for at in (0, 0.59, 0.9, 1.2, 2.39)] == [150, 150, 225, 300, 699]


def test_by_time_the_ear_reports_once_a_second_whatever_changes() -> None:
    ear = playing.Ear(changes=[10, 20], by_change=False)
    assert ear.due(5, 0.0)
    assert not ear.due(10, 0.99)
    assert ear.due(20, 1.0)


def test_by_change_the_ear_reports_once_a_second_and_sooner_at_a_change() -> None:
    ear = playing.Ear(changes=[10, 20], by_change=True)
    assert ear.due(5, 0.0)
    assert not ear.due(6, 0.9)
    assert ear.due(10, 0.91)
    assert not ear.due(20, 1.1)
    assert ear.due(20, 1.17)
    assert not ear.due(21, 2.16)
    assert ear.due(22, 2.18)


def delta(**element: Any) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.fragment_id = "part"
    message.metadata.delta_path.extend([0, 1])
    for kind, values in element.items():
        for name, value in values.items():
            setattr(getattr(message.delta.new_element, kind), name, value)
    return message


def test_a_viewer_learns_the_ear_and_reports_to_it() -> None:
    talk = protocol.Conversation("as_of=2020-01-01", "http://localhost:1/")
    opening = BackMsg.FromString(talk.opening()).rerun_script
    assert (opening.query_string, opening.fragment_id) == ("as_of=2020-01-01", "")
    told = {"shown": {"day": "2020-01-01", "site": None}, "lives": {"url": "/lives.json?v=1", "version": "v"}}
    ear = delta(bidi_component={"id": "$$ID-ear", "component_name": "atlas_ear", "json": json.dumps(told)})
    talk.hear(ear.SerializeToString())
    assert talk.lives == "/lives.json?v=1"
    report = BackMsg.FromString(talk.report({**talk.view, "day": "2020-01-02"})).rerun_script
    assert report.fragment_id == "part"
    widget = report.widget_states.widgets[0]
    assert widget.id == "$$ID-ear"
    assert json.loads(widget.json_value) == {"view": {"day": "2020-01-02", "site": None, "count": 1}}


def test_a_viewer_hears_the_day_the_end_and_what_went_wrong() -> None:
    talk = protocol.Conversation("", "http://localhost:1/")
    shown = delta(html={"body": '<div hidden data-shown="2020-01-02"></div>'})
    assert talk.hear(shown.SerializeToString()).shown == "2020-01-02"
    failure = delta(html={"body": '<div class="atlas-failure" role="alert"><p>It broke.</p></div>'})
    assert "It broke." in str(talk.hear(failure.SerializeToString()).problem)
    over = ForwardMsg(script_finished=ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
    assert talk.hear(over.SerializeToString()) == protocol.Heard(finished=True)
    broken = ForwardMsg(script_finished=ForwardMsg.FINISHED_WITH_COMPILE_ERROR)
    assert talk.hear(broken.SerializeToString()).problem


def test_a_viewer_keeps_what_the_server_refers_to_later() -> None:
    talk = protocol.Conversation("", "http://localhost:1/")
    first = delta(html={"body": '<div data-shown="2020-01-02"></div>'})
    first.hash, first.metadata.cacheable = "abc", True
    talk.hear(first.SerializeToString())
    assert list(BackMsg.FromString(talk.opening()).rerun_script.cached_message_hashes) == ["abc"]
    assert talk.hear(ForwardMsg(ref_hash="abc").SerializeToString()).shown == "2020-01-02"
    assert talk.hear(ForwardMsg(ref_hash="other").SerializeToString()).problem


# ---------------------------------------------------------------------------------------- server, pictures


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
    assert [shot.name for shot in shots.README] == [
        "overview", "overview-dark", "phone", "today", "compare", "each-day", "statements", "promises",
    ]  # fmt: skip
    assert shots.README[0].query == "?as_of=2026-01-15&site=ain-al-asad"
    assert shots.README[6].query == "statements?as_of=2026-01-18&item=G4"
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

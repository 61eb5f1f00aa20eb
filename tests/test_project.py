"""The project around the program: pins with reasons, nothing that names a host, settings, commands, licences."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

if TYPE_CHECKING:
    from tests.conftest import StartServer

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
CORE = ("streamlit", "folium", "streamlit-folium", "geopandas", "shapely", "pytest")
TOKENS = ROOT / "components" / "browser" / "tokens.css"
# Streamlit's theme option: the variable of tokens.css it repeats.
THEME = {
    "primaryColor": "accent",
    "backgroundColor": "paper",
    "secondaryBackgroundColor": "wash",
    "textColor": "ink",
    "linkColor": "accent",
    "borderColor": "line",
}
# Python runs this file at its start when it is on the path: every address asked for is written down, and those
# outside this machine are refused.
WATCH = """
import os, sys

LOCAL = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", "", None}

def watch(event, arguments):
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in LOCAL:
        with open(os.environ["ATLAS_WATCH"], "a") as file:
            print(event, host, file=file)
        raise OSError("refused by the test")

sys.addaudithook(watch)
"""


def lines(name: str) -> list[str]:
    return [
        line
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith(("#", "-"))
    ]


def pins() -> dict[str, Requirement]:
    found = [Requirement(line.split("#")[0]) for name in REQUIREMENTS for line in lines(name)]
    return {canonicalize_name(each.name): each for each in found}


def ours() -> list[Path]:
    """The repository's files, without what tools made beside them."""
    made = {".git", ".venv", "build", "__pycache__", "node_modules"}
    return [
        path for path in ROOT.rglob("*") if path.is_file() and not made & set(path.relative_to(ROOT).parts)
    ]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_and_says_why(name: str) -> None:
    for line in lines(name):
        requirement, _, reason = line.partition("#")
        assert re.fullmatch(r"[\w.-]+==[\w.]+(\s*;.*)?", requirement.strip()), (
            f"not one exact version: {line}"
        )
        assert reason.strip(), f"no reason: {line}"


def test_what_the_requirements_require_is_pinned_too() -> None:
    pinned = pins()
    for name in pinned:
        for needed in map(Requirement, metadata.requires(name) or []):
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                assert canonicalize_name(needed.name) in pinned, f"{name} needs {needed}, which is not pinned"


def test_what_is_installed_is_what_is_pinned() -> None:
    for name, requirement in pins().items():
        if requirement.marker is None or requirement.marker.evaluate():
            assert requirement.specifier.contains(metadata.version(name)), f"run make test: {requirement}"


def test_the_core_packages_are_required() -> None:
    assert {canonicalize_name(line.split("==")[0]) for line in lines("requirements.txt")} >= set(CORE)


def test_the_served_leaflet_and_jquery_are_folium_s_own() -> None:
    import folium.folium  # noqa: PLC0415  # slow to import, and only this test needs it

    linked = dict(folium.folium._default_js)
    assert "leaflet@1.9.3" in linked["leaflet"]
    assert "jquery-3.7.1" in linked["jquery"]
    assert str(pins()["xstatic-leaflet"].specifier).startswith("==1.9.3.")
    assert str(pins()["xstatic-jquery"].specifier).startswith("==3.7.1.")


def test_no_lock_file_and_no_registry_is_named() -> None:
    locks = {"uv.lock", "poetry.lock", "Pipfile.lock", "package-lock.json", "pip.conf", ".npmrc"}
    assert not [path for path in ours() if path.name in locks]
    for name in (*REQUIREMENTS, "Makefile", "tools/setup.sh", "pyproject.toml", ".ci/run"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|--hash|index-url|trusted-host", text), name


def test_no_third_party_script_or_font_is_copied_into_the_repository() -> None:
    names = re.compile(r"(leaflet|jquery)[\w.-]*\.(js|css)$|\.(woff2?|ttf|otf|min\.js)$", re.IGNORECASE)
    assert not [path for path in ours() if names.search(path.name)]


def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def test_the_server_keeps_to_itself_and_shows_no_trace() -> None:
    found = settings()
    assert found["server"]["headless"] is True
    assert found["browser"] == {"serverAddress": "localhost", "gatherUsageStats": False}
    assert found["client"]["showErrorDetails"] == "none"
    assert found["client"]["showErrorLinks"] is False
    assert found["runner"]["postScriptGC"] is False
    assert found["global"]["minCachedMessageSize"] > 1e8  # else a hasty choice can cost a page its server


def test_the_server_asks_nobody_outside(start_server: StartServer, tmp_path: Path) -> None:
    """Neither at its start, nor for a reader, nor when a page of another origin knocks."""
    (tmp_path / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    asked = tmp_path / "asked.txt"
    server = start_server(env={"PYTHONPATH": str(tmp_path), "ATLAS_WATCH": str(asked)})
    stream = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    with connect(stream, origin=Origin(f"http://127.0.0.1:{server.port}"), proxy=None) as session:
        session.ping().wait(10)
    with (
        pytest.raises(InvalidStatus),
        connect(stream, origin=Origin("https://elsewhere.example"), proxy=None),
    ):
        pass
    assert not asked.exists(), f"the server asked for: {asked.read_text(encoding='utf-8')}"


def test_streamlit_knows_every_setting() -> None:
    from streamlit import config  # noqa: PLC0415  # slow to import, and only this test needs it

    known = set(config.get_config_options())
    for section, options in settings().items():
        for option, value in options.items():
            names = (
                [f"{section}.{option}.{key}" for key in value]
                if isinstance(value, dict)
                else [f"{section}.{option}"]
            )
            assert set(names) <= known


def test_every_setting_says_why() -> None:
    above = ""
    for line in (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#") and "Color" not in line:
            assert above.startswith("#"), f"no reason above: {line}"
        above = line


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_streamlit_s_theme_repeats_the_colours_of_the_map(scheme: str) -> None:
    start = ":root {" if scheme == "light" else ':root[data-theme="dark"] {'
    block = TOKENS.read_text(encoding="utf-8").split(start, 1)[1].split("}", 1)[0]
    tokens = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]+)", block))
    assert settings()["theme"][scheme] == {option: tokens[name] for option, name in THEME.items()}


def test_the_readme_names_the_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make run" in readme
    assert "make test" in readme


@pytest.mark.parametrize("target", ["run", "test", "check", "bench", "shots", "boundaries", "clean", "help"])
def test_make_knows_the_promised_targets(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert target == "help" or f"make {target}" in makefile, "help does not list it"


def test_ci_runs_the_same_commands_as_a_person() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("make")] == ["make test", "make test-readers"]


def test_licences_cover_code_data_and_third_parties() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    data = (ROOT / "LICENSE-DATA.md").read_text(encoding="utf-8")
    for name in ("CC BY 4.0", "Natural Earth", "GeoNames", "OurAirports", "Leaflet", "jQuery"):
        assert name in data

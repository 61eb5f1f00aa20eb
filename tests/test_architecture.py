"""Imports point one way: app -> frame -> pages -> panels -> view -> geodata, and exports -> view -> geodata."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP = ("app", "pages", "components", "exports", "geodata")
SCREEN = ("streamlit", "streamlit_folium", "folium", "branca")
PURE = (
    "components.view", "components.view_state", "components.theme", "components.wording", "components.lives",
    "components.comparison", "components.omission", "components.hindsight", "components.site_table", "components.paths",
    "components.templating", "components.panels", "components.utterances", "components.statements", "components.promises",
    "components.disagreements", "components.sites", "components.locator", "components.sources", "components.base_map",
    "components.progress", "components.stamp",
)  # fmt: skip
STATE_KEEPER = "components.session"
FRAME = "components.frame"

# Who must not import what, by the beginning of the module's name; the reason is the test's name.
FORBIDDEN = {
    "geodata": (*SCREEN, "components", "pages", "exports", "app"),
    "exports": (*SCREEN, "pages", "app", FRAME),
    "components": ("app",),
    "pages": ("app", FRAME),
    "tools.browser": (*SCREEN, "app"),
    **dict.fromkeys(PURE, (*SCREEN, "pages", "exports", "app")),
}


def modules() -> dict[str, Path]:
    found = [ROOT / "app.py"]
    for top in (*TOP[1:], "tools"):
        found += sorted((ROOT / top).rglob("*.py"))
    return {name_of(path): path for path in found if path.exists()}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(name: str, path: Path) -> set[str]:
    """Every module named by an import statement, wherever it stands, relative ones resolved."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def within(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + ".")


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_point_one_way(name: str) -> None:
    used = imports(name, modules()[name])
    for prefix, forbidden in FORBIDDEN.items():
        if within(name, prefix):
            wrong = sorted(module for module in used for bad in forbidden if within(module, bad))
            assert not wrong, f"{name} imports {', '.join(wrong)}"


@pytest.mark.parametrize("name", sorted(modules()))
def test_the_test_tools_stay_out_of_the_product(name: str) -> None:
    if name.split(".", maxsplit=1)[0] in TOP:
        wrong = sorted(
            module
            for module in imports(name, modules()[name])
            if module.split(".")[0] in {"tests", "tools", "pytest", "playwright"}
        )
        assert not wrong, f"{name} imports {', '.join(wrong)}"


def test_one_module_keeps_the_state() -> None:
    """Session state and query parameters are written in one place; a page holds no state of its own."""
    keepers = {
        name
        for name, path in modules().items()
        if name.split(".", maxsplit=1)[0] in TOP  # the peers we measure are apps of their own
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"session_state", "query_params"}
    }
    assert keepers <= {STATE_KEEPER}, f"these touch the state beside {STATE_KEEPER}: {sorted(keepers)}"


def test_the_walk_sees_every_layer() -> None:
    layers = {name.split(".")[0] for name in modules()}
    assert {"app", "components", "geodata", "pages"} <= layers


def test_what_leaves_needs_no_screen() -> None:
    """Neither directly nor through the modules it uses: the command must run where no dashboard is installed."""
    code = "import sys, exports.__main__; print([name for name in sys.modules if name in {'streamlit', 'folium'}])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""The parts of the page that live in the browser: clock, header tools and the ear.

Each is a component without an iframe whose script is a thin loader: it imports the module by address, so the modules
share one store and are cached, and hands it the place to draw in. Nothing depends on whether Streamlit calls the
loader once or on every rerun: the modules know what they have drawn.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from components import assets, paths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# A module from a blob address cannot resolve "/browser/x.js" by itself, so the address is made absolute first.
LOADER = """
const at = (name) => new URL(%(folder)s + name, window.location.origin).href;
let modules = null;
export default function (component) {
  const root = component.parentElement;
  let undo = null;
  modules ??= Promise.all([import(at("store.js")), import(at(%(module)s))]);
  modules.then(([{ store }, part]) => {
    store.refreshTheme();
    undo = part.mount({ ...component, root, store, data: component.data ?? {} });
  }).catch((error) => { modules = null; console.error("Handover Atlas: " + %(module)s, error); });
  // Streamlit also calls this for a run it has overtaken; the part goes only when its place in the page is gone.
  return () => { if (!root.isConnected) undo?.(); };
}
"""


@cache
def _component(module: str) -> Any:
    """Register a component that runs one of our modules."""
    folder = json.dumps(paths.url("browser/"))
    return st.components.v2.component(
        f"atlas_{module.removesuffix('.js')}",
        js=LOADER % {"folder": folder, "module": json.dumps(module)},
        isolate_styles=False,
    )


def draw(module: str) -> None:
    """Draw a part that only talks to the store; a part that is not there yet leaves its place empty."""
    if assets.exists(module):
        _component(module)(key=module.removesuffix(".js"))


def ear(*, page: str, shown: Mapping[str, object], lives: Mapping[str, str]) -> None:
    """Draw the hidden reporter: it brings to the page what Python shows and where its lives are, and the view back."""
    data = {"page": page, "shown": dict(shown), "lives": dict(lives)}
    _component("ear.js")(key="ear", data=data, on_view_change=_heard)


def panels(parts: Sequence[tuple[str, str]]) -> None:
    """Draw the parts of a page, each by its name and HTML.

    Not by `st.html`, one for each: while the date plays, its sanitiser and the page's own rendering took a third of the
    browser's time at 10,000 sites (streamlit 1.67). The HTML comes from our templates, which escape what comes from data.
    """
    _component("panels.js")(key="panels", data={"parts": [list(part) for part in parts]})


def _heard() -> None:
    """Do nothing: the report lies in the session state and is read by the run that follows."""

"""Streamlit's protocol as the page speaks it: one viewer's side of the WebSocket, without a browser.

Written against streamlit 1.67.0, as read off its own page: a viewer opens with an empty `rerun_script`; a move is a
`rerun_script` of the fragment that holds the ear, with the ear's value as JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = "/_stcore/stream"
SUBPROTOCOL = "streamlit"
EAR = "atlas_ear"
SHOWN = re.compile(r'data-shown="(\d{4}-\d\d-\d\d)"')
FAILURE = 'class="atlas-failure"'


@dataclass
class Heard:
    """What one message of the server says to a viewer."""

    shown: str | None = None
    """The day the panels now show."""
    finished: bool = False
    """A run is over: everything of it has arrived."""
    problem: str | None = None


@dataclass
class Conversation:
    """One viewer's side: what it has learned of its page, and the messages it sends."""

    query: str
    address: str
    ear: str = ""
    """Identifier of the ear's widget."""
    view: dict[str, Any] = field(default_factory=dict)
    """The view for which the panels were drawn, as Python told the ear."""
    lives: str | None = None
    """Where the page fetches the lives from."""
    _fragment: str = ""
    _script: str = ""
    _cached: dict[str, ForwardMsg] = field(default_factory=dict)
    _count: int = 0

    def opening(self) -> bytes:
        """Return the page's first message."""
        return self._rerun()

    def report(self, view: Mapping[str, Any]) -> bytes:
        """Return the ear's report that the reader now looks at `view`."""
        self._count += 1
        value = {"view": {**view, "count": self._count}}
        return self._rerun(json.dumps(value, separators=(",", ":")))

    def _rerun(self, value: str | None = None) -> bytes:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.page_script_hash = self._script
        state.context_info.timezone = "Asia/Baghdad"
        state.context_info.timezone_offset = -180
        state.context_info.locale = "en-GB"
        state.context_info.url = self.address
        state.context_info.color_scheme = "light"
        state.cached_message_hashes.extend(self._cached)
        state.widget_states.SetInParent()
        if value is not None:
            state.fragment_id = self._fragment
            widget = state.widget_states.widgets.add()
            widget.id, widget.json_value = self.ear, value
        body: bytes = message.SerializeToString()
        return body

    def hear(self, body: bytes) -> Heard:
        """Read one message of the server."""
        message = ForwardMsg.FromString(body)
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            known = self._cached.get(message.ref_hash)
            if known is None:
                return Heard(problem="the server refers to a message this viewer does not have")
            message, kind = known, known.WhichOneof("type")
        elif message.metadata.cacheable and message.hash:
            self._keep(message)
        if kind == "delta":
            return self._delta(message)
        if kind == "new_session":
            self._script = message.new_session.page_script_hash or self._script
        if kind == "script_finished":
            well = message.script_finished in {
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
                ForwardMsg.FINISHED_EARLY_FOR_RERUN,
            }
            return Heard(finished=True, problem=None if well else "the script could not be compiled")
        return Heard()

    def _keep(self, message: ForwardMsg) -> None:
        """Keep what the server may refer to later; a message replaces the one in its place, as in the page."""
        place = list(message.metadata.delta_path)
        for other in [key for key, kept in self._cached.items() if list(kept.metadata.delta_path) == place]:
            del self._cached[other]
        self._cached[message.hash] = message

    def _delta(self, message: ForwardMsg) -> Heard:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            return Heard(problem=f"exception: {element.exception.message[:200]}")
        if kind == "bidi_component" and element.bidi_component.component_name.endswith(EAR):
            self._fragment = message.delta.fragment_id or self._fragment
            self.ear = element.bidi_component.id
            told = json.loads(element.bidi_component.json or "{}")
            self.view = told.get("shown") or self.view
            self.lives = (told.get("lives") or {}).get("url", self.lives)
        if kind == "html":
            body = element.html.body
            if FAILURE in body:
                return Heard(problem=re.sub(r"<[^>]*>", " ", body)[:200])
            if found := SHOWN.search(body):
                return Heard(shown=found[1])
        return Heard()

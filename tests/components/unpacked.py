"""What browser/lives.js makes of the payload, for tests that read it in Python."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from components import lives
from geodata.knowledge import EVERYTHING, Knowledge

if TYPE_CHECKING:
    import datetime as dt

    from geodata.model import Ledger


def unpacked(ledger: Ledger, now: dt.date, knowledge: Knowledge = EVERYTHING) -> dict[str, Any]:
    """Return the payload with its rows written out as objects."""
    sent: dict[str, Any] = json.loads(json.dumps(lives.payload(ledger, knowledge, now)))
    columns, words = sent.pop("columns"), sent.pop("words")
    names = [category["id"] for category in sent["categories"]]
    sites, changes = [], []
    for row in sent["sites"]:
        site = dict(zip(columns["site"], row, strict=True))
        spans = [dict(zip(columns["span"], cells, strict=True)) for cells in site["spans"]]
        for at, span in enumerate(spans):
            span["to"] = spans[at + 1]["from"] - 1 if at + 1 < len(spans) else sent["last"]
            phrase, by = span.pop("phrase"), span.pop("by")
            span["category"], span["words"] = names[span["category"]], words[span["words"]]
            span["basis"] = None if span["basis"] < 0 else words[span["basis"]]
            span["half"] = [names[one] for one in span["half"]] if span["half"] else None
            if at and spans[at - 1]["category"] != span["category"]:
                text = f"{site['short']}: {words[phrase]}"
                changes.append(
                    {
                        "day": span["from"],
                        "site": site["id"],
                        "text": text,
                        "by": words[by] if by >= 0 else "",
                    }
                )
        site["spans"] = spans
        site["differs"] = [(a, b, names[category]) for a, b, category in site["differs"]]
        sites.append(site)
    return {**sent, "sites": sites, "changes": sorted(changes, key=lambda c: (c["day"], c["site"]))}

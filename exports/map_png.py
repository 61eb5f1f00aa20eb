"""The map of a briefing by itself as PNG, and how other pages with a map on them are typeset."""

import json
from collections.abc import Mapping
from typing import Any, cast

from exports import picture, typesetting
from exports.briefing import Briefing
from exports.picture import Picture

POINTS = 72
"""In an inch: at this resolution a point is a pixel."""


def png(briefing: Briefing, width_pt: float, height_pt: float, *, ppi: float = 2 * POINTS) -> bytes:
    """Return the map with its marks and names as a picture of so many points."""
    drawn = picture.draw(briefing, width_pt, height_pt)
    return typeset("map.typ", briefing, drawn, {"width": width_pt, "height": height_pt}, ppi=ppi)


def typeset(
    template: str, briefing: Briefing, drawn: Picture, data: Mapping[str, Any], *, ppi: float
) -> bytes:
    """Return a page with a map, typeset by a template, as PNG; `data` are the page's own words and its size in points."""
    files = typesetting._files(briefing, pages=False)  # noqa: SLF001
    told = json.loads(files["data.json"])
    told["picture"] |= {
        "width": drawn.width_pt, "height": drawn.height_pt,
        "labels": [
            {"text": typesetting._set(label.text), "x": round(label.x, 3), "y": round(label.y, 3), "size": round(label.size_pt, 3), "anchor": label.anchor, "kind": label.kind}  # noqa: SLF001
            for label in drawn.labels
        ],
    }  # fmt: skip
    told |= {"pixel": POINTS / ppi, **data}
    files |= {
        "main.typ": files[template],
        "data.json": json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(),
        "base.svg": drawn.base.encode(),
        "marks.svg": drawn.marks.encode(),
    }
    with typesetting._ONE_AT_A_TIME:  # noqa: SLF001
        # A dictionary of files; the stub does not know it.
        found = typesetting._compiler().compile(input=cast("bytes", files), format="png", ppi=ppi)  # noqa: SLF001
    if not isinstance(found, bytes):
        raise TypeError("one picture was expected")
    return found

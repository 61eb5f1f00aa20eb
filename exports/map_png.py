"""The map of a briefing by itself as PNG."""

from exports import picture, typesetting
from exports.briefing import Briefing

POINTS = 72
"""In an inch: at this resolution a point is a pixel."""


def png(briefing: Briefing, width_pt: float, height_pt: float, *, ppi: float = 2 * POINTS) -> bytes:
    """Return the map with its marks and names as a picture of so many points."""
    drawn = picture.draw(briefing, width_pt, height_pt)
    data = typesetting.page(briefing, drawn) | {"width": width_pt, "height": height_pt, "pixel": POINTS / ppi}
    return typesetting.typeset("map.typ", data, drawn, "png", ppi=ppi)

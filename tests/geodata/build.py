"""Small ledgers for tests, built through the models as loading builds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geodata.model import Claim, Ledger, Phase, Site, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geodata.control import Held


def source(key: str, **cells: Any) -> Source:
    given = dict.fromkeys(Source.model_fields, "")
    given |= {
        "source": key,
        "kind": "page",
        "publisher": f"Publisher of {key}",
        "grade": "A",
        "published": "2010-06-01",
    }
    return Source.model_validate(given | cells)


def site(key: str, region: str = "federal", **cells: Any) -> Site:
    given = dict.fromkeys(Site.model_fields, "")
    given |= {"site": key, "name": key, "short_name": key, "type": "base", "region": region}
    return Site.model_validate(given | {"governorate": "Anbar", "position_basis": "none"} | cells)


def claim(
    key: str, kind: str, occurred: str, to: Held | None = None, was: Held | None = None, **cells: Any
) -> Claim:
    given = dict.fromkeys(Claim.model_fields, "")
    given |= {
        "claim": key,
        "kind": kind,
        "occurred": occurred,
        "site": "base",
        "event_type": "test",
        "text": key,
    }
    given |= {
        "basis": "announced" if kind == "plan" else "reported",
        "grade": "verified",
        "party": "press",
        "source": "A",
    }
    for column, held in (("to", to), ("from", was)):
        if held:
            given |= {
                f"{column}_controller": held.controller.value,
                f"{column}_coalition": held.coalition.value,
            }
    return Claim.model_validate(given | cells)


def ledger(claims: Iterable[Claim], sources: Iterable[Source] = (), sites: Iterable[Site] = ()) -> Ledger:
    claims = tuple(claims)
    given = {s.source: s for s in sources}
    keys = sorted({c.source for c in claims} | set(given) | {"A"})
    items = {key: given.get(key) or source(key) for key in keys}
    phases: dict[str, Phase] = {}
    return Ledger(
        sources=items, sites={s.site: s for s in sites or [site("base")]}, site_names=(), claims=claims, statements={},
        sentences={}, renderings=(), dated_statements=(), phases=phases, milestones=(), disagreements={}, positions=(),
        unknowns=(),
    )  # fmt: skip

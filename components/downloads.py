"""The page of the data: what leaves, in which forms, how much of it the present view has, and how to cite it."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from components import panels, view_state
from components.paths import url
from components.templating import ENVIRONMENT
from components.view import View
from exports import citation, names, package, request
from exports.tables import ALL, PLACED, SPECS, count
from geodata.model import Ledger

FORMS = {"csv": "CSV", "geojson": "GeoJSON", "parquet": "GeoParquet"}
EXAMPLE = "states"


def parts(shown: View) -> list[tuple[str, str]]:
    """Return the page from top to bottom; what does not follow the view is a part of its own, so that it stays."""
    return [
        ("clock", panels.clock_html(shown)),
        ("data-files", _draw("files", shown, rows=_rows(shown), most=request.MOST_PACKED_ROWS, question=names.question(shown, everything=False))),
        ("data-cite", _draw("cite", shown, cited=citation.of_view(shown).plain())),
        ("data-scripts", _draw("scripts", shown, examples=examples(shown))),
        ("data-columns", _columns(shown.ledger)),
    ]  # fmt: skip


def address(file: str, shown: View, *, everything: bool = False) -> str:
    """Return the address of a file of a view; it opens the same anywhere, so the day always stands in it."""
    return url(f"export/{file}?{_query(shown, everything=everything)}")


def _query(shown: View, *, everything: bool) -> str:
    params = view_state.format_view(shown.state)
    params.pop(view_state.ITEM, None)
    params.pop(view_state.SORT, None)
    return urlencode(params | ({request.EVERYTHING: "1"} if everything else {}))


def _draw(part: str, shown: View, **more: Any) -> str:
    def link(file: str, *, everything: bool = False) -> str:
        return address(file, shown, everything=everything)

    return ENVIRONMENT.get_template("data.html").render(
        part=part,
        ledger=shown.ledger,
        state=shown.state,
        narrow=shown.state.knowledge.narrow,
        address=link,
        **more,
    )


def _rows(shown: View) -> list[dict[str, Any]]:
    """Return a line for each table: how many rows are shown, of how many, and what narrows them."""
    return [
        {
            "spec": spec,
            "here": count(spec.name, shown),
            "all": count(spec.name, shown, everything=True),
            "narrowed": names.narrowed(spec, shown),
            "most": request.MOST_ROWS,
            "forms": FORMS if spec.name in PLACED else {"csv": "CSV"},
        }
        for spec in ALL
    ]


def examples(shown: View) -> list[tuple[str, str]]:
    """Return how a script gets a file and reads it, by the name of the tool."""
    # Spelled as in a shell: the address of the dashboard itself is the reader's to fill in.
    path = f"export/{EXAMPLE}.parquet?{_query(shown, everything=False)}"
    fetch = f'curl -fo {EXAMPLE}.parquet "$ATLAS/{path}"'
    return [
        ("curl", fetch),
        ("Python", f'import geopandas\nstates = geopandas.read_parquet("{EXAMPLE}.parquet")'),
        ("R", f'states <- sf::st_read("{EXAMPLE}.geojson")  # fetched as .geojson'),
        ("DuckDB", "SELECT category, count(*) FROM 'states.parquet' GROUP BY ALL;"),
    ]


@lru_cache(maxsize=4)
def _columns(ledger: Ledger) -> str:
    """Return the meaning of every column and the boundary of what is said; the same whatever the view."""
    return ENVIRONMENT.get_template("data.html").render(
        part="columns", ledger=ledger, narrow=False, specs=SPECS.values(), caveats=package.caveats(None)
    )

"""The data dictionary, written from the models so that it can never lag behind them."""

from enum import Enum
from typing import get_args

from geodata.model import FILES, Basis

INTRODUCTION = """\
Made by `python -m geodata dictionary`; a test keeps it equal. All files are CSV, UTF-8, one row a fact, in
`geodata/files`. Dates are EDTF level 0 (`2017`, `2017-11`, `2026-01-13`, `2026-01-13/2026-01-18`) plus the open
start `../2026-01-16`. Lists are separated by blanks. An empty cell means: not recorded.
"""


def markdown() -> str:
    """Return every file and column with its meaning, as Markdown."""
    parts = [
        "# Data dictionary\n",
        INTRODUCTION,
    ]
    for name, model in FILES.items():
        parts.append(f"\n## {name}.csv\n\n{model.__doc__}\n\n| column | meaning |\n|---|---|\n")
        for column, info in model.model_fields.items():
            values = next(
                (
                    a
                    for a in (info.annotation, *get_args(info.annotation))
                    if isinstance(a, type) and issubclass(a, Enum)
                ),
                None,
            )
            listed = (
                f" One of: {', '.join(f'`{v.value}`' for v in values if v is not Basis.CONFIRMED)}."
                if values
                else ""
            )
            parts.append(f"| `{column}` | {info.description}{listed} |\n")
    return "".join(parts)

"""The columns of a table that leaves: name, type, meaning, and how a value is read; empty is None, never a stand-in."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, get_args

from geodata import dates
from geodata.dates import Possible
from geodata.model import Basis, Ledger, Row

Value = str | int | float | bool | dt.date | None
Kind = Literal["string", "integer", "number", "boolean", "date"]

EARLIEST, LATEST = "_earliest", "_latest"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what its values mean and how one is read from an item of the ledger."""

    name: str
    description: str
    read: Callable[[Ledger, Any], Value]
    kind: Kind = "string"
    required: bool = False
    editorial: bool = False  # an editor's note: it may rest on sources that do not count
    choices: tuple[str, ...] = ()


def edtf(
    name: str, description: str, read: Callable[[Ledger, Any], Possible | None], *, required: bool = False
) -> tuple[Column, ...]:
    """Return the three columns of a date: as EDTF, and its first and last possible day."""
    return (
        Column(name, f"{description} EDTF.", lambda ledger, item: _text(read(ledger, item)), required=required),
        Column(
            name + EARLIEST,
            f"First possible day of `{name}`; empty where the start is open or the date is not recorded.",
            lambda ledger, item: found.first if (found := read(ledger, item)) else None,
            "date",
        ),
        Column(
            name + LATEST,
            f"Last possible day of `{name}`; the day itself where it is known to the day.",
            lambda ledger, item: found.last if (found := read(ledger, item)) else None,
            "date",
            required=required,
        ),
    )  # fmt: skip


def _text(possible: Possible | None) -> str | None:
    return possible.text if possible else None


def parsed(text: str | None) -> Possible | None:
    """Return the date that an EDTF string of the fold names."""
    return dates.parse(text) if text else None


def of_model(
    model: type[Row],
    *,
    key: str,
    editorial: Sequence[str] = (),
    leaving_out: Sequence[str] = (),
) -> tuple[Column, ...]:
    """Return the columns of a row of the ledger, in its order and described in its words."""
    found: list[Column] = []
    for field, info in model.model_fields.items():
        if field in leaving_out:
            continue
        kinds = (info.annotation, *get_args(info.annotation))
        if Possible in kinds:
            words = (info.description or "").removesuffix(" EDTF.").removesuffix("; EDTF.").rstrip(".") + "."
            found += edtf(field, words, _as_it_is(field), required=type(None) not in kinds)
            continue
        number = next((k for k in kinds if k in (float, int)), None)
        found.append(
            Column(
                field,
                info.description or "",
                of_field(field),
                "number" if number is float else "integer" if number is int else "string",
                required=field == key,
                editorial=field in editorial,
                choices=next((_choices(k) for k in kinds if isinstance(k, type) and issubclass(k, Enum)), ()),
            )
        )
    return tuple(found)


def _as_it_is(field: str) -> Callable[[Ledger, Any], Any]:
    return lambda _, item: getattr(item, field)


def of_field(
    field: str, within: Callable[[Ledger, Any], Any] = lambda _, item: item
) -> Callable[[Ledger, Any], Value]:
    """Return how a field is read from the row that `within` finds in an item; None where it finds none."""
    return lambda ledger, item: plain(getattr(found, field)) if (found := within(ledger, item)) else None


def _choices(kind: type[Enum]) -> tuple[str, ...]:
    """Return the values a column may hold; a claim is never confirmed, which is only computed."""
    return tuple(str(value.value) for value in kind if value is not Basis.CONFIRMED)


def plain(value: object) -> Value:
    """Return a value of the ledger as it leaves: lists separated by blanks, "" as None."""
    if type(value) is str:  # most values are; a large ledger asks millions of times
        return value or None
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or None
    if isinstance(value, bool | int | float | dt.date) or value is None:
        return value
    return str(value) or None

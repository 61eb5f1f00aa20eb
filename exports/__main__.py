"""The command line: write the data package, or one table of it, of a day."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

try:
    from components import desk
    from components.view_state import DERIVED_OUT, echo
    from exports import package, request
    from exports.files import WRITERS
    from exports.tables import PLACED, SPECS
    from geodata.errors import LedgerError, QuestionError
    from geodata.load import HERE, load
except ModuleNotFoundError as missing:
    sys.stderr.write(
        f"python -m exports: the package {missing.name} is not installed here; "
        "run `make run` once, then use .venv/bin/python instead of python\n"
    )
    raise SystemExit(2) from None


class _Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong, and leaves with 2."""

    def error(self, message: str) -> NoReturn:
        """Print one line and leave."""
        sys.stderr.write(f"{self.prog}: {message}\n")
        raise SystemExit(2)


ONE = {
    "as_of": "the day asked about, as 2026-01-17", "known_on": "count only what sources had reported by this day, or each-day",
    "compare": "a second day, for the states", "about": "only this site", "phase": "only this phase",
    "since": "only what is of this day or later", "speaker": "only what was said by", "outlet": "only what was carried by",
    "q": "only what has these words",
}  # fmt: skip
MANY = {
    "without": "leave a source out; may be repeated", "without_grade": "leave out all sources of a grade; may be repeated",
    "hide": "leave out a category; may be repeated",
}  # fmt: skip


def _parser() -> _Parser:
    parser = _Parser(prog="python -m exports", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    data = commands.add_parser("data", help="all tables with descriptor, README and licence")
    data.add_argument("--out", type=Path, required=True, help="a file that ends in .zip, or a new folder")
    one = commands.add_parser("table", help="one table")
    one.add_argument("table", choices=tuple(SPECS))
    one.add_argument("--format", choices=tuple(WRITERS), default="csv")
    one.add_argument("--out", type=Path, required=True, help="the file to write")
    for command in (data, one):
        for name, words in ONE.items():
            command.add_argument(f"--{name.replace('_', '-')}", help=words, required=name == "as_of")
        for name, words in MANY.items():
            command.add_argument(f"--{name.replace('_', '-')}", action="append", default=[], help=words)
        command.add_argument("--and-derived", action="store_true", help="and what derives from those sources")
        command.add_argument(
            "--everything", action="store_true", help="the whole ledger, and all states of the day"
        )
        command.add_argument(
            "--folder", type=Path, default=Path(os.environ.get("GEODATA") or HERE), help="data folder"
        )
    return parser


def _params(args: argparse.Namespace) -> dict[str, list[str]]:
    """Return the arguments as an address spells them."""
    given = vars(args)
    params = {name: [given[name]] for name in ONE if given[name] is not None}
    params |= {name: [",".join(given[name])] for name in MANY if given[name]}
    if args.and_derived:
        params["derived"] = [DERIVED_OUT]
    return params | ({request.EVERYTHING: ["1"]} if args.everything else {})


def _run(args: argparse.Namespace) -> None:
    ledger, now = load(args.folder), desk.today()
    state, everything = request.read(_params(args), ledger, now)
    shown = request.shown(ledger, state, now)
    if args.command == "table":
        if args.format != "csv" and args.table not in PLACED:
            raise QuestionError(f"{args.table} has no positions; it leaves as csv")
        _write(args.out, package.file_bytes(args.table, args.format, shown, everything=everything))
    elif args.out.suffix == ".zip":
        _write(args.out, package.zipped(shown, everything=everything))
    else:
        if args.out.exists() and not (args.out.is_dir() and not any(args.out.iterdir())):
            raise QuestionError(f"{echo(str(args.out))} is there already; name a new folder, or a .zip")
        for path, body in package.parts(shown, everything=everything).items():
            (args.out / path).parent.mkdir(parents=True, exist_ok=True)
            _write(args.out / path, body)


def _write(path: Path, body: bytes) -> None:
    path.write_bytes(body)
    sys.stderr.write(f"{path}: {len(body):,} bytes\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 where the data is wrong, 2 where the question is."""
    args = _parser().parse_args(arguments)
    try:
        _run(args)
    except LedgerError as error:
        sys.stderr.write(f"python -m exports: {len(error.problems)} problem(s) in {args.folder}; python -m geodata check lists them\n")  # fmt: skip
        return 1
    except QuestionError as error:
        sys.stderr.write(f"python -m exports: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"python -m exports: {error.filename} could not be written: {error.strerror}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

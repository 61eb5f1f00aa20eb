"""The command line: check a data folder, print who held which site, print the data dictionary."""

import argparse
import csv
import datetime as dt
import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

try:
    from geodata import control, dictionary
    from geodata.errors import LedgerError, QuestionError
    from geodata.load import HERE, is_folder, load
    from geodata.model import Ledger
except ModuleNotFoundError as missing:
    sys.stderr.write(
        f"python -m geodata: the package {missing.name} is not installed here; "
        "run `make run` once, then use .venv/bin/python instead of python\n"
    )
    raise SystemExit(2) from None


class _Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong, and leaves with 2."""

    def error(self, message: str) -> NoReturn:
        """Print one line and leave."""
        sys.stderr.write(f"{self.prog}: {message}\n")
        raise SystemExit(2)


def _day(text: str) -> dt.date:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            raise ValueError  # noqa: TRY301 - one message for every form but this one
        return dt.date.fromisoformat(text)
    except ValueError:
        message = f"{text[:40]!r} is not a day; write it as 2026-01-17"
        raise argparse.ArgumentTypeError(message) from None


def _folder(text: str) -> Path:
    path = Path(text)
    if not text or not is_folder(path):
        message = f"{text[:80]!r} is not a folder; give one that holds sites.csv, claims.csv and the others"
        raise argparse.ArgumentTypeError(message)
    return path


def _parser() -> _Parser:
    parser = _Parser(prog="python -m geodata", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    check = commands.add_parser("check", help="list everything that is wrong with a data folder")
    check.add_argument("folder", nargs="?", type=_folder, default=str(folder()))
    check.add_argument("--texts", type=_folder, help="folder with the articles, to check quotations against")
    ask = commands.add_parser("control", help="print who held which site on a day")
    ask.add_argument("--as-of", type=_day, required=True, help="the day asked about, as 2026-01-17")
    ask.add_argument("--known-on", type=_day, help="count only what sources had reported by this day")
    ask.add_argument(
        "--without", action="append", default=[], metavar="SOURCE", help="leave a source out; may be repeated"
    )
    ask.add_argument(
        "--and-derived", action="store_true", help="leave out what derives from all those sources too"
    )
    ask.add_argument(
        "--without-grade", action="append", default=[], metavar="LETTER",
        help="leave out all sources of a grade, A to D; may be repeated",
    )  # fmt: skip
    ask.add_argument("--site", help="one site only")
    ask.add_argument("--format", choices=("table", "csv", "json"), default="table")
    ask.add_argument("--folder", type=_folder, default=str(folder()), help="data folder")
    commands.add_parser("dictionary", help="print the data dictionary as Markdown")
    return parser


def folder() -> Path:
    """Return the data folder: the environment's GEODATA, or the one that comes with the package."""
    return Path(os.environ.get("GEODATA") or HERE)


def record(ledger: Ledger, state: control.State) -> dict[str, object]:
    """Return one site's state as the plain values that leave the program."""
    site, span = ledger.sites[state.site], state.span
    return {
        "site": site.site, "name": site.name, "region": site.region.value, "controller": span.held.controller.value,
        "coalition": span.held.coalition.value, "category": span.category.value,
        "basis": span.basis.value if span.basis else None, "since": span.since,
        "decided_by": list(span.decided_by), "rivals": list(span.rivals), "last_evidence": state.last_evidence,
        "sources": list(state.sources),
    }  # fmt: skip


def _control(args: argparse.Namespace) -> int:
    ledger = load(args.folder)
    if args.site is not None and args.site not in ledger.sites:
        message = f"no site {args.site[:40]!r}; the sites are {', '.join(sorted(ledger.sites))}"
        raise QuestionError(message)
    states = control.control_at(
        ledger,
        args.as_of,
        args.known_on,
        args.without,
        and_derived=args.and_derived,
        without_grades=args.without_grade,
    )
    rows = [record(ledger, state) for state in states if args.site in (None, state.site)]
    known = args.known_on.isoformat() if args.known_on else None
    if args.format == "json":
        answer = {"as_of": args.as_of.isoformat(), "known_on": known, "sites": rows}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
    elif args.format == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["as_of", "known_on", *rows[0]])
        for row in rows:
            cells = [" ".join(v) if isinstance(v, list) else ("" if v is None else v) for v in row.values()]
            writer.writerow([args.as_of.isoformat(), known or "", *cells])
    else:
        for row in rows:
            basis, last = row["basis"] or "-", row["last_evidence"] or "none"
            sys.stdout.write(f"{row['site']!s:<18}{row['category']!s:<22}{basis!s:<11}last evidence {last}\n")
    return 0


def _check(args: argparse.Namespace) -> int:
    ledger = load(args.folder, args.texts)
    counts = f"{len(ledger.sources)} sources, {len(ledger.sites)} sites, {len(ledger.claims)} claims"
    sys.stdout.write(f"Nothing is wrong with {args.folder}: {counts}, data version {ledger.version}.\n")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 where the data is wrong, 2 where the question is."""
    args = _parser().parse_args(arguments)
    try:
        if args.command == "dictionary":
            sys.stdout.write(dictionary.markdown())
            return 0
        return _control(args) if args.command == "control" else _check(args)
    except LedgerError as error:
        sys.stdout.write("\n".join(map(str, error.problems)) + "\n")
        sys.stderr.write(f"{len(error.problems)} problem(s) in {args.folder}\n")
        return 1
    except QuestionError as error:
        sys.stderr.write(f"python -m geodata: {error}\n")
        return 2


def program() -> int:
    """Run one command as a program: where the answer cannot be written, say so in one line and return 2."""
    if sys.stdout is None:  # closed by the caller
        sys.stderr.write("python -m geodata: there is nowhere to write to; standard output is closed\n")
        return 2
    try:
        code = main()
        sys.stdout.flush()
    except (OSError, UnicodeEncodeError) as error:
        # What is still unwritten would be tried again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        reason = (
            error.strerror
            if isinstance(error, OSError)
            else "its encoding lacks a character; set PYTHONUTF8=1"
        )
        sys.stderr.write(f"python -m geodata: the answer could not be written: {reason}\n")
        return 2
    return code


if __name__ == "__main__":
    sys.exit(program())

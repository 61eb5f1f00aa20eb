"""The command line: write the data package, one table, a briefing, many briefings, or an atlas that needs no server."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

try:
    from components import desk
    from components.view_state import DERIVED_OUT, echo
    from exports import film, options, package, request
    from exports.files import WRITERS
    from exports.tables import PLACED, SPECS
    from geodata.errors import LedgerError, QuestionError
    from geodata.load import HERE, load
    from geodata.model import Ledger
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


VIEW = {
    "as_of": "the day asked about, as 2026-01-17", "known_on": "count only what sources had reported by this day, or each-day",
    "compare": "a second day",
}  # fmt: skip
LISTS = {
    "about": "only this site", "phase": "only this phase", "since": "only what is of this day or later",
    "speaker": "only what was said by", "outlet": "only what was carried by", "q": "only what has these words",
}  # fmt: skip
MANY = {
    "without": "leave a source out; may be repeated", "without_grade": "leave out all sources of a grade; may be repeated",
    "hide": "leave out a category; may be repeated",
}  # fmt: skip
BRIEFING = {
    "site": "the site it is about", options.MARKING: "handling marking, top and bottom: a TLP 2.0 label or any text",
    options.HEADLINE: "instead of the proposed one", options.LAYOUT: f"one of {', '.join(options.LAYOUTS)}",
    options.THEME: f"one of {', '.join(options.THEMES)}", options.QUOTES: "quotations by their names, with commas between, or none",
    "map": "middle of the map as zoom/latitude/longitude", options.SCALE: "of a PNG: 1, 2 or 4",
    options.MADE: "when it was made, as 2026-01-18T14:05+03:00", options.ADDRESS: "where the atlas is found, for the permalink",
    film.RHYTHM: f"of a film or a series: one of {', '.join(film.RHYTHMS)}", film.FROM: "first day of a film or a series",
    film.UNTIL: "its last day",
}  # fmt: skip
FORMS = ("png", "svg", "pdf", "pptx", "html", "mp4", "webm", "gif", "zip")
"""Those of exports.forms, which takes long to load; a test holds them together."""


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
        command.add_argument(
            "--everything", action="store_true", help="the whole ledger, and all states of the day"
        )
        for name, words in LISTS.items():
            command.add_argument(f"--{name}", help=words)
    brief = commands.add_parser(
        "briefing", help="a briefing as picture, page, slide, film, file, or all of them"
    )
    brief.add_argument("--format", choices=FORMS, required=True)
    brief.add_argument("--out", type=Path, required=True, help="the file to write; of a series a folder")
    brief.add_argument(
        "--series", action="store_true", help="one file for each day of a rhythm instead of one"
    )
    for name, words in BRIEFING.items():
        brief.add_argument(f"--{name}", help=words)
    for command in (data, one, brief):
        for name, words in VIEW.items():
            command.add_argument(f"--{name.replace('_', '-')}", help=words, required=name == "as_of")
        for name, words in MANY.items():
            command.add_argument(f"--{name.replace('_', '-')}", action="append", default=[], help=words)
        command.add_argument("--and-derived", action="store_true", help="and what derives from those sources")
    publish = commands.add_parser(
        "publish", help="a folder that any web server serves: map, clock, words, data"
    )
    publish.add_argument(
        "--out", type=Path, required=True, help="a new folder, or an earlier edition to replace"
    )
    publish.add_argument("--address", default="", help="where it will be found, for links in what leaves it")
    for command in (data, one, brief, publish):
        command.add_argument(
            "--folder", type=Path, default=Path(os.environ.get("GEODATA") or HERE), help="data folder"
        )
    return parser


def _params(args: argparse.Namespace) -> dict[str, list[str]]:
    """Return the arguments as an address spells them."""
    given = vars(args)
    params = {name: [given[name]] for name in (*VIEW, *LISTS, *BRIEFING) if given.get(name) is not None}
    params |= {name: [",".join(given[name])] for name in MANY if given[name]}
    if args.and_derived:
        params["derived"] = [DERIVED_OUT]
    return params | ({request.EVERYTHING: ["1"]} if given.get("everything") else {})


def _data(args: argparse.Namespace, ledger: Ledger) -> None:
    now = desk.today()
    state, everything = request.read(_params(args), ledger, now)
    shown = request.shown(ledger, state, now)
    if args.command == "table":
        if args.format != "csv" and args.table not in PLACED:
            raise QuestionError(f"{args.table} has no positions; it leaves as csv")
        _write(args.out, package.file_bytes(args.table, args.format, shown, everything=everything))
    elif args.out.suffix == ".zip":
        _write(args.out, package.zipped(shown, everything=everything))
    else:
        _new(args.out)
        for path, body in package.parts(shown, everything=everything).items():
            (args.out / path).parent.mkdir(parents=True, exist_ok=True)
            _write(args.out / path, body)


def _briefing(args: argparse.Namespace, ledger: Ledger) -> None:
    from exports import forms  # noqa: PLC0415 - loads typesetter and film maker, which tables do not need

    asked = forms.read(_params(args), ledger, desk.today())
    if not args.series:
        _write(args.out, forms.make(args.format, asked, _tell))
        return
    _new(args.out)
    args.out.mkdir(parents=True, exist_ok=True)
    for one in forms.series(asked):
        _write(args.out / forms.file_name(args.format, one), forms.make(args.format, one))


def _publish(args: argparse.Namespace, ledger: Ledger) -> None:
    from exports import edition  # noqa: PLC0415 - as above

    edition.publish(ledger, args.out, address=args.address, now=desk.today())
    sys.stderr.write(f"{args.out}: ready for any web server; open index.html\n")


RUN = {"data": _data, "table": _data, "briefing": _briefing, "publish": _publish}


def _tell(done: int, of: int) -> None:
    """Say how far a film is, where somebody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} of {of} frames" + ("\n" if done == of else ""))


def _new(folder: Path) -> None:
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise QuestionError(f"{echo(str(folder))} is there already; name a new folder, or a .zip")


def _write(path: Path, body: bytes) -> None:
    path.write_bytes(body)
    sys.stderr.write(f"{path}: {len(body):,} bytes\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 where the data is wrong, 2 where the question is."""
    args = _parser().parse_args(arguments)
    try:
        RUN[args.command](args, load(args.folder))
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

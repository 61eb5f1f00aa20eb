"""Write a made-up data folder: `python -m tools.bench.made_up FOLDER`, then `GEODATA=FOLDER make run`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.bench.made_up.folder import write


def main() -> int:
    """Write the folder and say what is in it."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.made_up", description=__doc__)
    parser.add_argument("name", metavar="folder", help="folder to write; made-up files in it are replaced")
    parser.add_argument("--sites", type=int, default=10_000)
    parser.add_argument("--claims", type=int, default=100_000, help="at least one a site")
    parser.add_argument("--seed", type=int, default=1, help="the same seed writes the same bytes")
    options = parser.parse_args()
    options.folder = Path(options.name)
    if options.sites < 1 or options.claims < options.sites:
        parser.error("--sites starts at 1, --claims at the number of sites")
    if not options.name.strip():
        parser.error("name a folder")
    if strange := _not_made_up(options.folder):
        parser.error(f"{strange} is not made up and would be replaced; name another folder")
    if options.folder.exists() and not options.folder.is_dir():
        parser.error(f"{options.folder} is no folder")
    counts = write(options.folder, sites=options.sites, claims=options.claims, seed=options.seed)
    print(f"{options.folder}: " + ", ".join(f"{count:,} {name}" for name, count in counts.items()))
    return 0


def _not_made_up(folder: Path) -> Path | None:
    """Return a file in `folder` that a made-up ledger would replace and that is none, if there is one."""
    sites = folder / "sites.csv"
    if (folder / "origins.csv").exists():
        return folder / "origins.csv"
    if sites.is_file() and "Made-up" not in sites.read_text(encoding="utf-8", errors="replace"):
        return sites
    return None


if __name__ == "__main__":
    sys.exit(main())

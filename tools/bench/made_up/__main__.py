"""Write a made-up data folder: `python -m tools.bench.made_up FOLDER`, then `GEODATA=FOLDER make run`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.bench.made_up.folder import write


def main() -> int:
    """Write the folder and say what is in it."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.made_up", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder to write; its CSV files are replaced")
    parser.add_argument("--sites", type=int, default=10_000)
    parser.add_argument("--claims", type=int, default=100_000, help="at least one a site")
    parser.add_argument("--seed", type=int, default=1, help="the same seed writes the same bytes")
    options = parser.parse_args()
    if options.sites < 1 or options.claims < options.sites:
        parser.error("--sites starts at 1, --claims at the number of sites")
    if (options.folder / "origins.csv").exists():
        parser.error(f"{options.folder} holds a real ledger; name another folder")
    counts = write(options.folder, sites=options.sites, claims=options.claims, seed=options.seed)
    print(f"{options.folder}: " + ", ".join(f"{count:,} {name}" for name, count in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())

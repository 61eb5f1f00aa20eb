"""`make test-readers`: open what leaves with the programs of others, and say which of them are missing here.

Those that Debian has are installed where that needs no question (Debian, as root). R with sf is asked if it is here and
never installed: it is large.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class Reader(NamedTuple):
    """A program that opens what leaves: the package that brings it, what it is, and whether it is installed here."""

    package: str
    what: str
    installed: bool = True


READERS = {
    "ogrinfo": Reader("gdal-bin", "GDAL's ogrinfo, whose drivers QGIS and R's sf read with"),
    "soffice": Reader("libreoffice-impress", "LibreOffice, which opens slides"),
    "pdftotext": Reader("poppler-utils", "Poppler's pdftotext and pdftoppm, which read pages"),
    "ffprobe": Reader("ffmpeg", "FFmpeg's ffprobe, which reads films"),
    "Rscript": Reader("r-base-core r-cran-sf", "R, with the package sf", installed=False),
}


def main() -> int:
    """Get the programs, say what is missing, run the tests of those that are here."""
    _install(
        [reader.package for name, reader in READERS.items() if reader.installed and not shutil.which(name)]
    )
    missing = [name for name in READERS if not shutil.which(name)]
    for name in missing:
        print(
            f"Not tested: {READERS[name].what}. On Debian: apt-get install {READERS[name].package}",
            flush=True,
        )
    if any(READERS[name].installed for name in missing):
        return 1
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "readers", "tests/readers"], check=False
    ).returncode


def _install(packages: list[str]) -> None:
    debian = Path("/etc/debian_version").exists() and shutil.which("apt-get")
    if not packages or not debian or os.geteuid() != 0:
        return
    print(f"Installing {', '.join(packages)} ...", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        env=quiet, stdout=subprocess.DEVNULL, check=False,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())

"""`make test-readers`: open what leaves with the programs of others, and say which of them are missing here.

GDAL is installed where it can be (Debian, as root). R with sf is asked if it is here and never installed: it is large.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROGRAMS = {
    "ogrinfo": ("gdal-bin", "GDAL's ogrinfo, whose drivers QGIS and R's sf read with"),
    "Rscript": ("r-base-core r-cran-sf", "R, with the package sf"),
}
INSTALLED_HERE = ("ogrinfo",)


def main() -> int:
    """Get the programs, say what is missing, run the tests of those that are here."""
    for program in INSTALLED_HERE:
        if not shutil.which(program):
            _install(PROGRAMS[program][0])
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    for program in missing:
        package, what = PROGRAMS[program]
        print(f"Not tested: {what}. On Debian: apt-get install {package}", flush=True)
    if "ogrinfo" in missing:
        return 1
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "readers", "tests/readers"], check=False
    ).returncode


def _install(package: str) -> None:
    debian = Path("/etc/debian_version").exists() and shutil.which("apt-get")
    if not debian or os.geteuid() != 0:
        return
    print(f"Installing {package} ...", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", package], env=quiet, stdout=subprocess.DEVNULL, check=False
    )


if __name__ == "__main__":
    sys.exit(main())

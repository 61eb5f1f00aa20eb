"""Programs of others open what leaves: GDAL's ogrinfo, the way QGIS and R open it. `make test-readers` gets them.

Deselected by `make test`: they need programs that are no Python packages.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from exports import package, tables
from tests.exports.views import show

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.readers


def run(*command: str) -> tuple[str, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


@pytest.fixture
def rscript() -> str:
    found = shutil.which("Rscript")
    if not found or subprocess.run([found, "-e", "library(sf)"], capture_output=True, check=False).returncode:
        pytest.skip("R with sf is not here; make test-readers says how to get it")
    return found


def written(folder: Path, name: str, ending: str) -> Path:
    path = folder / f"{name}.{ending}"
    path.write_bytes(package.file_bytes(name, ending, show(), everything=True))
    return path


@pytest.mark.parametrize("name", tables.PLACED)
def test_ogrinfo_opens_the_geojson_without_a_warning(name: str, tmp_path: Path) -> None:
    said, complaints = run("ogrinfo", "-al", "-so", str(written(tmp_path, name, "geojson")))
    assert complaints == ""
    assert "warning" not in said.lower()
    assert f"Layer name: {name}" in said
    assert f"Feature Count: {tables.count(name, show(), everything=True)}" in said
    assert "Geometry: Point" in said
    assert 'ID["EPSG",4326]' in said
    for column in tables.SPECS[name].columns:
        assert f"\n{column.name}: " in said
        filled = [v for v in tables.table(name, show(), everything=True).column(column) if v is not None]
        if column.kind == "date" and filled:
            assert f"\n{column.name}: Date" in said


@pytest.mark.parametrize("name", tables.SPECS)
def test_ogrinfo_opens_the_csv_without_a_warning(name: str, tmp_path: Path) -> None:
    options = ["-oo", "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat", "-oo", "AUTODETECT_TYPE=YES"]
    said, complaints = run("ogrinfo", "-al", "-so", *options, str(written(tmp_path, name, "csv")))
    assert complaints == ""
    assert f"Feature Count: {tables.count(name, show(), everything=True)}" in said
    assert ("Geometry: Point" in said) == (name in tables.PLACED)


@pytest.mark.parametrize("name", tables.PLACED)
def test_r_opens_the_geojson_and_the_csv(name: str, tmp_path: Path, rscript: str) -> None:
    geojson, sheet = written(tmp_path, name, "geojson"), written(tmp_path, name, "csv")
    program = (
        "options(warn = 2); library(sf); x <- st_read(commandArgs(TRUE)[1], quiet = TRUE); "
        "y <- read.csv(commandArgs(TRUE)[2], encoding = 'UTF-8'); cat(nrow(x), nrow(y), st_crs(x)$epsg)"
    )
    said, _ = run(rscript, "-e", program, str(geojson), str(sheet))
    rows = tables.count(name, show(), everything=True)
    assert said.split()[-3:] == [str(rows), str(rows), "4326"]

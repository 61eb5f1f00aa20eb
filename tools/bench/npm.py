"""The timeline's scripts, fetched from npm for a measurement, checked against pinned digests and never committed."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

SECONDS = 120


class NoScriptsError(RuntimeError):
    """The scripts are not to be had; the message says in one sentence why, and what to do."""


@dataclass(frozen=True)
class Package:
    """One npm package and the one file we need of it, by the names folium 0.20's own links give."""

    name: str
    version: str
    integrity: str
    """As npm states it: the SHA-512 of the archive in base64."""
    member: str

    @property
    def file(self) -> str:
        """The name under which the file is served."""
        return self.member.rsplit("/", 1)[-1]


PACKAGES = (
    Package(
        name="leaflet.timeline",
        version="1.6.0",
        integrity="FCMkr3P0zxL5IRVJ80wUPmXOlyC7ohq3z2JO45mYq6AKoBgB1yXjfXI6e6V64TAwBl0cmyYIrJCN8boyXdVDSQ==",
        member="package/dist/leaflet.timeline.js",
    ),
    Package(
        name="moment",
        version="2.18.1",
        integrity="QGcnVKRSEhbWy2i0pqFhjWMCczL/YU5ICMB3maUavFcyUqBszRnzsswvOaGOqSfWZ/R+dMnb9gGBuRT4LMTdVQ==",
        member="package/min/moment.min.js",
    ),
)


def scripts(folder: Path) -> Path:
    """Return `folder` with all scripts in it, fetching what is missing; raise NoScriptsError where that cannot be done."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        archive = folder / f"{package.name}-{package.version}.tgz"
        if not archive.is_file():
            _pack(package, archive)
        (folder / package.file).write_bytes(unpack(package, archive.read_bytes()))
    return folder


def unpack(package: Package, archive: bytes) -> bytes:
    """Return the file out of an archive whose digest is the pinned one."""
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if digest != package.integrity:
        raise NoScriptsError(
            f"{package.name} {package.version} from npm has the digest sha512-{digest}, not the pinned one: "
            "delete build/npm, and find out why before measuring with it."
        )
    with tempfile.TemporaryFile() as file:
        file.write(archive)
        file.seek(0)
        with tarfile.open(fileobj=file, mode="r:gz") as opened:
            member = opened.extractfile(package.member)
            if member is None:
                raise NoScriptsError(f"{package.name} {package.version} has no {package.member}.")
            return member.read()


def _pack(package: Package, archive: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoScriptsError(
            "npm was not found, which holds the scripts of folium's timeline: install Node.js with npm to measure it too."
        )
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [npm, "pack", f"{package.name}@{package.version}", "--ignore-scripts", "--pack-destination", folder],
                capture_output=True, text=True, timeout=SECONDS, check=False, cwd=folder,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise NoScriptsError(f"npm did not answer within {SECONDS} s about {package.name}.") from None
        packed = next(Path(folder).glob("*.tgz"), None)
        if done.returncode != 0 or packed is None:
            said = done.stderr.strip().splitlines()[-1:] or ["nothing"]
            raise NoScriptsError(f"npm could not fetch {package.name} {package.version}; it said: {said[0]}")
        archive.write_bytes(packed.read_bytes())

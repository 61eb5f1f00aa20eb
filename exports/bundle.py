"""Files in one ZIP of equal bytes, with a manifest by which each of them can be checked."""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping

MANIFEST = "MANIFEST.txt"
NO_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest date a ZIP knows: the time of the download is no part of the data."""
UNIX, MODE = 3, 0o644
"""As written on any machine; else the ZIP would tell which system made it."""
NAME = re.compile(r"[\w.+-]+(?:/[\w.+-]+)*")
"""Names that are safe to unpack everywhere, and that `sha256sum` writes without escapes."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files by their names as a ZIP that begins with their manifest; `sha256sum -c MANIFEST.txt` checks them."""
    if wrong := [name for name in files if not safe(name) or name == MANIFEST]:
        raise ValueError(f"{wrong[0]!r} cannot be the name of a file in the ZIP")
    return archive({MANIFEST: manifest(files), **files})


def safe(name: str) -> bool:
    """Return whether a name stays inside the folder in which somebody unpacks the ZIP."""
    return bool(NAME.fullmatch(name)) and not {"", ".", ".."} & {*name.split("/")}


def manifest(files: Mapping[str, bytes]) -> bytes:
    """Return one line for each file: its SHA-256 in hexadecimal digits, two spaces, its name."""
    return "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in files.items()).encode()


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return files as a ZIP, in the given order; equal files give equal bytes, whenever and wherever."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
        for name, body in files.items():
            entry = zipfile.ZipInfo(name, NO_DATE)
            entry.compress_type, entry.create_system, entry.external_attr = (
                zipfile.ZIP_DEFLATED,
                UNIX,
                MODE << 16,
            )
            target.writestr(entry, body)
    return out.getvalue()

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from exports import bundle

ROOT = Path(__file__).resolve().parents[2]
FILES = {"b.png": b"\x89PNG", "data/ä.csv": "سؤال\n".encode(), "a.txt": b""}


def test_the_manifest_stands_first_and_names_every_file_with_its_checksum() -> None:
    with zipfile.ZipFile(io.BytesIO(bundle.zipped(FILES))) as opened:
        assert opened.namelist() == [bundle.MANIFEST, *FILES]
        assert {name: opened.read(name) for name in FILES} == FILES
        lines = opened.read(bundle.MANIFEST).decode().splitlines()
    assert lines == [f"{hashlib.sha256(body).hexdigest()}  {name}" for name, body in FILES.items()]
    assert lines[2].startswith("e3b0c44298fc1c14")  # the known checksum of nothing


def test_sha256sum_accepts_the_manifest_and_notices_a_changed_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle.zipped(FILES))) as opened:
        opened.extractall(tmp_path)
    # GNU has the one, macOS the other.
    program = ["sha256sum"] if shutil.which("sha256sum") else ["shasum", "-a", "256"]
    check = [*program, "--strict", "-c", bundle.MANIFEST]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "a.txt").write_bytes(b"x")
    told = subprocess.run(check, cwd=tmp_path, capture_output=True, check=False)
    assert told.returncode == 1
    assert b"a.txt: FAILED" in told.stdout


def test_the_same_files_give_the_same_bytes_at_another_time_and_in_another_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = bundle.zipped(FILES)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    monkeypatch.setattr(time, "localtime", lambda *_: time.struct_time((2033, 5, 18, 3, 33, 20, 2, 138, 0)))
    assert bundle.zipped(FILES) == before
    code = f"from exports import bundle; import sys; sys.stdout.buffer.write(bundle.zipped({FILES!r}))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert other.stdout == before
    with zipfile.ZipFile(io.BytesIO(before)) as opened:
        assert {entry.date_time for entry in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a//b", "a/./b", "", "a\nb", "a\\b", "a b", bundle.MANIFEST], ids=repr
)
def test_a_name_that_would_leave_the_folder_or_break_the_manifest_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name"):
        bundle.zipped({name: b""})

"""Starts a Streamlit server on a free port for a measurement or a picture, and ends that one only."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
TODAY = "2026-11-20"
"""The "today" of measurements and pictures, so that both can be repeated on any day."""

START_SECONDS = 90
END_SECONDS = 10
# A proxy of the machine's environment must not stand between us and our own server.
DIRECT = build_opener(ProxyHandler({}))
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class ServerError(RuntimeError):
    """A server that did not start; the message says which, and what it printed."""


@dataclass(frozen=True)
class Server:
    """A server that runs: where it is, which process it is, how long it took to answer, and what it printed."""

    address: str
    pid: int
    seconds: float
    log: BinaryIO

    def words(self) -> str:
        """Return what the server has printed so far."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")


@contextmanager
def serve(entry: str = "app.py") -> Iterator[str]:
    """Run an entry of the repository, as in `streamlit run app.py`, and give its address until the block ends."""
    with running(entry) as server:
        yield server.address


@contextmanager
def running(
    entry: str = "app.py", environment: Mapping[str, str] | None = None, *, seconds: float = START_SECONDS
) -> Iterator[Server]:
    """Run an entry of the repository with these variables added, and give its server until the block ends.

    Raises ServerError, with what it printed, for a server that does not answer within `seconds`.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryFile() as log:
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", entry, "--server.port", str(port)],
            cwd=ROOT,
            env=os.environ | {"ATLAS_TODAY": TODAY} | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a process group of its own, so that ending it ends nothing else
        )
        try:
            if not _answers(process, port, seconds):
                log.seek(0)
                raise ServerError(f"{entry} did not start:\n{log.read().decode(errors='replace')}")
            yield Server(f"http://localhost:{port}", process.pid, time.monotonic() - started, log)
        finally:
            _end(process)


def is_local(address: str) -> bool:
    """Tell whether an address stays on this machine."""
    parts = urlsplit(address)
    return parts.scheme in {"data", "blob", "about"} or parts.hostname in LOOPBACK


def _answers(process: subprocess.Popen[bytes], port: int, seconds: float) -> bool:
    """Wait until the server answers; False if it ends or stays silent."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with DIRECT.open(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return True
        except (URLError, OSError):
            time.sleep(0.1)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

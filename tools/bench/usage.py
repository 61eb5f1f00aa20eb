"""What a process takes: its processor time and its memory, with those of the processes it started."""

from __future__ import annotations

import psutil

MIB = 2**20


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def cpu_seconds(pid: int) -> float:
    """Return the seconds of processor time a process and its children have used so far."""
    times = [each.cpu_times() for each in _family(pid)]
    return sum(each.user + each.system for each in times)


def memory_mib(pid: int) -> float:
    """Return the resident memory of a process and its children, in MiB."""
    return float(sum(each.memory_info().rss for each in _family(pid))) / MIB

"""Processor time and memory of the process that serves a port of this machine, as Linux's /proc has them."""

import time
from contextlib import suppress
from dataclasses import dataclass
from os import sysconf
from pathlib import Path

TICKS_PER_SECOND = sysconf("SC_CLK_TCK")
PAGE_MB = sysconf("SC_PAGE_SIZE") / 1e6
LISTENING = "0A"
PROC = Path("/proc")


@dataclass(frozen=True)
class ServerUsage:
    """Processor time per second of the clock, while viewers arrived and after that, and the memory (MB).

    The memory is that at the beginning, at the end and at its most.
    """

    arriving_cores: float
    cores: float
    memory_mb: tuple[float, float, float]


class ServerProcess:
    """A process that is measured from its construction on."""

    def __init__(self, pid: int) -> None:
        """Begin to measure this process of this machine."""
        self._pid = pid
        self._arriving_cores = 0.0
        self._started_at, self._cpu_seconds = time.monotonic(), self._read_cpu_seconds()
        self._first_mb = self._most_mb = self._read_memory_mb()

    def note_arrival(self) -> None:
        """Note that all viewers have arrived."""
        self._arriving_cores = self._cores()
        self._started_at, self._cpu_seconds = time.monotonic(), self._read_cpu_seconds()

    def sample(self) -> None:
        """Look at the memory, to know its most."""
        self._most_mb = max(self._most_mb, self._read_memory_mb())

    def usage(self) -> ServerUsage:
        """The usage since the construction. Raises OSError when the process has ended."""
        self.sample()
        return ServerUsage(self._arriving_cores, self._cores(), (self._first_mb, self._read_memory_mb(), self._most_mb))

    def _cores(self) -> float:
        """Processor time per second since the construction, or since all viewers have arrived."""
        return (self._read_cpu_seconds() - self._cpu_seconds) / (time.monotonic() - self._started_at)

    def _read_cpu_seconds(self) -> float:
        fields = (PROC / str(self._pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND

    def _read_memory_mb(self) -> float:
        return int((PROC / str(self._pid) / "statm").read_text(encoding="utf-8").split()[1]) * PAGE_MB


def process_listening_on(port: int) -> int | None:
    """The id of the process of this machine that listens on a TCP port; None where none can be seen."""
    inodes = {
        fields[9]
        for table in ("tcp", "tcp6")
        for fields in map(str.split, _lines(PROC / "net" / table)[1:])
        if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port
    }
    links = {f"socket:[{inode}]" for inode in inodes}
    for folder in PROC.glob("[0-9]*/fd"):
        with suppress(OSError):  # the process has ended, or is somebody else's
            if any(str(descriptor.readlink()) in links for descriptor in folder.iterdir()):
                return int(folder.parent.name)
    return None


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []

"""Processor time and memory of a running Otklik and its database."""

from contextlib import suppress
from dataclasses import dataclass
from os import sysconf
from pathlib import Path

TICKS_PER_SECOND = sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Processes:
    """The launcher of the screens, and the postmaster of their database."""

    launcher: int
    postmaster: int

    @classmethod
    def of(cls, launcher: int, data: Path) -> "Processes":
        """The processes of an `otklik run` on this data folder."""
        (pid_file,) = data.glob("**/postmaster.pid")
        return cls(launcher, int(pid_file.read_text().split()[0]))

    def cpu_seconds(self) -> float:
        """Processor time of both and of all processes that they started."""
        ticks = [sum(map(int, fields[11:15])) for fields in self._stats(self.launcher, self.postmaster)]
        return sum(ticks) / TICKS_PER_SECOND

    def resident_mb(self) -> float:
        """Memory of the launcher and the screens, without the database's."""
        pages = sum(int(fields[21]) for fields in self._stats(self.launcher, without=self.postmaster))
        return pages * sysconf("SC_PAGE_SIZE") / 2**20

    @staticmethod
    def _stats(*roots: int, without: int | None = None) -> list[list[str]]:
        """The fields of /proc/*/stat from the state on, of these processes and all below them, each once.

        `without`: a process that is left out with all below it.
        """
        stats: dict[int, list[str]] = {}
        for file in Path("/proc").glob("[0-9]*/stat"):
            with suppress(FileNotFoundError, ProcessLookupError):
                stats[int(file.parent.name)] = file.read_text().rpartition(")")[2].split()
        pids = list(roots)
        for pid in pids:
            children = [child for child, fields in stats.items() if int(fields[1]) == pid]
            pids.extend(child for child in children if child != without and child not in pids)
        return [stats[pid] for pid in pids if pid in stats]

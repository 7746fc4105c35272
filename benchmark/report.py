"""What was measured, as a table for people and as JSON for the next run to be compared with."""

import os
import platform
import resource
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from benchmark.timing import Times
from benchmark.writes import Writes

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Row:
    """One panel on one screen: milliseconds from cubes (as owner, and as a viewer), from the appeals, and columnar."""

    screen: str
    panel: str
    cubes: Times
    scoped: Times
    appeals: Times
    columnar: Times


@dataclass
class Report:
    """Sizes in bytes, times in milliseconds unless named otherwise."""

    appeals: int
    rows: list[Row] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    writes: dict[str, Writes] = field(default_factory=dict)
    peak_memory: int = 0
    machine: str = f"{os.cpu_count()} cores, {platform.machine()}"
    measured_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="minutes"))

    def as_json(self) -> dict[str, object]:
        """Everything, in plain types."""
        return asdict(self)

    def lines(self) -> list[str]:
        """The table, a line each, in Markdown."""
        lines = [
            f"{self.appeals:,} appeals, {self.machine}, {self.measured_at}",
            "",
            "| screen | panel | cold | median | p95 | as a viewer | from appeals | times faster | columnar |",
            "|---|---|---:|---:|---:|---:|---:|---:|---:|",
            *map(_row, self.rows),
            *(self._together(screen) for screen in dict.fromkeys(row.screen for row in self.rows)),
            "",
            "Milliseconds; all of a panel's questions together, answers fetched.",
            "",
            "| what | MiB |",
            "|---|---:|",
            *(f"| {name} | {size / MEBIBYTE:,.0f} |" for name, size in self.sizes.items()),
        ]
        if self.peak_memory:
            lines.append(f"| peak memory of the process that asked and drew | {self.peak_memory / MEBIBYTE:,.0f} |")
        if self.writes:
            lines += ["", "| writes | without rollups | with | ratio |", "|---|---:|---:|---:|", *self._writes()]
        return lines

    def _together(self, screen: str) -> str:
        rows = [row for row in self.rows if row.screen == screen]
        own, scoped = sum(row.cubes.median for row in rows), sum(row.scoped.median for row in rows)
        return f"| {screen} | **all together** | | {own:.1f} | | {scoped:.1f} ({scoped / own:.2f} times) | | | |"

    def _writes(self) -> list[str]:
        off, on = self.writes["without"], self.writes["with"]
        ratio = off.inserts / on.inserts
        return [
            f"| inserts a second, 8 connections | {off.inserts:,.0f} | {on.inserts:,.0f} | {ratio:.2f} |",
            f"| COPY of 100,000 rows, seconds | {off.copy:.2f} | {on.copy:.2f} | {on.copy / off.copy:.2f} |",
            f"| folding those rows in, in the background, seconds | | {on.fold or 0:.2f} | |",
        ]


def _row(row: Row) -> str:
    faster = row.appeals.median / row.cubes.median
    return (
        f"| {row.screen} | {row.panel} | {row.cubes.cold:.1f} | {row.cubes.median:.1f} | {row.cubes.p95:.1f} "
        f"| {row.scoped.median:.1f} "
        f"| {row.appeals.median:,.0f} | {faster:,.0f} | {row.columnar.median:.1f} |"
    )


def peak_memory() -> int:
    """The most memory that this process has held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

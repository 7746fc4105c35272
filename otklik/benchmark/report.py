"""What was measured, as tables for people and as JSON for the next run to be compared with."""

import os
import platform
import resource
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from otklik.benchmark.pages import MAX_FRESH_MS, MAX_UNCHANGED_MS, PageTimes
from otklik.benchmark.timing import TimedStep, Times
from otklik.benchmark.writes import WriteTimes

MEBIBYTE = 1 << 20
CUBES_LABEL = "cubes with their indexes"
APPEALS_LABEL = "appeals with their indexes"


@dataclass(frozen=True)
class PanelTimes:
    """One panel of a page on one screen: from cubes (as owner, and as a viewer), from the appeals, and columnar.

    A list reads the appeals by an index and has no other way: nothing is told of it from the appeals.
    """

    screen: str
    page: str
    panel: str
    cubes: Times
    scoped: Times
    appeals: Times | None
    columnar: Times


@dataclass
class BenchmarkReport:
    """Sizes in bytes, times in milliseconds unless named otherwise."""

    appeals: int
    rows: list[PanelTimes] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    writes: dict[str, WriteTimes] = field(default_factory=dict)
    control: list[TimedStep] = field(default_factory=list)
    pages: list[PageTimes] = field(default_factory=list)
    peak_memory: int = 0
    whole_peak_memory: int = 0
    machine: str = f"{os.cpu_count()} cores, {platform.machine()}"
    measured_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="minutes"))

    def to_dict(self) -> dict[str, object]:
        """Everything, in plain types."""
        return asdict(self)

    def markdown_lines(self) -> list[str]:
        """The tables, a line each, in Markdown."""
        pages = dict.fromkeys((row.screen, row.page) for row in self.rows)
        return [
            f"{self.appeals:,} appeals, {self.machine}, {self.measured_at}",
            "",
            "| screen | page | panel | cold | median | p95 | as a viewer | from appeals | times faster | columnar |",
            "|---|---|---|---:|---:|---:|---:|---:|---:|---:|",
            *(
                line
                for page in pages
                for line in [*map(_panel_line, self._page_rows(*page)), self._page_total_line(*page)]
            ),
            "",
            "Milliseconds; all of a panel's questions together, answers fetched.",
            "",
            "| what | MiB |",
            "|---|---:|",
            *(f"| {name} | {size / MEBIBYTE:,.0f} |" for name, size in self.sizes.items()),
            f"| peak memory of the process that asked, and showed the pages | {self.peak_memory / MEBIBYTE:,.0f} |",
            f"| peak memory of the whole run, the columnar engine inside | {self.whole_peak_memory / MEBIBYTE:,.0f} |",
            "",
            f"Cubes are {self.cube_share():.1%} of the appeals.",
            *(["", "| writes | without rollups | with | ratio |", "|---|---:|---:|---:|"] if self.writes else []),
            *(self._write_lines() if self.writes else []),
            *(["", "| with 200,000 open appeals | median, ms | at most |", "|---|---:|---:|"] if self.control else []),
            *(f"| {step.name} | {step.median:,.1f} | {step.limit_ms or '–'} |" for step in self.control),
            *(["", *page_table_lines(self)] if self.pages else []),
        ]

    def cube_share(self) -> float:
        """The cubes' size as a share of the appeals'."""
        return self.sizes[CUBES_LABEL] / self.sizes[APPEALS_LABEL]

    def _page_rows(self, screen: str, page: str) -> list[PanelTimes]:
        return [row for row in self.rows if (row.screen, row.page) == (screen, page)]

    def _page_total_line(self, screen: str, page: str) -> str:
        rows = self._page_rows(screen, page)
        owner_ms, viewer_ms = sum(row.cubes.median for row in rows), sum(row.scoped.median for row in rows)
        return f"| {screen} | {page} | **all together** | | {owner_ms:.1f} | | {viewer_ms:.1f} ({viewer_ms / owner_ms:.2f} ×) | | | |"

    def _write_lines(self) -> list[str]:
        without_rollups, with_rollups = self.writes["without"], self.writes["with"]
        ratio = without_rollups.inserts / with_rollups.inserts
        return [
            f"| inserts a second, 8 connections | {without_rollups.inserts:,.0f} | {with_rollups.inserts:,.0f} | {ratio:.2f} |",
            f"| COPY of 100,000 rows, seconds | {without_rollups.copy:.2f} | {with_rollups.copy:.2f} | {with_rollups.copy / without_rollups.copy:.2f} |",
            f"| folding those rows in, in the background, seconds | | {with_rollups.fold or 0:.2f} | |",
        ]


def page_table_lines(report: BenchmarkReport) -> list[str]:
    """Each page with all that the server does for it, a line each, in Markdown."""
    return [
        "| screen | whole page | new data, ms | at most | again, CPU ms | no news, CPU ms | at most | panels failed |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {page.screen} | {page.page} | {page.fresh:,.1f} | {MAX_FRESH_MS} | {page.again:,.1f} | {page.unchanged:,.1f} "
            f"| {MAX_UNCHANGED_MS} | {page.failed} |"
            for page in report.pages
        ),
    ]


def _panel_line(row: PanelTimes) -> str:
    return (
        f"| {row.screen} | {row.page} | {row.panel} | {row.cubes.cold:.1f} | {row.cubes.median:.1f} "
        f"| {row.cubes.p95:.1f} | {row.scoped.median:.1f} | {format_appeals_time(row)} | {format_speedup(row)} | {row.columnar.median:.1f} |"
    )


def format_appeals_time(row: PanelTimes) -> str:
    """The time from the appeals themselves, or how much more than it was given."""
    if row.appeals is None:
        return "–"
    return f"{'> ' if row.appeals.over else ''}{row.appeals.median:,.0f}"


def format_speedup(row: PanelTimes) -> str:
    """How many times faster the cubes are."""
    if row.appeals is None:
        return "–"
    return f"{'> ' if row.appeals.over else ''}{row.appeals.median / row.cubes.median:,.0f}"


def parse_report(data: dict[str, Any]) -> BenchmarkReport:
    """A report as it was written."""
    rows = [
        PanelTimes(
            screen=item["screen"],
            page=item["page"],
            panel=item["panel"],
            cubes=Times(**item["cubes"]),
            scoped=Times(**item["scoped"]),
            appeals=Times(**item["appeals"]) if item["appeals"] else None,
            columnar=Times(**item["columnar"]),
        )
        for item in data["rows"]
    ]
    writes = {name: WriteTimes(**item) for name, item in data["writes"].items()}
    control = [TimedStep(*item) for item in data["control"]]
    pages = [PageTimes(**item) for item in data.get("pages", [])]
    return BenchmarkReport(**(data | {"rows": rows, "writes": writes, "control": control, "pages": pages}))


def peak_memory_bytes() -> int:
    """The most memory that this process has held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

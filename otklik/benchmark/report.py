"""The measurements of a run, as Markdown tables and as JSON to compare with later runs."""

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
TIMED_SUFFIX = ", once in ten minutes"


@dataclass(frozen=True)
class PanelTimes:
    """The times of a panel on a screen.

    `cubes`: as the owner; `scoped`: as a viewer, with row security; `appeals`: without cubes, None for a list, which
    always reads appeals by an index; `columnar`: by the columnar engine, None where it has no such query. A name
    that ends in `TIMED_SUFFIX` stands for what the panel computes once in ten minutes, whatever changes: neither then.
    """

    screen: str
    page: str
    panel: str
    cubes: Times
    scoped: Times
    appeals: Times | None = None
    columnar: Times | None = None


@dataclass
class BenchmarkReport:
    """The measurements of a run. Sizes are in bytes, times in milliseconds unless their type says otherwise."""

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
        """The report in types that JSON has."""
        return asdict(self)

    def markdown_lines(self) -> list[str]:
        """The tables in Markdown, line by line."""
        pages = dict.fromkeys((row.screen, row.page) for row in self.rows)
        return [
            f"{self.appeals:,} appeals, {self.machine}, {self.measured_at}",
            "",
            "| screen | page | panel | cold | median | p95 | as a viewer | from appeals | times faster | columnar |",
            "|---|---|---|---:|---:|---:|---:|---:|---:|---:|",
            *(
                line
                for page in pages
                for line in [*map(_panel_line, self.page_rows(*page)), self._page_total_line(*page)]
            ),
            "",
            "Milliseconds for all statements of a panel, rows fetched.",
            "",
            "| what | MiB |",
            "|---|---:|",
            *(f"| {name} | {size / MEBIBYTE:,.0f} |" for name, size in self.sizes.items()),
            f"| peak memory of the process that ran panels and pages | {self.peak_memory / MEBIBYTE:,.0f} |",
            f"| peak memory of the whole run, with the columnar engine | {self.whole_peak_memory / MEBIBYTE:,.0f} |",
            "",
            f"Cubes are {self.cube_share():.1%} of the appeals.",
            *(["", "| writes | without rollups | with | ratio |", "|---|---:|---:|---:|"] if self.writes else []),
            *(self._write_lines() if self.writes else []),
            *(["", "| with 200,000 open appeals | median, ms | at most |", "|---|---:|---:|"] if self.control else []),
            *(f"| {step.name} | {step.median:,.1f} | {step.limit_ms or '–'} |" for step in self.control),
            *(["", *page_table_lines(self)] if self.pages else []),
        ]

    def cube_share(self) -> float:
        """The size of the cubes as a share of the appeals' size."""
        return self.sizes[CUBES_LABEL] / self.sizes[APPEALS_LABEL]

    def page_rows(self, screen: str, page: str) -> list[PanelTimes]:
        """The panels of a page on a screen."""
        return [row for row in self.rows if (row.screen, row.page) == (screen, page)]

    def _page_total_line(self, screen: str, page: str) -> str:
        rows = [row for row in self.page_rows(screen, page) if not row.panel.endswith(TIMED_SUFFIX)]
        owner_ms, viewer_ms = sum(row.cubes.median for row in rows), sum(row.scoped.median for row in rows)
        viewer_cell = f"{viewer_ms:.1f} ({viewer_ms / owner_ms:.2f} ×)" if owner_ms else ""
        return table_line([screen, page, "**all together**", "", f"{owner_ms:.1f}", "", viewer_cell, "", "", ""])

    def _write_lines(self) -> list[str]:
        plain, rollups = self.writes["without"], self.writes["with"]
        insert_cells = f"{plain.inserts:,.0f}", f"{rollups.inserts:,.0f}", f"{plain.inserts / rollups.inserts:.2f}"
        copy_cells = f"{plain.copy:.2f}", f"{rollups.copy:.2f}", f"{rollups.copy / plain.copy:.2f}"
        return [
            table_line(["inserts a second, 8 connections", *insert_cells]),
            table_line(["COPY of 100,000 rows, seconds", *copy_cells]),
            table_line(["folding those rows in, in the background, seconds", "", f"{rollups.fold or 0:.2f}", ""]),
        ]


def page_table_lines(report: BenchmarkReport) -> list[str]:
    """The table of whole pages in Markdown, line by line."""
    return [
        "| screen | whole page | new data, ms | at most | again, CPU ms | no news, CPU ms | at most | panels failed |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {page.screen} | {page.page} | {page.fresh:,.1f} | {MAX_FRESH_MS} "
            f"| {page.again:,.1f} | {page.unchanged:,.1f} | {MAX_UNCHANGED_MS} | {page.failed} |"
            for page in report.pages
        ),
    ]


def _panel_line(row: PanelTimes) -> str:
    times = [row.cubes.cold, row.cubes.median, row.cubes.p95, row.scoped.median]
    cells = [*(f"{ms:.1f}" for ms in times), format_appeals_time(row), format_speedup(row)]
    return table_line([row.screen, row.page, row.panel, *cells, format_columnar_time(row)])


def table_line(cells: list[str]) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def format_appeals_time(row: PanelTimes) -> str:
    """The milliseconds without cubes, "> …" after a timeout, "–" for a list."""
    if row.appeals is None:
        return "–"
    return f"{'> ' if row.appeals.over else ''}{row.appeals.median:,.0f}"


def format_columnar_time(row: PanelTimes) -> str:
    """The milliseconds of the columnar engine, "–" where it wasn't measured."""
    return f"{row.columnar.median:.1f}" if row.columnar else "–"


def format_speedup(row: PanelTimes) -> str:
    """How many times faster the cubes are, "> …" after a timeout, "–" for a list."""
    if row.appeals is None:
        return "–"
    return f"{'> ' if row.appeals.over else ''}{row.appeals.median / row.cubes.median:,.0f}"


def parse_report(data: dict[str, Any]) -> BenchmarkReport:
    """A report from its `to_dict`; reports of older versions have no pages."""
    rows = [
        PanelTimes(
            screen=item["screen"],
            page=item["page"],
            panel=item["panel"],
            cubes=Times(**item["cubes"]),
            scoped=Times(**item["scoped"]),
            appeals=Times(**item["appeals"]) if item["appeals"] else None,
            columnar=Times(**item["columnar"]) if item["columnar"] else None,
        )
        for item in data["rows"]
    ]
    writes = {name: WriteTimes(**item) for name, item in data["writes"].items()}
    control = [TimedStep(*item) for item in data["control"]]
    pages = [PageTimes(**item) for item in data.get("pages", [])]
    return BenchmarkReport(**(data | {"rows": rows, "writes": writes, "control": control, "pages": pages}))


def peak_memory_bytes() -> int:
    """The peak memory of this process, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

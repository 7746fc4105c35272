"""Reports of several sizes side by side: the page docs/performance.md."""

from otklik.benchmark.pages import MAX_FRESH_MS, MAX_UNCHANGED_MS, PageTimes
from otklik.benchmark.report import (
    APPEALS_LABEL,
    CUBES_LABEL,
    MEBIBYTE,
    BenchmarkReport,
    PanelTimes,
    format_appeals_time,
    format_speedup,
)

PAGE_INTRO = """# How fast Otklik is

`otklik bench --appeals N` builds a database of N made-up appeals of thirteen months, asks every panel's questions over
the last ninety days, cold and warm, the same of the appeals themselves and of a columnar engine (DuckDB) over a Parquet
copy, and measures the write path; it prints its tables and writes them as JSON. With `--data FOLDER` the database stays
there, so that building (`--build-only`) and measuring can be apart. This page is what `otklik bench --compare` makes of
the JSON of several sizes.

Milliseconds, all of a panel's questions together, answers fetched; the median and, after the stroke, the 95th
percentile. *As a viewer*: in a transaction with row security, as screens ask; times the same without. A list reads
appeals by an index and has no cube to be compared with.

A whole page, at the end: everything that the server does for it, from its first question to the last message to the
browser, just after an appeal came in; then, in processor time, what it takes to draw all of it again for its viewer
with the same data; then what an open page takes every 1.5 seconds while nothing is new.
"""


def comparison_page(reports: list[BenchmarkReport]) -> str:
    """The page, in Markdown; the smallest first."""
    reports = sorted(reports, key=lambda report: report.appeals)
    largest = reports[-1]
    sizes = [f"{report.appeals:,}" for report in reports]
    header = ["screen", "page", "panel", *sizes, "as a viewer", "from appeals", "times faster", "columnar"]
    lines = [
        PAGE_INTRO,
        f"Measured on {largest.machine}, {largest.measured_at}. The last four columns are of {sizes[-1]} appeals.",
        "",
        _table_line(header),
        "|---|---|---|" + "---:|" * (len(header) - 3),
    ]
    for screen, page_name in dict.fromkeys((row.screen, row.page) for row in largest.rows):
        rows = [row for row in largest.rows if (row.screen, row.page) == (screen, page_name)]
        lines += [
            _table_line([screen, page_name, row.panel, *_format_times(reports, row), *_format_largest(row)])
            for row in rows
        ]
        totals = [
            sum(row.cubes.median for row in report.rows if (row.screen, row.page) == (screen, page_name))
            for report in reports
        ]
        lines.append(
            _table_line(
                [screen, page_name, "**all together**", *(f"**{total:.1f}**" for total in totals), "", "", "", ""]
            )
        )
    lines += ["", _table_line(["what", *sizes]), "|---|" + "---:|" * len(sizes)]
    lines += [_table_line([name, *values]) for name, values in _summary_rows(reports).items()]
    if largest.control:
        lines += ["", _table_line(["with 200,000 open appeals, ms", "median", "at most"]), "|---|---:|---:|"]
        lines += [_table_line([step.name, f"{step.median:,.1f}", str(step.limit_ms or "")]) for step in largest.control]
    if largest.pages:
        lines += ["", *_page_lines(reports, sizes)]
    return "\n".join(lines) + "\n"


def _page_lines(reports: list[BenchmarkReport], sizes: list[str]) -> list[str]:
    """Whole pages at every size that has them."""
    cells_by_report = [
        {(timing.screen, timing.page): _format_page(timing) for timing in entry.pages} for entry in reports
    ]
    header = ["screen", f"whole page, ms (at most {MAX_FRESH_MS} / – / {MAX_UNCHANGED_MS})", *sizes]
    return [
        _table_line(header),
        "|---|---|" + "---:|" * len(sizes),
        *(_table_line([*page, *(entry.get(page, "") for entry in cells_by_report)]) for page in cells_by_report[-1]),
    ]


def _format_page(page: PageTimes) -> str:
    return f"{page.fresh:,.0f} / {page.again:,.0f} / {page.unchanged:,.1f}"


def _format_times(reports: list[BenchmarkReport], panel: PanelTimes) -> list[str]:
    cells = []
    for report in reports:
        times = [
            row.cubes
            for row in report.rows
            if (row.screen, row.page, row.panel) == (panel.screen, panel.page, panel.panel)
        ]
        cells.append(f"{times[0].median:.1f} / {times[0].p95:.1f}" if times else "")
    return cells


def _format_largest(row: PanelTimes) -> list[str]:
    ratio = row.scoped.median / row.cubes.median
    return [
        f"{row.scoped.median:.1f} ({ratio:.2f} ×)",
        format_appeals_time(row),
        format_speedup(row),
        f"{row.columnar.median:.1f}",
    ]


def _summary_rows(reports: list[BenchmarkReport]) -> dict[str, list[str]]:
    writes = [item.writes for item in reports]
    return {
        f"{APPEALS_LABEL}, MiB": [f"{item.sizes[APPEALS_LABEL] / MEBIBYTE:,.0f}" for item in reports],
        f"{CUBES_LABEL}, MiB": [
            f"{item.sizes[CUBES_LABEL] / MEBIBYTE:,.0f} ({item.cube_share():.1%})" for item in reports
        ],
        "peak memory of the process that asked and showed the pages, MiB": [
            f"{item.peak_memory / MEBIBYTE:,.0f}" for item in reports
        ],
        "single inserts a second, 8 connections, without rollups and with": [
            f"{item['without'].inserts:,.0f}, {item['with'].inserts:,.0f}"
            f" ({item['without'].inserts / item['with'].inserts:.2f} ×)"
            for item in writes
        ],
        "COPY of 100,000 rows, seconds, without and with": [
            f"{item['without'].copy:.2f}, {item['with'].copy:.2f} ({item['with'].copy / item['without'].copy:.2f} ×)"
            for item in writes
        ],
    }


def _table_line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"

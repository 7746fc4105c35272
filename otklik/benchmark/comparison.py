"""Reports of several sizes side by side, as the page docs/performance.md."""

from otklik.benchmark.pages import MAX_FRESH_MS, MAX_UNCHANGED_MS, PageTimes
from otklik.benchmark.report import (
    APPEALS_LABEL,
    CUBES_LABEL,
    MEBIBYTE,
    TIMED_SUFFIX,
    BenchmarkReport,
    PanelTimes,
    format_appeals_time,
    format_columnar_time,
    format_speedup,
    table_line,
)

PAGE_INTRO = """# How fast Otklik is

`otklik bench --appeals N` builds a database of N made-up appeals of thirteen months. It runs the queries of every panel
over the last ninety days, cold and warm: from the cubes, from the appeals themselves, and in a columnar engine (DuckDB)
over a Parquet copy. It also measures writes. It prints its tables and writes them as JSON. With `--data FOLDER` the
database is kept, so that building (`--build-only`) and measuring can be separate runs. `otklik bench --compare` makes
this page from the JSON of several sizes. `otklik sql --explain PAGE.PANEL` prints the SQL of one panel with its plan.

Times are milliseconds for all statements of a panel, rows fetched: the median and, after the slash, the 95th
percentile. *As a viewer* is in a transaction with row security, as on screens, with the ratio to the time without it. A
list reads appeals by an index and has no cube to be compared with. What a panel computes once in ten minutes, whatever
changes, has a row of its own.

The last table is about whole pages. Its three times are: the elapsed time on the server just after an appeal has
arrived, from the first query to the last message to the browser; the processor time to draw everything again for the
same viewer with the same data; and the processor time of an open page's check that finds no new data.
"""


def comparison_page(reports: list[BenchmarkReport]) -> str:
    """The page in Markdown, with the smallest size first."""
    reports = sorted(reports, key=lambda report: report.appeals)
    largest = reports[-1]
    sizes = [f"{report.appeals:,}" for report in reports]
    header = ["screen", "page", "panel", *sizes, "as a viewer", "from appeals", "times faster", "columnar"]
    lines = [
        PAGE_INTRO,
        f"Measured on {largest.machine}, {largest.measured_at}. The last four columns are for {sizes[-1]} appeals.",
        "",
        table_line(header),
        "|---|---|---|" + "---:|" * (len(header) - 3),
    ]
    for screen, page_name in dict.fromkeys((row.screen, row.page) for row in largest.rows):
        lines += [
            table_line([screen, page_name, row.panel, *_format_times(reports, row), *_format_largest(row)])
            for row in largest.page_rows(screen, page_name)
        ]
        totals = [
            sum(row.cubes.median for row in report.page_rows(screen, page_name) if not row.panel.endswith(TIMED_SUFFIX))
            for report in reports
        ]
        lines.append(
            table_line(
                [screen, page_name, "**all together**", *(f"**{total:.1f}**" for total in totals), "", "", "", ""]
            )
        )
    lines += ["", table_line(["what", *sizes]), "|---|" + "---:|" * len(sizes)]
    lines += [table_line([name, *values]) for name, values in _summary_rows(reports).items()]
    if largest.control:
        lines += ["", table_line(["with 200,000 open appeals, ms", "median", "at most"]), "|---|---:|---:|"]
        lines += [table_line([step.name, f"{step.median:,.1f}", str(step.limit_ms or "")]) for step in largest.control]
    if largest.pages:
        lines += ["", *_page_lines(reports, sizes)]
    return "\n".join(lines) + "\n"


def _page_lines(reports: list[BenchmarkReport], sizes: list[str]) -> list[str]:
    """The table of whole pages; a size without pages has empty cells."""
    cells_by_report = [
        {(timing.screen, timing.page): _format_page(timing) for timing in entry.pages} for entry in reports
    ]
    header = ["screen", f"whole page, ms (at most {MAX_FRESH_MS} / – / {MAX_UNCHANGED_MS})", *sizes]
    return [
        table_line(header),
        "|---|---|" + "---:|" * len(sizes),
        *(table_line([*page, *(entry.get(page, "") for entry in cells_by_report)]) for page in cells_by_report[-1]),
    ]


def _format_page(page: PageTimes) -> str:
    return f"{page.fresh:,.0f} / {page.again:,.0f} / {page.unchanged:,.1f}"


def _format_times(reports: list[BenchmarkReport], panel: PanelTimes) -> list[str]:
    cells = []
    for report in reports:
        times = [row.cubes for row in report.page_rows(panel.screen, panel.page) if row.panel == panel.panel]
        cells.append(f"{times[0].median:.1f} / {times[0].p95:.1f}" if times else "")
    return cells


def _format_largest(row: PanelTimes) -> list[str]:
    ratio = row.scoped.median / row.cubes.median
    return [
        f"{row.scoped.median:.1f} ({ratio:.2f} ×)",
        format_appeals_time(row),
        format_speedup(row),
        format_columnar_time(row),
    ]


def _summary_rows(reports: list[BenchmarkReport]) -> dict[str, list[str]]:
    writes = [item.writes for item in reports]
    return {
        f"{APPEALS_LABEL}, MiB": [f"{item.sizes[APPEALS_LABEL] / MEBIBYTE:,.0f}" for item in reports],
        f"{CUBES_LABEL}, MiB": [
            f"{item.sizes[CUBES_LABEL] / MEBIBYTE:,.0f} ({item.cube_share():.1%})" for item in reports
        ],
        "peak memory of the process that ran panels and pages, MiB": [
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

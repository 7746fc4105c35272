"""Reports of several sizes side by side: the page docs/performance.md."""

from otklik.benchmark.pages import MOST, MOST_UNCHANGED, Page
from otklik.benchmark.report import APPEALS, CUBES, MEBIBYTE, Report, Row, faster, raw

PAGE = """# How fast Otklik is

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


def page(reports: list[Report]) -> str:
    """The page, in Markdown; the smallest first."""
    reports = sorted(reports, key=lambda one: one.appeals)
    largest = reports[-1]
    sizes = [f"{one.appeals:,}" for one in reports]
    head = ["screen", "page", "panel", *sizes, "as a viewer", "from appeals", "times faster", "columnar"]
    lines = [
        PAGE,
        f"Measured on {largest.machine}, {largest.measured_at}. The last four columns are of {sizes[-1]} appeals.",
        "",
        _line(head),
        "|---|---|---|" + "---:|" * (len(head) - 3),
    ]
    for screen, of in dict.fromkeys((row.screen, row.page) for row in largest.rows):
        rows = [row for row in largest.rows if (row.screen, row.page) == (screen, of)]
        lines += [_line([screen, of, row.panel, *_times(reports, row), *_last(row)]) for row in rows]
        sums = [sum(row.cubes.median for row in one.rows if (row.screen, row.page) == (screen, of)) for one in reports]
        lines.append(_line([screen, of, "**all together**", *(f"**{total:.1f}**" for total in sums), "", "", "", ""]))
    lines += ["", _line(["what", *sizes]), "|---|" + "---:|" * len(sizes)]
    lines += [_line([name, *values]) for name, values in _besides(reports).items()]
    if largest.control:
        lines += ["", _line(["with 200,000 open appeals, ms", "median", "at most"]), "|---|---:|---:|"]
        lines += [_line([step.name, f"{step.median:,.1f}", str(step.most or "")]) for step in largest.control]
    if largest.pages:
        lines += ["", *_pages(reports, sizes)]
    return "\n".join(lines) + "\n"


def _pages(reports: list[Report], sizes: list[str]) -> list[str]:
    """Whole pages at every size that has them."""
    told = [{(one.screen, one.page): _page(one) for one in of.pages} for of in reports]
    head = ["screen", f"whole page, ms (at most {MOST} / – / {MOST_UNCHANGED})", *sizes]
    return [
        _line(head),
        "|---|---|" + "---:|" * len(sizes),
        *(_line([*page, *(of.get(page, "") for of in told)]) for page in told[-1]),
    ]


def _page(one: Page) -> str:
    return f"{one.fresh:,.0f} / {one.again:,.0f} / {one.unchanged:,.1f}"


def _times(reports: list[Report], wanted: Row) -> list[str]:
    told = []
    for report in reports:
        found = [
            row.cubes
            for row in report.rows
            if (row.screen, row.page, row.panel) == (wanted.screen, wanted.page, wanted.panel)
        ]
        told.append(f"{found[0].median:.1f} / {found[0].p95:.1f}" if found else "")
    return told


def _last(row: Row) -> list[str]:
    ratio = row.scoped.median / row.cubes.median
    return [f"{row.scoped.median:.1f} ({ratio:.2f} ×)", raw(row), faster(row), f"{row.columnar.median:.1f}"]


def _besides(reports: list[Report]) -> dict[str, list[str]]:
    written = [one.writes for one in reports]
    return {
        f"{APPEALS}, MiB": [f"{one.sizes[APPEALS] / MEBIBYTE:,.0f}" for one in reports],
        f"{CUBES}, MiB": [f"{one.sizes[CUBES] / MEBIBYTE:,.0f} ({one.share():.1%})" for one in reports],
        "peak memory of the process that asked and showed the pages, MiB": [
            f"{one.peak_memory / MEBIBYTE:,.0f}" for one in reports
        ],
        "single inserts a second, 8 connections, without rollups and with": [
            f"{one['without'].inserts:,.0f}, {one['with'].inserts:,.0f}"
            f" ({one['without'].inserts / one['with'].inserts:.2f} ×)"
            for one in written
        ],
        "COPY of 100,000 rows, seconds, without and with": [
            f"{one['without'].copy:.2f}, {one['with'].copy:.2f} ({one['with'].copy / one['without'].copy:.2f} ×)"
            for one in written
        ],
    }


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"

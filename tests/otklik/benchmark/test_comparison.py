"""Reports of several sizes are shown side by side, with a total after each page's panels."""

from otklik.benchmark.comparison import comparison_page
from otklik.benchmark.pages import PageTimes
from otklik.benchmark.report import APPEALS_LABEL, CUBES_LABEL, BenchmarkReport, PanelTimes
from otklik.benchmark.timing import Times
from otklik.benchmark.writes import WriteTimes


def report(appeals: int, median: float) -> BenchmarkReport:
    """A report of one panel and one page."""
    times, slow = Times(9.0, median, 2 * median), Times(900.0, 100 * median, 200 * median)
    return BenchmarkReport(
        appeals,
        rows=[PanelTimes("country", "overview", "Tiles", times, times, slow, slow)],
        sizes={APPEALS_LABEL: 400 << 20, CUBES_LABEL: 100 << 20},
        writes={"without": WriteTimes(200.0, 2.0, None), "with": WriteTimes(100.0, 3.0, 1.0)},
        pages=[PageTimes("country", "overview", 100 * median, 10 * median, median)],
    )


def test_every_size_has_a_column_and_the_largest_has_all() -> None:
    lines = comparison_page([report(3_000_000, 4.0), report(1_000_000, 2.0)]).splitlines()
    assert (
        "| screen | page | panel | 1,000,000 | 3,000,000 | as a viewer | from appeals | times faster | columnar |"
        in (lines)
    )
    assert "| country | overview | Tiles | 2.0 / 4.0 | 4.0 / 8.0 | 4.0 (1.00 ×) | 400 | 100 | 400.0 |" in lines
    assert "| country | overview | **all together** | **2.0** | **4.0** |  |  |  |  |" in lines
    assert "| cubes with their indexes, MiB | 100 (25.0%) | 100 (25.0%) |" in lines
    assert lines[-1] == "| country | overview | 200 / 20 / 2.0 | 400 / 40 / 4.0 |"

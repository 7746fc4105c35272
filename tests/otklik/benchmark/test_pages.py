"""Whole pages are timed as the server runs them, and reported with their limits."""

import pytest
from sqlalchemy import Connection, text

from otklik.benchmark import pages
from otklik.benchmark.pages import PageTimes
from otklik.benchmark.report import BenchmarkReport, page_table_lines, parse_report
from otklik.progress import ignore_progress
from queries.cache import live
from tests.support import factories


def test_a_page_is_timed_for_viewers_of_the_country_and_of_a_region(
    connection: Connection, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.appeal(connection)
    monkeypatch.setattr(pages, "PAGES", ("overview",))
    timings = pages.measure_pages(url, ignore_progress, repetitions=1)
    assert [(timing.screen, timing.page, timing.failed) for timing in timings] == [
        ("country", "overview", 0),
        ("region", "overview", 0),
    ]
    assert all(min(timing.fresh, timing.again, timing.unchanged) > 0 for timing in timings)


def test_an_arriving_appeal_is_noticed_and_deleted_at_the_end(connection: Connection, url: str) -> None:
    factories.appeal(connection)
    appeals = text("SELECT count(*) FROM appeal")
    with pages.arriving_appeals(url) as insert_appeal:
        version = live.data_version()
        insert_appeal()
        assert live.data_version() > version
        assert connection.scalar(appeals) == 2
    assert connection.scalar(appeals) == 1


def test_a_report_can_be_read_again_and_older_ones_have_no_pages() -> None:
    report = BenchmarkReport(1000, pages=[PageTimes("country", "overview", 280.0, 43.0, 6.5)])
    written = report.to_dict()
    assert parse_report(written) == report
    del written["pages"]
    assert not parse_report(written).pages


def test_the_table_of_pages_shows_their_limits() -> None:
    report = BenchmarkReport(1000, pages=[PageTimes("country", "overview", 280.0, 43.0, 6.5)])
    assert page_table_lines(report)[-1] == "| country | overview | 280.0 | 300 | 43.0 | 6.5 | 30 | 0 |"

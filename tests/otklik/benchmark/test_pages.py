"""Whole pages are timed as the server runs them, and told beside what they may take."""

import pytest
from sqlalchemy import Connection, text

from otklik.benchmark import pages
from otklik.benchmark.pages import PageTimes
from otklik.benchmark.report import BenchmarkReport, page_table_lines, parse_report
from queries.cache import live
from tests.support import factories


def test_a_page_is_timed_for_who_sees_the_country_and_for_who_sees_a_region(
    connection: Connection, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.appeal(connection)
    monkeypatch.setattr(pages, "PAGES", ("overview",))
    found = pages.measure_pages(url, lambda *_: None, repetitions=1)
    assert [(one.screen, one.page, one.failed) for one in found] == [
        ("country", "overview", 0),
        ("region", "overview", 0),
    ]
    assert all(min(one.fresh, one.again, one.unchanged) > 0 for one in found)


def test_an_appeal_that_arrives_is_heard_of_and_taken_away_again(connection: Connection, url: str) -> None:
    factories.appeal(connection)
    appeals = text("SELECT count(*) FROM appeal")
    with pages.arriving_appeals(url) as arrive:
        heard = live.data_version()
        arrive()
        assert live.data_version() > heard
        assert connection.scalar(appeals) == 2
    assert connection.scalar(appeals) == 1


def test_a_report_keeps_the_pages_and_older_ones_have_none() -> None:
    report = BenchmarkReport(1000, pages=[PageTimes("country", "overview", 280.0, 43.0, 6.5)])
    written = report.to_dict()
    assert parse_report(written) == report
    del written["pages"]
    assert not parse_report(written).pages


def test_pages_stand_in_the_table_beside_what_they_may_take() -> None:
    report = BenchmarkReport(1000, pages=[PageTimes("country", "overview", 280.0, 43.0, 6.5)])
    assert page_table_lines(report)[-1] == "| country | overview | 280.0 | 300 | 43.0 | 6.5 | 30 | 0 |"

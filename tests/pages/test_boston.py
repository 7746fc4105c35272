"""Boston imported alone: tables and pages of analysis have its figures, and nothing of another country."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from otklik.intake.importer import import_file
from tests.support.imports.export_files import query_rows
from tests.support.paths import BOSTON_CSV
from tests.support.screens.app_pages import panel_titles, run_page, tile_values

pytestmark = pytest.mark.slow

ELSEWHERE = re.compile("[а-яё]|Russia|Moscow|59-FZ", re.IGNORECASE)


STATE = (
    "SELECT count(*), count(closed_at), count(*) FILTER (WHERE is_open), count(deadline_at),"
    " count(*) FILTER (WHERE closed_at <= deadline_at), count(*) FILTER (WHERE closed_at > deadline_at),"
    " count(*) FILTER (WHERE is_open AND deadline_at < now()), count(*) FILTER (WHERE deadline_at IS NULL),"
    " count(*) FILTER (WHERE deadline_at IS NULL AND is_open) FROM report.appeals WHERE source = 'boston311'"
)


def said(page: AppTest) -> str:
    """All words of a page that aren't in the filters or in a table."""
    parts = [one.value for one in [*page.markdown, *page.caption, *page.title]]
    return "\n".join([*parts, *(one.label for one in page.metric)])


def check_import(url: str) -> None:
    """The tables have the published counts, and a second import changes nothing."""
    first = import_file(url, BOSTON_CSV, "boston311")
    assert (first.counts, first.rejected_count, first.exit_code) == ((58_251, 0, 0), 0, 0)
    assert query_rows(url, STATE) == [(58_251, 54_570, 3_681, 47_270, 35_591, 8_230, 3_449, 10_981, 232)]
    assert query_rows(url, "SELECT level, count(*) FROM topic WHERE code LIKE 'boston311.%' GROUP BY 1 ORDER BY 1") == [
        (1, 35),
        (2, 141),
    ]
    assert query_rows(url, "SELECT count(DISTINCT channel), count(DISTINCT organisation) FROM report.appeals") == [
        (6, 11)
    ]
    # 25 values of the neighbourhood, two of them blank.
    assert query_rows(url, "SELECT count(*) FROM territory WHERE level = 'municipality'") == [(23,)]
    hours = "extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY closed_at - received_at)) / 86400"
    assert query_rows(url, f"SELECT round(({hours})::numeric, 2)::float FROM report.appeals") == [(0.92,)]
    assert query_rows(url, "SELECT received_at::text FROM report.appeals WHERE number = '101000295613'") == [
        ("2011-07-01 05:32:33+00",)
    ]
    versions = "SELECT sum(xmin::text::bigint), max(updated_at)::text, count(*) FROM appeal"
    before = query_rows(url, versions)
    second = import_file(url, BOSTON_CSV, "boston311")
    assert (second.counts, second.exit_code) == ((0, 0, 58_251), 0)
    assert query_rows(url, versions) == before
    assert query_rows(url, "SELECT kind, count(*) FROM event GROUP BY 1") == [("received", 58_251)]


def test_boston_has_the_published_counts_and_alone_makes_sense_on_the_pages_of_analysis(url: str) -> None:
    check_import(url)
    check_pages()


def check_pages() -> None:
    """The pages of analysis show the figures of the file, and no word of another country."""
    resolution = run_page("resolution")
    assert (tile_values(resolution)["Received"], tile_values(resolution)["Mean answer time"]) == ("58,251", "41.4 d")
    words = said(resolution)
    # 54 % in less than two days, 83 % in sixty, by the file itself.
    assert "Of 58,251 received: 50% closed within 2 days." in words
    # A file brings no history, and that is said.
    assert words.count("imported ones have none") == 2
    assert {"Public Works Department", "Transportation Department"} <= set(resolution.dataframe[0].value["name"])
    assert "Organisations, adjusted for topic mix: Missed deadlines" in panel_titles(resolution)

    satisfaction = run_page("satisfaction")
    assert tile_values(satisfaction)["Ratings"] == "—"  # the file has none
    assert said(satisfaction).count("There are no ratings in these days with these filters.") >= 5

    quality = run_page("quality", doubt="topic_other")
    # 9,572 of 54,570 were closed within a minute, by the file itself.
    assert (tile_values(quality)["Closed at once"], tile_values(quality)["Without a place"]) == ("17.5%", "0.0%")
    assert {row["topic"].split(" (")[0] for row in quality.dataframe[0].value.to_dict("records")} <= {
        "General Comments For a Program or Policy",
        "General Comments For An Employee",
        "General Lighting Request",
        "Public Works General Request",
        "Transportation General Request",
        "Parks General Request",
        "BWSC General Request",
        "Misc. Snow Complaint",
        "Miscellaneous Event",
    }
    for page in (resolution, satisfaction, quality):
        assert not ELSEWHERE.search(said(page)), ELSEWHERE.search(said(page))

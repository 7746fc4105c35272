"""Boston imported alone: the pages of analysis say sensible things, and nothing of another country."""

import re

from streamlit.testing.v1 import AppTest

from otklik.intake.importer import import_file
from tests.support.app_pages import panel_titles, run_page, tile_values
from tests.support.paths import BOSTON_CSV

ELSEWHERE = re.compile("[а-яё]|Russia|Moscow|59-FZ", re.IGNORECASE)


def said(page: AppTest) -> str:
    """All words of a page that aren't in the filters or in a table."""
    parts = [one.value for one in [*page.markdown, *page.caption, *page.title]]
    return "\n".join([*parts, *(one.label for one in page.metric)])


def test_boston_alone_makes_sense_on_the_pages_of_analysis(url: str) -> None:
    assert import_file(url, BOSTON_CSV, "boston311").exit_code == 0

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

"""Boston imported alone: the pages of analysis say sensible things, and nothing of another country."""

import re

from streamlit.testing.v1 import AppTest

from otklik.intake.importer import load
from tests.support.paths import BOSTON
from tests.support.screens import panels, screen, tiles

ELSEWHERE = re.compile("[а-яё]|Russia|Moscow|59-FZ", re.IGNORECASE)


def said(page: AppTest) -> str:
    """All words of a page that aren't in the filters or in a table."""
    parts = [one.value for one in [*page.markdown, *page.caption, *page.title]]
    return "\n".join([*parts, *(one.label for one in page.metric)])


def test_boston_alone_makes_sense_on_the_pages_of_analysis(url: str) -> None:
    assert load(url, BOSTON, "boston311").exit_code == 0

    resolution = screen("resolution")
    assert (tiles(resolution)["Received"], tiles(resolution)["Mean answer time"]) == ("58,251", "41.4 d")
    words = said(resolution)
    # 54 % in less than two days, 83 % in sixty, by the file itself.
    assert "Of 58,251 received: 50% closed within 2 days." in words
    # A file brings no history, and that is said.
    assert words.count("imported ones have none") == 2
    assert {"Public Works Department", "Transportation Department"} <= set(resolution.dataframe[0].value["name"])
    assert "Organisations compared fairly: Late answers" in panels(resolution)

    satisfaction = screen("satisfaction")
    assert tiles(satisfaction)["Ratings"] == "0"
    assert said(satisfaction).count("Nobody has rated an answer in these days with these filters.") >= 5

    quality = screen("quality", doubt="topic_other")
    # 9,572 of 54,570 were closed within a minute, by the file itself.
    assert (tiles(quality)["Closed at once"], tiles(quality)["Without a place"]) == ("17.5%", "0.0%")
    assert {row["topic"] for row in quality.dataframe[0].value.to_dict("records")} <= {
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

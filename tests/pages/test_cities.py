"""San Francisco and New York imported in the shape of their open data: nothing on the screens is false."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from otklik.intake.importer import import_file
from tests.support.imports.city_shapes import write_new_york, write_san_francisco
from tests.support.screens.app_pages import run_page, tile_values

UNKNOWN = "—"


def test_san_francisco_has_no_outcome_deadline_or_first_holder(url: str, tmp_path: Path) -> None:
    file, mapping = write_san_francisco(tmp_path)
    summary = import_file(url, file, str(mapping))
    assert [warning.split("“")[1].split("”")[0] for warning in summary.warnings[1:]] == [
        *("outcome", "deadline_at", "rating", "reopened", "first_holder", "regime")
    ]
    assert summary.warnings[-2] == (
        "Unknown on the screens for want of “first_holder”: Redirected, Routed right first time."
        " `first_holder` in [columns] of the mapping fills them."
    )
    overview_page = run_page("overview", period="12m")
    overview = tile_values(overview_page)
    assert (overview["Received"], overview["Share resolved"], overview["On time"]) == ("40", UNKNOWN, UNKNOWN)
    resolution = run_page("resolution")
    tiles = tile_values(resolution)
    unknown = ("Resolved", "Share resolved", "On time", "Re-opened", "Redirected", "Fast track")
    assert {name: tiles[name] for name in unknown if name in tiles} == {
        name: UNKNOWN for name in unknown if name in tiles
    }
    assert "The source gives no outcomes, so these are unknown" in "\n".join(
        caption.value for caption in resolution.caption
    )
    queue_page = run_page("queue")
    queue = tile_values(queue_page)
    (state_choice,) = [group for group in queue_page.button_group if group.label == "State"]
    assert state_choice.options == ["All open", "Overdue (—)", "At risk (—)", "On track (—)"]
    assert (queue["Open"], queue["On track"], queue["Overdue"], queue["At risk"]) == ("10", *[UNKNOWN] * 3)
    no_deadlines = ":gray[The source gives no deadlines, so what is overdue or due is unknown.]"
    assert no_deadlines in [element.value for element in overview_page.markdown]
    for state in ("overdue", "at_risk"):
        texts = [element.value for element in run_page("overdue", state=state).markdown]
        assert texts.count(no_deadlines) == 4  # the list, by organisation, by territory and by topic
        assert not [text for text in texts if text.startswith(":gray[Nothing is")]
    assert tile_values(run_page("quality"))["Explained, then re-opened"] == UNKNOWN
    appeal = run_page("appeal", number="9000000")
    assert "On track" not in "\n".join(element.value for element in appeal.markdown)


def test_new_york_has_outcomes_in_words_but_no_deadlines(url: str, tmp_path: Path) -> None:
    file, mapping = write_new_york(tmp_path)
    import_file(url, file, str(mapping))
    overview = tile_values(run_page("overview", period="12m"))
    assert (overview["Received"], overview["Resolved"]) == ("40", "30")
    assert (overview["Share resolved"] == UNKNOWN, overview["On time"]) == (False, UNKNOWN)


@pytest.mark.parametrize("write_city", [write_san_francisco, write_new_york])
def test_nothing_is_said_of_deadlines_that_nobody_gave(
    write_city: Callable[[Path], tuple[Path, Path]], url: str, tmp_path: Path
) -> None:
    file, mapping = write_city(tmp_path)
    import_file(url, file, str(mapping))
    region = "US-SF" if write_city is write_san_francisco else "US-NYC"
    unknown = ":gray[Unknown: the source gives no deadlines.]"
    unknown_late = ":gray[The source gives no deadlines, so what is overdue or due is unknown.]"
    overview = page_texts(run_page("overview"))
    assert not [text for text in overview if "Nothing was due" in text]
    resolution = page_texts(run_page("resolution"))
    # The organisations and the regions by missed deadlines, and the overdue share by workload.
    assert (resolution.count(unknown), resolution.count(unknown_late)) == (2, 1)
    assert not [text for text in resolution if "has overdue ones" in text or "too few to compare." in text]
    regions_page = run_page("regions", territory=region)
    regions = page_texts(regions_page)
    assert regions.count(unknown) == 2  # the map, and the appeals that are or were late
    assert not [text for text in regions if "where most are overdue" in text or "Nothing in these days" in text]
    for page in (regions_page, run_page("queue")):
        legends = [text for text in page_texts(page) if "open; the source gives no deadlines" in text]
        assert legends
        assert not [text for text in legends if "on track" in text]


def page_texts(page: AppTest) -> list[str]:
    """The texts of a page: paragraphs, titles of panels and captions, and the HTML of its legends."""
    return [str(element.value) for element in (*page.markdown, *page.subheader, *page.caption)] + [
        element.proto.body for element in page.get("html")
    ]


@pytest.mark.parametrize("write_city", [write_san_francisco, write_new_york])
def test_times_are_those_of_the_city(write_city: Callable[[Path], tuple[Path, Path]], url: str, tmp_path: Path) -> None:
    file, mapping = write_city(tmp_path)
    assert import_file(url, file, str(mapping)).rejected_count == 0
    answer = tile_values(run_page("resolution"))["Mean answer time"]
    assert answer in {"1.5 h", "1.7 h"}

"""Notes under full lists: how many rows there are, and what a click on a head sorts."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.waiting import SCRIPT_SECONDS

ALONE = "and a head sorts these alone: narrow the filters to see others."


def notes_page(count: int) -> None:
    """The notes of lists of so many rows, which hold at most three."""
    from components.tables.row_limit import first_rows_note, last_rows_note  # noqa: PLC0415 -- runs as a script

    first_rows_note(count, 3)
    last_rows_note(count, 3)
    first_rows_note(count, 3, heads_sort_all=True)


@pytest.mark.parametrize(
    ("count", "notes"),
    [
        (2, []),
        (
            3,
            [
                f"The first 3 are listed, {ALONE}",
                f"The last 3 are listed, {ALONE}",
                "The first 3 are listed: narrow the filters to see others.",
            ],
        ),
    ],
)
def test_a_full_list_says_what_its_heads_sort(count: int, notes: list[str]) -> None:
    page = AppTest.from_function(notes_page, args=(count,), default_timeout=SCRIPT_SECONDS).run()
    assert [element.value for element in page.caption] == notes

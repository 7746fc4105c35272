"""The status line while the database is away."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.waiting import SCRIPT_SECONDS

PAGE = """
from datetime import UTC, datetime
from components.layout.status_line import status_line
status_line(datetime.now(UTC), away=True, demo=False, period="today", away_reason={reason!r})
"""


@pytest.mark.parametrize("reason", ["", "the role is missing"])
def test_the_reason_stands_below_the_warning_for_those_who_are_given_it(reason: str) -> None:
    page = AppTest.from_string(PAGE.format(reason=reason), default_timeout=SCRIPT_SECONDS).run()
    assert not page.exception
    assert any("the role is missing" in caption.value for caption in page.caption) == bool(reason)

"""The viewer's time zone."""

from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
import streamlit as st

from components.layout import local_day


@pytest.mark.parametrize("name", ["Etc/Unknown", "../UTC", "/etc/passwd", "a\x00b", "Europe", "x" * 5000, " "])
def test_an_unknown_time_zone_is_utc_and_said(name: str) -> None:
    with patch.object(type(st.context), "timezone", name):
        assert local_day.viewer_timezone() == ZoneInfo("UTC")
        assert "times are in UTC" in str(local_day.unknown_timezone_remark())


@pytest.mark.parametrize("name", ["Asia/Yekaterinburg", "UTC", None, ""])
def test_a_known_or_missing_time_zone_needs_no_word(name: str | None) -> None:
    with patch.object(type(st.context), "timezone", name):
        assert local_day.viewer_timezone() == ZoneInfo(name or "UTC")
        assert local_day.unknown_timezone_remark() is None

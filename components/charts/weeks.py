"""Rows of weeks for charts that have a bar for each."""

from datetime import timedelta

import pandas as pd

from otklik.i18n import formats


def week_rows(weeks: pd.DataFrame) -> pd.DataFrame:
    """The rows with their weeks as text: `day` and `last`, the first and the last day, in ISO format; `days`, both.

    `weeks`: a row per week, with `day` and `last` as dates. `days` is in the current language.
    """
    return weeks.assign(
        days=[
            formats.date_range(first, last + timedelta(days=1))
            for first, last in zip(weeks["day"], weeks["last"], strict=True)
        ],
        day=[day.isoformat() for day in weeks["day"]],
        last=[day.isoformat() for day in weeks["last"]],
    )

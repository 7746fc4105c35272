"""Appeals received by the hour of the day as an SVG of bars, in front of what is usual."""

import numpy as np
import pandas as pd

WIDTH, HEIGHT = 960, 300
"""Of the picture's own units; the page stretches it."""
HOUR_WIDTH = WIDTH / 24
GAP = 6
LABELLED_HOURS = range(0, 24, 3)


def hours_chart(by_hour: pd.DataFrame) -> str:
    """The chart of queries.summaries.received_today.received_by_hour, with the hours below it."""
    highest = np.nanmax([1.0, *by_hour["today"], *by_hour["usual_high"]])
    shapes = "".join(
        _usual_range(int(row["hour"]), row["usual_low"], row["usual_high"], highest)
        + _bar(int(row["hour"]), row["today"], highest, is_over=bool(row["over"]))
        for row in by_hour.to_dict("records")
    )
    labels = "".join(f"<span>{hour:02d}</span>" for hour in LABELLED_HOURS)
    view = f'viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none"'
    return (
        f'<svg class="hours" {view} aria-hidden="true">{shapes}</svg>'
        f'<div class="hour-labels" aria-hidden="true">{labels}</div>'
    )


def _usual_range(hour: int, low: float, high: float, highest: float) -> str:
    if np.isnan(low) or np.isnan(high):
        return ""
    top, bottom = HEIGHT * (1 - high / highest), HEIGHT * (1 - low / highest)
    return _rectangle("usual", hour * HOUR_WIDTH, top, HOUR_WIDTH, max(bottom - top, 2))


def _bar(hour: int, count: float, highest: float, *, is_over: bool) -> str:
    if np.isnan(count) or not count:
        return ""
    height = HEIGHT * count / highest
    kind = "hour" if is_over else "hour running"
    return _rectangle(kind, hour * HOUR_WIDTH + GAP, HEIGHT - height, HOUR_WIDTH - 2 * GAP, height)


def _rectangle(kind: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{kind}" x="{x:.0f}" y="{y:.1f}" width="{width:.0f}" height="{height:.1f}"/>'

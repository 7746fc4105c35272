"""Heat maps of open appeals: stage by age, and topic by stage."""

from itertools import pairwise

import pandas as pd

from components.charts.heatmap import column_totals_chart, heatmap_chart
from otklik.i18n import _, formats

LAST_AGE_FILTER = 7  # days; the start of the last age that the list can be filtered by


def age_band_labels(band_starts: tuple[int, ...]) -> list[str]:
    """Labels of age bands, given their first days: `0 d`, `1–2 d`, … `30+ d`."""
    labels = [_("{days} d").format(days=formats.number(0))]
    for start, next_start in pairwise(band_starts[1:]):
        labels.append(_("{days} d").format(days=f"{formats.number(start)}–{formats.number(next_start - 1)}"))
    return [*labels, _("{days} d").format(days=f"{formats.number(band_starts[-1])}+")]


def stage_by_age_heatmap(rows: pd.DataFrame, band_starts: tuple[int, ...]) -> None:
    """Stages by age; a click narrows the list to both, bands from `LAST_AGE_FILTER` on to that many days and more.

    `rows`: queries.queue.open_counts.open_by_stage_and_age. `band_starts`: the first day of each band.
    """
    band_labels = age_band_labels(band_starts)
    cells = pd.DataFrame(
        {
            "row": rows["stage"],
            "column": [band_labels[band] for band in rows["band"]],
            "appeals": rows["appeals"],
            "row_code": rows["code"],
            "column_code": [str(min(band_starts[band], LAST_AGE_FILTER)) for band in rows["band"]],
        }
    )
    oldest_count = formats.number(rows.loc[rows["band"] == len(band_starts) - 1, "appeals"].sum())
    alt_text = _("{n} open, {old} of them for {age}").format(
        n=formats.number(rows["appeals"].sum()), old=oldest_count, age=band_labels[-1]
    )
    column_totals_chart(cells, band_labels, alt_text)
    heatmap_chart(cells, band_labels, (_("Stage"), _("Days since receipt")), alt_text, ("stage", "age"))


def topic_by_stage_heatmap(rows: pd.DataFrame) -> None:
    """Topics by stage, most open first; a click narrows the page to both.

    `rows`: queries.queue.open_counts.open_by_topic_and_stage.
    """
    rows = rows.assign(name=rows["name"].where(rows["name"].notna(), _("Others")))
    stage_names = list(rows.sort_values("position")["stage"].unique())
    cells = pd.DataFrame(
        {
            "row": rows["name"],
            "column": rows["stage"],
            "appeals": rows["appeals"],
            "row_code": rows["topic"],
            "column_code": rows["code"],
        }
    )
    largest_topic = "" if rows.empty else rows["name"].iloc[0]
    alt_text = _("Open by topic and stage; most in {name}").format(name=largest_topic)
    heatmap_chart(cells, stage_names, (_("Topic"), _("Stage")), alt_text, ("topic", "stage"))

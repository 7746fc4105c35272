"""Charts of ratings: their distribution, their trend, and satisfaction by member and by answer time."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.interaction import filter_on_click
from components.charts.theme import name_column_width
from components.layout.empty_state import empty_state
from components.render_cache import cached_render
from components.satisfaction import rating_specs
from otklik.i18n import _, current_language, formats, ngettext
from otklik.small_numbers import MIN_CASES

if TYPE_CHECKING:
    from queries.metrics.metric import Metric

MAX_ROWS = 12
RATING_TONES = {1: "bad", 2: "bad", 3: "usual", 4: "received", 5: "received"}


def rating_distribution_chart(rows: pd.DataFrame) -> None:
    """Show how many gave each rating; a click on one lists the answers.

    `rows`: queries.satisfaction.ratings.rating_distribution.
    """
    show_chart(build_rating_distribution(rows), **filter_on_click("answers", key="spread"))


@cached_render
def build_rating_distribution(rows: pd.DataFrame) -> Chart | None:
    """Build the bars of the ratings; None (and an empty state) without ratings.

    `rows`: queries.satisfaction.ratings.rating_distribution.
    """
    total = int(rows["appeals"].sum())
    if not total:
        empty_state(_("There are no ratings in these days with these filters."))
        return None
    display_rows = rows.assign(
        code=[f"rating-{rating}" for rating in rows["rating"]],
        tone=rows["rating"].map(RATING_TONES),
        label=[
            f"{formats.number(n)} · {formats.percent(share)}"
            for n, share in zip(rows["appeals"], rows["share"], strict=True)
        ],
    )
    alt_text = _("{n} ratings: {best} gave 5, {worst} gave 1").format(
        n=formats.number(total),
        best=formats.percent(rows["share"].iloc[4]),
        worst=formats.percent(rows["share"].iloc[0]),
    )
    return Chart(display_rows, rating_specs.rating_distribution_spec(current_language()), 230, alt_text)


def satisfaction_trend_chart(rows: pd.DataFrame, metric: "Metric", start: date, end: date) -> None:
    """Show satisfaction by day or week within its interval, and coverage below; few ratings are grey.

    `rows`: queries.satisfaction.ratings.satisfaction_trend. The period is [`start`, `end`): a click on a point narrows
    it to the days of that point.
    """
    if not int(rows["rated"].sum()):
        empty_state(_("There are no ratings in these days with these filters."))
        return
    satisfaction_chart, coverage_chart = build_satisfaction_trend(rows, metric, start, end)
    show_chart(satisfaction_chart, **filter_on_click("day", "first"))
    show_chart(coverage_chart)


@cached_render
def build_satisfaction_trend(rows: pd.DataFrame, metric: "Metric", start: date, end: date) -> tuple[Chart, Chart]:
    """Build the charts of satisfaction and of coverage. Arguments: see `satisfaction_trend_chart`."""
    days, last_day = list(rows["day"]), end - timedelta(days=1)
    display_rows = format_rating_rows(rows, metric).assign(
        date=[formats.day(day) for day in days],
        first=[max(day, start).isoformat() for day in days],
        last=[min(next_day - timedelta(days=1), last_day).isoformat() for next_day in (*days[1:], end)],
    )
    certain_rows = rows[~rows["small"]]
    alt_text = _("Satisfaction day by day")
    if len(certain_rows):
        first_row, last_row = certain_rows.iloc[0], certain_rows.iloc[-1]
        alt_text = _("Satisfaction from {first} on {start} to {last} on {end}").format(
            first=formats.percent(first_row["satisfaction"]),
            last=formats.percent(last_row["satisfaction"]),
            start=formats.day(first_row["day"]),
            end=formats.day(last_row["day"]),
        )
    labels = (_("Satisfaction"), _("Rated"), _("Ratings"), _("target"))
    return (
        Chart(display_rows, rating_specs.satisfaction_trend_spec(current_language(), labels), 190, alt_text),
        Chart(
            display_rows,
            rating_specs.coverage_spec(current_language(), labels[1]),
            rating_specs.COVERAGE_HEIGHT,
            _("Share rated, day by day"),
        ),
    )


def satisfaction_dot_plot(
    rows: pd.DataFrame, metric: "Metric", title: str, order_note: str, filter_name: str | None = None
) -> None:
    """Show the satisfaction of each member within its interval, in the order of the rows; few ratings are grey.

    `rows`: code, name and the columns of queries.satisfaction.ratings.satisfaction_with_bounds. `order_note`: the order
    in words. A click on a row sets `filter_name`, if given, to its code.
    """
    if not int(rows["rated"].sum()):
        empty_state(_("There are no ratings in these days with these filters."))
        return
    show_chart(
        build_satisfaction_dots(rows, metric, title, clickable=filter_name is not None),
        **filter_on_click(filter_name) if filter_name else {},
    )
    notes = [order_note, _("Bars: 95% intervals.")]
    if rows["small"].head(MAX_ROWS).any():
        notes.append(_("Grey, after all others: fewer than {n} ratings.").format(n=formats.number(MIN_CASES)))
    if len(rows) > MAX_ROWS:
        notes.append(_("Not shown: {n}.").format(n=formats.number(len(rows) - MAX_ROWS)))
    st.caption(" ".join(notes))


@cached_render
def build_satisfaction_dots(rows: pd.DataFrame, metric: "Metric", title: str, *, clickable: bool) -> Chart:
    """Build the dot plot of the first `MAX_ROWS` rows. `clickable`: a click on a row selects it."""
    display_rows = format_rating_rows(rows, metric).head(MAX_ROWS)
    certain_rows = display_rows[~display_rows["small"]]
    alt_text = title
    if len(certain_rows) > 1:  # a lone one would be compared with itself
        worst = certain_rows.iloc[int(certain_rows["satisfaction"].to_numpy().argmin())]
        alt_text = _("{what}: least satisfied with {name}, {share}").format(
            what=title, name=worst["name"], share=formats.percent(worst["satisfaction"], 1)
        )
    labels = (_("Ratings"), _("Rated"), _("target"), _("95% interval"))
    return Chart(
        display_rows,
        rating_specs.satisfaction_dot_spec(
            current_language(),
            labels,
            name_column_width(display_rows["name"], rating_specs.NAME_WIDTH),
            clickable=clickable,
        ),
        rating_specs.ROW_HEIGHT * len(display_rows) + 40,
        alt_text,
    )


def satisfaction_by_answer_time_plot(rows: pd.DataFrame, metric: "Metric") -> None:
    """Show satisfaction by classes of answer time, fastest first; a click on a class lists its answers.

    `rows`: queries.satisfaction.ratings.satisfaction_by_answer_time.
    """
    bounds = zip(rows["above"], rows["upto"], strict=True)
    labels = [formats.duration_range(lower, None if pd.isna(upper) else upper) for lower, upper in bounds]
    rows = rows.assign(name=labels, code=[f"delay-{n}" for n in range(len(rows))])
    certain_rows = rows[~rows["small"]]
    if len(certain_rows) > 1:
        fastest, slowest = certain_rows.iloc[0], certain_rows.iloc[-1]
        message = _("Answered in {fast}: {good} satisfied; in {slow}: {bad}.")
        st.markdown(
            message.format(
                fast=fastest["name"],
                slow=slowest["name"],
                good=f"**{formats.percent(fastest['satisfaction'])}**",
                bad=f"**{formats.percent(slowest['satisfaction'])}**",
            )
        )
    satisfaction_dot_plot(rows, metric, _("Satisfaction by answer time"), _("Fastest first."), "answers")


def format_rating_rows(rows: pd.DataFrame, metric: "Metric") -> pd.DataFrame:
    """Add the colour, the texts and the target that the charts draw to each row.

    `rows`: the columns of queries.satisfaction.ratings.satisfaction_with_bounds.
    """
    target = metric.target or 0.0
    is_below_target = ~rows["small"] & (rows["high"] < target)
    return rows.assign(
        tone=pd.Series("received", rows.index).mask(rows["small"], "muted").mask(is_below_target, "bad"),
        target=target,
        share=[formats.percent(value, 1) if pd.notna(value) else "—" for value in rows["satisfaction"]],
        between=[
            f"{formats.number(low * 100)}–{formats.percent(high)}" if pd.notna(low) else "—"
            for low, high in zip(rows["low"], rows["high"], strict=True)
        ],
        covered=[formats.percent(value) if pd.notna(value) else "—" for value in rows["coverage"]],
        count=[
            ngettext("{n} rating", "{n} ratings", int(n)).format(n=formats.number(n)) if n else "—"
            for n in rows["rated"]
        ],
    )

"""The stage funnel, with the time spent in each stage, and movements between organisations."""

from functools import cache

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.name_column import bar_height, bar_scale, first_row, name_layer, named_rows_y, row_offset
from components.charts.theme import NAMED_DATA, Spec, palette_colour, to_spec
from components.layout.empty_state import empty_state
from components.render_cache import cached_render
from components.tables.appeals import appeals_table
from components.tables.columns import CIRCULAR_REDIRECTS, columns_of
from components.tables.row_limit import last_rows_note
from otklik.i18n import N_, _, current_language, formats, ngettext

NAMES_WIDTH = 215  # pixels left of the bars
ROW_HEIGHT = 36
TIME_COLUMN_WIDTH = 92  # pixels for a column of times
END_LABELS = {"received": N_("Received"), "closed": N_("Closed"), "resolved": N_("of them resolved")}


@cached_render
def stage_funnel_chart(steps: pd.DataFrame, stages: pd.DataFrame) -> None:
    """Show how many of the appeals received reached each step, with the days spent in each stage to the right.

    `steps`: queries.resolution.funnel.funnel_steps. `stages`: queries.resolution.stage_history.stage_durations.
    """
    received = int(steps["appeals"].iloc[0])
    if not received:
        empty_state(_("Nothing was received in these days with these filters."))
        return
    with_history = int(stages["appeals"].max())
    stage_times = stages.set_index("name")
    # Appeals start in the first stage, so its times stand in the row of those received.
    first_stage = str(stages["name"].iloc[0])
    named_steps = steps.assign(
        name=[
            _("come to “{stage}”").format(stage=name) if pd.notna(name) else _(END_LABELS[code])
            for code, name in zip(steps["code"], steps["name"], strict=True)
        ]
    )
    stage_names = [
        name if pd.notna(name) else (first_stage if code == "received" else None)
        for code, name in zip(steps["code"], steps["name"], strict=True)
    ]
    chart_rows = named_steps.assign(
        amount=[
            f"{formats.number(n)} · {formats.percent(share)}"
            for n, share in zip(steps["appeals"], steps["share"], strict=True)
        ],
        half=[_format_time(stage_times, stage, "median") for stage in stage_names],
        most=[_format_time(stage_times, stage, "p90") for stage in stage_names],
    )
    closed = int(steps.loc[steps["code"] == "closed", "appeals"].iloc[0])
    summary = _("Of {n} received, {closed} are closed by now ({share}).").format(
        n=formats.number(received), closed=formats.number(closed), share=formats.percent(closed / received)
    )
    labels = (_("half within"), _("90% within")) if with_history else None
    show_chart(
        Chart(chart_rows, stage_funnel_spec(current_language(), labels), ROW_HEIGHT * len(chart_rows) + 30, summary)
    )
    st.caption(f"{summary} {stage_times_note(with_history)}")


def stage_times_note(with_history: int) -> str:
    """Which appeals the times are based on. `with_history`: their number."""
    if not with_history:
        return _("How long each stage took is not known: these appeals have no history, as imported ones have none.")
    template = ngettext(
        "Times at each stage: of the {n} appeal with a history among the last closed ones of these days.",
        "Times at each stage: of the {n} appeals with a history among the last closed ones of these days.",
        with_history,
    )
    return template.format(n=formats.number(with_history)) + " " + _("Imported appeals have none.")


def _format_time(stage_times: pd.DataFrame, stage: str | None, statistic: str) -> str:
    value = stage_times[statistic].get(stage) if stage else None
    return "" if value is None or pd.isna(value) else formats.days(float(value))


@cache
def stage_funnel_spec(language: str, labels: tuple[str, str] | None) -> Spec:
    """Bars with their counts; with `labels`, two columns of times at the right."""
    base = alt.Chart(NAMED_DATA).encode(y=named_rows_y())
    right_margin = 110 + (2 * TIME_COLUMN_WIDTH if labels else 0)
    x = alt.X("appeals:Q", axis=None, scale=bar_scale(NAMES_WIDTH, right_margin, domainMin=0, nice=False))
    layers = [
        base.mark_bar(height=bar_height(18), yOffset=row_offset(), cornerRadiusEnd=2, opacity=0.85).encode(
            x=x, color=palette_colour("received")
        ),
        name_layer(base, NAMES_WIDTH),
        base.mark_text(align="left", dx=6, yOffset=row_offset(), fontWeight=600).encode(
            x=x, text="amount:N", color=palette_colour("ink")
        ),
    ]
    for index, (field, label) in enumerate(zip(("half", "most"), labels or (), strict=False)):
        x_position = alt.value(alt.expr(f"width - {(1 - index) * TIME_COLUMN_WIDTH}"))
        layers += [
            base.mark_text(align="right", yOffset=row_offset()).encode(
                x=x_position, text=f"{field}:N", color=palette_colour("ink")
            ),
            first_row()
            .mark_text(align="right", baseline="bottom", dy=-14, fontSize=12)
            .encode(x=x_position, y=alt.value(8), text=alt.datum(label), color=palette_colour("muted")),
        ]
    return to_spec(alt.layer(*layers, data=NAMED_DATA), language)


def redirects_summary(counts: dict[str, int], returned: pd.DataFrame, max_rows: int) -> None:
    """Show how many appeals were redirected, returned to an earlier holder or extended, and list those returned.

    `counts`: queries.resolution.stage_history.movement_counts. `returned`:
    queries.resolution.stage_history.circular_redirects, at most `max_rows`.
    """
    with_history = counts["known"]
    if not with_history:
        empty_state(
            _("These appeals have no history, as imported ones have none: redirects and extensions are not known.")
        )
        return
    descriptions = {
        "redirected": _("reassigned to another organisation"),
        "twice": _("reassigned more than once"),
        "back": _("came back to an organisation that had had them (A → B → A)"),
        "extended": _("had their deadline extended"),
    }
    lines = [
        f"- **{formats.number(counts[name])}** ({formats.percent(counts[name] / with_history, 1)}) {description}"
        for name, description in descriptions.items()
    ]
    heading = ngettext(
        "Of the {n} appeal with a history among the last closed ones of these days:",
        "Of the {n} appeals with a history among the last closed ones of these days:",
        with_history,
    )
    st.markdown(heading.format(n=formats.number(with_history)) + "\n\n" + "\n".join(lines))
    if returned.empty:
        return
    appeals_table(
        returned,
        columns_of(CIRCULAR_REDIRECTS),
        "back",
        _("Appeals that came back to an organisation that had had them"),
    )
    last_rows_note(len(returned), max_rows)

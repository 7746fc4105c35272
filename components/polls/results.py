"""The result of a question: its options with their shares, and the shares within each group of voters."""

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.name_column import bar_height, bar_scale, name_layer, named_rows_y, row_offset
from components.charts.theme import NAMED_DATA, Spec, name_column_width, palette_colour, to_spec
from components.layout.empty_state import empty_state
from components.panel_contents import ShownTable, add_content
from components.tables.column_types import Column
from components.tables.columns import COLUMNS, columns_named
from components.tables.data_table import data_table
from components.text.escape import escape_markdown
from components.text.fitting import fit_name
from components.text.poll_text import STATUS_LABELS, group_label
from otklik.i18n import N_, _, current_language, formats, ngettext

if TYPE_CHECKING:
    from queries.polls.details import Poll
    from queries.polls.results import Breakdown

KIND_NOTES = {
    "single": N_("One option. Shares are of all votes."),
    "multiple": N_("Several options: shares are of all votes, and may come to more than 100% together."),
    "scale": N_("One step of a scale. Shares are of all votes."),
    "open": N_("An answer in words; the words aren't shown here."),
}
NO_ANSWER, IN_WORDS = -1, 0
ROW_HEIGHT, MIN_NAMES_WIDTH, LABEL_WIDTH = 36, 120, 110  # pixels
NAME_WIDTH, OPTION_WIDTH = 150, 130  # pixels of a column
MAX_GROUPS_SHOWN = 10
EXPORTED = ("name", "option", "ballots", "share", "low", "high", "state")


def question_result(rows: pd.DataFrame, asked: pd.DataFrame, poll: "Poll") -> None:
    """The text of a question, and a bar an option. `rows`: of queries.polls.results.results; `asked`: of questions."""
    st.markdown(f"**{escape_markdown(asked['question'].iloc[0])}**")
    if rows.empty:
        empty_state(_("Too few people have voted: nothing is shown yet."))
        return
    kind = asked["kind"].iloc[0]
    if kind == "open":
        count = int(rows["ballots"].iloc[0])
        answers = ngettext("{n} answer in words", "{n} answers in words", count).format(n=formats.number(count))
        st.markdown(answers)
    else:
        show_chart(build_result_chart(rows, poll))
    st.caption(_(KIND_NOTES[kind]))


def build_result_chart(rows: pd.DataFrame, poll: "Poll") -> Chart:
    """Bars of shares with their intervals, in the order of the options."""
    names = [
        _("No answer") if key == NO_ANSWER else option
        for key, option in zip(rows["option_id"], rows["option"], strict=True)
    ]
    display_rows = rows.assign(
        name=names,
        ballots=rows["ballots"].astype("int64"),
        label=[
            f"{formats.number(ballots)} · {formats.percent(share)}"
            for ballots, share in zip(rows["ballots"], rows["share"], strict=True)
        ],
        state=_(STATUS_LABELS[poll.status]),
        interval=[
            f"{formats.percent(low, 1)} – {formats.percent(high, 1)}"
            for low, high in zip(rows["low"], rows["high"], strict=True)
        ],
    )[["name", "ballots", "share", "low", "high", "label", "interval", "state"]]
    first = display_rows.iloc[int(display_rows["share"].to_numpy().argmax())]
    alt_text = _("Most votes, {share}, for: {option}").format(
        share=formats.percent(first["share"]), option=first["name"]
    )
    labels = (_("Votes"), _("95% interval"))
    spec = result_spec(current_language(), name_column_width(names, MIN_NAMES_WIDTH), labels)
    return Chart(display_rows, spec, ROW_HEIGHT * len(rows) + 10, alt_text)


@cache
def result_spec(language: str, names_width: int, labels: tuple[str, str]) -> Spec:
    """Bars by option, each with its interval as a line over it."""
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("label:N", title=labels[0]),
        alt.Tooltip("interval:N", title=labels[1]),
    ]
    base = alt.Chart(NAMED_DATA).encode(y=named_rows_y(), tooltip=tooltip)
    scale = bar_scale(names_width, LABEL_WIDTH, domainMin=0, nice=False)
    bars = base.mark_bar(height=bar_height(16), yOffset=row_offset(), cornerRadiusEnd=2).encode(
        x=alt.X("share:Q", axis=None, scale=scale), color=palette_colour("received")
    )
    intervals = base.mark_rule(strokeWidth=2, yOffset=row_offset()).encode(
        x=alt.X("low:Q", axis=None, scale=scale), x2="high:Q", color=palette_colour("ink")
    )
    counts = base.mark_text(align="left", dx=6, yOffset=row_offset()).encode(
        x=alt.X("high:Q", axis=None, scale=scale), text="label:N", color=palette_colour("ink")
    )
    return to_spec(alt.layer(bars, intervals, counts, name_layer(base, names_width), data=NAMED_DATA), language)


def breakdown_table(breakdown: "Breakdown", dimension: str, asked: pd.DataFrame, poll: "Poll") -> None:
    """The shares of each option within each group; a file has the votes and intervals too."""
    cells = breakdown.cells[breakdown.cells["question_id"] == asked["question_id"].iloc[0]]
    if cells.empty:
        return
    groups = breakdown.groups
    names = {key: group_label(dimension, key, name) for key, name in zip(groups["key"], groups["name"], strict=True)}
    options = {f"option-{key}": str(option) for key, option in zip(asked["option_id"], asked["option"], strict=True)}
    rows = groups.assign(name=[names[key] for key in groups["key"]])
    for key in options:
        shares = cells[cells["option_id"] == int(key.removeprefix("option-"))].set_index("key")["share"]
        rows[key] = pd.to_numeric(shares.reindex(groups["key"]).to_numpy(dtype=object, na_value=None)).astype("float64")
    add_content(_exported_cells(cells, names, dict(zip(asked["option_id"], asked["option"], strict=True)), poll))
    data_table(
        rows,
        (
            replace(COLUMNS["name"], width=NAME_WIDTH),
            *columns_named("ballots"),
            *(_option_column(key, option) for key, option in options.items()),
        ),
        key=f"poll-breakdown-{asked['position'].iloc[0]}",
        max_rows_shown=MAX_GROUPS_SHOWN,
        alt_text=_("Shares of each option within each group of voters"),
    )


def _option_column(key: str, option: str) -> Column:
    """A column of shares under as much of the option as fits."""
    return Column(
        key, "", "share", OPTION_WIDTH, title=fit_name(option, OPTION_WIDTH - 16), help=escape_markdown(option)
    )


def _exported_cells(cells: pd.DataFrame, names: dict[int, str], options: dict[int, str], poll: "Poll") -> ShownTable:
    """A row a group and option, for files."""
    rows = cells.assign(
        name=cells["key"].map(names), option=cells["option_id"].map(options), state=_(STATUS_LABELS[poll.status])
    )
    titles = {key: COLUMNS[key].heading() for key in EXPORTED}
    return ShownTable(rows, titles, frozenset(("share", "low", "high")))

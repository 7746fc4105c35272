"""How well a poll's voters represent the population: the weighted result beside the raw one, or why there is none."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_state
from components.tables.columns import COLUMNS, columns_named
from components.tables.data_table import data_table
from components.text.escape import escape_markdown
from components.text.poll_text import STATUS_LABELS, group_label, unit_text
from otklik.i18n import N_, _, formats

if TYPE_CHECKING:
    from queries.polls.details import Poll
    from queries.polls.representativeness import Weighting

MAX_ROWS_SHOWN = 14
TEXT_WIDTH = 230  # pixels of a question and of an option
REASONS = {
    "running": N_("The result is weighted by who lives there once the poll is closed."),
    "population": N_(
        "Nobody has loaded how many people of each age and sex live here, so the result can't be weighted."
    ),
    "missing": N_("The result can't be weighted: too many of those who live here are in groups that hardly voted."),
    "few": N_("The result can't be weighted: too few people voted for what their votes would have to carry."),
}


def weighted_results(weighting: "Weighting", asked: pd.DataFrame, poll: "Poll") -> None:
    """Raw and weighted shares of each option. `weighting`: queries.polls.representativeness; `asked`: of questions."""
    if weighting.reason:
        empty_state(_(REASONS[weighting.reason]))
        _missing_note(weighting)
        return
    size = _(
        "Weighted so that the voters are as many of each territory, age and sex as live here, as far as that is known;"
        " no vote counts more than five times. These {votes} votes say as much as about {n} people chosen by chance"
        " would."
    )
    st.markdown(size.format(votes=formats.number(poll.ballots), n=formats.number(weighting.effective)))
    texts = dict(zip(asked["question_id"], asked["question"], strict=True))
    rows = weighting.rows.assign(
        question=[texts[question_id] for question_id in weighting.rows["question_id"]],
        state=_(STATUS_LABELS[poll.status]),
    )
    data_table(
        rows,
        (
            replace(COLUMNS["question"], width=TEXT_WIDTH),
            replace(COLUMNS["option"], width=TEXT_WIDTH),
            *columns_named("share", "low", "high", "weighted", "weighted_low", "weighted_high"),
        ),
        key="poll-weighted",
        max_rows_shown=MAX_ROWS_SHOWN,
        alt_text=_("Raw and weighted shares of each option with their intervals"),
    )
    _missing_note(weighting)
    note = _(
        "Weighting mends who voted, not why: if people of one opinion voted more often than others of their age and"
        " sex, neither share is that of all. Weighted shares are rounded to {unit}, so that no small group can be"
        " worked out."
    )
    st.caption(note.format(unit=unit_text(weighting.unit)))


def _missing_note(weighting: "Weighting") -> None:
    """Which groups hardly voted."""
    if not weighting.missing:
        return
    groups = ", ".join(
        f"{escape_markdown(group_label(dimension, key, name))} ({formats.percent(share)})"
        for dimension, key, name, share in weighting.missing
    )
    message = _(
        "Of these groups nobody voted, or too few to be shown; with their share of those who live here: {groups}."
    )
    st.caption(message.format(groups=groups))

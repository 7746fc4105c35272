"""Suspicious votes of a poll in words, and its results with and without them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from components.tables.columns import COLUMNS, columns_named
from components.tables.data_table import data_table
from components.text.escape import escape_markdown
from components.text.poll_text import STATUS_LABELS, unit_text
from otklik.i18n import N_, _, formats, ngettext

if TYPE_CHECKING:
    from queries.polls.details import Poll
    from queries.polls.suspicious import Suspicion

MAX_ROWS_SHOWN = 14
TEXT_WIDTH = 300  # pixels of a question and of an option
MIN_PROBABILITY = 1e-6
EVIDENCE = {
    "burst": N_("**Burst.** {votes} from {first} to {last}; by the other days, about {expected} were to be expected."),
    "same_answers": N_(
        "**The same answers.** Of {run} votes in a row, from {first} to {last}, {n} gave the same answers to all"
        " questions; about {expected} would in any order."
    ),
    "night": N_(
        "**One channel at night.** {votes} from {first} to {last} through {channel}; about {expected} are usual."
    ),
}


def suspicious_votes(suspicion: "Suspicion", asked: pd.DataFrame, poll: "Poll") -> None:
    """What is suspicious, with the evidence. `suspicion`: queries.polls.suspicious; `asked`: of questions."""
    if suspicion.findings.empty:
        st.markdown(_("Nothing suspicious: no burst, no run of the same answers, no night of a single channel."))
        _method_note()
        return
    flagged = ngettext("{n} vote of {total} is flagged.", "{n} votes of {total} are flagged.", suspicion.flagged)
    message = flagged.format(n=formats.number(suspicion.flagged), total=formats.number(suspicion.votes))
    st.markdown(f":orange[:material/flag: **{message}**]")
    for row in suspicion.findings.to_dict("records"):
        st.markdown(f"- {_evidence(row)}")
    if len(suspicion.rows):
        _comparison(suspicion, asked, poll)
    elif poll.status == "running":
        st.caption(_("The results with and without these votes follow once the poll is closed."))
    _method_note()


def _evidence(row: Mapping[Any, Any]) -> str:
    """A finding in words, as Markdown."""
    votes = ngettext("{n} vote", "{n} votes", row["votes"]).format(n=formats.number(row["votes"]))
    text = _(EVIDENCE[row["kind"]]).format(
        votes=votes,
        n=formats.number(row["votes"]),
        run=formats.number(row["run"]),
        channel=escape_markdown(str(row["channel"])),
        first=formats.moment(row["first"]),
        last=formats.moment(row["last"]),
        expected=formats.number(row["expected"], 0 if row["expected"] >= 10 else 1),  # noqa: PLR2004 -- two digits
    )
    if row["probability"] < MIN_PROBABILITY:
        chance = _("In clean polls: less than once in a million.")
    else:
        chance = _("In clean polls: once in {n}.").format(n=formats.number(round(1 / row["probability"])))
    return f"{text} {chance}"


def _comparison(suspicion: "Suspicion", asked: pd.DataFrame, poll: "Poll") -> None:
    """The shares with and without the flagged votes."""
    texts = dict(zip(asked["question_id"], asked["question"], strict=True))
    rows = suspicion.rows.assign(
        question=[texts[question_id] for question_id in suspicion.rows["question_id"]],
        state=_(STATUS_LABELS[poll.status]),
    )
    data_table(
        rows,
        (
            replace(COLUMNS["question"], width=TEXT_WIDTH),
            replace(COLUMNS["option"], width=TEXT_WIDTH),
            replace(COLUMNS["share"], title=_("With all votes"), width=150),
            *columns_named("without"),
        ),
        key="poll-suspicious",
        max_rows_shown=MAX_ROWS_SHOWN,
        alt_text=_("Shares of each option with all votes and without the flagged ones"),
    )
    note = _("Shares without the flagged votes are rounded to {unit}, so that single votes can't be worked out.")
    st.caption(note.format(unit=unit_text(suspicion.unit)))


def _method_note() -> None:
    """What a flag means."""
    st.caption(
        _(
            "A flag is no proof: a notice to a whole house makes a burst, too. No vote is deleted or left out of the"
            " result for it. In simulations fewer than 1 in 100 clean polls are flagged. Votes are searched every ten"
            " minutes."
        )
    )

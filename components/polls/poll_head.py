"""The head of one poll: its title and place, until when it runs, its turnout and quorum, and how to read it."""

from typing import TYPE_CHECKING, Literal

import streamlit as st

from components.text.escape import clean_text, escape_markdown
from components.text.poll_text import STATUS_LABELS, days_left_text, quorum_text, votes_text
from otklik.i18n import _, formats, ngettext
from otklik.small_numbers import MIN_PEOPLE

if TYPE_CHECKING:
    from queries.polls.details import Poll

STATUS_COLOURS: dict[str, Literal["blue", "green", "gray"]] = {"upcoming": "blue", "running": "green", "closed": "gray"}


def poll_head(poll: "Poll") -> None:
    """The title with its status, topic and place, the period, turnout and quorum, and the description."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="poll-head"):
        st.subheader(escape_markdown(poll.title), anchor=False, width="content")
        st.badge(_(STATUS_LABELS[poll.status]), color=STATUS_COLOURS[poll.status])
    places = [poll.topic, poll.territory, *([poll.audience] if poll.audience else [])]
    st.markdown(" · ".join(map(escape_markdown, places)))
    if poll.status != "upcoming":
        quorum = quorum_text(poll.needed, poll.missing, poll.status)
        st.markdown(f"**{votes_text(poll.ballots, poll.turnout)}** · {quorum}")
    period = _("{first} to {last}").format(first=formats.moment(poll.opens_at), last=formats.moment(poll.closes_at))
    parts = [poll.number, period, *([days_left_text(poll.days_left)] if poll.status == "running" else [])]
    st.caption(" · ".join(map(escape_markdown, parts)))
    if poll.description:
        st.text(clean_text(poll.description))


def reading_note(poll: "Poll") -> None:
    """Say whose opinion this is, that a running poll isn't decided, and why figures are missing."""
    notes = [
        _("Who voted isn't who lives here: shares are of those who voted, and intervals as if chance had chosen them."),
        _("—: left out, so that no group of fewer than {n} people can be recognised or worked out.").format(
            n=formats.number(MIN_PEOPLE)
        ),
    ]
    if poll.status == "running":
        notes = [
            _("This poll is running: until it closes, its results are for the staff alone."),
            _step_text(poll),
            *notes,
        ]
    st.caption(f":material/info: {' '.join(notes)}")


def _step_text(poll: "Poll") -> str:
    """As of when a running poll's results are, and why not as of now."""
    people = formats.number(MIN_PEOPLE)
    if poll.shown_at is None or poll.shown_ballots is None:
        message = _("They are shown once {n} people have voted, and {n} more after them.")
        return message.format(n=people)
    votes = ngettext("{n} vote", "{n} votes", poll.shown_ballots).format(n=formats.number(poll.shown_ballots))
    message = _(
        "They are as of {votes}, {moment}, and change in steps of {n} or more, so that no single vote can be seen."
    )
    return message.format(votes=votes, moment=formats.moment(poll.shown_at), n=people)

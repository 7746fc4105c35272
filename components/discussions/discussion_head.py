"""The head of one discussion: its title and phase, its dates, who answers, what was decided, and what it leads to."""

from typing import TYPE_CHECKING, Literal

import pandas as pd
import streamlit as st

from components.text.discussion_text import PHASE_LABELS, comments_text
from components.text.escape import clean_text, escape_markdown
from components.text.poll_text import days_left_text
from components.text.problem_text import STATUS_LABELS
from components.url.links import list_params
from components.url.problem_links import problem_link
from otklik.i18n import _, formats, ngettext
from otklik.paths import ROOT

if TYPE_CHECKING:
    from queries.discussions.details import Discussion

PHASE_COLOURS: dict[str, Literal["blue", "green", "orange", "gray"]] = {
    "announced": "blue",
    "collecting": "green",
    "summing_up": "orange",
    "closed": "gray",
}

RELATED_KEY = "discussion-related"
# Links are whole, on more lines if need be.
RELATED_CSS = f"""<style>
.st-key-{RELATED_KEY} a, .st-key-{RELATED_KEY} a * {{ white-space: normal; height: auto; overflow: visible }}
</style>"""


def discussion_head(discussion: "Discussion") -> None:
    """The title with its phase, topic and place, the period, what is said, who answers, and the description."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="discussion-head"):
        st.subheader(escape_markdown(discussion.title), anchor=False, width="content")
        st.badge(_(PHASE_LABELS[discussion.phase]), color=PHASE_COLOURS[discussion.phase])
    st.markdown(f"{escape_markdown(discussion.topic)} · {escape_markdown(discussion.territory)}")
    if discussion.phase != "announced":
        reactions = ngettext("{n} reaction", "{n} reactions", discussion.reactions)
        counts = comments_text(discussion.comments, discussion.participants)
        st.markdown(f"**{counts}** · {reactions.format(n=formats.number(discussion.reactions))}")
    st.caption(" · ".join(map(escape_markdown, _facts(discussion))))
    if discussion.description:
        st.text(clean_text(discussion.description))
    if discussion.document_url:
        st.link_button(_("The document that is discussed"), discussion.document_url, icon=":material/description:")


def conclusion(discussion: "Discussion") -> None:
    """What was decided, and what came of it."""
    if discussion.decision is None or discussion.decided_at is None:
        return
    st.markdown(f"**{_('Decided on {day}').format(day=formats.day(discussion.decided_at))}**")
    st.text(clean_text(discussion.decision))
    st.markdown(f"**{_('What came of it')}**")
    if discussion.outcome:
        st.text(clean_text(discussion.outcome))
    else:
        st.markdown(f":gray[{_('Nothing has been said about it yet.')}]")


def related(discussion: "Discussion", problems: pd.DataFrame) -> None:
    """The problems that it is about, and the open appeals of the same topic and place."""
    st.html(RELATED_CSS)
    for row in problems.to_dict("records"):
        problem_link(f"{escape_markdown(row['title'])} · {_(STATUS_LABELS[row['status']])}", row["id"])
    params = list_params(
        dropped=("organisation", "regime", "channel"),
        territory=discussion.territory_code,
        topic=discussion.topic_code,
    )
    label = _("Open appeals of the same topic and place")
    st.page_link(ROOT / "pages" / "queue.py", label=label, icon=":material/list:", query_params=params)


def _facts(discussion: "Discussion") -> list[str]:
    """The number, the period, who answers within how long, and who moderates."""
    period = _("{first} to {last}").format(
        first=formats.moment(discussion.opens_at), last=formats.moment(discussion.closes_at)
    )
    facts = [discussion.number, period]
    if discussion.phase == "collecting":
        facts.append(days_left_text(discussion.days_left))
    if discussion.organisation:
        facts.append(_("answers: {name}").format(name=discussion.organisation))
    if discussion.answer_days:
        rule = ngettext("an answer within {n} day", "an answer within {n} days", discussion.answer_days)
        facts.append(rule.format(n=formats.number(discussion.answer_days)))
    if discussion.moderator:
        facts.append(_("moderator: {name}").format(name=discussion.moderator))
    return facts

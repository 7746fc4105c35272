"""Discussions in words: their phases, what waits in them, the deadline of an answer, and what moderators did."""

from collections.abc import Mapping
from typing import Any

from otklik.i18n import N_, _, formats, ngettext

PHASE_LABELS = {
    "announced": N_("Announced"),
    "collecting": N_("Collecting comments"),
    "summing_up": N_("Summing up"),
    "closed": N_("Decided"),
}
"""By the phases of `otklik.database.functions.comments`, in their order."""
SHOWN_LABELS = {"all": N_("All comments"), "unanswered": N_("Unanswered"), "late": N_("Answers late")}
"""By `queries.discussions.threads.SHOWN_COMMENTS`."""
EVENT_LABELS = {
    "published": N_("Published"),
    "rejected": N_("Rejected"),
    "answered": N_("Answered"),
    "decided": N_("Decided"),
    "outcome": N_("What came of it"),
}
"""By the kinds of `discussion_event`."""
COMMENT_STATE_LABELS = {
    "pending": N_("Awaits moderation"),
    "published": N_("Published"),
    "rejected": N_("Rejected"),
}
"""By the states of `otklik.database.functions.comments`."""
REACTION_LABELS = {"agree": N_("Agree"), "disagree": N_("Disagree")}


def comments_text(comments: int, participants: int) -> str:
    """`41 comments, 120 participants`."""
    said = ngettext("{n} comment", "{n} comments", comments).format(n=formats.number(comments))
    people = ngettext("{n} participant", "{n} participants", participants).format(n=formats.number(participants))
    return f"{said}, {people}"


def waiting_texts(row: Mapping[Any, Any]) -> list[str]:
    """What waits for an answer, and for a moderator: up to two lines of Markdown; `row` of discussion_list."""
    texts = []
    if row["unanswered"]:
        unanswered = ngettext("{n} unanswered", "{n} unanswered", row["unanswered"])
        texts.append(unanswered.format(n=formats.number(row["unanswered"])))
    if row["late"]:
        late = ngettext("{n} answer late", "{n} answers late", row["late"]).format(n=formats.number(row["late"]))
        texts[-1] += f" · :red[:material/warning: {late}]"
    if row["pending"]:
        texts.append(f":orange[:material/pending_actions: {pending_text(row['pending'], row['pending_days'])}]")
    return texts


def pending_text(pending: int, days: int | None) -> str:
    """`4 await moderation, the first for 3 days`."""
    text = ngettext("{n} awaits moderation", "{n} await moderation", pending).format(n=formats.number(pending))
    if not days:
        return text
    waited = ngettext("the first for {n} day", "the first for {n} days", days).format(n=formats.number(days))
    return f"{text}, {waited}"


def reactions_text(row: Mapping[Any, Any]) -> str:
    """`31 agree · 4 disagree · 2 pass`."""
    return " · ".join(
        (
            ngettext("{n} agrees", "{n} agree", row["agrees"]).format(n=formats.number(row["agrees"])),
            ngettext("{n} disagrees", "{n} disagree", row["disagrees"]).format(n=formats.number(row["disagrees"])),
            ngettext("{n} passes", "{n} pass", row["passes"]).format(n=formats.number(row["passes"])),
        )
    )


def answer_due_text(state: str, days_left: int | None) -> str:
    """How long an answer is late, or until when there is time for it; empty where none is due."""
    if days_left is None or state not in ("overdue", "at_risk", "within"):
        return ""
    if state == "overdue":
        return ngettext("answer late by {n} day", "answer late by {n} days", -days_left).format(
            n=formats.number(-days_left)
        )
    if days_left == 0:
        return _("answer due today")
    return ngettext("answer due in {n} day", "answer due in {n} days", days_left).format(n=formats.number(days_left))


def group_name(number: int) -> str:
    """What a group of opinion is called: `Group A`."""
    return _("Group {letter}").format(letter=chr(ord("A") + number))

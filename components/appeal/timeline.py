"""The history of an appeal: as the centre sees it, and without its internal entries as the applicant may."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from components.appeal.summary import format_datetime, rating_stars
from components.layout.empty_state import empty_state
from components.text.escape import clean_text, escape_markdown
from otklik.i18n import N_, _

EVENT_LABELS = {
    "received": N_("Received"),
    "registered": N_("Registered"),
    "moved": N_("Forwarded"),
    "redirected": N_("Reassigned to another organisation"),
    "extended": N_("Deadline extended"),
    "deferred": N_("Deferred"),
    "answered": N_("Answered"),
    "rated": N_("Rated by the applicant"),
    "looked": N_("Looked at by the applicant"),
    "reopened": N_("Re-opened"),
    "note": N_("Note"),
    "imported": N_("Imported"),
    "undone": N_("Undone"),
}
APPLICANT_EVENTS = ("received", "registered", "redirected", "extended", "deferred", "answered", "rated", "reopened")
"""What happened to the appeal itself; notes, imports, undone actions and looks are internal."""
FIELD_LABELS = {
    "holder": N_("Responsible organisation"),
    "topic": N_("Topic"),
    "status": N_("Status"),
    "outcome": N_("Outcome"),
    "deadline": N_("Deadline"),
    "closed": N_("Closed"),
    "rating": N_("Rating"),
    "verdict": N_("Resolved, says the applicant"),
}
VERDICT_LABELS = {"yes": N_("Yes"), "partly": N_("In part"), "no": N_("No")}
APPLICANT_FIELDS = ("holder", "outcome", "deadline", "rating", "verdict")
ACTOR_LABELS = {
    "applicant": N_("Applicant"),
    "moderator": N_("Moderator"),
    "coordinator": N_("Coordinator"),
    "executor": N_("Executor"),
}


def appeal_timeline(rows: pd.DataFrame, *, for_applicants: bool) -> None:
    """The entries, newest first, each with what it changed. `rows`: queries.appeal.details.event_history."""
    events = rows[rows["kind"].isin(APPLICANT_EVENTS)] if for_applicants else rows
    if events.empty:
        empty_state(_("Nothing is known of its history."))
        return
    for event in events.iloc[::-1].to_dict("records"):
        actor, kind = event["actor"], event["kind"]
        actor_text = (
            ""
            if for_applicants
            else f" · {escape_markdown(_(ACTOR_LABELS[actor]) if actor in ACTOR_LABELS else actor)}"
        )
        event_label = _(EVENT_LABELS[kind]) if kind in EVENT_LABELS else kind
        st.markdown(f"**{escape_markdown(event_label)}** :gray[{format_datetime(event['at'])}{actor_text}]")
        for change in format_changes(
            event["was"], event["becomes"], APPLICANT_FIELDS if for_applicants else tuple(FIELD_LABELS)
        ):
            st.markdown(f"- {change}")
        if event["reason"] and not for_applicants:
            st.text(clean_text(event["reason"]))  # a person's text is never read as Markdown


def format_changes(old_values: dict[str, Any], new_values: dict[str, Any], fields: tuple[str, ...]) -> list[str]:
    """The changed fields as Markdown: `Holder: roads → **housing**`, in the order of `fields`."""
    lines = []
    for field in fields:
        before, after = old_values.get(field), new_values.get(field)
        if after is None or before == after:
            continue
        old_text = "" if before is None else f"{escape_markdown(format_value(field, before))} → "
        lines.append(f"{_(FIELD_LABELS[field])}: {old_text}**{escape_markdown(format_value(field, after))}**")
    return lines


def format_value(field: str, value: object) -> str:
    """A value as people read it."""
    if isinstance(value, datetime):
        return format_datetime(value)
    if field == "verdict" and value in VERDICT_LABELS:
        return _(VERDICT_LABELS[str(value)])
    return rating_stars(value) if field == "rating" and isinstance(value, int) else str(value)

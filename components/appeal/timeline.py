"""The history of an appeal: as the applicant may see it, and as the centre does."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from components.appeal.summary import moment, stars
from components.layout.panel import empty
from components.text.escape import clean, plain
from otklik.i18n import N_, _

KINDS = {
    "received": N_("Received"),
    "registered": N_("Registered"),
    "moved": N_("Moved on"),
    "redirected": N_("Handed to another organisation"),
    "extended": N_("Deadline extended"),
    "deferred": N_("Deferred"),
    "answered": N_("Answered"),
    "rated": N_("Rated by the applicant"),
    "reopened": N_("Re-opened"),
    "note": N_("Note"),
    "imported": N_("Imported"),
    "undone": N_("Taken back"),
}
# What happened to the appeal itself; notes, imports and what was taken back are the centre's own business.
FOR_APPLICANTS = ("received", "registered", "redirected", "extended", "deferred", "answered", "rated", "reopened")
WHAT = {
    "holder": N_("Holder"),
    "topic": N_("Topic"),
    "status": N_("Status"),
    "outcome": N_("Outcome"),
    "deadline": N_("Deadline"),
    "closed": N_("Closed"),
    "rating": N_("Rating"),
}
TOLD_TO_APPLICANTS = ("holder", "outcome", "deadline", "rating")
ACTORS = {
    "applicant": N_("Applicant"),
    "moderator": N_("Moderator"),
    "coordinator": N_("Coordinator"),
    "executor": N_("Executor"),
}


def timeline(rows: pd.DataFrame, *, for_applicants: bool) -> None:
    """One line after another, the last first. `rows`: queries.appeal.history."""
    events = rows[rows["kind"].isin(FOR_APPLICANTS)] if for_applicants else rows
    if events.empty:
        empty(_("Nothing is known of its history."))
        return
    for event in events.iloc[::-1].to_dict("records"):
        actor, kind = event["actor"], event["kind"]
        actor_text = "" if for_applicants else f" · {plain(_(ACTORS[actor]) if actor in ACTORS else actor)}"
        event_label = _(KINDS[kind]) if kind in KINDS else kind
        st.markdown(f"**{plain(event_label)}** :gray[{moment(event['at'])}{actor_text}]")
        for change in changes(event["was"], event["becomes"], TOLD_TO_APPLICANTS if for_applicants else tuple(WHAT)):
            st.markdown(f"- {change}")
        if event["reason"] and not for_applicants:
            # What a person wrote reads no Markdown.
            st.text(clean(event["reason"]))


def changes(old_values: dict[str, Any], new_values: dict[str, Any], fields: tuple[str, ...]) -> list[str]:
    """What a line changed: `Holder: this → that`."""
    lines = []
    for field in fields:
        before, after = old_values.get(field), new_values.get(field)
        if after is None or before == after:
            continue
        old_text = "" if before is None else f"{plain(written(field, before))} → "
        lines.append(f"{_(WHAT[field])}: {old_text}**{plain(written(field, after))}**")
    return lines


def written(field: str, value: object) -> str:
    """A value in words."""
    if isinstance(value, datetime):
        return moment(value)
    return stars(value) if field == "rating" and isinstance(value, int) else str(value)

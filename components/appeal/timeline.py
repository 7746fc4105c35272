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
    shown = rows[rows["kind"].isin(FOR_APPLICANTS)] if for_applicants else rows
    if shown.empty:
        empty(_("Nothing is known of its history."))
        return
    for line in shown.iloc[::-1].to_dict("records"):
        actor, kind = line["actor"], line["kind"]
        who = "" if for_applicants else f" · {plain(_(ACTORS[actor]) if actor in ACTORS else actor)}"
        happened = _(KINDS[kind]) if kind in KINDS else kind
        st.markdown(f"**{plain(happened)}** :gray[{moment(line['at'])}{who}]")
        for said in changes(line["was"], line["becomes"], TOLD_TO_APPLICANTS if for_applicants else tuple(WHAT)):
            st.markdown(f"- {said}")
        if line["reason"] and not for_applicants:
            # What a person wrote reads no Markdown.
            st.text(clean(line["reason"]))


def changes(was: dict[str, Any], becomes: dict[str, Any], told: tuple[str, ...]) -> list[str]:
    """What a line changed: `Holder: this → that`."""
    said = []
    for what in told:
        before, after = was.get(what), becomes.get(what)
        if after is None or before == after:
            continue
        old = "" if before is None else f"{plain(written(what, before))} → "
        said.append(f"{_(WHAT[what])}: {old}**{plain(written(what, after))}**")
    return said


def written(what: str, value: object) -> str:
    """A value in words."""
    if isinstance(value, datetime):
        return moment(value)
    return stars(value) if what == "rating" and isinstance(value, int) else str(value)

"""What an appeal is, at a glance: its state with the time left, where it stands, and with whom."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from components.text.appeal_state import BADGE_COLOURS, STATE_ICONS, STATE_LABELS
from components.text.escape import clean_text, escape_markdown
from otklik.i18n import _, durations, formats, ngettext

if TYPE_CHECKING:
    from queries.appeal import Appeal


def appeal_header(appeal: "Appeal") -> None:
    """Number, state, time left, status; then what it is about, where, and with whom."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(escape_markdown(appeal.number), anchor=False, width="content")
        st.badge(_(STATE_LABELS[appeal.state]), icon=STATE_ICONS[appeal.state], color=BADGE_COLOURS[appeal.state])
        if time_left := deadline_countdown(appeal, datetime.now(UTC)):
            st.markdown(f"**{time_left}**", width="content")
        st.badge(escape_markdown(appeal.status), color="gray")
        st.caption(
            f"{escape_markdown(appeal.source_name)} · {escape_markdown(appeal.channel)} · {escape_markdown(appeal.regime)}",
            width="content",
        )


def deadline_countdown(appeal: "Appeal", now: datetime) -> str:
    """The time left until the deadline, or over; nothing for a closed appeal or one without a deadline."""
    if appeal.deadline_at is None or appeal.closed_at is not None:
        return ""
    hours = (appeal.deadline_at - now).total_seconds() / 3600
    return durations.time_overdue(-hours) if hours < 0 else durations.time_left(hours)


def appeal_text(appeal: "Appeal") -> None:
    """What the applicant wrote, as it was written."""
    if appeal.body:
        st.text(clean_text(appeal.body))
    else:
        st.markdown(f":gray[{_('The appeal came without its text.')}]")


def facts_table(appeal: "Appeal") -> None:
    """A table of two columns: what, and what it is."""
    fact_rows: list[tuple[str, str]] = [
        (_("Topic"), " › ".join(appeal.topics)),
        (_("Place"), " › ".join(appeal.territories)),
        (_("Holder"), appeal.holder),
        (_("First holder"), appeal.first_holder if appeal.is_redirected else _("the same")),
        (_("Stage"), appeal.stage),
        (_("Received"), format_datetime(appeal.received_at)),
        (_("Registered"), format_datetime(appeal.registered_at)),
        (_("Deadline"), format_datetime(appeal.deadline_at)),
    ]
    if appeal.closed_at:
        fact_rows += [(_("Closed"), format_datetime(appeal.closed_at)), (_("Outcome"), appeal.outcome or "—")]
    if appeal.reopened:
        reopened_times = ngettext("{n} time", "{n} times", appeal.reopened).format(n=formats.number(appeal.reopened))
        fact_rows.append((_("Re-opened"), reopened_times))
    if appeal.rating:
        fact_rows.append((_("Rating"), f"{rating_stars(appeal.rating)} {format_datetime(appeal.rated_at)}"))
    st.table(
        {escape_markdown(label): escape_markdown(value) for label, value in fact_rows},
        border="horizontal",
        alt=_("Facts"),
    )
    st.caption(_("Times are those of {zone}.").format(zone=escape_markdown(appeal.zone)))


def rating_stars(rating: int) -> str:
    """3 -> `★★★☆☆ (3 of 5)`."""
    return "★" * rating + "☆" * (5 - rating) + " " + _("({n} of 5)").format(n=formats.number(rating))


def format_datetime(at: datetime | None) -> str:
    """With its year; a dash for none."""
    return "—" if at is None else f"{formats.day(at)}, {formats.clock(at)[:5]}"

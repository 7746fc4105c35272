"""The summary of an appeal (queries.appeal.details.appeal_by_key): state, time left, text and a table of facts."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from components.text.appeal_state import state_badge
from components.text.escape import TRUNCATED, clean_text, escape_markdown
from components.text.masked_text import masked_words
from otklik.i18n import _, durations, formats, ngettext
from otklik.i18n.timezones import timezone_name
from otklik.masking.mask_text import MAX_MASKED_CHARACTERS

if TYPE_CHECKING:
    from queries.appeal.details import Appeal


def appeal_header(appeal: "Appeal") -> None:
    """One line: number, state, time left or overdue, status; then source, channel and regime."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="appeal-head"):
        st.subheader(escape_markdown(appeal.number), anchor=False, width="content")
        state_badge(appeal.state)
        if time_left := deadline_countdown(appeal, datetime.now(UTC)):
            st.markdown(f"**{time_left}**", width="content")
        st.badge(escape_markdown(appeal.status), color="gray")
        origin = (appeal.source_name, appeal.channel, appeal.regime)
        st.caption(" · ".join(map(escape_markdown, origin)), width="content")


def deadline_countdown(appeal: "Appeal", now: datetime) -> str:
    """The time left or overdue, such as `3 days left`; "" for a closed appeal or one without a deadline."""
    if appeal.deadline_at is None or appeal.closed_at is not None:
        return ""
    hours = (appeal.deadline_at - now).total_seconds() / 3600
    return durations.time_overdue(-hours) if hours < 0 else durations.time_left(hours)


def appeal_text(appeal: "Appeal") -> None:
    """The applicant's text as plain text, with words in place of personal data, or a note that there is none."""
    if appeal.masked_text:
        shown_text = clean_text(masked_words(appeal.masked_text))
        if more_count := max(0, appeal.text_length - MAX_MASKED_CHARACTERS):
            shown_text = _(TRUNCATED).format(text=shown_text, n=more_count)
        st.text(shown_text)
        if any(part.kind for part in appeal.masked_text):
            st.caption(_("Personal data are left out: who may see the applicant sees the whole text there."))
    else:
        st.markdown(f":gray[{_('The appeal came without its text.')}]")


def facts_table(appeal: "Appeal") -> None:
    """A table of the appeal's facts by their labels, with the time zone of its times below."""
    fact_rows: list[tuple[str, str]] = [
        (_("Topic"), " › ".join(appeal.topics)),
        (_("Place"), " › ".join(appeal.territories)),
        (_("Responsible organisation"), appeal.holder),
        (_("First responsible organisation"), appeal.first_holder if appeal.is_redirected else _("the same")),
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
    zone_text = timezone_name(appeal.zone, appeal.received_at)
    st.caption(_("Time zone: {zone}").format(zone=escape_markdown(zone_text)))


def rating_stars(rating: int) -> str:
    """A rating in stars: 3 -> `★★★☆☆ (3 of 5)`."""
    return "★" * rating + "☆" * (5 - rating) + " " + _("({n} of 5)").format(n=formats.number(rating))


def format_datetime(at: datetime | None) -> str:
    """Date with year, hours and minutes, in the moment's own time zone: `24 Nov 2025, 14:03`; a dash for None."""
    return "—" if at is None else f"{formats.day(at)}, {formats.clock(at)[:5]}"

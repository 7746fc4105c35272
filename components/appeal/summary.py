"""What an appeal is, at a glance: its state with the time left, where it stands, and with whom."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from components.tables import late_appeals
from components.text.escape import clean, plain
from otklik.i18n import N_, _, formats, ngettext

if TYPE_CHECKING:
    from queries.appeal import Appeal

# State: words, a sign that differs in shape, and a colour that also says it to who sees few colours.
STATES = {
    "overdue": (N_("Overdue"), ":material/error:", "red"),
    "at_risk": (N_("At risk"), ":material/warning:", "orange"),
    "within": (N_("Within time"), ":material/schedule:", "blue"),
    "closed": (N_("Closed"), ":material/check_circle:", "gray"),
}


def head(of: "Appeal") -> None:
    """Number, state, time left, status; then what it is about, where, and with whom."""
    word, icon, colour = STATES[of.state]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(plain(of.number), anchor=False, width="content")
        st.badge(_(word), icon=icon, color=colour)  # type: ignore[arg-type]
        if said := countdown(of, datetime.now(UTC)):
            st.markdown(f"**{said}**", width="content")
        st.badge(plain(of.status), color="gray")
        st.caption(f"{plain(of.source_name)} · {plain(of.channel)} · {plain(of.regime)}", width="content")


def countdown(of: "Appeal", now: datetime) -> str:
    """The time left until the deadline, or over; nothing for a closed appeal or one without a deadline."""
    if of.deadline_at is None or of.closed_at is not None:
        return ""
    hours = (of.deadline_at - now).total_seconds() / 3600
    return late_appeals.over(-hours) if hours < 0 else late_appeals.left(hours)


def body(of: "Appeal") -> None:
    """What the applicant wrote, as it was written."""
    if of.body:
        st.text(clean(of.body))
    else:
        st.markdown(f":gray[{_('The appeal came without its text.')}]")


def facts(of: "Appeal") -> None:
    """A table of two columns: what, and what it is."""
    told: list[tuple[str, str]] = [
        (_("Topic"), " › ".join(of.topics)),
        (_("Place"), " › ".join(of.places)),
        (_("Holder"), of.holder),
        (_("First holder"), of.first_holder if of.is_redirected else _("the same")),
        (_("Stage"), of.stage),
        (_("Received"), moment(of.received_at)),
        (_("Registered"), moment(of.registered_at)),
        (_("Deadline"), moment(of.deadline_at)),
    ]
    if of.closed_at:
        told += [(_("Closed"), moment(of.closed_at)), (_("Outcome"), of.outcome or "—")]
    if of.reopened:
        times = ngettext("{n} time", "{n} times", of.reopened).format(n=formats.number(of.reopened))
        told.append((_("Re-opened"), times))
    if of.rating:
        told.append((_("Rating"), f"{stars(of.rating)} {moment(of.rated_at)}"))
    st.table({plain(name): plain(value) for name, value in told}, border="horizontal", alt=_("Facts"))
    st.caption(_("Times are those of {zone}.").format(zone=plain(of.zone)))


def stars(rating: int) -> str:
    """3 -> `★★★☆☆ (3 of 5)`."""
    return "★" * rating + "☆" * (5 - rating) + " " + _("({n} of 5)").format(n=formats.number(rating))


def moment(at: datetime | None) -> str:
    """With its year; a dash for none."""
    return "—" if at is None else f"{formats.day(at)}, {formats.clock(at)[:5]}"

"""Words for an organisation that may take appeals: why it is suited, and how much it has to do."""

from components.text.escape import clean_line
from otklik.actions.model import Experience, RankedHolder
from otklik.i18n import _, formats, ngettext


def holder_label(holder: RankedHolder) -> str:
    """`Roads · closed 34 on this topic here, 4.1 d on average`: a name and why it is suited."""
    reason = experience_text(holder.experience) if holder.experience else _("closed nothing of the kind lately")
    return f"{clean_line(holder.candidate.name)} · {reason}"


def experience_text(experience: Experience) -> str:
    """Which appeals of the kind it closed in the last 90 days, how many, and how quickly."""
    count = experience.closed
    message = {
        "topic_here": ngettext("closed {n} on this topic here", "closed {n} on this topic here", count),
        "topic_in_region": ngettext(
            "closed {n} on this topic in the region", "closed {n} on this topic in the region", count
        ),
        "related_here": ngettext("closed {n} on related topics here", "closed {n} on related topics here", count),
        "related_in_region": ngettext(
            "closed {n} on related topics in the region", "closed {n} on related topics in the region", count
        ),
    }[experience.nearness].format(n=formats.number(count))
    return _("{closed}, {days} on average").format(closed=message, days=formats.days(experience.mean_days))


def workload_text(holder: RankedHolder) -> str:
    """`120 open, 14 overdue, through in 6.2 d, room for 31 in 9.0 d`."""
    candidate = holder.candidate
    workload = _("{open} open, {overdue} overdue").format(
        open=formats.number(candidate.open), overdue=formats.number(candidate.overdue)
    )
    days = candidate.days_to_clear
    clearing = _("closed nothing lately") if days is None else _("through in {days}").format(days=formats.days(days))
    if holder.has_room and holder.room is not None:
        message = _("room for {n} in {days}")
        capacity = message.format(n=formats.number(int(holder.room)), days=formats.days(holder.days))
    else:
        capacity = _("no room in {days}").format(days=formats.days(holder.days))
    return f"{workload}, {clearing}, {capacity}"

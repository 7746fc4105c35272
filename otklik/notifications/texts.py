"""The texts of notices and of the e-mail that lists them."""

from collections.abc import Sequence
from datetime import timedelta

from otklik.i18n import LANGUAGES, _, durations, formats, ngettext, set_language
from otklik.notifications.model import NoticeGroup


def notice_text(moment: str, after: timedelta) -> str:
    """What happened to the appeal, in the current language: `Overdue by 3 days`.

    `moment` and `after` are those of `otklik.notifications.escalation.EscalationStep`.
    """
    hours = after / timedelta(hours=1)
    if moment == "transfer":
        text = _("no action for {time} since it was reassigned").format(time=durations.format_duration(hours))
    elif moment == "risk":
        text = _("four fifths of the time are used")
    elif hours:
        text = durations.time_overdue(hours) if hours > 0 else durations.time_left(-hours)
    else:
        text = _("the deadline has passed")
    return text[0].upper() + text[1:]


def digest_text(groups: Sequence[NoticeGroup], language: str) -> tuple[str, str]:
    """Subject and body of a digest, in the language (English where there are no translations); sets the language."""
    set_language(language if language in LANGUAGES else "en")
    total = sum(group.appeal_count for group in groups)
    subject = ngettext("Otklik: {n} appeal to look at", "Otklik: {n} appeals to look at", total)
    lines = [line for group in groups for line in _group_lines(group)]
    lines.append(_("Notices that you mark as read in Otklik aren't mailed."))
    return subject.format(n=formats.number(total)), "\n".join(lines) + "\n"


def _group_lines(group: NoticeGroup) -> list[str]:
    heading = f"{notice_text(group.moment, group.after)}: {formats.number(group.appeal_count)}"
    appeal_lines = [f"  {number}  {url}".rstrip() for number, url in group.urls.items()]
    more_count = group.appeal_count - len(appeal_lines)
    more_line = [f"  {_('and {n} more').format(n=formats.number(more_count))}"] if more_count else []
    return [heading, *appeal_lines, *more_line, ""]

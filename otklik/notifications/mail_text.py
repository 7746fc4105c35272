"""The digest by e-mail in words: how many appeals at which step, and the first of each with their address."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from components.layout.notifications import notice_text
from otklik.i18n import LANGUAGES, _, formats, ngettext, set_language

if TYPE_CHECKING:
    from otklik.notifications.mailer import NoticeGroup


def format_digest(groups: Sequence["NoticeGroup"], language: str) -> tuple[str, str]:
    """Subject and text in a language (English for one that there is not)."""
    set_language(language if language in LANGUAGES else "en")
    total = sum(group.appeals for group in groups)
    subject = ngettext("Otklik: {n} appeal to look at", "Otklik: {n} appeals to look at", total)
    lines = [line for group in groups for line in _group_lines(group)]
    lines.append(_("Notices that you mark as read in Otklik aren't mailed."))
    return subject.format(n=formats.number(total)), "\n".join(lines) + "\n"


def _group_lines(group: "NoticeGroup") -> list[str]:
    heading = f"{notice_text(group.moment, group.after)}: {formats.number(group.appeals)}"
    appeal_lines = [f"  {number}  {url}".rstrip() for number, url in group.urls.items()]
    rest = group.appeals - len(appeal_lines)
    rest_line = [f"  {_('and {n} more').format(n=formats.number(rest))}"] if rest else []
    return [heading, *appeal_lines, *rest_line, ""]

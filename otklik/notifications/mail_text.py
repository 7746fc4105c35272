"""The digest by e-mail in words: how many appeals at which step, and the first of each with their address."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from components.layout.notifications import what
from otklik.i18n import LANGUAGES, _, formats, ngettext, use

if TYPE_CHECKING:
    from otklik.notifications.mailer import Group


def digest(groups: Sequence["Group"], language: str) -> tuple[str, str]:
    """Subject and text in a language (English for one that there is not)."""
    use(language if language in LANGUAGES else "en")
    total = sum(group.appeals for group in groups)
    subject = ngettext("Otklik: {n} appeal to look at", "Otklik: {n} appeals to look at", total)
    parts = [part for group in groups for part in _lines(group)]
    parts.append(_("Notices that you mark as read in Otklik aren't mailed."))
    return subject.format(n=formats.number(total)), "\n".join(parts) + "\n"


def _lines(group: "Group") -> list[str]:
    head = f"{what(group.moment, group.after)}: {formats.number(group.appeals)}"
    named = [f"  {number}  {address}".rstrip() for number, address in group.addresses.items()]
    rest = group.appeals - len(named)
    more = [f"  {_('and {n} more').format(n=formats.number(rest))}"] if rest else []
    return [head, *named, *more, ""]

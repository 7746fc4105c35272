"""Problems in words: their statuses, what happened to them, and when a remedy is due."""

from datetime import date

from otklik.i18n import N_, _, formats

STATUS_LABELS = {
    "found": N_("Found"),
    "confirmed": N_("Confirmed"),
    "decided": N_("Decided"),
    "in_progress": N_("In progress"),
    "checked": N_("Checked"),
    "closed": N_("Closed"),
    "rejected": N_("Rejected"),
}
"""By the statuses of `otklik.database.functions.problems`, in their order."""


def due_text(due: date, *, is_overdue: bool) -> str:
    """`due 5 Dec 2026`, or in red `overdue, was due 5 Dec 2026`, as Markdown; that is the last day for it."""
    text = plain_due_text(due, is_overdue=is_overdue)
    return f":red[:material/warning: {text}]" if is_overdue else text


def plain_due_text(due: date, *, is_overdue: bool) -> str:
    """`due 5 Dec 2026`, or `overdue, was due 5 Dec 2026`."""
    text = _("overdue, was due {day}") if is_overdue else _("due {day}")
    return text.format(day=formats.day(due))

"""Problems in words: their statuses."""

from otklik.i18n import N_

STATUS_LABELS = {
    "found": N_("Found"),
    "confirmed": N_("Confirmed"),
    "decided": N_("Decided"),
    "in_progress": N_("In progress"),
    "checked": N_("Checked"),
    "closed": N_("Closed"),
    "rejected": N_("Rejected"),
}
"""By the statuses of `otklik.database.problems`, in their order."""

"""Whether open and overdue at the end of past days are as they stood then, in words."""

from typing import TYPE_CHECKING

from otklik.i18n import N_, _

if TYPE_CHECKING:
    from queries.summaries.day_record import StockBasis

COUNTED_BACK_TEXTS = {
    "recorded": N_("Open and overdue are as they stood at its end."),
    "unrecorded": N_(
        "Open and overdue are counted back from today, since that day wasn't recorded: "
        "what was extended or re-opened since changes them."
    ),
    "filtered": N_(
        "Open and overdue are counted back from today, since the record of days knows territories alone: "
        "what was extended or re-opened since changes them."
    ),
}
"""By what they are; those of now need no words."""


def counted_back_text(basis: "StockBasis") -> str:
    """A sentence on the last day of a period; empty for one that goes on."""
    return _(COUNTED_BACK_TEXTS[basis]) if basis in COUNTED_BACK_TEXTS else ""

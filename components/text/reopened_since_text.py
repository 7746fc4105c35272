"""What the closes of a past period have lost to re-openings, in words."""

from typing import TYPE_CHECKING

from otklik.i18n import formats, ngettext

if TYPE_CHECKING:
    from queries.metrics.metric import MetricValue
    from queries.summaries.reopened_since import ReopenedSince


def reopened_since_text(reopened: "ReopenedSince", closed: "MetricValue", resolved: "MetricValue") -> str:
    """A sentence with closed and resolved as they stood before; empty where nothing was re-opened since.

    `closed` and `resolved` are the values that the figures show now.
    """
    if not reopened.closed:
        return ""
    return ngettext(
        "{n} appeal closed in this period was re-opened since and counts on the day of its next close. Before, "
        "{closed} were closed and {resolved} resolved; on time, share resolved and answer times changed with it.",
        "{n} appeals closed in this period were re-opened since and count on the days of their next closes. Before, "
        "{closed} were closed and {resolved} resolved; on time, share resolved and answer times changed with them.",
        reopened.closed,
    ).format(
        n=formats.number(reopened.closed),
        closed=formats.number((closed.value or 0) + reopened.closed),
        resolved=formats.number((resolved.value or 0) + reopened.resolved),
    )

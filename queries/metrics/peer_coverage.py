"""On which page each metric of a comparable system is shown here.

The list has the 40 metrics of eGov DIGIT's complaint resolution (as of August 2026), described in our words.
"""

from typing import NamedTuple

from queries.metrics.data_quality import DATA_QUALITY_METRICS

# The tiles at the top of a page, which have no title.
TILE_ROW = "Tiles"
# The map, whose title is the metric chosen above it.
MAP_PANEL = "Map"


class PeerMetric(NamedTuple):
    """A metric of the list: its number there, what it says, our metrics for it, and their page and panel."""

    number: int
    description: str
    metric_ids: tuple[str, ...]
    page: str
    panel: str = TILE_ROW


# Metrics without a counterpart in the list, by the page that has them among its tiles.
OWN_METRICS_BY_PAGE = {"quality": tuple(DATA_QUALITY_METRICS)}

PEER_METRICS = (
    PeerMetric(1, "New appeals", ("received",), "resolution"),
    PeerMetric(2, "Appeals of today", ("received",), "overview", "Today by the hour"),
    PeerMetric(3, "Share resolved", ("resolved_share",), "resolution"),
    PeerMetric(4, "Share re-opened", ("reopened_rate",), "resolution"),
    PeerMetric(5, "How satisfied people are", ("satisfaction", "coverage", "rating_mean"), "satisfaction"),
    PeerMetric(6, "Share that came to the right organisation at first", ("redirect_rate",), "resolution"),
    PeerMetric(7, "Share on time, of all that was due", ("on_time_rate",), "resolution"),
    PeerMetric(8, "Share on time, of what was closed", ("closed_on_time_rate",), "resolution"),
    PeerMetric(9, "Open appeals", ("open",), "queue"),
    PeerMetric(10, "Resolved appeals", ("resolved",), "resolution"),
    PeerMetric(11, "Age of the oldest open appeal", ("oldest_open",), "queue"),
    PeerMetric(12, "Mean time to an answer", ("answer_mean",), "resolution"),
    PeerMetric(13, "Appeals by topic", ("received",), "resolution", "Topics"),
    PeerMetric(14, "Appeals by organisation", ("received",), "resolution", "Organisations"),
    PeerMetric(15, "Share resolved by organisation", ("resolved_share",), "resolution", "Organisations"),
    PeerMetric(
        16, "Largest workloads, and how late", ("open", "within", "at_risk", "overdue"), "queue", "Largest workloads"
    ),
    PeerMetric(17, "Open appeals by topic and stage", ("open",), "queue", "Open by topic and stage"),
    PeerMetric(18, "Open appeals by channel", ("open", "within", "at_risk", "overdue"), "queue", "Open by channel"),
    PeerMetric(19, "Open appeals by age", ("open",), "queue", "Open by stage and age"),
    PeerMetric(
        20, "Map, and its change against the period before", ("received", "open", "resolved"), "regions", MAP_PANEL
    ),
    PeerMetric(
        21,
        "Topics in detail",
        ("answer_mean", "time_allowed", "reopened_rate", "oldest_open", "closed_on_time_rate", "rating_mean"),
        "resolution",
        "Topics",
    ),
    PeerMetric(22, "List of the appeals at risk and overdue", ("at_risk", "overdue"), "queue", "Open appeals"),
    PeerMetric(
        23,
        "Received, closed and closed on time, day by day",
        ("received", "closed", "on_time"),
        "resolution",
        "Received, closed, closed by the deadline",
    ),
    PeerMetric(
        24,
        "How those who answer perform",
        ("received", "open", "resolved", "reopened_rate", "satisfaction", "redirect_rate"),
        "resolution",
        "Organisations",
    ),
    PeerMetric(25, "Open appeals past the deadline", ("overdue",), "queue"),
    PeerMetric(26, "List of the open appeals that have a point", ("open",), "queue", "Appeals with coordinates"),
    PeerMetric(27, "Points of appeals", ("open", "received"), "regions", "Appeals as points"),
    PeerMetric(28, "Flow ratio by organisation", ("flow_ratio",), "resolution", "Organisations"),
    PeerMetric(29, "Share late", ("on_time_rate",), "resolution"),
    PeerMetric(30, "All appeals", ("received",), "resolution"),
    PeerMetric(31, "Flow ratio", ("flow_ratio",), "resolution"),
    PeerMetric(32, "Appeals day by day", ("received",), "overview", "Received and closed by day"),
    PeerMetric(33, "Open appeals day by day", ("open", "overdue"), "queue", "Backlog by day"),
    PeerMetric(
        34,
        "Territories, and how late",
        ("open", "within", "at_risk", "overdue"),
        "regions",
        "Open appeals by territory",
    ),
    PeerMetric(35, "Lateness against caseload", ("overdue_share", "open"), "resolution", "Overdue share by workload"),
    PeerMetric(
        36,
        "How territories perform",
        ("received", "open", "reopened_rate", "on_time_rate", "satisfaction"),
        "regions",
        "Territories in figures",
    ),
    PeerMetric(
        37, "Open appeals by territory, day by day", ("open",), "regions", "Open day by day where most are overdue"
    ),
    PeerMetric(
        38, "Quality by channel", ("received", "resolved_share", "rating_mean", "coverage"), "resolution", "Channels"
    ),
    PeerMetric(
        39, "Lower topics: how many, how fast", ("received", "answer_mean", "time_allowed"), "resolution", "Topics"
    ),
    PeerMetric(40, "Places and topics that come up again and again", ("received",), "resolution", "Recurring problems"),
)

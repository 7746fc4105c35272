"""What the columns of a chart's rows are called for people; a column that isn't here is drawing alone."""

from otklik.i18n import N_

# Names of figures are those of the catalogue; a test compares them.
COLUMN_TITLES = {
    "number": N_("Number"),
    "day": N_("Day"),
    "hour": N_("Hour"),
    "name": N_("Name"),
    "row": N_("Row"),
    "column": N_("Column"),
    "state": N_("State"),
    "stage": N_("Stage"),
    "topic": N_("Topic"),
    "territory": N_("Territory"),
    "organisation": N_("Organisation"),
    "channel": N_("Channel"),
    "rating": N_("Rating"),
    "status": N_("Status"),
    "received_at": N_("Received"),
    "deadline_at": N_("Deadline"),
    "appeals": N_("Appeals"),
    "received": N_("Received"),
    "closed": N_("Closed"),
    "resolved": N_("Resolved"),
    "on_time": N_("Closed by the deadline"),
    "backlog": N_("Open at the end of the day"),
    "open": N_("Open"),
    "within": N_("Within time"),
    "at_risk": N_("At risk"),
    "overdue": N_("Overdue"),
    "due": N_("Due"),
    "today": N_("Today"),
    "usual": N_("Usual such day"),
    "rated": N_("Ratings"),
    "rating_mean": N_("Mean rating"),
    "on_time_rate": N_("On time"),
    "resolution_rate": N_("Resolution rate"),
    "reopened_rate": N_("Re-opened"),
    "overdue_share": N_("Overdue share"),
    "answer_mean": N_("Mean answer time"),
    "satisfaction": N_("Satisfaction"),
    "coverage": N_("Rated"),
    "low": N_("Interval from"),
    "high": N_("Interval to"),
    "share": N_("Share"),
}
SHARE_COLUMNS = frozenset(
    {
        *("on_time_rate", "closed_on_time_rate", "resolution_rate", "overdue_share", "breach_rate", "reopened_rate"),
        *("redirect_rate", "first_assignment_rate", "fast_share", "low_share", "satisfaction", "coverage"),
        *("low", "high", "share"),
    }
)

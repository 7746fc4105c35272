"""The catalogue: every metric defined once, for pages, tooltips, exports, documents and tests.

Numerators and denominators are functions of sums of measures, of the deadlines that fell in the period and of the state
at its end (`queries.counts.state_sums.SUM_MEASURES`). They take whatever has these as attributes, so that the same
definition works on columns in SQL, on arrays and on a single row.
"""

from typing import Any

from otklik.i18n import N_
from queries.metrics.data_quality import DATA_QUALITY_METRICS
from queries.metrics.metric import Metric
from queries.metrics.morning import MORNING_METRICS
from queries.metrics.verdicts import VERDICT_METRICS


def _rating_count(m: Any) -> Any:
    return m.rated_1 + m.rated_2 + m.rated_3 + m.rated_4 + m.rated_5


_SUM_METRICS = [
    Metric(
        "received",
        N_("Received"),
        N_("Appeals received in the period."),
        "count",
        None,
        lambda m: m.received,
    ),
    Metric(
        "closed",
        N_("Closed"),
        N_(
            "Appeals closed in the period, whatever their outcome. One that was re-opened since counts on the day of "
            "its next close."
        ),
        "count",
        None,
        lambda m: m.closed,
    ),
    Metric(
        "resolved",
        N_("Resolved"),
        N_(
            "Appeals closed in the period whose outcome is “resolved”. One that was re-opened since counts on the day "
            "of its next close."
        ),
        "count",
        None,
        lambda m: m.resolved,
        needs=("outcome",),
    ),
    Metric(
        "resolved_share",
        N_("Share resolved"),
        N_(
            "Of the appeals received in the period, the share resolved within 30 days (or the days set for a regime), "
            "or by the age of the oldest if none is so old. Open ones count up to their age, those closed with another "
            "outcome as not resolved. An earlier period is taken as it stood at the same age. "
            "In tables and on the map it is recounted every ten minutes."
        ),
        "share",
        "up",
        lambda m: m.resolved_estimate,
        lambda m: m.followed,
        needs=("outcome",),
    ),
    Metric(
        "resolution_rate",
        N_("Resolved by now"),
        N_(
            "Of the appeals received in the period, the share resolved by now. An earlier period has had longer: its "
            "share is higher by itself, so no change is shown."
        ),
        "share",
        None,
        lambda m: m.received_resolved,
        lambda m: m.received,
        needs=("outcome",),
    ),
    Metric(
        "on_time_rate",
        N_("On time"),
        N_(
            "Of the appeals whose deadline fell in the period and has passed, the share closed by it. "
            "Each appeal counts once; the deadlines of a day count when it is over. "
            "One that was moved counts on the day that it was moved to."
        ),
        "share",
        "up",
        lambda m: m.met,
        lambda m: m.due,
        needs=("deadline_at",),
    ),
    Metric(
        "on_time",
        N_("Closed by the deadline"),
        N_("Appeals closed in the period at or before their deadline."),
        "count",
        None,
        lambda m: m.on_time,
        needs=("deadline_at",),
    ),
    Metric(
        "breach_rate",
        N_("Late"),
        N_(
            "The other side of “on time”: of the appeals whose deadline fell in the period, the share not closed by it."
        ),
        "share",
        "down",
        lambda m: m.due - m.met,
        lambda m: m.due,
        needs=("deadline_at",),
    ),
    Metric(
        "closed_on_time_rate",
        N_("Closed on time"),
        N_(
            "Of the appeals closed in the period that had a deadline, the share closed by it. "
            "It says nothing of those still open past the deadline: “on time” does."
        ),
        "share",
        "up",
        lambda m: m.on_time,
        lambda m: m.on_time + m.late,
        needs=("deadline_at",),
    ),
    Metric(
        "open",
        N_("Open"),
        N_("Appeals not closed at the end of the period, or now."),
        "count",
        "down",
        lambda m: m.open,
    ),
    Metric(
        "overdue",
        N_("Overdue"),
        N_("Open and past the deadline at the end of the period, or now."),
        "count",
        "down",
        lambda m: m.overdue,
        needs=("deadline_at",),
    ),
    Metric(
        "overdue_share",
        N_("Overdue share"),
        N_("Of the open appeals, the share that is past the deadline."),
        "share",
        "down",
        lambda m: m.overdue,
        lambda m: m.open,
        needs=("deadline_at",),
    ),
    Metric(
        "within",
        N_("On track"),
        N_("Open, with less than 80% of the time used or without a deadline; known of this moment only."),
        "count",
        None,
        lambda m: m.open - m.risked,
        needs=("deadline_at",),
    ),
    Metric(
        "at_risk",
        N_("At risk"),
        N_("Open, not overdue, with over 80% of the time used; known of this moment only."),
        "count",
        "down",
        lambda m: m.risked - m.overdue,
        needs=("deadline_at",),
    ),
    Metric(
        "answer_mean",
        N_("Mean answer time"),
        N_("From receipt to answer, mean over the appeals closed in the period, in days."),
        "days",
        "down",
        lambda m: m.answer_seconds / 86400,
        lambda m: m.closed,
    ),
    Metric(
        "satisfaction",
        N_("Satisfaction"),
        N_(
            "Ratings of 4–5 ÷ all ratings given in the period. One stays counted when the appeal is taken up again or "
            "its next answer rated. Coverage is rated ÷ closed."
        ),
        "share",
        "up",
        lambda m: m.rated_4 + m.rated_5,
        _rating_count,
        needs=("rating",),
    ),
    Metric(
        "coverage",
        N_("Rated"),
        N_("Of the appeals closed in the period, the share that the applicant rated."),
        "share",
        "up",
        lambda m: m.closed_rated,
        lambda m: m.closed,
        needs=("rating",),
    ),
    Metric(
        "rating_mean",
        N_("Mean rating"),
        N_("Mean of the ratings (1–5) given in the period; read it beside its coverage."),
        "rating",
        "up",
        lambda m: m.rated_1 + 2 * m.rated_2 + 3 * m.rated_3 + 4 * m.rated_4 + 5 * m.rated_5,
        _rating_count,
        needs=("rating",),
    ),
    Metric(
        "rated",
        N_("Ratings"),
        N_("Ratings given in the period, on whatever day the answer was."),
        "count",
        None,
        _rating_count,
        needs=("rating",),
    ),
    Metric(
        "low_share",
        N_("Low ratings"),
        N_("Ratings of 1–2 ÷ all ratings given in the period."),
        "share",
        "down",
        lambda m: m.rated_1 + m.rated_2,
        _rating_count,
        needs=("rating",),
    ),
    Metric(
        "reopened_rate",
        N_("Re-opened"),
        N_(
            "Of the first answers whose week for a return ended in the period, so given from seven days before it on, "
            "the share returned for re-consideration within that week."
        ),
        "share",
        "down",
        lambda m: m.returned,
        lambda m: m.first_answered,
        needs=("reopened",),
    ),
    Metric(
        "redirect_rate",
        N_("Redirected"),
        N_("Of the appeals received in the period, the share now held by another organisation than first."),
        "share",
        "down",
        lambda m: m.redirected,
        lambda m: m.received,
        needs=("first_holder",),
    ),
    Metric(
        "first_assignment_rate",
        N_("Routed right first time"),
        N_("Of the appeals received in the period, the share still with the organisation that got them first."),
        "share",
        "up",
        lambda m: m.received - m.redirected,
        lambda m: m.received,
        needs=("first_holder",),
    ),
    Metric(
        "flow_ratio",
        N_("Flow ratio"),
        N_("Closed ÷ received in the period; below 1 the backlog grows."),
        "ratio",
        "up",
        lambda m: m.closed,
        lambda m: m.received,
    ),
]
PERIOD_METRICS: dict[str, Metric] = {metric.id: metric for metric in _SUM_METRICS}

# Percentiles aren't quotients of sums: queries.summaries.answer_time computes them from a histogram.
ANSWER_MEDIAN = Metric(
    "answer_median",
    N_("Median answer"),
    N_("From receipt to answer: half of the appeals closed in the period were answered faster, in days."),
    "days",
    "down",
    lambda m: m.median,
)
ANSWER_P90 = Metric(
    "answer_p90",
    N_("90% answered within"),
    N_("From receipt to answer: nine in ten of the appeals closed in the period were answered faster, in days."),
    "days",
    "down",
    lambda m: m.p90,
)
PERCENTILE_METRICS: dict[str, Metric] = {metric.id: metric for metric in (ANSWER_MEDIAN, ANSWER_P90)}
PERIOD_METRICS |= PERCENTILE_METRICS

# Metrics that need more than measures and state: days of the open cubes, sums by regime, inhabitants.
OLDEST_OPEN = Metric(
    "oldest_open",
    N_("Oldest open"),
    N_("Whole days since the local day on which the oldest appeal that is still open was received."),
    "days",
    "down",
    lambda m: m.oldest_days,
)
TIME_ALLOWED = Metric(
    "time_allowed",
    N_("Time allowed"),
    N_("From receipt to deadline, mean over the appeals now open that have one, in whole days."),
    "days",
    None,
    lambda m: m.allowed_days,
    lambda m: m.with_deadline,
    needs=("deadline_at",),
)
FAST_SHARE = Metric(
    "fast_share",
    N_("Fast track"),
    N_("Of the appeals received in the period, the share under the fast-track regime."),
    "share",
    "up",
    lambda m: m.fast,
    lambda m: m.received,
    needs=("regime",),
)
RECEIVED_PER_10K = Metric(
    "received_per_10k",
    N_("Received per 10,000"),
    N_("Appeals received in the period for every 10,000 inhabitants of the territory."),
    "ratio",
    None,
    lambda m: m.received * 10_000,
    lambda m: m.population,
)
# Without a change: an earlier period has had longer.
UNCOMPARED_METRICS = ("resolution_rate",)
# Counts as of a moment, to which no day adds.
STOCK_METRICS = ("open", "overdue", "within", "at_risk")
# Known for now only: cubes don't hold how much of its time an appeal had used at an earlier moment.
NOW_ONLY_METRICS = ("at_risk", "within")
EXTRA_METRICS = {metric.id: metric for metric in (OLDEST_OPEN, TIME_ALLOWED, FAST_SHARE, RECEIVED_PER_10K)}
METRICS: dict[str, Metric] = PERIOD_METRICS | EXTRA_METRICS | MORNING_METRICS | VERDICT_METRICS | DATA_QUALITY_METRICS

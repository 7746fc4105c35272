"""Metrics of the morning: what is due, what was missed, and how the backlog moved.

Days are local days of each region, counted from the running day. queries.morning counts them.
"""

from otklik.i18n import N_
from queries.metrics.metric import Metric

MORNING_METRICS: dict[str, Metric] = {
    metric.id: metric
    for metric in (
        Metric(
            "due_today",
            N_("Due today"),
            N_("Open appeals whose deadline is today and hasn't passed yet."),
            "count",
            None,
            lambda m: m.due_today,
            needs=("deadline_at",),
        ),
        Metric(
            "due_tomorrow",
            N_("Due tomorrow"),
            N_("Open appeals whose deadline is tomorrow."),
            "count",
            None,
            lambda m: m.due_tomorrow,
            needs=("deadline_at",),
        ),
        Metric(
            "due_week",
            N_("Due within 7 days"),
            N_("Open appeals whose deadline hasn't passed yet and is today or on one of the next six days."),
            "count",
            None,
            lambda m: m.due_week,
            needs=("deadline_at",),
        ),
        Metric(
            "newly_overdue",
            N_("Missed since yesterday"),
            N_("Open appeals whose deadline has passed since yesterday began: today's part of what is overdue."),
            "count",
            "down",
            lambda m: m.due_missed,
            needs=("deadline_at",),
        ),
        Metric(
            "overdue_59fz",
            N_("Overdue under 59-FZ"),
            N_("Open statutory appeals (59-FZ) past their deadline: each is a breach of the law."),
            "count",
            "down",
            lambda m: m.overdue,
            needs=("deadline_at", "regime"),
        ),
        Metric(
            "backlog_change",
            N_("Backlog change"),
            N_("Received less closed in 7 whole days: above 0 the backlog grows."),
            "count",
            "down",
            lambda m: m.received - m.closed,
        ),
    )
}

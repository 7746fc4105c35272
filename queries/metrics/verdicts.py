"""Metrics of verdicts: what applicants say of whether the matter was resolved, beside the official outcome.

An answer has one verdict, counted on the local day on which it was given. queries.satisfaction.verdicts counts them.
"""

from otklik.i18n import N_
from queries.metrics.metric import Metric

VERDICT_METRICS: dict[str, Metric] = {
    metric.id: metric
    for metric in (
        Metric(
            "disputed_rate",
            N_("Disputed"),
            N_(
                "The gap between centre and applicants: of the answers with the outcome “resolved” about which "
                "applicants said in the period whether the matter was resolved, the share of those who said “no”."
            ),
            "share",
            "down",
            lambda m: m.resolved_no,
            lambda m: m.resolved_yes + m.resolved_partly + m.resolved_no,
            needs=("outcome",),
        ),
        Metric(
            "confirmed_rate",
            N_("Confirmed"),
            N_(
                "Of the answers with the outcome “resolved” about which applicants said in the period whether the "
                "matter was resolved, the share of those who said “yes”."
            ),
            "share",
            "up",
            lambda m: m.resolved_yes,
            lambda m: m.resolved_yes + m.resolved_partly + m.resolved_no,
            needs=("outcome",),
        ),
        Metric(
            "verdicts",
            N_("Verdicts"),
            N_(
                "Answers of any outcome about which applicants said in the period whether the matter was resolved, on "
                "whatever day the answer was."
            ),
            "count",
            None,
            lambda m: m.resolved_yes + m.resolved_partly + m.resolved_no + m.other_yes + m.other_partly + m.other_no,
        ),
    )
}

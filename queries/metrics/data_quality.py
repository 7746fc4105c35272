"""Metrics of data quality: shares of appeals recorded in a way that real work rarely produces.

They say how far the other metrics can be trusted. Their sums are in `cube_doubt`; queries.quality.issues counts the
appeals where that cube can't answer.
"""

from otklik.i18n import N_
from queries.metrics.metric import Metric

DATA_QUALITY_METRICS: dict[str, Metric] = {
    metric.id: metric
    for metric in (
        Metric(
            "closed_at_once",
            N_("Closed at once"),
            N_(
                "Of the appeals closed in the period, the share closed within a minute of their receipt: nobody reads "
                "and answers so fast."
            ),
            "share",
            "down",
            lambda m: m.at_once,
            lambda m: m.closed,
        ),
        Metric(
            "closed_at_last",
            N_("Excess on the last day"),
            N_(
                "Of the appeals closed on the last working day up to their deadline or the five before, the share by "
                "which the last day exceeds the mean of the others: 0% where all are alike, more where appeals are "
                "closed for the figures, perhaps, and not because the matter was done. For deadlines that fell in the "
                "period, at least ten days after the receipt and with no long holidays before."
            ),
            "share",
            "down",
            lambda m: m.at_last,
            lambda m: m.near_last,
            needs=("deadline_at",),
            # One of six working days.
            chance=1 / 6,
        ),
        Metric(
            "explained_reopened",
            N_("Explained, then re-opened"),
            N_(
                "Of the first answers “explained” whose week for a return ended in the period, the share returned "
                "within that week: an explanation that the applicant did not take for an answer."
            ),
            "share",
            "down",
            lambda m: m.explained_reopened,
            lambda m: m.explained,
            needs=("outcome", "reopened"),
        ),
        Metric(
            "dates_disordered",
            N_("Dates out of order"),
            N_(
                "Of the appeals received in the period, the share whose dates can't be: a deadline before the receipt, "
                "a registration after the close, a rating before the answer, a receipt or close in the future."
            ),
            "share",
            "down",
            lambda m: m.disordered,
            lambda m: m.received,
        ),
        Metric(
            "without_place",
            N_("Without a place"),
            N_("Of the appeals received in the period, the share with neither a municipality nor a point on the map."),
            "share",
            "down",
            lambda m: m.placeless,
            lambda m: m.received,
        ),
        Metric(
            "topic_other",
            N_("Topic “other”"),
            N_("Of the appeals received in the period, the share under a topic called “other”, or one below it."),
            "share",
            "down",
            lambda m: m.other,
            lambda m: m.received,
        ),
    )
}

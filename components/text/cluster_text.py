"""A cluster of similar appeals in words: what they are about, how many, how many are usual, since when."""

from typing import TYPE_CHECKING

from components.text.surge_text import surge_counts, usual_range
from otklik.i18n import _, formats

if TYPE_CHECKING:
    from queries.surges.text_clusters import TextCluster


def cluster_label(cluster: "TextCluster") -> str:
    """`“hot meals · school”`, in the words of the appeals."""
    return _("“{terms}”").format(terms=" · ".join(cluster.terms))


def cluster_sentence(cluster: "TextCluster") -> str:
    """`12 appeals within 7 days; usual 1–3`."""
    return _("{counts}; usual {usual}").format(
        counts=surge_counts(cluster.appeals, cluster.window_days),
        usual=usual_range(cluster.usual_low, cluster.usual_high),
    )


def cluster_course(cluster: "TextCluster") -> str:
    """Since when, and whether it goes on or when it was last found."""
    first, last = formats.day(cluster.first_day), formats.day(cluster.day)
    if cluster.is_going_on:
        return _("since {first}, goes on").format(first=first)
    return _("since {first}, last found on {last}").format(first=first, last=last)

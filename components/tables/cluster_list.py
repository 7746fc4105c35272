"""Clusters of similar new appeals: each in words, with a link to its appeals."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from components.filters.figure_link import figure_link
from components.tables.surge_list import UNSEARCHED_FILTERS
from components.text.cluster_text import cluster_course, cluster_label, cluster_sentence
from components.text.escape import escape_markdown
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from queries.surges.text_clusters import TextCluster


def cluster_list(clusters: "Sequence[TextCluster]", total: int, *, may_open_problems: bool = False) -> None:
    """One block per cluster, nothing without any; with a link that opens a problem of it, for a viewer who may."""
    if not clusters:
        return
    for cluster in clusters:
        with st.container(gap=None):
            label, topic, territory = map(escape_markdown, (cluster_label(cluster), cluster.topic, cluster.territory))
            st.markdown(f":material/forum: **{label}** · {topic} · {territory}")
            codes = {"territory": cluster.territory_code, "topic": cluster.topic_code, "cluster": str(cluster.id)}
            figure_link(cluster_sentence(cluster), "regions", dropped=UNSEARCHED_FILTERS, **codes)
            course = cluster_course(cluster)
            st.caption(_("{course}; part of a surge").format(course=course) if cluster.is_in_surge else course)
            if may_open_problems:
                problem_label = _("Open a problem")
                figure_link(f":material/add: {problem_label}", "problems", dropped=UNSEARCHED_FILTERS, **codes)
    notes = [_("Similar texts within a topic, more than their usual share of it; at most 5% is chance")]
    if more_count := total - len(clusters):
        notes.append(ngettext("{n} more", "{n} more", more_count).format(n=formats.number(more_count)))
    st.caption("; ".join(notes))

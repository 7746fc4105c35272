"""The appeals of a cluster of similar texts, with what some of them say."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.filters.figure_link import figure_link
from components.layout.empty_state import empty_state
from components.panel import panel
from components.tables.appeals import appeals_table
from components.tables.columns import TERRITORY_APPEALS, columns_of
from components.tables.row_limit import first_rows_note
from components.text.cluster_text import cluster_course, cluster_label, cluster_sentence
from components.text.escape import clean_text, escape_markdown
from components.text.masked_text import masked_words
from otklik.i18n import _
from otklik.masking.spans import TextPart

if TYPE_CHECKING:
    from components.auth.viewer import Viewer
    from queries.surges.text_clusters import TextCluster

MAX_ROWS_SHOWN = 12
MOMENT_WIDTH = 110  # pixels


def cluster_panel(
    cluster: "TextCluster", rows: pd.DataFrame, samples: Sequence[tuple[TextPart, ...]], viewer: "Viewer"
) -> None:
    """Show a cluster in words, its appeals, the most typical first, and three texts to a viewer who may open appeals.

    `rows`: queries.regions.cluster_appeals.cluster_appeals; `samples`: cluster_samples there.
    """
    title = _("Appeals about {label}").format(label=cluster_label(cluster))
    with panel(escape_markdown(title)):
        place = f"{cluster.topic} · {cluster.territory}"
        st.markdown(escape_markdown(f"{place}: {cluster_sentence(cluster)}; {cluster_course(cluster)}"))
        for sample in samples if viewer.may("appeal") else ():
            st.text(f"— {clean_text(masked_words(sample))}")
        if rows.empty:
            empty_state(_("None of its appeals can be seen any more."))
        else:
            columns = columns_of(TERRITORY_APPEALS | {"deadline_at": MOMENT_WIDTH})
            alt_text = _("Appeals; a click on a number opens one")
            appeals_table(rows, columns, f"cluster-{cluster.id}", alt_text, max_rows_shown=MAX_ROWS_SHOWN)
            first_rows_note(len(rows))
        codes = {"territory": cluster.territory_code, "topic": cluster.topic_code}
        with st.container(horizontal=True):
            if viewer.may("open_problem"):
                label = _("Open a problem")
                figure_link(f":material/add: {label}", "problems", **codes, cluster=str(cluster.id))
            label = _("All appeals of the topic")
            figure_link(f":material/close: {label}", "regions", figure="received", **codes)

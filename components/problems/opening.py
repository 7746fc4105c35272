"""Opening a problem: of the territory and topic of the filters, perhaps from a surge there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

import pandas as pd
import streamlit as st

from components.filters.filter_bar import option_name
from components.layout import flash
from components.layout.local_day import viewer_today
from components.problems.forms import MAX_TEXT_LENGTH, MAX_TITLE_LENGTH, opening_form
from components.text.cluster_text import cluster_course, cluster_label, cluster_sentence
from components.url import query_params
from otklik.i18n import _

if TYPE_CHECKING:
    from components.auth.viewer import Viewer
    from queries.filters import Filters
    from queries.surges.text_clusters import TextCluster

IGNORED_PARAMS = ("period", "from", "to", "organisation", "regime", "channel")


class Options(Protocol):
    """`queries.filter_options`."""

    def territories(self, filters: "Filters") -> pd.DataFrame:
        """Territories: code and full_name."""

    def topics(self, filters: "Filters") -> pd.DataFrame:
        """Topics: code and full_name."""


class OpeningChanges(Protocol):
    """`queries.problems.changes`."""

    def open_problem(  # noqa: PLR0913 -- the fields of the form
        self,
        filters: "Filters",
        surge_starts: date | None,
        cluster_id: int | None,
        title: str,
        description: str,
        *,
        owner_id: int | None,
        since: date,
    ) -> int:
        """Open a problem of the filters' territory and topic."""

    def possible_owners(self, territory: str) -> Mapping[int, str]:
        """The people who can own a problem of a territory."""


def ignored_parts_note() -> None:
    """Say that problems are narrowed by territory and topic alone, once anything else is chosen."""
    if any(name in st.query_params for name in IGNORED_PARAMS):
        st.caption(f":material/info: {_('Problems are narrowed by territory and topic alone.')}")


def cluster_preset(cluster: "TextCluster") -> tuple[str, str]:
    """Title and description of a problem of a cluster."""
    title = f"{cluster.topic}: {', '.join(cluster.terms)}"
    description = _("Similar appeals about {label} in {territory}: {sentence}; {course}.").format(
        label=cluster_label(cluster),
        territory=cluster.territory,
        sentence=cluster_sentence(cluster),
        course=cluster_course(cluster),
    )
    return title[:MAX_TITLE_LENGTH], description[:MAX_TEXT_LENGTH]


def opening_section(
    viewer: "Viewer",
    filters: "Filters",
    surge_starts: date | None,
    options: Options,
    changes: OpeningChanges,
    *,
    cluster: "TextCluster | None" = None,
) -> None:
    """A section to open a problem in, which begins open after a surge or a cluster. Raises DatabaseRefusal.

    A cluster of similar texts gives the problem its title, its description and its first day.
    """
    begins_open = surge_starts is not None or cluster is not None
    with st.expander(_("Open a problem"), icon=":material/add:", expanded=begins_open):
        # Somebody with one territory has chosen it already.
        territory = filters.territory or (viewer.territories[0] if len(viewer.territories) == 1 else None)
        if territory is None or filters.topic is None:
            st.markdown(_("Choose its territory and its topic in the filters first."))
            return
        names = (
            option_name(territory, options.territories(filters)),
            option_name(filters.topic, options.topics(filters)),
        )
        if cluster and (cluster.territory_code, cluster.topic_code) != (territory, filters.topic):
            cluster = None  # the filters have been changed since
        place, cluster_id = replace(filters, territory=territory), cluster.id if cluster else None

        def open_it(title: str, description: str, owner_id: int | None, since: date) -> int:
            return changes.open_problem(
                place, surge_starts, cluster_id, title, description, owner_id=owner_id, since=since
            )

        today = viewer_today()
        problem_id = opening_form(
            " · ".join(names[::-1]),
            changes.possible_owners(territory),
            surge_starts or (cluster.first_day if cluster else today),
            today,
            open_it,
            preset=cluster_preset(cluster) if cluster else ("", ""),
        )
    if problem_id is not None:
        query_params.write(problem=str(problem_id), surge=None, cluster=None)
        flash.rerun_with_message(_("The problem is opened."))

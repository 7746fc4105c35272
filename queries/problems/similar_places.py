"""Places to compare a problem's place with: its siblings that have no problem of the same topic."""

from dataclasses import replace

import pandas as pd
from sqlalchemy import select

from otklik.database.functions.problems import REJECTED
from otklik.database.tables import problem
from otklik.database.transactions import query_dataframe
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, resolve, subtree_ids
from queries.filters import Filters


def similar_places(filters: Filters) -> ResolvedFilters | None:
    """The siblings of the filters' territory that the viewer sees, as `territories` and `children`; None without any.

    Those are left out in which, or in a part of which, a problem of the topic was opened, or of one above or below it,
    unless it was rejected: what is done against that would be taken for the course of things.
    """
    rows = dimension_members("territory", "en")
    own = rows[rows["code"] == filters.territory]
    if own.empty or pd.isna(own["parent_id"].iloc[0]):
        return None
    parents = rows["parent_id"]
    siblings = set(rows.index[parents == own["parent_id"].iloc[0]]) - set(own.index)
    visible = subtree_ids(resolve(replace(filters, territory=None)).territories, parents)
    troubled = _troubled_territories(filters, parents)
    chosen = [
        rows["code"][place] for place in sorted(siblings & visible) if not subtree_ids({place}, parents) & troubled
    ]
    return _together([resolve(replace(filters, territory=str(code))) for code in chosen]) if chosen else None


def _troubled_territories(filters: Filters, parents: "pd.Series[float]") -> set[int]:
    """The territories of problems of the filters' topic, or of one above or below it, that weren't rejected."""
    topics = dimension_members("topic", "en")
    own_ids = topics.index[topics["code"] == filters.topic]
    related = subtree_ids(own_ids, topics["parent_id"])
    for topic_id in own_ids:
        above = topics["parent_id"][topic_id]
        while not pd.isna(above):
            related.add(int(above))
            above = topics["parent_id"][above]
    query = select(problem.c.territory_id, problem.c.topic_id).where(problem.c.status != REJECTED)
    problems = query_dataframe(query)
    troubled = set(problems.loc[problems["topic_id"].isin(related), "territory_id"])
    return troubled & set(parents.index)


def _together(places: list[ResolvedFilters]) -> ResolvedFilters:
    """Filters of several territories of one level, of which no two are within one another."""
    timezones = {region: zone for place in places for region, zone in zip(place.regions, place.timezones, strict=True)}
    regions = tuple(sorted(timezones))
    territories = tuple(territory for place in places for territory in place.territories)
    municipalities = tuple(territory for place in places for territory in place.municipalities)
    return replace(
        places[0],
        territories=territories,
        children=territories,
        municipalities=municipalities,
        steps_to_municipalities=bool(municipalities),
        regions=regions,
        whole_regions=tuple(region for place in places for region in place.whole_regions),
        timezones=tuple(timezones[region] for region in regions),
        everywhere=False,
    )

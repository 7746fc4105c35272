"""Which territories the regions page shows: the chosen one's children, or regions."""

from queries.cache.live import live
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve
from queries.filters import Filters


@live
def effective_territory(filters: Filters) -> str | None:
    """The code of the territory whose children are shown: the chosen one, or one below while it has a single child."""
    territory_rows = dimension_members("territory", "en")
    territory_code, child_ids = filters.territory, list(resolve(filters).children)
    while len(child_ids) == 1 and territory_rows["level"][child_ids[0]] != "municipality":
        territory_code = str(territory_rows["code"][child_ids[0]])
        child_ids = [
            int(territory_id) for territory_id in territory_rows.index[territory_rows["parent_id"] == child_ids[0]]
        ]
    return territory_code


@live
def shown_region_codes(filters: Filters) -> tuple[str, ...]:
    """The codes of the regions shown."""
    territory_rows = dimension_members("territory", "en")
    return tuple(territory_rows["code"].loc[list(resolve(filters).regions)])


@live
def has_districts(filters: Filters) -> bool:
    """Whether the children of the territory shown are districts, which have regions below them."""
    resolved = resolve(filters)
    return (
        not set(resolved.regions) & set(resolved.children)
        and len(resolved.children) > 1
        and not resolved.steps_to_municipalities
    )


@live
def has_children(filters: Filters) -> bool:
    """Whether there are territories below the chosen one."""
    return bool(resolve(filters).children)

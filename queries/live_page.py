"""What an open page asks about the data as such: whether they changed, as of when, and whether they are reached."""

from queries.cache.background import data_state
from queries.cache.live import as_of, away_reason, is_database_away, is_demo
from queries.cache.subscriptions import Subscription, current_session_id, open_pages
from queries.core.resolved_filters import resolve
from queries.filters import Filters

__all__ = ["as_of", "away_reason", "data_state", "is_database_away", "is_demo", "subscribe", "subscribe_to_region"]


def subscribe(filters: Filters, previous: object = None) -> Subscription:
    """Subscribe the page of the running script to what it shows: the regions of its filters.

    Returns the `previous` subscription of the same page where it is to the same regions.
    """
    resolved = resolve(filters)
    return _subscribe(None if resolved.everywhere else frozenset(resolved.regions), previous)


def subscribe_to_region(region_id: int, previous: object = None) -> Subscription:
    """Like `subscribe`, for a page that shows one appeal of this region."""
    return _subscribe(frozenset([region_id]), previous)


def _subscribe(region_ids: frozenset[int] | None, previous: object) -> Subscription:
    if isinstance(previous, Subscription) and previous.region_ids == region_ids:
        return previous
    return open_pages.subscribe(region_ids, current_session_id())

"""What an open page asks about the data as such: whether they changed, as of when, and whether they are reached."""

import time
from collections.abc import Hashable

from otklik.database.access import scope
from otklik.database.announcements import (
    AUDIT_ANNOUNCEMENT,
    DATA_SOURCES_ANNOUNCEMENT,
    DISCUSSIONS_ANNOUNCEMENT,
    POLLS_ANNOUNCEMENT,
    PROBLEMS_ANNOUNCEMENT,
    SCREEN_REPORTS_ANNOUNCEMENT,
    SCREENS_ANNOUNCEMENT,
    SURGES_ANNOUNCEMENT,
    TRANSFERS_ANNOUNCEMENT,
    notices_announcement,
)
from queries.cache.background import data_state
from queries.cache.live import as_of, away_reason, change_listener, is_database_away, is_demo
from queries.cache.subscriptions import Subscription, current_session_id, open_pages
from queries.core.resolved_filters import resolve
from queries.filters import Filters

__all__ = [
    "as_of",
    "audit_state",
    "away_reason",
    "data_sources_state",
    "data_state",
    "discussions_state",
    "is_database_away",
    "is_demo",
    "notices_state",
    "people_state",
    "polls_state",
    "problems_state",
    "screens_state",
    "subscribe",
    "subscribe_to_audit",
    "subscribe_to_data_sources",
    "subscribe_to_discussions",
    "subscribe_to_people",
    "subscribe_to_polls",
    "subscribe_to_region",
    "subscribe_to_screens",
    "transfers_state",
]
NO_REGIONS: frozenset[int] = frozenset()
NOTICES_SECONDS = 60
"""Notices are looked at again after so long when the page is drawn anyway: of appeals that were closed, they go."""


def subscribe(filters: Filters, previous: object = None) -> Subscription:
    """Subscribe the page of the running script to what it shows: the regions of its filters, and the viewer's notices.

    Returns the `previous` subscription of the same page where it is to the same.
    """
    resolved = resolve(filters)
    return _subscribe(None if resolved.everywhere else frozenset(resolved.regions), previous)


def subscribe_to_polls(filters: Filters, previous: object = None) -> Subscription:
    """Like `subscribe`, for a page that shows polls: votes come too often to tell every page of them."""
    resolved = resolve(filters)
    region_ids = None if resolved.everywhere else frozenset(resolved.regions)
    return _subscribe(region_ids, previous, POLLS_ANNOUNCEMENT)


def subscribe_to_discussions(filters: Filters, previous: object = None) -> Subscription:
    """Like `subscribe`, for a page that shows discussions: reactions come too often to tell every page of them."""
    resolved = resolve(filters)
    region_ids = None if resolved.everywhere else frozenset(resolved.regions)
    return _subscribe(region_ids, previous, DISCUSSIONS_ANNOUNCEMENT)


def subscribe_to_region(region_id: int, previous: object = None) -> Subscription:
    """Like `subscribe`, for a page that shows one appeal of this region."""
    return _subscribe(frozenset([region_id]), previous)


def subscribe_to_people(previous: object = None) -> Subscription:
    """Like `subscribe`, for a page that shows people and no appeals: every page is told of changed people."""
    return _subscribe(NO_REGIONS, previous)


def subscribe_to_audit(previous: object = None) -> Subscription:
    """Like `subscribe`, for a page that shows the audit and no appeals."""
    return _subscribe(NO_REGIONS, previous, AUDIT_ANNOUNCEMENT)


def subscribe_to_screens(previous: object = None) -> Subscription:
    """Like `subscribe`, for a page that shows wall screens and no appeals."""
    return _subscribe(NO_REGIONS, previous, SCREENS_ANNOUNCEMENT, SCREEN_REPORTS_ANNOUNCEMENT)


def subscribe_to_data_sources(previous: object = None) -> Subscription:
    """Like `subscribe`, for a page that shows data sources and no appeals."""
    return _subscribe(NO_REGIONS, previous, DATA_SOURCES_ANNOUNCEMENT)


def notices_state(person_id: int) -> Hashable:
    """A value that changes when a person may have other notices to see; each minute, too, since some are due later."""
    names = notices_announcement(person_id), SURGES_ANNOUNCEMENT, PROBLEMS_ANNOUNCEMENT
    return *map(open_pages.announcement_version, names), int(time.time() // NOTICES_SECONDS)


def people_state() -> Hashable:
    """A value that changes with people, their territories and devices."""
    return change_listener().people_version


def screens_state() -> Hashable:
    """A value that changes when wall screens report something, and with what they are to play."""
    return *(
        open_pages.announcement_version(name) for name in (SCREENS_ANNOUNCEMENT, SCREEN_REPORTS_ANNOUNCEMENT)
    ), people_state()


def data_sources_state() -> Hashable:
    """A value that changes with data sources and their state; each minute, too, since lags grow by themselves."""
    return open_pages.announcement_version(DATA_SOURCES_ANNOUNCEMENT), int(time.time() // NOTICES_SECONDS)


def problems_state() -> Hashable:
    """A value that changes with problems, their remedies and their history, and with the data."""
    return open_pages.announcement_version(PROBLEMS_ANNOUNCEMENT), data_state()


def polls_state() -> Hashable:
    """A value that changes with polls and votes, and with the data: every five minutes, as polls open and close."""
    return open_pages.announcement_version(POLLS_ANNOUNCEMENT), data_state()


def discussions_state() -> Hashable:
    """A value that changes with discussions, comments and reactions, and with the data: every five minutes."""
    return open_pages.announcement_version(DISCUSSIONS_ANNOUNCEMENT), data_state()


def audit_state() -> Hashable:
    """A value that changes when the audit grows."""
    return open_pages.announcement_version(AUDIT_ANNOUNCEMENT)


def transfers_state() -> Hashable:
    """A value that changes when other transfers may wait for approval: they wait while their appeal stays as it is."""
    return open_pages.announcement_version(TRANSFERS_ANNOUNCEMENT), data_state()


def _subscribe(region_ids: frozenset[int] | None, previous: object, *announcements: str) -> Subscription:
    viewer = scope.current_scope() or scope.NOBODY
    of_viewer = (
        notices_announcement(viewer.person_id),
        SURGES_ANNOUNCEMENT,
        PROBLEMS_ANNOUNCEMENT,
        *([TRANSFERS_ANNOUNCEMENT] if viewer.is_administrator else ()),
    )
    wanted = region_ids, frozenset((*announcements, *of_viewer))
    if isinstance(previous, Subscription) and (previous.region_ids, previous.announcements) == wanted:
        return previous
    return open_pages.subscribe(region_ids, current_session_id(), wanted[1])

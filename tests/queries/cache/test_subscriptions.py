"""A change wakes the pages that show its regions, and no others."""

import gc

import pytest

from queries.cache.subscriptions import Subscriptions

MOSCOW, UGRA, TOMSK = 1, 2, 3


@pytest.mark.parametrize(
    ("shown", "changed", "woken"),
    [
        (frozenset({UGRA}), frozenset({UGRA}), 1),
        (frozenset({UGRA}), frozenset({MOSCOW}), 0),
        (frozenset({UGRA, TOMSK}), frozenset({MOSCOW, TOMSK}), 1),
        (frozenset({UGRA}), None, 1),
        (frozenset({UGRA}), frozenset(), 0),
        (frozenset(), frozenset({MOSCOW}), 0),
        (None, frozenset({MOSCOW}), 1),
        (None, frozenset(), 0),
        (None, None, 1),
    ],
)
def test_a_change_concerns_the_pages_that_show_its_regions(
    shown: frozenset[int] | None, changed: frozenset[int] | None, woken: int
) -> None:
    pages = Subscriptions()
    subscription = pages.subscribe(shown)
    pages.wake(changed)
    assert subscription.version == woken


def test_a_change_in_one_region_wakes_none_of_fifty_pages_of_another() -> None:
    pages = Subscriptions()
    ugra_pages = [pages.subscribe(frozenset({UGRA})) for _ in range(50)]
    moscow_page, country_page = pages.subscribe(frozenset({MOSCOW})), pages.subscribe(None)
    for _change in range(10):
        pages.wake(frozenset({MOSCOW}))
    assert (moscow_page.version, country_page.version) == (10, 10)
    assert [page.version for page in ugra_pages] == [0] * 50


def test_a_late_result_wakes_the_page_that_waits_for_it_alone() -> None:
    pages = Subscriptions()
    waiting, other = pages.subscribe(None, "session 1"), pages.subscribe(None, "session 2")
    pages.wake_session("session 1")
    assert (waiting.version, other.version) == (1, 0)


def test_a_subscription_ends_with_its_page() -> None:
    pages = Subscriptions()
    subscription = pages.subscribe(None)
    token = subscription.token
    assert pages.by_token(token) is subscription
    assert pages.by_token("") is None
    del subscription
    gc.collect()
    assert pages.by_token(token) is None
    assert len(pages) == 0


def test_an_announcement_wakes_the_pages_that_subscribe_to_it_alone() -> None:
    pages = Subscriptions()
    anna = pages.subscribe(frozenset({UGRA}), announcements=frozenset({"notices 1"}))
    boris = pages.subscribe(frozenset({UGRA}), announcements=frozenset({"notices 2"}))
    before = pages.announcement_version("notices 1"), pages.announcement_version("notices 2")
    pages.wake_announced(frozenset({"notices 1", "audit"}))
    assert (anna.version, boris.version) == (1, 0)
    assert pages.announcement_version("notices 1") != before[0]
    assert pages.announcement_version("notices 2") == before[1]


def test_when_anything_may_have_changed_so_may_what_is_announced() -> None:
    pages = Subscriptions()
    before = pages.announcement_version("audit")
    pages.wake(frozenset({UGRA}))
    assert pages.announcement_version("audit") == before
    pages.wake(None)
    assert pages.announcement_version("audit") != before

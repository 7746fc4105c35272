"""Filters resolved within the viewer's territories, and the running day of regions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection

from otklik.database.access import people, scope
from queries.core.local_days import running_day
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters
from queries.queue.newest import newest_appeals
from queries.summaries.breakdown import breakdown
from queries.summaries.metric_values import period_totals
from tests.support import factories
from tests.support.figures.oracle import DAY
from tests.support.figures.reference_data import BASE_MOMENT, ZONES_BY_REGION, ReferenceData

LATELY = Filters(BASE_MOMENT.date() - 7 * DAY, BASE_MOMENT.date() + 2 * DAY)


@pytest.fixture
def codes_of(world: ReferenceData) -> Callable[[tuple[int, ...]], list[str]]:
    codes = {number: code for code, number in world.ids["territory"].items()}
    return lambda ids: [codes[one] for one in ids]


@pytest.mark.parametrize(
    ("territory", "tops", "regions", "children"),
    [
        (None, ["X", "Y"], list(ZONES_BY_REGION), ["XW", "XE", "NYC"]),
        ("X", ["X"], ["KGD", "MOW", "SVE", "KAM"], ["XW", "XE"]),
        ("XE", ["XE"], ["SVE", "KAM"], ["SVE", "KAM"]),
        ("MOW", ["MOW"], ["MOW"], ["MOW-1", "MOW-2"]),
        ("MOW-1", ["MOW-1"], ["MOW"], []),
        ("nowhere", [], [], []),
    ],
)
def test_a_territory_is_its_regions_and_the_step_below(
    codes_of: Callable[[tuple[int, ...]], list[str]],
    territory: str | None,
    tops: list[str],
    regions: list[str],
    children: list[str],
) -> None:
    resolved = resolve(replace(LATELY, territory=territory))
    assert (codes_of(resolved.territories), codes_of(resolved.regions), codes_of(resolved.children)) == (
        tops,
        regions,
        children,
    )
    assert codes_of(resolved.municipalities) == (["MOW-1"] if territory == "MOW-1" else [])
    assert resolved.steps_to_municipalities == (territory == "MOW")


def test_a_topic_stands_for_those_below_it_and_an_organisation_for_itself(world: ReferenceData) -> None:
    resolved = resolve(replace(LATELY, topic="roads", organisation="city"))
    assert set(resolved.topics or ()) == world.descendants("topic", "roads")
    assert resolved.holders == (world.ids["organisation"]["city"],)
    assert (resolved.regimes, resolved.channels) == (None, None)


def test_an_unknown_code_is_nothing_and_not_everything(connection: Connection) -> None:
    factories.appeal(connection)
    assert period_totals(LATELY)["received"] == 1
    for field in ("territory", "topic", "organisation", "regime", "channel"):
        assert period_totals(replace(LATELY, **{field: "unknown"}))["received"] == 0  # type: ignore[arg-type]


def manager(connection: Connection, *places: str) -> scope.Scope:
    """The scope of a manager of these territories."""
    facts: dict[str, object] = {"email": "m@example.org", "name": "M", "role": "manager", "territories": places}
    people.save_person_as_owner(connection, None, facts)
    person = people.person_of_sign_in("https://id.example.org", "m", "m@example.org")
    assert person
    return person.scope


def test_a_region_and_another_regions_town_are_seen_together_whatever_is_chosen(connection: Connection) -> None:
    """The rest of the town's region stays hidden, in cubes and in appeals."""
    for region, town in (("XA", None), ("XB", "XB-1"), ("XB", "XB-2"), ("XB", None), ("XC", None)):
        factories.appeal(connection, region=region, municipality=town, channel="app", regime="law59")
    with scope.acting_as(manager(connection, "XA", "XB-1")):
        for chosen in ({}, {"channel": "app"}, {"topic": "roads", "regime": "law59"}):
            filters = replace(LATELY, **chosen)  # type: ignore[arg-type]
            assert period_totals(filters)["received"] == 2
            assert period_totals(filters)["open"] == 2
            assert set(newest_appeals(filters)["territory"]) == {"XA", "XB-1"}


def test_a_territory_within_another_counts_once(connection: Connection) -> None:
    factories.appeal(connection, region="XA", municipality="XA-1")
    with scope.acting_as(manager(connection, "XA", "XA-1", "X")):
        assert period_totals(LATELY)["received"] == 1
        assert list(breakdown(LATELY, "territory")["received"]) == [1]


def test_what_lies_outside_the_viewers_territories_is_empty(connection: Connection) -> None:
    for region in ("XA", "XB"):
        factories.appeal(connection, region=region)
    with scope.acting_as(manager(connection, "XA")):
        assert period_totals(replace(LATELY, territory="XB"))["received"] == 0
        assert period_totals(replace(LATELY, territory="X"))["received"] == 0
        assert period_totals(replace(LATELY, territory="XA"))["received"] == 1


@pytest.mark.parametrize(
    ("now", "zones", "day"),
    [
        ("2024-02-29T20:59:59", ["Europe/Moscow"], date(2024, 2, 29)),
        ("2024-02-29T21:00:00", ["Europe/Moscow"], date(2024, 3, 1)),
        # Kamchatka's new year has begun, New York's is seventeen hours away.
        ("2023-12-31T12:00:00", ["Asia/Kamchatka"], date(2024, 1, 1)),
        ("2023-12-31T12:00:00", ["Asia/Kamchatka", "America/New_York"], date(2023, 12, 31)),
        # An hour that New York skips.
        ("2024-03-10T06:59:59", ["America/New_York"], date(2024, 3, 10)),
        ("2024-03-10T04:59:59", ["America/New_York"], date(2024, 3, 9)),
    ],
)
def test_the_day_is_the_earliest_that_is_not_over(now: str, zones: list[str], day: date) -> None:
    resolved = ResolvedFilters(
        (),
        (),
        (),
        (),
        (),
        steps_to_municipalities=False,
        timezones=tuple(zones),
        topics=None,
        holders=None,
        channels=None,
        regimes=None,
    )
    found, begun = running_day(resolved, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == day
    assert [moment.strftime("%Y-%m-%d %H:%M") for moment in begun] == [f"{day} 00:00"] * len(zones)

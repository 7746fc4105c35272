"""What a process measures of itself, and says about its health."""

import pytest

from otklik.counters import registry
from otklik.monitoring import health
from otklik.monitoring.gauges import GAUGES, StateCollector
from queries.cache.store import FunctionCache
from queries.cache.subscriptions import Subscriptions
from tests.support.servers.asgi import Response, run_in_event_loop, send_request


def count(name: str) -> float:
    return registry.get_sample_value(name) or 0.0


def test_a_result_from_the_cache_is_asked_for_but_not_run() -> None:
    cached = FunctionCache(lambda number: number)
    before = [count(f"otklik_query_{what}_total") for what in ("requests", "runs")]
    for number in (1, 1, 2, 1):
        cached.result(cached.arguments(number))
    after = [count(f"otklik_query_{what}_total") for what in ("requests", "runs")]
    assert [after[0] - before[0], after[1] - before[1]] == [4, 2]


def test_gauges_are_measured_at_the_moment_of_the_question(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert url
    pages = Subscriptions()
    monkeypatch.setattr("otklik.monitoring.gauges.open_pages", pages)

    def measured() -> dict[str, float]:
        return {family.name: family.samples[0].value for family in StateCollector().collect()}

    assert measured()["otklik_open_pages"] == 0
    open_page = pages.subscribe(None)
    assert open_page.token
    values = measured()
    assert values.keys() == {name for name, _, _ in GAUGES}
    assert (values["otklik_open_pages"], values["otklik_database_up"], values["otklik_wall_screens"]) == (1, 1, 0)
    monkeypatch.setattr("otklik.monitoring.gauges.is_database_away", lambda: True)
    assert measured()["otklik_database_up"] == 0


@pytest.mark.parametrize(("is_away", "status"), [(False, 200), (True, 503)])
def test_health_is_that_of_the_database(*, is_away: bool, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "is_database_away", lambda: is_away)
    response: Response = run_in_event_loop(lambda: send_request(health.health_route.handle, health.HEALTH_PATH))
    assert response.status == status

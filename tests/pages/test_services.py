"""Topical services: all of them, and one with its places and what is open; figures are those of its appeals alone."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from otklik.cli.main import otklik
from otklik.database.access import people
from tests.support import factories
from tests.support.screens.app_pages import panel_titles, run_page

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def run_command(url: str, *words: str) -> str:
    result = CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["service", *words])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def health(connection: Connection, url: str) -> Connection:
    """Two services: vaccination with 40 appeals in Ugra, of which 4 are open, and ambulance with one elsewhere."""
    factories.territory(connection, "RU-FD-URAL", "district")
    factories.territory(connection, "RU-KHM", "region", "RU-FD-URAL", name="Ugra")
    factories.territory(connection, "RU-CHE", "region", "RU-FD-URAL", name="Chelyabinsk")
    people.create_demo_people(connection)
    for code in ("health.vaccination.queue", "health.ambulance", "health.clinics"):
        factories.topic(connection, code)
    for number in range(40):
        closed_at = None if number < 4 else NOW - DAY
        factories.appeal(
            connection,
            number=f"V-{number}",
            region="RU-KHM",
            topic="health.vaccination.queue" if number % 2 else "health.vaccination",
            received_at=NOW - 3 * DAY,
            closed_at=closed_at,
        )
    factories.appeal(connection, number="A-1", region="RU-CHE", topic="health.ambulance", received_at=NOW - 3 * DAY)
    factories.appeal(connection, number="C-1", region="RU-KHM", topic="health.clinics", received_at=NOW - 3 * DAY)
    run_command(url, "add", "health.vaccination", "health.ambulance")
    return connection


def screen(role: str = "staff", *, deep_link: bool = False, **params: str) -> AppTest:
    page = run_page("services", deep_link=deep_link, **{"as": role, "lang": "en", "period": "12m", **params})
    assert not page.exception
    assert not page.warning
    return page


def tiles(page: AppTest) -> list[tuple[str, str]]:
    return [(tile.label, tile.value) for tile in page.metric]


def words(page: AppTest) -> str:
    return "\n".join(str(element.value) for element in (*page.markdown, *page.caption))


@pytest.mark.usefixtures("health")
@pytest.mark.parametrize("deep_link", [False, True])
def test_each_service_has_the_figures_of_its_own_appeals(*, deep_link: bool) -> None:
    page = screen(deep_link=deep_link)
    assert [value for label, value in tiles(page) if label == "Received"] == ["40", "1"]
    assert [value for label, value in tiles(page) if label == "Open"] == ["4", "1"]
    links = {element.proto.label: element.proto.query_string for element in page.get("page_link")}
    assert "topic=health.vaccination" in links["health.vaccination"]
    assert "period=12m" in links["health.vaccination"]


@pytest.mark.usefixtures("health")
def test_a_service_is_shown_as_a_whole_or_in_part_and_leads_back() -> None:
    whole, part = screen(topic="health.vaccination"), screen(topic="health.vaccination.queue")
    assert ("Received", "40") in tiles(whole)
    assert ("Received", "20") in tiles(part)
    assert "### health.vaccination · health.vaccination.queue" in words(part)
    assert "Unresolved" in panel_titles(whole)
    assert "All services" in "".join(element.proto.label for element in part.get("page_link"))


@pytest.mark.usefixtures("health")
def test_a_topic_that_is_no_service_is_named_and_narrows_nothing() -> None:
    page = screen(topic="health.clinics")
    assert "“health.clinics” is no service" in words(page)
    assert [value for label, value in tiles(page) if label == "Received"] == ["40", "1"]


@pytest.mark.usefixtures("health")
def test_figures_are_those_of_the_viewers_territory() -> None:
    page = screen("manager")
    assert [value for label, value in tiles(page) if label == "Received"] == ["40", "0"]


@pytest.mark.usefixtures("connection")
def test_without_a_service_the_page_says_how_to_have_one(url: str) -> None:
    assert "otklik service add" in words(screen())
    assert "No topic is a service." in run_command(url, "list")


@pytest.mark.usefixtures("health")
def test_services_are_chosen_in_order_and_an_unknown_topic_changes_nothing(url: str) -> None:
    assert run_command(url, "add", "health.clinics", "health.ambulance") == ("Services added: 1. Services before: 1.\n")
    codes = [line.split()[0] for line in run_command(url, "list").splitlines()[1:]]
    assert codes == ["health.vaccination", "health.ambulance", "health.clinics"]
    assert run_command(url, "remove", "health.vaccination") == "Services removed: 1. No services before: 0.\n"
    result = CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["service", "remove", "health.ambulance", "none"])
    assert result.exit_code != 0
    assert 'There is no topic "none": nothing was changed.' in result.output
    codes = [line.split()[0] for line in run_command(url, "list").splitlines()[1:]]
    assert codes == ["health.ambulance", "health.clinics"]

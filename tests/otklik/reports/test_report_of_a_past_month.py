"""The report of a past month says the same a month later, and in words what later re-openings took from it."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest
import streamlit
from pypdf import PdfReader
from sqlalchemy import Connection, text

from otklik.i18n import set_language
from otklik.progress import ignore_progress
from otklik.reports.situation import Situation, current_situation
from otklik.reports.situation_file import make_report
from queries.filters import Filters
from queries.summaries.reopened_since import reopened_since
from tests.support import factories

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
# At noon of a day in the past, so that no test depends on the hour at which it runs.
END = datetime.combine(datetime.now(UTC).date() - 40 * DAY, time(12), UTC)
FILTERS = Filters((END - 28 * DAY).date(), END.date(), territory="XA")
# What the sentence names: they follow the appeal's later deadline and close.
CHANGED_BY_REOPENING = {
    *("closed", "resolved", "resolved_share", "on_time_rate"),
    *("answer_mean", "answer_median", "coverage", "flow_ratio"),
}


@dataclass(frozen=True)
class Month:
    """Forty appeals of a month, answered in it, and three that were open at its end, one of them late."""

    answered: list[factories.AppealKey]
    late: factories.AppealKey


@pytest.fixture
def month(connection: Connection) -> Month:
    set_language("en")
    factories.territory(connection, "XA", name="Xanadu")
    common: dict[str, Any] = {"received_at": END - 20 * DAY, "deadline_at": END - 5 * DAY}
    answered = [
        factories.appeal(
            connection, **common, closed_at=END - 12 * DAY, rating=4 if n % 2 else 2, rated_at=END - 11 * DAY
        )
        for n in range(40)
    ]
    late = factories.appeal(connection, **common)
    for _ in range(2):
        factories.appeal(connection, received_at=END - 3 * DAY, deadline_at=END + 5 * DAY)
    # The launcher records a day from the next noon on.
    connection.execute(text("SELECT record_day_stocks(:at)"), {"at": END + timedelta(hours=1)})
    return Month(answered, late)


def change(connection: Connection, key: factories.AppealKey, assignments: str, **values: object) -> None:
    statement = text(f"UPDATE appeal SET {assignments} WHERE region_id = :region AND id = :id")
    connection.execute(statement, {"region": key.region_id, "id": key.id, **values})


def reopen(connection: Connection, key: factories.AppealKey) -> None:
    change(
        connection,
        key,
        "reopened = reopened + 1, closed_at = NULL, outcome_id = NULL, deadline_at = :deadline,"
        " status_id = (SELECT id FROM status WHERE code = 'reconsideration')",
        deadline=END + 20 * DAY,
    )


def answer_again(connection: Connection, key: factories.AppealKey, at: datetime, outcome: str) -> None:
    change(
        connection,
        key,
        "closed_at = :at, outcome_id = (SELECT id FROM outcome WHERE code = :outcome),"
        " status_id = (SELECT id FROM status WHERE code = 'answered'), rating = 5, rated_at = :rated_at",
        at=at,
        outcome=outcome,
        rated_at=at + DAY,
    )


def report() -> Situation:
    # The cache learns of a change a moment later.
    streamlit.cache_data.clear()
    return current_situation(FILTERS, ignore_progress)


def values(situation: Situation) -> dict[str, float | None]:
    return {metric_value.metric.id: metric_value.value for metric_value in situation.metric_values}


def changed(before: Situation, after: Situation) -> set[str]:
    old, new = values(before), values(after)
    return {name for name in old if old[name] != new[name]}


def test_extensions_and_late_closes_change_nothing(connection: Connection, month: Month) -> None:
    first = report()
    assert values(first)["open"] == 3
    assert values(first)["overdue"] == 1
    change(connection, month.late, "deadline_at = :at", at=END + 25 * DAY)
    second = report()
    # A deadline that was moved counts where it was moved to, as the figure's definition says.
    assert changed(first, second) == {"on_time_rate"}
    answer_again(connection, month.late, END + 10 * DAY, "explained")
    assert changed(first, report()) == {"on_time_rate"}
    assert report().reopened_since_text == first.reopened_since_text == ""


def test_reopenings_change_what_the_report_names_and_it_says_what_was_before(
    connection: Connection, month: Month
) -> None:
    first = report()
    assert (values(first)["closed"], values(first)["resolved"]) == (40, 40)
    for key in month.answered[:3]:
        reopen(connection, key)
    answer_again(connection, month.answered[0], END + 10 * DAY, "explained")
    second = report()
    assert {"closed", "resolved"} <= changed(first, second) <= CHANGED_BY_REOPENING
    assert (values(second)["closed"], values(second)["resolved"]) == (37, 37)
    sentence = "3 appeals closed in this period were re-opened since and count on the days of their next closes."
    assert second.reopened_since_text.startswith(f"{sentence} Before, 40 were closed and 40 resolved;")
    pages = PdfReader(BytesIO(make_report("pdf", FILTERS, ignore_progress))).pages
    assert sentence in " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_a_single_reopening_is_in_the_singular(connection: Connection, month: Month) -> None:
    reopen(connection, month.answered[0])
    assert report().reopened_since_text.startswith("1 appeal closed in this period was re-opened since and counts")


def test_what_was_closed_again_within_the_period_lost_nothing(connection: Connection, month: Month) -> None:
    reopen(connection, month.answered[0])
    answer_again(connection, month.answered[0], END - 6 * DAY, "resolved")
    assert reopened_since(FILTERS) == (0, 0)
    assert values(report())["closed"] == 40


def test_the_first_outcome_decides_what_was_resolved(connection: Connection, month: Month) -> None:
    change(connection, month.answered[0], "outcome_id = (SELECT id FROM outcome WHERE code = 'refused')")
    before = values(report())
    reopen(connection, month.answered[0])
    reopen(connection, month.answered[1])
    after = values(report())
    assert reopened_since(FILTERS) == (2, 1)
    assert (before["closed"], before["resolved"]) == (40, 39)
    assert (after["closed"], after["resolved"]) == (38, 38)


@pytest.mark.usefixtures("month")
def test_a_period_that_goes_on_has_no_such_sentence(connection: Connection, month: Month) -> None:
    reopen(connection, month.answered[0])
    today = datetime.now(UTC).date()
    assert reopened_since(Filters((END - 28 * DAY).date(), today + DAY, territory="XA")) == (0, 0)
    assert reopened_since(FILTERS) == (1, 1)
    # Neither has a filter that the appeal isn't in.
    factories.topic(connection, "snow")
    assert reopened_since(Filters(FILTERS.start, FILTERS.end, territory="XA", topic="snow")) == (0, 0)

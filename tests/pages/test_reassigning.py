"""Reassigning on the overdue page: what is proposed and why, groups, reasons, refusals in whole words, and undoing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.actions import bulk
from otklik.actions.model import UndoableOperation
from tests.support import factories
from tests.support.screens.app_pages import run_page

DAY = timedelta(days=1)
NOW = datetime.now(UTC)
GROUP = "overdue-reassign-group-"
SINGLE = "overdue-reassign-single"
HOLDERS = text("""
    SELECT number, o.code FROM appeal JOIN organisation AS o ON o.id = holder_id WHERE closed_at IS NULL
    ORDER BY number""")


@pytest.fixture
def appeals(connection: Connection) -> None:
    """Two overdue appeals on buses, one on parks and one on a topic without experience, of the official's district."""
    factories.territory(connection, "RU-FD-URAL", "district", "X")
    factories.territory(connection, "RU-KHM", "region", "RU-FD-URAL")
    connection.execute(
        text("""INSERT INTO person_territory SELECT person.id, territory.id FROM person, territory
            WHERE issuer = 'demo' AND subject = 'official' AND code = 'RU-FD-URAL' ON CONFLICT DO NOTHING""")
    )
    for holder, topic, count in (("transport", "bus", 3), ("gardens", "park", 1), ("welfare", "care", 9)):
        for _ in range(count):
            factories.appeal(
                connection,
                region="RU-KHM",
                holder=holder,
                topic=topic,
                received_at=NOW - 6 * DAY,
                closed_at=NOW - 2 * DAY,
            )
    for number, topic in (("BUS-1", "bus"), ("BUS-2", "bus"), ("PARK", "park"), ("ODD", "odd")):
        factories.appeal(
            connection,
            number=number,
            region="RU-KHM",
            topic=topic,
            received_at=NOW - 40 * DAY,
            deadline_at=NOW - (9 - len(number)) * DAY,
        )


def open_and_choose(count: int) -> AppTest:
    """The page with the first appeals of the list chosen: those on buses, the one on parks, the odd one by deadline."""
    page = run_page("overdue", deep_link=False, **{"as": "official"})
    page.number_input(key="chosen-many").set_value(count).run()
    page.button(key="chosen-first").click().run()
    return page


def captions(page: AppTest) -> list[str]:
    return [element.value for element in page.caption]


def group_values(page: AppTest) -> dict[str, str | None]:
    """By the label of each group's choice, its value."""
    return {box.label: box.value for box in page.selectbox if str(box.key).startswith(GROUP)}


@pytest.mark.usefixtures("appeals")
def test_nothing_is_preselected_for_one_appeal_and_each_choice_says_why() -> None:
    page = open_and_choose(1)
    holder = page.selectbox(key="overdue-reassign-holder")
    assert page.session_state["chosen"].rows["number"].iloc[0] == "ODD"
    assert holder.value is None
    assert sorted(holder.options) == [
        f"{name} · closed nothing of the kind lately" for name in ("gardens", "transport", "welfare")
    ]
    assert page.button(key="overdue-do").disabled


@pytest.mark.usefixtures("appeals")
def test_mixed_appeals_are_grouped_changed_given_and_taken_back_as_one(connection: Connection) -> None:
    page = open_and_choose(4)
    assert group_values(page) == {
        "1 appeal without a proposal": None,
        "2 appeals to": "transport",
        "1 appeal to": "gardens",
    }
    assert any(caption.startswith("**transport**: closed 3 on this topic here, 4.0 d") for caption in captions(page))
    assert page.button(key="overdue-do").label == "Reassign · 3"
    page.selectbox(key=GROUP).set_value("welfare").run()
    page.selectbox(key=f"{GROUP}gardens").set_value("transport").run()
    assert group_values(page) == {"3 appeals to": "transport", "1 appeal to": "welfare"}
    (bus,) = [option for option in page.multiselect(key=SINGLE).options if option.startswith("BUS-2")]
    page.multiselect(key=SINGLE).select(bus).run()
    page.selectbox(key=f"{SINGLE}-holder").set_value("gardens").run()
    labels = [(box.label, box.value) for box in page.selectbox if str(box.key).startswith(GROUP)]
    assert labels == [("2 appeals to", "transport"), ("1 appeal to", "gardens"), ("1 appeal to", "welfare")]
    assert any("Still missing: why" in caption for caption in captions(page))
    template = "Sent to the wrong organisation by mistake."
    page.selectbox(key="overdue-reason-template").set_value(template).run()
    assert page.text_area(key="overdue-reason").value == template
    assert not any("Still missing: why" in caption for caption in captions(page))
    page.button(key="overdue-do").click().run()
    assert [element.value for element in page.success] == ["Reassigned: 4 appeals"]
    assert dict(map(tuple, connection.execute(HOLDERS))) == {
        "BUS-1": "transport",
        "BUS-2": "gardens",
        "ODD": "welfare",
        "PARK": "transport",
    }
    (undo,) = [element for element in page.button if element.label.startswith("Undo")]
    undo.click().run()
    assert [element.value for element in page.success] == ["Undone: 4 appeals"]
    assert {code for _number, code in connection.execute(HOLDERS)} == {"office"}


@pytest.mark.usefixtures("appeals")
def test_refusals_and_names_are_whole_and_the_undo_shows_though_it_was_first_read_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = open_and_choose(4)
    (preview,) = page.table
    assert [cell.replace("\u2060", "") for cell in preview.value.iloc[0]] == [
        "ODD",
        "No organisation has been chosen for it: it stays where it is.",
        "office",
        "—",
    ]
    page.text_area(key="overdue-reason").set_value("Nobody answers there")
    empty_reads: list[Sequence[UndoableOperation]] = [[]]
    read_operations = bulk.undoable_operations
    monkeypatch.setattr(bulk, "undoable_operations", lambda: empty_reads.pop() if empty_reads else read_operations())
    page.button(key="overdue-do").click().run()
    assert [element.value for element in page.warning] == ["Reassigned: 3 appeals, 1 refused"]
    assert not empty_reads
    assert any(element.label.startswith("Undo") for element in page.button)

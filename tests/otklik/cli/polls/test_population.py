"""`otklik poll population`: a file of who lives there, or one sentence that says what is wrong with it."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from otklik.database.population import UnusableFile, import_population
from tests.support import factories

ROWS = "territory,sex,age,people\nXA-1,male,3,50\nXA-1,male,14,10\nXA-1,male,16,5\nXA-1,female,70,40\n"


def load(connection: Connection, path: Path, content: str) -> int:
    path.write_text(content, encoding="utf-8")
    driver = connection.connection.driver_connection
    return import_population(driver, path)  # type: ignore[arg-type]


def test_years_are_put_together_and_a_second_file_replaces_the_first(connection: Connection, tmp_path: Path) -> None:
    factories.territory(connection, "XA-1", "municipality")
    rows = "SELECT age_band, sex, people, source FROM population_group WHERE people > 0 ORDER BY 1"
    path = tmp_path / "2026.csv"
    assert load(connection, path, ROWS) == 1
    expected = [(14, 1, 15, "2026.csv"), (65, 2, 40, "2026.csv")]
    assert [tuple(row) for row in connection.execute(text(rows))] == expected
    assert load(connection, path, "territory,sex,age,people\nXA-1,male,20,7\n") == 1
    assert [tuple(row) for row in connection.execute(text(rows))] == [(18, 1, 7, "2026.csv")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("territory,sex,people\n", "no column age"),
        (ROWS + "XA-1,man,20,7\n", "Line 6: sex is male or female"),
        (ROWS + "XA-1,male,20,seven\n", "Line 6"),
        (ROWS.replace("XA-1", "NOWHERE"), "No municipality has the code NOWHERE"),
        ("territory,sex,age,people\nXA-1,male,3,50\n", "nobody of 14 years or older"),
    ],
)
def test_an_unusable_file_changes_nothing(connection: Connection, tmp_path: Path, content: str, message: str) -> None:
    factories.territory(connection, "XA-1", "municipality")
    with pytest.raises(UnusableFile, match=message):
        load(connection, tmp_path / "f.csv", content)
    assert connection.scalar(text("SELECT count(*) FROM population_group")) == 0

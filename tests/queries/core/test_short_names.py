"""Names in lists, charts and filters: short, and what tells them apart is kept."""

import json

import pandas as pd
from sqlalchemy import Connection

from queries.core.reference import dimension_members
from queries.core.short_names import office_names
from tests.support import factories

UGRA = "Ханты-Мансийский автономный округ — Югра"


def test_names_are_short_where_the_data_have_short_ones(connection: Connection) -> None:
    ugra = factories.territory(
        connection,
        "RU-KHM",
        name="Khanty-Mansi",
        names={"ru": UGRA},
        short_names=json.dumps({"ru": "ХМАО — Югра"}),
    )
    offices = {
        # As its data have it; with its territory's short name; and whole, without anything to shorten.
        factories.organisation(
            connection, "dep", region="RU-KHM", name="Department", short_names=json.dumps({"en": "Dept"})
        ): ("Dept", "Dept"),
        factories.organisation(connection, "health", region="RU-KHM", name=f"Депздрав, {UGRA}"): (
            f"Депздрав, {UGRA}",
            "Депздрав, ХМАО — Югра",
        ),
        factories.organisation(connection, "post", region="RU-KHM", name="Почта России"): (
            "Почта России",
            "Почта России",
        ),
    }
    connection.commit()
    for position, language in enumerate(("en", "ru")):
        members = dimension_members("organisation", language)
        assert {row_id: members["name"][row_id] for row_id in offices} == {
            row_id: names[position] for row_id, names in offices.items()
        }
    territories = dimension_members("territory", "ru")
    assert (territories["name"][ugra], territories["full_name"][ugra]) == ("ХМАО — Югра", UGRA)
    assert dimension_members("territory", "en")["name"][ugra] == "Khanty-Mansi"


def test_beside_its_territory_a_name_leaves_it_out_unless_it_is_another(connection: Connection) -> None:
    for code in ("XA", "XB"):
        factories.territory(connection, code, name=f"{code}-land")
    town = factories.territory(connection, "XA-1", "municipality", "XA", name="Town")
    other_town = factories.territory(connection, "XB-1", "municipality", "XB", name="Other town")
    health = factories.organisation(connection, "health", region="XA", name="Health, XA-land")
    council = factories.organisation(connection, "council", region="XA-1", name="Council (Town)")
    alone = factories.organisation(connection, "alone", region="XA-1", name="Town")
    connection.commit()
    rows = [
        (health, town, "Health"),
        (health, other_town, "Health, XA-land"),
        (council, town, "Council"),
        (council, other_town, "Council (Town)"),
        (alone, town, "Town"),
    ]
    holder_ids, territory_ids, expected_names = zip(*rows, strict=True)
    assert office_names(pd.Series(holder_ids), pd.Series(territory_ids), "en") == list(expected_names)

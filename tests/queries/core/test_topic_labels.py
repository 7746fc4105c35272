"""Names of topics in lists."""

from sqlalchemy import Connection

from queries.core.topic_labels import topic_labels
from tests.support import factories


def test_a_name_that_says_little_alone_has_the_one_above_in_brackets(connection: Connection) -> None:
    def add(code: str, name: str, parent_id: int | None = None) -> int:
        return factories.topic(connection, code, name=name, parent_id=parent_id, level=2 if parent_id else 1)

    roads, homes = add("roads", "Roads"), add("homes", "Homeless concerns")
    names = {
        add("a", "other", roads): "other (Roads)",
        add("b", "Прочее", roads): "Прочее (Roads)",
        add("c", "Residence", homes): "Residence (Homeless concerns)",
        add("d", "Broken light", roads): "Broken light (Roads)",
        add("e", "Broken light", homes): "Broken light (Homeless concerns)",
        add("f", "Potholes on the carriageway", roads): "Potholes on the carriageway",
        roads: "Roads",
    }
    connection.commit()
    labels = topic_labels("en")
    assert {topic_id: labels[topic_id] for topic_id in names} == names

"""What the inputs of an action's form offer: topics, and the appeal that another one duplicates."""

from sqlalchemy import text

from otklik.database.transactions import read_transaction


def lowest_level_topics(language: str = "en") -> dict[str, str]:
    """Topics without subtopics, by code: the path of names from the top level down, in its alphabetical order."""
    statement = text("""
        WITH RECURSIVE tree AS (
            SELECT id, code, coalesce(names->>:language, names->>'en', name) AS path FROM topic WHERE parent_id IS NULL
            UNION ALL
            SELECT t.id, t.code, tree.path || ' › ' || coalesce(t.names->>:language, t.names->>'en', t.name)
            FROM topic AS t JOIN tree ON tree.id = t.parent_id
        )
        SELECT code, path FROM tree WHERE NOT EXISTS (SELECT FROM topic WHERE parent_id = tree.id)
        ORDER BY replace(lower(path), 'ё', 'е'), path""")
    with read_transaction() as connection:
        return dict(connection.execute(statement, {"language": language}).tuples().all())


def appeal_by_number(number: str) -> tuple[int, int] | None:
    """Region id and id of the newest appeal with this number that the viewer sees; None without one."""
    statement = text("SELECT region_id, id FROM appeal WHERE number = :number ORDER BY received_at DESC LIMIT 1")
    with read_transaction() as connection:
        row = connection.execute(statement, {"number": number.strip()}).one_or_none()
    return (row.region_id, row.id) if row else None

"""`otklik open311`, as the operator types it."""

from click.testing import CliRunner, Result
from sqlalchemy import Connection, text

from otklik.cli.main import otklik
from tests.support import factories


def run_command(url: str, *words: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url, "OTKLIK_SECRETS": ""}).invoke(otklik, ("open311", *words))


def test_topics_are_made_public_with_those_below_and_taken_back(url: str, connection: Connection) -> None:
    factories.topic(connection, "roads.surface.pothole")
    factories.topic(connection, "parks")
    assert run_command(url, "list").stdout.startswith("Nothing is public.")
    assert run_command(url, "publish", "roads", "--points", "--reason", "decree 17").stdout.endswith("below: 3.\n")
    assert run_command(url, "publish", "roads.surface", "--texts").stdout.endswith("below: 2.\n")
    assert run_command(url, "list").stdout.splitlines() == [
        "topic                  name                   points  texts",
        "roads                  roads                  yes     no",
        "roads.surface          roads.surface          no      yes",
        "roads.surface.pothole  roads.surface.pothole  no      yes",
        "Of the regimes ordinary, fast.",
    ]
    assert run_command(url, "withhold", "roads.surface").stdout == "Topics no longer public: 2.\n"
    assert run_command(url, "regime", "law59", "yes").stdout == "Changed.\n"
    assert run_command(url, "regime", "law59", "yes").stdout == "It was so before.\n"
    assert run_command(url, "regime", "law59", "no").stdout == "Changed.\n"
    entries = connection.execute(text("SELECT action, object, reason, after FROM audit ORDER BY id")).all()
    assert [tuple(entry) for entry in entries] == [
        ("topic published", "topic roads", "decree 17", {"topics": 3, "points": True, "texts": False}),
        ("topic published", "topic roads.surface", None, {"topics": 2, "points": False, "texts": True}),
        ("topic withheld", "topic roads.surface", None, {"topics": 2}),
        ("regime published", "regime law59", None, None),
        ("regime withheld", "regime law59", None, None),
    ]


def test_an_unknown_code_is_said_and_nothing_is_changed(url: str, connection: Connection) -> None:
    factories.topic(connection, "roads")
    for words, kind in ((("publish", "roads", "nope"), "topic"), (("withhold", "nope"), "topic")):
        result = run_command(url, *words)
        assert (result.exit_code, result.stderr) == (1, f'Error: There is no {kind} "nope": nothing was changed.\n')
    result = run_command(url, "regime", "nope", "no")
    assert (result.exit_code, result.stderr) == (1, 'Error: There is no regime "nope": nothing was changed.\n')
    assert connection.scalar(text("SELECT count(*) FROM open311_topic")) == 0

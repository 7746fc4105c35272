"""A small world for tests of figures: regions in zones far apart, and appeals drawn at the edges of their days."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from sqlalchemy import Connection, text

from tests.support import factories

AppealRow = dict[str, Any]

ZONES_BY_REGION = {
    "KGD": "Europe/Kaliningrad",
    "MOW": "Europe/Moscow",
    "SVE": "Asia/Yekaterinburg",
    "KAM": "Asia/Kamchatka",
    "NYC": "America/New_York",
}
MUNICIPALITIES = {"MOW-1": "MOW", "MOW-2": "MOW", "KAM-1": "KAM"}
TOPICS = ("roads.surface.pothole", "roads.surface", "roads.winter.snow", "housing.heat.cold", "housing")
ORGANISATIONS = ("city", "region", "ministry")
REFERENCE_TABLES = ("channel", "regime", "status", "outcome")
# Year ends, a leap day, the days on which New York's clocks change.
EDGE_DAYS = [
    date(2023, 12, 31),
    date(2024, 1, 1),
    date(2024, 2, 29),
    date(2024, 3, 1),
    date(2024, 3, 10),
    date(2024, 11, 3),
]


@dataclass(frozen=True)
class ReferenceData:
    """Ids by code, what lies above what, and whole rows by id; the same for each test, since ids start anew."""

    ids: dict[str, dict[str, int]]
    parents: dict[str, dict[int, int | None]]
    zones: dict[int, ZoneInfo]
    rows: dict[str, dict[int, dict[str, Any]]]

    @property
    def region_ids(self) -> set[int]:
        """The ids of all regions."""
        return {id_ for id_, row in self.rows["territory"].items() if row["level"] == "region"}

    def descendants(self, kind: str, code: str) -> set[int]:
        """The ids of a territory or topic and of all below it."""
        root_id = self.ids[kind][code]
        return {id_ for id_ in self.parents[kind] if root_id in self.ancestors(kind, id_)}

    def ancestors(self, kind: str, id_: int) -> list[int]:
        """The id itself and those above it, nearest first."""
        parent_id = self.parents[kind][id_]
        return [id_, *(self.ancestors(kind, parent_id) if parent_id is not None else [])]


def build_reference_data(connection: Connection) -> ReferenceData:
    """Make the world in an empty database."""
    for country in ("X", "Y"):
        factories.territory(connection, country, "country", timezone="Europe/Moscow")
    for district in ("XW", "XE"):
        factories.territory(connection, district, "district", "X", timezone="Europe/Moscow")
    for code, parent in zip(ZONES_BY_REGION, ("XW", "XW", "XE", "XE", "Y"), strict=True):
        factories.territory(connection, code, "region", parent, ZONES_BY_REGION[code])
    for code, parent in MUNICIPALITIES.items():
        factories.territory(connection, code, "municipality", parent, ZONES_BY_REGION[parent])
    for code in TOPICS:
        factories.topic(connection, code)
    for code in ORGANISATIONS:
        factories.organisation(connection, code, region="X")
    return load_reference_data(connection)


def load_reference_data(connection: Connection) -> ReferenceData:
    """The world as the database has it."""
    ids: dict[str, dict[str, int]] = {}
    parents: dict[str, dict[int, int | None]] = {}
    rows_by_kind: dict[str, dict[int, dict[str, Any]]] = {}
    for kind in ("territory", "topic", "organisation", *REFERENCE_TABLES):
        rows = connection.execute(text(f"SELECT * FROM {kind}")).mappings().all()
        ids[kind] = {row["code"]: row["id"] for row in rows}
        parents[kind] = {row["id"]: row.get("parent_id") for row in rows}
        rows_by_kind[kind] = {row["id"]: dict(row) for row in rows}
    zones = {id_: ZoneInfo(row["timezone"]) for id_, row in rows_by_kind["territory"].items()}
    return ReferenceData(ids, parents, zones, rows_by_kind)


def appeal_rows(connection: Connection) -> list[AppealRow]:
    """Every appeal as it lies in the table, oldest id first, with its `ratings`: each rating and its moment."""
    rows = [dict(row) for row in connection.execute(text("SELECT * FROM appeal ORDER BY id")).mappings()]
    earlier: dict[int, list[tuple[int, datetime]]] = {}
    for appeal_id, rating, at in connection.execute(text("SELECT appeal_id, rating, rated_at FROM earlier_rating")):
        earlier.setdefault(appeal_id, []).append((rating, at))
    for row in rows:
        latest = [(row["rating"], row["rated_at"])] if row["rating"] else []
        row["ratings"] = [*earlier.get(row["id"], ()), *latest]
    return rows


# What is drawn falls whole hours or four fifths of a span from it: none of that comes in the next twenty minutes.
BASE_MOMENT = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=40)
SECOND = timedelta(seconds=1)


def local_midnight(day: date, zone: str) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


TIME_SPANS = (timedelta(0), SECOND, timedelta(minutes=1), timedelta(days=1), timedelta(days=8))


def draft_appeal(seed: int) -> AppealRow:
    """An appeal by codes, open or closed, on time or late, rated or not: the same for the same seed."""
    pick = Random(seed).choice  # noqa: S311 - data for tests

    def edge_moment() -> datetime:
        return local_midnight(pick(EDGE_DAYS), pick(list(ZONES_BY_REGION.values()))) + pick(
            [-SECOND, timedelta(0), SECOND]
        )

    region = pick(list(ZONES_BY_REGION))
    received = pick([edge_moment(), BASE_MOMENT - timedelta(hours=pick(range(81)))])
    deadline = pick([None, received + pick(TIME_SPANS), received + pick(TIME_SPANS), edge_moment()])
    # As close to the deadline as can be, else some time after the receipt.
    closing_times = [received + pick(TIME_SPANS), *(deadline + offset for offset in (timedelta(0), SECOND) if deadline)]
    closed = pick([None, *(end for end in closing_times if received <= end)])
    rating = pick([None, 1, 2, 3, 4, 5])
    reopened = pick([0, 0, 1, 2])
    answered = received + pick(TIME_SPANS) if reopened and pick([True, True, False]) else None
    return_times = [timedelta(0), timedelta(days=7), timedelta(days=7, seconds=1)]
    return {
        "territory": region,
        "municipality": pick(
            [None, *(municipality for municipality, parent in MUNICIPALITIES.items() if parent == region)]
        ),
        "topic": pick(TOPICS),
        "holder": pick(ORGANISATIONS),
        "first_holder": pick(ORGANISATIONS),
        "channel": pick(["portal", "app"]),
        "regime": pick(["ordinary", "law59"]),
        "received_at": received,
        "deadline_at": deadline,
        "closed_at": closed,
        "status": pick(["answered", "rejected"] if closed else ["in_progress", "reconsideration"]),
        "outcome": pick([None, "resolved", "resolved", "explained"]) if closed else None,
        "rating": rating,
        "rated_at": received if rating else None,
        "reopened": reopened,
        "first_answered_at": answered,
        "first_outcome": pick(["resolved", "explained"]) if answered else None,
        "first_returned_at": answered + pick(return_times) if answered else None,
    }


# By a seed rather than field by field: Hypothesis then draws many appeals that differ in everything.
appeal_drafts = st.integers(0, 2**32 - 1).map(draft_appeal)


def appeal_row(reference: ReferenceData, draft: AppealRow) -> AppealRow:
    """A draft as columns of the table."""
    plain_columns = {key: value for key, value in draft.items() if key.endswith("_at") or key in ("rating", "reopened")}
    code_ids = {
        f"{table}_id": draft[table] and reference.ids[table][draft[table]] for table in ("topic", *REFERENCE_TABLES)
    }
    holder_ids = {f"{key}_id": reference.ids["organisation"][draft[key]] for key in ("holder", "first_holder")}
    code_ids["first_outcome_id"] = draft["first_outcome"] and reference.ids["outcome"][draft["first_outcome"]]
    municipality = draft["municipality"]
    territory_ids = {
        "region_id": reference.ids["territory"][draft["territory"]],
        "municipality_id": municipality and reference.ids["territory"][municipality],
    }
    return plain_columns | code_ids | holder_ids | territory_ids

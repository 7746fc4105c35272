"""Service requests such as a city publishes them, made by number, in the columns of the mapping `boston311`."""

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import psycopg

FIRST_RECEIPT = datetime(2025, 3, 1, 8, 0)  # noqa: DTZ001 - local time, as the city writes it
REASONS = ("Street Lights", "Sanitation", "Highway Maintenance", "Graffiti")
DEPARTMENTS = ("PWDx", "ISD", "PARK")
NEIGHBOURHOODS = ("Roslindale", "Dorchester", "Back Bay", "")
APPEALS_SQL = """
    SELECT number, territory.code, municipality.name, topic.name, status.code, outcome.code, channel.code,
        holder.name, a.received_at, a.deadline_at, a.closed_at, a.lon, a.lat, a.body
    FROM appeal AS a
    JOIN territory ON territory.id = region_id
    LEFT JOIN territory AS municipality ON municipality.id = municipality_id
    JOIN topic ON topic.id = topic_id JOIN status ON status.id = status_id JOIN channel ON channel.id = channel_id
    LEFT JOIN outcome ON outcome.id = outcome_id JOIN organisation AS holder ON holder.id = holder_id
    ORDER BY number"""


def service_request(number: int, changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """The cells of a request by its number: each third is open, and places, topics and departments alternate."""
    received_at = FIRST_RECEIPT + timedelta(minutes=37 * number)
    is_open = number % 3 == 0
    return {
        "case_enquiry_id": str(101_000_000_000 + number),
        "open_dt": f"{received_at}",
        "target_dt": f"{received_at + timedelta(days=7)}",
        "closed_dt": "" if is_open else f"{received_at + timedelta(days=number % 12, hours=1)}",
        "case_status": "Open" if is_open else "Closed",
        "closure_reason": "" if is_open else "Case Closed Case Resolved",
        "case_title": f"Request {number}, “quoted”; über",
        "reason": REASONS[number % 4],
        "type": f"{REASONS[number % 4]} {number % 5}",
        "department": DEPARTMENTS[number % 3],
        "neighborhood": NEIGHBOURHOODS[number % 4],
        "latitude": f"{42.2 + number % 100 / 1000:.4f}",
        "longitude": f"{-71.1 + number % 90 / 1000:.4f}",
        "source": "Self Service" if number % 2 else "Constituent Call",
        **(changes or {}),
    }


def service_requests(count: int) -> list[dict[str, str]]:
    """So many requests, by number from 1 on."""
    return [service_request(number) for number in range(1, count + 1)]


def write_requests(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """The requests as the city's CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(service_request(1)))
        writer.writeheader()
        writer.writerows(rows)
    return path


def appeal_rows(url: str) -> list[tuple[object, ...]]:
    """What the city's requests have become, one row an appeal in the order of their numbers, without ids."""
    with psycopg.connect(url) as connection:
        return connection.execute(APPEALS_SQL).fetchall()

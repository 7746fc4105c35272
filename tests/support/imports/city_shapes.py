"""Files in the shape of two cities' open data, with the mappings that an operator would write for them.

San Francisco: times with a UTC offset, points at 0, 0, and neither deadlines, outcomes, ratings nor first holders.
New York: local times, boroughs as municipalities with boundaries, most rows without a deadline, an outcome in words.
"""

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

SAN_FRANCISCO_MAPPING = """
[source]
code = "sf311"
name = "San Francisco 311"
[columns]
number = "service_request_id"
received_at = "requested_datetime"
closed_at = "closed_date"
category = "service_name"
subcategory = "service_subtype"
holder = "agency_responsible"
municipality = "neighborhoods_sffind_boundaries"
lat = "lat"
lon = "long"
[territories]
region = "US-SF"
[[territories.add]]
code = "US"
level = "country"
name = "United States"
timezone = "America/New_York"
[[territories.add]]
code = "US-SF"
level = "region"
parent = "US"
name = "San Francisco"
timezone = "America/Los_Angeles"
lon = -122.44
lat = 37.76
[[status]]
column = "status_description"
words = { Open = "in_progress", Closed = "answered" }
"""
SAN_FRANCISCO_COLUMNS = (
    "service_request_id", "requested_datetime", "closed_date", "status_description", "agency_responsible",
    "service_name", "service_subtype", "neighborhoods_sffind_boundaries", "lat", "long",
)  # fmt: skip

NEW_YORK_MAPPING = """
[source]
code = "nyc311"
name = "New York 311"
[columns]
number = "Unique Key"
received_at = "Created Date"
closed_at = "Closed Date"
deadline_at = "Due Date"
category = "Complaint Type"
subcategory = "Descriptor"
holder = "Agency"
municipality = "Borough"
lat = "Latitude"
lon = "Longitude"
[dates]
formats = ["%m/%d/%Y %I:%M:%S %p"]
[territories]
region = "US-NYC"
boundaries = "boroughs.geojson"
[[territories.add]]
code = "US"
level = "country"
name = "United States"
timezone = "America/New_York"
[[territories.add]]
code = "US-NYC"
level = "region"
parent = "US"
name = "New York City"
timezone = "America/New_York"
[[status]]
column = "Status"
words = { Open = "in_progress", "In Progress" = "in_progress", Closed = "answered" }
[[outcome]]
column = "Resolution Description"
patterns = { "fixed|corrected|resolved" = "resolved" }
other = "explained"
default = "explained"
"""
NEW_YORK_COLUMNS = (
    "Unique Key", "Created Date", "Closed Date", "Agency", "Complaint Type", "Descriptor", "Status", "Due Date",
    "Resolution Description", "Borough", "Latitude", "Longitude",
)  # fmt: skip
# Rectangles: west, south, east, north.
BOROUGHS = {
    "MANHATTAN": (-74.02, 40.70, -73.93, 40.88),
    "BRONX": (-73.93, 40.79, -73.77, 40.91),
    "BROOKLYN": (-74.04, 40.57, -73.86, 40.70),
    "QUEENS": (-73.86, 40.60, -73.70, 40.79),
    "STATEN ISLAND": (-74.25, 40.50, -74.05, 40.65),
}
NEIGHBOURHOODS = ("Mission", "SoMa", "Outer Sunset", "Bayview")


def write_san_francisco(folder: Path, count: int = 40, now: datetime | None = None) -> tuple[Path, Path]:
    """The file and its mapping. Two of five points lie at 0, 0; of four appeals three are closed, the rest open."""
    now = now or datetime.now(UTC)
    zone = ZoneInfo("America/Los_Angeles")
    rows: list[Sequence[object]] = []
    for n in range(count):
        received = (now - timedelta(hours=7 * n + 2)).astimezone(zone).replace(microsecond=0)
        is_open = n % 4 == 0
        point = ("0", "0") if n % 5 < 2 else (f"{37.72 + n % 9 / 100}", f"{-122.49 + n % 11 / 100}")
        closed = "" if is_open else (received + timedelta(minutes=90)).isoformat()
        state = "Open" if is_open else "Closed"
        topic = ("Street Cleaning", "Other") if n % 3 else ("Noise Report", "Other")
        rows.append(
            [9_000_000 + n, received.isoformat(), closed, state, "Public Works", *topic, NEIGHBOURHOODS[n % 4], *point]
        )
    return _write(folder, "sf", SAN_FRANCISCO_COLUMNS, rows, SAN_FRANCISCO_MAPPING)


def write_new_york(folder: Path, count: int = 40, now: datetime | None = None) -> tuple[Path, Path]:
    """The file and its mapping, with the boroughs' boundaries beside it. Nothing has a deadline."""
    now = now or datetime.now(UTC)
    zone = ZoneInfo("America/New_York")
    rows: list[Sequence[object]] = []
    for n in range(count):
        received = (now - timedelta(hours=5 * n + 2)).astimezone(zone)
        is_open = n % 4 == 0
        borough = list(BOROUGHS)[n % len(BOROUGHS)]
        west, south, east, north = BOROUGHS[borough]
        rows.append(
            [
                60_000_000 + n,
                f"{received:%m/%d/%Y %I:%M:%S %p}",
                "" if is_open else f"{received + timedelta(minutes=100):%m/%d/%Y %I:%M:%S %p}",
                "HPD",
                "HEAT/HOT WATER",
                "ENTIRE BUILDING",
                "In Progress" if is_open else "Closed",
                "",
                "" if is_open else "The condition was corrected.",
                borough,
                round((south + north) / 2, 4),
                round((west + east) / 2, 4),
            ]
        )
    features = [
        {
            "type": "Feature",
            "properties": {"name": name.title()},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[w, s], [w, n], [e, n], [e, s], [w, s]]],
            },
        }
        for name, (w, s, e, n) in BOROUGHS.items()
    ]
    (folder / "boroughs.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return _write(folder, "nyc", NEW_YORK_COLUMNS, rows, NEW_YORK_MAPPING)


def _write(
    folder: Path, name: str, columns: Sequence[str], rows: Sequence[Sequence[object]], mapping: str
) -> tuple[Path, Path]:
    file, mapping_file = folder / f"{name}.csv", folder / f"{name}.toml"
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([columns, *rows])
    mapping_file.write_text(mapping, encoding="utf-8")
    return file, mapping_file

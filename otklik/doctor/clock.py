"""The clocks of this machine and the server, and what both know of time zones."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, text

from otklik.doctor.finding import Finding, Health

WATCH_SECONDS, ACT_SECONDS = 2.0, 30.0
"""Seconds by which the clocks differ."""
LOOKED_AT_DAYS = (0, 91, 182, 273)
"""Days from today on which time zones are compared: summer time and winter time."""
ZONES_SQL = "SELECT DISTINCT timezone FROM territory ORDER BY timezone"
OFFSET_SQL = "SELECT extract(epoch FROM :moment AT TIME ZONE :zone - :moment AT TIME ZONE 'UTC')::integer"


def clock_findings(connection: Connection) -> Iterator[Finding]:
    """How far the server's clock is from this machine's."""
    before = datetime.now(UTC)
    server_now: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    after = datetime.now(UTC)
    seconds = max((before - server_now).total_seconds(), (server_now - after).total_seconds(), 0.0)
    if seconds < WATCH_SECONDS:
        yield Finding("clock", Health.OK, f"Server and machine agree: it is {server_now:%Y-%m-%d %H:%M:%S} UTC.")
        return
    yield Finding(
        "clock",
        Health.ACT if seconds >= ACT_SECONDS else Health.WATCH,
        f"The server's clock and this machine's differ by {seconds:,.0f} seconds.",
        "Have both set by a time server (NTP): deadlines are counted by the server's.",
    )


def zone_findings(connection: Connection) -> Iterator[Finding]:
    """Whether the server and Python have the same rules for each time zone of a territory."""
    zones = list(connection.execute(text(ZONES_SQL)).scalars())
    differing = [zone for zone in zones if not _is_same(connection, zone)]
    zone_count = f"{len(zones)} time zone{'s' * (len(zones) != 1)}"
    if differing:
        yield Finding(
            "time zones",
            Health.ACT,
            f"Server and machine have different rules for {', '.join(differing)}.",
            "Update the time zone data of both (Debian's tzdata, Python's tzdata, PostgreSQL), and restart Otklik.",
        )
    else:
        yield Finding("time zones", Health.OK, f"Server and machine have the same rules for {zone_count}.")


def _is_same(connection: Connection, zone: str) -> bool:
    try:
        local_zone = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    for days in LOOKED_AT_DAYS:
        moment = noon + timedelta(days=days)
        server_offset = connection.execute(text(OFFSET_SQL), {"moment": moment, "zone": zone}).scalar_one()
        local_offset = local_zone.utcoffset(moment.astimezone(local_zone))
        if local_offset is None or server_offset != local_offset.total_seconds():
            return False
    return True

"""The data: what comes in, what isn't folded yet, whether figures and audit are right, and the last backup."""

from collections.abc import Iterator
from datetime import UTC, timedelta

from sqlalchemy import Connection, text

from otklik.backup.audit_entries import BACKUP_MADE
from otklik.database.access.audit import verify_audit
from otklik.database.cubes.rollups import CUBE_NAMES, FRESH_TABLES, cube_differences
from otklik.database.day_stocks import record_contradictions
from otklik.demo.removal import has_demo_data
from otklik.doctor.finding import Finding, Health
from otklik.settings import Settings

QUICK_CUBES = tuple(name for name in CUBE_NAMES if name.startswith("open_"))
"""Cubes of open appeals, which are few: counting them again takes seconds whatever the number of appeals."""
WATCH_FOLD_AGE, ACT_FOLD_AGE = timedelta(minutes=1), timedelta(hours=1)
WATCH_BACKUP_AGE, ACT_BACKUP_AGE = timedelta(hours=26), timedelta(days=8)
"""More than a day, or a week, since a backup is missed only once it is late."""
SOURCES_SQL = """
    SELECT d.name, d.error, silent.is_unreadable, silent.since FROM data_source AS d
    LEFT JOIN silent_data_source AS silent ON silent.id = d.id
    WHERE d.removed_at IS NULL AND NOT d.is_paused ORDER BY d.name"""
# A transaction that writes facts leaves the regions that it changed, with the moment.
OLDEST_FACT_SQL = """
    SELECT now() - min(changed_at) FROM region_change WHERE xid::xid IN (SELECT DISTINCT xmin FROM fact_fresh)"""
LAST_BACKUP_SQL = "SELECT now() - at FROM audit WHERE action = :action ORDER BY id DESC LIMIT 1"


def source_findings(connection: Connection) -> Iterator[Finding]:
    """Whether each data source can be read and brings what it usually does."""
    rows = connection.execute(text(SOURCES_SQL)).all()
    for row in rows:
        if row.since is None:
            continue
        since = f"{row.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        yield Finding(
            "data sources",
            Health.ACT if row.is_unreadable else Health.WATCH,
            f"{row.name} can't be read since {since}: {row.error}"
            if row.is_unreadable
            else f"{row.name} is silent for longer than usual: nothing new since {since}.",
            f"`otklik source test {row.name}` says whether it can be read now.",
        )
    if not any(row.since for row in rows):
        yield Finding("data sources", Health.OK, f"{len(rows)} of {len(rows)} are read and bring what they usually do.")


def fold_findings(connection: Connection) -> Iterator[Finding]:
    """How many facts aren't folded into the cubes yet, and since when."""
    count = sum(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in FRESH_TABLES)  # noqa: S608 - own names
    age: timedelta | None = connection.execute(text(OLDEST_FACT_SQL)).scalar_one()
    if not count or (age is not None and age < WATCH_FOLD_AGE):
        yield Finding("folding", Health.OK, f"{count:,} facts wait to be folded into the cubes.")
        return
    oldest = f"the oldest for {_duration(age)}" if age is not None else "it isn't known since when"
    yield Finding(
        "folding",
        Health.ACT if age is not None and age >= ACT_FOLD_AGE else Health.WATCH,
        f"{count:,} facts wait to be folded into the cubes, {oldest}: figures are right, and slower from day to day.",
        "`otklik run` folds them every two seconds while it serves; its log says what keeps it from that.",
    )


def figure_findings(url: str) -> Iterator[Finding]:
    """Whether the cubes of open appeals, the recorded days and the audit are right, which is quick to check."""
    cell_count = sum(1 for _ in cube_differences(url, cubes=QUICK_CUBES))
    contradictions = record_contradictions(url)
    problems = [f"{cell_count} cells of open appeals differ from the appeals"] if cell_count else []
    problems += [f"{len(contradictions)} recorded days can't have been so"] if contradictions else []
    if problems:
        yield Finding(
            "figures",
            Health.ACT,
            f"{' and '.join(problems)}.",
            "`otklik verify` names them, `otklik rebuild` counts cubes again.",
        )
    else:
        yield Finding(
            "figures", Health.OK, "Open appeals, counted again, are those on the screens; `otklik verify` counts all."
        )
    verification = verify_audit(url)
    if verification.broken_at is None:
        message = f"All {verification.entries} entries follow from one another."
        yield Finding("audit", Health.OK, message)
    else:
        yield Finding(
            "audit",
            Health.ACT,
            f"It breaks at entry {verification.broken_at}: {verification.reason}.",
            "Somebody has changed the record of who did what: compare with a backup from before.",
        )


def backup_findings(connection: Connection, settings: Settings) -> Iterator[Finding]:
    """How old the last backup is that `otklik backup` made; a server of one's own may have others."""
    severe = Health.WATCH if settings.database_url else Health.ACT
    age: timedelta | None = connection.execute(text(LAST_BACKUP_SQL), {"action": BACKUP_MADE}).scalar()
    advice = "Have `otklik backup` run every night (docs/operations.md)."
    if age is None:
        has_appeals = bool(connection.execute(text("SELECT EXISTS (SELECT FROM appeal)")).scalar_one())
        if not has_appeals or has_demo_data(connection):
            yield Finding("backup", Health.OK, "There is nothing to back up but demo data." if has_appeals else
                          "There are no appeals to back up yet.")  # fmt: skip
        else:
            yield Finding("backup", severe, "No backup was ever made by `otklik backup`.", advice)
        return
    health = Health.OK
    if age >= WATCH_BACKUP_AGE:
        health = severe if age >= ACT_BACKUP_AGE else Health.WATCH
    yield Finding("backup", health, f"The last one is {_duration(age)} old.", "" if health is Health.OK else advice)


def _duration(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    if hours < 1:
        return f"{hours * 60:.0f} minutes"
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"  # noqa: PLR2004 - days from two on

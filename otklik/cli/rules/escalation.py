"""`otklik escalation`."""

import re
from datetime import time, timedelta

import click

from otklik.cli.connections import migrated_database
from otklik.cli.console import print_table

DURATION_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@click.group()
def escalation() -> None:
    """Set who is notified of an appeal and when: the escalation ladder (docs/deadlines.md)."""


@escalation.command("list")
def list_steps() -> None:
    """Print the ladder, one step a line, and the quiet hours."""
    import psycopg

    from otklik.notifications.escalation import escalation_ladder, quiet_hours

    with migrated_database() as database_url, psycopg.connect(database_url) as connection:
        rows = [
            (
                step.code,
                step.moment,
                format_duration(step.after),
                " ".join(step.roles),
                format_yes_no(step.waits),
                format_yes_no(step.is_active),
            )
            for step in escalation_ladder(connection)
        ]
        start, end = quiet_hours(connection)
    print_table([("step", "moment", "after", "roles", "waits", "active"), *rows])
    click.echo(f"\nQuiet hours: {start:%H:%M}–{end:%H:%M}, by the clock of each region.")


@escalation.command("set")
@click.argument("code")
@click.option("--moment", type=click.Choice(["risk", "deadline", "transfer"]), help="From when time is counted.")
@click.option("--after", metavar="TIME", help="Such as 3d, 12h or 90m; -2d is before the deadline.")
@click.option("--role", "roles", multiple=True, help="Whom to notify; may be given again. They replace those before.")
@click.option("--waits/--at-once", default=None, help="Whether it waits for the end of the quiet hours.")
@click.option("--on/--off", "is_active", default=None, help="Whether the step is used.")
def set_step(
    code: str,
    moment: str | None,
    after: str | None,
    roles: tuple[str, ...],
    waits: bool | None,
    is_active: bool | None,
) -> None:
    """Change a step of the ladder, or add one.

    \b
    Moments:
      risk      80 % of the time are used
      deadline  the time is over
      transfer  handed on to another organisation, and not touched since
    Example:
      otklik escalation set overdue_20 --moment deadline --after 20d --role administrator
    """
    import psycopg

    from otklik.notifications.escalation import NOTIFIED_ROLES, EscalationStep, escalation_ladder, save_step

    if unknown := set(roles) - set(NOTIFIED_ROLES):
        raise click.UsageError(f"There is no role {min(unknown)}: there are {', '.join(NOTIFIED_ROLES)}.")
    with migrated_database() as database_url, psycopg.connect(database_url) as connection:
        existing = {step.code: step for step in escalation_ladder(connection)}.get(code)
        if existing is None and not (moment and roles):
            raise click.UsageError(f"The step {code} is new: say its --moment and a --role.")
        previous = existing or EscalationStep(code, str(moment), timedelta(), list(roles))
        step = EscalationStep(
            code,
            moment or previous.moment,
            parse_duration(after) if after else previous.after,
            list(roles) or previous.roles,
            previous.waits if waits is None else waits,
            previous.is_active if is_active is None else is_active,
        )
        try:
            save_step(connection, step)
        except psycopg.errors.CheckViolation as error:
            raise click.ClickException(
                "Only a deadline has a time before it, of at most 60 days; the time after is at most 365 days."
            ) from error
    click.echo(f"The step {code} is {'set' if existing else 'added'}.", err=True)


@escalation.command()
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="UNTIL")
def quiet(start: str, end: str) -> None:
    """Set the quiet hours, such as 22:00 08:00; the same time twice is none."""
    import psycopg

    from otklik.notifications.escalation import save_quiet_hours

    try:
        hours = time.fromisoformat(start), time.fromisoformat(end)
    except ValueError as error:
        raise click.UsageError("A time looks like 22:00.") from error
    with migrated_database() as database_url, psycopg.connect(database_url) as connection:
        save_quiet_hours(connection, *hours)


def parse_duration(text: str) -> timedelta:
    """Parse `3d`, `12h`, `90m` or `-2d`. Raises UsageError."""
    match = re.fullmatch(r"(-?\d{1,5})([mhd])", text)
    if not match:
        raise click.UsageError(f"{text} is no length of time: expected one such as 3d, 12h or 90m.")
    return timedelta(**{DURATION_UNITS[match[2]]: int(match[1])})


def format_duration(duration: timedelta) -> str:
    """A duration as `parse_duration` reads it, in the largest unit that divides it."""
    minutes = duration // timedelta(minutes=1)
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def format_yes_no(value: bool) -> str:
    """A truth value as `yes` or `no`."""
    return "yes" if value else "no"

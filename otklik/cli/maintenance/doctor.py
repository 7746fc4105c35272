"""`otklik doctor`."""

import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON, for programs that watch.")
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Examine this installation, and say what is well, what to watch and what to act on.

    Versions and the migration, rights of the screens' role, clocks and time zones, the disk and the write-ahead log,
    data sources, facts that aren't folded yet, figures and audit, the last backup, and the process that serves. Nothing
    is changed. It takes seconds; `otklik verify` counts all figures again.

    Exit code 0: nothing has to be acted on; 1: something has to.
    """
    from datetime import UTC, datetime

    from otklik.doctor.examination import examine
    from otklik.doctor.finding import Health, worst
    from otklik.settings import read_settings

    findings = examine(read_settings())
    health = worst(findings)
    if as_json:
        as_of = datetime.now(UTC).isoformat(timespec="seconds")
        click.echo(json.dumps({"as_of": as_of, "health": health, "findings": [vars(found) for found in findings]}))
    else:
        width = max(len(finding.check) for finding in findings)
        for finding in findings:
            click.echo(f"{finding.health:<5}  {finding.check:<{width}}  {finding.message}")
            if finding.advice:
                click.echo(f"{'':<5}  {'':<{width}}  → {finding.advice}")
    if health is Health.ACT:
        context.exit(1)

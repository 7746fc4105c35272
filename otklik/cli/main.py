"""The command `otklik`."""

import click

from otklik.cli import cubes, database, demo, detect, load, report, run, sql
from otklik.cli.access import audit, devices, receipts, users
from otklik.cli.benchmarks import bench
from otklik.cli.docs import figures, settings
from otklik.cli.failures import command_failure
from otklik.cli.imports import appeals, history, mapping, organisations, territories
from otklik.cli.maintenance import backup, doctor, upgrade
from otklik.cli.polls import commands as polls
from otklik.cli.rules import deadlines, escalation, open311, services
from otklik.cli.sources import commands as sources

COMMANDS = (
    run.run,
    demo.demo,
    territories.territory,
    organisations.organisation,
    appeals.import_file,
    mapping.mapping,
    history.imports,
    sources.source,
    demo.simulate,
    sql.sql,
    database.url,
    report.report,
    users.user,
    devices.device,
    receipts.receipt,
    audit.audit,
    cubes.verify,
    cubes.rebuild,
    detect.detect,
    services.service,
    open311.open311,
    polls.poll,
    deadlines.deadlines,
    escalation.escalation,
    database.migrate,
    backup.backup,
    backup.restore,
    upgrade.upgrade,
    doctor.doctor,
    bench,
    load.load,
    figures.figures,
    settings.settings,
)
"""Every command, in the order in which a newcomer needs them."""


class ErrorMessageGroup(click.Group):
    """Turns errors that a person can act on into one sentence and an exit code; a traceback is a bug."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of the commands in the order of `COMMANDS`."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if exception := command_failure(error):
                raise exception from error
            raise


@click.group(cls=ErrorMessageGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="otklik")
def otklik() -> None:
    """Watch, move and answer citizens' appeals: the operations room of a feedback platform.

    The appeals are kept in a PostgreSQL of Otklik's own, which a command starts when it isn't running and
    stops again at its end, or on the server that DATABASE_URL names.

    \b
    Exit codes of every command, besides its own:
      1  refused, for the reason that the message says
      2  called in a wrong way, or with a setting that can't be used
      3  the database can't be reached, went away meanwhile, or failed
      4  the disk is full

    \b
    Settings are read from the environment; `otklik settings` prints all of them. The usual ones:
      OTKLIK_DATA    the folder of the appeals (~/.local/share/otklik; /var/lib/otklik for root)
      DATABASE_URL   a PostgreSQL server of your own (15 or newer) instead
      PORT           where `otklik run` serves on this machine (8501)
    """


for command in COMMANDS:
    otklik.add_command(command)

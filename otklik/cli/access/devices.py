"""`otklik device`."""

from typing import TYPE_CHECKING

import click

from otklik.cli.access.users import person_options
from otklik.cli.connections import owner_transaction
from otklik.pages import SCREEN_PATH

if TYPE_CHECKING:
    from sqlalchemy import Connection

DEVICES_SQL = """
    SELECT device.id, device.name, person.name, to_char(enrolled_at, 'YYYY-MM-DD'),
        coalesce('seen ' || to_char(seen_at, 'YYYY-MM-DD HH24:MI'), 'never seen'),
        CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN NOT is_active THEN 'disabled' ELSE '' END
    FROM device JOIN person ON person.id = person_id ORDER BY revoked_at IS NOT NULL, device.id DESC"""
SCREEN_ID_SQL = "SELECT id FROM person WHERE role = 'screen' AND is_active AND name = :name ORDER BY id LIMIT 1"


@click.group()
def device() -> None:
    """Let wall screens in by a link of their own; they see figures and no appeals.

    A device signs in as a person with the role screen, and shows that person's territories.
    """


@device.command()
@click.argument("name")
@click.option("--as", "screen", metavar="NAME", help="The screen that it signs in as, if that has another name.")
@person_options
def enrol(name: str, screen: str | None, territories: tuple[str, ...], everywhere: bool | None, reason: str) -> None:
    """Print a link that lets a device in: open it there once.

    Anybody with the link is let in. Only the hash of its secret is kept, so it can't be printed again. The browser
    keeps the secret in a cookie and not in its history; `?device=` without a secret makes it forget. A screen that
    doesn't exist yet is added, and needs its territories.

    \b
    Example:
      otklik device enrol "Hall, left" --territory RU-KHM
    """
    from otklik.database.access.devices import enrol_device_as_owner

    with owner_transaction() as connection:
        screen_id = _screen_id(connection, screen or name, territories, everywhere=everywhere, reason=reason)
        secret = enrol_device_as_owner(connection, screen_id, name, reason)
    click.echo(f"{public_url()}{SCREEN_PATH}?device={secret}")


@device.command()
@click.argument("number", type=int)
@click.option("--reason", default="", metavar="TEXT", help="Why, for the audit.")
def revoke(number: int, reason: str) -> None:
    """Revoke a device by its number in `otklik device list`; its screen goes blank within seconds."""
    from otklik.database.access.devices import revoke_device_as_owner

    with owner_transaction() as connection:
        if not revoke_device_as_owner(connection, number, reason):
            raise click.ClickException(f"No device {number} is let in: `otklik device list` prints which are.")


@device.command("list")
def list_devices() -> None:
    """Print the devices, one a line: number, name, screen, day of enrolment, last seen, whether revoked."""
    from sqlalchemy import text

    with owner_transaction() as connection:
        rows = connection.execute(text(DEVICES_SQL)).all()
    for number, *rest in rows:
        click.echo("\t".join([str(number), *filter(None, rest)]))


def _screen_id(
    connection: "Connection", name: str, territories: tuple[str, ...], *, everywhere: bool | None, reason: str
) -> int:
    """The id of the screen with this name, which is added if there is none."""
    from sqlalchemy import text

    from otklik.database.access.people import save_person_as_owner

    screen_id = connection.scalar(text(SCREEN_ID_SQL), {"name": name})
    if screen_id is not None:
        if territories or everywhere:
            raise click.UsageError(f'There is a screen "{name}" already: change its territories on the people page.')
        return int(screen_id)
    if not territories and not everywhere:
        raise click.UsageError("Say what the new screen shows: --territory CODE or --everywhere.")
    territory_fields = {"territories": territories, "everywhere": bool(everywhere)}
    return save_person_as_owner(connection, None, {"name": name, "role": "screen", **territory_fields}, reason)


def public_url() -> str:
    """The address at which people reach the screens."""
    from otklik.launcher.app_server import local_url, running_app_url
    from otklik.launcher.startup_checks import CALLBACK_PATH, auth_config
    from otklik.settings import read_settings

    settings = read_settings()
    # The screens that run may have been given another port than this command.
    url = running_app_url(settings.data_folder) or local_url(settings)
    redirect_uri = str(auth_config(settings).get("redirect_uri", url))
    return redirect_uri.removesuffix(CALLBACK_PATH).replace("{port}", url.rpartition(":")[2])

"""A real OpenID Connect provider on this machine, and an Otklik that people sign in to by it."""

import json
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect

from otklik.database.access import people
from otklik.database.engine import database_engine
from otklik.database.server import child_process
from tests.support.servers.databases import free_port
from tests.support.servers.running_app import RunningApp, process_environment, running_app
from tests.support.waiting import wait_for


@dataclass(frozen=True)
class Provider:
    """A running provider, which signs anybody in who says who they are."""

    url: str

    def set_claims(self, email: str, **claims: object) -> None:
        """From now on vouch for this of somebody; their subject is their e-mail."""
        body = json.dumps({"email": email, "email_verified": True, "name": f"Name of {email}"} | claims).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(f"{self.url}/users/{email}", body, headers, method="PUT")  # noqa: S310 - our own
        urlopen(request, timeout=10).close()  # noqa: S310 - the same


@dataclass(frozen=True)
class SignInApp:
    """An Otklik with a provider, and the secrets that nobody may come to see."""

    app: RunningApp
    provider: Provider
    secret_values: tuple[str, ...]

    def add_person(self, email: str, role: str, *territories: str, **columns: object) -> int:
        """The id of a new person, or of the same one with these facts."""
        values = {
            "role": role,
            "territories": territories,
            "everywhere": not territories,
            "name": person_name(email),
        } | columns
        owner = database_engine(self.app.database_url)
        with owner.begin() as connection:
            person_id = connection.exec_driver_sql("SELECT id FROM person WHERE email = %s", (email,)).scalar()
            saved_id = people.save_person_as_owner(connection, person_id, {"email": email, "is_active": True} | values)
        owner.dispose()
        self.provider.set_claims(email)
        return saved_id


def person_name(email: str) -> str:
    """What a person of the tests is called."""
    return f"Person {email.partition('@')[0]}"


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider in a process of its own."""
    port = free_port()
    process = child_process.start(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)],
        parent_death_signal=signal.SIGKILL,
        env=process_environment(Path("/")),
        cwd=Path("/"),
    )
    provider = Provider(f"http://127.0.0.1:{port}")
    try:
        wait_for(lambda: _is_ready(provider), "the sign-in provider")
        yield provider
    finally:
        process.kill()
        process.wait()


@contextmanager
def running_sign_in_app(data: Path, provider: Provider, **environ: str) -> Iterator[SignInApp]:
    """`otklik run` on a data folder, to which those sign in who are made known there."""
    port = free_port()
    cookie_secret, client_secret = secrets.token_hex(16), secrets.token_hex(16)
    secrets_file = data.parent / f"secrets-{port}.toml"
    secrets_file.write_text(
        f"""[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{cookie_secret}"
[auth.city]
title = "City Hall"
client_id = "otklik"
client_secret = "{client_secret}"
server_metadata_url = "{provider.url}/.well-known/openid-configuration"
"""
    )
    settings = {"OTKLIK_SECRETS": str(secrets_file), "OTKLIK_CONTACT": "Vera of the help desk", **environ}
    with running_app(data, port, **settings) as app:
        yield SignInApp(app, provider, (cookie_secret, client_secret))


def sign_in(page: Page, email: str, url: str = "/") -> None:
    """Go through the provider as a person does."""
    page.goto(url)
    page.get_by_role("button", name="Sign in with City Hall").click()
    page.get_by_placeholder("sub").fill(email)
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("button", name="Sign in with City Hall")).to_have_count(0)
    expect(page.get_by_test_id("stHeading").first).to_be_visible()


def _is_ready(provider: Provider) -> bool:
    try:
        with urlopen(f"{provider.url}/.well-known/openid-configuration", timeout=5):  # noqa: S310 - our own
            return True
    except (URLError, OSError):
        return False

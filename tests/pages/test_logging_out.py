"""The way to the provider after "Log out": Streamlit drops what a run sent as soon as the next full run starts."""

import pytest
from sqlalchemy import Connection
from streamlit.runtime.scriptrunner import RerunData
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from components.layout import page as frame
from otklik.database.access import people
from tests.support import factories
from tests.support.screens.signed_in_app import app_for_user, signed_in_claims

KNOWN, STRANGER = "anna@example.org", "stranger@example.org"


@pytest.fixture
def redirects(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the runs of a page so far have sent the browser, without what was dropped before it left the server."""
    urls: list[str] = []
    run = LocalScriptRunner.run

    def recording_run(runner: LocalScriptRunner, *arguments: object, **options: object) -> object:
        tree = run(runner, *arguments, **options)  # type: ignore[arg-type]
        urls.extend(message.auth_redirect.url for message in runner.forward_msgs() if message.HasField("auth_redirect"))
        return tree

    monkeypatch.setattr(LocalScriptRunner, "run", recording_run)
    return urls


@pytest.fixture
def anna(connection: Connection) -> None:
    """A manager of XA, where there is an appeal."""
    factories.appeal(connection, region="XA")
    people.save_person_as_owner(
        connection, None, {"email": KNOWN, "name": "Anna", "role": "manager", "territories": ["XA"]}
    )


def interrupt_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let another run of the page be asked for while the next one has just begun, as a browser that is resized does."""
    runners: list[LocalScriptRunner] = []
    start, setup_page = LocalScriptRunner.start, frame.setup_page

    def recorded_start(runner: LocalScriptRunner) -> None:
        runners.append(runner)
        start(runner)

    def interrupted_setup(page: str) -> None:
        if runners:
            runners.pop().request_rerun(RerunData())
        setup_page(page)

    monkeypatch.setattr(LocalScriptRunner, "start", recorded_start)
    monkeypatch.setattr(frame, "setup_page", interrupted_setup)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("interrupted", [False, True])
@pytest.mark.parametrize("email", [KNOWN, STRANGER])
def test_logging_out_leads_to_the_provider_whatever_runs_follow(
    monkeypatch: pytest.MonkeyPatch,
    redirects: list[str],
    email: str,
    interrupted: bool,  # noqa: FBT001 -- pytest hands it over
) -> None:
    page = app_for_user(signed_in_claims(email, nonce=f"{email} {interrupted}")).run()
    assert not redirects
    if interrupted:
        interrupt_next_run(monkeypatch)
    page.button(key="log-out").click().run()
    assert not page.exception
    assert redirects == ["/auth/logout"]
    assert not page.metric
    assert not page.button
    # A run that was asked for meanwhile drops the first redirect.
    page.run()
    assert redirects == ["/auth/logout"] * 2


@pytest.mark.usefixtures("anna")
def test_only_the_tab_that_logs_out_is_sent_to_the_provider(redirects: list[str]) -> None:
    claims = signed_in_claims(KNOWN, nonce="of two tabs")
    page, other = app_for_user(claims).run(), app_for_user(claims).run()
    page.button(key="log-out").click().run()
    assert redirects
    redirects.clear()
    other.run()
    assert not redirects
    assert [button.label for button in other.button] == ["Sign in with City"]

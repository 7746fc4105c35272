"""Whose sign-in lets them in, and what stands there otherwise."""

import time
from collections.abc import Mapping

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.database.access import people
from tests.support import factories
from tests.support.paths import PROJECT_ROOT
from tests.support.screens.signed_in_app import (
    AUTH_SECRETS,
    CITY_PROVIDER,
    ISSUER,
    SIGNED_OUT,
    app_for_user,
    signed_in_claims,
)
from tests.support.waiting import SCRIPT_SECONDS

EMAIL = "anna@example.org"


def opened(user: dict[str, object], auth: Mapping[str, object] | None = None, **address: str) -> AppTest:
    """The overview for who signs in so."""
    page = app_for_user(user, auth, **address).run()
    assert not page.exception
    return page


def said(page: AppTest) -> list[str]:
    return [one.value for one in page.markdown]


def newest_numbers(page: AppTest) -> list[str]:
    """The numbers of the newest appeals on the queue page, which it opens."""
    table = next(table for table in page.switch_page("pages/queue.py").run().dataframe if "ago" in table.value)
    numbers: list[str] = table.value["number"].tolist()
    return numbers


def is_let_in(page: AppTest) -> bool:
    """Whether there are figures; who isn't let in sees none."""
    assert bool(page.metric) == (page.title[0].value == "Overview")
    return bool(page.metric)


@pytest.fixture
def anna(connection: Connection) -> int:
    """A manager of XA; both regions have an appeal."""
    factories.appeal(connection, region="XA", number="OURS")
    factories.appeal(connection, region="XB", number="THEIRS")
    return people.save_person_as_owner(
        connection, None, {"email": EMAIL, "name": "Anna *Ivić*", "role": "manager", "territories": ["XA"]}
    )


@pytest.mark.usefixtures("anna")
def test_who_signs_in_sees_their_territories_and_who_they_are() -> None:
    page = opened(signed_in_claims(EMAIL))
    assert is_let_in(page)
    assert page.button(key="log-out").label == "Log out"
    assert "Manager · XA" in said(page)
    assert r"**Anna \*Ivić\***" in said(page)
    assert not any("Demonstration" in one for one in said(page))
    assert newest_numbers(page) == ["OURS"]


@pytest.mark.usefixtures("anna")
def test_signed_out_there_is_a_button_for_each_provider_and_nothing_else() -> None:
    one = opened(SIGNED_OUT)
    assert not is_let_in(one)
    assert [button.label for button in one.button] == ["Sign in with City"]
    both: dict[str, object] = {
        **AUTH_SECRETS,
        "city": {**CITY_PROVIDER, "title": "City *Hall*"},
        "state": CITY_PROVIDER,
    }
    assert [button.label for button in opened(SIGNED_OUT, both).button] == [
        r"Sign in with City \*Hall\*",
        "Sign in with State",
    ]
    assert [button.label for button in opened(SIGNED_OUT, {**AUTH_SECRETS, **CITY_PROVIDER}).button] == ["Sign in"]


@pytest.mark.usefixtures("anna")
def test_once_people_sign_in_nobody_is_of_the_demo() -> None:
    assert not is_let_in(opened(SIGNED_OUT, None, **{"as": "administrator"}))
    assert not is_let_in(
        opened(signed_in_claims(EMAIL, iss=people.DEMO_ISSUER, sub="administrator", email_verified=False))
    )


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("hours", "seconds", "let_in"),
    [
        ("", 0, True),
        ("", 12 * 3600 - 60, True),
        ("", 12 * 3600 + 1, False),
        ("", 29 * 24 * 3600, False),
        ("2", 2 * 3600 - 60, True),
        ("2", 2 * 3600 + 1, False),
        ("", -240, True),
        ("", -360, False),
    ],
)
def test_a_sign_in_counts_from_its_iat_whatever_its_exp_says(
    monkeypatch: pytest.MonkeyPatch, hours: str, seconds: int, *, let_in: bool
) -> None:
    monkeypatch.setenv("OTKLIK_SIGN_IN_HOURS", hours)
    page = opened(signed_in_claims(EMAIL, iat=int(time.time()) - seconds))
    assert is_let_in(page) == let_in
    assert ("Your sign-in is over. Sign in again." in said(page)) != let_in


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("iat", [None, "now", True])
def test_a_sign_in_of_no_age_is_none(iat: object) -> None:
    assert not is_let_in(opened(signed_in_claims(EMAIL, iat=iat)))


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_email_counts_only_when_the_provider_vouches_for_it(verified: object) -> None:
    page = opened(signed_in_claims(EMAIL, email_verified=verified))
    assert not is_let_in(page)
    assert any("You are signed in, but Otklik doesn't know you yet." in one for one in said(page))
    assert any("does not vouch for this e-mail" in one for one in said(page))


@pytest.mark.usefixtures("anna")
def test_a_stranger_is_told_whom_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTKLIK_CONTACT", "Vera, *room 5*")
    page = opened(signed_in_claims("b@example.org"))
    assert not is_let_in(page)
    assert any(r"Ask Vera, \*room 5\*." in one for one in said(page))
    assert [button.key for button in page.button] == ["log-out"]


def test_a_change_counts_at_the_next_interaction(anna: int, connection: Connection) -> None:
    page = opened(signed_in_claims(EMAIL))
    assert newest_numbers(page) == ["OURS"]
    people.save_person_as_owner(connection, anna, {"territories": ["XB"]})
    assert newest_numbers(page) == ["THEIRS"]
    people.save_person_as_owner(connection, anna, {"role": "screen"})
    assert page.switch_page("pages/queue.py").run().error[0].value == "This page is not open to you."
    people.save_person_as_owner(connection, anna, {"is_active": False})
    assert not is_let_in(page.switch_page("pages/overview.py").run())
    assert "You are signed in, but may no longer use Otklik." in said(page)


@pytest.mark.usefixtures("anna")
def test_logging_out_ends_the_sign_in_wherever_it_is_open() -> None:
    user = signed_in_claims(EMAIL, nonce="of this test")
    page, other = opened(user), opened(user)
    page.button(key="log-out").click().run()
    assert not is_let_in(page)
    assert not is_let_in(other.run())
    assert is_let_in(opened(signed_in_claims(EMAIL, nonce="of another sign-in")))


@pytest.mark.usefixtures("anna")
def test_the_demo_says_so_on_its_screens() -> None:
    page = AppTest.from_file(str(PROJECT_ROOT / "app.py"), default_timeout=SCRIPT_SECONDS).run()
    assert any("Demonstration: no sign-in" in one for one in said(page))


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("told", [None, "postgresql://otklik@db.example.org/otklik"])
def test_there_is_no_demo_of_a_database_that_the_launcher_did_not_name(
    monkeypatch: pytest.MonkeyPatch, told: str | None
) -> None:
    monkeypatch.delenv("OTKLIK_DEMO")
    if told:
        monkeypatch.setenv("OTKLIK_DEMO", told)
    page = AppTest.from_file(str(PROJECT_ROOT / "app.py"), default_timeout=SCRIPT_SECONDS).run()
    assert not is_let_in(page)
    assert any("Nobody can sign in here yet" in one for one in said(page))


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("listens", ["0.0.0.0", "", "192.0.2.1"])  # noqa: S104 -- what is refused
def test_there_is_no_demo_for_other_machines(listens: str) -> None:
    from streamlit import config  # noqa: PLC0415 -- with its options as they are at the time

    before = config.get_option("server.address")
    config.set_option("server.address", listens or None)
    try:
        page = AppTest.from_file(str(PROJECT_ROOT / "app.py"), default_timeout=SCRIPT_SECONDS).run()
    finally:
        config.set_option("server.address", before)
    assert not is_let_in(page)


def test_a_first_sign_in_is_recorded_with_who_it_is(anna: int, connection: Connection) -> None:
    assert is_let_in(opened(signed_in_claims(EMAIL)))
    found = connection.execute(
        text("SELECT action, object, after->>'issuer' FROM audit WHERE action = 'first sign-in'")
    )
    assert [tuple(row) for row in found] == [("first sign-in", f"person {anna}", ISSUER)]

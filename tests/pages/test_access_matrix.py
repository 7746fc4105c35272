"""Every page for every role: opened or refused as `otklik/permissions.py` says, by the menu and by a deep link."""

import pytest
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from otklik.database.access import people
from otklik.pages import PAGES
from otklik.permissions import RIGHTS_BY_ROLE, ROLES
from tests.support import factories
from tests.support.screens.signed_in_app import SIGNED_OUT, app_for_user, signed_in_claims

pytestmark = pytest.mark.slow

REFUSED = "This page is not open to you."


@pytest.fixture
def known(connection: Connection) -> None:
    """One person a role, of the region XA, in which there is an appeal."""
    factories.appeal(connection, region="XA")
    for role in ROLES:
        facts: dict[str, object] = {"email": f"{role}@example.org", "name": role, "role": role, "territories": ["XA"]}
        people.save_person_as_owner(connection, None, facts)


def opened(page: str, role: str | None, *, deep: bool) -> AppTest:
    """A page as somebody of this role gets it; None is signed out."""
    user = signed_in_claims(f"{role}@example.org") if role else SIGNED_OUT
    found = app_for_user(user, name=f"pages/{page}.py" if deep else "app.py", territory="XA")
    if not deep:
        found.switch_page(f"pages/{page}.py")
    found.run()
    assert not found.exception
    return found


def shows_nothing(page: AppTest) -> bool:
    """Whether there are neither figures nor tables nor anything to fill in."""
    return not (page.metric or page.dataframe or page.selectbox or page.text_input or page.text_area or page.expander)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_whom_it_is_meant_and_is_refused_to_others(page: str) -> None:
    for role in ROLES:
        shown = opened(page, role, deep=False)
        if page in RIGHTS_BY_ROLE[role]:
            assert REFUSED not in [error.value for error in shown.error], role
            assert shown.title[0].value == PAGES[page].title, role
        else:
            assert [error.value for error in shown.error] == [REFUSED], role
            assert shows_nothing(shown), role


@pytest.mark.usefixtures("known")
def test_a_deep_link_is_guarded_as_well() -> None:
    for page in PAGES:
        # The page's own script: as a server answers that has not run `app.py` yet.
        shown = opened(page, "staff", deep=True)
        is_refused = [error.value for error in shown.error] == [REFUSED]
        assert is_refused == (page not in RIGHTS_BY_ROLE["staff"]), page


@pytest.mark.usefixtures("known")
def test_signed_out_there_is_no_page() -> None:
    for page in PAGES:
        for deep in (False, True):
            shown = opened(page, None, deep=deep)
            assert [button.label for button in shown.button] == ["Sign in with City"], (page, deep)
            assert shows_nothing(shown), (page, deep)


def test_every_page_is_in_the_table_of_rights() -> None:
    assert {page for page in PAGES if not any(page in rights for rights in RIGHTS_BY_ROLE.values())} == set()

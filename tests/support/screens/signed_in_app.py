"""Pages as AppTest runs them for who signs in by a provider."""

import time
from collections.abc import Mapping

from streamlit.testing.v1 import AppTest

from tests.support.paths import PROJECT_ROOT
from tests.support.waiting import SCRIPT_SECONDS

ISSUER = "https://id.example.org"
AUTH_SECRETS = {"redirect_uri": "https://otklik.example.org/oauth2callback", "cookie_secret": "c" * 32}
CITY_PROVIDER = {"client_id": "otklik", "client_secret": "s", "server_metadata_url": f"{ISSUER}/.well-known/x"}
SIGNED_OUT: dict[str, object] = {"is_logged_in": False}


def signed_in_claims(email: str, **changed: object) -> dict[str, object]:
    """What a provider says of somebody who signed in a moment ago; their subject is their e-mail."""
    now = int(time.time())
    standard_claims = {
        "iss": ISSUER,
        "sub": email,
        "email": email,
        "email_verified": True,
        "iat": now,
        "exp": now + 300,
    }
    return {"is_logged_in": True, "provider": "city", **standard_claims, **changed}


def app_for_user(
    user: dict[str, object], auth: Mapping[str, object] | None = None, name: str = "app.py", **query_params: str
) -> AppTest:
    """A script for who signs in so, not run yet; without `auth` there is one provider, called City."""
    page = AppTest.from_file(str(PROJECT_ROOT / name), default_timeout=SCRIPT_SECONDS)
    page.secrets["auth"] = dict(auth or {**AUTH_SECRETS, "city": CITY_PROVIDER})
    page.user = user
    for key, value in query_params.items():
        page.query_params[key] = value
    return page

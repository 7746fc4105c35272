"""The claims of a sign-in out of the cookies of a request that is no page of Streamlit.

`st.user` has them only in a run of a page. As soon as Streamlit offers the user to routes of `st.App`, it replaces this
module.
"""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks


def signed_in_claims(cookies: Mapping[str, str], host: str) -> dict[str, object]:
    """The claims that the provider made, if the cookie is signed by us and was set at this host; empty otherwise."""
    decoded = _get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    try:
        claims = json.loads(decoded) if decoded else {}
        is_own = urlsplit(str(claims.pop("origin", ""))).netloc == host
    except (ValueError, AttributeError):
        return {}
    return claims if is_own and claims.get("is_logged_in") is True else {}

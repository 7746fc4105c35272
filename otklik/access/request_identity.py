"""Who sends a request that is no page of Streamlit: by the same cookies, and by the same rules as on pages."""

from dataclasses import dataclass
from ipaddress import ip_address

from starlette.requests import HTTPConnection

from components.auth.sign_in import DEVICE_COOKIE, SignInState, sign_in_enabled
from components.streamlit_compat.signed_cookies import signed_in_claims
from otklik.access.identity import Identity, is_demo, sign_in_of_claims
from otklik.database.access import devices, people
from otklik.errors import DatabaseUnavailable, QueryTimeout


@dataclass(frozen=True)
class Credentials:
    """What a request shows of its sender; equal for all requests of the same sign-in, device or demo person.

    `claims` are those of a sign-in by a provider, as pairs. `client_address` is for the audit.
    """

    claims: tuple[tuple[str, object], ...] = ()
    device_token: str = ""
    demo_person: str = ""
    client_address: str = ""


def credentials_of(request: HTTPConnection) -> Credentials:
    """The credentials of a request or a websocket."""
    claims = signed_in_claims(request.cookies, request.headers.get("host", "")) if sign_in_enabled() else {}
    demo_person = request.query_params.get("as", "")
    return Credentials(
        tuple(sorted((name, value) for name, value in claims.items() if isinstance(value, str | int | float))),
        request.cookies.get(DEVICE_COOKIE, ""),
        demo_person if demo_person in people.DEMO_PEOPLE else "staff",
        _client_address(request),
    )


def identity_of(credentials: Credentials) -> Identity:
    """Whose credentials these are, as the database knows them now; asks it at most once."""
    try:
        return _identity_of(credentials)
    except (DatabaseUnavailable, QueryTimeout):
        return Identity(SignInState.DATABASE_AWAY)


def refusal_without_database(credentials: Credentials) -> SignInState | None:
    """Why a sign-in doesn't count any more whoever it is, such as its age; None where only the database could say."""
    sign_in = sign_in_of_claims(dict(credentials.claims)) if credentials.claims else None
    return sign_in if isinstance(sign_in, SignInState) else None


def _identity_of(credentials: Credentials) -> Identity:
    address = credentials.client_address
    if credentials.claims:
        sign_in = sign_in_of_claims(dict(credentials.claims))
        if isinstance(sign_in, SignInState):
            return Identity(sign_in)
        return _identity(people.person_of_sign_in(*sign_in, address), SignInState.UNKNOWN_PERSON)
    if credentials.device_token:
        person = devices.screen_of_token(credentials.device_token, address)
        return _identity(person, SignInState.INVALID_DEVICE, by_device=True)
    if sign_in_enabled():
        return Identity(SignInState.SIGNED_OUT)
    if is_demo():
        person = people.person_of_sign_in(people.DEMO_ISSUER, credentials.demo_person, None, address)
        return _identity(person, SignInState.UNKNOWN_PERSON)
    return Identity(SignInState.NO_PROVIDER)


def _identity(person: people.Person | None, if_missing: SignInState, *, by_device: bool = False) -> Identity:
    if person is None:
        return Identity(if_missing)
    return Identity(SignInState.SIGNED_IN, person, by_device) if person.is_active else Identity(SignInState.DISABLED)


def _client_address(request: HTTPConnection) -> str:
    """Where the sender is; nothing for an address that is none."""
    try:
        return str(ip_address(request.client.host)) if request.client else ""
    except ValueError:
        return ""

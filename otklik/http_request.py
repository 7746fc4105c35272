"""What the pages and interfaces for strangers ask of a request: who sends it, and in which language to answer."""

from ipaddress import ip_address, ip_network

from starlette.requests import Request

from otklik.i18n import LANGUAGES

IPV6_PREFIX = 64
"""What one customer has at least, and changes in at will."""


def client_network(request: Request) -> str:
    """The address by which attempts are counted: of IPv6 the network of 64 bits; empty where it is unknown."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return ""
    return str(address) if address.version == 4 else str(ip_network((address, IPV6_PREFIX), strict=False))  # noqa: PLR2004


def language_of(request: Request) -> str:
    """The language that the address names, or the browser, or else English."""
    accepted = request.headers.get("accept-language", "").split(",")
    candidates = (request.query_params.get("lang", ""), *(part.strip()[:2].lower() for part in accepted))
    return next((code for code in candidates if code in LANGUAGES), "en")

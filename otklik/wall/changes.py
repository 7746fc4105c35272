"""Waiting, in the event loop, for changes of people and devices, and for announcements, that concern a screen."""

import asyncio
from contextlib import suppress

from otklik.access.identity import Identity
from otklik.access.request_identity import Credentials
from otklik.wall.admissions import Admissions, may_see_wall
from queries.cache.subscriptions import open_pages

RECHECK_SECONDS = 30.0
"""How often it is asked whether a screen may still see what it shows, besides after each change of people."""


class Changes:
    """What a connection is told of: changed people and devices, and `otklik.database.announcements`."""

    def __init__(self, *announcements: str) -> None:
        """Listen from now on."""
        loop, self._have_come = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            # While the server stops, the loop may be closed already.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._have_come.set)

        self._subscription = open_pages.subscribe(frozenset(), announcements=frozenset(announcements))
        self._subscription.on_wake = wake

    async def wait(self, seconds: float | None = None) -> None:
        """Wait for the next change, or until so many seconds have passed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._have_come.wait()
        self._have_come.clear()


async def wait_for_refusal(admissions: Admissions, credentials: Credentials, admitted: Identity) -> None:
    """Return once these credentials are no longer let in, or their person sees other territories.

    At once after people or devices have changed, and within half a minute after a sign-in has become too old.
    """
    changes = Changes()
    while True:
        await changes.wait(RECHECK_SECONDS)
        identity = await admissions.identity(credentials)
        if identity.person is None or admitted.person is None or not may_see_wall(identity):
            return
        if identity.person.scope != admitted.person.scope:
            return

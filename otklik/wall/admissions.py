"""Who may see the wall: asked when a screen connects, and again after rights, territories or devices changed."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from components.auth.sign_in import SignInState
from otklik.access.identity import Identity
from otklik.access.request_identity import Credentials, identity_of, refusal_without_database
from queries.cache.live import change_listener

RIGHT = "overview"
"""The page whose figures the wall shows."""
MAX_ENTRIES = 5000


@dataclass(frozen=True)
class Admission:
    """An identity, and the state of people and rights that it was asked at."""

    people_version: int
    identity: asyncio.Task[Identity]


class Admissions:
    """Identities by credentials, each asked once for all screens that show the same ones."""

    def __init__(self) -> None:
        """Start without any."""
        self._admissions: OrderedDict[Credentials, Admission] = OrderedDict()

    async def identity(self, credentials: Credentials) -> Identity:
        """Whose credentials these are; the database is asked only if people's rights may have changed since.

        While the database is away, it is who it was.
        """
        if refusal := refusal_without_database(credentials):
            return Identity(refusal)
        people_version = change_listener().people_version
        previous = self._admissions.get(credentials)
        if previous is not None and previous.people_version == people_version:
            return await asyncio.shield(previous.identity)
        admission = Admission(people_version, asyncio.create_task(asyncio.to_thread(identity_of, credentials)))
        self._admissions[credentials] = admission
        self._admissions.move_to_end(credentials)
        while len(self._admissions) > MAX_ENTRIES:
            self._admissions.popitem(last=False)
        identity = await asyncio.shield(admission.identity)
        if identity.state is SignInState.DATABASE_AWAY:
            # Asked again the next time.
            self._admissions.pop(credentials, None)
            if previous is not None:
                self._admissions[credentials] = previous
                return await previous.identity
        return identity


def may_see_wall(identity: Identity) -> bool:
    """Whether this is somebody who may see the overview's figures."""
    return identity.person is not None and identity.person.may(RIGHT)

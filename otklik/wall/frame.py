"""One state of a wall: its sections as they are drawn, and the bytes that all its screens get."""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from components.wall.page import build_id
from components.wall.sections import wall_sections
from otklik.database.access.people import Person
from otklik.database.access.scope import acting_as
from otklik.i18n import set_language
from otklik.wall.address import WallAddress, choose_filters
from queries import live_page
from queries.core.resolved_filters import resolve
from queries.wall.current_thresholds import current_thresholds
from queries.wall.picture import wall_picture

PROCESS_ID = secrets.token_hex(4)
"""Versions of another process say nothing here."""


@dataclass(frozen=True)
class Frame:
    """Sections of a wall, as of a moment. `version` is the same for the same sections. `region_ids`: None is all.

    `figures_to_act`: the ids of those whose state is "act".
    """

    version: str
    sections: Mapping[str, str]
    as_of: datetime
    title: str
    filters: str
    timezone: str
    region_ids: frozenset[int] | None
    figures_to_act: frozenset[str] = frozenset()

    def message(self) -> bytes:
        """The bytes for each screen that shows another version."""
        return _encode({"version": self.version, "sections": dict(self.sections), **_moment(self.as_of)})


def build_frame(address: WallAddress, person: Person) -> Frame:
    """Ask for all that a wall shows in a person's name, and draw it; for a thread, since it waits for the database.

    Raises DatabaseUnavailable, QueryTimeout, ScopeChanged.
    """
    set_language(address.language)
    with acting_as(person.scope):
        chosen = choose_filters(address)
        as_of, resolved = live_page.as_of(), resolve(chosen.filters)
        picture = wall_picture(chosen.filters, current_thresholds())
    sections = wall_sections(picture)
    digest = blake2b("\0".join(sections.values()).encode(), digest_size=8).hexdigest()
    region_ids = None if resolved.everywhere else frozenset(resolved.regions)
    return Frame(
        f"{PROCESS_ID}-{digest}",
        sections,
        as_of,
        chosen.title,
        chosen.description,
        picture.timezone,
        region_ids,
        picture.figures_to_act(),
    )


def beat_message(known_until: datetime) -> bytes:
    """The bytes that tell up to when all changes are known."""
    return _encode(_moment(known_until))


def milliseconds(at: datetime) -> int:
    """A moment in milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def _moment(at: datetime) -> dict[str, object]:
    return {"at": milliseconds(at), "now": round(time.time() * 1000), "build": build_id()}


def _encode(message: dict[str, object]) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()

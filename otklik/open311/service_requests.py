"""Services and requests as the standard has them, in the current language, of the rows of what is public."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from components.text.escape import clean_line
from components.text.masked_text import masked_words
from otklik.database.access.public_appeals import MAX_BODY_LENGTH, AppealKey
from otklik.i18n import _, current_language
from otklik.masking.mask_text import mask_text
from otklik.open311.parameters import w3_moment
from otklik.open311.public_id import PublicIds
from otklik.open311.status_notes import OUTCOME_NOTES, STATUS_NOTES

MAX_DESCRIPTION_LENGTH = 4000
"""Characters of a description, as the standard says."""
CUT_OFF_LENGTH = 200
"""Characters at the end of a text that was cut, which are left out: half of a telephone isn't recognised as one."""
masked_parts = lru_cache(maxsize=5000)(mask_text)


def service(row: Row[Any]) -> dict[str, Any]:
    """A service: a topic that is published."""
    group = _name(row.group_name, row.group_names) if row.group_name else ""
    name = _name(row.name, row.names)
    return {
        "service_code": row.code,
        "service_name": name,
        "description": f"{group}: {name}" if group else name,
        "metadata": False,
        "type": "realtime",
        "keywords": ", ".join(filter(None, (group, name))),
        "group": group,
    }


def service_request(row: Row[Any], ids: PublicIds) -> dict[str, Any]:
    """A request: an appeal, without whatever tells of its applicant."""
    place = [_name(row.region_name, row.region_names)]
    if row.municipality_name:
        place.insert(0, _name(row.municipality_name, row.municipality_names))
    return {
        "service_request_id": ids.public_id(AppealKey(row.region_id, row.id)),
        "status": "closed" if row.closed_at else "open",
        "status_notes": " ".join(_status_notes(row)),
        "service_name": _name(row.service_name, row.service_names),
        "service_code": row.service_code,
        "description": description(row.body) if row.body else None,
        "agency_responsible": _name(row.holder_name, row.holder_names),
        "service_notice": None,
        "requested_datetime": w3_moment(row.received_at),
        # Of a closed request the moment of the close, as the standard says.
        "updated_datetime": w3_moment(row.closed_at or row.updated_at),
        "expected_datetime": _optional_moment(row.deadline_at),
        "address": ", ".join(place),
        "address_id": None,
        "zipcode": None,
        "lat": row.lat,
        "long": row.lon,
        "media_url": None,
    }


def description(body: str) -> str:
    """The text of an appeal without personal data, at most as long as the standard allows."""
    text = masked_words(masked_parts(body))
    if len(body) >= MAX_BODY_LENGTH:
        text = text[:-CUT_OFF_LENGTH]
    return text if len(text) <= MAX_DESCRIPTION_LENGTH else f"{text[: MAX_DESCRIPTION_LENGTH - 1]}…"


def _status_notes(row: Row[Any]) -> list[str]:
    """What status and outcome mean; the name of one that a source has brought along."""
    notes = [_(STATUS_NOTES[row.status]) if row.status in STATUS_NOTES else _name(row.status_name, row.status_names)]
    if row.outcome and row.outcome != row.status:
        is_known = row.outcome in OUTCOME_NOTES
        notes.append(_(OUTCOME_NOTES[row.outcome]) if is_known else _name(row.outcome_name, row.outcome_names))
    return notes


def _name(name: str, names: Mapping[str, str]) -> str:
    return clean_line(names.get(current_language()) or name)


def _optional_moment(moment: datetime | None) -> str | None:
    return w3_moment(moment) if moment else None

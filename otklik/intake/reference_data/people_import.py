"""Importing the people who may sign in from a CSV file: all of it, or nothing."""

from collections import Counter
from pathlib import Path

from sqlalchemy import Connection

from otklik.database.access.people import save_person_as_owner, stored_people
from otklik.database.functions.save_outcomes import SaveOutcome
from otklik.errors import DatabaseRefusal
from otklik.intake.errors import BadFile, short_quote
from otklik.intake.readers.record_file import Record, read_records
from otklik.permissions import ROLES

COLUMNS = ("email", "name", "role", "territories")
EVERYWHERE = "everywhere"


def import_people(connection: Connection, path: Path, reason: str = "") -> Counter[SaveOutcome]:
    """Add the people of a file, or change those who are known to what it says of them; how many of each.

    A row has an e-mail, a name, a role, and the codes of territories with blanks between them, or “everywhere”. Each
    change is in the audit with the reason. The caller commits. Raises BadFile for the first row that can't be used;
    then nothing may be committed.
    """
    places: dict[str, str] = {}
    stored = stored_people(connection)
    counts: Counter[SaveOutcome] = Counter()
    for record in read_records(path, COLUMNS):
        email = record.cells.get("email", "").lower()
        if email in places:
            raise BadFile(f"{record.place}: {short_quote(email)} is in {places[email]} as well.")
        places[email] = record.place
        fields = _fields(record)
        known = stored.get(email)
        if known and not known.is_active:
            raise BadFile(f"{record.place}: {email} is disabled: `otklik user enable {email}` lets them in again.")
        if known and (known.name, known.role, known.everywhere, known.territories) == (
            fields["name"],
            fields["role"],
            fields["everywhere"],
            fields["territories"],
        ):
            counts["unchanged"] += 1
            continue
        try:
            save_person_as_owner(connection, known.id if known else None, fields, reason)
        except DatabaseRefusal as error:
            raise BadFile(f"{record.place}: {error}") from error
        counts["changed" if known else "added"] += 1
    if not places:
        raise BadFile(f"{path.name} has no people: expected a row for each.")
    return counts


def _fields(record: Record) -> dict[str, object]:
    cells, place = record.cells, record.place
    for column in COLUMNS:
        if not cells.get(column):
            raise BadFile(f"{place}: there is no `{column}`.")
    if cells["role"] not in ROLES:
        raise BadFile(f"{place}: the role is {short_quote(cells['role'])}: expected {', '.join(ROLES)}.")
    words = cells["territories"].split()
    is_everywhere = words == [EVERYWHERE]
    return {
        "email": cells["email"].lower(),
        "name": cells["name"],
        "role": cells["role"],
        "everywhere": is_everywhere,
        "territories": () if is_everywhere else tuple(sorted(words)),
    }

"""Applicants' personal data: one applicant at a time, for a reason, and every look recorded in the audit."""

from dataclasses import dataclass

from sqlalchemy import text

from otklik.database.refusal import translate_refusals
from otklik.database.transactions import write_transaction


@dataclass(frozen=True)
class Applicant:
    """The sender of an appeal. Show it to the viewer who asked, and keep it nowhere: not in a cache, log or address."""

    full_name: str | None
    phone: str | None
    email: str | None
    address: str | None


@dataclass(frozen=True)
class PersonalData:
    """What of an appeal tells who sent it: the applicant, if one is known, and the text as it was sent, if it was."""

    applicant: Applicant | None
    text: str | None


def personal_data_of(region_id: int, appeal_id: int, reason: str) -> PersonalData:
    """The personal data of an appeal in the viewer's scope; the look is recorded in the audit.

    Raises DatabaseRefusal without the right or a reason, or for an appeal outside the scope.
    """
    statement = text("SELECT full_name, phone, email, address FROM applicant_of(:region, :appeal, :reason)")
    with translate_refusals(), write_transaction() as connection:
        row = connection.execute(statement, {"region": region_id, "appeal": appeal_id, "reason": reason}).one_or_none()
        body = connection.scalar(
            text("SELECT body FROM appeal WHERE region_id = :region AND id = :appeal"),
            {"region": region_id, "appeal": appeal_id},
        )
    return PersonalData(Applicant(*row) if row else None, body)

"""Casting and withdrawing a vote in a poll: who votes is a keyed hash; and what a vote is counted by.

Only the owner of the tables can; screens read counts. The demo writes its many ballots by COPY.
"""

import hmac
import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from otklik.database.refusal import translate_refusals

UNKNOWN = 0
"""The age band, sex, or municipality of a voter of whom it isn't known; and the option of an answer in words."""
ELSEWHERE = -1
"""The territory of voters who live outside the poll's one, where they are counted by the territories below it."""
AGE_BANDS = (14, 18, 25, 35, 45, 55, 65)
"""The first year of age in each band; the last one has no end."""
MALE, FEMALE = 1, 2
"""As in ISO/IEC 5218."""
QUESTION_KINDS = ("single", "multiple", "scale", "open")


class Voter(NamedTuple):
    """What a vote is counted by, as at the vote: a channel's code, a municipality's id or None, band of age and sex."""

    channel: str = "portal"
    municipality_id: int | None = None
    age_band: int = UNKNOWN
    sex: int = UNKNOWN


class Answer(NamedTuple):
    """An option that was chosen, or the text that answers an open question."""

    question_id: int
    option_id: int | None = None
    text: str | None = None


def voter_hash(key: bytes, poll_number: str, person: str) -> bytes:
    """The hash by which a poll knows a person again: without the key nobody finds out whose, nor compares two polls."""
    return hmac.digest(key, f"{poll_number}\n{person}".encode(), "sha256")


def age_band(age: int) -> int:
    """The band of an age in years; unknown for those too young for any."""
    return max((first for first in AGE_BANDS if first <= age), default=UNKNOWN)


def cast_vote(connection: Connection, poll_id: int, voter_id: bytes, voter: Voter, answers: Sequence[Answer]) -> int:
    """Cast a vote, or replace the answers of the one that this person has cast; returns the ballot's id.

    `voter_id`: see `voter_hash`. Raises DatabaseRefusal where the poll isn't open.
    """
    given = [{"question": answer.question_id, "option": answer.option_id, "text": answer.text} for answer in answers]
    with translate_refusals():
        return int(
            connection.execute(
                text(
                    "SELECT cast_vote(:poll, :id, :channel, :municipality_id, :age_band, :sex, CAST(:answers AS jsonb))"
                ),
                {"poll": poll_id, "id": voter_id, **voter._asdict(), "answers": json.dumps(given)},
            ).scalar_one()
        )


def withdraw_vote(connection: Connection, poll_id: int, voter_id: bytes) -> bool:
    """Withdraw a vote; False where this person has none. Raises DatabaseRefusal where the poll isn't open."""
    with translate_refusals():
        return bool(
            connection.scalar(text("SELECT withdraw_vote(:poll, :voter)"), {"poll": poll_id, "voter": voter_id})
        )

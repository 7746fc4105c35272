"""Which organisations may take the selected appeals, which closed such appeals there lately, and their workload."""

from collections.abc import Sequence

from sqlalchemy import text

from otklik.actions.candidates_sql import ANSWERS_SQL, APPEALS_SQL, CANDIDATES_SQL
from otklik.actions.capacity import EXPERIENCE_DAYS, PACE_DAYS
from otklik.actions.holder_ranking import HolderOptions, SelectedAppeal, Subject
from otklik.actions.model import AppealVersion, HolderCandidate
from otklik.actions.operations import ACTION_TIMEOUT_SECONDS
from otklik.database.transactions import read_transaction


def holder_options(appeals: Sequence[AppealVersion], language: str = "en") -> HolderOptions:
    """Who may take these appeals; names are in the language. Appeals that the viewer doesn't see are left out."""
    parameters = {
        "regions": [appeal.region_id for appeal in appeals],
        "ids": [appeal.id for appeal in appeals],
        "language": language,
        "lately": PACE_DAYS,
        "days": EXPERIENCE_DAYS,
    }
    with read_transaction(ACTION_TIMEOUT_SECONDS) as connection:
        appeal_rows = connection.execute(text(APPEALS_SQL), parameters).all()
        candidate_rows = connection.execute(text(CANDIDATES_SQL), parameters).all()
        answer_rows = connection.execute(text(ANSWERS_SQL), parameters).all()
    codes = {row.id: row.code for row in candidate_rows}
    codes_by_place: dict[int, set[str]] = {}
    for row in candidate_rows:
        for place_id in row.places:
            codes_by_place.setdefault(place_id, set()).add(row.code)
    answers: dict[Subject, dict[str, tuple[int, float]]] = {}
    for row in answer_rows:
        if row.holder_id in codes:
            subject = (row.nearness, row.topic_id, row.territory_id)
            answers.setdefault(subject, {})[codes[row.holder_id]] = (row.closed, row.days)
    return HolderOptions(
        {(row.region_id, row.id): SelectedAppeal(*row) for row in appeal_rows},
        {
            row.code: HolderCandidate(row.code, row.name, row.territory, row.open, row.overdue, row.closed_per_day)
            for row in candidate_rows
        },
        {place_id: frozenset(place_codes) for place_id, place_codes in codes_by_place.items()},
        answers,
    )

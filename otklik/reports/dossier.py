"""The content of a problem's dossier, from the queries that its page uses."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from otklik.i18n import N_, _
from otklik.progress import ProgressCallback
from queries.cache import live
from queries.core.resolved_filters import resolve
from queries.problems.details import Problem, history, problem_by_id, remedies
from queries.problems.linked_appeals import LinkedAppeals, linked_appeals
from queries.problems.linked_standing import LinkedStanding, linked_standing
from queries.problems.problem_filters import problem_filters
from queries.problems.remedy_effects import RemedyEffect, remedy_effect

STAGES = (N_("Figures"), N_("Effects of remedies"), N_("Pages"))


@dataclass(frozen=True)
class Dossier:
    """A problem with its remedies and history (rows of queries.problems.details), in one language.

    `effects`: by the ids of the remedies that are done. `made_at` is in the time zone of the problem's territory.
    """

    problem: Problem
    remedies: pd.DataFrame
    history: pd.DataFrame
    linked: LinkedAppeals
    standing: LinkedStanding
    effects: dict[int, RemedyEffect]
    made_at: datetime
    is_demo: bool
    language: str

    def open_remedies(self) -> list[dict[Any, Any]]:
        """The rows of the remedies that aren't done, the one that is due first first."""
        return [row for row in self.remedies.to_dict("records") if not row["done_at"]]


def current_dossier(problem_id: int, language: str, on_progress: ProgressCallback) -> Dossier:
    """The dossier of a problem now, in the current viewer's scope. Raises LookupError if the viewer doesn't see it."""
    problem = problem_by_id(problem_id, language)
    if problem is None:
        raise LookupError("no such problem")
    announce_stage(on_progress, 0)
    filters = problem_filters(problem.territory_code, problem.topic_code, problem.since, language)
    rows = remedies(problem_id, language)
    zones = resolve(filters).timezones
    made_at = datetime.now(UTC).astimezone(ZoneInfo(zones[0]) if zones else UTC).replace(microsecond=0)
    linked, standing = linked_appeals(filters), linked_standing(filters)
    announce_stage(on_progress, 1)
    done_ids = [int(row["id"]) for row in rows.to_dict("records") if row["done_at"]]
    effects = {remedy_id: remedy_effect(filters, problem, rows, remedy_id) for remedy_id in done_ids}
    return Dossier(problem, rows, history(problem_id), linked, standing, effects, made_at, live.is_demo(), language)


def announce_stage(on_progress: ProgressCallback, n: int) -> None:
    """Report that stage `n` of `STAGES` begins."""
    on_progress(_(STAGES[n]), n, len(STAGES))

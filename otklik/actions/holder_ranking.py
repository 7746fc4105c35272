"""The order of the organisations that may take selected appeals, and the one proposed for each appeal."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from otklik.actions.capacity import room, typical_days
from otklik.actions.model import Experience, HolderCandidate, Nearness, RankedHolder

NEARLY_ALL_SHARE = 0.8
"""Organisations that may take at least this share of what the most capable one may take are ranked as equals."""
NEARNESS_ORDER: tuple[Nearness, ...] = ("topic_here", "topic_in_region", "related_here", "related_in_region")
"""How near the appeals that an organisation closed are to those to be given to it, the nearest first."""

Subject = tuple[Nearness, int, int]
"""What experience is counted by: how near it is, the id of a topic or of topics' parent, and that of a territory."""
AppealId = tuple[int, int]
"""Region id and id of an appeal."""


@dataclass(frozen=True)
class SelectedAppeal:
    """A selected appeal that the viewer sees; the place is its municipality, or its region if it has none."""

    region_id: int
    id: int
    number: str
    place_id: int
    topic_id: int
    parent_topic_id: int
    topic: str
    holder_code: str
    days_to_deadline: float | None

    def subject(self, nearness: Nearness) -> Subject:
        """What experience this near is counted by: the nearness, a topic's id and a territory's id."""
        topic_id = self.topic_id if nearness.startswith("topic") else self.parent_topic_id
        return nearness, topic_id, self.place_id if nearness.endswith("here") else self.region_id


@dataclass(frozen=True)
class HolderOptions:
    """Who may take each of the selected appeals, and who closed such appeals lately."""

    appeals: dict[AppealId, SelectedAppeal]
    candidates: dict[str, HolderCandidate]
    codes_by_place: dict[int, frozenset[str]]
    answers: dict[Subject, dict[str, tuple[int, float]]]
    """By subject and code of the organisation: the number of closed appeals, and the sum of the days they took."""

    def ranked(self, appeal_ids: Iterable[AppealId] | None = None) -> list[RankedHolder]:
        """One row an organisation that may take at least one of the appeals (default: all), the best suited first.

        Those that may take nearly all of the appeals come first; among these, those that closed appeals on the same
        topics in the same place, then in the region, then on related topics; of these, those with room until the
        appeals' deadlines before those without, and then those that closed most. Last, those that would clear their
        workload soonest.
        """
        appeals = [self.appeals[key] for key in (self.appeals if appeal_ids is None else appeal_ids)]
        takes_by_code: dict[str, int] = {}
        for appeal in appeals:
            for code in self.codes_by_place.get(appeal.place_id, frozenset()) - {appeal.holder_code}:
                takes_by_code[code] = takes_by_code.get(code, 0) + 1
        subjects = [{appeal.subject(nearness) for appeal in appeals} for nearness in NEARNESS_ORDER]
        max_takes = max(takes_by_code.values(), default=0)
        days = typical_days([appeal.days_to_deadline for appeal in appeals if appeal.days_to_deadline is not None])

        def sort_key(holder: RankedHolder) -> tuple[object, ...]:
            takes_few = holder.takes_count < NEARLY_ALL_SHARE * max_takes
            experience = holder.experience
            days_to_clear = holder.candidate.days_to_clear
            return (
                takes_few,
                -holder.takes_count if takes_few else 0,
                NEARNESS_ORDER.index(experience.nearness) if experience else len(NEARNESS_ORDER),
                not holder.has_room,
                -experience.closed if experience else 0,
                days_to_clear is None,
                days_to_clear or 0,
                holder.candidate.name,
            )

        ranked_holders = [
            RankedHolder(
                self.candidates[code],
                takes_count,
                self._experience(code, subjects),
                room(self.candidates[code].closed_per_day, self.candidates[code].open, days),
                days,
            )
            for code, takes_count in takes_by_code.items()
        ]
        return sorted(ranked_holders, key=sort_key)

    @cached_property
    def proposals(self) -> dict[AppealId, str | None]:
        """By appeal, the code of the best suited organisation that closed such appeals lately; None without one."""
        # Appeals of a kind are proposed to one organisation: its room is counted to the typical deadline of them all.
        kinds: dict[tuple[int, int, str], list[AppealId]] = {}
        for key, appeal in self.appeals.items():
            kinds.setdefault((appeal.place_id, appeal.topic_id, appeal.holder_code), []).append(key)
        proposal_by_kind: dict[tuple[int, int, str], str | None] = {}
        proposals = {}
        for key, appeal in self.appeals.items():
            kind = (appeal.place_id, appeal.topic_id, appeal.holder_code)
            if kind not in proposal_by_kind:
                best = next(iter(self.ranked(kinds[kind])), None)
                proposal_by_kind[kind] = best.candidate.code if best and best.experience else None
            proposals[key] = proposal_by_kind[kind]
        return proposals

    def _experience(self, code: str, subjects: list[set[Subject]]) -> Experience | None:
        """The nearest experience of an organisation with any of the subjects, which are listed by nearness."""
        for nearness, near_subjects in zip(NEARNESS_ORDER, subjects, strict=True):
            holders_by_subject = [self.answers.get(subject, {}) for subject in near_subjects]
            answers = [holders[code] for holders in holders_by_subject if code in holders]
            if closed := sum(count for count, _days in answers):
                return Experience(nearness, closed, sum(days for _count, days in answers) / closed)
        return None

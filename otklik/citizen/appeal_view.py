"""An appeal as its applicant sees it: texts in the current language, made of what `citizen_appeal` returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from components.appeal.deadline_steps import step_sentences
from components.text.escape import clean_line, clean_text
from otklik.citizen.status_texts import EVENT_LABELS, OUTCOME_SENTENCES, RATINGS, STATUS_SENTENCES, VERDICTS
from otklik.deadlines.appeal_deadline import DEADLINE_EVENT_KINDS, computed_deadline, explain_deadline
from otklik.deadlines.rules import DeadlineRules, rules_from_rows
from otklik.i18n import _, current_language, durations, formats

SECONDS_PER_HOUR = 3600
MOMENTS = ("received_at", "registered_at", "deadline_at", "closed_at")


@dataclass(frozen=True)
class TimelineEntry:
    """What happened, when, with its details, and the applicant's own words."""

    at: str
    label: str
    details: Sequence[str]
    words: str


@dataclass(frozen=True)
class AppealView:
    """The texts of the page; empty where there is nothing to say. `facts` are pairs of a label and a text."""

    number: str
    status: str
    status_sentence: str
    facts: Sequence[tuple[str, str]]
    body: str
    deadline: str
    deadline_note: str
    is_overdue: bool
    deadline_steps: Sequence[str]
    outcome: str
    outcome_sentence: str
    answered: str
    feedback: str
    timeline: Sequence[TimelineEntry]
    awaits_verdict: bool
    awaits_rating: bool
    reopening_until: str
    as_of: str


def appeal_view(appeal: Mapping[str, Any], now: datetime) -> AppealView:
    """The view of an appeal at a moment. `appeal`: otklik.database.access.visits.visited_appeal."""
    row, events, rules = deadline_facts(appeal)
    zone = ZoneInfo(row["timezone"])
    explained = explain_deadline(row, events, rules)
    closed_at, deadline_at = row["closed_at"], row["deadline_at"]
    is_open = closed_at is None
    hours_left = (deadline_at - now).total_seconds() / SECONDS_PER_HOUR if is_open and deadline_at else 0.0
    deadline_note = ""
    if is_open and deadline_at:
        deadline_note = durations.time_left(hours_left) if hours_left >= 0 else durations.time_overdue(-hours_left)
    until = _parsed(appeal["reopening_until"])
    status, outcome = appeal["status"], appeal["outcome"]
    return AppealView(
        number=clean_line(appeal["number"]),
        status=_name(status),
        status_sentence=_sentence(STATUS_SENTENCES, status),
        facts=[
            (_("About"), _name(appeal["topic"])),
            (_("Place"), _name(appeal["place"])),
            (_("Who answers you"), _name(appeal["holder"])),
            (_("Received"), _day(row["received_at"], zone)),
        ],
        body=clean_text(appeal["body"] or ""),
        deadline=_moment(deadline_at, zone) if deadline_at else "",
        deadline_note=deadline_note,
        is_overdue=hours_left < 0,
        deadline_steps=step_sentences(explained.steps) if explained else (),
        outcome=_name(outcome) if outcome else "",
        outcome_sentence=_sentence(OUTCOME_SENTENCES, outcome) if outcome else "",
        answered=_moment(closed_at, zone) if closed_at else "",
        feedback=" · ".join(_feedback(appeal)),
        timeline=[_entry(event, zone) for event in reversed(appeal["events"]) if event["kind"] in EVENT_LABELS],
        awaits_verdict=bool(appeal["awaits_verdict"]),
        awaits_rating=bool(appeal["awaits_rating"]),
        reopening_until=_day(until, zone) if until and until >= now else "",
        as_of=_moment(now, zone),
    )


def reopening_deadline(appeal: Mapping[str, Any], now: datetime) -> tuple[datetime, bool]:
    """The deadline of an appeal that is re-opened now, and whether a rule says so.

    Without a rule it has as long again as it had at first, at least a day.
    """
    row, events, rules = deadline_facts(appeal)
    reopening = {"kind": "reopened", "at": now, "before": None, "after": None}
    computed = computed_deadline(row, [*events, reopening], rules)
    if computed is not None and computed.at is not None:
        return computed.at, True
    first_time = row["deadline_at"] - row["received_at"] if row["deadline_at"] else timedelta(days=30)
    return now + min(max(first_time, timedelta(days=1)), timedelta(days=364)), False


def deadline_facts(appeal: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]], DeadlineRules]:
    """What the deadline of an appeal is explained by: its row, the entries that count, oldest first, and the rules."""
    row = appeal["deadline_row"] | {name: _parsed(appeal["deadline_row"][name]) for name in MOMENTS}
    events = [event | {"at": _parsed(event["at"])} for event in appeal["events"]]
    clock_events = [event for event in events if event["kind"] in DEADLINE_EVENT_KINDS]
    return row, clock_events, rules_from_rows(appeal["rules"], appeal["last_days"])


def _feedback(appeal: Mapping[str, Any]) -> list[str]:
    """What the applicant has said about the answer."""
    texts = []
    if appeal["rating"] and not appeal["awaits_rating"] and appeal["closed_at"]:
        texts.append(_("Your rating: {rating}").format(rating=_rating(appeal["rating"])))
    if appeal["verdict"]:
        texts.append(_("Resolved, as you say: {verdict}").format(verdict=_(VERDICTS[appeal["verdict"]])))
    return texts


def _entry(event: Mapping[str, Any], zone: ZoneInfo) -> TimelineEntry:
    after = event["after"] or {}
    details = []
    if event["kind"] == "redirected" and event["holder"]:
        details.append(_name(event["holder"]))
    if event["outcome"]:
        details.append(_name(event["outcome"]))
    if after.get("rating") in RATINGS:
        details.append(_rating(after["rating"]))
    if after.get("verdict") in VERDICTS:
        details.append(_("Resolved, as you say: {verdict}").format(verdict=_(VERDICTS[after["verdict"]])))
    if event["kind"] != "received" and after.get("deadline"):
        deadline = _parsed(after["deadline"])
        details.append(_("Deadline: {moment}").format(moment=_moment(deadline, zone) if deadline else ""))
    return TimelineEntry(
        _moment(datetime.fromisoformat(event["at"]), zone),
        _(EVENT_LABELS[event["kind"]]),
        details,
        clean_text(event["text"] or ""),
    )


def _rating(rating: int) -> str:
    return f"{formats.number(rating)} – {_(RATINGS[rating])}"


def _sentence(sentences: Mapping[str, str], member: Mapping[str, Any]) -> str:
    """What a member means; nothing for one that a source has brought along."""
    return _(sentences[member["code"]]) if member["code"] in sentences else ""


def _name(member: Mapping[str, Any]) -> str:
    return clean_line(member["names"].get(current_language()) or member["name"])


def _parsed(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return formats.day(moment.astimezone(zone))


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{formats.day(local)}, {formats.clock(local)[:5]}"

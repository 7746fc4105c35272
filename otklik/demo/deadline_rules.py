"""The demo's rules of deadlines by topic, written into the table that the engine reads."""

import json
from typing import Any

from sqlalchemy import Connection, text

from otklik.demo.catalogue_data import catalogue_data

REGIME_LABELS = {
    "ordinary": {"en": "Ordinary message", "ru": "Обычное сообщение", "hr": "Obična poruka"},
    "fast": {"en": "Fast track", "ru": "Фаст-трек", "hr": "Ubrzani postupak"},
}
MAX_WORKING_DAYS = 5
"""Days: up to so many are working days on the fast track."""
LONG_TOPIC_DAYS = 15
"""Days: shorter topics have 20 off the fast track."""

INSERT_RULES = """
    INSERT INTO deadline_rule (code, name, names, country, regime, topic, spans, extension_notice)
    SELECT v.code, v.names->>'en', v.names, 'RU', v.regime, v.topic, v.spans, false
    FROM jsonb_to_recordset(CAST(:rules AS jsonb)) AS v (code text, names jsonb, regime text, topic text, spans jsonb)
    ON CONFLICT DO NOTHING"""


def write_deadline_rules(connection: Connection) -> None:
    """Write a rule for each topic of the third level and regime with days of its own; those that exist stay."""
    connection.execute(text(INSERT_RULES), {"rules": json.dumps(_deadline_rules())})


def _deadline_rules() -> list[dict[str, Any]]:
    return [
        {
            "code": f"{regime}.{fact['code']}",
            "names": {language: f"{label}: {fact[f'name_{language}']}" for language, label in labels.items()},
            "regime": regime,
            "topic": fact["code"],
            "spans": {
                "answer": answer_span(regime, int(fact["days"])),
                "reopened": {"days": reopened_days(int(fact["days"]))},
            },
        }
        for fact in catalogue_data().facts
        for regime, labels in REGIME_LABELS.items()
    ]


def answer_span(regime: str, days: int) -> dict[str, Any]:
    """The time for an answer to a topic of so many days."""
    if regime == "fast":
        fast_days = min(days, 10)
        return {"days": fast_days, "working": fast_days <= MAX_WORKING_DAYS}
    return {"days": 20 if days < LONG_TOPIC_DAYS else days}


def reopened_days(days: int) -> int:
    """The days for a second answer."""
    return max(min(days, 15), 5)

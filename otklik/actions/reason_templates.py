"""Ready-made reasons for actions, read from `reason_templates.toml`."""

import tomllib
from functools import cache
from pathlib import Path

TEMPLATES_FILE = Path(__file__).with_name("reason_templates.toml")


def reason_templates(action_id: str, language: str = "en") -> list[str]:
    """The reasons that a form offers for an action, in the language; empty for an action without any."""
    return [texts.get(language, texts["en"]) for texts in _texts_by_action().get(action_id, [])]


@cache
def _texts_by_action() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads(TEMPLATES_FILE.read_text(encoding="utf-8"))

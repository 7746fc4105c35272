"""Secrets of data sources by name: `${NAME}` stands for a variable of the environment, a file for what is in it.

The database, the audit and logs hold the names alone.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from otklik.data_sources.model import DataSourceError

PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
MIN_MASKED_LENGTH = 4
"""Characters of a secret from which it is taken out of messages: a shorter one would be found in any word."""


def has_placeholders_only(text: str) -> bool:
    """Whether a secret is given by names alone: `${CITY_PASSWORD}`."""
    return bool(PLACEHOLDER.search(text)) and not PLACEHOLDER.sub("", text)


class SecretValues:
    """The values of the names that a data source uses, looked up when it runs."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        """Nothing is looked up yet."""
        self._environ = environ
        self._values: set[str] = set()

    def fill(self, text: str) -> str:
        """The text with the values of its names. Raises DataSourceError for a name without a value."""
        return PLACEHOLDER.sub(lambda match: self._value(match[1]), text)

    def of_file(self, path: Path) -> str:
        """The first line of a file. Raises DataSourceError for one that can't be read or is empty."""
        try:
            value = path.read_text(encoding="utf-8").partition("\n")[0].strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it isn't text"
            raise DataSourceError(f"The password file {path} can't be read ({reason}).") from error
        if not value:
            raise DataSourceError(f"The password file {path} is empty: expected the password in its first line.")
        self._values.add(value)
        return value

    def mask(self, message: str) -> str:
        """A message on one line, with each value that was looked up replaced by stars."""
        for value in sorted(self._values, key=len, reverse=True):
            if len(value) >= MIN_MASKED_LENGTH:
                message = message.replace(value, "***")
        return " ".join(message.split())

    def _value(self, name: str) -> str:
        value = self._environ.get(name, "")
        if not value:
            raise DataSourceError(
                f"The variable {name} isn't set where Otklik runs: expected the secret that the address names by it."
            )
        self._values.add(value)
        return value

"""`otklik settings`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pydantic_settings import BaseSettings

PAGE_HEADER = """\
# Settings

Settings are variables of the environment; an empty one counts as absent. One that can't be used ends a command with a
sentence that names it. This page is made by `make docs` from `otklik/settings.py`; `otklik settings` prints it.
"""
INTERNAL_HEADER = """
## Internal

`otklik run` hands these to the screens' process. They are not for you to set: what is set here wins over the settings.
"""


@click.command()
def settings() -> None:
    """Print every setting as Markdown, with its default and an example: `make docs` writes it to docs/settings.md."""
    click.echo("\n".join(settings_page()))


def settings_page() -> Iterator[str]:
    """The lines of docs/settings.md."""
    from otklik.settings import InternalSettings, Settings

    yield PAGE_HEADER
    yield from ("| variable | default | meaning | example |", "|---|---|---|---|")
    for variable, default, description, example in _fields(Settings):
        yield f"| `{variable}` | {default} | {description} | {example} |"
    yield INTERNAL_HEADER
    yield from ("| variable | meaning |", "|---|---|")
    for variable, _default, description, _example in _fields(InternalSettings):
        yield f"| `{variable}` | {description} |"


def _fields(settings_class: "type[BaseSettings]") -> Iterator[tuple[str, str, str, str]]:
    """Variable, default, description and example of each field, in their order."""
    for field in settings_class.model_fields.values():
        default = "" if field.default_factory or field.default in (None, "") else _code(field.default)
        example = _code(field.examples[0]) if field.examples else ""
        yield str(field.validation_alias), default, field.description or "", example


def _code(value: object) -> str:
    if isinstance(value, dict):
        return _code(", ".join(f"{name}={number:g}" for name, number in value.items()))
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"

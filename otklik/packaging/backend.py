"""The build backend: setuptools for an editable installation, and a refusal of everything else.

Otklik is an application that runs from its checkout, with `app.py`, `pages/` and `.streamlit/` beside the packages; a
wheel would lack these. See PEP 517 and PEP 660 for the hooks.
"""

from typing import NoReturn

from setuptools import build_meta

build_editable = build_meta.build_editable
get_requires_for_build_editable = build_meta.get_requires_for_build_editable
prepare_metadata_for_build_editable = build_meta.prepare_metadata_for_build_editable

REFUSAL = "Otklik is an application that runs from its checkout and can't be built as a package: use `make install`."


def build_wheel(*_arguments: object, **_options: object) -> NoReturn:
    """Refuse to build a wheel, in one sentence and with exit code 1."""
    raise SystemExit(REFUSAL)


build_sdist = build_wheel

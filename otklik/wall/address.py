"""What the address of a wall chooses: filters, language, theme and scene."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from components.text.escape import clean_line
from components.wall.page import SCENES, THEMES
from otklik.database.access import scope
from otklik.i18n import LANGUAGES, _
from queries import filter_options
from queries.core.reference import dimension_members
from queries.filters import FAR_FUTURE, Filters

DIMENSIONS = ("territory", "topic", "regime", "channel", "organisation")
MAX_LENGTH = 80
"""Letters shown of a value that is not known."""


@dataclass(frozen=True)
class WallAddress:
    """The choices of an address, not yet checked against what there is: codes by dimension, and the language."""

    codes: tuple[tuple[str, str], ...]
    language: str
    theme: str = THEMES[0]
    scene: str = SCENES[0]


def parse_address(query_params: Mapping[str, str], accept_language: str) -> WallAddress:
    """The choices of a query; the language of the browser (its header `Accept-Language`) where it names none."""
    candidates = (query_params.get("lang", ""), *(part.strip()[:2].lower() for part in accept_language.split(",")))
    theme, scene = query_params.get("theme", ""), query_params.get("scene", "")
    return WallAddress(
        tuple((name, query_params[name]) for name in DIMENSIONS if query_params.get(name)),
        next((code for code in candidates if code in LANGUAGES), "en"),
        theme if theme in THEMES else THEMES[0],
        scene if scene in SCENES else SCENES[0],
    )


@dataclass(frozen=True)
class ChosenFilters:
    """The filters of an address within the current scope, and in words the filters and the unknown values."""

    filters: Filters
    title: str
    description: str


def choose_filters(address: WallAddress) -> ChosenFilters:
    """Check the codes of an address against what the current scope sees; unknown values are ignored and named.

    The title is the chosen territory, or else those of the scope.
    """
    unfiltered = Filters(FAR_FUTURE, FAR_FUTURE, "none", language=address.language)
    options = {
        "territory": filter_options.territories,
        "topic": filter_options.topics,
        "regime": filter_options.regimes,
        "channel": filter_options.channels,
        "organisation": filter_options.organisations,
    }
    chosen, names, unknown = {}, {}, []
    for dimension, code in address.codes:
        rows = options[dimension](unfiltered)
        known_names = rows.loc[rows["code"] == code, "name"]
        if known_names.empty:
            unknown.append(f"{dimension}={clean_line(code)[:MAX_LENGTH]}")
        else:
            chosen[dimension], names[dimension] = code, str(known_names.iloc[0])
    title = names.pop("territory", "") or _scope_title(address.language)
    ignored = _("Not known here, and ignored: {values}").format(values=", ".join(unknown)) if unknown else ""
    unfiltered_period = Filters(FAR_FUTURE, FAR_FUTURE, "none", language=address.language)
    filters = replace(unfiltered_period, **chosen)  # type: ignore[arg-type]
    return ChosenFilters(filters, title, " · ".join(filter(None, (*names.values(), ignored))))


def _scope_title(language: str) -> str:
    viewer = scope.current_scope() or scope.NOBODY
    names = dimension_members("territory", language)["name"].reindex(list(viewer.top_territory_ids)).dropna()
    return ", ".join(map(str, names)) or _("All territories")

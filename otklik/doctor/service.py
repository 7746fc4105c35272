"""Whether `otklik run` serves, and its screens are current."""

from collections.abc import Iterator
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from otklik.doctor.finding import Finding, Health
from otklik.launcher.app_server import URL_FILE_NAME
from otklik.monitoring.health import HEALTH_PATH
from otklik.settings import Settings

TIMEOUT_SECONDS = 10.0


def service_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the screens that `otklik run` noted in the data folder answer, with current figures."""
    try:
        url = (settings.data_folder / URL_FILE_NAME).read_text(encoding="utf-8").split()[0]
    except (OSError, IndexError):
        yield Finding(
            "service",
            Health.WATCH,
            f"No `otklik run` serves from {settings.data_folder}.",
            "Start it, unless it serves on another machine: it folds cubes, reads data sources and gives notices.",
        )
        return
    try:
        with urlopen(f"{url}{HEALTH_PATH}", timeout=TIMEOUT_SECONDS):  # noqa: S310 - the address of this machine
            pass
    except HTTPError as error:
        error.close()
        yield Finding(
            "service",
            Health.ACT,
            f"{url} answers, and shows old figures since it can't reach the database.",
            "Look at the log of `otklik run`: it says what is wrong with the database.",
        )
    except (URLError, OSError):
        yield Finding(
            "service",
            Health.ACT,
            f"`otklik run` should serve on {url}, where nobody answers.",
            "Start it again, and look at its log.",
        )
    else:
        yield Finding("service", Health.OK, f"{url} answers with current figures.")

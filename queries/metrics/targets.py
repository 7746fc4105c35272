"""The targets of figures, as they are set."""

from collections.abc import Mapping
from functools import cache

from otklik.errors import InvalidSetting
from otklik.settings import Settings, read_settings


@cache
def metric_targets() -> Mapping[str, float]:
    """The target of each metric that has one, by id, as set when the process started. Raises InvalidSetting."""
    return checked_targets(read_settings())


def checked_targets(settings: Settings) -> Mapping[str, float]:
    """The targets of the settings by metric. Raises InvalidSetting for one that can't have any, or a share over 1."""
    from queries.metrics.catalogue import METRICS  # noqa: PLC0415 -- the catalogue's metrics ask for their targets

    possible_ids = [metric.id for metric in METRICS.values() if metric.better and metric.unit != "count"]
    for metric_id, target in settings.targets.items():
        if metric_id not in possible_ids:
            raise InvalidSetting(
                f"OTKLIK_TARGETS names {metric_id!r}, which can't have a target: one of {', '.join(possible_ids)} can."
            )
        if METRICS[metric_id].unit == "share" and target > 1:
            raise InvalidSetting(f"OTKLIK_TARGETS has {target:g} for {metric_id}, a share: write {target:g}%.")
    return settings.targets

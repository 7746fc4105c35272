"""Figures of appeals whose source lacks a field: unknown with the field named, never 0 % or 100 %."""

import numpy as np
import pytest

from otklik.intake.lacking_fields import FIGURES_BY_FIELD
from queries.metrics.catalogue import METRICS, PERIOD_METRICS
from queries.metrics.unknown import mask_unknown_rows, unknown_field


def test_the_importer_names_the_figures_that_the_catalogue_says() -> None:
    figures_by_field = {
        field: {metric.name for metric in METRICS.values() if field in metric.needs} for field in FIGURES_BY_FIELD
    }
    assert figures_by_field == {field: set(figures) for field, figures in FIGURES_BY_FIELD.items()}


@pytest.mark.parametrize("metric_id", [metric.id for metric in METRICS.values() if metric.needs])
def test_each_metric_is_unknown_without_what_it_needs(metric_id: str) -> None:
    metric = METRICS[metric_id]
    assert unknown_field(metric, set(), {}) is None
    for field in metric.needs:
        assert unknown_field(metric, {field}, {}) == field


def test_deadlines_that_people_set_are_known_though_the_source_has_none() -> None:
    metric, lacking = PERIOD_METRICS["overdue"], {"deadline_at"}
    assert unknown_field(metric, lacking, {"overdue": 2}) is None
    assert unknown_field(PERIOD_METRICS["within"], lacking, {"overdue": 2}) == "deadline_at"
    rows = mask_unknown_rows(metric, np.array([0, 2, 0]), [lacking, lacking, ()], {"overdue": np.array([0, 2, 0])})
    assert [None if np.isnan(value) else value for value in rows] == [None, 2, 0]

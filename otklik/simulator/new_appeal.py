"""New appeals, drawn like those of the demo but received now."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar, LiteralString

import numpy as np

from otklik.demo.catalogue_data import catalogue_data
from otklik.demo.generator.appeal_texts import draw_bodies, draw_points
from otklik.demo.generator.arrivals import Arrivals
from otklik.demo.generator.channels import CHANNELS, draw_channels
from otklik.demo.generator.context import GeneratorContext, build_context, draw_positions, local_day
from otklik.demo.generator.performance_profiles import draw_profiles
from otklik.demo.generator.routing import REGIMES, draw_holders, draw_regimes, has_deadlines, initial_deadlines
from otklik.demo.generator.seasons import SEASON_WEIGHTS, month_index


class AppealGenerator:
    """Draws new appeals."""

    INSERT: ClassVar[LiteralString] = """
        WITH fresh AS (SELECT nextval(pg_get_serial_sequence('appeal', 'id')) AS id)
        INSERT INTO appeal (region_id, id, source_id, number, channel_id, topic_id, municipality_id, lon, lat, body,
            regime_id, status_id, first_holder_id, holder_id, received_at, deadline_at, set_here)
        SELECT region.id, fresh.id, source.id,
            'S-' || %(year)s || '-' || lpad(fresh.id::text, greatest(7, length(fresh.id::text)), '0'),
            channel.id, topic.id, town.id, %(lon)s, %(lat)s, %(body)s,
            regime.id, status.id, holder.id, holder.id, now(), %(deadline)s,
            CASE WHEN %(deadline)s::timestamptz IS NULL THEN ARRAY['deadline'] ELSE ARRAY[]::text[] END
        FROM fresh, territory AS region, territory AS town, source, channel, topic, regime, status,
            organisation AS holder
        WHERE region.code = %(region)s AND town.code = %(town)s AND source.code = 'demo'
            AND channel.code = %(channel)s AND topic.code = %(topic)s AND regime.code = %(regime)s
            AND status.code = 'received' AND holder.code = %(holder)s
        RETURNING region_id, id, received_at, %(holder)s AS holder"""

    def __init__(self, rng: np.random.Generator) -> None:
        """`rng` draws the appeals; the performance profiles of regions are those of the demo's seed 1."""
        self.rng = rng
        now = datetime.now(UTC)
        self.profiles = draw_profiles(build_context(catalogue_data(), 1, now.date(), now))

    def insert_values(self, region_code: str) -> dict[str, Any]:
        """The values of `INSERT` for a new appeal in a region."""
        context, catalogue = self._current_context(), catalogue_data()
        region_index = catalogue.region_index(region_code)
        region_indexes = np.array([region_index])
        received = np.array([context.now])
        day = local_day(context, region_indexes, received)
        season_weights = np.array([SEASON_WEIGHTS[row["season"]][int(month_index(day)[0])] for row in catalogue.facts])
        fact = draw_positions(season_weights * catalogue.fact_values("weight"), 1, self.rng)
        municipality = draw_positions(
            np.where(catalogue.region_of_municipality == region_index, catalogue.municipality_population, 0.0),
            1,
            self.rng,
        )
        arrivals = Arrivals(
            region=region_indexes,
            municipality=municipality,
            fact=fact,
            channel=draw_channels(context, region_indexes, fact, received),
            received=received,
            calibration_sample=np.array([], dtype=np.int64),
            resolved_target=0,
        )
        regime = draw_regimes(context, arrivals)
        first_holder, _ = draw_holders(context, arrivals, self.profiles)
        lon, lat = draw_points(context, arrivals)
        has_point = lon[0] != "\\N"
        deadline = int(initial_deadlines(context, region_indexes, fact, regime, received)[0])
        has_deadline = bool(has_deadlines(context, fact, regime)[0])
        return {
            "year": str(day[0])[:4],
            "region": region_code,
            "town": catalogue.municipalities[int(municipality[0])]["code"],
            "topic": catalogue.facts[int(fact[0])]["code"],
            "channel": CHANNELS[int(arrivals.channel[0])],
            "regime": REGIMES[int(regime[0])],
            "holder": catalogue.holder_codes()[int(first_holder[0])],
            "deadline": datetime.fromtimestamp(deadline, UTC) if has_deadline else None,
            "lon": float(lon[0]) if has_point else None,
            "lat": float(lat[0]) if has_point else None,
            "body": draw_bodies(context, arrivals)[0],
        }

    def _current_context(self) -> GeneratorContext:
        now = datetime.now(UTC)
        context = build_context(catalogue_data(), 1, now.date(), now)
        return replace(context, rng=self.rng)

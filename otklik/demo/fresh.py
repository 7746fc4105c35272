"""New appeals, one by one, for the simulator."""

from datetime import UTC, datetime
from typing import Any, ClassVar, LiteralString

import numpy as np

from otklik.demo.arrivals import CHANNELS, Arrivals, World, channels, world
from otklik.demo.office_hours import local_day
from otklik.demo.people import habits
from otklik.demo.routing import REGIMES, deadlines, holders, regimes
from otklik.demo.sampling import one_of
from otklik.demo.seasons import SEASONS, month
from otklik.demo.sheets import sheets
from otklik.demo.texts import bodies, points


class Fresh:
    """Draws what has just arrived; as in the demo, but now."""

    INSERT: ClassVar[LiteralString] = """
        WITH fresh AS (SELECT nextval(pg_get_serial_sequence('appeal', 'id')) AS id)
        INSERT INTO appeal (region_id, id, source_id, number, channel_id, topic_id, municipality_id, lon, lat, body,
            regime_id, status_id, first_holder_id, holder_id, received_at, deadline_at)
        SELECT region.id, fresh.id, source.id,
            'S-' || %(year)s || '-' || lpad(fresh.id::text, greatest(7, length(fresh.id::text)), '0'),
            channel.id, topic.id, town.id, %(lon)s, %(lat)s, %(body)s,
            regime.id, status.id, holder.id, holder.id, now(), %(deadline)s
        FROM fresh, territory AS region, territory AS town, source, channel, topic, regime, status,
            organisation AS holder
        WHERE region.code = %(region)s AND town.code = %(town)s AND source.code = 'demo'
            AND channel.code = %(channel)s AND topic.code = %(topic)s AND regime.code = %(regime)s
            AND status.code = 'received' AND holder.code = %(holder)s
        RETURNING region_id, id, received_at, %(holder)s AS holder"""

    def __init__(self, rng: np.random.Generator) -> None:
        """`rng` makes the choices; the habits of regions are the demo's first ones."""
        self.rng = rng
        now = datetime.now(UTC)
        self.habits = habits(world(sheets(), 1, now.date(), now))

    def appeal(self, region: str) -> dict[str, Any]:
        """The values of INSERT."""
        w, data = self._world(), sheets()
        place = data.region(region)
        here = np.array([place])
        at = np.array([w.now])
        day = local_day(w, here, at)
        season = np.array([SEASONS[row["season"]][int(month(day)[0])] for row in data.facts])
        fact = one_of(season * data.fact("weight"), 1, self.rng)
        town = one_of(np.where(data.region_of == place, data.town_population, 0.0), 1, self.rng)
        a = Arrivals(here, town, fact, channels(data, fact, self.rng), at, np.array([], dtype=np.int64), 0)
        regime = regimes(w, a)
        first, _ = holders(w, a, self.habits)
        lon, lat = points(w, a)
        known = lon[0] != "\\N"
        due = int(deadlines(w, here, fact, regime, at)[0])
        return {
            "year": str(day[0])[:4],
            "region": region,
            "town": data.municipalities[int(town[0])]["code"],
            "topic": data.facts[int(fact[0])]["code"],
            "channel": CHANNELS[int(a.channel[0])],
            "regime": REGIMES[int(regime[0])],
            "holder": data.holders()[int(first[0])],
            "deadline": datetime.fromtimestamp(due, UTC),
            "lon": float(lon[0]) if known else None,
            "lat": float(lat[0]) if known else None,
            "body": bodies(w, a)[0],
        }

    def _world(self) -> World:
        now = datetime.now(UTC)
        made = world(sheets(), 1, now.date(), now)
        return World(made.data, made.as_of, made.now, self.rng, made.offset, made.free)

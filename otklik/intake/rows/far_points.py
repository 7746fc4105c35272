"""What looks wrong about the points of a file: far from their region, or with longitude and latitude swapped."""

from typing import Any, NamedTuple

from psycopg import Connection

FAR_KM = 100.0
"""A point is far off beyond this, plus `SPREAD` times the median distance of the region's points."""
SPREAD = 5.0

# Great-circle distances by the haversine formula, on the staged rows. A region's centre is its own point where it is
# known, and otherwise the median of the file's points.
FAR_POINTS = """
    WITH points AS (
        SELECT s.region_id, s.lon, s.lat, coalesce(t.lon, m.lon) AS centre_lon, coalesce(t.lat, m.lat) AS centre_lat
        FROM staged AS s JOIN territory AS t ON t.id = s.region_id JOIN (
            SELECT region_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY lon) AS lon,
                percentile_cont(0.5) WITHIN GROUP (ORDER BY lat) AS lat
            FROM staged WHERE lon IS NOT NULL GROUP BY region_id
        ) AS m USING (region_id)
        WHERE s.lon IS NOT NULL
    ), distances AS (
        SELECT region_id, {as_given} AS km, {swapped} AS swapped_km FROM points
    ), limits AS (
        SELECT region_id, %(far_km)s + %(spread)s * least(
            percentile_cont(0.5) WITHIN GROUP (ORDER BY km), percentile_cont(0.5) WITHIN GROUP (ORDER BY swapped_km)
        ) AS km
        FROM distances GROUP BY region_id
    )
    SELECT t.name, limits.km, count(*), count(*) FILTER (WHERE d.swapped_km <= limits.km)
    FROM distances AS d JOIN limits USING (region_id) JOIN territory AS t ON t.id = region_id
    WHERE d.km > limits.km
    GROUP BY t.name, limits.km ORDER BY count(*) DESC, t.name
"""
HAVERSINE = """12742 * asin(sqrt(least(1,
    sin(radians({lat} - centre_lat) / 2) ^ 2
    + cos(radians({lat})) * cos(radians(centre_lat)) * sin(radians({lon} - centre_lon) / 2) ^ 2)))"""


class FarPoints(NamedTuple):
    """Points more than `limit_km` from their region; `swapped_count` of them would be near it swapped."""

    region: str
    limit_km: float
    point_count: int
    swapped_count: int

    def sentence(self) -> str:
        """The warning."""
        verb = "point lies" if self.point_count == 1 else "points lie"
        text = f"{self.point_count:,} {verb} more than {self.limit_km:,.0f} km from {self.region}"
        if self.swapped_count:
            return (
                f"{text}; {self.swapped_count:,} of them would be near it with longitude and latitude swapped:"
                " check `lon` and `lat` of the mapping."
            )
        return f"{text}: check their coordinates."


def point_warnings(connection: Connection[Any], origin_count: int) -> list[str]:
    """A sentence on the rows with a point at 0, 0, and one for each region with far-off points."""
    texts = [far_points.sentence() for far_points in find_far_points(connection)]
    if origin_count:
        rows = "row has its" if origin_count == 1 else "rows have their"
        texts.insert(0, f"{origin_count:,} {rows} point at 0, 0, which is no place: imported without it.")
    return texts


def find_far_points(connection: Connection[Any]) -> list[FarPoints]:
    """The far-off points among the staged rows, one entry a region; most points first."""
    statement = FAR_POINTS.format(
        as_given=HAVERSINE.format(lon="lon", lat="lat"), swapped=HAVERSINE.format(lon="lat", lat="lon")
    )
    rows = connection.execute(statement.encode(), {"far_km": FAR_KM, "spread": SPREAD}).fetchall()
    return [FarPoints(*row) for row in rows]

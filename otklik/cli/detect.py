"""`otklik detect`."""

from datetime import datetime, timedelta

import click

from otklik.cli.connections import migrated_database
from otklik.cli.console import print_table
from otklik.detection.blas_threads import use_one_blas_thread

EPISODES_SQL = """
    SELECT first_alarm, last_alarm, place.code, topic.code, observed, window_days, usual_low, usual_high
    FROM surge_episode
    JOIN territory AS place ON place.id = territory_id JOIN topic ON topic.id = topic_id
    WHERE last_alarm >= %s AND first_alarm <= %s ORDER BY first_alarm, place.code, topic.code"""
EPISODES_HEADER = ("from", "to", "territory", "topic", "appeals", "in days", "usual")
# Of each episode the last cluster.
CLUSTERS_SQL = """
    SELECT DISTINCT ON (episode_id) first_day, day, place.code, topic.code, array_to_string(terms, ' · '), appeals,
        window_days, usual_low, usual_high
    FROM text_cluster JOIN territory AS place ON place.id = territory_id JOIN topic ON topic.id = topic_id
    WHERE day BETWEEN %s AND %s ORDER BY episode_id, day DESC"""
CLUSTERS_HEADER = ("from", "to", "territory", "topic", "about", "appeals", "in days", "usual")
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--day", type=DAY, help="The day to search; without it, the last one that is over everywhere.")
@click.option("--from", "start", type=DAY, help="The first of several days.")
@click.option("--to", "end", type=DAY, help="The last of several days; the last one that is over everywhere.")
def detect(day: datetime | None, start: datetime | None, end: datetime | None) -> None:
    """Search days for surges: topics with more appeals from a place than are likely by chance.

    Each day is judged by what had been received until then, and stored with what was known; a day that was searched
    before stays as it is. Then the same of texts: clusters of similar new appeals that are more than usual of their
    topic. `otklik run` searches each night by itself. Prints the surges and clusters of these days (docs/analysis.md).

    \b
    Example:
      otklik detect --from 2026-09-01 --to 2026-09-30
    """
    use_one_blas_thread()
    import psycopg

    from otklik.detection.missed_days import last_whole_day
    from otklik.detection.surge_search import detect_days
    from otklik.detection.text_clusters.day_search import detect_text_clusters

    if day and (start or end):
        raise click.UsageError("--day goes without --from and --to.")
    if end and not start:
        raise click.UsageError("--to goes with --from.")
    with migrated_database() as database_url, psycopg.connect(database_url) as connection:
        latest = last_whole_day(connection)
        first, last = (moment.date() if moment else latest for moment in (day or start, day or end))
        if last > latest:
            raise click.UsageError(f"The last day that is over everywhere is {latest}.")
        if first > last:
            raise click.UsageError("--from is after --to.")
        days = [first + timedelta(days=age) for age in range((last - first).days + 1)]
        for searched_day, countries, alarms in detect_days(connection, days):
            noun = "alarm" if alarms == 1 else "alarms"
            state = f"{alarms} {noun}" if countries else "searched before"
            click.echo(f"{searched_day}: {state}", err=True)
        for searched_day, countries, clusters in detect_text_clusters(connection, days):
            noun = "cluster" if clusters == 1 else "clusters"
            state = f"{clusters} {noun} of texts" if countries else "texts searched before"
            click.echo(f"{searched_day}: {state}", err=True)
        rows = connection.execute(EPISODES_SQL, (first, last)).fetchall()
        cluster_rows = connection.execute(CLUSTERS_SQL, (first, last)).fetchall()
    if rows:
        print_table([EPISODES_HEADER, *((*row[:-2], f"{row[-2]}–{row[-1]}") for row in rows)])
    if cluster_rows:
        print_table([CLUSTERS_HEADER, *((*row[:-2], f"{row[-2]}–{row[-1]}") for row in cluster_rows)])

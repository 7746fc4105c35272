"""Asking whether the cubes agree with the appeals."""

import psycopg

from otklik.database.cubes.rollups import cube_differences, fold_cubes


def unfolded_fact_count(url: str) -> int:
    """How many facts wait to be folded."""
    with psycopg.connect(url) as connection:
        query = """SELECT (SELECT count(*) FROM fact_fresh) + (SELECT count(*) FROM open_fact_fresh)
            + (SELECT count(*) FROM trace_fresh) + (SELECT count(*) FROM close_age_fresh)
            + (SELECT count(*) FROM poll_vote_fresh)
            + (SELECT count(*) FROM discussion_activity_fresh) + (SELECT count(*) FROM discussion_reactions_fresh)"""
        (count,) = connection.execute(query).fetchone() or (0,)
        return int(count)


def assert_cubes_match(url: str) -> None:
    """No difference, before and after what is fresh is folded."""
    assert list(cube_differences(url)) == []
    fold_cubes(url)
    assert unfolded_fact_count(url) == 0
    assert list(cube_differences(url)) == []

"""Votes of a poll as minutes, channels and answers, without anything of the voter: for finding suspicious ones."""

from alembic import op

revision = "0046"
down_revision = "0045"
STATEMENTS = """
-- One row a minute (local in the poll's territory), channel and set of chosen options, with its votes; words are left out.
-- No row for those who may not see the poll.
CREATE FUNCTION vote_patterns(a_poll integer)
RETURNS TABLE (minute timestamp, channel_id smallint, options integer[], votes integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ballot.minute, ballot.channel_id, ballot.options, count(*)::integer
    FROM (
        SELECT date_trunc('minute', b.cast_at AT TIME ZONE place.timezone) AS minute, b.channel_id,
            ARRAY(
                SELECT a.option_id FROM poll_answer AS a
                WHERE a.ballot_id = b.id AND a.option_id IS NOT NULL ORDER BY a.option_id
            ) AS options
        FROM poll_ballot AS b JOIN poll AS p ON p.id = b.poll_id JOIN territory AS place ON place.id = p.territory_id
        WHERE b.poll_id = a_poll AND b.withdrawn_at IS NULL AND p.published_at <= now()
            AND viewer_may('polls') AND sees_territory(p.territory_id)
    ) AS ballot
    GROUP BY 1, 2, 3
$$;
REVOKE EXECUTE ON FUNCTION vote_patterns FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vote_patterns TO otklik_app;
"""


def upgrade() -> None:
    """Add the function."""
    op.get_bind().exec_driver_sql(STATEMENTS)


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError

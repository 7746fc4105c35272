-- The list of open appeals: pages by key, whichever way it is sorted; none is left out for want of a deadline.
-- CASE, since row security would keep COALESCE, which might tell of a hidden row, from the index.
CREATE INDEX queue_due ON appeal (
    (CASE WHEN deadline_at IS NULL THEN 'infinity'::timestamptz ELSE deadline_at END), id, region_id
) WHERE closed_at IS NULL;
DROP INDEX queue_received;
CREATE INDEX queue_received ON appeal (received_at, id, region_id) WHERE closed_at IS NULL;
CREATE INDEX queue_topic ON appeal (topic_id, received_at) WHERE closed_at IS NULL;

-- Searching: parts of numbers, and words in any of their Russian or English forms.
CREATE INDEX queue_words ON appeal
    USING gin (number gin_trgm_ops, to_tsvector('russian', coalesce(body, ''))) WHERE closed_at IS NULL;

CREATE FUNCTION words_of(a_name text, some_names jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT to_tsvector('russian', a_name || ' ' || coalesce(some_names->>'ru', '') || ' '
        || coalesce(some_names->>'en', '') || ' ' || coalesce(some_names->>'hr', ''))
$$;

-- Open appeals of the given regions, topics … (null: any) whose number holds `what`, or whose text or topic holds all
-- of its words (the last may be a beginning); if there is none, those of topics that are called something like it. At
-- most `most`: which, is left to chance.
--
-- Neither condition is leakproof: under row security no index would serve them. So this runs as the owner and looks at
-- what the viewer sees itself.
CREATE FUNCTION search_open(
    what text, most integer, regions integer[], topics integer[], holders integer[], channels integer[],
    regimes integer[], statuses integer[]
) RETURNS TABLE (region_id integer, id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    said CONSTANT text := left(btrim(regexp_replace(what, '[\s\x01-\x1f]+', ' ', 'g')), 200);
    like_it CONSTANT text := '%' || replace(replace(replace(said, '\', '\\'), '%', '\%'), '_', '\_') || '%';
    asked tsquery := plainto_tsquery('russian', said);
    about integer[];
    narrowed CONSTANT text := ' AND closed_at IS NULL AND ($4 OR region_id = ANY ($5) OR municipality_id = ANY ($5))
        AND ($6 IS NULL OR region_id = ANY ($6)) AND ($7 IS NULL OR topic_id = ANY ($7))
        AND ($8 IS NULL OR holder_id = ANY ($8)) AND ($9 IS NULL OR channel_id = ANY ($9))
        AND ($10 IS NULL OR regime_id = ANY ($10)) AND ($11 IS NULL OR status_id = ANY ($11)) LIMIT $3';
    of_topics CONSTANT text := '(SELECT region_id, id FROM appeal WHERE topic_id = ANY ($2)' || narrowed || ')';
    -- With a word that many have, planned without knowing it: by the index, and only as far as the limit.
    of_words CONSTANT text := '(SELECT region_id, id FROM appeal
        WHERE to_tsvector(''russian'', coalesce(body, '''')) @@ (SELECT $1::tsquery)' || narrowed || ')';
    of_numbers CONSTANT text := '(SELECT region_id, id FROM appeal WHERE number ILIKE $1' || narrowed || ')';
    found integer = 0;
    hits integer;
BEGIN
    PERFORM must_have('queue');
    IF length(said) > 2 THEN
        RETURN QUERY EXECUTE of_numbers USING like_it, about, most, sees_everything(), visible_territories(),
            regions, topics, holders, channels, regimes, statuses;
        GET DIAGNOSTICS hits = ROW_COUNT;
        found = found + hits;
    END IF;
    IF numnode(asked) > 0 AND found < most THEN
        asked = (asked::text || ':*')::tsquery;
        about = ARRAY(SELECT topic.id FROM topic WHERE words_of(name, names) @@ asked);
        RETURN QUERY EXECUTE of_words || ' UNION ' || of_topics || ' LIMIT $3'
        USING asked, about, most, sees_everything(), visible_territories(),
            regions, topics, holders, channels, regimes, statuses;
        GET DIAGNOSTICS hits = ROW_COUNT;
        found = found + hits;
    END IF;
    IF found = 0 AND length(said) > 3 THEN
        -- Perhaps it is misspelt.
        about = ARRAY(
            SELECT topic.id FROM topic
            WHERE greatest(word_similarity(said, name), word_similarity(said, names->>'ru'),
                word_similarity(said, names->>'en'), word_similarity(said, names->>'hr')) > 0.45
        );
        RETURN QUERY EXECUTE of_topics USING NULL::text, about, most, sees_everything(), visible_territories(),
            regions, topics, holders, channels, regimes, statuses;
    END IF;
END $$;

-- What a person looks at again and again: a name for an address of the queue. Everybody has their own.
CREATE TABLE saved_view (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id integer NOT NULL REFERENCES person,
    name text NOT NULL CONSTRAINT saved_view_name CHECK (btrim(name) <> '' AND length(name) <= 60),
    address text NOT NULL CONSTRAINT saved_view_address CHECK (length(address) <= 2000),
    saved_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT saved_view_once UNIQUE (person_id, name)
);
ALTER TABLE saved_view ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON saved_view FOR SELECT USING (person_id = (SELECT viewer_id()));

CREATE FUNCTION save_view(a_name text, an_address text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    saved integer;
    most CONSTANT integer := 100;
BEGIN
    PERFORM must_have('queue');
    INSERT INTO saved_view (person_id, name, address) VALUES (viewer_id(), btrim(a_name), an_address)
    ON CONFLICT ON CONSTRAINT saved_view_once DO UPDATE SET address = excluded.address, saved_at = now()
    RETURNING id INTO saved;
    IF (SELECT count(*) FROM saved_view WHERE person_id = viewer_id()) > most THEN
        RAISE EXCEPTION 'nobody keeps more than % views', most USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN saved;
END $$;

CREATE FUNCTION rename_view(a_view integer, a_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM must_have('queue');
    UPDATE saved_view SET name = btrim(a_name) WHERE id = a_view AND person_id = viewer_id();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such view' USING ERRCODE = 'no_data_found';
    END IF;
END $$;

CREATE FUNCTION delete_view(a_view integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM must_have('queue');
    DELETE FROM saved_view WHERE id = a_view AND person_id = viewer_id();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such view' USING ERRCODE = 'no_data_found';
    END IF;
END $$;

GRANT SELECT ON saved_view TO otklik_app;
GRANT EXECUTE ON FUNCTION
    search_open(text, integer, integer[], integer[], integer[], integer[], integer[], integer[]),
    save_view(text, text), rename_view(integer, text), delete_view(integer)
TO otklik_app;

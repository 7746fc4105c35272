CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;

-- A text without accents ("žbuka" and "zbuka" alike, "ё" as "е"). unaccent() is only STABLE, since its dictionary could
-- be changed; with the dictionary named, and nobody changing it, the result is always the same, as an index needs it.
CREATE FUNCTION fold_accents(a_text text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT public.unaccent('public.unaccent'::regdictionary, a_text)
$$;

DROP INDEX queue_words;
CREATE INDEX queue_words ON appeal
    USING gin (number gin_trgm_ops, to_tsvector('russian', public.fold_accents(coalesce(body, ''))))
    WHERE closed_at IS NULL;

CREATE OR REPLACE FUNCTION words_of(a_name text, some_names jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT to_tsvector('russian', public.fold_accents(a_name || ' ' || coalesce(some_names->>'ru', '') || ' '
        || coalesce(some_names->>'en', '') || ' ' || coalesce(some_names->>'hr', '')))
$$;

-- Open appeals of the given regions, topics … (null: any) whose number is `what` or holds it (begins with it, where it
-- is shorter than three characters), or whose text or topic holds all of its words (the last may be a beginning); if
-- there is none, those of places that are called so and of topics that are called something like it. Accents mean
-- nothing. At most `most`: which, is arbitrary, but an appeal with exactly this number is always among them.
--
-- No condition is leakproof: under row security no index would serve them. So this runs as the owner and looks at what
-- the viewer sees itself.
CREATE OR REPLACE FUNCTION search_open(
    what text, most integer, regions integer[], topics integer[], holders integer[], channels integer[],
    regimes integer[], statuses integer[]
) RETURNS TABLE (region_id integer, id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    said CONSTANT text := left(btrim(regexp_replace(normalize(what, NFC), '[\s\x01-\x1f]+', ' ', 'g')), 200);
    folded CONSTANT text := fold_accents(said);
    escaped CONSTANT text := replace(replace(replace(said, '\', '\\'), '%', '\%'), '_', '\_');
    pattern text;
    asked tsquery := plainto_tsquery('russian', folded);
    about integer[];
    narrowed CONSTANT text := ' AND closed_at IS NULL AND ($4 OR region_id = ANY ($5) OR municipality_id = ANY ($5))
        AND ($6 IS NULL OR region_id = ANY ($6)) AND ($7 IS NULL OR topic_id = ANY ($7))
        AND ($8 IS NULL OR holder_id = ANY ($8)) AND ($9 IS NULL OR channel_id = ANY ($9))
        AND ($10 IS NULL OR regime_id = ANY ($10)) AND ($11 IS NULL OR status_id = ANY ($11)) LIMIT $3';
    of_topics CONSTANT text := '(SELECT region_id, id FROM appeal WHERE topic_id = ANY ($2)' || narrowed || ')';
    of_places CONSTANT text := '(SELECT region_id, id FROM appeal
        WHERE (region_id = ANY ($2) OR municipality_id = ANY ($2))' || narrowed || ')';
    -- With a word that many have, planned without knowing it: by the index, and only as far as the limit.
    of_words CONSTANT text := '(SELECT region_id, id FROM appeal
        WHERE to_tsvector(''russian'', public.fold_accents(coalesce(body, ''''))) @@ (SELECT $1::tsquery)'
        || narrowed || ')';
    of_numbers CONSTANT text := '(SELECT region_id, id FROM appeal WHERE number ILIKE $1' || narrowed || ')';
    found integer = 0;
    hits integer;
BEGIN
    PERFORM must_have('queue');
    IF said <> '' THEN
        -- The exact number first, so that a limit never leaves it out. A part of a number needs three characters.
        FOREACH pattern IN ARRAY
            ARRAY[escaped, CASE WHEN length(said) > 2 THEN '%' ELSE '' END || escaped || '%']
        LOOP
            RETURN QUERY EXECUTE of_numbers USING pattern, about, most, sees_everything(), visible_territories(),
                regions, topics, holders, channels, regimes, statuses;
            GET DIAGNOSTICS hits = ROW_COUNT;
            found = found + hits;
        END LOOP;
    END IF;
    IF numnode(asked) > 0 AND found < most THEN
        asked = (asked::text || ':*')::tsquery;
        about = ARRAY(SELECT topic.id FROM topic WHERE words_of(name, names) @@ asked);
        RETURN QUERY EXECUTE of_words || ' UNION ' || of_topics || ' LIMIT $3'
        USING asked, about, most, sees_everything(), visible_territories(),
            regions, topics, holders, channels, regimes, statuses;
        GET DIAGNOSTICS hits = ROW_COUNT;
        found = found + hits;
        IF found = 0 THEN
            about = ARRAY(SELECT territory.id FROM territory WHERE words_of(name, names) @@ asked);
            RETURN QUERY EXECUTE of_places USING NULL::text, about, most, sees_everything(), visible_territories(),
                regions, topics, holders, channels, regimes, statuses;
            GET DIAGNOSTICS hits = ROW_COUNT;
            found = found + hits;
        END IF;
    END IF;
    IF found = 0 AND length(said) > 3 THEN
        -- Perhaps it is misspelt.
        about = ARRAY(
            SELECT topic.id FROM topic
            WHERE greatest(word_similarity(folded, fold_accents(name)),
                word_similarity(folded, fold_accents(names->>'ru')), word_similarity(folded, fold_accents(names->>'en')),
                word_similarity(folded, fold_accents(names->>'hr'))) > 0.45
        );
        RETURN QUERY EXECUTE of_topics USING NULL::text, about, most, sees_everything(), visible_territories(),
            regions, topics, holders, channels, regimes, statuses;
    END IF;
END $$;

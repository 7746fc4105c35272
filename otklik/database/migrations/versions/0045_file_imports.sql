CREATE TABLE file_import (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id smallint NOT NULL REFERENCES source,
    file text NOT NULL,
    -- A shipped mapping's name, or the path of a TOML file.
    mapping text NOT NULL,
    -- Empty for one by hand, otherwise the data source that the file came from.
    data_source text NOT NULL DEFAULT '',
    imported_at timestamptz NOT NULL DEFAULT now(),
    new_count integer NOT NULL,
    changed_count integer NOT NULL,
    unchanged_count integer NOT NULL,
    rejected_count integer NOT NULL,
    -- The appeals that it added.
    new_ids int8multirange NOT NULL,
    undone_at timestamptz,
    removed_count integer,
    CONSTRAINT file_import_undone CHECK ((undone_at IS NULL) = (removed_count IS NULL))
);
CREATE INDEX file_import_newest ON file_import (imported_at DESC);
CREATE INDEX file_import_source ON file_import (source_id);
COMMENT ON TABLE file_import IS 'One row a file that was imported: what it brought, and whether that was taken back.';

CREATE TRIGGER announce_data_sources AFTER INSERT OR UPDATE OR DELETE ON file_import
    FOR EACH STATEMENT EXECUTE FUNCTION announce_data_sources();

ALTER TABLE file_import ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON file_import FOR SELECT USING ((SELECT viewer_may('sources')));
GRANT SELECT (
    id, source_id, file, mapping, data_source, imported_at, new_count, changed_count, unchanged_count, rejected_count,
    undone_at, removed_count
) ON file_import TO otklik_app;

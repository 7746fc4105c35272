-- Counts changes of appeals of which no word was sent, since another writer was just sending it. It counts before the
-- commit: until then the writer holds a lock by which who listens knows that there is more to come.
CREATE SEQUENCE unsaid;
GRANT SELECT ON SEQUENCE unsaid TO otklik_app;
-- The first number is told the same before and after it is taken.
SELECT nextval('unsaid');

-- The country's low ratings, the last closed first, without a look into each region.
CREATE INDEX appeal_low_rating_anywhere ON appeal (closed_at) WHERE rating <= 2;

-- What would have been refused, and who wanted it all the same.
ALTER TABLE nightfeed.run ADD COLUMN forced jsonb NOT NULL DEFAULT '[]';

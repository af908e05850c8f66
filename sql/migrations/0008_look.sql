-- What the source showed last, and since when: functions share nothing else, and two looks of ours prove that a delivery stands still.
ALTER TABLE nightfeed.run ADD COLUMN look jsonb;

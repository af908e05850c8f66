-- Runs that are no night: rows released from quarantine, tables that were taken over. null for a night.
ALTER TABLE nightfeed.run ADD COLUMN origin jsonb;

-- What still waits, by today's reason; `object` is the report in the lake that holds these rows, null as the night left it.
ALTER TABLE nightfeed.quarantine ADD COLUMN object text;

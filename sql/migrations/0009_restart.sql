-- All columns of ours that a table has, not only the compared ones; null as an older version left it. What of them is gone is refused.
ALTER TABLE nightfeed.applied_table ADD COLUMN stored jsonb;

-- Tables that were started anew, because something of them was gone, and who wanted it.
CREATE TABLE nightfeed.restart (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed text NOT NULL,
  schema_name text NOT NULL,
  table_name text NOT NULL,
  restarted_by text NOT NULL,
  reason text NOT NULL,
  restarted_at timestamptz NOT NULL DEFAULT now()
);

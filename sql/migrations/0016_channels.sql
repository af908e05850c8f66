-- What each channel did with a message: took it at `sent_at`, or refused it for the reason in `refusal`. While a process tells it, until
-- `telling_until` at most, no other process does, unless `teller` is known to be dead. `sent_at` of the message itself says that all of its channels have it; a version that
-- does not know channels sets it without them.
CREATE TABLE nightfeed.outbox_channel (
  id text REFERENCES nightfeed.outbox (id),
  feed text NOT NULL,
  channel text,
  attempts integer NOT NULL CHECK (attempts >= 1),
  tried_at timestamptz NOT NULL,
  telling_until timestamptz,
  teller jsonb,
  sent_at timestamptz,
  refusal text,
  PRIMARY KEY (id, channel),
  CHECK (num_nonnulls(telling_until, sent_at, refusal) = 1)
);
ALTER TABLE nightfeed.outbox_channel ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_feed ON nightfeed.outbox_channel USING (nightfeed.may_work_on(feed))
  WITH CHECK (nightfeed.may_work_on(feed) AND starts_with(id, feed || '/'));

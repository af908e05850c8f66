-- What each channel did with a message: took it at `sent_at`, or refused it for the reason in `refusal`. `sent_at` of the message itself
-- says that all of its channels have it. A version that does not know channels sets it without them.
CREATE TABLE nightfeed.outbox_channel (
  id text REFERENCES nightfeed.outbox (id),
  feed text NOT NULL,
  channel text,
  attempts integer NOT NULL CHECK (attempts >= 1),
  tried_at timestamptz NOT NULL,
  sent_at timestamptz,
  refusal text,
  PRIMARY KEY (id, channel),
  CHECK ((sent_at IS NULL) = (refusal IS NOT NULL))
);
ALTER TABLE nightfeed.outbox_channel ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_feed ON nightfeed.outbox_channel USING (nightfeed.may_work_on(feed))
  WITH CHECK (nightfeed.may_work_on(feed) AND starts_with(id, feed || '/'));

import { type ErrorKind, failed, transient, usage } from './error-kind.ts';

/** Lake, engines, catalogue and messages. */
export const lakeErrors = {
  STORE_FULL: failed('The disk of the lake is full.', 'Free space for the lake, then run the same command again.'),
  STORE_UNAVAILABLE: transient(
    'The lake cannot be read or written.',
    'Check the lake, then run the same command again.',
  ),
  STORE_DENIED: failed(
    'The lake denies access: there is no such bucket, or nightfeed has no right to do this on the bucket or its key.',
    'Check the bucket and the rights on it and on its key, then run the same command again.',
  ),
  OBJECT_MISSING: failed(
    'An object of the lake that a receipt or the ledger names is gone. A snapshot of what production holds is read back from production by itself.',
    'A stored object is gone. Restore it, or remove its receipt and run again.',
  ),
  OBJECT_DAMAGED: failed(
    "An object of the lake is not what was written there; the message names it. A snapshot of what production holds is read back from production by itself. For an object of tonight's delivery, or of its change set, the message says which receipt to remove, so that it is made again.",
    'Restore the object from a copy, or remove the receipt that names it, and run again.',
  ),
  OBJECT_NEWER: failed(
    'An object of the lake was written by a newer nightfeed than this one, in a version that this one does not know; the message says which object, and both versions. It was not read, and nothing was changed.',
    'Production is untouched. Run this command with the nightfeed that wrote the object, or a newer one; on AWS, deploy that version.',
  ),
  OBJECT_MALFORMED: failed(
    'An object of the lake is whole, but does not hold what such an object has to; the message names the object and the field, what was expected and what stands there. A snapshot of what production holds is read back from production by itself.',
    'Production is untouched. Restore the object from a copy, or remove the receipt that names it, and run again.',
  ),
  RAW_DROPPED: usage(
    "What was asked needs a delivered file's own bytes, and the lake has none: `lake: {raw: drop}` kept no copy when the file landed, or an older nightfeed landed it.",
    'Production is untouched. The next delivery is read under the feed file of today; with `lake: {raw: keep}` its bytes are kept.',
  ),
  REMOVED_BY_KEEP: usage(
    'What was asked needs objects of an old run, which `keep` of the feed file had removed; the message names the run, the day and the limit. Nothing that production, an open or held run, or a row that can still be released needs is ever removed so.',
    'Production is untouched. Raise the limit under `keep`, or leave it out, to keep more from now on; on S3 the removed versions may still be there (`keep_removed_days`).',
  ),
  RECORDS_DIFFER: usage(
    "Under today's format options a delivered file has another number of records than in its night, so nobody can say which of them waited in quarantine. Nothing was released.",
    'Production is untouched. Run the date again while the vendor still has it: `nightfeed run FEED.yaml --date DATE`; or wait for the next delivery, which is read under the feed file of today.',
  ),
  OBJECT_EXISTS: failed(
    'An object that was to be written is in the lake already and holds something else. Nothing was overwritten.',
    'Nothing was overwritten. Run the same command again: each attempt writes under names of its own.',
  ),
  ENGINE_FAILED: failed(
    'The engine that compares stopped with an error. On AWS also: the Glue job run failed, was stopped or took too long; the message has its id and state.',
    'Production is untouched. Read the message; when it names memory or disk, give more and run again.',
  ),
  ENGINE_EXHAUSTED: failed(
    'The engine that compares ran out of memory, or of disk in its scratch folder, where a file also lies that can only be read from its end.',
    'Production is untouched. Give the engine more memory or free its scratch folder, then run the same command again.',
  ),
  ENGINE_UNAVAILABLE: transient(
    'Glue does not start the job, or does not say how the job is doing.',
    'Check the Glue job and its quotas, then run the same command again.',
  ),
  ENGINE_DISAGREES: failed(
    'Two readers of the same bytes came to different counts. Nothing was published.',
    'Production is untouched. Please report this with the message: two readers saw different rows.',
  ),
  CATALOG_UNAVAILABLE: transient(
    'The Glue Data Catalog does not show a table of `current/`. Production is published.',
    'Production is published; check the Glue Data Catalog and the rights on it. The next run shows the tables.',
  ),
  NOTIFIER_UNAVAILABLE: transient(
    'A message could not be sent. It stays in the outbox.',
    'The message stays in the outbox, and goes out with the next run. Check what the message names; on AWS, the topic and the role.',
  ),
  MESSAGE_REFUSED: transient(
    'A channel does not take one message. It stays in the outbox; others are sent.',
    'The message stays in the outbox, and is tried again with each run. `nightfeed status` has what the receiver answered.',
  ),
  TOO_MANY_PARTITIONS: failed(
    'The columns in `lake.partition_by` have more than 1,000 different values together. `current/` stays as it was.',
    'Production is not touched by this. Partition by columns with fewer values.',
  ),
  ENGINE_MISSING: usage(
    'The feed needs an engine that is not available here: `spark` on your own machine needs Java 17 and Python 3.12 or 3.13 with venv, and at its first use the way to a package index that has pyspark with the pinned hash.',
    'Install what the message names, or choose another `engine` in the feed file.',
  ),
} as const satisfies Record<string, ErrorKind>;

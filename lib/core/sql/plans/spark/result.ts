import { z } from 'zod';
import { checkedObject, type ObjectKind, parsedObject } from '../../../objects/object-kind.ts';
import { type Stored, storedByName, storedCount } from '../../../objects/stored.ts';

const schema = z.object({
  /** A check that failed; the result has nothing else then. */
  disagrees: z.string().exactOptional(),
  queries: storedByName(z.array(storedByName(z.string().nullable()))),
  outputs: storedByName(z.array(z.object({ file: z.string(), rows: storedCount }))),
});

/** What `glue-jobs/diff.py` found by a plan: values as text, and the files of each output that has rows. */
export type SparkResult = Stored<typeof schema>;

const sparkResult: ObjectKind<SparkResult> = { name: 'result of Spark', version: 1, schema, isSealed: false };

/** Reads the object that makes a job's files real. Throws OBJECT_DAMAGED, OBJECT_MALFORMED and OBJECT_NEWER. */
export function readSparkResult(text: string, key: string): SparkResult {
  return sparkResultIn(parsedObject(text, key), key);
}

/** Reads a result out of parsed JSON. Throws OBJECT_MALFORMED and OBJECT_NEWER. */
export function sparkResultIn(found: unknown, place: string): SparkResult {
  const isDisagreement = typeof found === 'object' && found !== null && 'disagrees' in found;
  // Such a result of an older version has neither queries nor outputs.
  return checkedObject(sparkResult, isDisagreement ? { queries: {}, outputs: {}, ...found } : found, place);
}

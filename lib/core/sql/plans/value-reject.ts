import { z } from 'zod';
import type { LineKind } from '../../objects/object-kind.ts';
import { type Stored, storedCount, storedName } from '../../objects/stored.ts';
import type { OLDER, RejectCode } from '../../records/reject.ts';

const valueReject = z.object({
  part: storedCount,
  /** Number of the record in the relation that the plan read. */
  ord: storedCount,
  code: storedName<RejectCode | typeof OLDER>(),
  /** Index of the column as text; null when the reject concerns the whole record. */
  col: z.string().nullable(),
  key: z.string().nullable(),
  readable: z.boolean(),
});

/** A record that the plan rejects, or leaves out as an older version of its key. */
export type ValueReject = Stored<typeof valueReject>;

export const valueRejectLine: LineKind<ValueReject> = { name: 'rejected value', schema: valueReject };

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { NightfeedError } from '../../../core/errors.ts';
import { readLine } from '../../../core/objects/object-kind.ts';
import { MAX_REJECTS } from '../../../core/records/scan/scan.ts';
import { type ValueReject, valueRejectLine } from '../../../core/sql/plans/value-reject.ts';
import { linesOf } from '../../common/lines.ts';
import type { DuckDbSession } from '../session.ts';

/** The records that the plan rejects, or leaves out as older versions, although they are well-formed. */
export async function readValueRejects(
  session: DuckDbSession,
  table: string,
  { rejected, collapsed, sql }: { readonly rejected: number; readonly collapsed: number; readonly sql: string },
  scratch: string,
): Promise<ValueReject[]> {
  refuseTooMany(table, { rejected, collapsed });
  const path = join(scratch, 'value-rejects.ndjson');
  await session.write([{ select: sql, path, format: 'FORMAT json' }]);
  const values: ValueReject[] = [];
  for await (const line of linesOf(createReadStream(path))) values.push(readLine(valueRejectLine, line, path));
  return values;
}

/** Throws TOO_MANY_REJECTS. Each of these records is found again in landing, and the snapshot names its place. */
export function refuseTooMany(
  table: string,
  { rejected, collapsed }: { readonly rejected: number; readonly collapsed: number },
): void {
  if (rejected + collapsed <= MAX_REJECTS) return;
  const found = `${rejected} records rejected${collapsed > 0 ? `, ${collapsed} left out as older versions of their key` : ''}`;
  const why =
    collapsed > rejected
      ? 'ask the vendor for a delivery with fewer versions'
      : 'the format is not as declared, or several dumps of the table lie together';
  throw new NightfeedError('TOO_MANY_REJECTS', `${table}: ${found}; at most ${MAX_REJECTS} are allowed: ${why}`);
}

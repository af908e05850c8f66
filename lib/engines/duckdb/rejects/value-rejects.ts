import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { NightfeedError } from '../../../core/errors.ts';
import { readLine } from '../../../core/objects/object-kind.ts';
import { MAX_REJECTS } from '../../../core/records/scan/scan.ts';
import { type ValueReject, valueRejectLine } from '../../../core/sql/plans/value-reject.ts';
import { linesOf } from '../../common/lines.ts';
import type { DuckDbSession } from '../session.ts';

/** The records that the plan rejects although they are well-formed. */
export async function readValueRejects(
  session: DuckDbSession,
  table: string,
  { rejected, sql }: { readonly rejected: number; readonly sql: string },
  scratch: string,
): Promise<ValueReject[]> {
  if (rejected > MAX_REJECTS) throw tooManyRejects(table, rejected);
  const path = join(scratch, 'value-rejects.ndjson');
  await session.write([{ select: sql, path, format: 'FORMAT json' }]);
  const values: ValueReject[] = [];
  for await (const line of linesOf(createReadStream(path))) values.push(readLine(valueRejectLine, line, path));
  return values;
}

export function tooManyRejects(table: string, rejected: number): NightfeedError {
  const message = `${table}: ${rejected} records rejected; more than ${MAX_REJECTS} means that the format is not as declared, or that several dumps of the table lie together`;
  return new NightfeedError('TOO_MANY_REJECTS', message);
}

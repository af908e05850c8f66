import { NightfeedError } from '../errors.ts';
import { namesOf } from './ambiguous.ts';
import type { ArriveReceipt, DiffReceipt } from './receipt.ts';

/** Throws LATE when files of a generation that production held before were written again with the same bytes: the next one is not there. */
export function requireNews({ files, rewritten = [] }: ArriveReceipt, { tables }: DiffReceipt): void {
  const again = rewritten.filter((table) => tables[table]?.resent);
  if (again.length === 0) return;
  const told = again.map((table) => `${table} (${namesOf(files.filter((file) => file.table === table))})`);
  throw new NightfeedError(
    'LATE',
    `no new files yet for ${told.join(', ')}: written again, with the bytes that production holds already`,
  );
}

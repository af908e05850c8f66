import { NightfeedError } from '../errors.ts';
import type { ArriveReceipt } from '../run/arrive-receipt.ts';
import type { DiffReceipt } from '../run/diff-receipt.ts';
import { namesOf } from './ambiguous.ts';

/** The error of a night that sees only rewritten files of the generation that production holds, and so goes on waiting; otherwise undefined. */
export function newerThanRewritten(arrival: ArriveReceipt): string | undefined {
  const { rewritten = [] } = arrival;
  return rewritten.length === 0 ? undefined : `no newer files yet for ${filesOf(arrival, rewritten)}: written again`;
}

/** Throws LATE when the bytes equal what production holds, so that the next generation is still missing. */
export function requireNews(arrival: ArriveReceipt, { tables }: DiffReceipt): void {
  const same = (arrival.rewritten ?? []).filter((table) => tables[table]?.resent);
  if (same.length === 0) return;
  throw new NightfeedError(
    'LATE',
    `no newer files yet for ${filesOf(arrival, same)}: written again, with the bytes that production holds already`,
  );
}

function filesOf({ files }: ArriveReceipt, tables: readonly string[]): string {
  return tables.map((table) => `${table} (${namesOf(files.filter((file) => file.table === table))})`).join(', ');
}

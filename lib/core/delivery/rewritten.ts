import { NightfeedError } from '../errors.ts';
import type { ArriveReceipt, DiffReceipt } from '../run/receipt.ts';
import { namesOf } from './ambiguous.ts';

/** What a night waits for that sees nothing newer than files of the generation that production holds, written again; else undefined. */
export function newerThanRewritten(arrival: ArriveReceipt): string | undefined {
  const { rewritten = [] } = arrival;
  return rewritten.length === 0 ? undefined : `no newer files yet for ${filesOf(arrival, rewritten)}: written again`;
}

/** Throws LATE when their bytes are what production holds: the next generation is not there. */
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

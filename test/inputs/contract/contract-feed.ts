import { expect } from 'vitest';
import { tableOf } from '../../support/nights/input-case.ts';
import type { IntakeFeed } from '../../support/nights/intake-feed.ts';
import type { IntakeLab } from '../../support/nights/intake-lab.ts';

type Row = readonly string[];

export const columns = { id: { type: 'bigint', key: true }, name: 'text', price: 'decimal(7,2)' };
export const rows: Row[] = Array.from({ length: 30 }, (_, index) => [
  `${index + 1}`,
  `name ${index + 1}`,
  `${index + 1}.50`,
]);
export const csv = (header: string, of: readonly Row[]) => [header, ...of.map((row) => row.join(',')), ''].join('\n');
const base = csv('id,name,price', rows);

/** Row 3 renamed, so that a night has one change besides that of its columns. */
export const changed = rows.with(2, ['3', 'new', '3.50']);
export const withSize = changed.map((row) => [...row, `size ${row[0]}`]);
export const withoutPrice = changed.map(([id, name]) => [id!, name!]);

export const feedOf = (
  lab: IntakeLab,
  contract: Record<string, string>,
  more: Record<string, unknown> = {},
): Promise<IntakeFeed> => lab.feed(tableOf(columns, { contract, history: true, ...more }), { 't.csv': base });

export const select = async (lab: IntakeLab, feed: IntakeFeed, sql: string) =>
  [...(await lab.sql.unsafe(sql.replaceAll('$t', `${feed.feed.feed}.t`)).values())].map((row) => [...row]);

export async function untouched(feed: IntakeFeed, files: Record<string, string>) {
  const before = await feed.everything();
  const night = await feed.night(files);
  expect(await feed.everything()).toEqual(before);
  return night;
}

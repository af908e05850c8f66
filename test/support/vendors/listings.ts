import { type Look, type Readiness, readinessOf } from '../../../lib/core/delivery/readiness.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

export const date = '2026-11-20';
export const clock = new Date('2026-11-20T02:00:00Z');
export const table = (files: string) => ({ files, columns: { id: { type: 'bigint', key: true } } });
export const feedOf = (
  ready: object,
  tables: object = { products: table('products_{yyyymmdd}*.csv'), stock: table('stock.csv') },
  folder = '.',
  ignore_case = false,
) => feedSchema.parse({ feed: 'shop', source: { folder, ignore_case }, ready, tables });

/** A file that was last written so many seconds before `clock`; null when the source cannot tell. */
export const file = (name: string, size = 10, age: number | null = 600) => ({
  name,
  size,
  modified: age === null ? null : new Date(clock.getTime() - age * 1000).toISOString(),
});
export const products = file('products_20261120.csv');
export const stock = file('stock.csv');
export const look = (ready: object, listed: Look['listed'], more: Partial<Look> = {}): Readiness =>
  readinessOf(feedOf(ready), date, { listed, ...more });
export const receiptOf = (readiness: Readiness) => ('receipt' in readiness ? readiness.receipt : undefined);
/** As if this look had been seen for so long. */
export const seenFor = (seconds: number, readiness: Readiness) => ({
  steady: { sight: 'sight' in readiness ? readiness.sight : '', seconds },
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const EIGHT_GB = 8_000_000_000;
/** What a night over a small file takes anyway, and some chunks. */
const MAX_GROWTH = 150_000_000;
const columns = { id: { type: 'bigint', key: true }, name: 'text' };
const base = 'id,name\n1,a\n2,b\n';
const objects = '{"id":1,"name":"a"}\n{"id":2,"name":"b"}\n';
const places = { id: { start: 1, length: 1 }, name: { start: 2, length: 1 } };
const dump = "-- MySQL dump\nINSERT INTO t (id, name) VALUES (1,'a'),(2,'b');\n-- Dump completed\n";
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

test.each<[string, Record<string, unknown>, string | Buffer, string | Buffer]>([
  ['unquoted', {}, base, `${base}3,`],
  ['quoted', {}, base, `${base}3,"`],
  ['misquoted', {}, base, `${base}3,a"`],
  ['the header', {}, base, 'id,name'],
  ['the first one', {}, base, 'id,name\n3,'],
  ['without header', { header: false }, '1,a\n2,b\n', `3,${'a'.repeat(100_000)}`],
  ['with a trailer to look for', { trailer: 'END{rows}' }, `${base}END2\n`, `${base}3,`],
  ['with mixed record ends', { allow_mixed_record_ends: true }, base, `${base}3,`],
  ['with a delimiter too many', { allow_trailing_delimiter: true }, base, 'id,name\n3,'],
  ['of NDJSON', { type: 'ndjson' }, objects, `${objects}{"id":3,"name":"`],
  ['of fixed width', { type: 'fixed-width', fields: places }, '1a\n2b\n', '1a\n2b\n3'],
  ['of SQL', { type: 'sql' }, dump, dump.replace(/\);\n.*\n$/, "),(3,'")],
  ['of SQL, before its rows', { type: 'sql' }, dump, dump.replace(/INSERT.*$/s, 'CREATE TABLE t (')],
  ['in Latin-1', { encoding: 'latin-1' }, base, `${base}3,`],
  ['in UTF-16', { encoding: 'utf-16' }, utf16(base), utf16(`${base}3,`)],
])('a record of 8 GB is refused in the memory of a small one: %s', async (_about, format, good, start) => {
  const feed = await lab.feed(tableOf(columns, { format }), { 't.csv': good });
  const before = await feed.everything();
  const growth = watchMemory();
  // Zero bytes to its end, which take no room on the disk.
  const night = await feed.night({ 't.csv': start }, { sizes: { 't.csv': EIGHT_GB } });
  expect(growth()).toBeLessThan(MAX_GROWTH);
  expect(night).toMatchObject({ state: 'refused', error: { name: 'RECORD_TOO_LONG' } });
  expect(await feed.everything()).toEqual(before);
});

/** Of this process, from now on; asked once. */
function watchMemory(): () => number {
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  return () => {
    clearInterval(watch);
    return Math.max(most, process.memoryUsage.rss()) - before;
  };
}

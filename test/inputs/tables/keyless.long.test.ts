import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tableOf } from '../../support/nights/input-case.ts';
import type { IntakeFeed } from '../../support/nights/intake-feed.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';

/** Tables whose rows have no key, through whole nights: production holds each row as often as the vendor sends it. */

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const columns = { name: 'text', amount: 'decimal(8,2)' };
const guards = { min_rows: 1_000_000, gone: '100%', rejected: '100%', rows: ['-100%', '+1000%'] };
const keyless = (more: Record<string, unknown> = {}) => tableOf(columns, { key: 'none', guards, ...more });
const file = (...lines: string[]) => ({ 't.csv': ['name,amount', ...lines, ''].join('\n') });
const published = { state: 'published', error: null, holds: [] };

/** Live rows without their hash: name, amount, number. */
async function rows(feed: IntakeFeed): Promise<string[]> {
  const found = await feed.rows();
  expect(found.every((row) => /^[0-9a-f]{64}$/.test(row[2]!))).toBe(true);
  return found.map(([name, amount, , copy]) => [name, amount, copy].join(' ')).sort();
}

async function night(feed: IntakeFeed, ...lines: string[]) {
  const found = await feed.night(file(...lines));
  expect(found, JSON.stringify(found.error)).toMatchObject(published);
  expect(await feed.isProved()).toBe(true);
  return found;
}

describe('rows without a key', () => {
  test('equal rows are counted: one more, one less, one changed', async () => {
    const feed = await lab.feed(keyless(), file('fig,1', 'fig,1.00', 'pear,2'));
    expect(await rows(feed)).toEqual(['fig 1.00 1', 'fig 1.00 2', 'pear 2.00 1']);
    await night(feed, 'pear,2', 'fig,01', 'fig,1', 'fig,1');
    expect(await rows(feed)).toEqual(['fig 1.00 1', 'fig 1.00 2', 'fig 1.00 3', 'pear 2.00 1']);
    await night(feed, 'pear,2.5', 'fig,1');
    expect(await rows(feed)).toEqual(['fig 1.00 1', 'pear 2.50 1']);
    const untouched = await feed.everything();
    await night(feed, 'fig,1', 'pear,2.50');
    expect(await feed.everything(), 'nothing is written').toEqual(untouched);
  });

  test('a row that cannot be read: nothing is gone; released, it goes in', async () => {
    const feed = await lab.feed(keyless(), file('fig,1', 'fig,1', 'pear,2'));
    const found = await night(feed, 'fig,1', 'plum,3.125', 'lime,4');
    expect(found.rejected).toEqual({ SCALE: 1 });
    expect(found.rejects).toEqual([expect.objectContaining({ code: 'SCALE', key: null })]);
    expect(await rows(feed)).toEqual(['fig 1.00 1', 'fig 1.00 2', 'lime 4.00 1', 'pear 2.00 1']);
    await feed.change(
      tableOf({ ...columns, amount: { type: 'decimal(8,2)', scale: 'round' } }, { key: 'none', guards }),
    );
    const { state, error } = await feed.release(2);
    expect([state, error]).toEqual(['published', null]);
    expect(await rows(feed)).toEqual(['fig 1.00 1', 'fig 1.00 2', 'lime 4.00 1', 'pear 2.00 1', 'plum 3.13 1']);
    expect(await feed.isProved()).toBe(true);
    await night(feed, 'fig,1', 'plum,3.125', 'lime,4');
    expect(await rows(feed)).toEqual(['fig 1.00 1', 'lime 4.00 1', 'plum 3.13 1']);
  });

  test('rows that the vendor drops stay, stamped, and come back; the history has what was', async () => {
    const feed = await lab.feed(keyless({ on_delete: 'retain', history: true }), file('fig,1', 'fig,1', 'pear,2'));
    await night(feed, 'fig,1', 'lime,4');
    expect(await rows(feed)).toEqual(['fig 1.00 1', 'lime 4.00 1']);
    await night(feed, 'fig,1', 'fig,1', 'lime,4');
    expect(await rows(feed)).toEqual(['fig 1.00 1', 'fig 1.00 2', 'lime 4.00 1']);
    const schema = feed.feed.feed;
    const counts = async (sql: string) => [...(await lab.sql.unsafe(sql).values())].map(([n]) => Number(n));
    expect(await counts(`SELECT count(*) FROM ${schema}.t WHERE _gone_since IS NOT NULL`)).toEqual([1]);
    expect(await counts(`SELECT count(*) FROM ${schema}.t_history`)).toEqual([2]);
  });

  test('a column more makes other rows of all, which holds the night', async () => {
    const of = (more: object) => ({ key: 'none', guards: { min_rows: 1, min_changed: 0, updated: '100%' }, ...more });
    const many = Array.from({ length: 20 }, (_, index) => `item ${index},1`);
    const feed = await lab.feed(tableOf(columns, of({})), file(...many));
    await feed.change(tableOf({ amount: columns.amount, name: columns.name }, of({})));
    expect((await feed.night(file(...many))).state, 'another order of columns').toMatch(/published|unchanged/);
    await feed.change(tableOf({ ...columns, color: 'text' }, of({})));
    const held = await feed.night({
      't.csv': ['name,amount,color', ...many.map((line) => `${line},red`), ''].join('\n'),
    });
    expect(held).toMatchObject({ state: 'held', holds: expect.arrayContaining(['MASS_DELETE']) });
    expect((await feed.approve()).state).toBe('published');
    expect(await feed.isProved()).toBe(true);
  });

  test.each([
    ['a key', keyless(), tableOf({ ...columns, name: { type: 'text', key: true } }, { guards })],
    ['no key any more', tableOf({ ...columns, name: { type: 'text', key: true } }, { guards }), keyless()],
  ])('a feed that runs gets %s: refused, and a table that is made anew is loaded', async (_what, before, after) => {
    const feed = await lab.feed(before, file('fig,1', 'pear,2'));
    const untouched = await feed.everything();
    await expect(feed.change(after)).rejects.toMatchObject({
      name: 'MIGRATION_NEEDED',
      hint: expect.stringContaining('--restart t'),
    });
    expect(await feed.everything()).toEqual(untouched);
    await lab.sql.unsafe(`ALTER TABLE ${feed.feed.feed}.t RENAME TO t_before`);
    await feed.change(after, {}, { tables: ['t'], by: 'ada', reason: 'no key' });
    await night(feed, 'fig,1', 'pear,3');
    expect((await feed.rows()).map(([name, amount]) => `${name} ${amount}`).sort()).toEqual(['fig 1.00', 'pear 3.00']);
  });
});

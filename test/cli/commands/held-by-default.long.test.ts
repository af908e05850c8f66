import { expect, onTestFinished, test } from 'vitest';
import { PriceDesk } from '../../support/vendors/price-desk.ts';

/** What a user writes who thinks of no guard, and more. */
const feedWith = (more = '', files = 'prices*.csv') => `feed: shop
source: {folder: "./inbox/{date}"}
tables:
  prices:
    files: "${files}"
    on_delete: delete
    columns: {id: {type: bigint, key: true}, name: text, price: "decimal(6,2)"}
${more}`;

async function deskWith(more = ''): Promise<PriceDesk> {
  const desk = await PriceDesk.open(feedWith(more));
  onTestFinished(() => desk.close());
  return desk;
}

const row = (id: number, price = '1.00') => `${id},row ${id},${price}`;
const rows = (count: number, price?: string) => Array.from({ length: count }, (_, index) => row(index + 1, price));
const head = 'id,name,price';

test('two dumps of a table in one folder are no table', async () => {
  const desk = await deskWith();
  await desk.put('2026-11-18', 'prices_17.csv', [head, ...rows(60)]);
  await desk.put('2026-11-18', 'prices_18.csv', [head, ...rows(58), row(59, '2.00')]);

  const held = await desk.night('2026-11-18');

  expect(held, held.stderr).toMatchObject({
    code: 3,
    answer: {
      state: 'held',
      holds: [
        {
          guard: 'FILES_OVERLAP',
          table: 'prices',
          value: 59,
          limit: 0,
          files: ['"prices_17.csv"', '"prices_18.csv"'],
          keys: ['59', '1', '2'],
        },
      ],
    },
  });
  await desk.describe(feedWith('    guards: {overlap: 50%}\n'));
  expect(await desk.night('2026-11-18')).toMatchObject({ code: 0, answer: { state: 'published' } });
  expect(await desk.rows()).toHaveLength(59);
});

test('a small table is not emptied, nor mostly rejected, without a question', async () => {
  const desk = await deskWith();
  await desk.publish('2026-11-18', rows(900));

  await desk.deliver(
    '2026-11-19',
    rows(900).map((line, index) => (index < 600 ? line.replace('1.00', '1,00') : line)),
  );
  const unreadable = await desk.night('2026-11-19');
  await desk.deliver('2026-11-20', rows(1));
  const gone = await desk.night('2026-11-20');

  const guards = (night: typeof gone) => night.answer.holds.map(({ guard }: { guard: string }) => guard);
  expect(unreadable).toMatchObject({ code: 3, answer: { state: 'held' } });
  expect(guards(unreadable)).toEqual(expect.arrayContaining(['REJECTED_LIMIT']));
  expect(gone).toMatchObject({ code: 3, answer: { state: 'held' } });
  expect(guards(gone)).toEqual(expect.arrayContaining(['MASS_DELETE']));
  expect(await desk.rows()).toHaveLength(900);
});

test('a record that nobody can read suspends the deletes for two nights, and is shown in the third', async () => {
  const guards = (suspended = '') => `    guards: {rejected: 100%${suspended}}\n`;
  const desk = await deskWith(guards());
  const deliver = (date: string, count: number) => desk.deliver(date, [...rows(count), '***END OF FILE***']);
  const night = async (date: string, count: number) => {
    await deliver(date, count);
    return desk.night(date);
  };
  const footer = { guard: 'DELETES_SUSPENDED', table: 'prices', footer: true };

  expect((await night('2026-11-16', 30)).answer).toMatchObject({ state: 'published', warnings: [] });
  expect((await night('2026-11-17', 29)).answer).toMatchObject({ state: 'published', warnings: [] });
  expect((await night('2026-11-18', 28)).answer).toMatchObject({
    state: 'published',
    warnings: [{ ...footer, value: 2 }],
  });
  const third = await night('2026-11-19', 27);
  const status = await desk.run(['status', 'shop/2026-11-19']);
  const fourth = await night('2026-11-20', 26);

  expect(third).toMatchObject({ code: 3, answer: { state: 'held', holds: [{ ...footer, value: 3 }] } });
  expect(status.stdout).toMatch(
    /looks like a footer.*\n.*"prices.csv", byte \d+, the last record: FIELD_COUNT \| \*\*\*END OF FILE/,
  );
  expect(fourth).toMatchObject({ code: 3, answer: { state: 'held', holds: [{ ...footer, value: 3 }] } });
  await desk.describe(feedWith(guards(', suspended: {severity: warn}')));
  expect(await desk.night('2026-11-20')).toMatchObject({ code: 0, answer: { state: 'published' } });
  expect(await desk.rows()).toHaveLength(30);
});

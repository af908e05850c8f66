import { expect, onTestFinished, test } from 'vitest';
import { isFull } from '../../support/full.ts';
import { feedText, PriceDesk } from '../../support/vendors/price-desk.ts';

const bad = ['1,one,1.00', '2,two,2.125', '3,three,3.00', '4,four,many', '5,five,5.5'];
const wider = feedText({ price: 'decimal(9,3)' });
const held = [
  ['1', 'one', '1.000'],
  ['2', 'two', '2.125'],
  ['3', 'three', '3.000'],
  ['4', 'four', '4.000'],
  ['5', 'five', '5.500'],
];

/** After a night with two rejects, one of which the mended feed file can read. */
async function mendedDesk(): Promise<PriceDesk> {
  const desk = await PriceDesk.open();
  onTestFinished(() => desk.close());
  await desk.publish('2026-11-18', ['1,one,1.00', '2,two,2.00', '3,three,3.00', '4,four,4.00']);
  await desk.publish('2026-11-19', bad);
  await desk.describe(wider);
  await desk.sql.unsafe(`DROP VIEW prices_versions; ALTER TABLE prices ALTER COLUMN price TYPE numeric(9,3);
    ALTER TABLE prices_history ALTER COLUMN price TYPE numeric(9,3)`);
  return desk;
}

const always = ['diff.receipt', 'publish.written', 'publish.committed'] as const;
const sometimes = [
  'claim.done',
  'publish.staged',
  'publish.begun',
  'publish.committing',
  'notify.sent',
  'tidy.done',
] as const;

test.each(isFull ? [...always, ...sometimes] : always)('a release that is killed at %s, and again', async (point) => {
  const desk = await mendedDesk();
  const release = ['quarantine', 'release', 'shop/2026-11-19'];

  await desk.run([...release, '--json'], { NIGHTFEED_FAIL_AT: point });
  const again = await desk.ask(...release);

  expect(again, again.stderr).toMatchObject({ code: 0, answer: { error: null } });
  expect(await desk.rows()).toEqual(held);
  expect(await desk.agrees()).toBe(true);
  expect((await desk.ask('quarantine', 'list')).answer.quarantine).toMatchObject([
    { run: 'shop/2026-11-19', code: 'FORMAT', rows: 1 },
  ]);
  expect((await desk.ask(...release)).answer).toMatchObject({ run: null, state: 'unchanged' });
  const [sent] = await desk.sql`
    SELECT count(*)::integer AS all, count(sent_at)::integer AS sent, count(DISTINCT (date, revision, state))::integer AS different
    FROM nightfeed.outbox`;
  expect(sent).toEqual({ all: 3, sent: 3, different: 3 });

  const next = await desk.publish('2026-11-20', bad);
  expect(next.tables.prices).toMatchObject({ inserted: 0, updated: 0, gone: 0, unchanged: 4, rejected: 1 });
  expect(await desk.agrees()).toBe(true);
});

test('a night that is published under a release makes it start over', async () => {
  const desk = await mendedDesk();
  const release = ['quarantine', 'release', 'shop/2026-11-19'];
  const frozen = desk.start(release, { NIGHTFEED_FAIL_AT: 'diff.receipt:stop' });
  await frozen.frozen();
  await desk.sql`UPDATE nightfeed.run SET lease = now() - interval '1 hour', owner = '{"host": "other", "pid": 1, "started": ""}' WHERE state = 'running'`;
  const next = await desk.publish(
    '2026-11-20',
    bad.map((line) => line.replace('two,2.125', 'two,2.5')),
  );
  expect(next.tables.prices).toMatchObject({ updated: 1 });

  const { json } = await frozen.thaw();

  expect(['BASE_MOVED', 'FENCED', 'OLDER_DELIVERY']).toContain(json?.error?.name);
  expect((await desk.ask(...release)).answer).toMatchObject({
    state: 'published',
    released: { prices: { records: 2, released: 0, newer: 1, rejected: { FORMAT: 1 } } },
  });
  expect((await desk.rows())[1]).toEqual(['2', 'two', '2.500']);
  expect(await desk.agrees()).toBe(true);
});

test.each(['diff.engine', 'publish.committed'] as const)(
  'a table whose adoption is killed at %s, and again',
  async (point) => {
    const desk = await PriceDesk.open();
    onTestFinished(() => desk.close());
    await desk.sql.unsafe(
      `CREATE TABLE prices (id bigint PRIMARY KEY, name text, price numeric(6,2)); INSERT INTO prices VALUES (1, 'one', 1)`,
    );
    const adopt = ['adopt', desk.feed, '--date', '2026-11-17', '--yes'];
    await desk.run([...adopt, '--json'], { NIGHTFEED_FAIL_AT: point });
    expect(await desk.ask(...adopt)).toMatchObject({ code: 0 });
    expect(await desk.agrees()).toBe(true);
    expect(
      await desk.sql`SELECT count(*)::integer AS all, count(sent_at)::integer AS sent FROM nightfeed.outbox`,
    ).toEqual([{ all: 1, sent: 1 }]);
    const first = await desk.publish('2026-11-18', ['1,one,1.00', '2,two,2.00']);
    expect(first.tables.prices).toMatchObject({ inserted: 1, updated: 0, unchanged: 1 });
  },
);

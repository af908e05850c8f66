import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Finding } from '../../../lib/core/guards/finding.ts';
import type { RunMessage } from '../../../lib/core/run/message.ts';
import { labsAfter } from '../../support/nights/labs-after.ts';
import type { NightLab } from '../../support/nights/night-lab.ts';
import { type Delivery, dateOf, deliveryOf, feedFile } from '../../support/vendors/night-vendor.ts';

const NIGHTS = 5;
const DAY = dateOf(NIGHTS + 1);
const RUN = `shop/${DAY}`;

const fork = labsAfter(NIGHTS);

/** Four tenths of the products missing: far from usual, and allowed by the feed file's 50 %. */
const fewer = ((): Delivery => {
  const { products, stock } = deliveryOf(NIGHTS + 1);
  return { products: products.filter((_row, index) => index % 5 > 1), stock };
})();

interface Guarding {
  /** Of the table `products`, in place of its limit for rows that are gone. */
  readonly gone?: string;
  readonly feed?: string;
}

/** A lab of this feed file into which the night came with fewer products. */
async function labOf({ gone = '50%', feed = '' }: Guarding): Promise<NightLab> {
  const lab = await fork();
  const text = feedFile('{folder: "vendor/{date}"}').replace('gone: 50%', `gone: ${gone}`);
  writeFileSync(join(lab.folder, 'feed.yaml'), `${text}guards: {learn: {after: 3, nights: 7}${feed && `, ${feed}`}}\n`);
  lab.deliver(DAY, fewer);
  return lab;
}

async function messageOf(lab: NightLab, state: string): Promise<RunMessage> {
  const [row] = await lab.sql<{ message: RunMessage }[]>`
    SELECT message FROM nightfeed.outbox WHERE date = ${DAY} AND state = ${state}`;
  return row!.message;
}

const approve = (by: string, ...more: string[]) => [
  'approve',
  RUN,
  '--by',
  by,
  '--reason',
  'the vendor confirmed it',
  ...more,
];

/** What is known of the three nights that have a base and came before the last ones. */
const learned = expect.objectContaining({ nights: NIGHTS - 1, median: expect.any(Number), spread: expect.any(Number) });

test('what is far from usual is warned of, and published', async () => {
  const lab = await labOf({});

  const night = await lab.night(DAY);
  const history = await lab.run(['history', '--limit', '1']);

  expect(night, night.stderr).toMatchObject({ code: 0, json: { state: 'published', holds: [] } });
  const warning = { table: 'products', guard: 'MASS_DELETE', basis: 'learned', usual: learned };
  expect(night.json?.warnings).toEqual(expect.arrayContaining([expect.objectContaining(warning)]));
  expect((await messageOf(lab, 'published')).warnings).toEqual(night.json?.warnings);
  expect(history.json).toMatchObject({ runs: [{ run: RUN, state: 'published', warnings: night.json?.warnings }] });
  const [row] = await lab.sql`SELECT measures FROM nightfeed.run WHERE date = ${DAY}`;
  expect(row?.measures).toMatchObject({ tables: { products: { gone: expect.closeTo(0.42, 1) } } });
  await lab.checkInvariants(fewer);
});

test('what is far from usual holds where the feed says so, and explains itself', async () => {
  const lab = await labOf({ gone: '{limit: 50%, learned: hold}' });

  const night = await lab.night(DAY);
  const status = await lab.run(['status', RUN]);

  expect(night, night.stderr).toMatchObject({ code: 3, json: { state: 'held' } });
  const [hold] = night.json!.holds as Finding[];
  expect(hold).toMatchObject({ guard: 'MASS_DELETE', basis: 'learned', usual: learned });
  expect(hold!.value).toBeGreaterThan(hold!.limit);
  const detail = (status.json as never as { run: Record<string, unknown> }).run;
  expect(detail).toMatchObject({ state: 'held', open: ['MASS_DELETE'], decisions: [] });
  const [samples] = detail.samples as { guard: string; rows: string[] }[];
  expect(samples).toMatchObject({ guard: 'MASS_DELETE', table: 'products' });
  expect(samples!.rows).toHaveLength(10);
  expect(samples!.rows[0]).toMatch(/^id \d+ \| name: thing "\d+", \d+, price: \d+\.\d\d, seen: /);
  await lab.checkInvariants(deliveryOf(NIGHTS));
  expect(await lab.run(approve('ada'))).toMatchObject({ code: 0, json: { state: 'published' } });
  await lab.checkInvariants(fewer);
});

test('guards are approved one by one; the run goes on after the last one', async () => {
  const lab = await labOf({ gone: '10%' });
  const feedPath = join(lab.folder, 'feed.yaml');
  writeFileSync(
    feedPath,
    feedFile('{folder: "vendor/{date}"}').replace('gone: 50%', 'gone: 10%').replace('[-50%', '[-10%'),
  );
  const night = await lab.night(DAY);
  expect(night.json?.holds.map(({ guard }) => guard)).toEqual(['ROWCOUNT_DROP', 'MASS_DELETE']);

  const wrong = await lab.run(approve('ada', '--guard', 'MASS_UPDATE'));
  const first = await lab.run(approve('ada', '--guard', 'MASS_DELETE'));
  const again = await lab.run(approve('ada', '--guard', 'MASS_DELETE'));
  const asked = await lab.night(DAY);
  const second = await lab.run(approve('bob', '--guard', 'ROWCOUNT_DROP'));

  expect(wrong).toMatchObject({
    code: 2,
    json: { error: { name: 'NOT_HELD', message: expect.stringContaining('is not held by MASS_UPDATE') } },
  });
  expect(first).toMatchObject({ code: 3, json: { state: 'held', open: ['ROWCOUNT_DROP'] } });
  expect(again).toMatchObject({ code: 3, json: { state: 'held', open: ['ROWCOUNT_DROP'] } });
  expect(asked).toMatchObject({ code: 3, json: { state: 'held', run: RUN } });
  expect(second, second.stderr).toMatchObject({ code: 0, json: { state: 'published', run: RUN } });
  const decided = await lab.sql`SELECT decided_by, guards FROM nightfeed.decision ORDER BY position`;
  expect([...decided]).toEqual([
    { decided_by: 'ada', guards: ['MASS_DELETE'] },
    { decided_by: 'bob', guards: ['ROWCOUNT_DROP'] },
  ]);
  await lab.checkInvariants(fewer);
});

test('deletes that want two people wait for the second one', async () => {
  const lab = await labOf({ gone: '{limit: 10%, people: 2}' });
  expect(await lab.night(DAY)).toMatchObject({ code: 3, json: { holds: [{ guard: 'MASS_DELETE', people: 2 }] } });

  const ada = await lab.run(approve('ada'));
  const adaAgain = await lab.run(approve(' Ada'));
  await lab.checkInvariants(deliveryOf(NIGHTS));
  const bob = await lab.run(approve('bob'));

  expect(ada).toMatchObject({ code: 3, json: { state: 'held', open: ['MASS_DELETE'] } });
  expect(adaAgain).toMatchObject({
    code: 2,
    json: {
      error: { name: 'SECOND_PERSON', message: expect.stringContaining('MASS_DELETE needs two different people') },
    },
  });
  expect(bob, bob.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
  await lab.checkInvariants(fewer);
});

test('half an approval ends with the delivery that it was for', async () => {
  const lab = await labOf({ gone: '{limit: 10%, people: 2}' });
  await lab.night(DAY);
  await lab.run(approve('ada'));
  const { products, stock } = fewer;
  lab.deliver(DAY, { products: products.slice(1), stock });

  const corrected = await lab.night(DAY);
  const bob = await lab.run(approve('bob'));
  const next = await lab.run(['approve', `${RUN}-r2`, '--by', 'bob', '--reason', 'seen']);

  expect(corrected).toMatchObject({ code: 3, json: { state: 'held', run: `${RUN}-r2` } });
  expect(bob).toMatchObject({ code: 2, json: { error: { name: 'NOT_HELD' } } });
  expect(next).toMatchObject({ code: 3, json: { state: 'held', open: ['MASS_DELETE'] } });
});

test('a message shows rows only where the feed wants them there', async () => {
  const [silent, open] = [
    await labOf({ gone: '10%' }),
    await labOf({ gone: '10%', feed: 'samples_in_messages: true' }),
  ];
  for (const lab of [silent, open]) await lab.night(DAY);

  expect(await messageOf(silent, 'held')).not.toHaveProperty('samples');
  expect((await messageOf(open, 'held')).samples).toEqual([
    {
      table: 'products',
      guard: 'MASS_DELETE',
      rows: expect.arrayContaining([expect.stringMatching(/^id \d+ \| name: /)]),
    },
  ]);
});

import { statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { labsAfter } from '../../support/nights/labs-after.ts';
import type { NightLab } from '../../support/nights/night-lab.ts';
import { corrected, dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

const fork = labsAfter(2);

const messages = (lab: NightLab) => lab.sql`SELECT id FROM nightfeed.outbox ORDER BY position`.values();

test('the same night again changes nothing, not even the ledger', async () => {
  const lab = await fork();
  const [rows, told] = [await lab.fingerprints(), await messages(lab)];

  const again = await lab.night(dateOf(2));

  expect(again).toMatchObject({ code: 0, json: { state: 'unchanged', run: `shop/${dateOf(2)}` } });
  expect(await lab.fingerprints()).toEqual(rows);
  expect(await messages(lab)).toEqual(told);
});

test('an older date is refused', async () => {
  const lab = await fork();
  const rows = await lab.fingerprints();
  lab.deliver('2026-11-01', deliveryOf(7));

  for (const date of ['2026-11-01', '2026-11-01', dateOf(1)]) {
    const older = await lab.night(date);
    expect(older).toMatchObject({ code: 5, json: { state: 'refused', error: { name: 'OLDER_DELIVERY' } } });
  }
  expect(await lab.fingerprints()).toEqual(rows);
  expect(await lab.states()).toEqual({ '2026-11-01': 'refused', [dateOf(1)]: 'published', [dateOf(2)]: 'published' });
  expect((await messages(lab)).map(([id]) => id)).toContain('shop/2026-11-01:refused:-');
  await lab.checkInvariants(deliveryOf(2));
});

test('the same bytes under a new date are published without changes, with a warning', async () => {
  const lab = await fork();
  const rows = await lab.fingerprints();
  lab.deliver(dateOf(3), deliveryOf(2));

  const resent = await lab.night(dateOf(3));

  expect(resent).toMatchObject({ code: 0, json: { state: 'published', run: `shop/${dateOf(3)}` } });
  expect(resent.json!.warnings).toMatchObject([{ guard: 'RESENT', table: null }]);
  for (const table of Object.values(resent.json!.tables))
    expect(table).toMatchObject({ inserted: 0, updated: 0, returned: 0, gone: 0 });
  expect(await lab.fingerprints()).toEqual(rows);
  await lab.checkInvariants(deliveryOf(2));
});

test('or held, when the feed file wants it, until the day’s own bytes come', async () => {
  const lab = await fork();
  lab.describeSource('{folder: "vendor/{date}"}\nguards: {resent: hold}');
  lab.deliver(dateOf(3), deliveryOf(2));

  const held = await lab.night(dateOf(3));
  await lab.checkInvariants(deliveryOf(2));
  lab.deliver(dateOf(3), deliveryOf(3));
  const published = await lab.night(dateOf(3));

  expect(held).toMatchObject({ code: 3, json: { state: 'held', holds: [{ guard: 'RESENT', table: null }] } });
  expect(published, published.stderr).toMatchObject({
    code: 0,
    json: { state: 'published', run: `shop/${dateOf(3)}-r2` },
  });
  expect(published.json!.warnings).not.toContainEqual(expect.objectContaining({ guard: 'RESENT' }));
  await lab.checkInvariants(deliveryOf(3));
});

test('one table that stays as it was is no sign of a delivery sent again', async () => {
  const lab = await fork();
  lab.describeSource('{folder: "vendor/{date}"}\nguards: {resent: hold}');
  const mixed = { ...deliveryOf(2), stock: deliveryOf(3).stock };
  lab.deliver(dateOf(3), mixed);

  expect(await lab.night(dateOf(3))).toMatchObject({ code: 0, json: { state: 'published' } });
  await lab.checkInvariants(mixed);
});

test('other bytes for a published date are its next revision, and the same again is unchanged', async () => {
  const lab = await fork();
  const correction = corrected(deliveryOf(2));
  lab.deliver(dateOf(2), correction, 9);

  const second = await lab.night(dateOf(2));
  const again = await lab.night(dateOf(2));

  expect(second).toMatchObject({
    code: 0,
    json: { state: 'published', run: `shop/${dateOf(2)}-r2`, tables: { products: { updated: 1 } } },
  });
  expect(again).toMatchObject({ code: 0, json: { state: 'unchanged', run: `shop/${dateOf(2)}-r2` } });
  await lab.checkInvariants(correction);
});

test('the same bytes with another time are looked at, and unchanged', async () => {
  const lab = await fork();
  const rows = await lab.fingerprints();
  lab.deliver(dateOf(2), deliveryOf(2), 5);

  const resent = await lab.night(dateOf(2));
  const again = await lab.night(dateOf(2));

  expect(resent).toMatchObject({ code: 0, json: { state: 'unchanged' } });
  expect(again).toMatchObject({ code: 0, json: { state: 'unchanged' } });
  expect(await lab.fingerprints()).toEqual(rows);
  await lab.checkInvariants(deliveryOf(2));
});

test('a published date whose files were taken away is unchanged', async () => {
  const lab = await fork();
  const rows = await lab.fingerprints();
  lab.remove(dateOf(2));

  const again = await lab.night(dateOf(2));

  expect(again).toMatchObject({ code: 0, json: { state: 'unchanged', run: `shop/${dateOf(2)}` } });
  expect(await lab.states()).toEqual({ [dateOf(1)]: 'published', [dateOf(2)]: 'published' });
  expect(await lab.fingerprints()).toEqual(rows);
});

test('the first bytes after a correction are a third revision', async () => {
  const lab = await fork();
  lab.deliver(dateOf(2), corrected(deliveryOf(2)), 9);
  await lab.night(dateOf(2));
  lab.deliver(dateOf(2), deliveryOf(2), 8);

  const third = await lab.night(dateOf(2));

  expect(third).toMatchObject({ code: 0, json: { state: 'published', run: `shop/${dateOf(2)}-r3` } });
  await lab.checkInvariants(deliveryOf(2));
});

test('a night without a delivery is late, never empty, and is published when it comes', async () => {
  const lab = await fork();

  const late = await lab.night(dateOf(3));
  const stillLate = await lab.night(dateOf(3));
  await lab.checkInvariants(deliveryOf(2));
  lab.deliver(dateOf(3), deliveryOf(3));
  const published = await lab.night(dateOf(3));

  for (const { code, json } of [late, stillLate])
    expect([code, json?.state, json?.error?.name]).toEqual([4, 'late', 'LATE']);
  expect(published).toMatchObject({ code: 0, json: { state: 'published', run: `shop/${dateOf(3)}` } });
  expect(
    await lab.sql`SELECT state FROM nightfeed.outbox WHERE date = ${dateOf(3)} ORDER BY position`.values(),
  ).toEqual([['late'], ['published']]);
  await lab.checkInvariants(deliveryOf(3));
});

test('other bytes of the same name, size and time are found when these were trusted for a week', async () => {
  const lab = await fork();
  const other = corrected(deliveryOf(2), '9.99');
  const path = join(lab.folder, 'vendor', dateOf(2), 'products.csv');
  const { size, atime, mtime } = statSync(path);
  lab.deliver(dateOf(2), other);
  utimesSync(path, atime, mtime);
  utimesSync(path.replace('products', 'stock'), atime, mtime);
  expect(statSync(path)).toMatchObject({ size, mtime });

  const trusted = await lab.night(dateOf(2));
  await lab.sql`UPDATE nightfeed.run SET ended_at = ended_at - interval '8 days'`;
  const verified = await lab.night(dateOf(2));
  const again = await lab.night(dateOf(2));

  expect(trusted).toMatchObject({ code: 0, json: { state: 'unchanged', run: `shop/${dateOf(2)}` } });
  expect(verified).toMatchObject({
    code: 0,
    json: { state: 'published', run: `shop/${dateOf(2)}-r2`, tables: { products: { updated: 1 } } },
  });
  expect(again).toMatchObject({ code: 0, json: { state: 'unchanged', run: `shop/${dateOf(2)}-r2`, steps: {} } });
  await lab.checkInvariants(other);
});

test('the same bytes, read again after a week, are unchanged, and then trusted again', async () => {
  const lab = await fork();
  await lab.sql`UPDATE nightfeed.run SET ended_at = ended_at - interval '8 days'`;

  const verified = await lab.night(dateOf(2));
  const again = await lab.night(dateOf(2));

  expect(verified).toMatchObject({ code: 0, json: { state: 'unchanged', steps: { pull: expect.any(Number) } } });
  expect(verified.stderr).toContain('their bytes are read again');
  expect(again).toMatchObject({ code: 0, json: { state: 'unchanged', steps: {} } });
});

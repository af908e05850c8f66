import { globSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PriceDesk } from '../../support/vendors/price-desk.ts';
import { bad, deskAfter, good, mend, quoted, wider } from './quarantined-prices.ts';

const keep = 'keep: {landing: 1d, changes: 1d}\n';
const RUN = 'shop/2026-11-19';

/** As if everything in the lake had come so many days earlier. */
function age(desk: PriceDesk, days: number): void {
  const then = new Date(Date.now() - days * 24 * 3600 * 1000);
  for (const path of globSync(join(desk.home, 'lake', '*', '**', '*.*'))) utimesSync(path, then, then);
}

const lying = (desk: PriceDesk, zone: string, date: string) =>
  globSync(join(desk.home, 'lake', zone, 'shop', date, '**', '*.*'));

test('old rows in quarantine are shown and released, with all that the nights since say, while nobody decided on them', async () => {
  const desk = await deskAfter(good, quoted(bad));
  await mend(desk, `${wider}${keep}`);
  // Each of these nights rejects row 4 again, so that nothing decides on it.
  const still = bad.filter((line) => !line.startsWith('x'));
  for (const date of ['2026-11-20', '2026-11-21', '2026-11-22']) {
    age(desk, 5);
    await desk.publish(date, still);
  }
  expect(lying(desk, 'landing', '2026-11-18')).toEqual([]);
  expect(lying(desk, 'landing', '2026-11-19')).not.toEqual([]);

  const shown = await desk.ask('quarantine', 'show', RUN);
  expect(shown.code, shown.stderr).toBe(0);
  expect(JSON.stringify(shown.answer)).not.toContain('REMOVED_BY_KEEP');
  const released = await desk.ask('quarantine', 'release', RUN);
  expect(released, released.stderr).toMatchObject({ code: 0 });
  expect((await desk.ask('audit', desk.feed)).code).toBe(0);
});

test('what a later delivery decided on is not kept: the answer says what went, and everything else goes on', async () => {
  const desk = await deskAfter(good, quoted(bad));
  await mend(desk, `${wider}${keep}`);
  for (const date of ['2026-11-20', '2026-11-21', '2026-11-22']) {
    age(desk, 5);
    await desk.publish(date, good);
  }
  expect([...lying(desk, 'landing', '2026-11-19'), ...lying(desk, 'changes', '2026-11-19')]).toEqual([]);

  for (const command of ['show', 'release'] as const) {
    const refused = await desk.ask('quarantine', command, RUN);
    expect(refused.code).toBe(2);
    expect(refused.answer).toMatchObject({ error: { name: 'REMOVED_BY_KEEP' } });
  }
  expect((await desk.ask('status', RUN)).code).toBe(0);
  expect((await desk.ask('audit', desk.feed)).code).toBe(0);
  expect((await desk.ask('plan', desk.feed, '--date', '2026-11-22')).answer).toMatchObject({ state: 'unchanged' });
  await desk.deliver('2026-11-23', [...good, '9,nine,9.00']);
  expect((await desk.ask('plan', desk.feed, '--date', '2026-11-23')).answer).toMatchObject({
    state: 'published',
    tables: { prices: { inserted: 1 } },
  });
  const night = await desk.ask('run', desk.feed, '--date', '2026-11-23');
  expect(night.answer).toMatchObject({ state: 'published', tables: { prices: { inserted: 1, updated: 0, gone: 0 } } });
  expect(night.stderr).not.toContain('read back');
});

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { failPoints } from '../../../lib/core/run/fail-point.ts';
import { isFull } from '../../support/full.ts';
import { thirdNight } from '../../support/nights/labs-after.ts';
import { BEFORE_MS, NightLab } from '../../support/nights/night-lab.ts';
import { describePostgres } from '../../support/postgres/postgres.ts';
import { dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

describePostgres('kill -9, then the same command again', (version) => {
  const points = isFull || version === 17 ? failPoints : (['publish.written'] as const);
  const third = thirdNight({ version });

  test.each(points)('on a night with changes, at %s', async (point) => {
    const lab = await third.lab();

    const killed = await lab.night(dateOf(3), { NIGHTFEED_FAIL_AT: point });
    const again = await lab.night(dateOf(3));

    expect(killed.signal).toBe('SIGKILL');
    expect(again.code, again.stderr).toBe(0);
    expect(again.json?.run).toBe(`shop/${dateOf(3)}`);
    await third.expectLikeTwin(lab);
  });

  test.each([1, 2, 3])('its history tells what was valid on night %i', async (night) => {
    expect(await third.twin().asOf(dateOf(night))).toEqual(deliveryOf(night).products.map((row) => row.slice(0, 3)));
  });

  test('the night has changes of every kind', async () => {
    const [run] = await third.twin()
      .sql`SELECT tables -> 'products' AS products FROM nightfeed.run WHERE date = ${dateOf(3)}`;
    const kinds = ['inserted', 'updated', 'returned', 'gone', 'unchanged'];
    expect(kinds.filter((kind) => !(run!.products[kind] > 0))).toEqual([]);
  });
});

describe('kill -9 on a first load, then the same command again', () => {
  let twin: NightLab;

  beforeAll(async () => {
    twin = await NightLab.after(1);
  }, BEFORE_MS);
  afterAll(() => twin.close());

  test.each(isFull ? failPoints : (['publish.written', 'publish.committing'] as const))('at %s', async (point) => {
    const lab = await NightLab.open();
    onTestFinished(() => lab.close());
    lab.deliver(dateOf(1), deliveryOf(1));

    const killed = await lab.night(dateOf(1), { NIGHTFEED_FAIL_AT: point });
    const again = await lab.night(dateOf(1));

    expect(killed.signal).toBe('SIGKILL');
    expect(again.code, again.stderr).toBe(0);
    await lab.checkInvariants(deliveryOf(1));
    expect(await lab.fingerprints()).toEqual(await twin.fingerprints());
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { keys } from '../../../lib/core/run/keys.ts';
import { BEFORE_MS, NightLab } from '../../support/nights/night-lab.ts';
import { copyDatabase, type FreshDatabase, freshDatabase } from '../../support/postgres/postgres.ts';
import { corrected, dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

describe('a lake that is further along than its ledger', () => {
  let second: NightLab;
  let fourth: NightLab;
  let twin: Record<string, unknown>;

  beforeAll(async () => {
    second = await NightLab.after(2);
    fourth = await second.fork();
    for (const night of [3, 4]) await fourth.publish(dateOf(night), deliveryOf(night));
    twin = await fourth.fingerprints();
  }, BEFORE_MS);
  afterAll(() => Promise.all([second.close(), fourth.close()]));

  async function lakeWith(database: FreshDatabase): Promise<NightLab> {
    const lab = await fourth.fork(database);
    onTestFinished(() => lab.close());
    return lab;
  }

  async function expectPublished(lab: NightLab, night: number): Promise<void> {
    const { code, json, stderr } = await lab.night(dateOf(night));
    expect({ code, state: json?.state }, stderr).toEqual({ code: 0, state: 'published' });
  }

  test('a new database takes the newest delivery in, and goes on', async () => {
    const lab = await lakeWith(await freshDatabase());
    lab.deliver(dateOf(5), deliveryOf(5));

    for (const night of [4, 5]) await expectPublished(lab, night);

    await lab.checkInvariants(deliveryOf(5));
  });

  test('a database restored to the second night repeats the others', async () => {
    const lab = await lakeWith(await copyDatabase(second.database));

    for (const night of [3, 4]) await expectPublished(lab, night);

    await lab.checkInvariants(deliveryOf(4));
    expect(await lab.fingerprints()).toEqual(twin);
  });

  test('a delivery of the same name with other rows has them, in `current` too', async () => {
    const lab = await lakeWith(await copyDatabase(second.database));
    lab.deliver(dateOf(3), corrected(deliveryOf(3)), 5);
    lab.deliver(dateOf(4), corrected(deliveryOf(4)), 5);
    const fourthNight = keys.newest({ feed: 'shop', date: dateOf(4), revision: 1 });
    const contentOf = (of: NightLab) => JSON.parse(readFileSync(join(of.home, 'lake', fourthNight), 'utf8')).content;

    for (const night of [3, 4]) await expectPublished(lab, night);

    await lab.checkInvariants(corrected(deliveryOf(4)));
    expect(contentOf(lab)).toMatch(/^[0-9a-f]{16}$/);
    expect(contentOf(lab)).not.toBe(contentOf(fourth));
  });
});

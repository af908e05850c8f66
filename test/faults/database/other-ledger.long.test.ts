import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { keys } from '../../../lib/core/run/keys.ts';
import { BEFORE_MS, NightLab } from '../../support/nights/night-lab.ts';
import { copyDatabase, type FreshDatabase, freshDatabase } from '../../support/postgres/postgres.ts';
import { corrected, dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

describe('a lake and a ledger of different nights', () => {
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

  test('a lake restored to the second night, beside the newer ledger, takes the next night', async () => {
    const lab = await fourth.fork();
    onTestFinished(() => lab.close());
    rmSync(join(lab.home, 'lake'), { recursive: true });
    cpSync(join(second.home, 'lake'), join(lab.home, 'lake'), { recursive: true });
    lab.deliver(dateOf(5), deliveryOf(5));

    const before = await audit(lab);
    expect(before).toMatchObject({
      code: 0,
      json: { lake: { here: true, lost: [{ table: 'products' }, { table: 'stock' }], ahead: [] } },
    });
    expect(before.json.lake.next).toEqual([expect.stringContaining('reads these tables back from production')]);
    await expectPublished(lab, 5);

    await lab.checkInvariants(deliveryOf(5));
    expect(await audit(lab)).toMatchObject({ code: 0, json: { lake: fits } });
  });

  const fits = { here: true, lost: [], ahead: [], next: [] };

  // biome-ignore lint/suspicious/noExplicitAny: docs/json.md has its form, and a test of its own
  async function audit(lab: NightLab): Promise<{ code: number | null; json: any }> {
    const { code, json } = await lab.run(['audit', join(lab.folder, 'feed.yaml')]);
    return { code, json };
  }

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

    const { code, json } = await audit(lab);
    expect({ code, tables: json.tables }).toEqual({ code: 1, tables: [] });
    expect(json.lake.next).toEqual([
      expect.stringMatching(new RegExp(`order: nightfeed run \\S+ --date ${dateOf(4)}$`)),
    ]);

    for (const night of [4, 5]) await expectPublished(lab, night);

    await lab.checkInvariants(deliveryOf(5));
  });

  test('a database restored to the second night repeats the others, as the audit says', async () => {
    const lab = await lakeWith(await copyDatabase(second.database));
    const { code, json } = await audit(lab);
    expect(code).toBe(1);
    expect(json).toMatchObject({
      tables: [{ agrees: true }, { agrees: true }],
      lake: { here: true, lost: [], ahead: [3, 4].map((night) => `shop/${dateOf(night)}`) },
    });
    const commands = [3, 4].map((night) => `nightfeed run ${join(lab.folder, 'feed.yaml')} --date ${dateOf(night)}`);
    expect(json.lake.next).toEqual([expect.stringContaining(commands.join('; '))]);

    for (const night of [3, 4]) await expectPublished(lab, night);

    await lab.checkInvariants(deliveryOf(4));
    expect(await lab.fingerprints()).toEqual(twin);
    expect(await audit(lab)).toMatchObject({ code: 0, json: { lake: fits } });
  });

  test('or goes on with the next one at once', async () => {
    const lab = await lakeWith(await copyDatabase(second.database));
    lab.deliver(dateOf(5), deliveryOf(5));

    await expectPublished(lab, 5);

    await lab.checkInvariants(deliveryOf(5));
    expect(await audit(lab)).toMatchObject({ code: 0, json: { lake: fits } });
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

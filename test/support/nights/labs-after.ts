import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import type { PostgresVersion } from '../postgres/postgres.ts';
import { dateOf, deliveryOf } from '../vendors/night-vendor.ts';
import { BEFORE_MS, NightLab } from './night-lab.ts';

interface Options {
  readonly version?: PostgresVersion;
}

/** Labs that stand where so many nights were published: once before the tests, which take a fork each. */
export function labsAfter(nights: number, options: Options = {}): () => Promise<NightLab> {
  let before: NightLab;
  beforeAll(async () => {
    before = await NightLab.after(nights, options);
  }, BEFORE_MS);
  afterAll(() => before.close());

  return () => forkForTest(before);
}

interface ThirdNight {
  /** A lab after two nights, to which the third one is delivered. */
  lab(): Promise<NightLab>;
  /** Where the third night leads when nothing disturbs it. */
  twin(): NightLab;
  expectLikeTwin(lab: NightLab): Promise<void>;
}

/** The night that tests disturb, and its twin that nothing disturbed. */
export function thirdNight(options: Options = {}): ThirdNight {
  let before: NightLab;
  let twin: NightLab;
  beforeAll(async () => {
    before = await NightLab.after(2, options);
    before.deliver(dateOf(3), deliveryOf(3));
    twin = await before.fork();
    await twin.publish(dateOf(3));
  }, BEFORE_MS);
  afterAll(() => Promise.all([before.close(), twin.close()]));

  return {
    lab: () => forkForTest(before),
    twin: () => twin,
    async expectLikeTwin(lab) {
      await lab.checkInvariants(deliveryOf(3));
      expect(await lab.fingerprints()).toEqual(await twin.fingerprints());
    },
  };
}

async function forkForTest(before: NightLab): Promise<NightLab> {
  const lab = await before.fork();
  onTestFinished(() => lab.close());
  return lab;
}

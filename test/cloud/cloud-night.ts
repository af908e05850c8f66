import { expect } from 'vitest';
import { parseRunName } from '../../lib/core/run/keys.ts';
import { runMessage } from '../../lib/core/run/message.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { CloudLab } from '../support/aws/cloud-lab.ts';
import { thirdNight } from '../support/nights/labs-after.ts';
import type { NightLab } from '../support/nights/night-lab.ts';
import { dateOf } from '../support/vendors/night-vendor.ts';

export const DAY = dateOf(3);
export const RUN = `shop/${DAY}`;
export const FIRST = 'arn:aws:states:eu-west-1:000000000000:execution:night:first';
export const SECOND = FIRST.replace('first', 'second');
export const event = { run: RUN, execution: FIRST };

interface CloudNight {
  /** A stage after two nights, to which the third one is delivered. */
  deployed(feedText?: string): Promise<CloudLab>;
  /** The same before it is deployed. */
  fork(): Promise<NightLab>;
  /** Where the laptop's night leads. */
  twin(): NightLab;
}

export function cloudNight(): CloudNight {
  const third = thirdNight();
  return {
    async deployed(feedText) {
      const cloud = new CloudLab(await third.lab(), feedText);
      await cloud.deploy();
      return cloud;
    },
    fork: third.lab,
    twin: third.twin,
  };
}

export async function claimed(cloud: CloudLab, ...steps: readonly ('arrive' | 'pull')[]): Promise<void> {
  const wanted = ['claim', ...steps];
  const ended = await cloud
    .execute(FIRST, { date: DAY }, async (step, work) => {
      if (!wanted.includes(step) && step !== 'outcome') throw new Error('far enough');
      return work();
    })
    .catch(() => null);
  expect(ended).toBeNull();
}

export async function approve(cloud: CloudLab): Promise<void> {
  const run = parseRunName(RUN)!;
  await cloud.process(async ({ ledger }) => {
    const changeSet = (await ledger.find(run))!.changeSet!;
    const message = runMessage({ run, state: 'rejected', changeSet, tables: {} });
    await ledger.decide(
      run,
      { changeSet, verdict: 'approved', guards: null, by: 'ada', reason: 'the vendor confirmed it' },
      message,
    );
  });
}

/** A process that is killed when it has worked, before it can say so. */
export function dying(ports: Ports): Ports {
  return { ...ports, ledger: { ...ports.ledger, recordOutcome: () => Promise.reject(new Error('killed')) } };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ExecutionInput } from '../../../lib/core/cloud/events.ts';
import { stepNames } from '../../../lib/core/workflow/workflows.ts';
import type { CloudLab } from '../../support/aws/cloud-lab.ts';
import { deliveryOf, empty, mostMissing } from '../../support/vendors/night-vendor.ts';
import type { Definition } from '../asl.ts';
import { DAY, execute, FIRST, nightInMemory, SECOND } from './in-memory-night.ts';

const FOLDER = new URL('../../upgrade/definitions/', import.meta.url);
const deployed = nightInMemory();

/** Whether it tells claim which outcomes it knows. Those of the first versions do not. */
const tells = (machine: Definition) => JSON.stringify(machine).includes('"knows":');

// An execution keeps the definition with which it began, and calls the functions and containers that are deployed then.
describe.each(readdirSync(FOLDER))(
  'the state machine of an earlier version (%s), with the processes of this one',
  (file) => {
    const machine = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Definition;
    const executed = (cloud: CloudLab, execution = FIRST) =>
      execute(cloud, execution, { date: DAY }, (_name, work) => work(), machine);

    test.each([
      ['Published', (cloud: CloudLab) => cloud.lab.deliver(DAY, deliveryOf(3)), stepNames],
      ['Held', (cloud: CloudLab) => cloud.lab.deliver(DAY, mostMissing(deliveryOf(3))), stepNames.slice(0, 5)],
      ['Late', (cloud: CloudLab) => cloud.lab.remove(DAY), stepNames.slice(0, 2)],
      [
        'Refused',
        (cloud: CloudLab) => empty(join(cloud.lab.folder, 'vendor', DAY, 'stock.csv')),
        stepNames.slice(0, 3),
      ],
    ])('comes to %s', async (state, prepare, trace) => {
      const cloud = await deployed();
      prepare(cloud);

      expect(await executed(cloud)).toMatchObject({ state, trace });
      expect(await cloud.lab.states()).toMatchObject({ [DAY]: state.toLowerCase() });
      await cloud.lab.checkInvariants(deliveryOf(state === 'Published' ? 3 : 2));
    });

    test('says of a date that is over that nothing changed', async () => {
      const cloud = await deployed();
      await executed(cloud);

      expect(await executed(cloud, SECOND)).toMatchObject({ state: 'Unchanged', trace: ['claim', 'look', 'claim'] });
    });

    test('never gets the answer of a holiday, for which it has no branch', async () => {
      const cloud = await deployed(`schedule: {at: "02:00", timezone: UTC, holidays: [${DAY}]}\n`);
      const before = await cloud.lab.states();
      const ended = await execute(
        cloud,
        FIRST,
        { scheduledTime: `${DAY}T02:00:00Z` },
        (_name, work) => work(),
        machine,
      );

      expect(ended).toMatchObject({ state: 'Failed', trace: ['claim'], error: { name: 'EXECUTION_DIED' } });
      expect(await cloud.lab.states()).toEqual(before);
    });

    test('never gets another answer for which it has no branch', async () => {
      const cloud = await deployed();
      const during: unknown[] = [];
      const beside = (input: ExecutionInput) => execute(cloud, SECOND, input, (_name, work) => work(), machine);

      await execute(cloud, FIRST, { date: DAY }, async (name, work) => {
        const done = await work();
        if (name !== 'guard') return done;
        during.push(await beside({ scheduledTime: `${DAY}T02:00:00Z` }));
        if (!tells(machine)) during.push(await beside({ errand: 'audit' }));
        return done;
      });

      expect(during).toMatchObject(
        tells(machine)
          ? [{ state: 'Running', trace: ['claim'], error: null }]
          : [
              { state: 'Busy', trace: ['claim'], error: { name: 'BUSY' } },
              { state: 'Failed', trace: ['claim'], error: { name: 'EXECUTION_DIED' } },
            ],
      );
      expect(await cloud.lab.states()).toMatchObject({ [DAY]: 'published' });
    });
  },
);

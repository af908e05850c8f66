import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planOf } from '../../lib/cloud/execution.ts';
import { answerOf } from '../../lib/cloud/operator-job.ts';
import { contentHash } from '../../lib/core/feed/reading-spec.ts';
import { objectText, readObject } from '../../lib/core/objects/object-kind.ts';
import { keys } from '../../lib/core/run/keys.ts';
import { type NightResult, planResult } from '../../lib/core/run/night-result.ts';
import type { Store } from '../../lib/ports/store.ts';
import { answered } from '../../lib/steps/run/result.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';

let folder: string;
let store: Store;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'answers-'));
  store = folderStore(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const report = { name: 'LATE', message: 'too late', hint: 'wait' };
const spread = { nights: 28, median: 0.1, spread: 0.01, lowest: 0.05, highest: 0.15 };
const held: NightResult = {
  ...answered({ feed: 'shop', date: '2026-11-20', revision: 1 }, 'held'),
  tables: {
    items: {
      ...{ rows: 5, inserted: 1, updated: 1, returned: 0, gone: 1, retained: 1, unchanged: 3, rejected: 0 },
      ...{ filtered: 0, suspended: 0, engine: 'lockstep', files: { picked: ['a'], left_out: [] } },
    },
  },
  holds: [
    {
      ...{ table: 'items', guard: 'MASS_DELETE', value: 0.4, limit: 0.15, unit: 'share', basis: 'learned' },
      ...{ usual: { ...spread, weekday: spread }, option: 'gone', people: 2, files: ['a'], keys: ['1'] },
    } as const,
  ],
  warnings: [{ table: null, guard: 'RESENT', column: 'c', rule: 'r', value: 1, limit: 0, unit: 'count', footer: true }],
  steps: { diff: 1.5 },
};

/** What is read of a plan that left this text. */
async function planned(text: string) {
  count += 1;
  const execution = `arn:aws:states:eu-west-1:1:execution:shop:${count}`;
  await store.create(keys.plan('shop', contentHash(execution).slice(0, 16)), text);
  return planOf('shop', execution, { store });
}

/** The same of an operator job. */
async function answer(text: string) {
  count += 1;
  const name = `00000000-0000-0000-0000-${String(count).padStart(12, '0')}`;
  await store.create(keys.answer('shop', name), text);
  return answerOf('shop', `arn:aws:states:eu-west-1:1:execution:shop:${name}`, { store });
}

test.each([held, answered(null, 'unchanged'), answered(null, 'late', report)])('a plan: $state', async (result) => {
  expect(await planned(JSON.stringify(result))).toEqual(result);
  expect(readObject(planResult, objectText(planResult, result), 'plan')).toEqual(result);
});

test.each([{ result: { rows: [{ code: 'FORMAT', raw: 'x' }], more: true } }, { error: report }])(
  'an answer: %j',
  async (given) => {
    expect(await answer(JSON.stringify(given))).toEqual(given);
    expect(await answer(JSON.stringify({ version: 1, ...given }))).toEqual(given);
  },
);

test('one that is newer or malformed is named', async () => {
  await expect(planned(JSON.stringify({ version: 2 }))).rejects.toMatchObject({ name: 'OBJECT_NEWER' });
  await expect(planned(JSON.stringify({ ...held, state: 'asleep' }))).rejects.toMatchObject({
    name: 'OBJECT_MALFORMED',
    message: expect.stringMatching(/result of a plan: state: expected .* received "asleep"$/),
  });
  await expect(answer(JSON.stringify({ version: 2 }))).rejects.toMatchObject({ name: 'OBJECT_NEWER' });
  await expect(answer(JSON.stringify({ result: 7 }))).rejects.toMatchObject({
    name: 'OBJECT_MALFORMED',
    message: expect.stringContaining('expected a result or an error'),
  });
});

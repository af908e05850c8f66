import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operate } from '../../lib/cloud/operator.ts';
import { answerOf, runOperatorJob } from '../../lib/cloud/operator-job.ts';
import type { OperatorJobAsked } from '../../lib/core/cloud/events.ts';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';

const MACHINE = 'arn:aws:states:eu-west-1:000000000000:execution:nightfeed-prod-shop-night';
const print = { rows: 2, hi: '1', lo: '2' };
const row = { table: 'products', expected: print, found: print };
const nobodyAsked = (container: string) => ({
  name: 'USAGE',
  message: expect.stringContaining(`started to ${container}, and nobody asked`),
});

let folder: string;
let ports: Ports;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'operator-jobs-'));
  ports = portsOf(async (feed) => (feed === 'shop' ? [row] : []));
});
afterAll(() => rm(folder, { recursive: true }));

const portsOf = (audit: (feed: string) => Promise<unknown>) =>
  ({
    store: folderStore(folder),
    ledger: { exists: async () => true, lake: async () => null, applied: async () => null, find: async () => null },
    target: { audit },
  }) as unknown as Ports;

async function askedFor(command: 'audit' | 'show-quarantine'): Promise<string> {
  const question =
    command === 'audit' ? ({ command } as const) : ({ command, run: 'shop/2026-11-20', limit: 1 } as const);
  const { errand } = (await operate(question, { feed: 'shop', whoAsks: async () => 'ada' }, ports)) as OperatorJobAsked;
  return errand;
}
const eventOf = (name: string) => ({ run: 'shop/2026-11-20', execution: `${MACHINE}:${name}` });
const take = (container: 'show' | 'release', name: string, given = ports) =>
  runOperatorJob(container, eventOf(name), 'feeds/shop/0123456789abcdef.json', given);

test('an audit is answered by the container that only reads, for the execution of its own name', async () => {
  const name = await askedFor('audit');
  expect(await answerOf('shop', eventOf(name).execution, ports)).toBeNull();

  await take('show', name);

  expect(await answerOf('shop', eventOf(name).execution, ports)).toMatchObject({
    result: { feed: 'shop', tables: [{ ...row, agrees: true }], fit: { other: null, lost: [], ahead: [] } },
  });
  expect(await answerOf('shop', eventOf(await askedFor('audit')).execution, ports)).toBeNull();
});

test('rows of the quarantine are answered with their places, or the reason why there is none', async () => {
  const record = { code: 'FORMAT', file: 't.csv', object: 'landing/shop/2026-11-20/1/t/part-00000.csv.zst', offset: 0 };
  await ports.store.create('changes/rejects.parquet', 'read by the engine below');
  const given = {
    ...ports,
    ledger: {
      exists: async () => true,
      find: async () => ({
        run: { feed: 'shop', date: '2026-11-20', revision: 1 },
        state: 'published',
        feedHash: 'none',
      }),
      quarantined: async () => [{ table: 't', object: 'changes/rejects.parquet' }],
    },
    engine: { rejects: () => Readable.from([record, { ...record, offset: 10 }]) },
  } as unknown as Ports;
  const answered = async (more: { places?: boolean }) => {
    const question = { command: 'show-quarantine', run: 'shop/2026-11-20', limit: 1, ...more } as const;
    const { errand } = (await operate(
      question,
      { feed: 'shop', whoAsks: async () => 'ada' },
      ports,
    )) as OperatorJobAsked;
    await take('show', errand, given);
    return answerOf('shop', eventOf(errand).execution, ports);
  };
  const shown = (unplaced: unknown) => ({
    result: { rows: [{ ...record, table: 't', place: null, unplaced }], more: true },
  });
  expect(await answered({})).toEqual(shown(expect.stringContaining('the feed document is not in the lake')));
  expect(await answered({ places: false })).toEqual(shown('it was not asked for'));
});

test('what fails is answered under its name', async () => {
  const name = await askedFor('audit');

  await take(
    'show',
    name,
    portsOf(async () => {
      throw new NightfeedError('TARGET_MISSING', 'the table is not there');
    }),
  );

  expect(await answerOf('shop', eventOf(name).execution, ports)).toMatchObject({ error: { name: 'TARGET_MISSING' } });
});

test('a container does no job of another one, and none that nobody asked for', async () => {
  for (const command of ['audit', 'show-quarantine'] as const)
    await expect(take('release', await askedFor(command))).rejects.toMatchObject(nobodyAsked('release'));
  await expect(take('show', randomUUID())).rejects.toMatchObject(nobodyAsked('show'));
  await expect(take('show', '../shop/secret')).rejects.toMatchObject(nobodyAsked('show'));
});

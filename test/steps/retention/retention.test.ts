import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keys, runName } from '../../../lib/core/run/keys.ts';
import { removeAged } from '../../../lib/steps/retention/remove-aged.ts';
import { removedByKeep } from '../../../lib/steps/retention/removed-by-keep.ts';
import { folderStore } from '../../../lib/stores/folder/folder.ts';
import { runLog } from '../../../lib/workflows/run-log.ts';
import { RetentionLab, rows } from './retention-lab.ts';

const nextNight = async (lab: RetentionLab, days: number, content: string) => {
  lab.later(days);
  lab.content = content;
  const found = await lab.night();
  expect(found).toMatchObject({ state: 'published' });
  return found.run!;
};
const of = (keys: readonly string[], date: string) => keys.filter((key) => key.split('/')[2] === date);

test('what is older than its limit goes after a night, zone by zone, and the run says so', async () => {
  const lab = new RetentionLab({ landing: '30d', changes: '100d' });
  const first = lab.date;
  await nextNight(lab, 0, rows(10));
  await nextNight(lab, 1, rows(11));
  await nextNight(lab, 1, rows(12));
  expect(of(await lab.keysIn('landing'), first)).not.toEqual([]);

  await nextNight(lab, 40, rows(13));
  expect(of(await lab.keysIn('landing'), first)).toEqual([]);
  expect(of(await lab.keysIn('changes'), first)).not.toEqual([]);
  expect(lab.said.join('\n')).toContain('keep: landing, objects: 2, ');
  const key = `landing/shop/${first}/a1/items/part-00000.csv.zst`;
  const error = await removedByKeep(key, lab.ports);
  expect(error).toMatchObject({ name: 'REMOVED_BY_KEEP' });
  expect(error!.message).toContain(
    `was removed on ${lab.date}: the feed file keeps landing of shop/${first} for 30 days`,
  );

  await nextNight(lab, 70, rows(14));
  expect(of(await lab.keysIn('changes'), first)).toEqual([]);
  expect(of(await lab.keysIn('snapshots'), first)).toEqual([]);
  expect(of(await lab.keysIn('receipts'), first).map((of) => of.split('/')[3])).toEqual(
    expect.arrayContaining(['arrive', 'removed', 'samples']),
  );
});

test('the log of an old night goes, and who asks for it hears when and why', async () => {
  const lab = new RetentionLab({ logs: '30d' });
  const first = lab.date;
  const run = await nextNight(lab, 0, rows(10));
  await lab.inner.create(keys.log(run, '1'), '');
  await nextNight(lab, 1, rows(11));
  await nextNight(lab, 1, rows(12));
  expect(await runLog(runName(run), {}, lab.ports)).toMatchObject({ lines: [] });

  await nextNight(lab, 40, rows(13));
  expect(of(await lab.keysIn('logs'), first)).toEqual([]);
  await expect(runLog(runName(run), {}, lab.ports)).rejects.toMatchObject({
    name: 'REMOVED_BY_KEEP',
    message: expect.stringContaining(`the feed file keeps logs of shop/${first} for 30 days`),
  });
  expect(of(await lab.keysIn('landing'), first)).not.toEqual([]);
});

test('without keep nothing goes', async () => {
  const lab = new RetentionLab({ current: '1d' });
  const first = lab.date;
  await nextNight(lab, 0, rows(10));
  await nextNight(lab, 1, rows(11));
  const before = of(await lab.keysIn('landing'), first);
  await nextNight(lab, 4000, rows(12));
  expect(of(await lab.keysIn('landing'), first)).toEqual(before);
});

test('receipts go last, and what says that objects were removed stays', async () => {
  const lab = new RetentionLab({ landing: '1d', changes: '1d', receipts: '2d' });
  const first = lab.date;
  await nextNight(lab, 0, rows(10));
  await nextNight(lab, 1, rows(11));
  await nextNight(lab, 1, rows(12));
  await nextNight(lab, 9, rows(13));
  const left = of(await lab.keysIn('receipts'), first);
  expect(left.map((key) => key.split('/').slice(3).join('/')).sort()).toEqual([
    'removed/changes.json',
    'removed/landing.json',
    'removed/receipts.json',
    'removed/snapshots.json',
  ]);
});

test('an object store in a folder keeps to the limits too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lake-'));
  try {
    const lab = new RetentionLab({ landing: '1d', changes: '1d', receipts: '2d' }, folderStore(folder));
    lab.later(1);
    const first = lab.date;
    await nextNight(lab, 0, rows(9));
    for (let count = 10; count < 13; count += 1) await nextNight(lab, 1, rows(count));
    await nextNight(lab, 9, rows(13));
    expect(of(await lab.keysIn('landing'), first)).toEqual([]);
    expect(await lab.broken()).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('earlier deliveries in current/ stay as long as the feed file says, and the two newest always', async () => {
  const lab = new RetentionLab({ current: '10d' });
  for (let count = 10; count < 14; count += 1) await nextNight(lab, 1, rows(count));
  const folders = async () =>
    new Set((await lab.keysIn('current')).filter((key) => key.includes('/items/')).map((key) => key.split('/')[3]));
  expect((await folders()).size).toBe(4);
  await nextNight(lab, 20, rows(14));
  expect((await folders()).size).toBe(2);
});

const everything = { landing: '1d', raw: '1d', changes: '1d', receipts: '1d' };

test('what production holds stays, be it years old: the next night compares with it', async () => {
  const lab = new RetentionLab(everything);
  const first = lab.date;
  await nextNight(lab, 0, rows(10));
  const { snapshot } = (await lab.ledger.applied('shop'))!.tables.items!;
  lab.later(1000);
  await lab.night();
  expect(await lab.inner.readText(snapshot)).not.toBeNull();
  expect(of(await lab.keysIn('landing'), first)).not.toEqual([]);
  expect(await lab.broken()).toEqual([]);
  lab.content = rows(11);
  lab.later(1);
  expect(await lab.night()).toMatchObject({ state: 'published', tables: { items: { inserted: 1, gone: 0 } } });
  expect(lab.said.join('\n')).not.toContain('read back');
});

test('the delivery before the one that production holds stays, because a plan at work may have begun with it', async () => {
  const lab = new RetentionLab(everything);
  await nextNight(lab, 0, rows(10));
  const { snapshot } = (await lab.ledger.applied('shop'))!.tables.items!;
  await nextNight(lab, 1000, rows(11));
  expect(await lab.missingFrom((await lab.inner.readText(snapshot))!)).toEqual([]);
  await nextNight(lab, 1000, rows(12));
  expect(await lab.inner.readText(snapshot)).toBeNull();
});

test('a held run keeps all that it has, until somebody decides', async () => {
  const lab = new RetentionLab(everything);
  await nextNight(lab, 0, rows(100));
  lab.later(1);
  lab.content = rows(10);
  const held = await lab.night();
  expect(held.state).toBe('held');
  const had = (await lab.inner.list('')).filter(({ key }) => key.includes(`/${held.run!.date}/`));
  lab.later(500);
  await removeAged({ feed: 'shop', by: held.run! }, lab.feed.keep!, lab.ports);
  await lab.decide(held.run!, 'approved');
  expect(await lab.broken()).toEqual([]);
  for (const { key } of had) expect(await lab.inner.readText(key), key).not.toBeNull();
  expect(await lab.night(held.run!)).toMatchObject({ state: 'published', tables: { items: { gone: 90 } } });
});

test('a failed run keeps what it pulled, so that the same command does not pull it again', async () => {
  const lab = new RetentionLab(everything);
  await nextNight(lab, 0, rows(100));
  await nextNight(lab, 1, rows(101));
  lab.later(1);
  lab.content = rows(102);
  const publish = lab.target.publish.bind(lab.target);
  lab.target.publish = () => Promise.reject(new Error('the disk is full'));
  const failed = await lab.night();
  expect(failed.state).toBe('failed');
  lab.target.publish = publish;
  const receipts = await lab.inner.list(`receipts/shop/${failed.run!.date}/pull/`);
  expect(receipts).toHaveLength(1);
  lab.later(300);
  await removeAged({ feed: 'shop', by: failed.run! }, lab.feed.keep!, lab.ports);
  expect(await lab.inner.list(`receipts/shop/${failed.run!.date}/pull/`)).toEqual(receipts);
  expect(await lab.broken()).toEqual([]);
});

test('rows that can still be released keep their records, their report and what every night since says', async () => {
  const lab = new RetentionLab(everything);
  await nextNight(lab, 0, rows(10));
  lab.rejects = 2;
  const night = await nextNight(lab, 1, rows(11));
  await nextNight(lab, 1, rows(12));
  await nextNight(lab, 100, rows(13));
  await nextNight(lab, 100, rows(14));
  const stays = [...(await lab.keysIn('landing')), ...(await lab.keysIn('changes'))].filter((key) =>
    key.includes(`/${night.date}/`),
  );
  expect(stays.map((key) => key.split('/').at(-1))).toEqual(
    expect.arrayContaining(['part-00000.csv.zst', 'rejects.parquet']),
  );
  for (const { run, changeSet } of await lab.ledger.publishedSince(night))
    expect(await lab.inner.readText(`receipts/shop/${run.date}/diff/${changeSet}.json`), run.date).not.toBeNull();

  // A delivery without rejects says of every row what is right.
  lab.rejects = 0;
  await nextNight(lab, 100, rows(15));
  await nextNight(lab, 100, rows(16));
  expect(of(await lab.keysIn('landing'), night.date)).toEqual([]);
});

test('rows that waited longer than keep.quarantine keep nothing', async () => {
  const lab = new RetentionLab({ ...everything, quarantine: '90d' });
  await nextNight(lab, 0, rows(10));
  lab.rejects = 2;
  const night = await nextNight(lab, 1, rows(11));
  await nextNight(lab, 50, rows(12));
  await nextNight(lab, 1, rows(13));
  expect(of(await lab.keysIn('landing'), night.date)).not.toEqual([]);
  await nextNight(lab, 50, rows(14));
  expect(of(await lab.keysIn('landing'), night.date)).toEqual([]);
});

test('a message that waits is told later, whatever went meanwhile', async () => {
  const lab = new RetentionLab(everything);
  lab.notifier.refuses = true;
  await nextNight(lab, 0, rows(10));
  await nextNight(lab, 100, rows(11));
  await nextNight(lab, 100, rows(12));
  lab.notifier.refuses = false;
  await nextNight(lab, 100, rows(13));
  expect(lab.notifier.received).toHaveLength(4);
});

test('a plan of a date that was never run keeps its objects while it may count', async () => {
  const lab = new RetentionLab(everything);
  await nextNight(lab, 0, rows(10));
  await nextNight(lab, 1, rows(11));
  lab.later(1);
  lab.content = rows(12);
  const planned = lab.date;
  await lab.plan();
  const had = of(await lab.keysIn('landing'), planned);
  expect(had).not.toEqual([]);
  lab.later(100);
  await removeAged({ feed: 'shop', by: { feed: 'shop', date: lab.date, revision: 1 } }, lab.feed.keep!, lab.ports);
  expect(of(await lab.keysIn('landing'), planned)).toEqual(had);
  // Once production holds a newer delivery, nobody can run the date any more.
  await nextNight(lab, 0, rows(13));
  expect(of(await lab.keysIn('landing'), planned)).toEqual([]);
});

test('a night removes about 10,000 objects at most, the oldest first, and the next one goes on', async () => {
  const lab = new RetentionLab({ current: '1d' });
  const dates: string[] = [];
  for (const count of [10, 11, 12, 13, 14]) {
    const { date } = await nextNight(lab, 0, rows(count));
    dates.push(date);
    for (let index = 0; index < (count < 13 ? 6000 : 0); index += 1)
      await lab.inner.create(`landing/shop/${date}/a0-lost/items/${index}`, 'left');
    lab.later(1);
  }
  lab.keep = { landing: '20d', changes: '20d' };
  lab.later(40);
  const left = async () => {
    const keys = await lab.keysIn('landing');
    return dates.map((date) => of(keys, date).length > 0);
  };
  await nextNight(lab, 0, rows(15));
  expect(await left()).toEqual([false, false, true, true, true]);
  expect(lab.said.join('\n')).toContain('the next night goes on');
  await nextNight(lab, 1, rows(16));
  expect((await left())[2]).toBe(false);
});

test('killed before and after every removal, nothing that counts names a missing object, and the same command finishes', async () => {
  const prepared = async () => {
    const lab = new RetentionLab({ landing: '1d', changes: '1d', receipts: '3d' });
    for (let count = 10; count < 14; count += 1) await nextNight(lab, 1, rows(count));
    lab.later(10);
    lab.content = rows(20);
    return lab;
  };
  const undisturbed = await prepared();
  await undisturbed.night();
  const names = (keys: readonly string[]) =>
    keys.map((key) => key.replace(/\/a\d+-[0-9a-f]+\//, '/A/').replace(/diff\/[0-9a-f]+/, 'diff/H')).sort();
  const wanted = names((await undisturbed.inner.list('')).map(({ key }) => key));
  let removals = 0;
  for (let killed = 1; ; killed += 1) {
    const lab = await prepared();
    removals = 0;
    lab.onRemove = (key) => {
      removals += 1;
      if (removals === killed) throw new Error(`killed before ${key} went`);
    };
    expect((await lab.night()).state).toBe('published');
    if (removals < killed) break;
    expect(lab.said.join('\n')).toContain('killed before');
    expect([...(await lab.broken()), ...(await lab.dangling())], `killed at removal ${killed}`).toEqual([]);
    lab.onRemove = () => {};
    expect((await lab.night()).state).toBe('unchanged');
    expect(names((await lab.inner.list('')).map(({ key }) => key)), `killed at removal ${killed}`).toEqual(wanted);
  }
  expect(removals).toBeGreaterThan(10);
});
